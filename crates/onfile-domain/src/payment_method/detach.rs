//! Takes a method off its customer, for good (`stripe-api.md` 3.4).

use crate::agreement::{Agreement, AgreementState, keep};
use crate::case::{Case, Halt};
use crate::command::{Answer, Ref};
use crate::customer::Customer;
use crate::event::EventType;
use crate::id::PaymentMethodId;
use crate::payment_method::{PaymentMethod, Standing};
use crate::refusal::{Noun, Place, Why};

/// A detach.
#[derive(Debug, Clone)]
pub struct Detach {
    /// What is taken off.
    pub method: Ref<PaymentMethodId>,
}

impl Detach {
    /// Takes the method off. Where it was its customer's default, the customer has none.
    ///
    /// # Errors
    /// When there is no such method, or it has no customer.
    pub fn decide(self, case: &mut Case<'_>) -> Result<Answer, Halt> {
        let before: PaymentMethod = self.method.find(case, Noun::PaymentMethod, Place::Path)?;
        let Some(owner) = before.customer() else {
            return Err(Why::DetachUnattached.into());
        };
        let after = take_off(case, before.clone())?;
        case.tell_change(EventType::PaymentMethodDetached, &before, &after);
        let owner: Customer = case.get(owner)?;
        if owner.default_payment_method == Some(before.id) {
            let without = Customer { default_payment_method: None, ..owner.clone() };
            case.put(without.clone());
            case.tell_change(EventType::CustomerUpdated, &owner, &without);
        }
        Ok(Answer::shown(after))
    }
}

/// Writes the method as detached, and its agreements as revoked.
pub(crate) fn take_off(
    case: &mut Case<'_>,
    method: PaymentMethod,
) -> Result<PaymentMethod, Halt> {
    for agreement in keep::of(case, method.id)?.into_iter().filter(Agreement::is_standing) {
        case.put(Agreement { state: AgreementState::Revoked, ..agreement });
    }
    let after = PaymentMethod { standing: Standing::Detached, ..method };
    case.put(after.clone());
    Ok(after)
}
