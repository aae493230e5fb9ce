//! The golden vectors of `card-network.md` 6.10: the rules of the domain, the gateway and the
//! simulated banks together, nothing in between. Extend, never delete.
//!
//! The account is in the card's country unless a vector says otherwise. A result reads
//! `trace (warnings): status code, charge`.

#[path = "vectors/calls.rs"]
mod calls;
#[path = "vectors/declines.rs"]
mod declines;
#[path = "vectors/phases.rs"]
mod phases;
#[path = "vectors/world.rs"]
mod world;

use calls::{ONE_OFF, RECURRING, Shop};
use onfile_domain::agreement::{Agreement, AmountType, Interval, Level, MandateOptions, Usage};
use onfile_domain::bank::{ScaPolicy, StopOrder};
use onfile_domain::card::{Brand, ThreeDs};
use onfile_domain::charge::Charge;
use onfile_domain::money::{Currency, Money};
use onfile_domain::network::{CofMarker, CvcField, EntryMode, MitType, Question};
use onfile_domain::payment_intent::{CardOptions, CredentialUsage};
use onfile_domain::payment_method::{Check, PaymentMethod};
use onfile_domain::refusal::{PaymentRefused, Why};
use onfile_domain::time::WorldTime;
use onfile_network::simulated::profile::{Acs, Profile};
use world::Plastic;

const CHALLENGED: &str = "I6 Z1 N6 A6 A14 F3 S23: succeeded, no charge";

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

/// A German bank's card with the defaults of its country.
fn german(brand: Brand) -> Plastic {
    let mut card = Plastic::test("4000002760000016");
    if brand == Brand::Mastercard {
        card = Plastic::test("5555555555554444");
        card.facts.country = "DE".parse().expect("a country");
        card.facts.three_ds = ThreeDs::Enrolled;
        card.facts.named = false;
        card.profile = Profile::of(card.facts.country, ThreeDs::Enrolled);
    }
    card
}

fn options() -> CardOptions {
    CardOptions::default()
}

/// Saved for charges with nobody present, by a challenge (V1's set-up).
fn saved(brand: Brand, options: CardOptions) -> Shop {
    let mut shop = Shop::new("DE", german(brand));
    assert_eq!(shop.set_up(options), "I6 Z1 N6 A6: requires_action, no charge");
    assert_eq!(shop.pass(), CHALLENGED);
    shop
}

fn level(shop: &Shop) -> Level {
    shop.world.only::<Agreement>().level
}

#[test]
fn v01_a_challenged_set_up_carries_a_charge() {
    let mut shop = saved(Brand::Mastercard, options());
    assert_eq!(level(&shop), Level::Challenged);
    let first = shop.world.only::<Agreement>().initial;
    assert_eq!(shop.charge(eur(2_000), ONE_OFF), "I4 Z1 N3 S23: succeeded, charge");
    let (sent, reply) = shop.world.sent();
    assert_eq!(reply.code, "00");
    assert_eq!(
        (sent.entry_mode, sent.mit),
        (EntryMode::CredentialOnFile, Some(MitType::Unscheduled))
    );
    assert_eq!((sent.series, sent.recurring_indicator), (Some("01"), None));
    assert!(first.is_some() && sent.original == first, "{:?}", sent.original);
    assert_eq!((sent.authentication_value, sent.cvc), (None, CvcField::Absent));

    let mut visa = saved(Brand::Visa, options());
    assert_eq!(visa.charge(eur(2_000), ONE_OFF), "I4 Z1 N3 S23: succeeded, charge");
    let (sent, _) = visa.world.sent();
    assert_eq!((sent.series, sent.original.is_some()), (None, true));
}

/// Saved for charges with the customer present (V2's set-up), then charged without.
fn softly_declined() -> Shop {
    let mut shop = Shop::new("DE", german(Brand::Mastercard));
    let asked = shop.pay(eur(8_000), Some(Usage::OnSession), options());
    assert_eq!(asked, "I7 Z1 N14 A13: requires_action, no charge");
    assert_eq!(shop.pass(), "I7 Z1 N14 A13 A14 F3 S23: succeeded, charge");
    assert_eq!(level(&shop), Level::OnSession);
    let charged = shop.charge(eur(2_000), ONE_OFF);
    let told = "I4 Z1 N3 S11 S14 (mit.no_nti): \
                requires_payment_method authentication_required, failed charge";
    assert_eq!(charged, told);
    shop
}

