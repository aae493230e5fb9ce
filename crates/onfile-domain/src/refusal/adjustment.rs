//! Refusals of adjustments.

use crate::id::PaymentIntentId;
use crate::money::{Currency, Money};
use crate::payment_intent::Status;

/// Why an order can't be adjusted so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdjustmentRefused {
    /// Adjust: the order's first payment was given up.
    Status(Status),
    /// Adjust: the caller counts in another currency than the order.
    Currency {
        /// What the order counts in.
        counts_in: Currency,
    },
    /// Adjust: the difference is below the least that can be charged.
    DifferenceTooSmall {
        /// What would be charged.
        difference: Money,
        /// The least.
        least: Money,
    },
    /// Adjust: the order has too many payments for one more.
    TooManyPayments {
        /// How many there may be.
        most: usize,
    },
    /// Adjust: what would have to be given back is disputed.
    Disputed(PaymentIntentId),
}
