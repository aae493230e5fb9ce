//! Deliveries: one event to one endpoint, in as many tries as it takes (`stripe-api.md` 8.5).
//!
//! A delivery is written in the commit of its event. It is due at once; where a try fails, a
//! timer of the world's clock makes it due again. At least once: whoever is told twice finds the
//! same event id.

use crate::account::Mode;
use crate::case::{Case, Halt};
use crate::event::NewEvent;
use crate::time::WorldTime;
use crate::webhook_endpoint::WebhookEndpoint;
use crate::words::words;

mod answer;
mod fault;
mod id;
mod resend;
#[cfg(test)]
mod tests;
mod wave;

pub use answer::{ANSWER_BYTES, kept};
pub use fault::Fault;
pub use resend::{Hearers, Resend, ResendEvent};
pub use wave::Wave;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// Waits before the next try, in seconds: after the first one that failed, the second, and so on.
const LIVE: &[i64] = &[5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR];
/// The same in test mode; after these it is given up.
const TEST: &[i64] = &[5 * MINUTE, 30 * MINUTE, 2 * HOUR];
/// In live mode every further wait.
const LIVE_FURTHER: i64 = 12 * HOUR;
/// In live mode no try is made later than this after the first.
const LIVE_FOR: i64 = 72 * HOUR;
/// The most that a wait is longer or shorter than the table says, in thousandths: so that what
/// failed together does not come back together.
pub const JITTER: i64 = 100;
/// An endpoint that answered nothing with 2xx for so long is disabled; seconds.
pub const HOPELESS_AFTER: i64 = 72 * HOUR;
/// The answer of an endpoint that wants nothing more: Gone.
const GONE: u16 = 410;

/// Names a delivery: an event goes to an endpoint once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId {
    /// The event's number.
    pub event: u64,
    /// The endpoint's row.
    pub endpoint: u64,
}

/// How far a delivery has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A try is to be made, or being made.
    Due,
    /// The last try failed; the next one is made then.
    Waiting {
        /// When, by the world's clock.
        until: WorldTime,
    },
    /// It was answered with 2xx.
    Delivered,
    /// Every try failed.
    GivenUp,
    /// The endpoint was disabled or deleted before the next try.
    Canceled,
}

words! {
    /// How far a delivery has come, in the log's word for it.
    Status {
        /// The endpoint was disabled or deleted before the next try.
        Canceled = "canceled",
        /// It was answered with 2xx.
        Delivered = "delivered",
        /// Every try failed.
        Failed = "failed",
        /// A try is to be made, now or later.
        Pending = "pending",
    }
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TryResult {
    /// An answer's status.
    Answered(u16),
    /// There was none.
    Failed(TryFailure),
}

words! {
    /// Why a try got no answer.
    TryFailure {
        /// It took too long.
        TimedOut = "timed_out",
        /// The name leads nowhere.
        NameNotFound = "name_not_found",
        /// The name leads to an address that events may not be sent to.
        AddressForbidden = "address_forbidden",
        /// Nobody listens, or the connection broke.
        ConnectionFailed = "connection_failed",
        /// There is no trust.
        TlsFailed = "tls_failed",
        /// What was said is not HTTP.
        NotHttp = "not_http",
    }
}

words! {
    /// Why a try was made.
    TryReason {
        /// Its time had come.
        Due = "automatic",
        /// Somebody asked for it.
        Asked = "requested",
    }
}

/// One HTTP request of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Try {
    /// When it ended, by the world's clock.
    pub at: WorldTime,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
    /// Why it was made.
    pub reason: TryReason,
    /// What became of it.
    pub result: TryResult,
    /// What the endpoint said to it ([`kept`]): `None` where it took the event, or said nothing.
    pub answer: Option<String>,
    /// The fault whose doing it was: `None` for a try as tries are.
    pub fault: Option<Fault>,
}

/// One event to one endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Which.
    pub id: DeliveryId,
    /// When its event happened.
    pub created: WorldTime,
    /// How far it has come.
    pub state: State,
    /// Whether it was ever answered with 2xx: a later try that was asked for does not change
    /// that.
    pub acknowledged: bool,
    /// Whether somebody asked for the next try.
    pub asked: bool,
    /// Every try, oldest first.
    pub tries: Vec<Try>,
    /// What a test had it suffer: each fault once, in the order in which they struck.
    pub faults: Vec<Fault>,
}

/// A delivery as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// Counts its writes.
    pub version: i64,
    /// What it holds.
    pub delivery: Delivery,
}

/// A delivery as it is from here on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// What it holds.
    pub delivery: Delivery,
    /// The version that was read; `None` for a new one.
    pub expected: Option<i64>,
    /// The bytes that were sent, where they are to be kept: a later try sends the very same.
    pub bytes: Option<Vec<u8>>,
}

