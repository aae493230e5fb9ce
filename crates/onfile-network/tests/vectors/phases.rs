//! The phase table of `stripe-api.md` 5.6, at an American account: what each authenticating card
//! does when it is set up, charged with its customer there, and charged without: after an attach,
//! after a set-up, and as 3.5 has it after the other ways to save a card.
//!
//! `ok` passes, `ask` waits for a challenge and passes after it, `ask-no` is declined after it,
//! `no` is declined at once; without the customer `want` is `authentication_required` with a
//! failed charge, `kept` the same with nothing sent. `-` is never saved so.

use onfile_domain::agreement::Usage;
use onfile_domain::network::ChallengeAnswer;
use onfile_domain::payment_intent::{CardOptions, RequestThreeDSecure};

use crate::calls::{ONE_OFF, Shop};
use crate::usd;
use crate::world::Plastic;

/// `paid for` is a payment that saves the card for charges with nobody present, `on session` a
/// set-up for charges with the customer there.
const TABLE: &str = "
    number               set up   pay      attached  set up before  paid for  on session
    4000002500003155     ask      ask      want      ok             ok        want
    4000002760003184     ask      ask      want      want           want      want
    4000003800000446     ask      ask      ok        ok             ok        ok
    4000008260003178     ask      ask-no   want      no             -         want
    4000000000003220     ask      ask      kept      ok             ok        kept
    4000000000003063     ask      ask      kept      ok             ok        kept
    4000008400000027     ask      ask      kept      ok             ok        kept
    4000008400001629     ask      ask-no   kept      no             -         kept
    4000008400001280     no       no       kept      -              -         -
    4000000000003055     ok       ok       ok        ok             ok        ok
    4000000000003097     ok       ok       ok        ok             ok        ok
    4242424242424242     ok       ok       ok        ok             ok        ok
    378282246310005      ok       ok       ok        ok             ok        ok
    4000000032200000     ok       ok       kept      kept           kept      kept
    4000582600000094     ask      ask      kept      ok             ok        kept
    4000582600000045     ask      ask      kept      ok             ok        kept
    4000582600000102     ask      ask      kept      ok             ok        kept
    4000582600000110     ask      ask      kept      ok             ok        kept
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

fn row(number: &'static str) -> [String; 6] {
    let shop = || Shop::new("US", Plastic::test(number));
    let options = CardOptions::default;
    let later = |mut shop: Shop, saved: &str| match saved {
        "ok" | "ask" => word(&shop.charge(usd(2_000), ONE_OFF)).to_owned(),
        _ => "-".to_owned(),
    };
    let mut set_up = shop();
    let told = set_up.set_up(options());
    let saved = with_customer(&mut set_up, told);
    let after_set_up = later(set_up, &saved);
    let mut paying = shop();
    let told = paying.pay(usd(2_000), None, options());
    let paid = with_customer(&mut paying, told);
    let mut attached = shop();
    assert_eq!(attached.attach(), "S23", "{number} attaches");
    let after_attach = later(attached, "ok");
    let mut paid_for = shop();
    let told = paid_for.pay(usd(2_000), Some(Usage::OffSession), options());
    let saved_by_payment = with_customer(&mut paid_for, told);
    let after_payment = later(paid_for, &saved_by_payment);
    let mut on_session = shop();
    let told = on_session.set_up_for(Usage::OnSession, options());
    let saved_on_session = with_customer(&mut on_session, told);
    let after_on_session = later(on_session, &saved_on_session);
    [saved, paid, after_attach, after_set_up, after_payment, after_on_session]
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
fn by_telephone_only_a_bank_that_always_asks_wants_its_customer() {
    for (number, expected) in
        [("4000002500003155", "ok"), ("4000003800000446", "ok"), ("4000002760003184", "want")]
    {
        let moto = CardOptions { moto: Some(true), ..CardOptions::default() };
        let told = Shop::new("US", Plastic::test(number)).pay(usd(2_000), None, moto);
        assert_eq!(word(&told), expected, "{number}: {told}");
    }
}

#[test]
fn three_d_secure_is_tried_where_it_is_asked_for() {
    for (number, told) in [
        ("4000000000003055", "I9 Z8 N8 A7: requires_action, no charge"),
        ("4000000000003097", "I9 Z8 N8 A2 F5 S23: succeeded, charge"),
        ("4242424242424242", "I9 Z8 N8 A1 F2 S23: succeeded, charge"),
        ("378282246310005", "I9 Z8 N8 S23: succeeded, charge"),
    ] {
        let any = Some(RequestThreeDSecure::Any);
        let asked = CardOptions { request_three_d_secure: any, ..CardOptions::default() };
        assert_eq!(Shop::new("US", Plastic::test(number)).pay(usd(2_000), None, asked), told);
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