#[test]
fn v02_saved_on_session_is_softly_declined() {
    let shop = softly_declined();
    let (sent, reply) = shop.world.sent();
    assert_eq!((sent.original, reply.code.as_str()), (None, "65"));

    let mut visa = Shop::new("DE", german(Brand::Visa));
    visa.pay(eur(8_000), Some(Usage::OnSession), options());
    visa.pass();
    visa.charge(eur(2_000), ONE_OFF);
    assert_eq!(visa.world.sent().1.code, "1A");
}

#[test]
fn v04_a_confirm_on_session_recovers() {
    for (usage, told, after) in [
        (None, "I8 Z1 N4 A6", Level::OnSession),
        (Some(Usage::OffSession), "I7 Z1 N4 A6", Level::Challenged),
    ] {
        let mut shop = softly_declined();
        let asked = shop.confirm_again(usage);
        assert_eq!(asked, format!("{told}: requires_action, failed charge"));
        let Some((Question::Authenticate(request), _)) = shop.world.wire.last() else { panic!() };
        assert_eq!(request.indicator.as_str(), "04");
        assert_eq!(shop.pass(), format!("{told} A14 F3 S23: succeeded, charge"));
        assert_eq!(shop.world.sent().1.code, "00");
        assert_eq!(level(&shop), after);
    }
}

#[test]
fn v05_above_the_mandate_is_not_sent() {
    let mandate = MandateOptions {
        amount: 10_000,
        amount_type: AmountType::Maximum,
        description: None,
        end_date: None,
        interval: Interval::Month,
        interval_count: None,
        reference: "reference".to_owned(),
        start_date: WorldTime(0),
        supported_types: None,
    };
    let options = CardOptions { mandate_options: Some(mandate), ..options() };
    let mut shop = saved(Brand::Mastercard, options);
    let asked = shop.world.wire.len();
    assert_eq!(
        shop.charge(eur(500_000), ONE_OFF),
        format!("refused {:?}", Why::Payment(PaymentRefused::MandateInvalid))
    );
    assert_eq!(shop.world.wire.len(), asked, "nothing was sent");
    assert_eq!(shop.charge(eur(10_000), ONE_OFF), "I4 Z1 N3 S23: succeeded, charge");
}

#[test]
fn v06_a_lost_transaction_id_is_softly_declined() {
    let mut shop = saved(Brand::Mastercard, options());
    let agreement = shop.world.only::<Agreement>();
    shop.world.put(Agreement { initial: None, ..agreement });
    let told = "I4 Z1 N3 S11 S14 (mit.no_nti): \
                requires_payment_method authentication_required, failed charge";
    assert_eq!(shop.charge(eur(2_000), ONE_OFF), told);
    assert_eq!(shop.world.sent().1.code, "65");
}

#[test]
fn v07_a_security_code_is_dropped() {
    let mut shop = saved(Brand::Mastercard, options());
    let mut method = shop.world.only::<PaymentMethod>();
    method.card.checks.cvc = Some(Check::Unchecked); // typed again
    shop.world.put(method);
    assert_eq!(shop.charge(eur(2_000), ONE_OFF), "I4 Z1 N3 S23: succeeded, charge");
    assert_eq!(shop.world.sent().0.cvc, CvcField::Absent);
}

#[test]
fn v08_a_declared_type_binds() {
    let usage = Some(CredentialUsage::Recurring);
    let mut shop =
        saved(Brand::Mastercard, CardOptions { setup_credential_usage: usage, ..options() });
    assert_eq!(shop.world.sent().0.cof, Some(CofMarker::StandingOrder));
    let told = "I4 Z1 N3 S16: requires_payment_method authentication_required, failed charge";
    assert_eq!(shop.charge(eur(2_000), ONE_OFF), told);
    assert_eq!(shop.world.sent().1.code, "65");
    assert_eq!(shop.charge(eur(2_000), RECURRING), "I2 Z1 N3 S23: succeeded, charge");

    let mut plain = saved(Brand::Mastercard, options());
    assert_eq!(plain.world.sent().0.cof, Some(CofMarker::General));
    assert_eq!(plain.charge(eur(2_000), RECURRING), "I2 Z1 N3 S23: succeeded, charge");
}

