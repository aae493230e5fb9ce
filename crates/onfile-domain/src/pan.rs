//! A whole card number, which can't be printed.

use std::fmt;

use zeroize::Zeroizing;

/// A whole card number: 12 to 19 digits whose check digit is right. No `Display`, `Clone` or
/// `Serialize`; [`Pan::expose`] is the only way in.
pub struct Pan(Zeroizing<String>);

/// Why a text is no card number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PanError {
    /// Something other than digits, spaces and dashes, or too few or too many digits.
    #[error("not a card number")]
    NotANumber,
    /// The check digit is wrong (`card-network.md` 10.1, Luhn).
    #[error("the check digit is wrong")]
    WrongCheckDigit,
}

impl Pan {
    /// Reads a card number; spaces and dashes don't count.
    ///
    /// # Errors
    /// [`PanError`] says which kind of wrong it is.
    pub fn parse(text: &str) -> Result<Pan, PanError> {
        let digits: Zeroizing<String> =
            Zeroizing::new(text.chars().filter(|c| !matches!(c, ' ' | '-')).collect());
        if !(12..=19).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PanError::NotANumber);
        }
        if passes_luhn(digits.as_bytes()) {
            Ok(Pan(digits))
        } else {
            Err(PanError::WrongCheckDigit)
        }
    }

    /// The digits. Whoever reads them answers for where they go.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The last four digits, which may be shown.
    pub fn last4(&self) -> &str {
        &self.0[self.0.len() - 4..]
    }
}

impl fmt::Debug for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pan(redacted)")
    }
}

/// From the right, every second digit doubled, less nine where it passes nine; the sum ends in 0.
pub fn passes_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let value = u32::from(digit - b'0') * if at % 2 == 1 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_from_texts() {
        assert_eq!(
            Pan::parse("4242 4242-4242 4242").map(|p| p.last4().to_owned()),
            Ok("4242".into())
        );
        assert_eq!(Pan::parse("4242424242424241").err(), Some(PanError::WrongCheckDigit));
        for text in ["", "4242", "424242424242424a", "42424242424242424242"] {
            assert_eq!(Pan::parse(text).err(), Some(PanError::NotANumber), "{text}");
        }
    }

    #[test]
    fn a_number_is_never_printed() {
        let pan = Pan::parse("4242424242424242").unwrap();
        assert_eq!(format!("{pan:?}"), "Pan(redacted)");
    }
}
