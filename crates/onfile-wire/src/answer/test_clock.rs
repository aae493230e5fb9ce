//! What test clocks are refused (`stripe-api.md` 11.1). Stripe's own words are not recorded, so
//! these are ours.

use onfile_domain::time::WorldTime;

use crate::error::WireError;

/// It is on its way.
pub(super) fn advancing() -> WireError {
    WireError::invalid(
        "This test clock is still advancing. Wait until its status is `ready` before you advance \
         it again.",
    )
}

/// It only goes forward.
pub(super) fn backwards(stands_at: WorldTime) -> WireError {
    let message = format!(
        "A test clock only advances: the frozen time must be later than its own, which is {}.",
        stands_at.0
    );
    WireError::invalid(message).param("frozen_time")
}

/// Not so far at once.
pub(super) fn too_far(stands_at: WorldTime) -> WireError {
    let message = format!(
        "A test clock without subscriptions advances by two years at most; its frozen time is {}.",
        stands_at.0
    );
    WireError::invalid(message).param("frozen_time")
}
