//! What the simulated banks remember.

use onfile_domain::bank::{Credential, IssuedValue, ProfileOverride};

use super::macros::record;

record!(ProfileOverride v 1 { sca_policy, balance, availability, stop_order, script, status });
record!(Credential v 1 { nti, kind, network, par, merchant, strength, marker });
record!(IssuedValue v 1 {
    value, par, merchant, amount, ds_trans_id, strength, issued_at, used,
});
