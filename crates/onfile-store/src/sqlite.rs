//! The embedded engine: one SQLite database for all worlds, one writer with group commit, reads on
//! the caller's own thread.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use onfile_domain::account::Account;
use onfile_domain::balance::Settling;
use onfile_domain::bank::{BankQuery, BankState};
use onfile_domain::case::{Dossier, Loaded, Need};
use onfile_domain::id::EventId;
use onfile_domain::time::WorldTime;
use rusqlite::Connection;

use crate::check::Violation;
use crate::contract::{
    Changes, Claim, Committed, DueTimer, EventQuery, KeyHash, ListQuery, Mover, OpenAttempt,
    OwedFollowup, Page, Snapshot, StoreError, StoredEvent, World, WorldId, WriteSet,
};
use crate::oneshot::Receiver;

mod balance;
mod bank;
mod batch;
mod check;
mod checkpoint;
mod connection;
mod delivery;
mod event;
mod fault;
mod folder;
mod idempotency;
mod key;
mod lane;
mod retention;
mod row;
mod snapshot;
mod timer;
mod vault;
mod world;

pub use batch::run_batch;

use checkpoint::{Checkpointer, Pace};
use folder::Folder;
use lane::{Lane, lock};

/// Readers kept open for the next read.
const READERS: usize = 64;

/// How the embedded store is opened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// The most pages of 4 KiB that the database may have; `None` leaves it to the disk. What
    /// would go beyond is answered as a full disk.
    pub max_pages: Option<u32>,
}

/// Whether a commit outlives the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Durability {
    /// Synced before it is answered.
    Full,
    /// Left to the system: the folder is removed in the end anyway.
    Forgets,
}

/// The embedded store. Dropped, it writes what was queued and gives the folder back.
pub struct Sqlite {
    path: PathBuf,
    // Fields are dropped in this order: the lane ends before the checkpointer, the folder last.
    lane: Lane,
    _checkpointer: Checkpointer,
    readers: Mutex<Vec<Connection>>,
    _folder: Folder,
}

impl Sqlite {
    /// Opens a folder's store.
    ///
    /// # Errors
    /// When another process has it, a later release wrote it, or the disk fails.
    pub fn open(folder: &Path, options: Options) -> Result<Sqlite, StoreError> {
        Sqlite::start(Folder::take(folder)?, Durability::Full, options)
    }

    /// Opens a store that forgets.
    ///
    /// # Errors
    /// When the temporary folder can't be made.
    pub fn open_ephemeral() -> Result<Sqlite, StoreError> {
        Sqlite::start(Folder::temporary()?, Durability::Forgets, Options::default())
    }

    fn start(
        folder: Folder,
        durability: Durability,
        options: Options,
    ) -> Result<Sqlite, StoreError> {
        let path = folder.database();
        let writer = connection::writer(&path, durability)?;
        if let Some(pages) = options.max_pages {
            writer.query_row(&format!("PRAGMA max_page_count={pages}"), [], |_| Ok(()))?;
        }
        let pace = Arc::new(Pace::default());
        let lane = Lane::start(writer, Arc::clone(&pace))?;
        let checkpointer = Checkpointer::start(
            connection::checkpointer(&path, durability)?,
            pace,
            lane.between_batches(),
        )?;
        Ok(Sqlite {
            path,
            lane,
            _checkpointer: checkpointer,
            readers: Mutex::new(Vec::new()),
            _folder: folder,
        })
    }

