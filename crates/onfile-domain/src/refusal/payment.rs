//! Refusals of payments.

use crate::id::{CustomerId, PaymentIntentId};
use crate::money::{Currency, Money};
use crate::payment_intent::Status;
use crate::refusal::Field;

/// Why a payment, or its charge, can't be made or changed so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentRefused {
    /// Confirm: nothing to pay with.
    MethodMissing {
        /// The intent's customer.
        customer: Option<CustomerId>,
    },
    /// Confirm: it is paid.
    ConfirmSucceeded,
    /// Confirm: not from this status.
    ConfirmStatus(Status),
    /// Confirm: a new method can't be set in this status.
    ConfirmMethodStatus(Status),
    /// Confirm: only the server may, under manual confirmation.
    ConfirmNeedsSecretKey,
    /// Off-session charges can't save a card.
    OffSessionWithSetup,
    /// A stored usage belongs to an off-session confirm without a set-up.
    StoredUsageWithoutOffSession,
    /// The declared usage of a set-up needs a set-up.
    SetupUsageWithoutSetup,
    /// A mandate does not allow this charge (`card-network.md` G6).
    MandateInvalid,
    /// The world's acquirer can't take this currency or network (`card-network.md` G8).
    CurrencyUnsupported,
    /// A field can't change in this status.
    UpdateStatus {
        /// What would have changed.
        field: Field,
        /// The status.
        status: Status,
    },
    /// Below the least that can be charged.
    AmountTooSmall {
        /// The least.
        least: Money,
    },
    /// Below the least that can be charged once it is converted to what the account settles in.
    AmountConvertsTooSmall {
        /// The least.
        least: Money,
        /// What was asked for.
        amount: Money,
        /// The same as the account would see it.
        settled: Money,
    },
    /// Networks take no such fraction of the currency.
    AmountNotDivisible {
        /// The currency.
        currency: Currency,
        /// What amounts in it are multiples of.
        by: i64,
        /// The parameter.
        param: Field,
    },
    /// Above the most that can be charged.
    AmountTooLarge {
        /// The most.
        most: Money,
    },
    /// A publishable key may only raise `on_session` to `off_session`.
    UsageOnlyRaised,
    /// Cancel: not from this status.
    CancelStatus(Status),
    /// A charge's `transfer_group` is its intent's.
    TransferGroupOfIntent(PaymentIntentId),
    /// A charge's customer can't be exchanged for another.
    ChargeHasCustomer,
}