#[test]
fn v08_two_agreements_of_one_visa_number_are_told_apart() {
    // Visa's test ids are the same for every charge of a number; the ledger still knows which
    // agreement a charge rests on.
    let usage = Some(CredentialUsage::Recurring);
    let mut shop = saved(Brand::Visa, CardOptions { setup_credential_usage: usage, ..options() });
    shop.set_up(options());
    assert_eq!(shop.pass(), CHALLENGED);
    let agreements = shop.world.all::<Agreement>();
    let [first, second] = [0, 1].map(|at| agreements[at].initial.as_ref().unwrap());
    assert_eq!(first.value, second.value);
    let told = "I4 Z1 N3 S16: requires_payment_method authentication_required, failed charge";
    assert_eq!(shop.charge_first(eur(2_000), ONE_OFF), told);
    assert_eq!(shop.charge_first(eur(2_000), RECURRING), "I2 Z1 N3 S23: succeeded, charge");
    assert_eq!(shop.charge(eur(2_000), ONE_OFF), "I4 Z1 N3 S23: succeeded, charge");
}

#[test]
fn v12_a_british_card_at_a_european_shop() {
    let mut shop = Shop::new("DE", Plastic::test("4000008260000000"));
    assert_eq!(shop.set_up(options()), "I6 Z3 N6 A6: requires_action, no charge");
    assert_eq!(shop.pass(), "I6 Z3 N6 A6 A14 F3 S23: succeeded, no charge");
    assert_eq!(shop.charge(eur(2_000), ONE_OFF), "I4 Z3 N3 S23: succeeded, charge");
}

#[test]
fn v13_an_american_card_asks_for_nothing() {
    let mut shop = Shop::new("US", Plastic::test("4242424242424242"));
    let paid = shop.pay(usd(2_000), Some(Usage::OffSession), options());
    assert_eq!(paid, "I7 Z8 N17 S23: succeeded, charge");
    assert_eq!(level(&shop), Level::OffSession);
    assert_eq!(shop.charge(usd(2_000), ONE_OFF), "I4 Z8 N3 S23: succeeded, charge");
}

#[test]
fn v14_an_imported_card_is_charged_with_a_warning() {
    let mut shop = Shop::new("US", Plastic::test("4242424242424242"));
    shop.import();
    let charged = shop.charge(usd(2_000), ONE_OFF);
    assert_eq!(charged, "I4 Z8 N3 S11 S23 (mit.no_nti): succeeded, charge");
    assert_eq!(shop.world.sent().1.code, "00");
}

#[test]
fn v21_a_bank_that_always_asks_is_not_asked_without_end() {
    for (brand, most) in [(Brand::Visa, 15), (Brand::Mastercard, 8)] {
        let mut card = german(brand);
        card.profile.sca_policy = Some(ScaPolicy::Always);
        let mut shop = Shop::new("DE", card);
        shop.set_up(options());
        assert_eq!(shop.pass(), CHALLENGED);
        let told = "I4 Z1 N3 S13: \
                    requires_payment_method authentication_required, failed charge";
        for _ in 0..most {
            assert_eq!(shop.charge(eur(2_000), ONE_OFF), told);
        }
        let told = "G2: requires_payment_method card_decline_rate_limit_exceeded, blocked charge";
        assert_eq!(shop.charge(eur(2_000), ONE_OFF), told);
    }
}

#[test]
fn v26_a_stop_order_ends_merchants_charges_only() {
    let mut shop = saved(Brand::Mastercard, options());
    shop.world.bank.stop_order = Some(StopOrder::Agreement);
    let told = "I4 Z1 N3 S5: requires_payment_method \
                card_declined/revocation_of_authorization, failed charge";
    assert_eq!(shop.charge(eur(2_000), ONE_OFF), told);
    let told = "G7: requires_payment_method card_declined/do_not_try_again, blocked charge";
    assert_eq!(shop.charge(eur(2_000), ONE_OFF), told);
    let asked = shop.confirm_again(None);
    assert_eq!(asked, "I8 Z1 N14 A12 F1 S23: succeeded, charge");
}

#[test]
fn v31_an_attempt_is_proof_of_a_small_amount() {
    for brand in [Brand::Visa, Brand::Mastercard] {
        let mut card = german(brand);
        card.profile.acs = Acs::Down;
        let mut shop = Shop::new("DE", card.clone());
        let paid = shop.pay(eur(20_000), None, options());
        assert_eq!(paid, "I9 Z1 N14 A2 F2 S23: succeeded, charge");
        let (sent, reply) = shop.world.sent();
        let attempted = if brand == Brand::Visa { "06" } else { "01" };
        assert_eq!((sent.eci, reply.code.as_str()), (attempted, "00"));

        let mut shop = Shop::new("DE", card);
        let paid = shop.pay(eur(30_000), None, options());
        let told = "I9 Z1 N14 A2 F2 S19 N4 A2 F2 S19 (issuer.anomaly): \
                    requires_payment_method card_declined/generic_decline, failed charge";
        assert_eq!(paid, told);
        assert_eq!(shop.world.all::<Charge>().len(), 1);
    }
}

