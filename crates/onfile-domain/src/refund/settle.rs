//! The network is done with a refund: it names the credit, or the money comes back.

use crate::card::TestEffect;
use crate::case::{Case, Halt};
use crate::charge::Charge;
use crate::event::EventType;
use crate::id::BalanceTransactionId;
use crate::refund::{Refund, RefundFailure, RefundState, books};

/// How long the network takes: Stripe's test mode takes seconds, and says not how many
/// (`stripe-api.md` 6.6).
pub const SECONDS: i64 = 2;

/// Brings a refund to its end. One that has ended stays as it is.
///
/// # Errors
/// Only [`Halt::Need`].
pub fn settle(case: &mut Case<'_>, refund: u64) -> Result<(), Halt> {
    let Some(refund) = case.by_seq::<Refund>(refund)? else { return Ok(()) };
    let charge: Charge = case.get(refund.charge)?;
    match refund.state {
        RefundState::Pending { .. } => arrive(case, &refund, &charge),
        RefundState::Succeeded { balance_transaction, reference: None } => {
            match charge.card.facts.effect {
                Some(TestEffect::RefundFails) => {
                    come_back(case, &refund, charge, balance_transaction)
                }
                None | Some(TestEffect::BypassPending | TestEffect::PendingRefund) => {
                    name(case, &refund, balance_transaction);
                    Ok(())
                }
            }
        }
        RefundState::Succeeded { reference: Some(_), .. } | RefundState::Failed { .. } => Ok(()),
    }
}

/// A pending refund counts from this moment on.
fn arrive(case: &mut Case<'_>, refund: &Refund, before: &Charge) -> Result<(), Halt> {
    let mut charge = before.clone();
    books::unreserve(&mut charge, refund.amount.minor());
    let movement = books::book(case, &mut charge, refund.id, refund.amount)?;
    books::credit(case, refund, &charge);
    case.put(charge.clone());
    name(case, refund, movement);
    case.tell_change(EventType::ChargeRefunded, before, &charge);
    Ok(())
}

/// The credit has its number at the acquirer. It begins with a seven, as a Visa credit's does and
/// no card number, so that it is taken for none.
fn name(case: &mut Case<'_>, before: &Refund, balance_transaction: BalanceTransactionId) {
    let reference = Some(format!("7{}", case.mint.digits::<15>()));
    let state = RefundState::Succeeded { balance_transaction, reference };
    let after = Refund { state, ..before.clone() };
    case.put(after.clone());
    case.tell_change(EventType::RefundUpdated, before, &after);
    case.tell_change(EventType::ChargeRefundUpdated, before, &after);
}

/// The card's bank does not take the money: the account has it again, and so has the charge.
/// Nothing is told of the charge, as nothing is recorded there.
fn come_back(
    case: &mut Case<'_>,
    before: &Refund,
    mut charge: Charge,
    balance_transaction: BalanceTransactionId,
) -> Result<(), Halt> {
    let failure_balance_transaction =
        books::unbook(case, &mut charge, before.amount, balance_transaction)?;
    case.put(charge);
    let state = RefundState::Failed {
        why: RefundFailure::ExpiredOrCanceledCard,
        balance_transaction,
        failure_balance_transaction,
    };
    let after = Refund { state, ..before.clone() };
    case.put(after.clone());
    case.tell(EventType::RefundFailed, after.clone());
    case.tell_change(EventType::RefundUpdated, before, &after);
    case.tell_change(EventType::ChargeRefundUpdated, before, &after);
    Ok(())
}
