//! Our rules' no. Each reason by name; the words for the wire live in `onfile-wire`.

mod adjustment;
mod hold;
mod payment;
mod refund;
mod saving;
mod test_clock;

use crate::account::Mode;
use crate::object::Object;

pub use adjustment::AdjustmentRefused;
pub use hold::HoldRefused;
pub use payment::PaymentRefused;
pub use refund::RefundRefused;
pub use saving::{MethodRefused, SetupRefused};
pub use test_clock::TestClockRefused;

/// A refusal, and the intent that its error carries as it stands after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub why: Why,
    /// The intent that was touched.
    pub about: Option<Object>,
}

impl From<Why> for Refusal {
    fn from(why: Why) -> Refusal {
        Refusal { why, about: None }
    }
}

impl Why {
    /// This refusal, with the intent that it is about.
    pub fn about(self, object: impl Into<Object>) -> Refusal {
        Refusal { why: self, about: Some(object.into()) }
    }
}

/// Where an id stood that leads nowhere: it decides the status and the parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the path: 404.
    Path,
    /// In a parameter: 400.
    Param(&'static str),
}

/// What wasn't found, in the spelling of `stripe-api.md` 1.7.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    /// `charge`.
    Charge,
    /// `customer`.
    Customer,
    /// `payment_intent`.
    PaymentIntent,
    /// `setupintent`.
    SetupIntent,
    /// `PaymentMethod`, with its long advice.
    PaymentMethod,
    /// `balance transaction`.
    BalanceTransaction,
    /// `event`.
    Event,
    /// `refund`.
    Refund,
    /// `mandate`.
    Mandate,
    /// `setupattempt`.
    SetupAttempt,
    /// `billingclock`.
    TestClock,
    /// `webhook endpoint`.
    WebhookEndpoint,
    /// `delivery`.
    Delivery,
}

/// What an update of an intent would have changed.
pub type Field = &'static str;

/// Why our rules say no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// An id leads nowhere.
    Missing {
        /// What was looked for.
        noun: Noun,
        /// The id as it was written.
        id: String,
        /// Where it stood.
        place: Place,
    },
    /// Someone else's attempt holds the intent.
    Locked,
    /// More keys than metadata may have.
    TooMuchMetadata {
        /// How many would stand.
        keys: usize,
    },
    /// Two parameters that exclude each other stand in one call.
    ParametersExclusive {
        /// The first of the two parameters.
        first: Field,
        /// The other.
        second: Field,
    },
    /// The world has as many endpoints as it may have.
    TooManyEndpoints {
        /// Of test or of live mode.
        mode: Mode,
    },
    /// Nothing can be sent to an endpoint that is disabled or deleted.
    EndpointClosed,
    /// No challenge has this id and page secret (404; the page says so in plain words).
    ChallengeMissing,
    /// The client secret belongs to another intent.
    ClientSecretMismatch(SecretOf),
    /// A payment, or its charge, can't be made or changed so.
    Payment(PaymentRefused),
    /// A hold can't be captured, canceled or raised so.
    Hold(HoldRefused),
    /// An order can't be adjusted so.
    Adjustment(AdjustmentRefused),
    /// A card can't be set up so.
    Setup(SetupRefused),
    /// A payment method can't be used or changed so.
    Method(MethodRefused),
    /// A test clock can't be moved so.
    TestClock(TestClockRefused),
    /// Nothing, or not so much, can be given back.
    Refund(RefundRefused),
}

/// Which object's client secret did not match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretOf {
    /// A payment intent's.
    PaymentIntent,
    /// A setup intent's.
    SetupIntent,
}
