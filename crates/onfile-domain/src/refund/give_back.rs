//! The one rule by which money is given back, whoever asks: a call of its own, or a larger
//! decision that it is a part of.

use crate::card::TestEffect;
use crate::case::{Case, Halt, TimerKind};
use crate::charge::{Charge, ChargeResult};
use crate::command::MetadataPatch;
use crate::contact::Metadata;
use crate::event::EventType;
use crate::id::{ChargeId, RefundId};
use crate::money::Money;
use crate::refund::{PendingReason, Refund, RefundReason, RefundState, books, settle};
use crate::refusal::{RefundRefused, Why};

/// What whoever gives back may say.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// In minor units, at least one; `None` gives back all that is left.
    pub amount: Option<i64>,
    /// Why.
    pub reason: Option<RefundReason>,
    /// The caller's notes.
    pub metadata: MetadataPatch,
    /// Where instructions would go.
    pub instructions_email: Option<String>,
}

/// Gives back money of a charge, all of it or part, within the decision of `case`: the refund,
/// the charge and the movement are written, the events told, the timer set, and the network is
/// told once everything is committed. Nothing is asked over a wire, so it may stand anywhere in a
/// decision, several times too: each call sees what the ones before left of the charge.
///
/// # Errors
/// [`RefundRefused::ChargeRefunded`], [`RefundRefused::TooLarge`], [`RefundRefused::Uncaptured`] or
/// [`RefundRefused::NothingToRefund`]; [`Halt::Need`] while a row isn't loaded.
pub fn give_back(case: &mut Case<'_>, charge: ChargeId, wish: Wish) -> Result<Refund, Halt> {
    let before: Charge = case.get(charge)?;
    let amount = amount(&before, wish.amount)?;
    let mut metadata = Metadata::new();
    wish.metadata.apply(&mut metadata)?;
    let id = case.mint.id(RefundId::new);
    let mut charge = before.clone();
    let state = match before.card.facts.effect {
        Some(TestEffect::PendingRefund) => {
            books::reserve(&mut charge, amount.minor());
            RefundState::Pending { why: PendingReason::Processing }
        }
        None | Some(TestEffect::BypassPending | TestEffect::RefundFails) => {
            let balance_transaction = books::book(case, &mut charge, id, amount)?;
            RefundState::Succeeded { balance_transaction, reference: None }
        }
    };
    let refund = Refund {
        id,
        created: case.now(),
        amount,
        state,
        charge: charge.id,
        payment_intent: charge.payment_intent,
        payment_method: charge.payment_method,
        customer: charge.customer,
        reason: wish.reason,
        instructions_email: wish.instructions_email,
        metadata,
    };
    case.put(charge.clone());
    case.put(refund.clone());
    case.later(settle::SECONDS, TimerKind::SettleRefund, id.seq);
    case.tell(EventType::RefundCreated, refund.clone());
    match refund.state {
        RefundState::Succeeded { .. } => {
            books::credit(case, &refund, &charge);
            case.tell_change(EventType::ChargeRefunded, &before, &charge);
        }
        RefundState::Pending { .. } | RefundState::Failed { .. } => {}
    }
    Ok(refund)
}

/// How much is given back.
fn amount(charge: &Charge, wanted: Option<i64>) -> Result<Money, Why> {
    let money = |minor| Money::new(minor, charge.amount.currency);
    let (taken, left) = match (&charge.result, charge.refundable()) {
        (ChargeResult::Captured { amount, .. }, Some(left)) => (*amount, left),
        (ChargeResult::Held { .. } | ChargeResult::PartlyCaptured { .. }, _) => {
            return Err(Why::Refund(RefundRefused::Uncaptured(charge.payment_intent)));
        }
        // What was let go was given back by that; nothing was ever taken.
        (
            ChargeResult::Captured { .. }
            | ChargeResult::Released { .. }
            | ChargeResult::Failed { .. },
            _,
        ) => return Err(Why::Refund(RefundRefused::NothingToRefund(charge.payment_intent))),
    };
    if left == 0 {
        return Err(Why::Refund(RefundRefused::ChargeRefunded(charge.id)));
    }
    let asked = wanted.unwrap_or(left);
    if asked > left {
        return Err(Why::Refund(RefundRefused::TooLarge {
            asked: money(asked),
            left: money(left),
            again: left < taken,
        }));
    }
    assert!(asked > 0, "the edge lets no smaller refund in");
    Ok(money(asked))
}
