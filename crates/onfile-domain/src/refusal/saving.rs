//! Refusals of what saves a card.

use crate::id::{CustomerId, PaymentMethodId};
use crate::refusal::Field;

/// Why a setup intent can't be confirmed, canceled or changed so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetupRefused {
    /// Setup intent: nothing to save.
    MethodMissing,
    /// Setup intent: confirmed already.
    ConfirmSucceeded,
    /// Setup intent: canceled.
    ConfirmCanceled,
    /// Setup intent: cancel of a succeeded one.
    CancelSucceeded,
    /// Setup intent: cancel of a canceled one.
    CancelCanceled,
    /// Setup intent: the method of a succeeded one can't change.
    UpdateSucceeded,
    /// Setup intent: the method of a canceled one can't change.
    UpdateCanceled,
}

/// Why a payment method can't be used or changed so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MethodRefused {
    /// The method belongs to another customer.
    OfOtherCustomer {
        /// The method.
        method: PaymentMethodId,
        /// Who was named.
        customer: CustomerId,
    },
    /// The method has a customer and the payment intent names none.
    PaymentNeedsCustomer {
        /// The method.
        method: PaymentMethodId,
        /// Whose it is.
        customer: CustomerId,
    },
    /// The same on a setup intent.
    SetupNeedsCustomer {
        /// The method.
        method: PaymentMethodId,
        /// Whose it is.
        customer: CustomerId,
    },
    /// The method was used once, and may not be again.
    Consumed,
    /// Attach: the method has another customer.
    AttachedElsewhere,
    /// Attach: used or detached before.
    AttachConsumed,
    /// Detach: it has no customer.
    DetachUnattached,
    /// Update: only attached methods can change.
    NotSaved,
    /// Update: the card can't be used on this network.
    NetworkNotOnCard {
        /// The network as it was written.
        network: String,
    },
    /// The customer has no such method.
    DefaultNotAttached {
        /// The method as it was written.
        method: String,
        /// The parameter.
        param: Field,
    },
    /// The method isn't this customer's (404, `Invalid request`).
    OfNobodyHere,
    /// The customer has too many methods.
    TooMany,
}
