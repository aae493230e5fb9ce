//! Refusals of refunds (`stripe-api.md` 6.6). The one of a disputed charge comes with disputes.

use onfile_domain::id::{ChargeId, PaymentIntentId};
use onfile_domain::money::Money;
use onfile_domain::refusal::RefundRefused;

use super::money::amount;
use crate::error::WireError;

/// What a refused refund is told.
pub(super) fn reason(why: &RefundRefused) -> WireError {
    match why {
        RefundRefused::ChargeRefunded(charge) => already(*charge),
        RefundRefused::TooLarge { asked, left, again } => too_large(*asked, *left, *again),
        RefundRefused::Uncaptured(intent) => uncaptured(*intent),
        RefundRefused::NothingToRefund(intent) => nothing(*intent),
        RefundRefused::ChargeOfOtherIntent { charge, intent } => of_other_intent(*charge, *intent),
        RefundRefused::Cancel => WireError::invalid(CANCEL),
    }
}

const CANCEL: &str = "Canceling this refund is unsupported.";

fn already(charge: ChargeId) -> WireError {
    WireError::invalid(format!("Charge {charge} has already been refunded."))
        .code("charge_already_refunded")
}

fn too_large(asked: Money, left: Money, again: bool) -> WireError {
    let what = if again { "unrefunded amount on charge" } else { "charge amount" };
    WireError::invalid(format!(
        "Refund amount ({}) is greater than {what} ({})",
        amount(asked),
        amount(left)
    ))
    .param("amount")
}

fn uncaptured(intent: PaymentIntentId) -> WireError {
    WireError::invalid(format!(
        "This uncaptured Charge was created by a PaymentIntent ({intent}). You must cancel the \
         PaymentIntent to reverse the authorization instead of refunding the Charge directly. For \
         more information, see https://stripe.com/docs/payments/place-a-hold-on-a-payment-method"
    ))
}

fn nothing(intent: PaymentIntentId) -> WireError {
    WireError::invalid(format!(
        "This PaymentIntent ({intent}) does not have a successful charge to refund."
    ))
}

/// Ours: what Stripe says to a charge beside another's intent is not recorded.
fn of_other_intent(charge: ChargeId, intent: PaymentIntentId) -> WireError {
    WireError::invalid(format!("Charge {charge} does not belong to PaymentIntent {intent}."))
        .param("charge")
}
