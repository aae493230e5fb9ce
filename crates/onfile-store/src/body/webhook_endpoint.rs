//! Webhook endpoints, and what was sent to them.

use onfile_domain::delivery::{Fault, State, Try, TryResult};
use onfile_domain::time::WorldTime;
use onfile_domain::webhook_endpoint::{FormerSecret, SecretSeed, WebhookEndpoint, WebhookUrl};

use super::macros::{choice, record};
use super::part::{Part, Wrong, write_text};
use super::reader::Reader;

record!(WebhookEndpoint v 1 {
    id, created, deleted, url, enabled_events, api_version, description, metadata, status, seed,
    former,
});
record!(FormerSecret { seed, until });

/// What a delivery's row holds besides its columns.
pub(crate) struct DeliveryBody {
    /// When its event happened.
    pub(crate) created: WorldTime,
    /// How far it has come.
    pub(crate) state: State,
    /// Whether it was ever acknowledged.
    pub(crate) acknowledged: bool,
    /// Whether somebody asked for the next try.
    pub(crate) asked: bool,
    /// Every try, oldest first.
    pub(crate) tries: Vec<Try>,
    /// What a test had it suffer.
    pub(crate) faults: Vec<Fault>,
}

record!(DeliveryBody v 1 { created, state, acknowledged, asked, tries, faults });
record!(Try { at, took_ms, reason, result, answer, fault });

choice!(State {
    Due = "due",
    Waiting = "waiting" { until },
    Delivered = "delivered",
    GivenUp = "given_up",
    Canceled = "canceled",
});

choice!(TryResult {
    Answered = "answered"(status),
    Failed = "failed"(failure),
});

impl Part for SecretSeed {
    fn write(&self, out: &mut String) {
        write_text(out, &self.0);
    }

    fn read(from: &mut Reader<'_>) -> Result<SecretSeed, Wrong> {
        Part::read(from).map(SecretSeed)
    }
}

impl Part for WebhookUrl {
    fn write(&self, out: &mut String) {
        write_text(out, self.as_str());
    }

    fn read(from: &mut Reader<'_>) -> Result<WebhookUrl, Wrong> {
        let text = from.text()?;
        text.parse().map_err(|_| Wrong(format!("{text:?} is no address")))
    }
}
