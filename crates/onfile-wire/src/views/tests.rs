use onfile_domain::account::{Account, Mode};
use onfile_domain::balance::{Balance, Settling};
use onfile_domain::charge::ChargeResult;
use onfile_domain::country::Country;
use onfile_domain::event::EventType;
use onfile_domain::failure::{Cause, Failure};
use onfile_domain::id::{BalanceTransactionId, EventId};
use onfile_domain::money::Currency;
use onfile_domain::object::Object;
use onfile_domain::payment_intent::{AllowRedirects, CancelReason, MethodTypes, State};
use onfile_domain::payment_method::Standing;
use onfile_domain::refund::{PendingReason, RefundFailure, RefundState};
use onfile_domain::setup_intent::SetupState;
use onfile_domain::time::WorldTime;
use serde_json::{Value, json};

use super::event::Event;
use super::samples::*;
use crate::expand;
use crate::json::Layout;
use crate::view::{Audience, Frame, Nothing, Show, render};

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

#[test]
fn payment_intents() {
    let method_id = method().id;
    let check = |intent: &dyn Show, different: Value| {
        assert_eq!(shown(intent, DAHLIA), with(recorded_intent(), different));
    };
    check(&fresh(), json!({}));

    let mut paid = intent(State::Succeeded {
        method: method_id,
        charge: charge(captured()).id,
        received: fresh().amount,
    });
    paid.latest_charge = Some(charge(captured()).id);
    check(
        &paid,
        json!({"status": "succeeded", "amount_received": 2000,
            "payment_method": method_id.to_string(),
            "latest_charge": charge(captured()).id.to_string()}),
    );

    let held = intent(State::RequiresCapture {
        method: method_id,
        charge: charge(captured()).id,
        expires_at: NOW,
        capturable: fresh().amount.with_minor(1_500),
        received: fresh().amount.with_minor(500),
    });
    check(
        &held,
        json!({"status": "requires_capture", "amount_capturable": 1500, "amount_received": 500,
            "payment_method": method_id.to_string()}),
    );

    let mut dynamic = fresh();
    dynamic.methods = MethodTypes::Automatic { allow_redirects: AllowRedirects::Always };
    check(
        &dynamic,
        json!({"automatic_payment_methods": {"allow_redirects": "always", "enabled": true},
            "payment_method_configuration_details":
                {"id": "pmc_11234567890abcdefDefault", "parent": null}}),
    );
}

#[test]
fn what_the_customer_is_to_do() {
    let source = action(None).authentication;
    let page = format!(
        "http://127.0.0.1:12111/onfile/3ds/{source}?merchant=acct_1234567890abcdef&secret={}",
        "s".repeat(24)
    );
    for (return_url, expected) in [
        (
            Some("https://example.com/done"),
            json!({"type": "redirect_to_url", "redirect_to_url":
                {"return_url": "https://example.com/done", "url": page}}),
        ),
        (
            None,
            json!({"type": "use_stripe_sdk", "use_stripe_sdk":
                {"type": "three_d_secure_redirect", "source": source.to_string(),
                    "stripe_js": page}}),
        ),
    ] {
        let action = action(return_url);
        let intent = intent(State::RequiresAction { method: method().id, action: action.clone() });
        assert_eq!(shown(&intent, DAHLIA)["next_action"], expected);
        let setup = setup(SetupState::RequiresAction { method: method().id, action });
        assert_eq!(shown(&setup, DAHLIA)["next_action"], expected);
    }
}

#[test]
fn last_errors() {
    let mut declined = fresh();
    declined.last_payment_error = Some(failure());
    let expected = json!({"advice_code": "try_again_later",
        "charge": failed_charge().id.to_string(), "code": "card_declined",
        "decline_code": "insufficient_funds",
        "doc_url": "https://stripe.com/docs/error-codes/card-declined",
        "message": "Your card has insufficient funds.", "network_advice_code": "02",
        "network_decline_code": "51", "payment_method": recorded_method(),
        "payment_method_type": "card", "type": "card_error"});
    assert_eq!(shown(&declined, DAHLIA)["last_payment_error"], expected);

    let mut declined = setup(SetupState::RequiresPaymentMethod);
    declined.last_setup_error = Some(Failure { charge: None, ..failure() });
    let mut expected = expected;
    let fields = expected.as_object_mut().unwrap();
    fields.remove("payment_method_type");
    fields.remove("charge");
    assert_eq!(shown(&declined, DAHLIA)["last_setup_error"], expected);

    let mut alone = fresh();
    let cause = Cause::PaymentAuthenticationFailed;
    alone.last_payment_error = Some(Failure { cause, charge: None, ..failure() });
    assert_eq!(
        shown(&alone, DAHLIA)["last_payment_error"],
        json!({"code": "payment_intent_authentication_failure",
            "doc_url": "https://stripe.com/docs/error-codes/payment-intent-authentication-failure",
            "message": "We are unable to authenticate your payment method. Please choose a \
                        different payment method and try again.",
            "payment_method": recorded_method(), "type": "invalid_request_error"})
    );
}

