//! Refusals of test clocks.

use crate::time::WorldTime;

/// Why a test clock can't be moved so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TestClockRefused {
    /// Test clock: it is still on its way.
    Advancing,
    /// Test clock: it only goes forward.
    Backwards {
        /// Where it stands.
        stands_at: WorldTime,
    },
    /// Test clock: not so far at once.
    TooFar {
        /// Where it stands.
        stands_at: WorldTime,
    },
}
