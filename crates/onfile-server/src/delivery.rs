//! Sends what is due. A delivery is a row; this reads the rows that are due, makes a try of each,
//! and writes down what became of it. Nothing here has to outlive the process: what was on its
//! way when it ended is still due, and is sent again.
//!
//! Each endpoint has a lane of its own ([`lane`]), with few tries at once, so that one that hangs
//! slows nobody else. What is sent is a letter: an event's bytes ([`letter::write`]) and their
//! signature ([`letter::sign`]). The same letters go to whoever listens over a connection of their
//! own, signed with a secret of theirs. They have no rows: each has a place in the events instead,
//! and reads on from there ([`crate::listening`]).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use onfile_domain::time::WorldTime;
use onfile_store::{Failing, Store, StoreError, WorldId};
use tokio::sync::{Notify, Semaphore};

use self::pace::Pace;
use crate::limits;

mod aftermath;
mod client;
mod connect;
mod fault;
pub(crate) mod lane;
pub(crate) mod letter;
mod pace;
mod record;
mod tidings;

pub(crate) use aftermath::{Aftermath, pardoned, take_over};
pub(crate) use client::Client;
pub(crate) use connect::Connector;

/// An endpoint's row in its world.
pub(crate) type Place = (WorldId, u64);

/// What a lane is told.
#[derive(Debug, Default)]
struct Bell {
    wake: Notify,
    /// How often it was rung.
    rings: AtomicU64,
    /// Something is due again that lies behind what was read: it must begin anew.
    again: AtomicBool,
    /// How often its world was emptied or brought back: what was read before may not be there any
    /// more.
    generation: AtomicU64,
}

/// What is being sent.
pub(crate) struct Deliveries {
    lanes: Mutex<BTreeMap<Place, Arc<Bell>>>,
    /// Lanes that have something to do and no task yet.
    waiting: Mutex<Vec<Place>>,
    start: Notify,
    /// Said after each delivery that was written down.
    settled: Notify,
    tries: Semaphore,
    /// What endpoints that say nothing may take of them.
    silent_tries: Semaphore,
    /// Endpoints that answered nothing with 2xx since then.
    failing: Mutex<BTreeMap<Place, WorldTime>>,
    /// Endpoints that said nothing when they were last sent something ([`pace`]).
    silent: Mutex<BTreeSet<Place>>,
    client: Client,
}

impl Deliveries {
    /// Nothing on its way yet.
    pub(crate) fn new(client: Client, failing: Vec<(WorldId, Failing)>) -> Deliveries {
        let failing = failing.into_iter();
        let known = failing.filter_map(|(world, it)| Some(((world, it.endpoint), it.since?)));
        Deliveries {
            lanes: Mutex::default(),
            waiting: Mutex::default(),
            start: Notify::new(),
            settled: Notify::new(),
            tries: Semaphore::new(limits::DELIVERIES),
            silent_tries: Semaphore::new(limits::DELIVERIES_TO_SILENT_ONES),
            failing: Mutex::new(known.collect()),
            silent: Mutex::default(),
            client,
        }
    }

    /// Something new is due at an endpoint.
    pub(crate) fn wake(&self, place: Place) {
        self.ring(place, false);
    }

    /// Something is due at an endpoint that may lie behind what was read already.
    pub(crate) fn wake_anew(&self, place: Place) {
        self.ring(place, true);
    }

    /// A world was emptied or brought back: no lane sends what it read of it before, and how its
    /// endpoints answered is nobody's measure any more.
    fn forget(&self, world: WorldId) {
        lock(&self.silent).retain(|(of, _)| *of != world);
        for (_, bell) in lock(&self.lanes).iter().filter(|((of, _), _)| *of == world) {
            bell.generation.fetch_add(1, Ordering::Release);
            bell.rings.fetch_add(1, Ordering::Release);
            bell.wake.notify_one();
        }
    }

    fn ring(&self, place: Place, again: bool) {
        let mut lanes = lock(&self.lanes);
        let is_new = !lanes.contains_key(&place);
        let bell = lanes.entry(place).or_default();
        if again {
            bell.again.store(true, Ordering::Release);
        }
        bell.rings.fetch_add(1, Ordering::Release);
        bell.wake.notify_one();
        if is_new {
            lock(&self.waiting).push(place);
            self.start.notify_one();
        }
    }

    /// How an endpoint answers, as far as one lane knows from the one before.
    fn pace(&self, place: Place) -> Pace {
        if lock(&self.silent).contains(&place) { Pace::Silent } else { Pace::Answers }
    }

    /// Keeps that for the next lane.
    fn note_pace(&self, place: Place, pace: Pace) {
        let mut silent = lock(&self.silent);
        match pace {
            Pace::Silent => drop(silent.insert(place)),
            Pace::Answers | Pace::Hangs => drop(silent.remove(&place)),
        }
    }

    /// Waits until nothing is due in a world: everything that was, was tried and written down.
    pub(crate) async fn quiet(&self, store: &Store, world: WorldId) -> Result<(), StoreError> {
        loop {
            let settled = self.settled.notified();
            tokio::pin!(settled);
            settled.as_mut().enable();
            if !store.any_delivery_due(world).await? {
                return Ok(());
            }
            settled.await;
        }
    }

    /// Waits until events have arrived wherever they go to.
    pub(crate) async fn arrived(
        &self,
        store: &Store,
        world: WorldId,
        events: &[u64],
    ) -> Result<(), StoreError> {
        loop {
            let settled = self.settled.notified();
            tokio::pin!(settled);
            settled.as_mut().enable();
            if have_arrived(store, world, events).await? {
                return Ok(());
            }
            settled.await;
        }
    }

    /// Since when a world's endpoints fail, by what the store holds.
    fn set_failing(&self, world: WorldId, failing: Vec<(WorldId, Failing)>) {
        let mut known = lock(&self.failing);
        known.retain(|(other, _), _| *other != world);
        let here = failing.into_iter().filter(|(other, _)| *other == world);
        known.extend(here.filter_map(|(_, it)| Some(((world, it.endpoint), it.since?))));
    }

    /// Forgets since when an endpoint fails: somebody turned it on again.
    pub(crate) fn pardon(&self, place: Place) {
        lock(&self.failing).remove(&place);
    }
}

/// Whether every delivery of these events is over, and none was given up.
pub(crate) async fn have_arrived(
    store: &Store,
    world: WorldId,
    events: &[u64],
) -> Result<bool, StoreError> {
    for event in events {
        let deliveries = store.deliveries_of(world, *event).await?;
        if !deliveries.iter().all(|it| it.delivery.has_arrived()) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
