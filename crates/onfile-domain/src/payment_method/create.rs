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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payment_method::{Check, PaymentMethod, Standing};
    use crate::rehearsal::{World, card, shown};

    #[test]
    fn a_new_method_is_nobodys_unchecked_and_not_told() {
        let mut world = World::new();
        for (cvc_given, cvc) in [(true, Some(Check::Unchecked)), (false, None)] {
            let create = Create { new: NewMethod { cvc_given, ..card() } };
            let answer = world.pass(|case| create.clone().decide(case));
            let method: PaymentMethod = shown(&answer);
            assert_eq!((method.standing, method.card.checks.cvc), (Standing::Fresh, cvc));
            assert_eq!(world.get::<PaymentMethod>(method.id), method);
        }
        assert_eq!((world.told().len(), world.asked.len()), (0, 0));
    }
}