#[test]
fn browsers_see_less() {
    let frame = Frame { audience: Audience::Publishable, ..frame(DAHLIA) };
    let keys = |view: &dyn Show| {
        let value = shown_in(view, frame);
        let keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        keys.join(" ")
    };
    assert_eq!(
        keys(&fresh()),
        "amount automatic_payment_methods canceled_at cancellation_reason capture_method \
         client_secret confirmation_method created currency description id last_payment_error \
         livemode next_action object payment_method payment_method_types processing \
         receipt_email setup_future_usage shipping status"
    );
    assert_eq!(
        keys(&setup(SetupState::RequiresPaymentMethod)),
        "automatic_payment_methods cancellation_reason client_secret created description id \
         last_setup_error livemode next_action object payment_method payment_method_types \
         status usage"
    );
}

#[test]
fn old_and_new_versions() {
    let has =
        |view: &dyn Show, version: &str, path: &str| shown(view, version).pointer(path).is_some();
    let mut declined = fresh();
    declined.last_payment_error = Some(failure());
    let held = charge(ChargeResult::Released { capture_before: NOW });
    let (method, customer) = (method(), customer());
    let network = "/last_payment_error/network_decline_code";
    let inside = "/last_payment_error/payment_method/billing_details/tax_id";
    let link = "/payment_method_details/card/transaction_link_id";
    let cases: &[(&dyn Show, &str, &str, &str)] = &[
        (&declined, "/charges", "2022-08-01", ""),
        (&declined, "/charges", "", "2022-11-15"),
        (&declined, "/invoice", "2025-02-24.acacia", "2025-03-31.basil"),
        (&declined, "/payment_record", "2024-09-30.acacia", "2024-06-20"),
        (&declined, "/customer_account", "2024-09-30.acacia", "2024-06-20"),
        (&customer, "/customer_account", "2025-12-15.clover", "2025-11-17.clover"),
        (&declined, "/last_payment_error/advice_code", "2025-01-27.acacia", "2024-12-18.acacia"),
        (&declined, network, "2024-12-18.acacia", "2024-11-20.acacia"),
        (&declined, inside, "2024-09-30.acacia", "2024-06-20"),
        (&held, "/refunds", "2022-08-01", "2022-11-15"),
        (&held, "/invoice", "2022-08-01", ENDIVE),
        (&held, "/outcome/advice_code", ENDIVE, "2024-12-18.acacia"),
        (&held, link, "2026-06-24.dahlia", "2026-05-27.dahlia"),
        (&method, "/billing_details/tax_id", "2024-09-30.acacia", "2024-06-20"),
    ];
    for (view, path, with, without) in cases {
        if !with.is_empty() {
            assert!(has(*view, with, path), "{path} {with}");
        }
        if !without.is_empty() {
            assert!(!has(*view, without, path), "{path} {without}");
        }
    }
    let expired =
        intent(State::Canceled { at: NOW, reason: Some(CancelReason::Expired), method: None });
    assert_eq!(shown(&expired, DAHLIA)["cancellation_reason"], "expired");
    assert_eq!(shown(&expired, "2025-02-24.acacia")["cancellation_reason"], "automatic");
    assert_eq!(shown(&held, DAHLIA)["refunded"], false);
    assert_eq!(shown(&held, "2022-08-01")["amount_refunded"], 2000);
    assert_eq!(shown(&held, "2022-08-01")["refunded"], true);
}

#[test]
fn setup_intents() {
    let intent = setup(SetupState::Succeeded { method: method().id });
    let id = intent.id.to_string();
    assert_eq!(
        shown(&intent, DAHLIA),
        json!({"id": id, "object": "setup_intent", "allowed_payment_method_types": null,
            "application": null, "automatic_payment_methods": null, "cancellation_reason": null,
            "client_secret": format!("{id}_secret_abcdefghijklmnopqrstuvwxyz12345"),
            "created": 1785715226, "customer": customer().id.to_string(),
            "customer_account": null, "description": null,
            "excluded_payment_method_types": null, "flow_directions": null,
            "last_setup_error": null, "latest_attempt": attempt().id.to_string(),
            "livemode": false, "managed_payments": {"enabled": false}, "mandate": null,
            "metadata": {}, "next_action": null, "on_behalf_of": null,
            "payment_method": method().id.to_string(),
            "payment_method_configuration_details": null,
            "payment_method_options": {"card": {"mandate_options": null, "network": null,
                "request_three_d_secure": "automatic"}},
            "payment_method_types": ["card"], "single_use_mandate": null,
            "status": "succeeded", "usage": "off_session"})
    );
    let attempt = shown(&attempt(), DAHLIA);
    assert_eq!(attempt["setup_intent"], id);
    assert_eq!(attempt["payment_method_details"]["card"]["checks"]["cvc_check"], "pass");
}

