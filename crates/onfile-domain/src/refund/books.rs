//! How a refund stands in the books: in its charge, in the ledger, and at the network.

use crate::balance;
use crate::balance_transaction::{BalanceTransaction, GivenBack};
use crate::card::TestEffect;
use crate::case::{Case, Halt};
use crate::charge::{Charge, ChargeResult};
use crate::id::{BalanceTransactionId, RefundId};
use crate::money::Money;
use crate::network::Followup;
use crate::refund::Refund;

/// Sets money of the charge aside that will be given back.
pub(super) fn reserve(charge: &mut Charge, amount: i64) {
    let (refunded, refunding, taken) = counts(charge);
    *refunding += amount;
    assert!(*refunded + *refunding <= taken, "no more is given back than was taken");
}

/// The money that was set aside is no longer.
pub(super) fn unreserve(charge: &mut Charge, amount: i64) {
    let (_, refunding, _) = counts(charge);
    *refunding -= amount;
    assert!(*refunding >= 0, "only what was set aside is taken from there");
}

/// Books money that leaves the account for the card.
pub(super) fn book(
    case: &mut Case<'_>,
    charge: &mut Charge,
    refund: RefundId,
    amount: Money,
) -> Result<BalanceTransactionId, Halt> {
    let charged: BalanceTransaction = case.get(movement_of(charge))?;
    let (refunded, refunding, taken) = counts(charge);
    let before = Money::new(*refunded, amount.currency);
    *refunded += amount.minor();
    assert!(*refunded + *refunding <= taken, "no more is given back than was taken");
    let movement = GivenBack {
        id: case.mint.id(BalanceTransactionId::new),
        at: case.now(),
        refund,
        amount,
        before,
        charged: &charged,
        description: charge.description.as_deref(),
        account_country: case.account().country,
    }
    .movement();
    let id = movement.id;
    case.put(movement);
    Ok(id)
}

/// Books money that came back, and says by which movement.
pub(super) fn unbook(
    case: &mut Case<'_>,
    charge: &mut Charge,
    amount: Money,
    booked: BalanceTransactionId,
) -> Result<BalanceTransactionId, Halt> {
    let booked: BalanceTransaction = case.get(booked)?;
    let (refunded, _, _) = counts(charge);
    *refunded -= amount.minor();
    assert!(*refunded >= 0, "only what was given back comes back");
    let id = case.mint.id(BalanceTransactionId::new);
    let movement = booked.of_failure(id, case.now(), case.account().country);
    balance::announce(case, &movement);
    case.put(movement);
    Ok(id)
}

/// Has the network told of the credit. A bank that will not take it never books it, so that
/// nothing is told there.
pub(super) fn credit(case: &mut Case<'_>, refund: &Refund, charge: &Charge) {
    match charge.card.facts.effect {
        Some(TestEffect::RefundFails) => {}
        None | Some(TestEffect::BypassPending | TestEffect::PendingRefund) => {
            case.follow_up(Followup::Refund {
                charge: refund.charge,
                method: refund.payment_method,
                amount: refund.amount,
            });
        }
    }
}

/// What was given back, what is on its way back, and what was taken.
fn counts(charge: &mut Charge) -> (&mut i64, &mut i64, i64) {
    match &mut charge.result {
        ChargeResult::Captured { amount, refunded, refunding, .. } => {
            (refunded, refunding, *amount)
        }
        ChargeResult::Held { .. }
        | ChargeResult::PartlyCaptured { .. }
        | ChargeResult::Released { .. }
        | ChargeResult::Failed { .. } => {
            panic!("{} was not captured, so nothing of it is given back", charge.id)
        }
    }
}

fn movement_of(charge: &Charge) -> BalanceTransactionId {
    match &charge.result {
        ChargeResult::Captured { balance_transaction, .. } => *balance_transaction,
        ChargeResult::Held { .. }
        | ChargeResult::PartlyCaptured { .. }
        | ChargeResult::Released { .. }
        | ChargeResult::Failed { .. } => {
            panic!("{} was not captured, so nothing of it moved", charge.id)
        }
    }
}
