//! What the edge hands to a rule, already typed: parsed once, checked nowhere again.

use crate::adjustment::preview::Preview;
use crate::adjustment::report::Report;
use crate::card::{CardFacts, Expiry};
use crate::case::{Case, Halt};
use crate::contact::{BillingDetails, Metadata};
use crate::customer::Customer;
use crate::delivery::Delivery;
use crate::failure::Failure;
use crate::id::{CustomerId, EventId, PaymentMethodId, TestClockId, WebhookEndpointId};
use crate::object::{Entity, Object};
use crate::payment_method::AllowRedisplay;
use crate::refusal::{Noun, Place, Why};
use crate::test_clock::TestClock;
use crate::webhook_endpoint::WebhookEndpoint;

/// A value that a call may leave alone, take away or set: on this wire absent, empty and given
/// are three things.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Not in the call.
    #[default]
    Absent,
    /// An empty string.
    Unset,
    /// A value.
    Set(T),
}

impl<T> Patch<T> {
    /// Applies it to a field that may be empty.
    pub fn apply(self, field: &mut Option<T>) {
        match self {
            Patch::Absent => {}
            Patch::Unset => *field = None,
            Patch::Set(value) => *field = Some(value),
        }
    }

    /// Whether the call says nothing of it.
    pub fn is_absent(&self) -> bool {
        matches!(self, Patch::Absent)
    }

    /// The same with the value changed.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Patch::Absent => Patch::Absent,
            Patch::Unset => Patch::Unset,
            Patch::Set(value) => Patch::Set(change(value)),
        }
    }

    /// The value, where one is set.
    pub fn into_set(self) -> Option<T> {
        match self {
            Patch::Absent | Patch::Unset => None,
            Patch::Set(value) => Some(value),
        }
    }
}

/// A change of metadata: `None` removes everything; an empty value removes its key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MetadataPatch(pub Patch<Vec<(String, String)>>);

/// The most keys that metadata may have (`stripe-api.md` 1.10).
pub const METADATA_KEYS: usize = 50;

impl MetadataPatch {
    /// Merges it into what is there.
    ///
    /// # Errors
    /// When more than [`METADATA_KEYS`] keys would stand.
    pub fn apply(self, metadata: &mut Metadata) -> Result<(), Why> {
        match self.0 {
            Patch::Absent => {}
            Patch::Unset => metadata.clear(),
            Patch::Set(pairs) => {
                for (key, value) in pairs {
                    if value.is_empty() {
                        metadata.remove(&key);
                    } else {
                        metadata.insert(key, value);
                    }
                }
            }
        }
        if metadata.len() > METADATA_KEYS {
            return Err(Why::TooMuchMetadata { keys: metadata.len() });
        }
        Ok(())
    }
}

/// An id as the caller wrote it, and what it could be parsed to: a text that is no id of the
/// kind leads nowhere, like an id that was never minted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ref<I> {
    /// As it was written.
    pub text: String,
    /// The id, where it is one.
    pub id: Option<I>,
}

impl<I: std::str::FromStr> Ref<I> {
    /// Reads an id.
    pub fn new(text: impl Into<String>) -> Ref<I> {
        let text = text.into();
        let id = text.parse().ok();
        Ref { text, id }
    }
}

impl<I: Copy> Ref<I> {
    /// What it leads to.
    ///
    /// # Errors
    /// [`Why::Missing`] where it leads nowhere; [`Halt::Need`] while the row isn't loaded.
    pub fn find<E: Entity<Id = I>>(
        &self,
        case: &Case<'_>,
        noun: Noun,
        place: Place,
    ) -> Result<E, Halt> {
        let found = match self.id {
            Some(id) => case.find::<E>(id)?,
            None => None,
        };
        found.ok_or_else(|| Why::Missing { noun, id: self.text.clone(), place }.into())
    }
}

