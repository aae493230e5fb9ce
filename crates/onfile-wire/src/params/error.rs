//! What is wrong with a form, in Stripe's words (`stripe-api.md` 1.7).

use onfile_domain::money::CURRENCIES;

use crate::expand::ExpandError;
use crate::form::FormError;

/// Why a form is refused. Always 400, `invalid_request_error`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParamError {
    /// It is no form.
    Form(FormError),
    /// Names that this call does not know, in the order they were written.
    Unknown(Vec<String>),
    /// A required parameter is not there.
    Missing(String),
    /// Stripe has it, this server does not serve it yet.
    Unsupported(String),
    /// This version no longer takes it.
    Retired(String),
    /// Parameters that exclude each other.
    Exclusive(Vec<&'static str>),
    /// No whole number, or too large for one.
    Integer {
        /// Which parameter.
        param: String,
        /// What was written.
        text: String,
    },
    /// Below the least.
    Least {
        /// Which parameter.
        param: String,
        /// The least.
        least: i64,
    },
    /// A negative number where zero is the least.
    Negative(String),
    /// An amount below one where a payment is asked for.
    ChargeAmount(String),
    /// Neither `true` nor `false`.
    Boolean {
        /// Which parameter.
        param: String,
        /// What was written.
        text: String,
    },
    /// None of the words that there are.
    Word {
        /// Which parameter.
        param: String,
        /// The words.
        words: &'static [&'static str],
    },
    /// An empty text where nothing can be unset.
    Empty(String),
    /// A text that is too long.
    TooLong {
        /// Which parameter.
        param: String,
        /// What was written.
        text: String,
        /// The most characters.
        most: usize,
    },
    /// A list that is too long.
    TooMany {
        /// Which parameter.
        param: String,
        /// The most elements.
        most: usize,
    },
    /// No hash where one belongs.
    NotHash(String),
    /// No list where one belongs.
    NotList(String),
    /// Nested values where a text belongs.
    NotText(String),
    /// No currency.
    Currency {
        /// Which parameter.
        param: String,
        /// What was written.
        text: String,
    },
    /// No email address.
    Email {
        /// Which parameter.
        param: String,
        /// What was written.
        text: String,
    },
    /// No address of a page.
    Url(String),
    /// A metadata key that is too long.
    MetadataKey {
        /// Which parameter.
        param: String,
        /// The key.
        key: String,
        /// Its length.
        chars: usize,
    },
    /// A metadata value that is too long.
    MetadataValue {
        /// Which parameter.
        param: String,
        /// The value.
        value: String,
        /// Its length.
        chars: usize,
    },
    /// More metadata than there may be.
    MetadataKeys {
        /// Which parameter.
        param: String,
        /// How many keys there would be.
        keys: usize,
    },
    /// Both ends of a page were named.
    BothCursors,
    /// A field that can't be expanded.
    Expand(ExpandError),
    /// A rule of one operation, with its own words.
    Rule {
        /// The words.
        message: String,
        /// The code, where there is one.
        code: Option<&'static str>,
        /// The parameter, where one is named.
        param: Option<String>,
    },
}

impl From<FormError> for ParamError {
    fn from(error: FormError) -> ParamError {
        ParamError::Form(error)
    }
}

impl From<ExpandError> for ParamError {
    fn from(error: ExpandError) -> ParamError {
        ParamError::Expand(error)
    }
}

impl ParamError {
    pub(crate) fn hash(param: &str) -> ParamError {
        ParamError::NotHash(param.to_owned())
    }

    /// A rule of one operation, about a parameter and without a code.
    pub(super) fn rule(param: &str, message: impl Into<String>) -> ParamError {
        let (message, param) = (message.into(), Some(param.to_owned()));
        ParamError::Rule { message, code: None, param }
    }

    /// The same for what Stripe has and this server does not serve.
    pub(super) fn unserved(param: &str, what: &str) -> ParamError {
        ParamError::Rule {
            message: format!("{what} is not supported by this server. See docs/coverage.md."),
            code: Some("parameter_unsupported"),
            param: Some(param.to_owned()),
        }
    }

    pub(crate) fn text(param: &str) -> ParamError {
        ParamError::NotText(param.to_owned())
    }

