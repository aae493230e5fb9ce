//! What is refused, what the bank refuses, and how it goes on from there.

use super::*;
use crate::app::{Road, on_both_roads};
use crate::bank::Mood;
use crate::payments::charges;

#[test]
fn what_is_wrong_is_refused_before_anything_happens() {
    on_both_roads(|app| {
        let order = order(app, &[]);
        let refused = |more: &[(&str, &str)], code: &str| {
            let mut form = vec![("payment_intent", order.as_str())];
            form.extend_from_slice(more);
            app.post(PATH, &form).refused(400, code)
        };
        let small = refused(&[("amount", "1120")], "amount_too_small");
        assert_eq!(small["param"], "amount");
        assert_eq!(small["payment_intent"]["id"], order.as_str());
        refused(&[("amount", "100000000")], "amount_too_large");
        refused(&[("amount", "-1")], "");
        refused(&[], "parameter_missing");
        let lines = ("line_items[0][unit_amount]", "1099");
        refused(&[("amount", "1099"), lines], "parameters_exclusive");
        refused(&[("amount", "1099"), ("tax", "10")], "parameters_exclusive");
        let alone = refused(&[("shipping_cost", "500")], "parameter_missing");
        assert_eq!(alone["param"], "line_items");
        let negative = refused(&[("line_items[0][unit_amount]", "-5")], "");
        assert_eq!(negative["param"], "line_items");
        let huge = ("line_items[0][unit_amount]", "9223372036854775807");
        refused(&[huge, ("line_items[0][quantity]", "9")], "amount_too_large");
        let currency = refused(&[("amount", "1549"), ("currency", "eur")], "");
        assert_eq!(currency["param"], "currency");
        let none = app.post(PATH, &[("payment_intent", "pi_nothing"), ("amount", "5")]);
        none.refused(400, "resource_missing");
        app.get(&format!("{PATH}/adj_nothing")).refused(404, "resource_missing");
        assert_eq!(app.got(PATH)["data"].to_string(), "[]");
        assert_eq!(charges(app).len(), 2);
        // The currency may be said.
        let form = [("payment_intent", order.as_str()), ("amount", "1099"), ("currency", "USD")];
        assert_eq!(went(&app.made(PATH, &form)), "succeeded none");
    });
}

#[test]
fn given_up_and_ended_holds_can_not_be_adjusted() {
    on_both_roads(|app| {
        let gone = order(app, &[("capture_method", "manual")]);
        app.made(&format!("/v1/payment_intents/{gone}/cancel"), &[]);
        adjust(app, &gone, "1500").refused(400, "payment_intent_unexpected_state");
        let ended = order(app, &[("capture_method", "manual")]);
        app.advance(604_801);
        crate::app::until("the hold ends", || payment(app, &ended)["status"] == "canceled");
        let error = adjust(app, &ended, "1500").refused(400, "payment_intent_unexpected_state");
        assert_eq!(error["payment_intent"]["cancellation_reason"], "expired");
    });
}

#[test]
fn a_card_that_is_gone_or_was_never_saved() {
    on_both_roads(|app| {
        let paid = order(app, &[]);
        let card = payment(app, &paid)["payment_method"].as_str().expect("a method").to_owned();
        app.made(&format!("/v1/payment_methods/{card}/detach"), &[]);
        adjust(app, &paid, "1549").refused(400, "");
        let look = [("payment_intent", paid.as_str()), ("amount", "1549")];
        let seen = app.made(&format!("{PATH}/preview"), &look);
        assert_eq!(
            (&seen["road"], &seen["could_refuse"][0]["certain"]),
            (&"charge".into(), &true.into(),)
        );
        let guest = id(&pay(app, &[("payment_method", "pm_card_visa")]).expect(200));
        adjust(app, &guest, "1549").refused(400, "");
        let list = app.got(PATH);
        assert_eq!(list["data"].to_string(), "[]");
        assert_eq!(charges(app).len(), 3);
    });
}

#[test]
fn an_expired_card_is_declined_without_asking_and_another_one_completes_it() {
    on_both_roads(|app| {
        let order = order(app, &[]);
        app.advance(20 * 365 * 86_400);
        let look = [("payment_intent", order.as_str()), ("amount", "1549")];
        let seen = app.made(&format!("{PATH}/preview"), &look);
        assert_eq!(seen["could_refuse"][0]["code"], "expired_card");
        let it = adjusted(app, &order, "1549", "declined charge");
        assert_eq!(it["last_payment_error"]["code"], "expired_card");
        assert_eq!(totals(&it), [0, 1099, 0, 450]);
        assert_eq!(payment(app, &order)["status"], "succeeded");
        let confirm = format!("/v1/payment_intents/{}/confirm", made(&it));
        app.made(&confirm, &[("payment_method", "pm_card_mastercard")]);
        let after = app.got(&format!("{PATH}/{}", id(&it)));
        assert_eq!(went(&after), "succeeded charge");
        assert_eq!(totals(&after), [0, 1549, 0, 0]);
        assert_eq!(after["last_payment_error"], Value::Null);
    });
}

