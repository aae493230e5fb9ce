//! An endpoint's lane: reads what is due there in the events' order, and has a few tries made at
//! once. The events of one call go one by one, so that `created` comes before `succeeded`. Those of
//! the next call wait for it a moment; they go side by side where the endpoint is slow, where much
//! is due, or where they were tried before: those are late already, and have no order among
//! themselves either. What a try came to is written down at once, while the next one is made.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use onfile_store::{DueDelivery, StoreError, WorldId};
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinError, JoinSet};

use super::pace::{Clock, Hearing};
use super::record::{self, Tried};
use super::{Bell, Place, lock};
use crate::app::App;
use crate::limits;
use crate::serve::stop_of;
use crate::stop::Stop;
use crate::surroundings::Stopwatch;
use crate::workers::{At, failed};
use crate::worlds::World;

/// Starts lanes as they are needed, until it is told to stop; what is on its way then has a
/// moment to arrive.
pub(crate) async fn run(app: Arc<App>, mut stopping: watch::Receiver<bool>) {
    let mut lanes = JoinSet::new();
    let mut is_begun = false;
    loop {
        if !is_begun {
            is_begun = begin(&app).await;
        }
        for place in std::mem::take(&mut *lock(&app.deliveries.waiting)) {
            lanes.spawn(serve(Arc::clone(&app), place, stopping.clone()));
        }
        tokio::select! {
            () = stop_of(&mut stopping) => break,
            () = app.deliveries.start.notified() => {}
            Some(ended) = lanes.join_next() => {
                if let Err(error) = ended {
                    let stop = Stop::panicked("a lane of deliveries")(error);
                    failed("sending to an endpoint", At::default(), &stop);
                }
            }
            () = tokio::time::sleep(limits::DELIVERY_IDLE) => app.deliveries.client.close_idle(),
        }
    }
    let all = async { while lanes.join_next().await.is_some() {} };
    drop(tokio::time::timeout(limits::DELIVERY_ANSWER, all).await);
}

/// Wakes the lanes that something was left due at.
async fn begin(app: &App) -> bool {
    match app.store.due_endpoints().await {
        Ok(places) => {
            places.into_iter().for_each(|place| app.deliveries.wake(place));
            true
        }
        Err(error) => {
            failed("finding endpoints that something is due at", At::default(), &error.into());
            false
        }
    }
}

/// What a lane has read and not yet sent.
struct Lane {
    app: Arc<App>,
    world: Arc<World>,
    endpoint: u64,
    bell: Arc<Bell>,
    /// Read, and not on its way: flows, each a call's events.
    ahead: VecDeque<Vec<DueDelivery>>,
    /// Events that are read or on their way, with the versions of their deliveries.
    taken: BTreeMap<u64, i64>,
    /// Whether one of these was found due anew, before its last try was put away.
    is_due_anew: bool,
    /// Which of its worlds is read: see [`Bell`].
    generation: u64,
    /// The last event that was read.
    read: u64,
    /// How often the bell was rung before the last read.
    heard: u64,
    /// How the endpoint answers.
    hearing: Arc<Mutex<Hearing>>,
    /// Whether there was more to read than was read.
    is_crowded: bool,
    /// When a flow was last begun.
    begun: Stopwatch,
    /// On their way: each a call's events, one by one.
    flows: JoinSet<()>,
    /// What flows say of each try, as soon as it ended.
    ended: mpsc::UnboundedReceiver<Tried>,
    /// Given to each flow.
    tell: mpsc::UnboundedSender<Tried>,
    /// What is being written down: each an event.
    records: JoinSet<u64>,
}

