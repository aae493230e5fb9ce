//! The objects of the API, as the wire shows them: one file each.
//!
//! A view writes every key that Stripe writes, `null` where this server has nothing to say.
//! What depends on a version asks [`crate::version::Change`].

use onfile_domain::object::Object;

use crate::json::Json;
use crate::view::{Show, ViewCx};

mod account;
mod adjustment;
mod attempt;
mod balance;
mod balance_transaction;
mod card_options;
mod charge;
mod contact;
pub mod control;
pub mod customer;
pub mod delivery;
pub mod event;
pub(crate) mod failure;
pub mod listener;
mod method_types;
mod next_action;
mod payment_intent;
mod payment_method;
mod refund;
mod setup_attempt;
mod setup_intent;
pub mod test_clock;
pub mod webhook_endpoint;

/// The view of an object; `None` for the kinds that the API does not show.
pub fn view(object: &Object) -> Option<&dyn Show> {
    match object {
        Object::Customer(it) => Some(it.as_ref()),
        Object::PaymentMethod(it) => Some(it.as_ref()),
        Object::PaymentIntent(it) => Some(it.as_ref()),
        Object::SetupIntent(it) => Some(it.as_ref()),
        Object::SetupAttempt(it) => Some(it.as_ref()),
        Object::Charge(it) => Some(it.as_ref()),
        Object::BalanceTransaction(it) => Some(it.as_ref()),
        Object::Attempt(it) => Some(it.as_ref()),
        Object::TestClock(it) => Some(it.as_ref()),
        Object::Refund(it) => Some(it.as_ref()),
        Object::WebhookEndpoint(it) => Some(it.as_ref()),
        Object::Statement(it) => Some(it.as_ref()),
        Object::Agreement(_)
        | Object::AgreementUse(_)
        | Object::Authentication(_)
        | Object::PastDecline(_)
        // Shown with its order: see `onfile_domain::adjustment::report`.
        | Object::Adjustment(_) => None,
    }
}

/// Writes an object.
///
/// # Panics
/// For the kinds that the API does not show: asking for one is our bug.
pub fn show(object: &Object, w: &mut Json, cx: &mut ViewCx<'_>) {
    match view(object) {
        Some(view) => view.show(w, cx),
        None => panic!("{:?} is kept for ourselves and has no view", object.kind()),
    }
}

impl Show for Object {
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        show(self, w, cx);
    }
}

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
