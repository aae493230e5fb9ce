//! Refunds.

use onfile_domain::refund::{Refund, RefundState};

use super::macros::{choice, record};

record!(Refund v 1 {
    id, created, amount, state, charge, payment_intent, payment_method, customer, reason,
    instructions_email, metadata,
});
choice!(RefundState {
    Pending = "pending" { why },
    Succeeded = "succeeded" { balance_transaction, reference },
    Failed = "failed" { why, balance_transaction, failure_balance_transaction },
});
