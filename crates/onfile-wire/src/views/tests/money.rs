//! Charges, refunds and movements.

use onfile_domain::id::BalanceTransactionId;
use onfile_domain::refund::{PendingReason, RefundFailure, RefundState};

use super::*;

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
