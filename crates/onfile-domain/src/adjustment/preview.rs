//! What an adjustment would do, without doing it.

use crate::adjustment::Status;
use crate::adjustment::create::Create;
use crate::adjustment::plan::{Move, Road, Totals};
use crate::case::{Case, Halt};
use crate::command::Answer;
use crate::failure::Failure;
use crate::id::PaymentIntentId;
use crate::money::Money;
use crate::payment_intent::update::carrying;
use crate::refusal::Refusal;

/// What an adjustment would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The order's first payment.
    pub payment_intent: PaymentIntentId,
    /// The total before.
    pub previous: i64,
    /// The new total.
    pub amount: Money,
    /// The road to it.
    pub road: Road,
    /// What would be done, in order.
    pub moves: Vec<Move>,
    /// What the order has paid so far.
    pub totals: Totals,
    /// What could refuse it.
    pub obstacle: Option<Obstacle>,
}

/// What could refuse an adjustment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Obstacle {
    /// The card's bank is asked, and may say no or want the customer.
    Bank,
    /// Our rules would say no: 400.
    Rules(Box<Refusal>),
    /// The payment would fail without the bank being asked.
    Fails(Status, Failure),
}

/// Plays an adjustment up to where it would leave this server.
///
/// # Errors
/// Where no road leads to the total, the refusal that the call itself would get.
pub fn decide(create: &Create, case: &mut Case<'_>) -> Result<Answer, Halt> {
    let original = create.original(case)?;
    let planned = create.plan(case, original.id);
    let (order, plan) = planned.map_err(|halt| carrying(halt, &original))?;
    let obstacle = match create.clone().decide(&mut case.rehearsal()) {
        Ok(Answer::Adjusted(report)) => {
            report.last_payment_error.map(|failure| Obstacle::Fails(report.status, failure))
        }
        Ok(
            Answer::Shown(_)
            | Answer::Deleted(_)
            | Answer::Previewed(_)
            | Answer::Revealed(_)
            | Answer::Delivery(_)
            | Answer::Event(_)
            | Answer::Failed { .. },
        ) => None,
        Err(Halt::Ask(_)) => Some(Obstacle::Bank),
        Err(Halt::Refused(refusal)) => Some(Obstacle::Rules(refusal)),
        Err(halt @ Halt::Need(_)) => return Err(halt),
    };
    Ok(Answer::Previewed(Box::new(Preview {
        payment_intent: original.id,
        previous: plan.previous,
        amount: Money::new(create.total, original.amount.currency),
        road: plan.road,
        moves: plan.moves,
        totals: order.funds(case).totals(),
        obstacle,
    })))
}