#[test]
fn methods_and_customers() {
    assert_eq!(shown(&method(), DAHLIA), recorded_method());
    let mut attached = method();
    attached.standing = Standing::Attached(customer().id);
    assert_eq!(shown(&attached, DAHLIA)["customer"], customer().id.to_string());

    let id = customer().id.to_string();
    let recorded = json!({"id": id, "object": "customer", "address": null, "balance": 0,
        "created": 1785715226, "currency": null, "customer_account": null,
        "default_source": null, "delinquent": false, "description": null, "discount": null,
        "email": "jenny@example.com", "invoice_prefix": "A6EZPRP2",
        "invoice_settings": {"custom_fields": null, "default_payment_method": null,
            "footer": null, "rendering_options": null},
        "livemode": false, "metadata": {}, "name": "Jenny", "next_invoice_sequence": 1,
        "phone": null, "preferred_locales": [], "shipping": null, "tax_exempt": "none",
        "test_clock": null});
    assert_eq!(shown(&customer(), DAHLIA), recorded);
    let mut gone = customer();
    gone.deleted = true;
    let stub = json!({"id": id, "object": "customer", "deleted": true});
    assert_eq!(shown(&gone, DAHLIA), stub);
}

#[test]
fn charges_and_movements() {
    let paid = charge(captured());
    let now = shown(&paid, DAHLIA);
    assert_eq!(now["balance_transaction"], Value::Null);
    let later = Frame { now: NOW.plus(1), ..frame(DAHLIA) };
    assert_eq!(shown_in(&paid, later)["balance_transaction"], movement().id.to_string());
    assert_eq!(now["status"], "succeeded");
    assert_eq!(
        now["outcome"],
        json!({"advice_code": null, "network_advice_code": null,
        "network_decline_code": null, "network_status": "approved_by_network", "reason": null,
        "risk_level": "normal", "risk_score": 20, "seller_message": "Payment complete.",
        "type": "authorized"})
    );
    assert_eq!(
        now["payment_method_details"]["card"]["overcapture"],
        json!({"maximum_amount_capturable": 2000, "status": "unavailable"})
    );

    let failed = shown(&failed_charge(), DAHLIA);
    assert_eq!(failed["failure_code"], "card_declined");
    assert_eq!(failed["paid"], false);
    assert_eq!(failed["refunded"], false);
    assert_eq!(failed["outcome"]["type"], "issuer_declined");
    assert_eq!(
        failed["outcome"]["seller_message"],
        "The bank returned the decline code `insufficient_funds`."
    );
    assert_eq!(failed["payment_method_details"]["card"]["amount_authorized"], Value::Null);

    let id = movement().id.to_string();
    let available_on = movement().available_on.0;
    assert_eq!(
        shown(&movement(), DAHLIA),
        json!({"id": id, "object": "balance_transaction",
        "amount": 2000, "available_on": available_on, "balance_type": "payments",
        "created": 1785715226, "currency": "usd", "description": null, "exchange_rate": null,
        "fee": 88, "fee_details": [{"amount": 88, "application": null, "currency": "usd",
            "description": "Stripe processing fees", "type": "stripe_fee"}],
        "net": 1912, "reporting_category": "charge", "source": paid.id.to_string(),
        "status": "pending", "type": "charge"})
    );
    let mut converted = movement();
    converted.exchange_rate_e6 = Some(1_326_000);
    assert_eq!(shown(&converted, DAHLIA)["exchange_rate"], json!(1.326));
}

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

    let mut gone = customer();
    gone.deleted = true;
    let deleted = event(EventType::CustomerDeleted, gone, None);
    assert_eq!(deleted["data"]["object"]["email"], "jenny@example.com");
    assert!(deleted["data"]["object"].get("deleted").is_none());
}

#[test]
fn accounts() {
    let account = Account {
        id: "acct_1234567890abcdef".to_owned(),
        created: NOW,
        country: Country::US,
        default_currency: Currency::USD,
        mode: Mode::Test,
    };
    let account = shown(&account, DAHLIA);
    assert_eq!(account["object"], "account");
    assert_eq!(account["country"], "US");
    assert_eq!(account["capabilities"]["card_payments"], "active");
}