impl Ref<CustomerId> {
    /// The customer it leads to; a deleted one is nowhere.
    ///
    /// # Errors
    /// As [`Ref::find`].
    pub fn customer(&self, case: &Case<'_>, place: Place) -> Result<Customer, Halt> {
        let customer: Customer = self.find(case, Noun::Customer, place)?;
        if customer.deleted {
            let id = self.text.clone();
            return Err(Why::Missing { noun: Noun::Customer, id, place }.into());
        }
        Ok(customer)
    }
}

impl Ref<TestClockId> {
    /// The test clock it leads to; a deleted one is nowhere.
    ///
    /// # Errors
    /// As [`Ref::find`].
    pub fn clock(&self, case: &Case<'_>, place: Place) -> Result<TestClock, Halt> {
        let clock: TestClock = self.find(case, Noun::TestClock, place)?;
        if clock.deleted {
            let id = self.text.clone();
            return Err(Why::Missing { noun: Noun::TestClock, id, place }.into());
        }
        Ok(clock)
    }
}

impl Ref<WebhookEndpointId> {
    /// The endpoint it leads to; a deleted one is nowhere.
    ///
    /// # Errors
    /// As [`Ref::find`].
    pub fn endpoint(&self, case: &Case<'_>, place: Place) -> Result<WebhookEndpoint, Halt> {
        let endpoint: WebhookEndpoint = self.find(case, Noun::WebhookEndpoint, place)?;
        if endpoint.deleted {
            let id = self.text.clone();
            return Err(Why::Missing { noun: Noun::WebhookEndpoint, id, place }.into());
        }
        Ok(endpoint)
    }
}

/// A card that the call brings with it: typed, or by a test alias. Its number stays with the
/// shell, which seals it when the method's row is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMethod {
    /// Which of the call's cards: the shell's index.
    pub hand: usize,
    /// What the BIN table says.
    pub facts: CardFacts,
    /// The expiry as typed.
    pub expiry: Expiry,
    /// See [`crate::payment_method::Card::fingerprint`].
    pub fingerprint: String,
    /// See [`crate::payment_method::Card::par`].
    pub par: String,
    /// Whether a security code came with it. The code itself goes no further.
    pub cvc_given: bool,
    /// The brand that the customer chose on a co-branded card.
    pub preferred_network: Option<String>,
    /// Who is billed.
    pub billing_details: BillingDetails,
    /// Where it may be offered again.
    pub allow_redisplay: AllowRedisplay,
    /// The caller's notes.
    pub metadata: Metadata,
}

/// What a call wants to pay with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MethodChoice {
    /// One that exists.
    Known(Ref<PaymentMethodId>),
    /// One that comes with the call.
    New(Box<NewMethod>),
}

/// Who calls: it decides what may be changed and what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// The account's own server.
    Secret,
    /// A browser, with an intent's client secret.
    Publishable,
}

/// What a call comes to, beside what it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a call has one or two, and moves them")]
pub enum Answer {
    /// 200 with the object.
    Shown(Object),
    /// 200 with the stub of something deleted.
    Deleted(Gone),
    /// 200 with an adjustment, whatever came of it.
    Adjusted(Box<Report>),
    /// 200 with what an adjustment would do.
    Previewed(Box<Preview>),
    /// 200 with an endpoint and its newest secret, which is shown this once.
    Revealed(Box<WebhookEndpoint>),
    /// 200 with a delivery.
    Delivery(Box<Delivery>),
    /// 200 with an event.
    Event(EventId),
    /// 402: the parameters were fine, the operation failed. The intent, where there is one,
    /// stands as after the failure.
    Failed {
        /// What went wrong.
        failure: Failure,
        /// The intent.
        about: Option<Object>,
    },
}

/// Something that was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// A customer.
    Customer(CustomerId),
    /// A test clock, and its customers.
    TestClock(TestClockId),
    /// A webhook endpoint.
    WebhookEndpoint(WebhookEndpointId),
}

impl Answer {
    /// 200 with the object.
    pub fn shown(object: impl Into<Object>) -> Answer {
        Answer::Shown(object.into())
    }
}
