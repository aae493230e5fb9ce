//! Attaches a method to a customer, with a check of the card (`stripe-api.md` 3.1, 3.4).

use crate::command::{MethodChoice, Ref};
use crate::id::CustomerId;

/// An attach. An alias (`pm_card_visa`) is a method that comes with the call.
#[derive(Debug, Clone)]
pub struct Attach {
    /// What is attached.
    pub method: MethodChoice,
    /// To whom.
    pub customer: Ref<CustomerId>,
}
