//! One movement of an account's money: a balanced double entry, shown as Stripe shows it
//! (`stripe-api.md` 6.5).
//!
//! The ledger is these entries and nothing else: what the account has, and what of it can be paid
//! out, are sums over them ([`crate::balance`]).

use std::fmt;
use std::str::FromStr;

use crate::balance::Settling;
use crate::card::TestEffect;
use crate::country::Country;
use crate::fees;
use crate::gateway::regions;
use crate::id::{BalanceTransactionId, ChargeId, NotAnId, RefundId};
use crate::money::{Currency, Money};
use crate::time::WorldTime;
use crate::words::words;

/// A movement. Its lines sum to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BalanceTransaction {
    /// `txn_…`.
    pub id: BalanceTransactionId,
    /// When it moved.
    pub created: WorldTime,
    /// When it may be paid out: midnight UTC; where it may be at once, when it moved.
    pub available_on: WorldTime,
    /// Before fees, in the account's currency; negative where the account has less by it.
    pub amount: Money,
    /// What the account pays for it, in the same currency.
    pub fee: i64,
    /// Units of the account's currency for one of the charge's, in millionths; `None` where no
    /// conversion happened.
    pub exchange_rate_e6: Option<i64>,
    /// What people read.
    pub description: Option<String>,
    /// What kind of movement.
    pub kind: MovementKind,
    /// What moved it.
    pub source: MovementSource,
    /// The double entry; its amounts sum to zero.
    pub lines: Vec<LedgerLine>,
}

words! {
    /// What kind of movement.
    MovementKind {
        /// A captured payment.
        Charge = "charge",
        /// Money given back.
        Refund = "refund",
        /// Money that could not be given back.
        RefundFailure = "refund_failure",
    }
    /// Where money stands.
    LedgerAccount {
        /// Owed to us by the acquirer.
        Acquirer = "acquirer",
        /// The account's money from the movement's `available_on` on; until then it is pending.
        MerchantPending = "merchant_pending",
        /// The account's money at once.
        MerchantAvailable = "merchant_available",
        /// What processing costs.
        Fees = "fees",
    }
}

/// What moved an account's money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MovementSource {
    /// A captured payment.
    Charge(ChargeId),
    /// Money given back, or that could not be.
    Refund(RefundId),
}

impl fmt::Display for MovementSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MovementSource::Charge(id) => id.fmt(f),
            MovementSource::Refund(id) => id.fmt(f),
        }
    }
}

impl FromStr for MovementSource {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<MovementSource, NotAnId> {
        let charge = text.parse().map(MovementSource::Charge);
        charge.or_else(|_| text.parse().map(MovementSource::Refund))
    }
}

/// One line of a double entry, in the movement's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerLine {
    /// Where the money stands.
    pub account: LedgerAccount,
    /// Minor units; negative is owed to the ledger's account holder.
    pub amount: i64,
}

impl BalanceTransaction {
    /// What the account has more by it, or less.
    pub fn net(&self) -> i64 {
        self.amount.minor() - self.fee
    }

    /// What it adds to the account's balance, and from when on that can be paid out.
    pub fn settling(&self) -> Settling {
        let at_once = self.available_on <= self.created;
        Settling {
            currency: self.amount.currency,
            available_on: if at_once { Settling::AT_ONCE } else { self.available_on },
            amount: self.net(),
        }
    }
}

/// The double entry of an amount that comes in, less a fee; negative, it goes out. The acquirer
/// owes it, and it is owed to the account.
fn entry(amount: i64, fee: i64, account: LedgerAccount) -> Vec<LedgerLine> {
    let mut lines = vec![
        LedgerLine { account: LedgerAccount::Acquirer, amount },
        LedgerLine { account, amount: fee - amount },
    ];
    if fee != 0 {
        lines.push(LedgerLine { account: LedgerAccount::Fees, amount: -fee });
    }
    lines
}

