//! What is wrong with a form, in Stripe's words (`stripe-api.md` 1.7).

mod message;

use crate::expand::ExpandError;
use crate::form::FormError;

pub(crate) use message::echo;

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
    /// A family of words (`charge.*`) where each is to be named.
    Family {
        /// Which parameter.
        param: String,
        /// What was written.
        text: String,
        /// The words; `*` among them stands for all.
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
            | ParamError::Family { .. }
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
            | ParamError::Family { param, .. }
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
