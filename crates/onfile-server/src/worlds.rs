//! The worlds as the shell holds them: who they are, their clocks and their row counters.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use onfile_domain::account::Account;
use onfile_domain::delivery::fan_out;
use onfile_domain::event::NewEvent;
use onfile_domain::time::WorldTime;
use onfile_domain::webhook_endpoint::WebhookEndpoint;
use onfile_store::{KeyHash, WorldId};
use tokio::sync::Notify;

use crate::faults::Faults;

/// No instant: the clock runs.
const RUNS: i64 = i64::MIN;

/// A world that exists.
#[derive(Debug)]
pub(crate) struct World {
    /// The store's number for it.
    pub id: WorldId,
    account: RwLock<Account>,
    /// Held while a change of the account is kept.
    pub(crate) changing_account: tokio::sync::Mutex<()>,
    clock_offset: AtomicI64,
    /// Where the clock stands while it is moved; [`RUNS`] while it isn't.
    stands_at: AtomicI64,
    /// Held by whoever moves the clock.
    pub(crate) clock: tokio::sync::Mutex<()>,
    next_seq: AtomicU64,
    rows: AtomicU64,
    /// Told of every commit with events.
    pub(crate) news: Notify,
    /// Answers and deliveries that go wrong on purpose.
    pub(crate) faults: Faults,
    /// Every endpoint, deleted ones too, with the version of its row: each commit asks who is
    /// to be told.
    endpoints: RwLock<Vec<(i64, Arc<WebhookEndpoint>)>>,
}

impl World {
    fn new(kept: onfile_store::World) -> World {
        World {
            id: kept.id,
            account: RwLock::new(kept.account),
            changing_account: tokio::sync::Mutex::default(),
            clock_offset: AtomicI64::new(kept.clock_offset),
            stands_at: AtomicI64::new(RUNS),
            clock: tokio::sync::Mutex::default(),
            next_seq: AtomicU64::new(kept.next_seq.max(1)),
            rows: AtomicU64::new(kept.rows),
            news: Notify::new(),
            faults: Faults::default(),
            endpoints: RwLock::default(),
        }
    }

    /// Who is paid.
    pub(crate) fn account(&self) -> Account {
        self.account.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The account from here on.
    pub(crate) fn set_account(&self, account: Account) {
        *self.account.write().unwrap_or_else(PoisonError::into_inner) = account;
    }

    /// The world's clock when the wall's says `wall`.
    pub(crate) fn now(&self, wall: i64) -> WorldTime {
        match self.stands_at.load(Ordering::Acquire) {
            RUNS => WorldTime(wall.saturating_add(self.clock_offset.load(Ordering::Relaxed))),
            stands_at => WorldTime(stands_at),
        }
    }

    /// Has the clock stand still at an instant.
    pub(crate) fn stand(&self, at: WorldTime) {
        self.stands_at.store(at.0, Ordering::Release);
    }

    /// Whether the clock stands, because somebody moves it.
    pub(crate) fn is_moved(&self) -> bool {
        self.stands_at.load(Ordering::Acquire) != RUNS
    }

    /// How far the clock is ahead of the wall's when it runs, in seconds.
    pub(crate) fn clock_offset(&self) -> i64 {
        self.clock_offset.load(Ordering::Relaxed)
    }

    /// Sets that.
    pub(crate) fn set_clock_offset(&self, seconds: i64) {
        self.clock_offset.store(seconds, Ordering::Relaxed);
    }

    /// Has the clock run again, with the wall's.
    pub(crate) fn run_on(&self) {
        self.stands_at.store(RUNS, Ordering::Release);
    }

    /// Row numbers for one call; they are its own, used or not.
    pub(crate) fn reserve(&self, seqs: u64) -> u64 {
        self.next_seq.fetch_add(seqs, Ordering::Relaxed)
    }

    /// Above every row number that was given.
    pub(crate) fn next_seq(&self) -> u64 {
        self.next_seq.load(Ordering::Relaxed)
    }

    /// Gives numbers from this one on.
    pub(crate) fn number_from(&self, least: u64) {
        self.next_seq.fetch_max(least, Ordering::Relaxed);
    }

    /// Goes on from what the store made of it. Numbers only ever grow.
    pub(crate) fn take_over(&self, kept: onfile_store::World) {
        self.set_account(kept.account);
        self.set_clock_offset(kept.clock_offset);
        self.next_seq.fetch_max(kept.next_seq, Ordering::Relaxed);
        self.rows.store(kept.rows, Ordering::Relaxed);
    }

    /// Takes note of an endpoint as a commit left it; what is known of a later one stays.
    pub(crate) fn learn(&self, version: i64, endpoint: WebhookEndpoint) {
        let mut known = self.endpoints.write().unwrap_or_else(PoisonError::into_inner);
        let endpoint = Arc::new(endpoint);
        match known.iter_mut().find(|(_, it)| it.id == endpoint.id) {
            Some((held, _)) if *held >= version => {}
            Some(entry) => *entry = (version, endpoint),
            None => known.push((version, endpoint)),
        }
    }

    /// Has these endpoints and no others: the store was put back to what it was before. All at
    /// once, so that nobody who commits meanwhile finds none of them.
    pub(crate) fn set_endpoints(&self, endpoints: Vec<(i64, WebhookEndpoint)>) {
        let endpoints = endpoints.into_iter().map(|(version, it)| (version, Arc::new(it)));
        *self.endpoints.write().unwrap_or_else(PoisonError::into_inner) = endpoints.collect();
    }

    /// The endpoint in this row, deleted or not.
    pub(crate) fn endpoint(&self, seq: u64) -> Option<Arc<WebhookEndpoint>> {
        let known = self.endpoints.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(_, it)| it.id.seq == seq).map(|(_, it)| Arc::clone(it))
    }

