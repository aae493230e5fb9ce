//! Cards that are refused, and customers who are not who they should be.

use onfile_domain::decline;
use onfile_domain::failure::{Cause, Failure};
use serde_json::json;

use super::*;
use crate::codes;
use crate::views::samples::{failed_charge, failure as sample, insufficient_funds};

#[test]
fn declines() {
    let about = Object::from(fresh());
    let error = failure(&sample(), Some(&about), of(DAHLIA));
    assert_eq!(error.status, 402);
    let mut shown = body(&error);
    let intent = shown["payment_intent"].take();
    let method_id = shown["payment_method"].take();
    assert_eq!(intent["object"], "payment_intent");
    assert_eq!(method_id["id"], method().id.to_string());
    let expected = json!({"advice_code": "try_again_later",
        "charge": failed_charge().id.to_string(), "code": "card_declined",
        "decline_code": "insufficient_funds",
        "doc_url": "https://stripe.com/docs/error-codes/card-declined",
        "message": "Your card has insufficient funds.", "network_advice_code": "02",
        "network_decline_code": "51", "payment_intent": null, "payment_method": null,
        "type": "card_error"});
    assert_eq!(shown, expected);

    let old = body(&failure(&sample(), Some(&about), of("2024-11-20.acacia")));
    for key in ["advice_code", "network_advice_code", "network_decline_code"] {
        assert!(old.get(key).is_none(), "{key}");
    }
}

#[test]
fn a_decline_at_attach_names_no_parameter() {
    let attach = Failure { charge: None, ..sample() };
    let shown = body(&failure(&attach, None, of(DAHLIA)));
    assert_eq!(shown["param"], "");
    assert_eq!(shown["code"], "card_declined");
    assert!(shown.get("payment_method").is_none());
}

#[test]
fn a_failed_authentication_has_no_decline_code() {
    for (cause, code) in [
        (Cause::PaymentAuthenticationFailed, "payment_intent_authentication_failure"),
        (Cause::SetupAuthenticationFailed, "setup_intent_authentication_failure"),
    ] {
        let failed = Failure { cause, charge: None, ..sample() };
        let about = Object::from(fresh());
        let error = failure(&failed, Some(&about), of(DAHLIA));
        assert_eq!((error.status, error.code), (402, Some(code)));
        assert_eq!(error.kind, ErrorType::Card);
        assert_eq!(error.carried.decline_code, None);
    }
}

#[test]
fn every_decline_has_a_row_in_the_table_of_codes() {
    let rows = decline::ROWS.iter().map(|row| row.stripe.0);
    let ours = [insufficient_funds().code, decline::authentication_required().code];
    for code in rows.chain(ours.iter().map(String::as_str)) {
        assert!(codes::find(code).is_some(), "{code}");
    }
}
