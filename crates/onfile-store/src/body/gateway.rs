//! What the gateway remembers.

use onfile_domain::gateway::{
    ImportedAuthentication, PassedChallenge, PastDecline, Pending, Soft, ThreeDSecure,
};

use super::macros::record;

record!(ThreeDSecure { flow, eci, result, reason, transaction_id, version });
record!(ImportedAuthentication {
    ares_trans_status,
    cryptogram,
    eci,
    exemption_indicator,
    transaction_id,
    version,
});
record!(Soft { par, code });
record!(Pending { request, ds_trans_id, after_soft_decline, trace, passed });
record!(PassedChallenge { authentication_value, rules });
record!(PastDecline v 1 {
    id, created, par, network, amount, initiator, agreement, kind, code, advice,
});
