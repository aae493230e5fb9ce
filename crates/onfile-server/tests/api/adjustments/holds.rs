//! Holds that are lowered, raised, taken in parts, and what the bank says to it.

use onfile_store::Options;

use super::*;
use crate::app::{Road, on_both_roads, until};
use crate::badness::dies_during;
use crate::bank::Mood;

const RAISABLE: (&str, &str) =
    ("payment_method_options[card][request_incremental_authorization]", "if_available");
const IN_PARTS: (&str, &str) =
    ("payment_method_options[card][request_multicapture]", "if_available");
const MANUAL: (&str, &str) = ("capture_method", "manual");

/// `amount` and `amount_capturable` of a payment.
fn held(app: &TestApp, id: &str) -> [i64; 2] {
    let shown = payment(app, id);
    ["amount", "amount_capturable"].map(|name| shown[name].as_i64().unwrap_or(-1))
}

#[test]
fn less_lowers_the_hold_and_a_plain_capture_takes_it() {
    on_both_roads(|app| {
        let order = order(app, &[MANUAL]);
        let before = newest_event(app);
        let it = adjusted(app, &order, "700", "succeeded reverse");
        assert_eq!(totals(&it), [700, 0, 0, 0]);
        assert_eq!(held(app, &order), [1099, 700]);
        let charge = payment(app, &order)["latest_charge"].as_str().expect("a charge").to_owned();
        assert_eq!(app.got(&format!("/v1/charges/{charge}"))["amount"], 1099);
        assert_eq!(
            told_since(app, &before),
            ["payment_intent.amount_capturable_updated", "charge.updated"]
        );
        until("the network was told", || app.owed() == 0);
        adjusted(app, &order, "650", "succeeded reverse");
        let taken = app.made(&format!("/v1/payment_intents/{order}/capture"), &[]);
        assert_eq!(taken["amount_received"], 650);
        adjusted(app, &order, "600", "succeeded refund");
    });
}

#[test]
fn holds_are_lowered_from_the_newest() {
    on_both_roads(|app| {
        let order = order(app, &[MANUAL]);
        let second = made(&adjusted(app, &order, "1600", "succeeded authorize"));
        adjusted(app, &order, "1400", "succeeded reverse");
        assert_eq!((held(app, &order), held(app, &second)), ([1099, 1099], [501, 301]));
        let it = adjusted(app, &order, "900", "succeeded reverse");
        assert_eq!(held(app, &order), [1099, 900]);
        assert_eq!(payment(app, &second)["status"], "canceled");
        assert_eq!(totals(&it), [900, 0, 0, 0]);
    });
}

#[test]
fn more_raises_the_hold_where_card_and_network_allow_it() {
    on_both_roads(|app| {
        let order = order(app, &[MANUAL, RAISABLE]);
        let before = newest_event(app);
        // A raised hold is one hold: the difference may be of any size.
        let it = adjusted(app, &order, "1100", "succeeded increment");
        assert_eq!(totals(&it), [1100, 0, 0, 0]);
        assert_eq!(it["payment_intents"].to_string(), "[]");
        assert_eq!(held(app, &order), [1100, 1100]);
        assert_eq!(
            told_since(app, &before),
            ["payment_intent.amount_capturable_updated", "charge.updated"]
        );
        adjusted(app, &order, "800", "succeeded reverse");
        adjusted(app, &order, "2000", "succeeded increment");
        assert_eq!(held(app, &order), [2000, 2000]);
        // Five times the first amount, and no more: then a second hold.
        let second = adjusted(app, &order, "5500", "succeeded authorize");
        assert_eq!(totals(&second), [5500, 0, 0, 0]);
        assert_eq!(held(app, &made(&second)), [3500, 3500]);
    });
}

#[test]
fn a_hold_that_was_taken_in_part() {
    on_both_roads(|app| {
        let order = order(app, &[MANUAL, IN_PARTS]);
        let form = [("amount_to_capture", "600"), ("final_capture", "false")];
        app.made(&format!("/v1/payment_intents/{order}/capture"), &form);
        let it = adjusted(app, &order, "900", "succeeded reverse");
        assert_eq!(totals(&it), [300, 600, 0, 0]);
        let it = adjusted(app, &order, "500", "succeeded refund");
        assert_eq!(totals(&it), [0, 600, 100, 0]);
        assert_eq!(payment(app, &order)["status"], "succeeded");
        let it = adjusted(app, &order, "0", "succeeded refund");
        assert_eq!(totals(&it), [0, 600, 600, 0]);
    });
}

