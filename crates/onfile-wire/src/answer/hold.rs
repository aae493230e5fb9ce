//! Refusals of what is done to a hold: captures in parts, increments (`stripe-api.md` 2.6).
//! Stripe's own words are known for none of these.

use onfile_domain::charge::terms;
use onfile_domain::money::Money;
use onfile_domain::payment_intent::Status;

use super::money::amount;
use super::payment::state;
use crate::error::WireError;

pub(super) const CANCEL_PARTLY_CAPTURED: &str = "You cannot cancel this PaymentIntent because part \
    of its authorized amount has been captured. To release the rest, capture it with \
    `amount_to_capture=0` and `final_capture=true`.";

pub(super) const INCREMENT_UNAVAILABLE: &str = "This PaymentIntent's authorization could not be \
    incremented because incremental authorizations are not available for it. Request them with \
    `payment_method_options[card][request_incremental_authorization]=if_available` before it is \
    confirmed, and look at `payment_method_details.card.incremental_authorization.status` on its \
    charge.";

pub(super) const INCREMENT_CAPTURED: &str = "This PaymentIntent's authorization could not be \
    incremented because part of it has been captured.";

pub(super) const INCREMENT_EXPIRED: &str = "This PaymentIntent's authorization could not be \
    incremented because it has expired.";

pub(super) fn multicapture_unavailable() -> WireError {
    WireError::invalid(
        "`final_capture` can only be `false` where multicapture is available. Request it with \
         `payment_method_options[card][request_multicapture]=if_available` before the \
         PaymentIntent is confirmed, and look at \
         `payment_method_details.card.multicapture.status` on its charge.",
    )
    .code("payment_intent_invalid_parameter")
    .param("final_capture")
}

pub(super) fn too_many_captures() -> WireError {
    state(format!(
        "This PaymentIntent could not be captured because it has been captured {} times already. \
         To release the rest, capture it with `amount_to_capture=0` and `final_capture=true`.",
        terms::CAPTURES
    ))
}

pub(super) fn increment_status(status: Status) -> WireError {
    state(format!(
        "This PaymentIntent's authorization could not be incremented because it has a status of \
         {}. Only a PaymentIntent with one of the following statuses may be incremented: \
         requires_capture.",
        status.as_str()
    ))
}

pub(super) fn too_many_increments() -> WireError {
    state(format!(
        "This PaymentIntent's authorization could not be incremented because that was tried {} \
         times already.",
        terms::INCREMENTS
    ))
}

pub(super) fn increment_not_higher(authorized: Money) -> WireError {
    WireError::invalid(format!(
        "The new amount must be greater than the amount that is authorized, {} {}.",
        amount(authorized),
        authorized.currency.code()
    ))
    .code("payment_intent_invalid_parameter")
    .param("amount")
}

pub(super) fn increment_too_large(limit: Money) -> WireError {
    WireError::invalid(format!(
        "The authorization can be incremented up to {} {}.",
        amount(limit),
        limit.currency.code()
    ))
    .code("amount_too_large")
    .param("amount")
}