/// The recorded object of `stripe-api.md` 6.6.
fn recorded_refund() -> Value {
    let id = |id: &dyn std::fmt::Display| id.to_string();
    json!({"id": id(&refund(pending()).id), "object": "refund", "amount": 500,
        "balance_transaction": id(&movement().id), "charge": id(&charge(captured()).id),
        "created": 1785715226, "currency": "usd", "customer": null, "customer_account": null,
        "destination_details": {"card": {"reference_status": "pending",
            "reference_type": "acquirer_reference_number", "type": "refund"}, "type": "card"},
        "metadata": {}, "payment_intent": id(&fresh().id), "payment_method": id(&method().id),
        "reason": null, "receipt_number": null, "source_transfer_reversal": null,
        "status": "succeeded", "transfer_reversal": null})
}

fn pending() -> RefundState {
    RefundState::Pending { why: PendingReason::Processing }
}

#[test]
fn refunds() {
    let (balance_transaction, reference) = (movement().id, None);
    let made = refund(RefundState::Succeeded { balance_transaction, reference });
    assert_eq!(shown(&made, DAHLIA), recorded_refund());
    let reference = Some("7123456789012345".to_owned());
    let named = refund(RefundState::Succeeded { balance_transaction, reference });
    let card = json!({"reference": "7123456789012345", "reference_status": "available",
        "reference_type": "acquirer_reference_number", "type": "refund"});
    let expected = json!({"destination_details": {"card": card, "type": "card"}});
    assert_eq!(shown(&named, DAHLIA), with(recorded_refund(), expected));

    let waiting = refund(pending());
    let card = json!({"reference_status": "pending",
        "reference_type": "acquirer_reference_number", "type": "pending"});
    let expected = json!({"destination_details": {"card": card, "type": "card"},
        "balance_transaction": null, "pending_reason": "processing", "status": "pending"});
    assert_eq!(shown(&waiting, DAHLIA), with(recorded_refund(), expected));

    let failure_balance_transaction = BalanceTransactionId::new(11, *b"abcdefghijklmnop");
    let why = RefundFailure::ExpiredOrCanceledCard;
    let failed =
        refund(RefundState::Failed { why, balance_transaction, failure_balance_transaction });
    let card = json!({"reference_status": "unavailable",
        "reference_type": "acquirer_reference_number", "type": "refund"});
    let expected = json!({"destination_details": {"card": card, "type": "card"},
        "failure_balance_transaction": failure_balance_transaction.to_string(),
        "failure_reason": "expired_or_canceled_card", "status": "failed"});
    assert_eq!(shown(&failed, DAHLIA), with(recorded_refund(), expected));

    let old = shown(&waiting, "2025-03-31.basil");
    for key in ["customer", "customer_account", "payment_method", "pending_reason"] {
        assert!(old.get(key).is_none(), "{key}");
    }
}

#[test]
fn a_charge_counts_what_was_given_back() {
    let given_back = |back: i64, on_its_way: i64| {
        let mut result = captured();
        if let ChargeResult::Captured { amount, refunded, refunding, .. } = &mut result {
            (*amount, *refunded, *refunding) = (700, back, on_its_way);
        }
        charge(result)
    };
    for (charge, version, amount, all) in [
        (given_back(0, 700), DAHLIA, 0, false),
        (given_back(699, 0), DAHLIA, 699, false),
        (given_back(700, 0), DAHLIA, 700, true),
        // Before basil what was let go counts too.
        (given_back(0, 0), "2025-02-24.acacia", 1_300, false),
        (given_back(700, 0), "2025-02-24.acacia", 2_000, true),
    ] {
        let shown = shown(&charge, version);
        assert_eq!(shown["amount_refunded"], amount, "{version}");
        assert_eq!(shown["refunded"], all, "{version}");
        assert!(shown.get("refunds").is_none());
    }
}

#[test]
fn balances() {
    let money = |available_on: i64, amount| Settling {
        currency: Currency::USD,
        available_on: WorldTime(available_on),
        amount,
    };
    let balance = Balance::at(NOW, Currency::USD, &[money(0, 5), money(NOW.0 + 1, 1_912)]);
    let sum = |amount: i64| json!([{"amount": amount, "currency": "usd", "source_types": {"card": amount}}]);
    let nothing = json!([{"amount": 0, "currency": "usd"}]);
    let expected = json!({"object": "balance", "available": sum(5), "livemode": false,
        "pending": sum(1_912),
        "refund_and_dispute_prefunding": {"available": nothing, "pending": nothing}});
    assert_eq!(shown(&balance, DAHLIA), expected);
}