/// Serves a lane until nothing is due at its endpoint.
async fn serve(app: Arc<App>, place: Place, mut stopping: watch::Receiver<bool>) {
    let (world, endpoint): (WorldId, u64) = place;
    let bell = lock(&app.deliveries.lanes).get(&place).map(Arc::clone);
    let (Some(world), Some(bell)) = (app.worlds.of_id(world), bell) else {
        lock(&app.deliveries.lanes).remove(&place);
        return;
    };
    let pace = app.deliveries.pace(place);
    let generation = bell.generation.load(Ordering::Acquire);
    let (tell, ended) = mpsc::unbounded_channel();
    let mut lane = Lane {
        app,
        world,
        endpoint,
        bell,
        ahead: VecDeque::new(),
        taken: BTreeMap::new(),
        is_due_anew: false,
        generation,
        read: 0,
        heard: 0,
        hearing: Arc::new(Mutex::new(Hearing::begin(pace))),
        is_crowded: false,
        begun: Stopwatch::start(),
        flows: JoinSet::new(),
        ended,
        tell,
        records: JoinSet::new(),
    };
    loop {
        if let Err(error) = lane.read_on().await {
            let at = At { endpoint: Some(endpoint), ..At::world(place.0) };
            failed("reading deliveries that are due", at, &error.into());
            tokio::select! {
                () = stop_of(&mut stopping) => break,
                () = tokio::time::sleep(limits::WORKER_PAUSE) => continue,
            }
        }
        lane.send();
        if lane.has_more() {
            continue;
        }
        if lane.is_idle() && lane.close(place) {
            return;
        }
        tokio::select! {
            () = stop_of(&mut stopping) => break,
            Some(tried) = lane.ended.recv() => lane.sent(tried),
            Some(ended) = lane.flows.join_next() => lane.flowed(ended),
            Some(written) = lane.records.join_next() => lane.written(written),
            () = lane.bell.wake.notified() => {}
            () = tokio::time::sleep(limits::DELIVERY_PATIENCE), if !lane.ahead.is_empty() => {}
        }
    }
    while !lane.flows.is_empty() || !lane.ended.is_empty() {
        tokio::select! {
            Some(tried) = lane.ended.recv() => lane.sent(tried),
            Some(ended) = lane.flows.join_next() => lane.flowed(ended),
        }
    }
    while lane.records.join_next().await.is_some() {}
}

impl Lane {
    /// Reads more, where nothing is left of what was read.
    async fn read_on(&mut self) -> Result<(), StoreError> {
        let rings = self.bell.rings.load(Ordering::Acquire);
        if self.bell.again.swap(false, Ordering::AcqRel) {
            self.read = 0;
        }
        let generation = self.bell.generation.load(Ordering::Acquire);
        if std::mem::replace(&mut self.generation, generation) != generation {
            self.read = 0;
            for due in self.ahead.drain(..).flatten() {
                self.taken.remove(&due.posted.delivery.id.event);
            }
        }
        if !self.ahead.is_empty() {
            return Ok(());
        }
        loop {
            let most = limits::DELIVERIES_AHEAD;
            let (world, store) = (self.world.id, &self.app.store);
            let due = store.due_deliveries(world, self.endpoint, self.read, most).await?;
            let is_all = due.len() < most;
            self.is_crowded = !is_all;
            for one in due {
                let (number, version) = (one.posted.delivery.id.event, one.posted.version);
                self.read = self.read.max(number);
                match self.taken.get(&number) {
                    None => {
                        self.taken.insert(number, version);
                        self.push(one);
                    }
                    Some(taken) => self.is_due_anew |= *taken < version,
                }
            }
            if is_all || !self.ahead.is_empty() {
                self.heard = rings;
                return Ok(());
            }
        }
    }

    /// Whether all that was read is on its way, and there may be more to read.
    fn has_more(&self) -> bool {
        let is_rung = self.bell.rings.load(Ordering::Acquire) != self.heard;
        self.ahead.is_empty() && (self.is_crowded || is_rung)
    }

    /// Puts a delivery behind the one before, where the same call told of both and neither was
    /// tried.
    fn push(&mut self, due: DueDelivery) {
        let call = &due.event.cause.request;
        match self.ahead.back_mut() {
            Some(flow)
                if call.is_some()
                    && flow[0].event.cause.request == *call
                    && is_new(&flow[0])
                    && is_new(&due) =>
            {
                flow.push(due);
            }
            Some(_) | None => self.ahead.push_back(vec![due]),
        }
    }