#[test]
fn v32_3155_is_challenged_on_session() {
    let mut shop = Shop::new("US", Plastic::test("4000002500003155"));
    let asked = shop.pay(usd(2_000), None, options());
    assert_eq!(asked, "I9 Z4 N17 S14 N4 A6: requires_action, no charge");
    assert_eq!(shop.world.all::<Charge>(), []);
    assert_eq!(shop.pass(), "I9 Z4 N17 S14 N4 A6 A14 F3 S23: succeeded, charge");
    let charge = shop.world.only::<Charge>();
    // The issuer saw the code in the message that it declined, and again in this one.
    assert_eq!(charge.card.checks.cvc, Some(Check::Pass));
}

#[test]
fn v33_3155_attached_only_is_softly_declined() {
    let mut shop = Shop::new("US", Plastic::test("4000002500003155"));
    assert_eq!(shop.attach(), "S23");
    assert_eq!(level(&shop), Level::OnSession);
    let told = "I4 Z4 N3 S11 S14 (mit.no_nti): \
                requires_payment_method authentication_required, failed charge";
    assert_eq!(shop.charge(usd(2_000), ONE_OFF), told);
    assert_eq!(shop.world.sent().1.code, "1A");
}

#[test]
fn v34_3184_is_asked_by_telephone_too() {
    let mut shop = Shop::new("DE", Plastic::test("4000002760003184"));
    let moto = CardOptions { moto: Some(true), ..options() };
    let told = "I1 Z1 N2 S13: requires_payment_method authentication_required, failed charge";
    assert_eq!(shop.pay(eur(2_000), None, moto), told);
    assert_eq!(shop.world.sent().1.code, "1A");
}

#[test]
fn v35_a_french_card_in_america_passes_up_to_fifty_euro() {
    let mut shop = Shop::new("US", Plastic::test("4000002500000003"));
    shop.attach();
    let charged = shop.charge(usd(5_500), ONE_OFF);
    assert_eq!(charged, "I4 Z4 N3 S11 S23 (mit.no_nti): succeeded, charge");
    assert_eq!(shop.world.sent().1.code, "00");
    let told = "I4 Z4 N3 S11 S14 (mit.no_nti): \
                requires_payment_method authentication_required, failed charge";
    assert_eq!(shop.charge(usd(5_501), ONE_OFF), told);
    assert_eq!(shop.world.sent().1.code, "1A");
}

#[test]
fn v36_3220_attached_only_is_not_sent() {
    let mut shop = Shop::new("US", Plastic::test("4000000000003220"));
    shop.attach();
    let asked = shop.world.wire.len();
    let told = "I4 Z4 N3: requires_payment_method authentication_required, no charge";
    assert_eq!(shop.charge(usd(2_000), ONE_OFF), told);
    assert_eq!(shop.world.wire.len(), asked, "nothing was sent");
}

#[test]
fn v37_1280_fails_without_a_challenge() {
    let mut shop = Shop::new("US", Plastic::test("4000008400001280"));
    let told = "I9 Z8 N16 A2 F5 S14 N4 A2 F5: \
                requires_payment_method card_declined/generic_decline, failed charge";
    assert_eq!(shop.pay(usd(2_000), None, options()), told);
}

#[test]
fn v38_saved_by_telephone_carries_a_charge() {
    let mut shop = Shop::new("DE", german(Brand::Mastercard));
    let moto = CardOptions { moto: Some(true), ..options() };
    let paid = shop.pay(eur(50_000), Some(Usage::OffSession), moto);
    assert_eq!(paid, "I1 Z1 N2 S23: succeeded, charge");
    assert_eq!(level(&shop), Level::OffSession);
    assert_eq!(shop.charge(eur(50_000), ONE_OFF), "I4 Z1 N3 S23: succeeded, charge");
    assert_eq!(shop.world.sent().1.code, "00");
}

#[test]
fn v38_a_set_up_by_telephone_is_one_too() {
    let mut shop = Shop::new("DE", german(Brand::Mastercard));
    let moto = CardOptions { moto: Some(true), ..options() };
    assert_eq!(shop.set_up(moto), "I1 Z1 N2 S23: succeeded, no charge");
    assert_eq!(level(&shop), Level::OffSession);
    assert_eq!(shop.charge(eur(50_000), ONE_OFF), "I4 Z1 N3 S23: succeeded, charge");
}