    /// The words for people.
    pub fn message(&self) -> String {
        match self {
            ParamError::Form(error) => form_message(error),
            ParamError::Unknown(names) => {
                let plural = if names.len() > 1 { "s" } else { "" };
                format!("Received unknown parameter{plural}: {}", echo(&names.join(", ")))
            }
            ParamError::Missing(param) => format!("Missing required param: {param}."),
            ParamError::Unsupported(param) => format!(
                "The parameter `{param}` is not supported by this server. See docs/coverage.md."
            ),
            ParamError::Retired(param) => format!(
                "The parameter `{param}` is no longer supported in this API version. Use \
                 `allowed_payment_method_types` or `automatic_payment_methods` instead."
            ),
            ParamError::Exclusive(names) => {
                format!("You may only specify one of these parameters: {}.", names.join(", "))
            }
            ParamError::Integer { text, .. } => format!("Invalid integer: {}", echo(text)),
            ParamError::Least { least, .. } => {
                format!("This value must be greater than or equal to {least}.")
            }
            ParamError::Negative(_) => "Invalid non-negative integer".to_owned(),
            ParamError::ChargeAmount(_) => CHARGE_AMOUNT.to_owned(),
            ParamError::Boolean { text, .. } => format!("Invalid boolean: {}", echo(text)),
            ParamError::Word { param, words } => {
                format!("Invalid {param}: must be one of {}", one_of(words))
            }
            ParamError::Empty(param) => format!(
                "You passed an empty string for '{param}'. We assume empty values are an attempt \
                 to unset a parameter; however '{param}' cannot be unset. You should remove \
                 '{param}' from your request or supply a non-empty value."
            ),
            ParamError::TooLong { text, most, .. } => {
                let ends = ends(text);
                format!("Invalid string: {ends}; must be at most {most} characters")
            }
            ParamError::TooMany { param, most } => {
                format!("Array {param} exceeded maximum {most} allowed elements.")
            }
            ParamError::NotHash(_) => "Invalid object".to_owned(),
            ParamError::NotList(_) => "Invalid array".to_owned(),
            ParamError::NotText(_) => "Invalid string".to_owned(),
            ParamError::Currency { text, .. } => format!(
                "Invalid currency: {}. Stripe currently supports these currencies: {CURRENCIES}",
                echo(text)
            ),
            ParamError::Email { text, .. } => format!("Invalid email address: {}", echo(text)),
            ParamError::Url(_) => "Not a valid URL".to_owned(),
            ParamError::MetadataKey { key, chars, .. } => format!(
                "Metadata keys can have up to 40 characters, but you passed in a key that is \
                 {chars} characters. Invalid key: {}",
                echo(key)
            ),
            ParamError::MetadataValue { value, chars, .. } => format!(
                "Metadata values can have up to 500 characters, but you passed in a value that \
                 is {chars} characters. Invalid value: {}",
                echo(value)
            ),
            ParamError::MetadataKeys { keys, .. } => {
                format!("Metadata can have up to 50 keys, but you've set {keys}.")
            }
            ParamError::BothCursors => "Received both starting_after and ending_before \
                                        parameters. Please pass in only one."
                .to_owned(),
            ParamError::Expand(error) => error.to_string(),
            ParamError::Rule { message, .. } => message.clone(),
        }
    }

    /// The code for programs, where the recorded error has one.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            ParamError::Unknown(_) => Some("parameter_unknown"),
            ParamError::Missing(_) => Some("parameter_missing"),
            ParamError::Unsupported(_) => Some("parameter_unsupported"),
            ParamError::Retired(_) => Some("payment_method_types_no_longer_supported"),
            ParamError::Exclusive(_) => Some("parameters_exclusive"),
            ParamError::Integer { .. } | ParamError::Least { .. } | ParamError::ChargeAmount(_) => {
                Some("parameter_invalid_integer")
            }
            ParamError::Empty(_) => Some("parameter_invalid_empty"),
            ParamError::Email { .. } => Some("email_invalid"),
            ParamError::Url(_) => Some("url_invalid"),
            ParamError::Expand(error) => error.code(),
            ParamError::Rule { code, .. } => *code,
            ParamError::Form(_)
            | ParamError::Negative(_)
            | ParamError::Boolean { .. }
            | ParamError::Word { .. }
            | ParamError::TooLong { .. }
            | ParamError::TooMany { .. }
            | ParamError::NotHash(_)
            | ParamError::NotList(_)
            | ParamError::NotText(_)
            | ParamError::Currency { .. }
            | ParamError::MetadataKey { .. }
            | ParamError::MetadataValue { .. }
            | ParamError::MetadataKeys { .. }
            | ParamError::BothCursors => None,
        }
    }

    /// The parameter at fault, in bracket form.
    pub fn param(&self) -> Option<&str> {
        match self {
            ParamError::Form(FormError::Conflict { param })
            | ParamError::Missing(param)
            | ParamError::Unsupported(param)
            | ParamError::Retired(param)
            | ParamError::Integer { param, .. }
            | ParamError::Least { param, .. }
            | ParamError::Negative(param)
            | ParamError::ChargeAmount(param)
            | ParamError::Boolean { param, .. }
            | ParamError::Word { param, .. }
            | ParamError::Empty(param)
            | ParamError::TooLong { param, .. }
            | ParamError::TooMany { param, .. }
            | ParamError::NotHash(param)
            | ParamError::NotList(param)
            | ParamError::NotText(param)
            | ParamError::Currency { param, .. }
            | ParamError::Email { param, .. }
            | ParamError::Url(param)
            | ParamError::MetadataKey { param, .. }
            | ParamError::MetadataValue { param, .. }
            | ParamError::MetadataKeys { param, .. } => Some(param),
            ParamError::Unknown(names) => names.first().map(String::as_str),
            ParamError::Exclusive(names) => names.first().copied(),
            ParamError::Rule { param, .. } => param.as_deref(),
            ParamError::Form(
                FormError::Percent
                | FormError::Utf8
                | FormError::Null
                | FormError::TooManyFields
                | FormError::TooDeep,
            )
            | ParamError::BothCursors
            | ParamError::Expand(_) => None,
        }
    }
}

const CHARGE_AMOUNT: &str = "The amount must be greater than or equal to the minimum charge \
amount allowed for your account and the currency set \
(https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you want to save a \
Payment Method for future use without an immediate payment, use a Setup Intent instead: \
https://docs.stripe.com/payments/setup-intents";

fn form_message(error: &FormError) -> String {
    match error {
        FormError::Percent => "Invalid request: a parameter holds a `%` that is not followed by \
                               two hexadecimal digits."
            .to_owned(),
        FormError::Utf8 => "Invalid request: the parameters must be valid UTF-8.".to_owned(),
        FormError::Null => "Invalid request: a parameter holds a null character.".to_owned(),
        FormError::TooManyFields => {
            format!("Invalid request: more than {} parameters.", crate::form::FIELDS)
        }
        FormError::TooDeep => {
            format!("Invalid request: parameters nest deeper than {} levels.", crate::form::DEPTH)
        }
        FormError::Conflict { param } => {
            format!("Invalid request: conflicting values were passed for {}.", echo(param))
        }
    }
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
