//! Saving a card and charging it later, on both roads.

use serde_json::Value;

use crate::app::Road;
use crate::app::{TestApp, id, on_both_roads, until};
use crate::bank::Mood;

/// A confirmed payment on session.
pub fn pay<'a>(app: &TestApp, more: &[(&'a str, &'a str)]) -> crate::client::Answer {
    let mut form = vec![("amount", "1099"), ("currency", "usd"), ("confirm", "true")];
    form.extend_from_slice(more);
    app.post("/v1/payment_intents", &form)
}

/// A charge with nobody there.
pub fn charge_later(app: &TestApp, customer: &str, card: &str) -> crate::client::Answer {
    let form = [("customer", customer), ("payment_method", card), ("off_session", "true")];
    pay(app, &form)
}

/// A card saved while paying.
#[track_caller]
pub fn saved(app: &TestApp, name: &str) -> (String, String) {
    let customer = app.customer();
    let paid = pay(
        app,
        &[("customer", &customer), ("payment_method", name), ("setup_future_usage", "off_session")],
    );
    let paid = paid.expect(200);
    assert_eq!(paid["status"], "succeeded", "{paid}");
    (customer, paid["payment_method"].as_str().expect("a method").to_owned())
}

pub fn charges(app: &TestApp) -> Vec<Value> {
    app.got("/v1/charges?limit=100")["data"].as_array().expect("a list").clone()
}

#[test]
fn a_card_is_saved_and_charged_later() {
    on_both_roads(|app| {
        let (customer, card) = saved(app, "pm_card_visa");
        let later = charge_later(app, &customer, &card).expect(200);
        assert_eq!(later["status"], "succeeded");
        assert_eq!(later["amount_received"], 1099);
        assert_eq!(charges(app).len(), 2);
        let methods = app.got(&format!("/v1/customers/{customer}/payment_methods"));
        assert_eq!(methods["data"][0]["id"], card.as_str());
        if app.road() == Road::Remote {
            assert_eq!(app.bank.authorized(), 2);
        }
    });
}

#[test]
fn what_a_bank_declines_is_kept_as_a_failed_charge() {
    on_both_roads(|app| {
        let error = pay(app, &[("payment_method", "pm_card_visa_chargeDeclined")])
            .refused(402, "card_declined");
        assert_eq!(error["decline_code"], "generic_decline");
        let intent = &error["payment_intent"];
        assert_eq!(intent["status"], "requires_payment_method");
        let charges = charges(app);
        assert_eq!(charges.len(), 1);
        assert_eq!(charges[0]["status"], "failed");
        assert_eq!(charges[0]["id"], error["charge"]);
        // The same intent with a card that pays.
        let path = format!("/v1/payment_intents/{}/confirm", id(intent));
        let paid = app.made(&path, &[("payment_method", "pm_card_visa")]);
        assert_eq!(paid["status"], "succeeded");
    });
}

#[test]
fn a_bank_at_the_other_end_declines() {
    let app = TestApp::start(Road::Remote);
    app.bank.set(Mood::Declines);
    let error = pay(&app, &[("payment_method", "pm_card_visa")]).refused(402, "card_declined");
    assert_eq!(error["payment_intent"]["status"], "requires_payment_method");
    assert_eq!(app.bank.spent(), 0);
}

#[test]
fn a_hold_is_taken_in_part_and_the_rest_is_let_go() {
    on_both_roads(|app| {
        let held = pay(app, &[("payment_method", "pm_card_visa"), ("capture_method", "manual")])
            .expect(200);
        assert_eq!(held["status"], "requires_capture");
        assert_eq!(held["amount_capturable"], 1099);
        let path = format!("/v1/payment_intents/{}/capture", id(&held));
        let taken = app.made(&path, &[("amount_to_capture", "500")]);
        assert_eq!(taken["status"], "succeeded");
        assert_eq!(taken["amount_received"], 500);
        app.post(&path, &[]).refused(400, "payment_intent_unexpected_state");
        until("the network was told", || app.owed() == 0);
    });
}

#[test]
fn a_hold_that_is_canceled_is_let_go() {
    on_both_roads(|app| {
        let held = pay(app, &[("payment_method", "pm_card_visa"), ("capture_method", "manual")])
            .expect(200);
        let gone = app.made(&format!("/v1/payment_intents/{}/cancel", id(&held)), &[]);
        assert_eq!(gone["status"], "canceled");
        until("the network was told", || app.owed() == 0);
        assert_eq!(app.bank.spent(), 0);
    });
}

#[test]
fn a_set_up_is_charged_later() {
    on_both_roads(|app| {
        let customer = app.customer();
        let form = [
            ("customer", customer.as_str()),
            ("payment_method", "pm_card_visa"),
            ("confirm", "true"),
        ];
        let set_up = app.made("/v1/setup_intents", &form);
        assert_eq!(set_up["status"], "succeeded");
        let card = set_up["payment_method"].as_str().expect("a method").to_owned();
        let later = charge_later(app, &customer, &card).expect(200);
        assert_eq!(later["status"], "succeeded");
    });
}
