//! Orders whose total changes, on both roads to the issuers.

mod any_order;
mod holds;
mod refusals;
mod roads;
mod serial;

use serde_json::Value;

use crate::app::{TestApp, id};
use crate::client::Answer;
use crate::payments::{pay, saved};

const PATH: &str = "/onfile/v1/adjustments";

/// Asks for a new total.
fn adjust(app: &TestApp, payment: &str, amount: &str) -> Answer {
    app.post(PATH, &[("payment_intent", payment), ("amount", amount)])
}

/// An adjustment that is planned, with its status and road.
#[track_caller]
fn adjusted(app: &TestApp, payment: &str, amount: &str, expected: &str) -> Value {
    let it = adjust(app, payment, amount).expect(200);
    assert_eq!(went(&it), expected, "{it}");
    assert_eq!(it["object"], "adjustment");
    assert_eq!(it["amount"].to_string(), amount);
    // What one retrieves is what was answered.
    assert_eq!(app.got(&format!("{PATH}/{}", id(&it))), it);
    it
}

/// `succeeded charge`.
fn went(it: &Value) -> String {
    let word = |name: &str| it[name].as_str().unwrap_or("?").to_owned();
    format!("{} {}", word("status"), word("road"))
}

/// `authorized captured refunded owed`.
fn totals(it: &Value) -> [i64; 4] {
    ["amount_authorized", "amount_captured", "amount_refunded", "amount_owed"]
        .map(|name| it[name].as_i64().unwrap_or(-1))
}

/// The payment that an adjustment made.
#[track_caller]
fn made(it: &Value) -> String {
    it["payment_intents"][0].as_str().unwrap_or_else(|| panic!("nothing made: {it}")).to_owned()
}

fn payment(app: &TestApp, id: &str) -> Value {
    app.got(&format!("/v1/payment_intents/{id}"))
}

/// An order of 10.99 that was paid with a card which may be charged later.
#[track_caller]
fn order(app: &TestApp, more: &[(&str, &str)]) -> String {
    let (customer, card) = saved(app, "pm_card_visa");
    let mut form = vec![("customer", customer.as_str()), ("payment_method", card.as_str())];
    form.extend_from_slice(more);
    id(&pay(app, &form).expect(200))
}

/// The types of what happened since an event, oldest first.
fn told_since(app: &TestApp, before: &str) -> Vec<String> {
    let events = app.got(&format!("/v1/events?limit=100&ending_before={before}"));
    let events = events["data"].as_array().expect("a list").iter().rev();
    events.map(|event| event["type"].as_str().expect("a type").to_owned()).collect()
}

fn newest_event(app: &TestApp) -> String {
    id(&app.got("/v1/events?limit=1")["data"][0])
}
