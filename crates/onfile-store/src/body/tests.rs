//! Every body is read back as it was written, whatever stands in it. The members of each type are
//! named once, in the macros: what isn't written there can't be made here either.

use std::collections::BTreeMap;
use std::fmt::Debug;

use onfile_domain::adjustment::Adjustment;
use onfile_domain::agreement::Agreement;
use onfile_domain::attempt::{AgreementUse, Attempt, Authentication};
use onfile_domain::balance::Statement;
use onfile_domain::balance_transaction::BalanceTransaction;
use onfile_domain::bank::{Credential, IssuedValue, ProfileOverride};
use onfile_domain::charge::Charge;
use onfile_domain::country::Country;
use onfile_domain::customer::Customer;
use onfile_domain::delivery::{State, Try};
use onfile_domain::gateway::PastDecline;
use onfile_domain::money::{CURRENCIES, Currency, Money};
use onfile_domain::network::Followup;
use onfile_domain::object::{Kind, Object};
use onfile_domain::payment_intent::PaymentIntent;
use onfile_domain::payment_method::PaymentMethod;
use onfile_domain::refund::Refund;
use onfile_domain::setup_intent::{SetupAttempt, SetupIntent};
use onfile_domain::test_clock::TestClock;
use onfile_domain::time::WorldTime;
use onfile_domain::webhook_endpoint::{SecretSeed, WebhookEndpoint, WebhookUrl};
use proptest::prelude::*;

use super::{Part, decode, decode_object, encode, encode_object};

/// Repeatable chance.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, count: usize) -> usize {
        (self.roll() % count as u64) as usize
    }

    pub(super) fn tail(&mut self) -> [u8; 16] {
        std::array::from_fn(|_| b"0123456789ABCDEFabcdef"[self.below(22)])
    }
}

/// Something made by chance.
pub(crate) trait Made {
    fn made(dice: &mut Dice) -> Self;
}

/// Something that goes by a code.
pub(super) trait Coded {
    fn coded(dice: &mut Dice) -> Self;
}

impl Coded for Currency {
    fn coded(dice: &mut Dice) -> Currency {
        let known: Vec<Currency> =
            CURRENCIES.split(", ").filter_map(|code| code.parse().ok()).collect();
        known[dice.below(known.len())]
    }
}

impl Coded for Country {
    fn coded(dice: &mut Dice) -> Country {
        ["US", "FR", "GB", "JP"][dice.below(4)].parse().unwrap()
    }
}

impl Made for String {
    fn made(dice: &mut Dice) -> String {
        const CHARS: [char; 12] =
            ['a', 'Z', '0', ' ', '"', '\\', '\n', '\0', '\u{1f}', '\u{7f}', 'é', '🦀'];
        (0..dice.below(9)).map(|_| CHARS[dice.below(CHARS.len())]).collect()
    }
}

impl Made for i64 {
    fn made(dice: &mut Dice) -> i64 {
        [0, -1, 1_099, i64::MIN, i64::MAX, dice.roll() as i64][dice.below(6)]
    }
}

impl Made for u8 {
    fn made(dice: &mut Dice) -> u8 {
        dice.roll() as u8
    }
}

impl Made for u16 {
    fn made(dice: &mut Dice) -> u16 {
        dice.roll() as u16
    }
}

impl Made for SecretSeed {
    fn made(dice: &mut Dice) -> SecretSeed {
        SecretSeed(Made::made(dice))
    }
}

impl Made for WebhookUrl {
    fn made(dice: &mut Dice) -> WebhookUrl {
        let known = ["https://example.com/hook?a=b", "http://127.0.0.1:3000", "http://[::1]/x#y"];
        known[dice.below(known.len())].parse().unwrap()
    }
}

impl Made for bool {
    fn made(dice: &mut Dice) -> bool {
        dice.below(2) == 1
    }
}

impl Made for WorldTime {
    fn made(dice: &mut Dice) -> WorldTime {
        WorldTime(Made::made(dice))
    }
}

impl Made for Money {
    fn made(dice: &mut Dice) -> Money {
        Money::new(Made::made(dice), Made::made(dice))
    }
}

impl<T: Made> Made for Option<T> {
    fn made(dice: &mut Dice) -> Option<T> {
        (dice.below(2) == 1).then(|| T::made(dice))
    }
}

impl<T: Made> Made for Box<T> {
    fn made(dice: &mut Dice) -> Box<T> {
        Box::new(T::made(dice))
    }
}

