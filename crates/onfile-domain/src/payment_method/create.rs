//! Makes a payment method, unattached; nothing is told of it (`stripe-api.md` 7.2).

use crate::command::NewMethod;

/// A new payment method.
#[derive(Debug, Clone)]
pub struct Create {
    /// The card.
    pub new: NewMethod,
}