/// A captured charge's movement, in the currency the account settles in.
pub struct CapturedCharge {
    /// The movement's id.
    pub id: BalanceTransactionId,
    /// When the money was taken.
    pub at: WorldTime,
    /// The charge that took it.
    pub charge: ChargeId,
    /// How much was taken.
    pub taken: Money,
    /// How much the charge had taken before, in other captures. What they come to is converted as
    /// a whole, as what is given back is.
    pub before: Money,
    /// The charge's description.
    pub description: Option<String>,
    /// Where the account is.
    pub account_country: Country,
    /// Where the card is from.
    pub card_country: Country,
    /// What is special about the card: its money may be there at once.
    pub effect: Option<TestEffect>,
    /// What the account settles in.
    pub settles_in: Currency,
}

impl CapturedCharge {
    /// The balanced movement: the acquirer owes what was taken, the merchant gets it less the fee.
    pub fn movement(self) -> BalanceTransaction {
        let (before, _) = regions::convert(self.before, self.settles_in);
        let after = self.before.plus(self.taken);
        let (after, exchange_rate_e6) = regions::convert(after, self.settles_in);
        let amount = after.minus(before);
        let schedule = fees::schedule(self.account_country);
        let fee = schedule.fee(amount, self.account_country, self.card_country);
        let (available_on, account) = match self.effect {
            Some(TestEffect::BypassPending) => (self.at, LedgerAccount::MerchantAvailable),
            None | Some(TestEffect::PendingRefund | TestEffect::RefundFails) => {
                (schedule.available_on(self.at), LedgerAccount::MerchantPending)
            }
        };
        BalanceTransaction {
            id: self.id,
            created: self.at,
            available_on,
            amount,
            fee,
            exchange_rate_e6,
            description: self.description,
            kind: MovementKind::Charge,
            source: MovementSource::Charge(self.charge),
            lines: entry(amount.minor(), fee, account),
        }
    }
}

/// The movement of money that is given back, in the currency that the charge was booked in. Fees
/// are not returned.
pub struct GivenBack<'a> {
    /// The movement's id.
    pub id: BalanceTransactionId,
    /// When it is given back.
    pub at: WorldTime,
    /// The refund.
    pub refund: RefundId,
    /// How much.
    pub amount: Money,
    /// How much of the charge had been given back before. What several refunds come to is
    /// converted as a whole, so that all of them together give back what was booked, to the cent.
    pub before: Money,
    /// The charge's movement.
    pub charged: &'a BalanceTransaction,
    /// The charge's description.
    pub description: Option<&'a str>,
    /// Where the account is.
    pub account_country: Country,
}

impl GivenBack<'_> {
    /// The balanced movement.
    pub fn movement(self) -> BalanceTransaction {
        let booked_in = self.charged.amount.currency;
        let (before, _) = regions::convert(self.before, booked_in);
        let (after, exchange_rate_e6) = regions::convert(self.before.plus(self.amount), booked_in);
        let amount = before.minus(after);
        BalanceTransaction {
            id: self.id,
            created: self.at,
            available_on: fees::schedule(self.account_country).available_on(self.at),
            amount,
            fee: 0,
            exchange_rate_e6,
            description: Some(match self.description {
                Some(description) => format!("REFUND FOR CHARGE ({description})"),
                None => "REFUND FOR CHARGE".to_owned(),
            }),
            kind: MovementKind::Refund,
            source: MovementSource::Refund(self.refund),
            lines: entry(amount.minor(), 0, LedgerAccount::MerchantPending),
        }
    }
}

impl BalanceTransaction {
    /// The movement that takes a refund's back: its bank did not take the money. The description
    /// is ours, for Stripe's is recorded nowhere.
    pub fn of_failure(
        &self,
        id: BalanceTransactionId,
        at: WorldTime,
        account_country: Country,
    ) -> BalanceTransaction {
        let amount = Money::new(-self.amount.minor(), self.amount.currency);
        let description = self.description.as_deref().unwrap_or_default();
        BalanceTransaction {
            id,
            created: at,
            available_on: fees::schedule(account_country).available_on(at),
            amount,
            fee: 0,
            description: Some(description.replacen("REFUND", "REFUND FAILURE", 1)),
            kind: MovementKind::RefundFailure,
            lines: entry(amount.minor(), 0, LedgerAccount::MerchantPending),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests;
