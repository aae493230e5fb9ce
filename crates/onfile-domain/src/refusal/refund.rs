//! Refusals of refunds.

use crate::id::{ChargeId, PaymentIntentId};
use crate::money::Money;

/// Why nothing, or not so much, is given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundRefused {
    /// Refund: everything was given back, or is on its way.
    ChargeRefunded(ChargeId),
    /// Refund: more than what is left.
    TooLarge {
        /// What was asked for.
        asked: Money,
        /// What is left.
        left: Money,
        /// Whether something was given back before.
        again: bool,
    },
    /// Refund: the money is only held, and letting go of it is the intent's business.
    Uncaptured(PaymentIntentId),
    /// Refund: nothing was ever taken, or the hold was let go.
    NothingToRefund(PaymentIntentId),
    /// Refund: the charge is another intent's.
    ChargeOfOtherIntent {
        /// The charge.
        charge: ChargeId,
        /// The intent that was named.
        intent: PaymentIntentId,
    },
    /// Refund: one of a card can't be canceled.
    Cancel,
}
