//! Agreements.

use onfile_domain::agreement::{Agreement, MandateOptions};

use super::macros::record;

record!(Agreement v 1 {
    id, created, payment_method, kind, usage, level, mandate, sca_proof, initial, state,
});
record!(MandateOptions {
    amount,
    amount_type,
    description,
    end_date,
    interval,
    interval_count,
    reference,
    start_date,
    supported_types,
});
