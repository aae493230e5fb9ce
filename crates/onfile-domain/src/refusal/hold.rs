//! Refusals of what is done with a hold.

use crate::money::Money;
use crate::payment_intent::Status;

/// Why a hold can't be captured, canceled or raised so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoldRefused {
    /// Capture: it is paid, and the rest was let go.
    CaptureSucceeded,
    /// Capture: not from this status.
    CaptureStatus(Status),
    /// Capture: the hold is over.
    CaptureExpired,
    /// Capture: more than is held.
    CaptureTooLarge,
    /// Capture: nothing, or less than nothing.
    CaptureTooSmall {
        /// What was asked for, in minor units.
        asked: i64,
    },
    /// Capture: more captures can't follow, for the hold can be taken only once.
    MulticaptureUnavailable,
    /// Capture: the hold was taken in as many parts as it may be.
    TooManyCaptures,
    /// Cancel: part of the hold was captured.
    CancelPartlyCaptured,
    /// Increment: not from this status.
    IncrementStatus(Status),
    /// Increment: the hold can't be raised, for it was not asked for or the network can't.
    IncrementUnavailable,
    /// Increment: part of the hold was captured.
    IncrementCaptured,
    /// Increment: the hold has ended.
    IncrementExpired,
    /// Increment: it was tried as often as it may be.
    TooManyIncrements,
    /// Increment: the new total is not above what is authorized.
    IncrementNotHigher {
        /// What is authorized.
        authorized: Money,
    },
    /// Increment: the new total is too many times the first one.
    IncrementTooLarge {
        /// The highest total.
        limit: Money,
    },
}