impl Delivery {
    /// A new one.
    pub fn new(id: DeliveryId, created: WorldTime) -> Delivery {
        Delivery {
            id,
            created,
            state: State::Due,
            acknowledged: false,
            asked: false,
            tries: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// The delivery after a try. `jitter` is a random number from `-`[`JITTER`] to [`JITTER`].
    pub fn after(mut self, made: Try, mode: Mode, jitter: i64) -> Delivery {
        let (now, is_acknowledged) = (made.at, made.result.is_acknowledged());
        made.fault.into_iter().for_each(|fault| self.note(fault));
        self.tries.push(made);
        self.asked = false;
        self.acknowledged |= is_acknowledged;
        self.state = match self.next_wait(mode) {
            _ if self.acknowledged => State::Delivered,
            Some(wait) => State::Waiting { until: self.until(now, mode, (wait, jitter)) },
            None => State::GivenUp,
        };
        self
    }

    /// When a wait is over, which begins now: no random number leads past [`LIVE_FOR`].
    fn until(&self, now: WorldTime, mode: Mode, (wait, jitter): (i64, i64)) -> WorldTime {
        let (exact, until) = (now.plus(wait), now.plus(wait + wait * jitter / 1_000));
        match (mode, self.tries.first()) {
            (Mode::Live, Some(first)) => until.min(exact.max(first.at.plus(LIVE_FOR))),
            (Mode::Live, None) | (Mode::Test, _) => until,
        }
    }

    /// The delivery where its endpoint was disabled or deleted before the next try. What was taken
    /// before stays so.
    pub fn canceled(self) -> Delivery {
        let state = if self.acknowledged { State::Delivered } else { State::Canceled };
        Delivery { state, asked: false, ..self }
    }

    /// How long to wait after a try that failed; `None` where no more are made. Tries that were
    /// asked for don't use up those that come by themselves.
    fn next_wait(&self, mode: Mode) -> Option<i64> {
        let by_itself = |made: &&Try| made.reason == TryReason::Due;
        let made = self.tries.iter().filter(by_itself).count();
        let table = match mode {
            Mode::Live => LIVE,
            Mode::Test => TEST,
        };
        let at = made.saturating_sub(1);
        match (table.get(at), mode) {
            (Some(wait), _) => Some(*wait),
            (None, Mode::Test) => None,
            (None, Mode::Live) => {
                let (first, last) = (self.tries.first()?.at, self.tries.last()?.at);
                let fits = last.since(first) + LIVE_FURTHER <= LIVE_FOR;
                fits.then_some(LIVE_FURTHER)
            }
        }
    }

    /// Whether nothing more is to come: it was acknowledged and no fault wants it sent once more,
    /// or its endpoint is gone. One that was given up is not: it never arrived.
    pub fn has_arrived(&self) -> bool {
        matches!(self.state, State::Delivered | State::Canceled)
    }

    /// Whether it still counts among the event's `pending_webhooks`: it was not acknowledged,
    /// and its endpoint is still there.
    pub fn is_pending(&self) -> bool {
        !self.acknowledged && self.state != State::Canceled
    }
}

impl State {
    /// The log's word for it.
    pub fn status(self) -> Status {
        match self {
            State::Due | State::Waiting { .. } => Status::Pending,
            State::Delivered => Status::Delivered,
            State::GivenUp => Status::Failed,
            State::Canceled => Status::Canceled,
        }
    }
}

impl TryResult {
    /// Whether the endpoint took the event: any 2xx, and nothing else. Redirects are not
    /// followed, so they are failures.
    pub fn is_acknowledged(self) -> bool {
        match self {
            TryResult::Answered(status) => (200..300).contains(&status),
            TryResult::Failed(_) => false,
        }
    }
}

/// Why an endpoint is disabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hopeless {
    /// It says that it wants nothing more.
    Gone,
    /// It answered nothing with 2xx for [`HOPELESS_AFTER`].
    Failing,
}

/// Whether an endpoint is to be disabled after a try that failed, and why, given since when it has
/// answered nothing with 2xx.
pub fn hopeless(result: TryResult, failing_since: WorldTime, now: WorldTime) -> Option<Hopeless> {
    if result == TryResult::Answered(GONE) {
        return Some(Hopeless::Gone);
    }
    (now.since(failing_since) >= HOPELESS_AFTER).then_some(Hopeless::Failing)
}

/// Which of these endpoints are told of which events: the event's place in the list, and the
/// endpoint's row.
pub fn fan_out<'a>(
    endpoints: impl Iterator<Item = &'a WebhookEndpoint> + Clone,
    events: &[NewEvent],
) -> Vec<(usize, u64)> {
    let mut told = Vec::new();
    for (at, event) in events.iter().enumerate() {
        let hearing = endpoints.clone().filter(|endpoint| endpoint.hears(event.event_type));
        told.extend(hearing.map(|endpoint| (at, endpoint.id.seq)));
    }
    told
}

/// Makes the deliveries of an event due whose wait is over.
///
/// # Errors
/// Only [`Halt::Need`].
pub fn fall_due(case: &mut Case<'_>, event: u64) -> Result<(), Halt> {
    for Posted { version, delivery } in case.deliveries(event)? {
        match delivery.state {
            State::Waiting { until } if until <= case.now() => {
                let delivery = Delivery { state: State::Due, ..delivery };
                case.post(delivery, Some(version));
            }
            State::Waiting { .. }
            | State::Due
            | State::Delivered
            | State::GivenUp
            | State::Canceled => {}
        }
    }
    Ok(())
}
