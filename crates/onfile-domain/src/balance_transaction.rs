//! One movement of an account's money: a balanced double entry, shown as Stripe shows it
//! (`stripe-api.md` 6.5).

use crate::country::Country;
use crate::gateway::regions;
use crate::id::{BalanceTransactionId, ChargeId};
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
    /// When it may be paid out: midnight UTC.
    pub available_on: WorldTime,
    /// Before fees, in the account's currency.
    pub amount: Money,
    /// What the account pays for it, in the same currency.
    pub fee: i64,
    /// Units of the account's currency for one of the charge's, in millionths; `None` where no
    /// conversion happened.
    pub exchange_rate_e6: Option<i64>,
    /// The charge's description.
    pub description: Option<String>,
    /// What kind of movement.
    pub kind: MovementKind,
    /// The charge that moved it.
    pub source: ChargeId,
    /// The double entry; its amounts sum to zero.
    pub lines: Vec<LedgerLine>,
}

words! {
    /// What kind of movement.
    MovementKind {
        /// A captured payment.
        Charge = "charge",
    }
    /// Where money stands.
    LedgerAccount {
        /// Owed to us by the acquirer.
        Acquirer = "acquirer",
        /// The account's money that can't be paid out yet.
        MerchantPending = "merchant_pending",
        /// What processing costs.
        Fees = "fees",
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

/// Basis points and fixed minor units of a fee (`stripe-api.md` 6.5).
const PERCENT_BPS: i64 = 290;
const CROSS_BORDER_BPS: i64 = 80;
const FIXED_MINOR: i64 = 30;
/// US accounts settle two business days later.
const SETTLEMENT_BUSINESS_DAYS: u32 = 2;
/// Canadian ones a week later.
const CANADIAN_SETTLEMENT_DAYS: i64 = 7;

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
    /// The charge's description.
    pub description: Option<String>,
    /// Where the account is.
    pub account_country: Country,
    /// Where the card is from.
    pub card_country: Country,
    /// What the account settles in.
    pub settles_in: Currency,
}

impl CapturedCharge {
    /// The balanced movement: the acquirer owes what was taken, the merchant gets it less the fee.
    pub fn movement(self) -> BalanceTransaction {
        let (amount, exchange_rate_e6) = regions::convert(self.taken, self.settles_in);
        let fee = fee(amount, self.account_country, self.card_country).min(amount.minor);
        BalanceTransaction {
            id: self.id,
            created: self.at,
            available_on: settlement_day(self.at, self.account_country),
            amount,
            fee,
            exchange_rate_e6,
            description: self.description,
            kind: MovementKind::Charge,
            source: self.charge,
            lines: vec![
                LedgerLine { account: LedgerAccount::Acquirer, amount: amount.minor },
                LedgerLine { account: LedgerAccount::MerchantPending, amount: fee - amount.minor },
                LedgerLine { account: LedgerAccount::Fees, amount: -fee },
            ],
        }
    }
}

/// Half-up on the percent part. A foreign card costs a Canadian account 0.8 % more.
fn fee(amount: Money, account: Country, card: Country) -> i64 {
    let cross_border = account.code() == "CA" && card != account;
    let bps = PERCENT_BPS + if cross_border { CROSS_BORDER_BPS } else { 0 };
    let fixed = if amount.currency.exponent() == 0 {
        FIXED_MINOR
    } else {
        FIXED_MINOR * 10i64.pow(amount.currency.exponent()) / 100
    };
    (amount.minor * bps + 5_000) / 10_000 + fixed
}

/// The midnight, UTC, on which the money can be paid out: two business days later, and where it was
/// recorded at a Canadian account a week later.
fn settlement_day(at: WorldTime, account: Country) -> WorldTime {
    if account.code() == "CA" {
        return at.midnight().plus(CANADIAN_SETTLEMENT_DAYS * 86_400);
    }
    let mut day = at.midnight();
    let mut left = SETTLEMENT_BUSINESS_DAYS;
    while left > 0 {
        day = day.plus(86_400);
        if day.weekday() < 5 {
            left -= 1;
        }
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_follow_the_recorded_schedule() {
        let ca: Country = "CA".parse().unwrap();
        assert_eq!(fee(Money::new(2_000, Currency::USD), Country::US, Country::US), 88);
        assert_eq!(fee(Money::new(4_400, "cad".parse().unwrap()), ca, Country::US), 193);
    }

    #[test]
    fn settlement_skips_the_weekend() {
        // 2026-11-27 is a Friday.
        let friday = WorldTime(1_795_737_600 + 3_600);
        assert_eq!(friday.weekday(), 4);
        let days = |account: &str| {
            settlement_day(friday, account.parse().unwrap()).since(friday.midnight()) / 86_400
        };
        assert_eq!((days("US"), days("GB"), days("CA")), (4, 4, 7));
    }
}
