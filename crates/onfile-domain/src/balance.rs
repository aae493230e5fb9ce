//! What an account has: what of it can be paid out, and what can't yet (`stripe-api.md` 11.2).

use std::collections::BTreeMap;

use crate::money::{Currency, Money};
use crate::time::WorldTime;

mod statement;

pub(crate) use statement::announce;
pub use statement::{Statement, become_available};

/// Money of an account that can be paid out from one moment on: the sum of the movements that
/// share it, as the store adds them up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settling {
    /// What is counted.
    pub currency: Currency,
    /// From when on it can be paid out.
    pub available_on: WorldTime,
    /// Minor units; negative where more was given back than taken.
    pub amount: i64,
}

impl Settling {
    /// The moment that stands for money that never had to wait.
    pub const AT_ONCE: WorldTime = WorldTime(0);
}

/// What of the money can be paid out at this moment.
pub fn available_at(now: WorldTime, money: &[Settling]) -> Vec<Settling> {
    money.iter().filter(|it| it.available_on <= now).copied().collect()
}

/// What an account has, by currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// What can be paid out; less than nothing where more was given back.
    pub available: Vec<Money>,
    /// What comes to be available by itself, in the same currencies.
    pub pending: Vec<Money>,
}

impl Balance {
    /// The balance at this moment. The currency that the account settles in is always there.
    pub fn at(now: WorldTime, settles_in: Currency, money: &[Settling]) -> Balance {
        let mut sums: BTreeMap<Currency, (i64, i64)> = BTreeMap::from([(settles_in, (0, 0))]);
        for it in money {
            let (available, pending) = sums.entry(it.currency).or_default();
            *if it.available_on <= now { available } else { pending } += it.amount;
        }
        let all = |pick: fn(&(i64, i64)) -> i64| {
            sums.iter().map(|(currency, sums)| Money::new(pick(sums), *currency)).collect()
        };
        Balance { available: all(|sums| sums.0), pending: all(|sums| sums.1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_becomes_available_by_the_clock() {
        let at = |currency, available_on, amount| Settling {
            currency,
            available_on: WorldTime(available_on),
            amount,
        };
        let money = [
            at(Currency::USD, 0, 5),
            at(Currency::USD, 100, 1_000),
            at(Currency::USD, 200, -300),
            at(Currency::EUR, 100, 7),
        ];
        for (now, usd, eur) in
            [(99, (5, 700), (0, 7)), (100, (1_005, -300), (7, 0)), (200, (705, 0), (7, 0))]
        {
            let balance = Balance::at(WorldTime(now), Currency::USD, &money);
            let expected = |pick: fn((i64, i64)) -> i64| {
                vec![Money::new(pick(eur), Currency::EUR), Money::new(pick(usd), Currency::USD)]
            };
            assert_eq!(balance.available, expected(|sums| sums.0), "{now}");
            assert_eq!(balance.pending, expected(|sums| sums.1), "{now}");
        }
        let empty = Balance::at(WorldTime(0), Currency::EUR, &[]);
        assert_eq!(empty.available, [Money::new(0, Currency::EUR)]);
    }
}
