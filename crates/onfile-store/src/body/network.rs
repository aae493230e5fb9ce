//! What was said to the network.

use onfile_domain::network::{AuthenticationRequest, Followup, Nti};

use super::macros::{choice, record};

record!(AuthenticationRequest {
    method,
    network,
    amount,
    indicator,
    purpose,
    merchant,
    acquirer_country,
});
record!(Nti { network, kind, value, link });
choice!(Followup {
    Capture = "capture" { charge, method, amount, total },
    Reverse = "reverse" { charge, method, amount, total },
    Refund = "refund" { charge, method, amount },
});
