//! What an account pays for a payment, and when the money is there (`stripe-api.md` 6.5): by a
//! schedule that goes by the account's country. `docs/fees.md` is made from it.

use crate::country::Country;
use crate::money::Money;
use crate::time::WorldTime;

/// One account's conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// The country of the account; `None` is every other.
    pub country: Option<&'static str>,
    /// Of what is taken, in hundredths of a percent, rounded half up.
    pub percent_bps: i64,
    /// The same on top, where the card is of another country than the account.
    pub foreign_bps: i64,
    /// Of each payment, in hundredths of the currency's unit (in units where it has no parts).
    pub fixed: i64,
    /// When money that moved may be paid out.
    pub settlement: Settlement,
}

/// When money that moved may be paid out: at midnight UTC of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    /// So many days on, Saturdays and Sundays left out.
    BusinessDays(u32),
    /// So many days on.
    Days(u32),
}

/// The recorded conditions of a Canadian account, and the standard ones of an American, which
/// hold for every country that nothing is recorded of.
pub const SCHEDULES: &[Schedule] = &[
    Schedule {
        country: Some("CA"),
        percent_bps: 290,
        foreign_bps: 80,
        fixed: 30,
        settlement: Settlement::Days(7),
    },
    Schedule {
        country: None,
        percent_bps: 290,
        foreign_bps: 0,
        fixed: 30,
        settlement: Settlement::BusinessDays(2),
    },
];

/// The conditions of an account in this country.
pub fn schedule(account: Country) -> &'static Schedule {
    let fits = |it: &&Schedule| it.country.is_none_or(|country| country == account.code());
    SCHEDULES.iter().find(fits).expect("the last row fits every country")
}

impl Schedule {
    /// The fee of a payment with a card of this country, in minor units of what is booked; never
    /// more than that.
    pub fn fee(&self, booked: Money, account: Country, card: Country) -> i64 {
        let bps = self.percent_bps + if card == account { 0 } else { self.foreign_bps };
        let fixed = match booked.currency.exponent() {
            0 => self.fixed,
            digits => self.fixed * 10i64.pow(digits) / 100,
        };
        ((booked.minor() * bps + 5_000) / 10_000 + fixed).min(booked.minor())
    }

    /// When money that moves at this instant may be paid out.
    pub fn available_on(&self, at: WorldTime) -> WorldTime {
        const DAY: i64 = 86_400;
        match self.settlement {
            Settlement::Days(days) => at.midnight().plus(i64::from(days) * DAY),
            Settlement::BusinessDays(days) => {
                let (mut day, mut left) = (at.midnight(), days);
                while left > 0 {
                    day = day.plus(DAY);
                    left -= u32::from(day.weekday() < 5);
                }
                day
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_follow_the_recorded_schedule() {
        for (account, card, minor, currency, fee) in [
            ("US", "US", 2_000, "usd", 88),
            ("US", "FR", 2_000, "usd", 88),
            ("CA", "US", 4_400, "cad", 193),
            ("CA", "CA", 4_400, "cad", 158),
            ("DE", "DE", 10, "eur", 10),
            ("JP", "JP", 1_000, "jpy", 59),
            ("BH", "BH", 1_000, "bhd", 329),
        ] {
            let [account, card] = [account, card].map(|code| code.parse().unwrap());
            let booked = Money::new(minor, currency.parse().unwrap());
            assert_eq!(schedule(account).fee(booked, account, card), fee, "{account:?} {card:?}");
        }
    }

    #[test]
    fn settlement_goes_by_the_account() {
        const DAY: i64 = 86_400;
        // 2026-11-27 is a Friday.
        let friday = WorldTime(1_795_737_600 + 3_600);
        assert_eq!(friday.weekday(), 4);
        for (account, at, days) in
            [("US", friday, 4), ("US", friday.plus(-DAY), 4), ("FR", friday, 4), ("CA", friday, 7)]
        {
            let schedule = schedule(account.parse().unwrap());
            assert_eq!(schedule.available_on(at), at.midnight().plus(days * DAY), "{account}");
        }
    }
}
