//! What the world's clock brings by itself.

use std::time::Duration;

use serde_json::Value;

use crate::app::{id, on_both_roads, until};
use crate::payments::{charges, pay};

fn types(events: &Value) -> Vec<String> {
    let events = events["data"].as_array().expect("a list").iter();
    events.map(|event| event["type"].as_str().expect("a type").to_owned()).collect()
}

#[test]
fn a_balance_transaction_comes_to_light_a_second_later() {
    on_both_roads(|app| {
        let paid = pay(app, &[("payment_method", "pm_card_visa")]).expect(200);
        let charge = paid["latest_charge"].as_str().expect("a charge").to_owned();
        let shown = || app.got(&format!("/v1/charges/{charge}"))["balance_transaction"].clone();
        assert_eq!(shown(), Value::Null);
        let updated = || {
            let events = app.got("/v1/events?type=charge.updated");
            types(&events).len()
        };
        assert_eq!(updated(), 0);
        app.advance(1);
        until("it is shown", || shown().is_string());
        until("it is told", || updated() == 1);
        let movement = shown().as_str().expect("an id").to_owned();
        let movement = app.got(&format!("/v1/balance_transactions/{movement}"));
        assert_eq!(movement["source"], charge.as_str());
        assert_eq!(movement["amount"], 1099);
        app.advance(100);
        std::thread::sleep(Duration::from_millis(100));
        assert_eq!(updated(), 1);
    });
}

#[test]
fn a_hold_ends_after_seven_days() {
    on_both_roads(|app| {
        let held = pay(app, &[("payment_method", "pm_card_visa"), ("capture_method", "manual")])
            .expect(200);
        let path = format!("/v1/payment_intents/{}", id(&held));
        app.advance(604_799);
        std::thread::sleep(Duration::from_millis(150));
        assert_eq!(app.got(&path)["status"], "requires_capture");
        app.advance(1);
        until("the hold ends", || app.got(&path)["status"] == "canceled");
        let gone = app.got(&path);
        assert_eq!(gone["cancellation_reason"], "expired");
        app.post(&format!("{path}/capture"), &[]).refused(400, "payment_intent_unexpected_state");
        let charges = charges(app);
        assert_eq!(charges.len(), 1);
        assert_eq!(charges[0]["captured"], false);
        assert_eq!(charges[0]["refunded"], false);
        until("the network was told", || app.owed() == 0);
        assert_eq!(app.bank.spent(), 0);
    });
}
