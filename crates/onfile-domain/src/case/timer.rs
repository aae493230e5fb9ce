//! What a rule sets for later.

use crate::time::WorldTime;
use crate::words::words;

/// Something that must happen later, by the world's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timer {
    /// When.
    pub due_at: WorldTime,
    /// What.
    pub kind: TimerKind,
    /// The row that it is about.
    pub subject: u64,
}

words! {
    /// What is due.
    TimerKind {
        /// Tell of a balance transaction: the subject is the charge.
        ShowBalanceTransaction = "show_balance_transaction",
        /// A challenge was not answered: the subject is the authentication.
        ExpireChallenge = "expire_challenge",
        /// A hold ends: the subject is the payment intent.
        ExpireHold = "expire_hold",
        /// A test clock was sent on: the subject is the clock.
        AdvanceTestClock = "advance_test_clock",
        /// A test clock's life ends: the subject is the clock.
        DeleteTestClock = "delete_test_clock",
        /// The network is done with a refund: the subject is the refund.
        SettleRefund = "settle_refund",
        /// Money can be paid out: the subject is the movement that never had to wait, or 0.
        BalanceAvailable = "balance_available",
        /// A delivery's wait is over: the subject is the event's number.
        RetryDelivery = "retry_delivery",
    }
}