#[test]
fn a_mandate_holds_the_difference_to_its_limit() {
    on_both_roads(|app| {
        let customer = app.customer();
        let options = "payment_method_options[card][mandate_options]";
        let named = |name: &str| format!("{options}[{name}]");
        let names = ["amount", "amount_type", "interval", "reference", "start_date"].map(named);
        let values = ["400", "maximum", "sporadic", "order", "1700000000"];
        let mut form = vec![
            ("customer", customer.as_str()),
            ("payment_method", "pm_card_visa"),
            ("setup_future_usage", "off_session"),
        ];
        form.extend(names.iter().map(String::as_str).zip(values));
        let order = id(&pay(app, &form).expect(200));
        adjust(app, &order, "1549").refused(400, "payment_intent_mandate_invalid");
        let look = [("payment_intent", order.as_str()), ("amount", "1549")];
        let seen = app.made(&format!("{PATH}/preview"), &look);
        assert_eq!(seen["could_refuse"][0]["code"], "payment_intent_mandate_invalid");
        assert_eq!(app.got(PATH)["data"].to_string(), "[]");
        adjusted(app, &order, "1400", "succeeded charge");
    });
}

/// A European account's card that was saved on session: its bank wants the customer.
fn wants_the_customer(app: &TestApp) -> String {
    app.made("/onfile/v1/test/account", &[("country", "FR")]);
    let customer = app.customer();
    let form = [
        ("amount", "10000"),
        ("currency", "eur"),
        ("confirm", "true"),
        ("customer", customer.as_str()),
        ("payment_method", "pm_card_fr"),
        ("setup_future_usage", "on_session"),
    ];
    let asked = app.made("/v1/payment_intents", &form);
    let page = crate::challenges::page_of(&asked);
    crate::challenges::answer(app, &page, &[("answer", "completed")]);
    let paid = id(&asked);
    assert_eq!(payment(app, &paid)["status"], "succeeded");
    paid
}

#[test]
fn the_customer_completes_what_the_bank_wants_them_for() {
    on_both_roads(|app| {
        let order = wants_the_customer(app);
        let it = adjusted(app, &order, "15000", "requires_customer charge");
        assert_eq!(it["last_payment_error"]["code"], "authentication_required");
        assert_eq!(totals(&it), [0, 10_000, 0, 5_000]);
        let made = made(&it);
        let confirm = format!("/v1/payment_intents/{made}/confirm");
        let asked = app.made(
            &confirm,
            &[
                (
                    "payment_method",
                    payment(app, &order)["payment_method"].as_str().expect("a card"),
                ),
                ("setup_future_usage", "off_session"),
            ],
        );
        let seen = app.got(&format!("{PATH}/{}", id(&it)));
        assert_eq!(went(&seen), "requires_customer charge");
        assert_eq!(seen["last_payment_error"], Value::Null);
        let page = crate::challenges::page_of(&asked);
        crate::challenges::answer(app, &page, &[("answer", "completed")]);
        let after = app.got(&format!("{PATH}/{}", id(&it)));
        assert_eq!(went(&after), "succeeded charge");
        assert_eq!(totals(&after), [0, 15_000, 0, 0]);
        assert_eq!(payment(app, &order)["amount_received"], 10_000);
        // The agreement is stronger now: the next difference passes.
        adjusted(app, &order, "16000", "succeeded charge");
    });
}

#[test]
fn a_later_total_takes_the_place_of_one_that_waits() {
    on_both_roads(|app| {
        let order = wants_the_customer(app);
        let waits = adjusted(app, &order, "15000", "requires_customer charge");
        let next = adjusted(app, &order, "13000", "requires_customer charge");
        assert_eq!(next["previous_amount"], 10_000);
        assert_eq!(totals(&next), [0, 10_000, 0, 3_000]);
        let first = payment(app, &made(&waits));
        assert_eq!(first["status"], "canceled");
        let confirm = format!("/v1/payment_intents/{}/confirm", made(&waits));
        app.post(&confirm, &[]).refused(400, "payment_intent_unexpected_state");
        assert_eq!(next["chain"]["adjustments"][0]["status"], "declined");
        let back = adjusted(app, &order, "10000", "succeeded none");
        assert_eq!(totals(&back), [0, 10_000, 0, 0]);
        assert_eq!(payment(app, &made(&next))["status"], "canceled");
    });
}

#[test]
fn a_bank_at_the_other_end_declines_the_difference() {
    let app = TestApp::start(Road::Remote);
    let order = order(&app, &[]);
    app.bank.set(Mood::Declines);
    let it = adjusted(&app, &order, "1549", "declined charge");
    assert_eq!(it["last_payment_error"]["code"], "card_declined");
    assert_eq!(totals(&it), [0, 1099, 0, 450]);
    app.bank.set(Mood::Answers);
    let confirm = format!("/v1/payment_intents/{}/confirm", made(&it));
    app.made(&confirm, &[("payment_method", "pm_card_mastercard")]);
    assert_eq!(went(&app.got(&format!("{PATH}/{}", id(&it)))), "succeeded charge");
}
