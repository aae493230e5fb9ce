//! Refusals of set-ups, and of methods that can't be used, attached or changed
//! (`stripe-api.md` 3.4, 4.4, 7.1, 7.2).

use onfile_domain::id::{CustomerId, PaymentMethodId};
use onfile_domain::refusal::{MethodRefused, SetupRefused};

use crate::error::{ErrorType, WireError};

/// What a refused set-up is told.
pub(super) fn of_set_up(why: &SetupRefused) -> WireError {
    // A call that comes at the wrong time.
    let message = match why {
        SetupRefused::MethodMissing => METHOD_MISSING,
        SetupRefused::ConfirmSucceeded => CONFIRM_SUCCEEDED,
        SetupRefused::ConfirmCanceled => CONFIRM_CANCELED,
        SetupRefused::CancelSucceeded => CANCEL_SUCCEEDED,
        SetupRefused::CancelCanceled => CANCEL_CANCELED,
        SetupRefused::UpdateSucceeded => UPDATE_SUCCEEDED,
        SetupRefused::UpdateCanceled => UPDATE_CANCELED,
    };
    WireError::invalid(message).code("setup_intent_unexpected_state")
}

/// What is told of a method that can't be used or changed so.
pub(super) fn of_method(why: &MethodRefused) -> WireError {
    match why {
        MethodRefused::OfOtherCustomer { method, customer } => {
            of_other_customer(*method, *customer)
        }
        MethodRefused::PaymentNeedsCustomer { method, customer } => {
            payment_needs_customer(*method, *customer)
        }
        MethodRefused::SetupNeedsCustomer { method, customer } => {
            setup_needs_customer(*method, *customer)
        }
        MethodRefused::Consumed => WireError::invalid(CONSUMED),
        MethodRefused::AttachedElsewhere => WireError::invalid(ATTACHED_ELSEWHERE),
        MethodRefused::AttachConsumed => WireError::invalid(ATTACH_CONSUMED),
        MethodRefused::DetachUnattached => WireError::invalid(DETACH_UNATTACHED),
        MethodRefused::NotSaved => WireError::invalid(NOT_SAVED),
        MethodRefused::NetworkNotOnCard { network } => network_not_on_card(network),
        MethodRefused::DefaultNotAttached { method, param } => default_not_attached(method, param),
        MethodRefused::OfNobodyHere => of_nobody_here(),
        MethodRefused::TooMany => too_many(),
    }
}

const METHOD_MISSING: &str = "You cannot confirm this SetupIntent because it's \
    missing a payment method. You can either update the SetupIntent with a payment method and \
    then confirm it again, or confirm it again directly with a payment method or \
    ConfirmationToken.";

const CONFIRM_SUCCEEDED: &str =
    "You cannot confirm this SetupIntent because it has already succeeded.";

const CONFIRM_CANCELED: &str = "You cannot confirm this SetupIntent because it has been canceled.";

const CANCEL_SUCCEEDED: &str = "You cannot cancel this SetupIntent because it has a \
    status of succeeded. Only a SetupIntent with one of the following statuses may be canceled: \
    `requires_payment_method`, `requires_confirmation`, or `requires_action`.";

const CANCEL_CANCELED: &str = "You cannot cancel this SetupIntent because it is already canceled.";

const UPDATE_SUCCEEDED: &str =
    "You cannot update this SetupIntent because it has already succeeded.";

const UPDATE_CANCELED: &str = "You cannot update this SetupIntent because it has been canceled.";

const CONSUMED: &str = "The provided PaymentMethod was previously used with a \
    PaymentIntent without Customer attachment, shared with a connected account without Customer \
    attachment, or was detached from a Customer. It may not be used again. To use a \
    PaymentMethod multiple times, you must attach it to a Customer first.";

const ATTACHED_ELSEWHERE: &str =
    "The payment method you provided has already been attached to a customer.";

const ATTACH_CONSUMED: &str = "This PaymentMethod was previously used without being \
    attached to a Customer or was detached from a Customer, and may not be used again.";

const DETACH_UNATTACHED: &str = "The payment method you provided is not attached to a \
    customer so detachment is impossible.";

const NOT_SAVED: &str = "You must save this PaymentMethod to a customer before you can update it.";

fn of_other_customer(method: PaymentMethodId, customer: CustomerId) -> WireError {
    WireError::invalid(format!(
        "The PaymentMethod {method} does not belong to the Customer you supplied {customer}. \
         Please use this PaymentMethod with the Customer that it belongs to instead."
    ))
    .param("payment_method")
}

/// The parameter is Stripe's own slip.
fn payment_needs_customer(method: PaymentMethodId, owner: CustomerId) -> WireError {
    WireError::invalid(format!(
        "The `payment_method` parameter supplied {method} belongs to the Customer {owner}. \
         Please include the Customer in the `customer` parameter on the PaymentIntent."
    ))
    .code("parameter_missing")
    .param("source")
}

fn setup_needs_customer(method: PaymentMethodId, owner: CustomerId) -> WireError {
    WireError::invalid(format!(
        "The payment method supplied ({method}) belongs to the Customer {owner}. Please include \
         the Customer in the `customer` parameter on the SetupIntent."
    ))
    .param("payment_method")
}

fn default_not_attached(method: &str, param: &'static str) -> WireError {
    let method = crate::params::echo(method);
    WireError::invalid(format!(
        "The customer does not have a payment method with the ID {method}. The payment method \
         must be attached to the customer."
    ))
    .code("resource_missing")
    .param(param)
}

fn of_nobody_here() -> WireError {
    WireError::new(404, ErrorType::InvalidRequest, "Invalid request").param("customer")
}

fn too_many() -> WireError {
    WireError::invalid("The customer has too many payment methods. Detach some of them first.")
        .code("customer_max_payment_methods")
}

fn network_not_on_card(network: &str) -> WireError {
    WireError::invalid(format!("This card can't be used on `{network}`."))
        .param("card[networks][preferred]")
}
