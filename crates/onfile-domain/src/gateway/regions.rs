//! Reference rates of a test world (`card-network.md` 6.1): data, not code.

use crate::money::{Currency, Money};

/// Units of a currency for one euro, in hundredths.
pub const RATES_E2: &[(&str, i64)] = &[
    ("eur", 100),
    ("usd", 110),
    ("gbp", 85),
    ("chf", 95),
    ("jpy", 16_000),
    ("inr", 9_500),
    ("cad", 150),
    ("aud", 165),
    ("sek", 1_150),
    ("nok", 1_150),
    ("dkk", 746),
    ("pln", 430),
    ("sgd", 145),
    ("brl", 600),
];

fn rate(currency: Currency) -> Option<i64> {
    RATES_E2.iter().find(|(code, _)| *code == currency.code()).map(|(_, rate)| *rate)
}

/// The amount in hundredths of a euro, rounded up; `None` for a currency without a rate, which
/// counts as above every limit. Nothing is nothing in every currency.
pub fn euro_cents(amount: Money) -> Option<i64> {
    if amount.minor() == 0 {
        return Some(0);
    }
    let scale = 10i128.pow(amount.currency.exponent());
    let cents = i128::from(amount.minor()) * 10_000;
    let divisor = i128::from(rate(amount.currency)?) * scale;
    i64::try_from((cents + divisor - 1).div_euclid(divisor)).ok()
}

/// The amount in another currency, half up; `None` where there is no rate.
pub fn converted(amount: Money, into: Currency) -> Option<Money> {
    rate(amount.currency)?;
    rate(into)?;
    Some(convert(amount, into).0)
}

/// The amount in the account's currency, and the rate in millionths where one was needed. A
/// currency without a rate is booked as it is, one to one in whole units.
pub fn convert(amount: Money, into: Currency) -> (Money, Option<i64>) {
    if amount.currency == into {
        return (amount, None);
    }
    let (from_rate, into_rate) = match (rate(amount.currency), rate(into)) {
        (Some(from), Some(into)) => (i128::from(from), i128::from(into)),
        (Some(_) | None, _) => (1, 1),
    };
    let from_scale = 10i128.pow(amount.currency.exponent());
    let into_scale = 10i128.pow(into.exponent());
    let (above, below) = (into_rate * into_scale, from_rate * from_scale);
    // Half up, as fees are.
    let minor = (i128::from(amount.minor()) * above * 2 + below).div_euclid(below * 2);
    let rate_e6 = into_rate * 1_000_000 / from_rate;
    let minor = i64::try_from(minor).expect("an amount of at most twelve digits stays one");
    (Money::new(minor, into), Some(i64::try_from(rate_e6).expect("rates are small")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_in_euro_are_rounded_up() {
        assert_eq!(euro_cents(Money::new(5_500, Currency::USD)), Some(5_000));
        assert_eq!(euro_cents(Money::new(5_501, Currency::USD)), Some(5_001));
        assert_eq!(euro_cents(Money::new(160, "jpy".parse().unwrap())), Some(100));
        assert_eq!(euro_cents(Money::new(100, "kes".parse().unwrap())), None);
        assert_eq!(euro_cents(Money::new(0, "kes".parse().unwrap())), Some(0));
    }

    #[test]
    fn settlement_converts_half_up() {
        assert_eq!(convert(Money::new(110, Currency::USD), Currency::EUR).0.minor(), 100);
        assert_eq!(convert(Money::new(100, Currency::EUR), Currency::USD).0.minor(), 110);
        assert_eq!(
            convert(Money::new(1_000, "jpy".parse().unwrap()), Currency::EUR).0.minor(),
            625
        );
    }
}
