//! Refusals of set-ups, and of methods that can't be used, attached or changed
//! (`stripe-api.md` 3.4, 4.4, 7.1, 7.2).

use onfile_domain::id::{CustomerId, PaymentMethodId};

use crate::error::{ErrorType, WireError};

pub(super) const METHOD_MISSING: &str = "You cannot confirm this SetupIntent because it's \
    missing a payment method. You can either update the SetupIntent with a payment method and \
    then confirm it again, or confirm it again directly with a payment method or \
    ConfirmationToken.";

pub(super) const CONFIRM_SUCCEEDED: &str =
    "You cannot confirm this SetupIntent because it has already succeeded.";

pub(super) const CONFIRM_CANCELED: &str =
    "You cannot confirm this SetupIntent because it has been canceled.";

pub(super) const CANCEL_SUCCEEDED: &str = "You cannot cancel this SetupIntent because it has a \
    status of succeeded. Only a SetupIntent with one of the following statuses may be canceled: \
    `requires_payment_method`, `requires_confirmation`, or `requires_action`.";

pub(super) const CANCEL_CANCELED: &str =
    "You cannot cancel this SetupIntent because it is already canceled.";

pub(super) const UPDATE_SUCCEEDED: &str =
    "You cannot update this SetupIntent because it has already succeeded.";

pub(super) const UPDATE_CANCELED: &str =
    "You cannot update this SetupIntent because it has been canceled.";

pub(super) const CONSUMED: &str = "The provided PaymentMethod was previously used with a \
    PaymentIntent without Customer attachment, shared with a connected account without Customer \
    attachment, or was detached from a Customer. It may not be used again. To use a \
    PaymentMethod multiple times, you must attach it to a Customer first.";

pub(super) const ATTACHED_ELSEWHERE: &str =
    "The payment method you provided has already been attached to a customer.";

pub(super) const ATTACH_CONSUMED: &str = "This PaymentMethod was previously used without being \
    attached to a Customer or was detached from a Customer, and may not be used again.";

pub(super) const DETACH_UNATTACHED: &str = "The payment method you provided is not attached to a \
    customer so detachment is impossible.";

pub(super) const NOT_SAVED: &str =
    "You must save this PaymentMethod to a customer before you can update it.";

/// A call that comes at the wrong time.
pub(super) fn state(message: &'static str) -> WireError {
    WireError::invalid(message).code("setup_intent_unexpected_state")
}

pub(super) fn of_other_customer(method: PaymentMethodId, customer: CustomerId) -> WireError {
    WireError::invalid(format!(
        "The PaymentMethod {method} does not belong to the Customer you supplied {customer}. \
         Please use this PaymentMethod with the Customer that it belongs to instead."
    ))
    .param("payment_method")
}

/// The parameter is Stripe's own slip.
pub(super) fn payment_needs_customer(method: PaymentMethodId, owner: CustomerId) -> WireError {
    WireError::invalid(format!(
        "The `payment_method` parameter supplied {method} belongs to the Customer {owner}. \
         Please include the Customer in the `customer` parameter on the PaymentIntent."
    ))
    .code("parameter_missing")
    .param("source")
}

pub(super) fn setup_needs_customer(method: PaymentMethodId, owner: CustomerId) -> WireError {
    WireError::invalid(format!(
        "The payment method supplied ({method}) belongs to the Customer {owner}. Please include \
         the Customer in the `customer` parameter on the SetupIntent."
    ))
    .param("payment_method")
}

pub(super) fn default_not_attached(method: &str, param: &'static str) -> WireError {
    let method = crate::params::echo(method);
    WireError::invalid(format!(
        "The customer does not have a payment method with the ID {method}. The payment method \
         must be attached to the customer."
    ))
    .code("resource_missing")
    .param(param)
}

pub(super) fn of_nobody_here() -> WireError {
    WireError::new(404, ErrorType::InvalidRequest, "Invalid request").param("customer")
}

pub(super) fn too_many() -> WireError {
    WireError::invalid("The customer has too many payment methods. Detach some of them first.")
        .code("customer_max_payment_methods")
}

pub(super) fn network_not_on_card(network: &str) -> WireError {
    WireError::invalid(format!("This card can't be used on `{network}`."))
        .param("card[networks][preferred]")
}

pub(super) fn charge_has_customer() -> WireError {
    WireError::invalid("This charge already has a customer, which can't be changed.")
        .param("customer")
}
