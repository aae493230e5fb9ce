//! What a refused form is told, a line each.

use onfile_domain::money::CURRENCIES;

use super::ParamError;
use crate::form::{self, FormError};

impl ParamError {
    /// The words for people.
    pub fn message(&self) -> String {
        match self {
            ParamError::Form(error) => malformed(error),
            ParamError::Unknown(names) => unknown(names),
            ParamError::Missing(param) => format!("Missing required param: {param}."),
            ParamError::Unsupported(param) => unsupported(param),
            ParamError::Retired(param) => retired(param),
            ParamError::Exclusive(names) => exclusive(names),
            ParamError::Integer { text, .. } => format!("Invalid integer: {}", echo(text)),
            ParamError::Least { least, .. } => at_least(*least),
            ParamError::Negative(_) => "Invalid non-negative integer".to_owned(),
            ParamError::ChargeAmount(_) => CHARGE_AMOUNT.to_owned(),
            ParamError::Boolean { text, .. } => format!("Invalid boolean: {}", echo(text)),
            ParamError::Word { param, words } => word(param, words),
            ParamError::Family { param, text, words } => family(param, text, words),
            ParamError::Empty(param) => empty(param),
            ParamError::TooLong { text, most, .. } => too_long(text, *most),
            ParamError::TooMany { param, most } => too_many(param, *most),
            ParamError::NotHash(_) => "Invalid object".to_owned(),
            ParamError::NotList(_) => "Invalid array".to_owned(),
            ParamError::NotText(_) => "Invalid string".to_owned(),
            ParamError::Currency { text, .. } => currency(text),
            ParamError::Email { text, .. } => format!("Invalid email address: {}", echo(text)),
            ParamError::Url(_) => "Not a valid URL".to_owned(),
            ParamError::MetadataKey { key, chars, .. } => metadata_key(key, *chars),
            ParamError::MetadataValue { value, chars, .. } => metadata_value(value, *chars),
            ParamError::MetadataKeys { keys, .. } => metadata_keys(*keys),
            ParamError::BothCursors => BOTH_CURSORS.to_owned(),
            ParamError::Expand(error) => error.to_string(),
            ParamError::Rule { message, .. } => message.clone(),
        }
    }
}

const CHARGE_AMOUNT: &str = "The amount must be greater than or equal to the minimum charge \
amount allowed for your account and the currency set \
(https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you want to save a \
Payment Method for future use without an immediate payment, use a Setup Intent instead: \
https://docs.stripe.com/payments/setup-intents";

const BOTH_CURSORS: &str =
    "Received both starting_after and ending_before parameters. Please pass in only one.";

fn malformed(error: &FormError) -> String {
    match error {
        FormError::Percent => "Invalid request: a parameter holds a `%` that is not followed by \
                               two hexadecimal digits."
            .to_owned(),
        FormError::Utf8 => "Invalid request: the parameters must be valid UTF-8.".to_owned(),
        FormError::Null => "Invalid request: a parameter holds a null character.".to_owned(),
        FormError::TooManyFields => {
            format!("Invalid request: more than {} parameters.", form::FIELDS)
        }
        FormError::TooDeep => {
            format!("Invalid request: parameters nest deeper than {} levels.", form::DEPTH)
        }
        FormError::Conflict { param } => {
            format!("Invalid request: conflicting values were passed for {}.", echo(param))
        }
    }
}

fn unknown(names: &[String]) -> String {
    let plural = if names.len() > 1 { "s" } else { "" };
    format!("Received unknown parameter{plural}: {}", echo(&names.join(", ")))
}

fn unsupported(param: &str) -> String {
    format!("The parameter `{param}` is not supported by this server. See docs/coverage.md.")
}

fn retired(param: &str) -> String {
    format!(
        "The parameter `{param}` is no longer supported in this API version. Use \
         `allowed_payment_method_types` or `automatic_payment_methods` instead."
    )
}

fn exclusive(names: &[&str]) -> String {
    format!("You may only specify one of these parameters: {}.", names.join(", "))
}

fn at_least(least: i64) -> String {
    format!("This value must be greater than or equal to {least}.")
}