    /// Whether it ever had an endpoint.
    pub(crate) fn has_endpoints(&self) -> bool {
        !self.endpoints.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Whether it has such an endpoint that is not deleted.
    pub(crate) fn has_endpoint(&self, is_such: impl Fn(&WebhookEndpoint) -> bool) -> bool {
        let known = self.endpoints.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().any(|(_, endpoint)| !endpoint.deleted && is_such(endpoint))
    }

    /// Who is to be told of these events: an event's place, and an endpoint's row.
    pub(crate) fn told(&self, events: &[NewEvent]) -> Vec<(usize, u64)> {
        if events.is_empty() {
            return Vec::new();
        }
        let known = self.endpoints.read().unwrap_or_else(PoisonError::into_inner);
        fan_out(known.iter().map(|(_, it)| it.as_ref()), events)
    }

    /// How many rows it has, events left out.
    pub(crate) fn rows(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }

    /// Counts rows that were committed.
    pub(crate) fn count_rows(&self, more: u64) {
        self.rows.fetch_add(more, Ordering::Relaxed);
    }
}

/// Every world, by the names that lead to it.
#[derive(Debug, Default)]
pub(crate) struct Worlds {
    index: RwLock<Index>,
    /// Whose clocks are on the move.
    moving: Mutex<Vec<WorldId>>,
}

#[derive(Debug, Default)]
struct Index {
    by_key: HashMap<KeyHash, Arc<World>>,
    by_account: HashMap<String, Arc<World>>,
    by_id: HashMap<WorldId, Arc<World>>,
}

impl Worlds {
    /// Takes in what the store holds.
    pub(crate) fn new(kept: Vec<onfile_store::World>) -> Worlds {
        let worlds = Worlds::default();
        for world in kept {
            worlds.add(world);
        }
        worlds
    }

    /// The world that a key names.
    pub(crate) fn of_key(&self, key: &KeyHash) -> Option<Arc<World>> {
        self.read(|index| index.by_key.get(key).cloned())
    }

    /// The world of an account.
    pub(crate) fn of_account(&self, account: &str) -> Option<Arc<World>> {
        self.read(|index| index.by_account.get(account).cloned())
    }

    /// The world with this number.
    pub(crate) fn of_id(&self, id: WorldId) -> Option<Arc<World>> {
        self.read(|index| index.by_id.get(&id).cloned())
    }

    /// Whose clocks are on the move: their timers are drained by whoever moves them.
    pub(crate) fn moving(&self) -> Vec<WorldId> {
        self.moving.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes note that a world's clock is on the move.
    pub(crate) fn start_moving(&self, world: WorldId) {
        self.moving.lock().unwrap_or_else(PoisonError::into_inner).push(world);
    }

    /// Takes note that it runs again.
    pub(crate) fn end_moving(&self, world: WorldId) {
        self.moving.lock().unwrap_or_else(PoisonError::into_inner).retain(|it| *it != world);
    }

    /// Every world, in the order of their numbers.
    pub(crate) fn all(&self) -> Vec<Arc<World>> {
        let mut all: Vec<Arc<World>> = self.read(|index| index.by_id.values().cloned().collect());
        all.sort_unstable_by_key(|world| world.id);
        all
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.read(|index| index.by_id.len())
    }

    /// Takes in a world; one that is known already stays as it is.
    pub(crate) fn add(&self, kept: onfile_store::World) -> Arc<World> {
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = index.by_key.get(&kept.key) {
            return Arc::clone(known);
        }
        let (key, account) = (kept.key, kept.account.id.clone());
        let world = Arc::new(World::new(kept));
        index.by_key.insert(key, Arc::clone(&world));
        index.by_account.insert(account, Arc::clone(&world));
        index.by_id.insert(world.id, Arc::clone(&world));
        world
    }

    fn read<T>(&self, look: impl FnOnce(&Index) -> T) -> T {
        look(&self.index.read().unwrap_or_else(PoisonError::into_inner))
    }
}