    /// Reads on this thread, with a connection that is kept for the next read.
    fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let kept = lock(&self.readers).pop();
        let connection = match kept {
            Some(connection) => connection,
            None => connection::reader(&self.path)?,
        };
        let read = read(&connection);
        let mut readers = lock(&self.readers);
        // One that could not end its snapshot would show the same for ever.
        if readers.len() < READERS && connection.is_autocommit() {
            readers.push(connection);
        }
        read
    }

    /// Reads several things of one snapshot.
    fn snapshot<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.read(|connection| {
            connection.prepare_cached("BEGIN")?.execute([])?;
            let read = read(connection);
            connection.prepare_cached("COMMIT")?.execute([])?;
            read
        })
    }

    pub(crate) async fn create_world(
        &self,
        key: KeyHash,
        account: Account,
    ) -> Result<World, StoreError> {
        answer(self.lane.errand(move |db| world::create(db, key, &account))).await
    }

    pub(crate) async fn world(&self, key: KeyHash) -> Result<Option<World>, StoreError> {
        self.read(|db| world::by_key(db, key))
    }

    pub(crate) async fn world_by_id(&self, world: WorldId) -> Result<Option<World>, StoreError> {
        self.read(|db| world::by_id(db, world))
    }

    pub(crate) async fn worlds(&self) -> Result<Vec<World>, StoreError> {
        self.read(world::all)
    }

    pub(crate) async fn set_clock_offset(
        &self,
        world: WorldId,
        seconds: i64,
        by: Option<&Mover>,
    ) -> Result<(), StoreError> {
        let by = by.cloned();
        let errand =
            move |db: &mut Connection| world::set_clock_offset(db, world, seconds, by.as_ref());
        answer(self.lane.errand(errand)).await
    }

    pub(crate) async fn load(
        &self,
        world: WorldId,
        needs: &[Need],
        dossier: &mut Dossier,
    ) -> Result<(), StoreError> {
        match needs {
            // One statement is a snapshot by itself.
            [need] => self.read(|db| row::load(db, world, *need, dossier)),
            _ => self.snapshot(|db| {
                needs.iter().try_for_each(|need| row::load(db, world, *need, dossier))
            }),
        }
    }

    pub(crate) async fn load_bank(
        &self,
        world: WorldId,
        query: &BankQuery,
    ) -> Result<BankState, StoreError> {
        self.snapshot(|db| bank::load(db, world, query))
    }

    pub(crate) async fn balance(&self, world: WorldId) -> Result<Vec<Settling>, StoreError> {
        self.read(|db| balance::all(db, world))
    }

    pub(crate) async fn sealed(
        &self,
        world: WorldId,
        method_seq: u64,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|db| vault::sealed(db, world, method_seq))
    }

    pub(crate) async fn list(
        &self,
        world: WorldId,
        query: &ListQuery,
    ) -> Result<Page<Loaded>, StoreError> {
        self.read(|db| row::list(db, world, query))
    }

    pub(crate) async fn list_events(
        &self,
        world: WorldId,
        query: &EventQuery,
    ) -> Result<Page<StoredEvent>, StoreError> {
        self.read(|db| event::list(db, world, query))
    }

    pub(crate) async fn event(
        &self,
        world: WorldId,
        id: EventId,
    ) -> Result<Option<StoredEvent>, StoreError> {
        self.read(|db| event::one(db, world, id))
    }

    pub(crate) async fn commit(&self, set: WriteSet) -> Result<Committed, StoreError> {
        answer(self.lane.commit(set)).await
    }

    pub(crate) async fn idempotency(
        &self,
        world: WorldId,
        key: &str,
    ) -> Result<Option<Claim>, StoreError> {
        self.read(|db| idempotency::find(db, world, key))
    }

    pub(crate) async fn release(
        &self,
        world: WorldId,
        key: &str,
        request: &str,
    ) -> Result<(), StoreError> {
        let (key, request) = (key.to_owned(), request.to_owned());
        answer(self.lane.errand(move |db| idempotency::release(db, world, &key, &request))).await
    }

    pub(crate) async fn purge_idempotency(
        &self,
        wall_now: i64,
        most: usize,
    ) -> Result<usize, StoreError> {
        answer(self.lane.errand(move |db| idempotency::purge(db, wall_now, most))).await
    }

    pub(crate) async fn due(
        &self,
        wall_now: i64,
        but: &[WorldId],
        most: usize,
    ) -> Result<Vec<DueTimer>, StoreError> {
        self.read(|db| timer::due(db, wall_now, but, most))
    }

    pub(crate) async fn due_in(
        &self,
        world: WorldId,
        until: WorldTime,
        most: usize,
    ) -> Result<Vec<DueTimer>, StoreError> {
        self.snapshot(|db| timer::due_in(db, world, until, most))
    }

    pub(crate) async fn next_due(&self, wall: i64) -> Result<Option<i64>, StoreError> {
        self.read(move |db| timer::next_due(db, wall))
    }

    pub(crate) async fn running_claims(&self) -> Result<Vec<(WorldId, Claim)>, StoreError> {
        self.read(idempotency::running)
    }

    pub(crate) async fn open_attempts(&self) -> Result<Vec<OpenAttempt>, StoreError> {
        self.read(row::open_attempts)
    }

    pub(crate) async fn owed_followups(
        &self,
        after: i64,
        most: usize,
    ) -> Result<Vec<OwedFollowup>, StoreError> {
        self.read(|db| bank::owed_followups(db, after, most))
    }

    pub(crate) async fn acknowledge(&self, numbers: &[i64]) -> Result<(), StoreError> {
        let numbers = numbers.to_vec();
        answer(self.lane.errand(move |db| bank::acknowledge(db, &numbers))).await
    }

    pub(crate) async fn wrapped_keys(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(vault::wrapped_keys)
    }

    pub(crate) async fn put_wrapped_keys(&self, wrapped: Vec<u8>) -> Result<(), StoreError> {
        answer(self.lane.errand(move |db| vault::put_wrapped_keys(db, &wrapped))).await
    }

    pub(crate) async fn take_snapshot(
        &self,
        world: WorldId,
        name: &str,
        now: WorldTime,
    ) -> Result<Snapshot, StoreError> {
        let name = name.to_owned();
        answer(self.lane.errand(move |db| snapshot::take(db, world, &name, now))).await
    }

    pub(crate) async fn snapshots(&self, world: WorldId) -> Result<Vec<Snapshot>, StoreError> {
        self.read(|db| snapshot::all(db, world))
    }

    pub(crate) async fn forget_snapshot(
        &self,
        world: WorldId,
        name: &str,
    ) -> Result<(), StoreError> {
        let name = name.to_owned();
        answer(self.lane.errand(move |db| snapshot::forget(db, world, &name))).await
    }

    pub(crate) async fn restore(
        &self,
        world: WorldId,
        name: &str,
        wall_now: i64,
        least: u64,
    ) -> Result<Option<World>, StoreError> {
        let name = name.to_owned();
        let errand =
            move |db: &mut Connection| snapshot::restore(db, world, &name, (wall_now, least));
        answer(self.lane.errand(errand)).await
    }

    pub(crate) async fn reset(
        &self,
        world: WorldId,
        account: Account,
        least: u64,
    ) -> Result<Option<World>, StoreError> {
        answer(self.lane.errand(move |db| snapshot::reset(db, world, &account, least))).await
    }

    pub(crate) async fn changes(&self, world: WorldId, since: &str) -> Result<Changes, StoreError> {
        self.snapshot(|db| snapshot::changes(db, world, since))
    }

    pub(crate) async fn check(&self) -> Result<Vec<Violation>, StoreError> {
        self.snapshot(check::check)
    }
}

/// What the lane answers. It answers everything unless it ended in a panic.
async fn answer<T>(receiver: Receiver<Result<T, StoreError>>) -> Result<T, StoreError> {
    match receiver.await {
        Some(answer) => answer,
        None => Err(StoreError::Failed("the store's lane is gone".into())),
    }
}
