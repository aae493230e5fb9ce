//! An adjustment as it is shown: where it stands, and the whole order around it.

use crate::adjustment::order::{Order, Payment};
use crate::adjustment::plan::{Road, Totals};
use crate::adjustment::{Adjustment, Raise, Status};
use crate::case::{Case, Halt, Need};
use crate::command::Answer;
use crate::failure::{Cause, Failure};
use crate::id::{AdjustmentId, PaymentIntentId};
use crate::object::{Kind, Object};
use crate::payment_intent::State;
use crate::refund::{Refund, RefundState};

/// An adjustment with all that follows from the order's payments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The adjustment.
    pub adjustment: Adjustment,
    /// Where it stands.
    pub status: Status,
    /// Why the payment that it made failed.
    pub last_payment_error: Option<Failure>,
    /// What the order has paid.
    pub totals: Totals,
    /// Every payment of the order, the first one first.
    pub payments: Vec<PaymentIntentId>,
    /// Every adjustment of the order, oldest first.
    pub adjustments: Vec<Link>,
}

/// An adjustment among those of its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Which.
    pub id: AdjustmentId,
    /// Where it stands.
    pub status: Status,
    /// The road it took.
    pub road: Road,
    /// The total before.
    pub previous: i64,
    /// The total asked for.
    pub amount: i64,
}

/// Reports on an adjustment, as everything stands in this decision.
///
/// # Errors
/// Only [`Halt::Need`].
pub fn report(case: &Case<'_>, adjustment: Adjustment) -> Result<Report, Halt> {
    let order = Order::load(case, adjustment.payment_intent, Some(&adjustment))?;
    let made = adjustment.made.and_then(|id| order.payment(id));
    Ok(Report {
        status: status(&adjustment, &order),
        last_payment_error: match (made, &adjustment.raise) {
            (Some(made), _) => made.intent.last_payment_error.clone(),
            (None, Some(Raise::Refused(failure))) => Some(failure.clone()),
            (None, Some(Raise::Asked | Raise::Held) | None) => None,
        },
        totals: order.funds(case).totals(),
        payments: order.payments().map(|payment| payment.intent.id).collect(),
        adjustments: order.adjustments.iter().map(|it| link(it, &order)).collect(),
        adjustment,
    })
}

/// What the call that adjusted an order is told, when a payment that it made came to an end
/// without it; `None` where no adjustment made the payment, or raised its hold.
///
/// # Errors
/// Only [`Halt::Need`].
pub fn of_payment(case: &Case<'_>, answer: &Answer) -> Result<Option<Answer>, Halt> {
    let (Answer::Shown(object) | Answer::Failed { about: Some(object), .. }) = answer else {
        return Ok(None);
    };
    let Object::PaymentIntent(made) = object else { return Ok(None) };
    let original = made.original.unwrap_or(made.id);
    let mut all = case.all::<Adjustment>(Need::Children(Kind::Adjustment, original.seq))?;
    all.sort_by_key(|it| it.number);
    let its = |it: &Adjustment| it.made == Some(made.id) || it.raises(made.id);
    let Some(adjustment) = all.into_iter().rfind(its) else { return Ok(None) };
    Ok(Some(Answer::Adjusted(Box::new(report(case, adjustment)?))))
}

fn link(adjustment: &Adjustment, order: &Order) -> Link {
    Link {
        id: adjustment.id,
        status: status(adjustment, order),
        road: adjustment.plan.road,
        previous: adjustment.plan.previous,
        amount: adjustment.amount.minor(),
    }
}

/// Where an adjustment stands: as the payment that it made does.
fn status(adjustment: &Adjustment, order: &Order) -> Status {
    if let Some(made) = adjustment.made.and_then(|id| order.payment(id)) {
        return status_of(made);
    }
    match &adjustment.raise {
        // Whoever cut it off ends it: until then nobody knows.
        Some(Raise::Asked) => Status::Processing,
        Some(Raise::Refused(failure)) => waiting(Some(failure)),
        Some(Raise::Held) | None => {
            status_of_refunds(order.refunds.iter().filter(|it| is_its(adjustment, it)))
        }
    }
}

fn is_its(adjustment: &Adjustment, refund: &Refund) -> bool {
    adjustment.refunds.contains(&refund.id)
}

/// Money that the card's bank sends back was not given back: the order stands higher again.
fn status_of_refunds<'a>(refunds: impl Iterator<Item = &'a Refund>) -> Status {
    let statuses = refunds.map(|refund| match refund.state {
        RefundState::Succeeded { .. } => Status::Succeeded,
        RefundState::Pending { .. } => Status::Processing,
        RefundState::Failed { .. } => Status::Declined,
    });
    statuses.max().unwrap_or(Status::Succeeded)
}

fn status_of(made: &Payment) -> Status {
    if made.intent.inflight.is_some() {
        return Status::Processing;
    }
    match made.intent.state {
        State::RequiresCapture { .. } | State::Succeeded { .. } => Status::Succeeded,
        State::RequiresAction { .. } => Status::RequiresCustomer,
        State::RequiresPaymentMethod | State::RequiresConfirmation { .. } => {
            waiting(made.intent.last_payment_error.as_ref())
        }
        // A hold that was let go since, or a difference that nobody paid.
        State::Canceled { .. } => {
            let was_held = made.charge.as_ref().is_some_and(|charge| charge.is_paid());
            if was_held { Status::Succeeded } else { Status::Declined }
        }
    }
}

/// Whether the customer or another card is needed.
fn waiting(failure: Option<&Failure>) -> Status {
    match failure.map(|failure| &failure.cause) {
        Some(Cause::Declined(decline)) if decline.code != "authentication_required" => {
            Status::Declined
        }
        Some(
            Cause::Declined(_)
            | Cause::PaymentAuthenticationFailed
            | Cause::SetupAuthenticationFailed,
        )
        | None => Status::RequiresCustomer,
    }
}
