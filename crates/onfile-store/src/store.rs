//! The one face of every store: engines are told apart here, by a `match`, and nowhere else.

use std::path::Path;

use onfile_domain::account::Account;
use onfile_domain::balance::Settling;
use onfile_domain::bank::{BankQuery, BankState};
use onfile_domain::case::{Dossier, Loaded, Need};
use onfile_domain::delivery::{DeliveryId, Posted};
use onfile_domain::id::EventId;
use onfile_domain::time::WorldTime;

use crate::check::Violation;
use crate::contract::{
    Changes, Claim, Committed, DeliveryQuery, DueDelivery, DueTimer, EventQuery, Failing, KeyHash,
    ListQuery, Mover, OpenAttempt, OwedFollowup, Page, Snapshot, StoreError, StoredDelivery,
    StoredEvent, World, WorldId, WriteSet,
};
use crate::sqlite::{Options, Sqlite};

/// Where everything is kept. Reads of the embedded engine are done when the future is first
/// polled; writes wait for the lane.
pub enum Store {
    /// The embedded engine.
    Sqlite(Sqlite),
}

macro_rules! face {
    ($(
        $(#[doc = $doc:literal])*
        fn $name:ident(&self $(, $argument:ident: $type:ty)*) -> $answer:ty;
    )*) => {$(
        $(#[doc = $doc])*
        ///
        /// # Errors
        /// [`StoreError`]
        pub async fn $name(&self $(, $argument: $type)*) -> Result<$answer, StoreError> {
            match self {
                Store::Sqlite(it) => it.$name($($argument),*).await,
            }
        }
    )*};
}

impl Store {
    /// Opens the embedded store in a folder, which is made where it is missing.
    ///
    /// # Errors
    /// [`StoreError::Held`] while another process has it, [`StoreError::TooNew`] when a later
    /// release wrote it.
    pub fn open(folder: &Path, options: Options) -> Result<Store, StoreError> {
        Sqlite::open(folder, options).map(Store::Sqlite)
    }

    /// A store that forgets: the same engine in a temporary folder, which is removed with it.
    ///
    /// # Errors
    /// When the folder can't be made.
    pub fn open_ephemeral() -> Result<Store, StoreError> {
        Sqlite::open_ephemeral().map(Store::Sqlite)
    }

    face! {
        /// The world of this key, made where it is missing: whoever comes second gets the first
        /// one's, with its account.
        fn create_world(&self, key: KeyHash, account: Account) -> World;
        /// The world of this key, as it stands.
        fn world(&self, key: KeyHash) -> Option<World>;
        /// A world by its number.
        fn world_by_id(&self, world: WorldId) -> Option<World>;
        /// Every world.
        fn worlds(&self) -> Vec<World>;
        /// Moves a world's clock to this many seconds ahead of the wall's, and its timers with it.
        /// In the same commit the key of the call that does it says so from here on, until it is
        /// answered.
        fn set_clock_offset(&self, world: WorldId, seconds: i64, by: Option<&Mover>) -> ();

        /// Puts rows and lists into a dossier, all of one snapshot.
        fn load(&self, world: WorldId, needs: &[Need], dossier: &mut Dossier) -> ();
        /// What a bank remembers, as far as a question needs it.
        fn load_bank(&self, world: WorldId, query: &BankQuery) -> BankState;
        /// What a world's account has: the sums of its movements, one for each currency and moment
        /// from which money can be paid out.
        fn balance(&self, world: WorldId) -> Vec<Settling>;
        /// A method's sealed number.
        fn sealed(&self, world: WorldId, method_seq: u64) -> Option<Vec<u8>>;
        /// A page of a list. Deleted customers are left out; a cursor may name one.
        fn list(&self, world: WorldId, query: &ListQuery) -> Page<Loaded>;
        /// A page of events.
        fn list_events(&self, world: WorldId, query: &EventQuery) -> Page<StoredEvent>;
        /// Forgets a world's oldest events that happened before this instant, none behind the
        /// number `last`, with their deliveries, at most `most`; and says how many. It stops at
        /// the first one that has a delivery that isn't over. Call it again while it finds some.
        fn forget_events(&self, world: WorldId, before: WorldTime, last: u64, most: usize)
            -> usize;
        /// One event.
        fn event(&self, world: WorldId, id: EventId) -> Option<StoredEvent>;

        /// The endpoints of a world, or of all, deleted ones too.
        fn endpoints(&self, world: Option<WorldId>) -> Vec<(WorldId, Loaded)>;
        /// Endpoints of all worlds that answer nothing with 2xx.
        fn failing(&self) -> Vec<(WorldId, Failing)>;
        /// Endpoints of all worlds that something is due at.
        fn due_endpoints(&self) -> Vec<(WorldId, u64)>;
        /// What is due at an endpoint of events behind this number, in their order, at most `most`.
        fn due_deliveries(&self, world: WorldId, endpoint: u64, after: u64, most: usize)
            -> Vec<DueDelivery>;
        /// Whether anything is due in a world: to be sent, or on its way.
        fn any_delivery_due(&self, world: WorldId) -> bool;
        /// How many deliveries of an event were not acknowledged.
        fn pending_deliveries(&self, world: WorldId, event: u64) -> i64;
        /// One delivery.
        fn delivery(&self, world: WorldId, id: DeliveryId) -> Option<StoredDelivery>;
        /// Every delivery of an event, in the order of their endpoints.
        fn deliveries_of(&self, world: WorldId, event: u64) -> Vec<Posted>;
        /// A page of deliveries.
        fn list_deliveries(&self, world: WorldId, query: &DeliveryQuery) -> Page<StoredDelivery>;

        /// Keeps a write set, or nothing of it; durable when it answers.
        fn commit(&self, set: WriteSet) -> Committed;
        /// What an idempotency key stands for; it may be past its life ([`Claim::is_past`]).
        fn idempotency(&self, world: WorldId, key: &str) -> Option<Claim>;
        /// Frees the key of a call that came to nothing, if it still runs.
        fn release(&self, world: WorldId, key: &str, request: &str) -> ();
        /// Forgets records past their life among the oldest `most`, and says how many. Call it
        /// again while it finds some.
        fn purge_idempotency(&self, wall_now: i64, most: usize) -> usize;

        /// Timers of all worlds but these that are due when the wall's clock says `wall_now`, each
        /// by its own world's clock; earliest first, at most `most`.
        fn due(&self, wall_now: i64, but: &[WorldId], most: usize) -> Vec<DueTimer>;
        /// Timers of one world that are due by this instant of its clock, which must not lie beyond
        /// what the clock was set to; earliest first, at most `most`.
        fn due_in(&self, world: WorldId, until: WorldTime, most: usize) -> Vec<DueTimer>;
        /// When the next timer is due after `wall`, by the wall's clock.
        fn next_due(&self, wall: i64) -> Option<i64>;
        /// Calls that a stop cut off: keys that still run.
        fn running_claims(&self) -> Vec<(WorldId, Claim)>;
        /// Attempts that are on the wire or being reversed.
        fn open_attempts(&self) -> Vec<OpenAttempt>;
        /// What the network must still be told, oldest first, from beyond the number `after` on, at
        /// most `most`; numbers begin at 1.
        fn owed_followups(&self, after: i64, most: usize) -> Vec<OwedFollowup>;
        /// Forgets what the network acknowledged, by its numbers.
        fn acknowledge(&self, numbers: &[i64]) -> ();

        /// Keeps a world as it stands, under a name that no other snapshot of it has.
        fn take_snapshot(&self, world: WorldId, name: &str, now: WorldTime) -> Snapshot;
        /// A world's snapshots, newest first.
        fn snapshots(&self, world: WorldId) -> Vec<Snapshot>;
        /// Forgets a snapshot.
        fn forget_snapshot(&self, world: WorldId, name: &str) -> ();
        /// Brings a world back to a snapshot that is there and usable: its rows, its account, and
        /// its clock, which goes on from when it was taken. Numbers are not brought back: the next
        /// one is not below `least`, nor ever was given. `None` while one of its attempts is on a
        /// wire.
        fn restore(
            &self, world: WorldId, name: &str, wall_now: i64, least: u64
        ) -> Option<World>;
        /// Takes everything out of a world but its snapshots; its clock is the wall's. Numbers and
        /// `None` as [`Store::restore`] has them.
        fn reset(&self, world: WorldId, account: Account, least: u64) -> Option<World>;
        /// What is different from a snapshot that is there and usable, in the order in which
        /// things were made.
        fn changes(&self, world: WorldId, since: &str) -> Changes;

        /// The vault's keys as they are kept.
        fn wrapped_keys(&self) -> Option<Vec<u8>>;
        /// Keeps the vault's keys in place of the ones before.
        fn put_wrapped_keys(&self, wrapped: Vec<u8>) -> ();

        /// Looks whether everything that must hold, holds. Reads everything: not for busy hours.
        fn check(&self) -> Vec<Violation>;
    }
}
