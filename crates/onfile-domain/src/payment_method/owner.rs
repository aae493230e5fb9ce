//! Whether a method and a customer belong together, and whether a method may be used at all
//! (`stripe-api.md` 3.4). The first that is wrong answers.

use crate::id::{CustomerId, PaymentMethodId};
use crate::payment_method::{PaymentMethod, Standing};
use crate::refusal::{MethodRefused, Why};

/// Whether a payment intent of this customer may use the method. `held` is the method that the
/// intent already holds: its own use does not consume it.
///
/// # Errors
/// As `stripe-api.md` 3.4 words them.
pub fn check_payment(
    method: &PaymentMethod,
    customer: Option<CustomerId>,
    held: Option<PaymentMethodId>,
) -> Result<(), Why> {
    check(method, customer, held, |method, customer| {
        Why::Method(MethodRefused::PaymentNeedsCustomer { method, customer })
    })
}

/// The same for a setup intent.
///
/// # Errors
/// As `stripe-api.md` 3.4 words them.
pub fn check_setup(
    method: &PaymentMethod,
    customer: Option<CustomerId>,
    held: Option<PaymentMethodId>,
) -> Result<(), Why> {
    check(method, customer, held, |method, customer| {
        Why::Method(MethodRefused::SetupNeedsCustomer { method, customer })
    })
}

fn check(
    method: &PaymentMethod,
    customer: Option<CustomerId>,
    held: Option<PaymentMethodId>,
    needs_customer: impl FnOnce(PaymentMethodId, CustomerId) -> Why,
) -> Result<(), Why> {
    match (method.standing, customer) {
        (Standing::Attached(owner), Some(customer)) if owner == customer => Ok(()),
        (Standing::Attached(_), Some(customer)) => {
            Err(Why::Method(MethodRefused::OfOtherCustomer { method: method.id, customer }))
        }
        (Standing::Attached(owner), None) => Err(needs_customer(method.id, owner)),
        (Standing::Fresh, _) => Ok(()),
        (Standing::Consumed, _) if held == Some(method.id) => Ok(()),
        (Standing::SetUp | Standing::Consumed | Standing::Detached, _) => {
            Err(Why::Method(MethodRefused::Consumed))
        }
    }
}
