//! Tells that more of an account's money can be paid out (`stripe-api.md` 8.3): once for each
//! moment at which some begins to be, and at once for what never had to wait.
//!
//! Only growth is told: where as much is given back as taken of what comes at one moment, nothing
//! is (Stripe: "not fired for negative transactions"). Nobody's call did it, so `request` says
//! nothing, also where the money came at once: then it is told behind whatever the payment told.
//! The sums are read for it, and not by the payment, which shares them with all others under way;
//! what is told to be available is what was when it was committed.

use crate::balance::{Balance, Settling};
use crate::balance_transaction::BalanceTransaction;
use crate::case::{Case, Halt, TimerKind};
use crate::event::EventType;
use crate::id::StatementId;
use crate::money::Money;
use crate::time::WorldTime;

/// What an account had when it was told of: an event's object, and no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Nobody is shown it.
    pub id: StatementId,
    /// When it was so.
    pub created: WorldTime,
    /// See [`Balance::available`].
    pub available: Vec<Money>,
    /// See [`Balance::pending`].
    pub pending: Vec<Money>,
}

/// The subject of timers for all that can be paid out from one moment on: of these there is one.
const ALL: u64 = 0;

/// Remembers to tell of a movement when it can be paid out, where the account has more by it.
pub(crate) fn announce(case: &mut Case<'_>, movement: &BalanceTransaction) {
    let Settling { available_on, amount, .. } = movement.settling();
    if amount <= 0 {
        return;
    }
    let (seconds, subject) = match available_on == Settling::AT_ONCE {
        true => (0, movement.id.seq),
        false => (available_on.since(case.now()), ALL),
    };
    case.later(seconds, TimerKind::BalanceAvailable, subject);
}

/// Tells what can be paid out from this moment on. Where as much was given back as was taken, it
/// did not grow, and nothing is told.
///
/// # Errors
/// Only [`Halt::Need`].
pub fn become_available(case: &mut Case<'_>, due_at: WorldTime, subject: u64) -> Result<(), Halt> {
    let money = case.balance()?;
    let grows = |it: &Settling| it.available_on == due_at && it.amount > 0;
    if subject == ALL && !money.iter().any(grows) {
        return Ok(());
    }
    case.rely_on_available()?;
    let now = case.now();
    let Balance { available, pending } = Balance::at(now, case.account().default_currency, money);
    let id = case.mint.id(StatementId::new);
    case.tell(EventType::BalanceAvailable, Statement { id, created: now, available, pending });
    Ok(())
}

#[cfg(test)]
mod tests;
