//! The error object (`stripe-api.md` 1.6), and the fixed texts that are nobody's parameter.
//!
//! Keys are left out where they have no value, never null, and stand in the alphabet's order.

mod access;
mod missing;

pub use missing::{Place, Thing};

use std::borrow::Cow;

use crate::codes;
use crate::header::Verb;
use crate::json::{Json, Layout, Object};
use crate::params::{ParamError, echo};

/// The `type` of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorType {
    /// We broke.
    Api,
    /// The issuer says no.
    Card,
    /// An idempotency key was used for something else.
    Idempotency,
    /// The call is wrong, or comes at the wrong time.
    InvalidRequest,
}

impl ErrorType {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorType::Api => "api_error",
            ErrorType::Card => "card_error",
            ErrorType::Idempotency => "idempotency_error",
            ErrorType::InvalidRequest => "invalid_request_error",
        }
    }
}

/// What `Stripe-Should-Retry` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// `false` on POSTs, nothing else: what Stripe does with almost all answers.
    Usual,
    /// `true`: sending the same again helps.
    Helps,
    /// No header: nobody knows.
    Unknown,
}

/// A text that is fixed or made.
pub type Text = Cow<'static, str>;

/// An error as the wire shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireError {
    /// The HTTP status; SDKs choose their class by it.
    pub status: u16,
    /// The `type`.
    pub kind: ErrorType,
    /// The words for people; payers may read a card error's.
    pub message: Text,
    /// The code for programs; it brings its `doc_url`.
    pub code: Option<&'static str>,
    /// The parameter at fault, in bracket form.
    pub param: Option<Text>,
    /// What it carries beside its words; most errors carry nothing.
    pub carried: Box<Carried>,
    /// Whether to send the same again.
    pub retry: Retry,
}

/// What an error carries beside its words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Carried {
    /// The issuer's reason.
    pub decline_code: Option<Text>,
    /// The id of the failed charge.
    pub charge: Option<String>,
    /// The payment intent as it stands after the error, as JSON.
    pub payment_intent: Option<Vec<u8>>,
    /// The setup intent as it stands after the error, as JSON.
    pub setup_intent: Option<Vec<u8>>,
    /// The method that was declined, as JSON.
    pub payment_method: Option<Vec<u8>>,
    /// `card`, inside `last_payment_error` only.
    pub payment_method_type: Option<&'static str>,
    /// What to do with the card.
    pub advice_code: Option<Text>,
    /// The network's advice, two characters.
    pub network_advice_code: Option<Text>,
    /// The issuer's response, two characters.
    pub network_decline_code: Option<Text>,
}

impl WireError {
    /// An error of a status and type, with its words and nothing else.
    pub fn new(status: u16, kind: ErrorType, message: impl Into<Text>) -> WireError {
        WireError {
            status,
            kind,
            message: message.into(),
            code: None,
            param: None,
            carried: Box::default(),
            retry: Retry::Usual,
        }
    }

    /// A call that is wrong: 400.
    pub fn invalid(message: impl Into<Text>) -> WireError {
        WireError::new(400, ErrorType::InvalidRequest, message)
    }

    /// A card that can't be charged or saved: 402.
    pub fn card(code: &'static str, message: impl Into<Text>) -> WireError {
        WireError::new(402, ErrorType::Card, message).code(code)
    }

    /// The same with a code, which the table must know.
    pub fn code(self, code: &'static str) -> WireError {
        debug_assert!(codes::find(code).is_some(), "{code} is not in the table of codes");
        WireError { code: Some(code), ..self }
    }

    /// The same, about a parameter.
    pub fn param(self, param: impl Into<Text>) -> WireError {
        WireError { param: Some(param.into()), ..self }
    }

    /// The same with the issuer's reason.
    pub fn decline_code(mut self, code: impl Into<Text>) -> WireError {
        self.carried.decline_code = Some(code.into());
        self
    }

    /// The body of the answer; `base` is this server, as the request reached it.
    pub fn to_json(&self, base: &str) -> Vec<u8> {
        let mut json = Json::new(Layout::Pretty);
        json.object(|o| self.write(o.field("error"), base));
        json.into_bytes()
    }

    /// Writes what stands behind `error`, and in `last_payment_error`.
    pub fn write(&self, w: &mut Json, base: &str) {
        let carried = &*self.carried;
        w.object(|o| {
            text(o, "advice_code", carried.advice_code.as_deref());
            text(o, "charge", carried.charge.as_deref());
            text(o, "code", self.code);
            text(o, "decline_code", carried.decline_code.as_deref());
            let page = self.code.and_then(|code| codes::doc_url(code, base));
            text(o, "doc_url", page.as_deref());
            o.text("message", &self.message);
            text(o, "network_advice_code", carried.network_advice_code.as_deref());
            text(o, "network_decline_code", carried.network_decline_code.as_deref());
            text(o, "param", self.param.as_deref());
            raw(o, "payment_intent", carried.payment_intent.as_deref());
            raw(o, "payment_method", carried.payment_method.as_deref());
            text(o, "payment_method_type", carried.payment_method_type);
            raw(o, "setup_intent", carried.setup_intent.as_deref());
            o.text("type", self.kind.as_str());
        });
    }

