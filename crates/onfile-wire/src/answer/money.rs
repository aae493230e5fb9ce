//! Amounts inside texts: `$0.50`, `¥50`, `15.00` where a currency has no sign.

use std::fmt::Write;

use onfile_domain::money::Money;

/// The sign, then the amount in whole units and their parts, with commas between thousands.
pub(super) fn amount(money: Money) -> String {
    let exponent = money.currency.exponent();
    let one = 10u64.pow(exponent);
    let minor = money.minor().unsigned_abs();
    let mut text = String::from(if money.minor() < 0 { "-" } else { "" });
    text.push_str(money.currency.symbol());
    text.push_str(&thousands(minor / one));
    if exponent > 0 {
        let width = exponent as usize;
        write!(text, ".{:0width$}", minor % one).expect("writing to memory does not fail");
    }
    text
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_texts_have_them() {
        for (minor, currency, text) in [
            (50, "usd", "$0.50"),
            (99_999_999, "usd", "$999,999.99"),
            (50, "jpy", "¥50"),
            (1_234_567, "jpy", "¥1,234,567"),
            (1_500, "czk", "15.00"),
            (1_000, "bhd", "1.000"),
            (-4_000, "eur", "-€40.00"),
        ] {
            assert_eq!(amount(Money::new(minor, currency.parse().unwrap())), text);
        }
    }
}
