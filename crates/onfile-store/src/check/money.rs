//! The ledger's laws: entries that sum to nothing, and what is kept beside them.

use std::collections::BTreeMap;

use onfile_domain::balance_transaction::{
    BalanceTransaction, LedgerAccount, LedgerLine, MovementKind, MovementSource,
};
use onfile_domain::charge::ChargeResult;
use onfile_domain::money::{Currency, Money};
use onfile_domain::refund::{Refund, RefundState};
use onfile_domain::time::WorldTime;

use super::{Checker, Law, Violation};
use crate::contract::WorldId;

impl Checker {
    /// Each entry sums to nothing, owes its net to the account, and was made by what it names.
    pub(super) fn judge_movements(&mut self) {
        let Checker { violations, charges, movements, refunds, .. } = self;
        for ((world, _), movement) in movements {
            let at = format!("world {}, {}", world.0, movement.id);
            let sum: i64 = movement.lines.iter().map(|line| line.amount).sum();
            let owed = owed(movement);
            if sum != 0 || movement.lines.is_empty() || owed != movement.net() {
                let what = format!("{at}: the lines sum to {sum} and owe {owed} to the account");
                violations.push(Violation { law: Law::LedgerBalances, what });
            }
            let (is_known, law) = match movement.source {
                MovementSource::Charge(charge) => {
                    let source = charges.get(&(*world, charge.seq));
                    let source = source
                        .filter(|it| it.id == charge && it.movements().any(|id| id == movement.id));
                    (source.is_some(), Law::CapturesMove)
                }
                MovementSource::Refund(refund) => {
                    let refund = refunds.get(&(*world, refund.seq));
                    let is_known = refund.is_some_and(|refund| moves_by(refund, movement));
                    (is_known, Law::RefundsAgree)
                }
            };
            if !is_known {
                let what = format!("{at}: {} was not moved by it", movement.source);
                violations.push(Violation { law, what });
            }
        }
    }

    /// What the captures of each charge moved together.
    pub(super) fn captured(&self) -> BTreeMap<(WorldId, u64), Moved> {
        let mut moved: BTreeMap<(WorldId, u64), Moved> = BTreeMap::new();
        for ((world, _), movement) in &self.movements {
            let MovementSource::Charge(charge) = movement.source else { continue };
            let is_converted = movement.exchange_rate_e6.is_some();
            let one = Moved { count: 1, amount: movement.amount, is_converted };
            let add = |sum: &mut Moved| {
                sum.is_converted |= is_converted || sum.amount.currency != one.amount.currency;
                sum.count += 1;
                let both = sum.amount.minor().saturating_add(one.amount.minor());
                sum.amount = sum.amount.with_minor(both);
            };
            moved.entry((*world, charge.seq)).and_modify(add).or_insert(one);
        }
        moved
    }

    /// Charges count what their refunds say, and refunds have their movements.
    pub(super) fn judge_refunds(&mut self) {
        let Checker { violations, charges, movements, refunds, .. } = self;
        let mut said: BTreeMap<(WorldId, u64), (i64, i64)> = BTreeMap::new();
        for ((world, _), refund) in refunds {
            let (done, on_its_way) = said.entry((*world, refund.charge.seq)).or_default();
            let amount = refund.amount.minor();
            match &refund.state {
                RefundState::Pending { .. } => *on_its_way += amount,
                RefundState::Succeeded { .. } => *done += amount,
                RefundState::Failed { .. } => {}
            }
            let moved = moved(refund).into_iter().all(|(seq, minor)| {
                movements.get(&(*world, seq)).is_some_and(|movement| {
                    movement.source == MovementSource::Refund(refund.id)
                        && (movement.exchange_rate_e6.is_some()
                            || movement.amount == Money::new(minor, refund.amount.currency))
                })
            });
            if !moved {
                let what = format!("world {}, {}: {:?}", world.0, refund.id, refund.state);
                violations.push(Violation { law: Law::RefundsAgree, what });
            }
        }
        for ((world, seq), charge) in charges {
            let said = said.get(&(*world, *seq)).copied().unwrap_or_default();
            let (counted, taken) = match charge.result {
                ChargeResult::Captured { amount, refunded, refunding, .. } => {
                    ((refunded, refunding), amount)
                }
                ChargeResult::Held { .. }
                | ChargeResult::PartlyCaptured { .. }
                | ChargeResult::Released { .. }
                | ChargeResult::Failed { .. } => ((0, 0), 0),
            };
            if counted != said || counted.0 + counted.1 > taken {
                let what = format!(
                    "world {}, {}: it counts {counted:?} of {taken}, its refunds say {said:?}",
                    world.0, charge.id
                );
                violations.push(Violation { law: Law::RefundsAgree, what });
            }
        }
    }

    /// What accounts have is what their movements owe them.
    pub(super) fn judge_balances(&mut self) {
        let Checker { violations, movements, balances, .. } = self;
        let mut sums: BTreeMap<(WorldId, Currency, WorldTime), i64> = BTreeMap::new();
        for ((world, _), movement) in movements {
            let it = movement.settling();
            *sums.entry((*world, it.currency, it.available_on)).or_default() += owed(movement);
        }
        for (world, it) in balances {
            *sums.entry((*world, it.currency, it.available_on)).or_default() -= it.amount;
        }
        for ((world, currency, at), difference) in sums.into_iter().filter(|(_, sum)| *sum != 0) {
            let what = format!(
                "world {}, {currency} from {}: {difference} more in the ledger",
                world.0, at.0
            );
            violations.push(Violation { law: Law::BalancesAgree, what });
        }
    }
}

/// What an entry owes to the account.
fn owed(movement: &BalanceTransaction) -> i64 {
    let of_account = |line: &&LedgerLine| match line.account {
        LedgerAccount::MerchantPending | LedgerAccount::MerchantAvailable => true,
        LedgerAccount::Acquirer | LedgerAccount::Fees => false,
    };
    -movement.lines.iter().filter(of_account).map(|line| line.amount).sum::<i64>()
}

/// What several captures moved together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moved {
    pub(super) count: usize,
    pub(super) amount: Money,
    /// One of them at least was in another currency than the charge, so that the sum tells nothing.
    pub(super) is_converted: bool,
}

/// The movements that a refund names, with what each brings to the account.
fn moved(refund: &Refund) -> Vec<(u64, i64)> {
    let amount = refund.amount.minor();
    match &refund.state {
        RefundState::Pending { .. } => Vec::new(),
        RefundState::Succeeded { balance_transaction, .. } => {
            vec![(balance_transaction.seq, -amount)]
        }
        RefundState::Failed { balance_transaction, failure_balance_transaction, .. } => {
            vec![(balance_transaction.seq, -amount), (failure_balance_transaction.seq, amount)]
        }
    }
}

/// Whether a refund names this movement, for what it is.
fn moves_by(refund: &Refund, movement: &BalanceTransaction) -> bool {
    let names = |seq: u64| movement.id.seq == seq;
    match (&refund.state, movement.kind) {
        (
            RefundState::Succeeded { balance_transaction, .. }
            | RefundState::Failed { balance_transaction, .. },
            MovementKind::Refund,
        ) => names(balance_transaction.seq),
        (RefundState::Failed { failure_balance_transaction, .. }, MovementKind::RefundFailure) => {
            names(failure_balance_transaction.seq)
        }
        (
            RefundState::Pending { .. }
            | RefundState::Succeeded { .. }
            | RefundState::Failed { .. },
            MovementKind::Charge | MovementKind::Refund | MovementKind::RefundFailure,
        ) => false,
    }
}