fn word(param: &str, words: &[&str]) -> String {
    format!("Invalid {param}: must be one of {}", one_of(words))
}

/// Stripe's words, and ours behind them: at the end of a long list they are seen.
fn family(param: &str, text: &str, words: &[&str]) -> String {
    let text = echo(text);
    format!("{}. `{text}` is none of them: name each, or `*` for all.", word(param, words))
}

fn empty(param: &str) -> String {
    format!(
        "You passed an empty string for '{param}'. We assume empty values are an attempt to \
         unset a parameter; however '{param}' cannot be unset. You should remove '{param}' from \
         your request or supply a non-empty value."
    )
}

fn too_long(text: &str, most: usize) -> String {
    format!("Invalid string: {}; must be at most {most} characters", ends(text))
}

fn too_many(param: &str, most: usize) -> String {
    format!("Array {param} exceeded maximum {most} allowed elements.")
}

fn currency(text: &str) -> String {
    format!(
        "Invalid currency: {}. Stripe currently supports these currencies: {CURRENCIES}",
        echo(text)
    )
}

fn metadata_key(key: &str, chars: usize) -> String {
    format!(
        "Metadata keys can have up to 40 characters, but you passed in a key that is {chars} \
         characters. Invalid key: {}",
        echo(key)
    )
}

fn metadata_value(value: &str, chars: usize) -> String {
    format!(
        "Metadata values can have up to 500 characters, but you passed in a value that is \
         {chars} characters. Invalid value: {}",
        echo(value)
    )
}

fn metadata_keys(keys: usize) -> String {
    format!("Metadata can have up to 50 keys, but you've set {keys}.")
}

/// Words as Stripe lists them: `a or b`, `a, b, or c`.
fn one_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [one, other] => format!("{one} or {other}"),
        [most @ .., last] => format!("{}, or {last}", most.join(", ")),
    }
}

/// The two ends of a text that is too long to be repeated.
fn ends(text: &str) -> String {
    let head: String = text.chars().take(4).collect();
    let count = text.chars().count();
    let tail: String = text.chars().skip(count.saturating_sub(4).max(4)).collect();
    format!("{head}...{tail}")
}

/// What a caller wrote, as it may be repeated to them: whatever could be a card number has its
/// digits hidden, because errors end up in logs.
pub(crate) fn echo(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    let mut digits = 0;
    let mut flush = |run: &mut String, digits: &mut usize| {
        if *digits >= 12 {
            out.extend(run.chars().map(|c| if c.is_ascii_digit() { '*' } else { c }));
        } else {
            out.push_str(run);
        }
        run.clear();
        *digits = 0;
    };
    for c in text.chars() {
        let part_of_number = c.is_ascii_digit() || (digits > 0 && matches!(c, ' ' | '-' | '.'));
        if !part_of_number {
            flush(&mut run, &mut digits);
        }
        run.push(c);
        digits += usize::from(c.is_ascii_digit());
        if !part_of_number {
            flush(&mut run, &mut digits);
        }
    }
    flush(&mut run, &mut digits);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_joined_as_stripe_joins_them() {
        assert_eq!(one_of(&["card"]), "card");
        assert_eq!(one_of(&["a", "b"]), "a or b");
        assert_eq!(one_of(&["a", "b", "c"]), "a, b, or c");
    }

    #[test]
    fn long_texts_show_their_ends() {
        assert_eq!(ends("abcdefghijklmnopqrstuvwxyz"), "abcd...wxyz");
        assert_eq!(ends("éééééé"), "éééé...éé");
        assert_eq!(ends("ab"), "ab...");
    }

    #[test]
    fn card_numbers_are_not_repeated() {
        for (text, shown) in [
            ("abc", "abc"),
            ("12345", "12345"),
            ("4242424242424242", "****************"),
            ("x 4242 4242-4242 4242 y 12", "x **** ****-**** **** y 12"),
            ("2026-08-26", "2026-08-26"),
            ("", ""),
        ] {
            assert_eq!(echo(text), shown, "{text}");
        }
    }
}
