//! Attempts, what they wait for, and what they were made under.

use onfile_domain::attempt::{AgreementUse, Attempt, Authentication, Subject};

use super::macros::{choice, record};

record!(Attempt v 1 {
    id, created, subject, payment_method, amount, state, trace, warnings, charge,
});
choice!(Subject {
    Payment = "payment" (intent),
    Increment = "increment" (intent),
    Setup = "setup" (intent),
    Method = "method" (method),
});
record!(Authentication v 1 {
    id, created, subject, payment_method, setup_attempt, pending, return_url, secret, state,
});
record!(AgreementUse v 1 { id, created, agreement, charge, network_transaction_id });
