//! Refusals of what is done to a hold: captures and increments (`stripe-api.md` 2.6, 3.2, 6.4).
//! Of captures in parts and of increments Stripe's own words are not known.

use onfile_domain::charge::terms;
use onfile_domain::money::Money;
use onfile_domain::payment_intent::Status;
use onfile_domain::refusal::HoldRefused;

use super::money::amount;
use super::payment::state;
use crate::error::WireError;
use crate::params::ParamError;

/// What is told of a hold that can't be captured, canceled or raised so.
pub(super) fn reason(why: &HoldRefused) -> WireError {
    match why {
        HoldRefused::CaptureSucceeded => state(CAPTURE_SUCCEEDED),
        HoldRefused::CaptureStatus(status) => capture_status(*status),
        HoldRefused::CaptureExpired => capture_expired(),
        HoldRefused::CaptureTooLarge => capture_too_large(),
        HoldRefused::CaptureTooSmall { asked } => capture_too_small(*asked),
        HoldRefused::MulticaptureUnavailable => multicapture_unavailable(),
        HoldRefused::TooManyCaptures => too_many_captures(),
        HoldRefused::CancelPartlyCaptured => state(CANCEL_PARTLY_CAPTURED),
        HoldRefused::IncrementStatus(status) => increment_status(*status),
        HoldRefused::IncrementUnavailable => state(INCREMENT_UNAVAILABLE),
        HoldRefused::IncrementCaptured => state(INCREMENT_CAPTURED),
        HoldRefused::IncrementExpired => state(INCREMENT_EXPIRED),
        HoldRefused::TooManyIncrements => too_many_increments(),
        HoldRefused::IncrementNotHigher { authorized } => increment_not_higher(*authorized),
        HoldRefused::IncrementTooLarge { limit } => increment_too_large(*limit),
    }
}

const CAPTURE_SUCCEEDED: &str = "The remaining amount on this PaymentIntent could not \
    be captured because the remainder of the authorized amount has been released.";

const CANCEL_PARTLY_CAPTURED: &str = "You cannot cancel this PaymentIntent because part \
    of its authorized amount has been captured. To release the rest, capture it with \
    `amount_to_capture=0` and `final_capture=true`.";

const INCREMENT_UNAVAILABLE: &str = "This PaymentIntent's authorization could not be \
    incremented because incremental authorizations are not available for it. Request them with \
    `payment_method_options[card][request_incremental_authorization]=if_available` before it is \
    confirmed, and look at `payment_method_details.card.incremental_authorization.status` on its \
    charge.";

const INCREMENT_CAPTURED: &str = "This PaymentIntent's authorization could not be \
    incremented because part of it has been captured.";

const INCREMENT_EXPIRED: &str = "This PaymentIntent's authorization could not be \
    incremented because it has expired.";

fn capture_status(status: Status) -> WireError {
    state(format!(
        "This PaymentIntent could not be captured because it has a status of {}. Only a \
         PaymentIntent with one of the following statuses may be captured: requires_capture.",
        status.as_str()
    ))
}

/// The code is Stripe's own; its words are not recorded, so these are ours.
fn capture_expired() -> WireError {
    WireError::invalid(
        "The charge cannot be captured as the authorization has expired. Confirm a new \
         PaymentIntent to authorize it again.",
    )
    .code("charge_expired_for_capture")
}

fn capture_too_large() -> WireError {
    WireError::invalid(
        "The payment could not be captured because the requested capture amount is greater than \
         the amount you can capture for this charge. Contact us via \
         https://support.stripe.com/contact/ for help.",
    )
    .code("amount_too_large")
}

/// Recorded: nothing is called `amount`, and less than nothing is told otherwise.
fn capture_too_small(asked: i64) -> WireError {
    let error = match asked {
        0.. => ParamError::Least { param: "amount".to_owned(), least: 1 },
        ..0 => ParamError::Negative("amount_to_capture".to_owned()),
    };
    error.into()
}

fn multicapture_unavailable() -> WireError {
    WireError::invalid(
        "`final_capture` can only be `false` where multicapture is available. Request it with \
         `payment_method_options[card][request_multicapture]=if_available` before the \
         PaymentIntent is confirmed, and look at \
         `payment_method_details.card.multicapture.status` on its charge.",
    )
    .code("payment_intent_invalid_parameter")
    .param("final_capture")
}

fn too_many_captures() -> WireError {
    state(format!(
        "This PaymentIntent could not be captured because it has been captured {} times already. \
         To release the rest, capture it with `amount_to_capture=0` and `final_capture=true`.",
        terms::CAPTURES
    ))
}

fn increment_status(status: Status) -> WireError {
    state(format!(
        "This PaymentIntent's authorization could not be incremented because it has a status of \
         {}. Only a PaymentIntent with one of the following statuses may be incremented: \
         requires_capture.",
        status.as_str()
    ))
}

fn too_many_increments() -> WireError {
    state(format!(
        "This PaymentIntent's authorization could not be incremented because that was tried {} \
         times already.",
        terms::INCREMENTS
    ))
}

fn increment_not_higher(authorized: Money) -> WireError {
    WireError::invalid(format!(
        "The new amount must be greater than the amount that is authorized, {} {}.",
        amount(authorized),
        authorized.currency.code()
    ))
    .code("payment_intent_invalid_parameter")
    .param("amount")
}

fn increment_too_large(limit: Money) -> WireError {
    WireError::invalid(format!(
        "The authorization can be incremented up to {} {}.",
        amount(limit),
        limit.currency.code()
    ))
    .code("amount_too_large")
    .param("amount")
}
