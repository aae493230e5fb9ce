//! What goes in and out of a store, whatever engine is behind it.

use onfile_domain::account::Account;
use onfile_domain::attempt::Attempt;
use onfile_domain::bank::BankChange;
use onfile_domain::case::{Decision, TimerKind};
use onfile_domain::event::EventType;
use onfile_domain::id::{CustomerId, EventId, PaymentMethodId, Tail};
use onfile_domain::network::Followup;
use onfile_domain::object::{Kind, Object};
use onfile_domain::time::WorldTime;

mod delivery;

pub use delivery::{DeliveryCursor, DeliveryQuery, DueDelivery, Failing, StoredDelivery};

/// The wall between what may see each other: one account in one mode. The number is the store's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorldId(pub u32);

/// A keyed hash of the name in an API key; the key itself is nowhere kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyHash(pub [u8; 32]);

/// A world as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    /// Its number.
    pub id: WorldId,
    /// The name that its keys carry.
    pub key: KeyHash,
    /// Who is paid.
    pub account: Account,
    /// What its clock is ahead of the wall's, in seconds.
    pub clock_offset: i64,
    /// Above every row number that was ever written in it.
    pub next_seq: u64,
    /// How many rows it has, events left out.
    pub rows: u64,
}

/// Everything that one call changes.
#[derive(Debug)]
pub struct WriteSet {
    /// Where.
    pub world: WorldId,
    /// When it was decided, by the world's clock: `created` of its events.
    pub at: WorldTime,
    /// What the rule decided.
    pub decision: Decision,
    /// The sealed numbers of the decision's new methods.
    pub sealed: Vec<(PaymentMethodId, Vec<u8>)>,
    /// What the simulated banks remember of it.
    pub bank: Vec<BankChange>,
    /// How the account changes.
    pub account: Option<AccountChange>,
    /// Who caused the decision's events.
    pub cause: Cause,
    /// One random tail for each of the decision's events: their ids get their numbers here.
    pub event_tails: Vec<Tail>,
    /// What is kept under the caller's idempotency key.
    pub idempotency: Option<Claim>,
    /// Who is told of the decision's events: an event's place among them, and an endpoint's row.
    pub told: Vec<(usize, u64)>,
    /// Since when an endpoint answers nothing with 2xx, where that changes.
    pub failing: Option<Failing>,
    /// A timer that this write set settles; where it is gone, the write set is `Moved`.
    pub settles: Option<DueTimer>,
}

impl WriteSet {
    /// A decision, and nothing beside it.
    pub fn of(world: WorldId, at: WorldTime, decision: Decision) -> WriteSet {
        WriteSet {
            world,
            at,
            decision,
            sealed: Vec::new(),
            bank: Vec::new(),
            account: None,
            cause: Cause::default(),
            event_tails: Vec::new(),
            idempotency: None,
            told: Vec::new(),
            failing: None,
            settles: None,
        }
    }
}

/// An account that is changed: where it is no more as it was read, the write set is `Moved`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountChange {
    /// As it was read.
    pub from: Account,
    /// As it is from here on.
    pub to: Account,
}

/// Who caused an event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cause {
    /// The request; `None` for what happens by itself.
    pub request: Option<String>,
    /// Its idempotency key.
    pub idempotency_key: Option<String>,
}

/// An idempotency key with what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// As the caller wrote it.
    pub key: String,
    /// `POST /v1/payment_intents/{id}/confirm` with the ids filled in.
    pub endpoint: String,
    /// A MAC over the parameters.
    pub params: [u8; 32],
    /// The first request.
    pub request: String,
    /// When it was first used, by the world's clock.
    pub at: WorldTime,
    /// Where its call stands.
    pub state: ClaimState,
}

/// Where the call of an idempotency key stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimState {
    /// It runs, or was cut off: with what it has on the wire, if it has.
    Running(Option<OnWire>),
    /// It takes the world's clock somewhere, or was cut off on the way.
    Moving(ClockMove),
    /// It was answered.
    Answered(KeptAnswer),
}

/// What a running call has on the wire, and how whoever ends it writes the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnWire {
    /// The attempt's row.
    pub attempt: u64,
    /// The version asked for.
    pub version: String,
    /// What the caller's key may see, in the shell's word.
    pub audience: String,
    /// The server's address, as the call reached it.
    pub base: String,
}

/// Where a running call takes its world's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockMove {
    /// The instant.
    pub to: WorldTime,
    /// The version asked for.
    pub version: String,
}

/// A running call by its key, and where it takes its world's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mover {
    /// The key.
    pub key: String,
    /// The request that holds it.
    pub request: String,
    /// What is kept with it.
    pub takes: ClockMove,
}

impl Claim {
    /// How long a key stands for its first call, in seconds by the world's clock
    /// (`stripe-api.md` 9).
    pub const LIFE: i64 = 24 * 3_600;

