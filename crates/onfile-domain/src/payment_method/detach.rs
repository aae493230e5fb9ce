//! Takes a method off its customer, for good (`stripe-api.md` 3.4).

use crate::agreement::{Agreement, AgreementState, keep};
use crate::case::{Case, Halt};
use crate::command::{Answer, Ref};
use crate::customer::Customer;
use crate::event::EventType;
use crate::id::PaymentMethodId;
use crate::payment_method::{PaymentMethod, Standing};
use crate::refusal::{MethodRefused, Noun, Place, Why};

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
            return Err(Why::Method(MethodRefused::DetachUnattached).into());
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
pub(crate) fn take_off(case: &mut Case<'_>, method: PaymentMethod) -> Result<PaymentMethod, Halt> {
    for agreement in keep::of(case, method.id)?.into_iter().filter(Agreement::is_standing) {
        case.put(Agreement { state: AgreementState::Revoked, ..agreement });
    }
    let after = PaymentMethod { standing: Standing::Detached, ..method };
    case.put(after.clone());
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::MethodChoice;
    use crate::payment_method::attach::Attach;
    use crate::rehearsal::{World, shown};

    fn detach(world: &mut World, method: PaymentMethodId) -> Result<Answer, Why> {
        let detach = Detach { method: Ref::new(method.to_string()) };
        world.run(|case| detach.clone().decide(case)).map_err(|refusal| refusal.why)
    }

    fn attached(world: &mut World) -> (Customer, PaymentMethod) {
        let customer = world.customer();
        let method = MethodChoice::Known(Ref::new(world.method().id.to_string()));
        let attach = Attach { method, customer: Ref::new(customer.to_string()) };
        let answer = world.pass(|case| attach.clone().decide(case));
        world.told();
        (world.get(customer), shown(&answer))
    }

    #[test]
    fn a_detached_method_is_dead_and_its_agreements_revoked() {
        let mut world = World::new();
        let (_, method) = attached(&mut world);
        let after: PaymentMethod = shown(&detach(&mut world, method.id).unwrap());
        assert_eq!(after.standing, Standing::Detached);
        assert_eq!(world.get::<PaymentMethod>(method.id), after);
        let agreements = world.all::<Agreement>();
        assert!(agreements.iter().all(|it| it.state == AgreementState::Revoked));
        assert_eq!(agreements.len(), 1);
        let [event] = &world.events[..] else { panic!("{:?}", world.events) };
        assert_eq!(event.event_type, EventType::PaymentMethodDetached);
        assert_eq!(event.previous, Some(method.clone().into()));
        assert_eq!(
            detach(&mut world, method.id),
            Err(Why::Method(MethodRefused::DetachUnattached))
        );
    }

    #[test]
    fn a_customer_keeps_no_default_that_is_gone() {
        let mut world = World::new();
        let (customer, method) = attached(&mut world);
        world.set(Customer { default_payment_method: Some(method.id), ..customer.clone() });
        detach(&mut world, method.id).unwrap();
        assert_eq!(world.get::<Customer>(customer.id).default_payment_method, None);
        assert_eq!(world.told(), ["payment_method.detached", "customer.updated"]);
    }

    #[test]
    fn what_has_no_customer_can_not_be_taken_off() {
        let mut world = World::new();
        let method = world.method();
        assert_eq!(
            detach(&mut world, method.id),
            Err(Why::Method(MethodRefused::DetachUnattached))
        );
        let nowhere = PaymentMethodId::new(900_000, *b"abcdefghijklmnop");
        let (noun, id) = (Noun::PaymentMethod, nowhere.to_string());
        let missing = Why::Missing { noun, id, place: Place::Path };
        assert_eq!(detach(&mut world, nowhere), Err(missing));
    }
}
