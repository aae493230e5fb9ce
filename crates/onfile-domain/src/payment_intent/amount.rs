//! How much may be charged (`stripe-api.md` 1.7, 1.12).
//!
//! The least is a matter of the currency that the account settles in: what is charged in another
//! one is converted first, by the world's reference rates. Where there is no rate, or Stripe names
//! no minimum for the account's currency, the charged currency's own holds.

use crate::gateway::regions;
use crate::money::{Currency, Money};
use crate::refusal::{PaymentRefused, Why};

/// Whether an amount may be charged at an account that settles in this currency.
pub(crate) fn check(amount: Money, settles_in: Currency) -> Result<(), Why> {
    let most = Money::new(amount.currency.maximum_charge(), amount.currency);
    if !most.covers(amount) {
        return Err(Why::Payment(PaymentRefused::AmountTooLarge { most }));
    }
    check_steps(amount, "amount")?;
    check_least(amount, settles_in)
}

/// Networks take no fraction of some currencies that the API counts in finer units.
pub(crate) fn check_steps(amount: Money, param: &'static str) -> Result<(), Why> {
    let step = amount.currency.step();
    if amount.minor() % step == 0 {
        Ok(())
    } else {
        Err(Why::Payment(PaymentRefused::AmountNotDivisible {
            currency: amount.currency,
            by: step,
            param,
        }))
    }
}

fn check_least(amount: Money, settles_in: Currency) -> Result<(), Why> {
    let settled = regions::converted(amount, settles_in);
    let settled = settled.filter(|_| settles_in != amount.currency);
    if let (Some(settled), Some(least)) = (settled, settles_in.minimum_charge()) {
        let least = Money::new(least, settles_in);
        return if settled.covers(least) {
            Ok(())
        } else {
            Err(Why::Payment(PaymentRefused::AmountConvertsTooSmall { least, amount, settled }))
        };
    }
    match amount.currency.minimum_charge() {
        Some(least) if amount.minor() < least => {
            Err(Why::Payment(PaymentRefused::AmountTooSmall {
                least: Money::new(least, amount.currency),
            }))
        }
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(minor: i64, currency: &str, settles_in: &str) -> &'static str {
        let amount = Money::new(minor, currency.parse().unwrap());
        match check(amount, settles_in.parse().unwrap()) {
            Ok(()) => "ok",
            Err(Why::Payment(PaymentRefused::AmountTooSmall { least })) => {
                assert_eq!(least.currency, amount.currency);
                "small"
            }
            Err(Why::Payment(PaymentRefused::AmountConvertsTooSmall { settled, .. })) => {
                assert_ne!(settled.currency, amount.currency);
                "converts"
            }
            Err(Why::Payment(PaymentRefused::AmountTooLarge { .. })) => "large",
            Err(Why::Payment(PaymentRefused::AmountNotDivisible { param: "amount", .. })) => {
                "steps"
            }
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_least_and_the_most() {
        for (minor, currency, settles_in, expected) in [
            (49, "usd", "usd", "small"),
            (50, "usd", "usd", "ok"),
            (99_999_999, "usd", "usd", "ok"),
            (100_000_000, "usd", "usd", "large"),
            (29, "gbp", "gbp", "small"),
            (30, "gbp", "gbp", "ok"),
            (49, "jpy", "jpy", "small"),
            (50, "jpy", "jpy", "ok"),
            (17_499, "huf", "huf", "small"),
            // At another account it is converted: 50 yen are 34 cents.
            (50, "jpy", "usd", "converts"),
            (73, "jpy", "usd", "ok"),
            (30, "gbp", "usd", "converts"),
            (45, "eur", "usd", "ok"),
            (44, "eur", "usd", "converts"),
            (55, "usd", "eur", "ok"),
            (54, "usd", "eur", "converts"),
            // Nobody knows a rate.
            (17_499, "huf", "usd", "small"),
            (1, "kes", "usd", "ok"),
            (49, "usd", "kes", "small"),
            (999_999_999_999, "idr", "usd", "ok"),
            (1_000_000_000_000, "idr", "usd", "large"),
        ] {
            assert_eq!(told(minor, currency, settles_in), expected, "{minor} {currency}");
        }
    }

    #[test]
    fn some_currencies_come_in_steps() {
        for (minor, currency, expected) in [
            (5_120, "kwd", "ok"),
            (5_124, "kwd", "steps"),
            (5_125, "bhd", "steps"),
            (5_121, "jod", "steps"),
            (5_121, "omr", "steps"),
            (5_121, "tnd", "steps"),
            (500, "isk", "ok"),
            (550, "isk", "steps"),
            (500, "ugx", "ok"),
            (501, "ugx", "steps"),
            (501, "huf", "small"),
            (20_001, "huf", "ok"),
            (501, "twd", "ok"),
            (501, "krw", "ok"),
        ] {
            assert_eq!(told(minor, currency, "usd"), expected, "{minor} {currency}");
        }
    }
}
