//! Makes a payment method, unattached; nothing is told of it (`stripe-api.md` 7.2).

use crate::case::{Case, Halt};
use crate::command::{Answer, NewMethod};
use crate::payment_method::choose;

/// A new payment method.
#[derive(Debug, Clone)]
pub struct Create {
    /// The card.
    pub new: NewMethod,
}

impl Create {
    /// Makes the method.
    ///
    /// # Errors
    /// None of its own: what may be wrong with a card is found where it is read.
    pub fn decide(self, case: &mut Case<'_>) -> Result<Answer, Halt> {
        Ok(Answer::shown(choose::make(case, &self.new)))
    }
}
