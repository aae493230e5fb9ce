//! Refusals of adjustments: ours, in words like Stripe's.

use onfile_domain::id::PaymentIntentId;
use onfile_domain::money::{Currency, Money};
use onfile_domain::payment_intent::Status;
use onfile_domain::refusal::AdjustmentRefused;

use super::money::amount;
use super::payment::state;
use crate::error::WireError;

/// What is told of an order that can't be adjusted so.
pub(super) fn reason(why: &AdjustmentRefused) -> WireError {
    match why {
        AdjustmentRefused::Status(it) => status(*it),
        AdjustmentRefused::Currency { counts_in } => currency(*counts_in),
        AdjustmentRefused::DifferenceTooSmall { difference, least } => {
            difference_too_small(*difference, *least)
        }
        AdjustmentRefused::TooManyPayments { most } => too_many(*most),
        AdjustmentRefused::Disputed(intent) => disputed(*intent),
    }
}

fn status(status: Status) -> WireError {
    state(format!(
        "This order could not be adjusted because its PaymentIntent has a status of {}. Only a \
         PaymentIntent with one of the following statuses may be adjusted: \
         requires_payment_method, requires_confirmation, requires_action, requires_capture, \
         succeeded.",
        status.as_str()
    ))
}

fn currency(counts_in: Currency) -> WireError {
    WireError::invalid(format!(
        "The currency of an order can't change: this one counts in {counts_in}. Refund it, and \
         make a new PaymentIntent in the other currency."
    ))
    .param("currency")
}

fn difference_too_small(difference: Money, least: Money) -> WireError {
    WireError::invalid(format!(
        "The difference that would have to be charged is {} {code}, and amount must be at least \
         {} {code}",
        amount(difference),
        amount(least),
        code = least.currency,
    ))
    .code("amount_too_small")
    .param("amount")
}

fn too_many(most: usize) -> WireError {
    WireError::invalid(format!(
        "The adjustments of one order can make at most {most} payments, and this order has them \
         all. Make a new PaymentIntent for what is to be paid on top."
    ))
    .param("amount")
}

fn disputed(intent: PaymentIntentId) -> WireError {
    WireError::invalid(format!(
        "The charge of {intent} has been charged back; cannot issue a refund."
    ))
    .code("charge_disputed")
}
