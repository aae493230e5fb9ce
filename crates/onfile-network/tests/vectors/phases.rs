//! The phase table of `stripe-api.md` 5.6, at an American account: what each authenticating card
//! does when it is attached, set up, charged with its customer there, and charged without.
//!
//! `ok` passes, `ask` waits for a challenge and passes after it, `ask no` is declined after it,
//! `no` is declined at once; without the customer `want` is `authentication_required` with a
//! failed charge, `kept` the same with nothing sent.

use onfile_domain::network::ChallengeAnswer;
use onfile_domain::payment_intent::CardOptions;

use crate::calls::{ONE_OFF, Shop};
use crate::usd;
use crate::world::Plastic;

const TABLE: &str = "
    number               set up   pay      attached  set up before
    4000002500003155     ask      ask      want      ok
    4000002760003184     ask      ask      want      want
    4000003800000446     ask      ask      ok        ok
    4000008260003178     ask      ask-no   want      no
    4000000000003220     ask      ask      kept      ok
    4000000000003063     ask      ask      kept      ok
    4000008400000027     ask      ask      kept      ok
    4000008400001629     ask      ask-no   kept      no
    4000008400001280     no       no       kept      -
    4000000000003055     ok       ok       ok        ok
    4000000000003097     ok       ok       ok        ok
    4242424242424242     ok       ok       ok        ok
    378282246310005      ok       ok       ok        ok
    4000000032200000     ok       ok       kept      kept
    4000582600000094     ask      ask      kept      ok
    4000582600000045     ask      ask      kept      ok
    4000582600000102     ask      ask      kept      ok
    4000582600000110     ask      ask      kept      ok
";

/// One word for a result.
fn word(told: &str) -> &'static str {
    if told.contains(": succeeded") {
        "ok"
    } else if told.contains(" authentication_required, failed charge") {
        "want"
    } else if told.contains(" authentication_required, no charge") {
        "kept"
    } else if told.contains("requires_payment_method") {
        "no"
    } else {
        panic!("{told}")
    }
}

/// The same for a call with the customer there.
fn with_customer(shop: &mut Shop, told: String) -> String {
    if !told.contains(": requires_action") {
        return word(&told).to_owned();
    }
    match word(&shop.answer(ChallengeAnswer::Completed)) {
        "ok" => "ask".to_owned(),
        other => format!("ask-{other}"),
    }
}

fn row(number: &'static str) -> [String; 4] {
    let shop = || Shop::new("US", Plastic::test(number));
    let mut set_up = shop();
    let told = set_up.set_up(CardOptions::default());
    let saved = with_customer(&mut set_up, told);
    let mut paying = shop();
    let told = paying.pay(usd(2_000), None, CardOptions::default());
    let paid = with_customer(&mut paying, told);
    let mut attached = shop();
    assert_eq!(attached.attach(), "S23", "{number} attaches");
    let without = word(&attached.charge(usd(2_000), ONE_OFF)).to_owned();
    let after = match saved.as_str() {
        "no" => "-".to_owned(),
        _ => word(&set_up.charge(usd(2_000), ONE_OFF)).to_owned(),
    };
    [saved, paid, without, after]
}

#[test]
fn authenticating_cards_by_phase() {
    for line in TABLE.trim().lines().skip(1) {
        let (number, told) = line.trim().split_once(' ').unwrap();
        assert_eq!(
            row(number).join(" "),
            told.split_whitespace().collect::<Vec<_>>().join(" "),
            "{number}"
        );
    }
}

#[test]
fn a_challenge_that_is_failed_or_left_makes_no_charge() {
    for answer in [ChallengeAnswer::Failed, ChallengeAnswer::TimedOut] {
        let mut shop = Shop::new("US", Plastic::test("4000002500003155"));
        shop.pay(usd(2_000), None, CardOptions::default());
        let told = "I9 Z4 N17 S14 N4 A6 A14 F4: \
                    requires_payment_method payment_authentication_failed, no charge";
        assert_eq!(shop.answer(answer), told);
    }
}