    /// The answer, where there is one.
    pub fn answer(&self) -> Option<&KeptAnswer> {
        match &self.state {
            ClaimState::Answered(kept) => Some(kept),
            ClaimState::Running(_) | ClaimState::Moving(_) => None,
        }
    }

    /// Whether the key is free again. A running one never is: its call must end first.
    pub fn is_past(&self, now: WorldTime) -> bool {
        self.answer().is_some() && now.since(self.at) >= Claim::LIFE
    }
}

/// An answer's bytes: an upgrade must not change a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// HTTP.
    pub status: u16,
    /// The version it was written in.
    pub version: String,
    /// The body.
    pub body: Vec<u8>,
}

/// What became of a write set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// It is kept; the ids of its events, in order.
    Done(Vec<EventId>),
    /// Someone else wrote a row first that the decision updates or relied on, or holds a name
    /// that it claims: decide again.
    Moved,
    /// The idempotency key is taken: nothing was written. A running claim by the same request
    /// is not in its own way: the second commit answers it.
    Taken(Box<Claim>),
}

/// A world as it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Its name: `snap_…`.
    pub name: String,
    /// When it was taken, by the world's clock, which it brings back.
    pub created: WorldTime,
    /// How many rows it holds, of all kinds.
    pub rows: u64,
    /// Whether it was taken under this release's schema: no other is brought back.
    pub usable: bool,
}

/// What is different from a snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// What was not there.
    pub created: Vec<Object>,
    /// What is another: before and after.
    pub updated: Vec<(Object, Object)>,
    /// What is gone, as it was.
    pub deleted: Vec<Object>,
}

/// Numbers of rows and events that share an epoch: a world that is brought back goes on with the
/// next block of so many.
pub const EPOCH: u64 = 4_096;

/// A timer that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueTimer {
    /// Where.
    pub world: WorldId,
    /// When it was due by the world's clock.
    pub due_at: WorldTime,
    /// What.
    pub kind: TimerKind,
    /// The row that it is about.
    pub subject: u64,
}

/// Which part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// What is listed.
    pub kind: Kind,
    /// Only of this customer.
    pub customer: Option<CustomerId>,
    /// Only below this row.
    pub parent: Option<u64>,
    /// Only made from this instant on.
    pub from: Option<WorldTime>,
    /// Only made until this instant.
    pub to: Option<WorldTime>,
    /// Where it begins.
    pub cursor: Cursor,
    /// At most so many.
    pub limit: usize,
}

/// Which part of a world's events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventQuery {
    /// Types by name, or by their beginning and `*` (`customer.*`); none asks for all.
    pub types: Vec<String>,
    /// Only of this instant and later.
    pub from: Option<WorldTime>,
    /// Only of this instant and before.
    pub to: Option<WorldTime>,
    /// Only those that every endpoint has acknowledged, or that one has not.
    pub delivered: Option<bool>,
    /// Where it begins: numbers of events.
    pub cursor: Cursor,
    /// At most so many.
    pub limit: usize,
}

/// Something that the network must still be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwedFollowup {
    /// The store's number for it: say it to have it forgotten.
    pub number: i64,
    /// Where.
    pub world: WorldId,
    /// What, or what is wrong with its row: the others are told all the same.
    pub followup: Result<Followup, String>,
}

/// An attempt that a restart must bring to an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAttempt {
    /// Where.
    pub world: WorldId,
    /// Counts the row's writes.
    pub version: i64,
    /// Sent, or being reversed.
    pub attempt: Attempt,
}

/// Where a page begins. Lists are newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cursor {
    /// With the newest.
    Newest,
    /// With the next older one than this row.
    After(u64),
    /// With the next newer ones than this row; the page is newest first all the same.
    Before(u64),
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Newest first.
    pub items: Vec<T>,
    /// Whether there is more in the direction that was read.
    pub has_more: bool,
}

/// An event as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// `evt_…`; its number counts the world's events.
    pub id: EventId,
    /// When it happened.
    pub created: WorldTime,
    /// What happened.
    pub event_type: EventType,
    /// Who caused it.
    pub cause: Cause,
    /// The object as it was then.
    pub object: Object,
    /// The object before, where the event tells of a change.
    pub previous: Option<Object>,
}

/// We broke. `Display` says our part; the source says the rest.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full, read-only or failing; nothing was written, and a later try may pass.
    #[error("the store can't write now")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A row makes no sense.
    #[error("table {table}, row {row}: {what}")]
    Corrupt {
        /// Where.
        table: &'static str,
        /// Which.
        row: String,
        /// What is wrong with it.
        what: String,
    },
    /// Another server has the data folder.
    #[error("the data folder is held by process {holder}")]
    Held {
        /// Its process id, as it wrote it down.
        holder: String,
    },
    /// A later release wrote this store.
    #[error(
        "the store has schema {found}, and this release knows {known}\n\
             hint: run the release that wrote it, or a later one"
    )]
    TooNew {
        /// What stands in the file.
        found: i64,
        /// The newest that is known here.
        known: i64,
    },
    /// Anything else.
    #[error("storage failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}
