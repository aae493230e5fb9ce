//! Deletes a customer: what is saved is taken off, and nothing but cursors finds it again
//! (`stripe-api.md` 7.1).

use crate::case::{Case, Halt, Need};
use crate::command::{Answer, Gone, Ref};
use crate::customer::Customer;
use crate::event::EventType;
use crate::id::CustomerId;
use crate::object::Kind;
use crate::payment_method::detach;
use crate::refusal::Place;

/// A deletion.
#[derive(Debug, Clone, Copy, Default)]
pub struct Delete;

impl Delete {
    /// Deletes the customer. Its methods are detached, of which nothing is told; the event shows
    /// the customer as it was.
    ///
    /// # Errors
    /// When there is no such customer, or no more.
    pub fn decide(self, case: &mut Case<'_>, id: &Ref<CustomerId>) -> Result<Answer, Halt> {
        let before = id.customer(case, Place::Path)?;
        let gone = Gone::Customer(before.id);
        delete(case, before)?;
        Ok(Answer::Deleted(gone))
    }
}

/// Deletes a customer that is there.
///
/// # Errors
/// Only [`Halt::Need`].
pub(crate) fn delete(case: &mut Case<'_>, before: Customer) -> Result<(), Halt> {
    let methods = case.all(Need::OfCustomer(Kind::PaymentMethod, before.id.seq))?;
    for method in methods {
        detach::take_off(case, method)?;
    }
    let after = Customer { deleted: true, default_payment_method: None, ..before.clone() };
    case.put(after);
    case.tell(EventType::CustomerDeleted, before);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agreement::{Agreement, AgreementState};
    use crate::command::MethodChoice;
    use crate::payment_method::attach::Attach;
    use crate::payment_method::{PaymentMethod, Standing};
    use crate::refusal::Why;
    use crate::rehearsal::{World, card};

    #[test]
    fn what_was_saved_goes_with_the_customer() {
        let mut world = World::new();
        let id = world.customer();
        let reference = || Ref::new(id.to_string());
        for _ in 0..2 {
            let method = MethodChoice::New(Box::new(card()));
            let attach = Attach { method, customer: reference() };
            world.pass(|case| attach.clone().decide(case));
        }
        world.told();
        let before: Customer = world.get(id);
        let answer = world.pass(|case| Delete.decide(case, &reference()));
        assert_eq!(answer, Answer::Deleted(Gone::Customer(id)));
        assert!(world.get::<Customer>(id).deleted);
        let methods = world.all::<PaymentMethod>();
        assert!(methods.len() == 2 && methods.iter().all(|it| it.standing == Standing::Detached));
        let agreements = world.all::<Agreement>();
        assert!(agreements.iter().all(|it| it.state == AgreementState::Revoked));
        let [event] = &world.events[..] else { panic!("{:?}", world.events) };
        assert_eq!(event.event_type, EventType::CustomerDeleted);
        assert_eq!((&event.object, &event.previous), (&before.into(), &None));

        let again = world.run(|case| Delete.decide(case, &reference()));
        let why = again.map_err(|refusal| refusal.why);
        assert!(matches!(why, Err(Why::Missing { place: Place::Path, .. })), "{why:?}");
    }
}