    /// The `Stripe-Should-Retry` header of this answer; `None` leaves it out.
    pub fn should_retry(&self, verb: Verb) -> Option<bool> {
        match self.retry {
            Retry::Usual => verb.should_retry(),
            Retry::Helps => Some(true),
            Retry::Unknown => None,
        }
    }
}

fn text(o: &mut Object<'_>, name: &'static str, text: Option<&str>) {
    if let Some(text) = text {
        o.text(name, text);
    }
}

fn raw(o: &mut Object<'_>, name: &'static str, json: Option<&[u8]>) {
    if let Some(json) = json {
        o.field(name).raw(json);
    }
}

impl From<ParamError> for WireError {
    fn from(error: ParamError) -> WireError {
        let wire = WireError::invalid(error.message());
        let wire = match error.code() {
            Some(code) => wire.code(code),
            None => wire,
        };
        match error.param() {
            Some(param) => wire.param(echo(param)),
            None => wire,
        }
    }
}

/// Errors that are about the moment and not about the call.
impl WireError {
    /// Too many calls: 429. SDKs don't send it again by themselves.
    pub fn rate_limited() -> WireError {
        let message = "Request rate limit exceeded. You can learn more about rate limits here \
                       https://stripe.com/docs/rate-limits.";
        let error = WireError::new(429, ErrorType::InvalidRequest, message).code("rate_limit");
        WireError { retry: Retry::Unknown, ..error }
    }

    /// Someone else holds the object: 429, and sending it again helps.
    pub fn locked() -> WireError {
        let message = "This object cannot be accessed right now because another API request or \
                       Stripe process is currently accessing it. If you see this error \
                       intermittently, retry the request. If you see this error frequently and \
                       are making multiple concurrent requests to a single object, make your \
                       requests serially or at a lower rate.";
        let error = WireError::new(429, ErrorType::InvalidRequest, message).code("lock_timeout");
        WireError { retry: Retry::Helps, ..error }
    }

    /// Nothing was done, because we can't now (a full disk, a shutdown): 503, and sending it
    /// again may help.
    pub fn unavailable() -> WireError {
        let message = "The server can't process this request now. Nothing was changed; please \
                       try again.";
        WireError { retry: Retry::Helps, ..WireError::new(503, ErrorType::Api, message) }
    }

    /// We broke: 500. It is kept under the idempotency key, so that sending it again only
    /// repeats it.
    pub fn fault() -> WireError {
        let message = "An error occurred with our server. It was logged, with the id of this \
                       request.";
        WireError::new(500, ErrorType::Api, message)
    }

    /// An idempotency key was first used with other parameters.
    pub fn key_with_other_params(key: &str) -> WireError {
        let message = format!(
            "Keys for idempotent requests can only be used with the same parameters they were \
             first used with. Try using a key other than '{key}' if you meant to execute a \
             different request."
        );
        WireError::new(400, ErrorType::Idempotency, message)
    }

    /// An idempotency key was first used elsewhere.
    pub fn key_with_other_endpoint(key: &str, first: &str, asked: &str) -> WireError {
        let message = format!(
            "Keys for idempotent requests can only be used for the same endpoint they were first \
             used for ('{asked}' vs '{first}'). Try using a key other than '{key}' if you meant \
             to execute a different request."
        );
        WireError::new(400, ErrorType::Idempotency, message)
    }

    /// The first request with this key is still running: 409, which SDKs send again.
    pub fn key_in_use(key: &str) -> WireError {
        let message = format!(
            "There is currently another in-progress request using this Idempotent Key (that \
             probably means you submitted twice, and the other request is still going through): \
             {key}. Please try again later."
        );
        let error = WireError::new(409, ErrorType::Idempotency, message);
        WireError { retry: Retry::Helps, ..error.code("idempotency_key_in_use") }
    }

    /// The header is there and can't be a key.
    pub fn key_malformed() -> WireError {
        WireError::invalid("Idempotency Key must be a non-empty string.")
    }

    /// The header names no version that there is.
    pub fn version_unknown(version: &str) -> WireError {
        let short: String = version.chars().take(100).collect();
        WireError::invalid(format!("Invalid Stripe API version: {}", echo(&short)))
    }
}

#[cfg(test)]
mod tests;
