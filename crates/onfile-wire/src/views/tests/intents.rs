//! Payment intents and setup intents, and what goes wrong with them.

use onfile_domain::failure::{Cause, Failure};
use onfile_domain::payment_intent::{AllowRedirects, MethodTypes};

use super::*;

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
