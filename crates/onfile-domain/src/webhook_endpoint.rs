//! Where an account is told what happened (`stripe-api.md` 8.4).

use crate::command::{MetadataPatch, Patch};
use crate::contact::Metadata;
use crate::event::EventType;
use crate::id::WebhookEndpointId;
use crate::time::WorldTime;
use crate::words::words;

mod create;
mod delete;
mod disable;
mod reach;
mod roll;
#[cfg(test)]
mod tests;
mod update;
mod url;

pub use create::Create;
pub use delete::Delete;
pub use disable::disable;
pub use reach::{AddressKind, Network, NotANetwork, Reach, kind_of};
pub use roll::Roll;
pub use update::Update;
pub use url::{Host, NotAUrl, WebhookUrl};

/// The most endpoints that a world may have at once (`stripe-api.md` 8.4).
pub const MOST: usize = 16;

/// The name that stands for every event, save those that must be named ([`must_be_named`]).
pub const EVERY_EVENT: &str = "*";

/// How long a former secret still signs, at most and unless the call says otherwise, in seconds
/// (`stripe-api.md` 8.5).
pub const ROLL_SECONDS: i64 = 24 * 3_600;

/// Secrets that sign at once: the newest and those that were rolled a short while ago.
pub const SECRETS: usize = 4;

words! {
    /// Whether an endpoint is told of anything.
    EndpointStatus {
        /// It is.
        Enabled = "enabled",
        /// It isn't: somebody turned it off, or it failed for too long.
        Disabled = "disabled",
    }
}

/// An address that is told of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookEndpoint {
    /// `we_…`.
    pub id: WebhookEndpointId,
    /// When it was made.
    pub created: WorldTime,
    /// Whether nothing but deliveries of old finds it again.
    pub deleted: bool,
    /// Where.
    pub url: WebhookUrl,
    /// Names of events, as the wire lists them, or [`EVERY_EVENT`].
    pub enabled_events: Vec<String>,
    /// The version that its events are written in, as the wire lists it; `None` follows the
    /// account's.
    pub api_version: Option<String>,
    /// For the account's eyes.
    pub description: Option<String>,
    /// The caller's notes.
    pub metadata: Metadata,
    /// Whether it is told.
    pub status: EndpointStatus,
    /// What the signing secret is made from.
    pub seed: SecretSeed,
    /// Former secrets, newest first: they sign beside the newest until their time.
    pub former: Vec<FormerSecret>,
}

/// What a signing secret is made from: random, and worth nothing without the vault, which makes
/// the secret of it each time anew. No secret is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretSeed(pub String);

/// A secret that was rolled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerSecret {
    /// What it is made from.
    pub seed: SecretSeed,
    /// When it stops signing.
    pub until: WorldTime,
}

/// Events that only endpoints hear of that name them: what happens to endpoints themselves, so
/// that nobody who asked for everything is told of something that Stripe does not have.
pub fn must_be_named(event: EventType) -> bool {
    event.as_str().starts_with("onfile.")
}

impl WebhookEndpoint {
    /// Whether it is told of such an event.
    pub fn hears(&self, event: EventType) -> bool {
        let is_open = !self.deleted && self.status == EndpointStatus::Enabled;
        is_open
            && self.enabled_events.iter().any(|name| match name.as_str() {
                EVERY_EVENT => !must_be_named(event),
                name => name == event.as_str(),
            })
    }

    /// The seeds of the secrets that sign at this moment, newest first.
    pub fn signing(&self, now: WorldTime) -> impl Iterator<Item = &SecretSeed> {
        let former = self.former.iter().filter(move |it| now < it.until).map(|it| &it.seed);
        std::iter::once(&self.seed).chain(former)
    }
}

/// What may be changed about an endpoint, as a call says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    /// For the account's eyes.
    pub description: Patch<String>,
    /// The caller's notes.
    pub metadata: MetadataPatch,
}