#[test]
fn a_bank_that_will_not_raise_leaves_the_difference_to_another_card() {
    let app = TestApp::start(Road::Remote);
    let order = order(&app, &[MANUAL, RAISABLE]);
    app.bank.set(Mood::Declines);
    // Too little for a payment of its own: there is nothing to confirm.
    let small = adjusted(&app, &order, "1110", "declined increment");
    assert_eq!(small["payment_intents"].to_string(), "[]");
    assert_eq!(small["last_payment_error"]["code"], "card_declined");
    let it = adjusted(&app, &order, "1549", "declined increment");
    assert_eq!(it["last_payment_error"]["code"], "card_declined");
    assert_eq!(totals(&it), [1099, 0, 0, 450]);
    assert_eq!(held(&app, &order), [1099, 1099]);
    app.bank.set(Mood::Answers);
    let second = made(&it);
    assert_eq!(payment(&app, &second)["status"], "requires_payment_method");
    let confirm = format!("/v1/payment_intents/{second}/confirm");
    app.made(&confirm, &[("payment_method", "pm_card_mastercard")]);
    let after = app.got(&format!("{PATH}/{}", id(&it)));
    assert_eq!(went(&after), "succeeded increment");
    assert_eq!(totals(&after), [1549, 0, 0, 0]);
}

#[test]
fn while_a_raise_is_on_the_wire_the_order_is_locked() {
    let app = TestApp::start(Road::Remote);
    let order = order(&app, &[MANUAL, RAISABLE]);
    let before = app.bank.authorized();
    app.bank.set(Mood::Slow);
    std::thread::scope(|scope| {
        let form = [("payment_intent", order.as_str()), ("amount", "1549")];
        let call = app.call("POST", PATH).form(&form);
        let first = scope.spawn(move || call.send());
        until("it is on the wire", || app.bank.authorized() > before);
        adjust(&app, &order, "700").refused(429, "lock_timeout");
        let capture = format!("/v1/payment_intents/{order}/capture");
        app.post(&capture, &[]).refused(429, "lock_timeout");
        let list = app.got(&format!("{PATH}?payment_intent={order}"));
        assert_eq!(went(&list["data"][0]), "processing increment");
        app.bank.set(Mood::Answers);
        let first = first.join().expect("it is answered").expect(200);
        assert_eq!(went(&first), "succeeded increment");
    });
    assert_eq!(held(&app, &order), [1549, 1549]);
}

#[test]
fn death_while_a_hold_is_raised() {
    for name in [Some("dies"), None] {
        let mut app = TestApp::kept(Road::Remote, Options::default());
        let order = order(&app, &[MANUAL, RAISABLE]);
        let spent = app.bank.spent();
        let form = [("payment_intent", order.as_str()), ("amount", "1549")];
        let call = app.call("POST", PATH).form(&form);
        let call = match name {
            Some(name) => call.named(name),
            None => call,
        };
        dies_during(&mut app, call);
        app.rise();
        if let Some(name) = name {
            let told = app.call("POST", PATH).form(&form).named(name).send();
            assert_eq!(told.header("idempotent-replayed"), Some("true"));
            assert_eq!(went(&told.expect(200)), "declined increment");
        }
        let list = app.got(&format!("{PATH}?payment_intent={order}"));
        let it = &list["data"][0];
        assert_eq!(went(it), "declined increment");
        assert_eq!(it["last_payment_error"]["code"], "processing_error");
        assert_eq!(totals(it), [1099, 0, 0, 450]);
        until("the reversal is heard", || app.open_attempts() == 0);
        assert_eq!(app.bank.spent(), spent);
        adjusted(&app, &order, "1549", "succeeded increment");
        assert_eq!(held(&app, &order), [1549, 1549]);
        assert_eq!(payment(&app, &made(it))["status"], "canceled");
    }
}

#[test]
fn silence_while_a_hold_is_raised() {
    let app = TestApp::start(Road::Remote);
    let order = order(&app, &[MANUAL, RAISABLE]);
    let spent = app.bank.spent();
    app.bank.set(Mood::Silent);
    let it = adjusted(&app, &order, "1549", "declined increment");
    assert_eq!(it["last_payment_error"]["code"], "processing_error");
    app.bank.set(Mood::Answers);
    until("the reversal is heard", || app.open_attempts() == 0);
    assert_eq!((app.bank.spent(), held(&app, &order)), (spent, [1099, 1099]));
}