impl<T: Made> Made for Vec<T> {
    fn made(dice: &mut Dice) -> Vec<T> {
        (0..dice.below(4)).map(|_| T::made(dice)).collect()
    }
}

impl<A: Made, B: Made> Made for (A, B) {
    fn made(dice: &mut Dice) -> (A, B) {
        (A::made(dice), B::made(dice))
    }
}

impl Made for BTreeMap<String, String> {
    fn made(dice: &mut Dice) -> BTreeMap<String, String> {
        (0..dice.below(4)).map(|_| Made::made(dice)).collect()
    }
}

/// Not kept as it is: the event's object may be of any kind.
impl Made for Object {
    fn made(dice: &mut Dice) -> Object {
        let ways: [fn(&mut Dice) -> Object; 17] = [
            |dice| Customer::made(dice).into(),
            |dice| PaymentMethod::made(dice).into(),
            |dice| PaymentIntent::made(dice).into(),
            |dice| SetupIntent::made(dice).into(),
            |dice| SetupAttempt::made(dice).into(),
            |dice| Charge::made(dice).into(),
            |dice| BalanceTransaction::made(dice).into(),
            |dice| Agreement::made(dice).into(),
            |dice| AgreementUse::made(dice).into(),
            |dice| Attempt::made(dice).into(),
            |dice| Authentication::made(dice).into(),
            |dice| PastDecline::made(dice).into(),
            |dice| TestClock::made(dice).into(),
            |dice| Adjustment::made(dice).into(),
            |dice| Refund::made(dice).into(),
            |dice| WebhookEndpoint::made(dice).into(),
            |dice| Statement::made(dice).into(),
        ];
        ways[dice.below(ways.len())](dice)
    }
}

fn comes_back<T: Part + Made + PartialEq + Debug>(dice: &mut Dice) {
    let it = T::made(dice);
    let body = encode(&it);
    assert_eq!(decode::<T>(&body), Ok(it), "{body}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_body_is_read_as_it_was_written(seed: u64) {
        let dice = &mut Dice(seed);
        for _ in 0..12 {
            let object = Object::made(dice);
            let body = encode_object(&object);
            prop_assert_eq!(decode_object(object.kind(), &body), Ok(object));
        }
        comes_back::<ProfileOverride>(dice);
        comes_back::<Credential>(dice);
        comes_back::<IssuedValue>(dice);
        comes_back::<Followup>(dice);
        comes_back::<Object>(dice);
        comes_back::<Try>(dice);
        comes_back::<State>(dice);
    }

    /// A body that was cut or changed is refused or read as something; it never panics.
    #[test]
    fn a_broken_body_is_no_panic(seed: u64, cut: prop::sample::Index, byte: u8) {
        let dice = &mut Dice(seed);
        let object = Object::made(dice);
        let body = encode_object(&object);
        let at = cut.index(body.len());
        if body.is_char_boundary(at) {
            prop_assert!(decode_object(object.kind(), &body[..at]).is_err());
        }
        let mut bytes = body.into_bytes();
        bytes[at] = byte;
        if let Ok(text) = String::from_utf8(bytes) {
            let _ = decode_object(object.kind(), &text);
        }
    }
}

#[test]
fn a_body_holds_only_what_is_true() {
    let body = encode(&ProfileOverride { balance: Some(5), ..ProfileOverride::default() });
    assert_eq!(body, r#"{"v":1,"balance":5}"#);
}

/// Neither a shape nor a member of a later release is guessed at.
#[test]
fn what_is_not_known_is_a_fault() {
    for (body, fault) in [
        (r#"{"v":2}"#, "v: shape 2 is not known here"),
        (r#"{"v":1,"new":1}"#, "new: \"new\" is not known here"),
        (r#"{"v":1,"sca_policy":"x"}"#, "sca_policy: \"x\" is not known here"),
        (r#"{"v":1,"balance":1.5}"#, "'}' is missing at byte 18"),
        (r#"{"v":1} {}"#, "the end is missing at byte 8"),
        ("", "'{' is missing at byte 0"),
    ] {
        let wrong = decode::<ProfileOverride>(body).map_err(|wrong| wrong.0);
        assert_eq!(wrong, Err(fault.to_owned()), "{body}");
    }
    let missing = decode_object(Kind::AgreementUse, r#"{"v":1}"#).map_err(|wrong| wrong.0);
    assert_eq!(missing, Err("id is missing".to_owned()));
}
