//! Deletes a customer: what is saved is taken off, and nothing but cursors finds it again
//! (`stripe-api.md` 7.1).

use crate::case::{Case, Halt, Need};
use crate::command::{Answer, Ref};
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
        let methods = case.all(Need::OfCustomer(Kind::PaymentMethod, before.id.seq))?;
        for method in methods {
            detach::take_off(case, method)?;
        }
        let after = Customer { deleted: true, default_payment_method: None, ..before.clone() };
        case.put(after);
        case.tell(EventType::CustomerDeleted, before.clone());
        Ok(Answer::Deleted(before.id))
    }
}
