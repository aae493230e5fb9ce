//! Stripe's test clocks (`stripe-api.md` 11.1): frozen times that belong to customers, not to the
//! world. What they move is their customers' billing; here they also end their customers' holds.
//!
//! A hold ends when `frozen_time` reaches its `capture_before`, although the world's own clock
//! still stands before it. Nothing else of a payment is shifted: what is made for such a customer
//! has the world's time, its `capture_before` too, and so have the events. By the test clock's time
//! a hold could end before the `created` of its charge.

use crate::id::TestClockId;
use crate::time::WorldTime;

pub mod advance;
pub mod create;
pub mod delete;

/// How long a clock is kept, in seconds of world time: 30 days.
pub const LIFE: i64 = 30 * 86_400;
/// How far a clock without subscriptions may be advanced at once, in seconds: two years.
pub const FURTHEST: i64 = 2 * 366 * 86_400;

/// A test clock. A deleted one keeps its row, so that lists can go on from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestClock {
    /// `clock_…`.
    pub id: TestClockId,
    /// When it was made, by the world's clock.
    pub created: WorldTime,
    /// Gone for everyone but cursors.
    pub deleted: bool,
    /// Where its customers' time stands.
    pub frozen_time: WorldTime,
    /// The caller's name for it.
    pub name: Option<String>,
    /// Whether it stands there.
    pub state: ClockState,
}

/// What a test clock does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockState {
    /// It stands.
    Ready,
    /// What falls due for its customers is under way.
    Advancing {
        /// Where it will stand.
        to: WorldTime,
    },
}

impl TestClock {
    /// When it is deleted by itself, by the world's clock.
    pub fn deletes_after(&self) -> WorldTime {
        self.created.plus(LIFE)
    }
}

#[cfg(test)]
mod tests;