    /// Sends as much as may be on its way at once.
    fn send(&mut self) {
        while self.may_send()
            && let Some(flow) = self.ahead.pop_front()
        {
            let (app, world) = (Arc::clone(&self.app), Arc::clone(&self.world));
            let (place, hearing) = ((world.id, self.endpoint), Arc::clone(&self.hearing));
            let (bell, generation) = (Arc::clone(&self.bell), self.generation);
            let tell = self.tell.clone();
            self.begun = Stopwatch::start();
            self.flows.spawn(async move {
                let is_old = || bell.generation.load(Ordering::Acquire) != generation;
                // A lane that hears no more of it has ended with its server.
                let say = |one| drop(tell.send(one));
                for due in flow {
                    if is_old() {
                        say(Tried::not(due));
                        continue;
                    }
                    let is_silent = lock(&hearing).is_silent();
                    let _few = match is_silent {
                        true => Some(app.deliveries.silent_tries.acquire().await),
                        false => None,
                    };
                    let one = record::make_a_try(&app, &world, due).await;
                    if is_old() {
                        say(one.of_another_world());
                        continue;
                    }
                    if let Some(timed_out) = one.timed_out() {
                        let pace = lock(&hearing).note(timed_out, app.settings.delivery);
                        app.deliveries.note_pace(place, pace);
                    }
                    say(one);
                }
            });
        }
    }

    fn may_send(&self) -> bool {
        let Some(next) = self.ahead.front() else { return false };
        let clock = if self.world.is_moved() { Clock::Moves } else { Clock::Runs };
        let most = lock(&self.hearing).most(clock);
        let has_room = self.flows.len() < most && self.records.len() < limits::DELIVERIES_WRITTEN;
        // Where little is due, order counts for more than speed.
        let is_new = next.iter().any(is_new);
        let is_crowded = self.is_crowded || self.ahead.len() > limits::DELIVERIES_IN_ORDER;
        let is_calm = is_new && !is_crowded;
        let goes_alone = is_calm && self.begun.took() < limits::DELIVERY_PATIENCE;
        has_room && (self.flows.is_empty() || !goes_alone)
    }

    /// A try ended: what became of it is written down.
    fn sent(&mut self, tried: Tried) {
        if tried.is_not() {
            self.taken.remove(&tried.event());
            self.read = 0;
            return;
        }
        let (app, world) = (Arc::clone(&self.app), Arc::clone(&self.world));
        self.records.spawn(async move {
            record::write_down(&app, &world, &tried).await;
            tried.event()
        });
    }

    /// All of a call's events were tried.
    fn flowed(&mut self, ended: Result<(), JoinError>) {
        if let Err(error) = ended {
            self.begin_anew(error);
        }
    }

    fn written(&mut self, written: Result<u64, JoinError>) {
        match written {
            Ok(event) => drop(self.taken.remove(&event)),
            Err(error) => return self.begin_anew(error),
        }
        if std::mem::take(&mut self.is_due_anew) {
            self.read = 0;
        }
    }

    /// A task panicked, and nobody knows which events it had: what is due is read anew.
    fn begin_anew(&mut self, error: JoinError) {
        let at = At { endpoint: Some(self.endpoint), ..At::world(self.world.id) };
        failed("sending to an endpoint", at, &Stop::panicked("a delivery")(error));
        self.ahead.clear();
        self.taken.clear();
        self.read = 0;
    }

    fn is_idle(&self) -> bool {
        let is_sent = self.flows.is_empty() && self.ended.is_empty();
        is_sent && self.records.is_empty() && self.ahead.is_empty()
    }

    /// Whether the lane ended: not where something was said meanwhile.
    fn close(&self, place: Place) -> bool {
        let mut lanes = lock(&self.app.deliveries.lanes);
        if self.bell.rings.load(Ordering::Acquire) != self.heard {
            return false;
        }
        lanes.remove(&place);
        true
    }
}

/// Whether it was never tried.
fn is_new(due: &DueDelivery) -> bool {
    due.posted.delivery.tries.is_empty()
}
