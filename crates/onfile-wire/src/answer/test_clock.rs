//! What test clocks are refused (`stripe-api.md` 11.1). Stripe's own words are not recorded, so
//! these are ours.

use onfile_domain::refusal::TestClockRefused;
use onfile_domain::time::WorldTime;

use crate::error::WireError;

/// What is told of a test clock that can't be moved so.
pub(super) fn reason(why: &TestClockRefused) -> WireError {
    match why {
        TestClockRefused::Advancing => advancing(),
        TestClockRefused::Backwards { stands_at } => backwards(*stands_at),
        TestClockRefused::TooFar { stands_at } => too_far(*stands_at),
    }
}

fn advancing() -> WireError {
    WireError::invalid(
        "This test clock is still advancing. Wait until its status is `ready` before you advance \
         it again.",
    )
}

fn backwards(stands_at: WorldTime) -> WireError {
    let message = format!(
        "A test clock only advances: the frozen time must be later than its own, which is {}.",
        stands_at.0
    );
    WireError::invalid(message).param("frozen_time")
}

fn too_far(stands_at: WorldTime) -> WireError {
    let message = format!(
        "A test clock without subscriptions advances by two years at most; its frozen time is {}.",
        stands_at.0
    );
    WireError::invalid(message).param("frozen_time")
}
