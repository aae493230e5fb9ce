//! Charges.

use onfile_domain::charge::{Charge, ChargeResult, ChargeRisk, ChargedCard, HoldTerms};

use super::macros::{choice, record};

record!(Charge v 1 {
    id, created, amount, result, terms, payment_intent, payment_method, customer, billing_details,
    description, metadata, receipt_email, shipping, statement_descriptor_suffix, transfer_group,
    user_report, risk, card,
});
choice!(ChargeResult {
    Held = "held" { capture_before },
    Released = "released" { capture_before },
    PartlyCaptured = "partly_captured" { amount, balance_transaction, capture_before },
    Captured = "captured" {
        amount, refunded, refunding, balance_transaction, shown_at, capture_before
    },
    Failed = "failed" { decline, by },
});
record!(HoldTerms or default {
    authorized, first, increments, earlier, extended, incremental, multicapture, overcapture,
    original, agreement,
});
record!(ChargeRisk { score, level });
record!(ChargedCard {
    facts,
    other_network,
    expiry,
    fingerprint,
    checks,
    authorization_code,
    network_transaction_id,
    eci,
    three_d_secure,
    moto,
    setup_credential_usage,
    stored_credential_usage,
});
