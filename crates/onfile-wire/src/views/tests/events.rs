//! Events, and what they say was before.

use onfile_domain::balance::{Balance, Statement};
use onfile_domain::event::EventType;
use onfile_domain::id::{EventId, StatementId};
use onfile_domain::money::{Currency, Money};
use onfile_domain::object::Object;

use super::super::event::Event;
use super::*;

fn event(event_type: EventType, object: impl Into<Object>, previous: Option<Object>) -> Value {
    let object = object.into();
    let event = Event {
        id: EventId::new(8, *b"abcdefghijklmnop"),
        created: NOW,
        event_type,
        object: &object,
        previous: previous.as_ref(),
        version: DAHLIA.parse().unwrap(),
        request: Some("req_00000000000000"),
        idempotency_key: None,
        pending_webhooks: 1,
    };
    // The version of the call that reads an event does not matter.
    shown(&event, "2022-08-01")
}

#[test]
fn events() {
    let created = event(EventType::PaymentIntentCreated, fresh(), None);
    assert_eq!(created["api_version"], DAHLIA);
    assert_eq!(created["data"], json!({"object": recorded_intent()}));
    assert_eq!(created["request"], json!({"id": "req_00000000000000", "idempotency_key": null}));

    let mut before = method();
    before.standing = Standing::Attached(customer().id);
    let detached = event(EventType::PaymentMethodDetached, method(), Some(before.into()));
    let previous = json!({"customer": customer().id.to_string()});
    assert_eq!(detached["data"]["previous_attributes"], previous);

    let mut after = method();
    after.billing_details.address.city = Some("Oslo".to_owned());
    after.metadata.insert("k\"".to_owned(), "v".to_owned());
    let updated = event(EventType::PaymentMethodUpdated, after, Some(method().into()));
    assert_eq!(
        updated["data"]["previous_attributes"],
        json!({"billing_details": {"address": {"city": null}}, "metadata": {"k\"": null}})
    );

    // A balance has no id, and says of itself what it says to whoever asks for it.
    let usd = |minor| vec![Money::new(minor, Currency::USD)];
    let balance = Balance { available: usd(5), pending: usd(-7) };
    let told = Statement {
        id: StatementId::new(1, *b"abcdefghijklmnop"),
        created: NOW,
        available: usd(5),
        pending: usd(-7),
    };
    let available = event(EventType::BalanceAvailable, told, None);
    assert_eq!(available["data"], json!({"object": shown(&balance, DAHLIA)}));
    assert_eq!(available["type"], "balance.available");

    let mut gone = customer();
    gone.deleted = true;
    let deleted = event(EventType::CustomerDeleted, gone, None);
    assert_eq!(deleted["data"]["object"]["email"], "jenny@example.com");
    assert!(deleted["data"]["object"].get("deleted").is_none());
}
