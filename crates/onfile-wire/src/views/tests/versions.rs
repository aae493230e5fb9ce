//! What depends on who asks, and in which version.

use onfile_domain::payment_intent::CancelReason;

use super::*;
use crate::view::Audience;

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
