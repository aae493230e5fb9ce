//! What is shown, against the recorded objects.

mod accounts;
mod customers;
mod events;
mod intents;
mod money;
mod versions;

use onfile_domain::charge::ChargeResult;
use onfile_domain::payment_intent::State;
use onfile_domain::payment_method::Standing;
use onfile_domain::setup_intent::SetupState;
use serde_json::{Value, json};

use super::samples::*;
use crate::expand;
use crate::json::Layout;
use crate::view::{Frame, Nothing, Show, render};

const DAHLIA: &str = "2026-08-26.dahlia";
const ENDIVE: &str = "2026-10-28.endive";

/// What a view writes, and its keys in their order.
fn shown_in(view: &dyn Show, frame: Frame<'_>) -> Value {
    let write = |layout| render(layout, frame, &expand::NONE, &Nothing, |w, cx| view.show(w, cx)).0;
    let value: Value = serde_json::from_slice(&write(Layout::Compact)).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&write(Layout::Pretty)).unwrap(), value);
    value
}

fn shown(view: &dyn Show, version: &str) -> Value {
    shown_in(view, frame(version))
}

/// Merges what is different into a recorded object.
fn with(mut recorded: Value, different: Value) -> Value {
    let fields = recorded.as_object_mut().unwrap();
    for (name, value) in different.as_object().unwrap() {
        fields.insert(name.clone(), value.clone());
    }
    recorded
}

/// The recorded object of `stripe-api.md` 2.3.
fn recorded_intent() -> Value {
    let id = fresh().id.to_string();
    let first = json!({"id": id, "object": "payment_intent", "allowed_payment_method_types": null,
        "amount": 2000, "amount_capturable": 0, "amount_details": {"tip": {}},
        "amount_received": 0, "application": null, "application_fee_amount": null,
        "automatic_payment_methods": null, "canceled_at": null, "cancellation_reason": null,
        "capture_method": "automatic_async",
        "client_secret": format!("{id}_secret_abcdefghijklmnopqrstuvwxy"),
        "confirmation_method": "automatic", "created": 1785715226, "currency": "usd",
        "customer": null, "customer_account": null, "description": null,
        "excluded_payment_method_types": null, "last_payment_error": null,
        "latest_charge": null, "livemode": false});
    let second = json!({"managed_payments": {"enabled": false},
        "metadata": {}, "next_action": null, "on_behalf_of": null, "payment_method": null,
        "payment_method_configuration_details": null,
        "payment_method_options": {"card": {"installments": null, "mandate_options": null,
            "network": null, "request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"], "payment_record": null, "processing": null,
        "receipt_email": null, "review": null, "setup_future_usage": null,
        "shared_payment_granted_token": null, "shipping": null, "source": null,
        "statement_descriptor": null, "statement_descriptor_suffix": null,
        "status": "requires_payment_method", "transfer_data": null, "transfer_group": null});
    with(first, second)
}

/// The recorded object of `stripe-api.md` 7.2.
fn recorded_method() -> Value {
    json!({"id": method().id.to_string(), "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": {"address": {"city": null, "country": null, "line1": null,
            "line2": null, "postal_code": null, "state": null}, "email": null, "name": null,
            "phone": null, "tax_id": null},
        "card": {"brand": "visa", "checks": {"address_line1_check": null,
            "address_postal_code_check": null, "cvc_check": "pass"}, "country": "US",
            "display_brand": "visa", "exp_month": 12, "exp_year": 2034,
            "fingerprint": "mToisGZ01V71BCos", "funding": "credit", "generated_from": null,
            "last4": "4242", "networks": {"available": ["visa"], "preferred": null},
            "regulated_status": "unregulated", "three_d_secure_usage": {"supported": true},
            "wallet": null},
        "created": 1785715226, "customer": null, "customer_account": null, "livemode": false,
        "metadata": {}, "shared_payment_granted_token": null, "type": "card"})
}
