//! Makes a try of a delivery, and writes down what became of it.

use std::sync::Arc;

use hyper::body::Bytes;
use onfile_domain::case::{Decision, Timer, TimerKind};
use onfile_domain::command::Answer;
use onfile_domain::delivery::{
    Delivery, DeliveryId, Fault, JITTER, Post, Posted, State, Try, TryFailure, TryReason,
    TryResult, hopeless,
};
use onfile_domain::webhook_endpoint::{self, EndpointStatus, WebhookEndpoint};
use onfile_store::{Committed, DueDelivery, Failing, WriteSet};
use onfile_wire::version::Version;

use super::client::Posting;
use super::fault::{self, Turn};
use super::tidings::Tidings;
use super::{Place, letter, lock};
use crate::app::App;
use crate::limits;
use crate::stop::Stop;
use crate::surroundings::Stopwatch;
use crate::work::{Outcome, Rule, Settled};
use crate::workers::{At, decide, failed};
use crate::worlds::World;

/// A delivery that was due, and what came of it.
pub(super) struct Tried {
    due: DueDelivery,
    came: Came,
}

/// What came of a delivery that was due.
enum Came {
    /// A try.
    Made(Made),
    /// Nothing: its endpoint is off.
    Closed,
    /// Nothing: it is held back, which is written down already.
    Held,
    /// Nothing: its world was emptied or brought back meanwhile, and is read anew.
    Not,
}

/// A try.
struct Made {
    made: Try,
    /// What it sent.
    bytes: Bytes,
    /// Whether it is to be sent once more, although it was acknowledged.
    once_more: bool,
}

impl Tried {
    /// One that is not made: its world is another one.
    pub(super) fn not(due: DueDelivery) -> Tried {
        Tried { due, came: Came::Not }
    }

    /// The same, where its world became another one meanwhile: that its endpoint was off there
    /// says nothing of the one here.
    pub(super) fn of_another_world(self) -> Tried {
        match self.came {
            Came::Closed => Tried::not(self.due),
            Came::Made(_) | Came::Held | Came::Not => self,
        }
    }

    /// Whether it must be read anew.
    pub(super) fn is_not(&self) -> bool {
        matches!(self.came, Came::Not)
    }

    /// Its event's number.
    pub(super) fn event(&self) -> u64 {
        self.due.posted.delivery.id.event
    }

    /// Whether the endpoint let it run out of time; `None` where it was sent nothing.
    pub(super) fn timed_out(&self) -> Option<bool> {
        match &self.came {
            Came::Made(it) if it.made.fault == Some(Fault::Fail) => None,
            Came::Made(it) => Some(it.made.result == TryResult::Failed(TryFailure::TimedOut)),
            Came::Closed | Came::Held | Came::Not => None,
        }
    }
}

/// Makes a try of what is due. What can't be read now is read later.
pub(super) async fn make_a_try(app: &App, world: &World, due: DueDelivery) -> Tried {
    let endpoint = world.endpoint(due.posted.delivery.id.endpoint);
    let is_open = |it: &Arc<WebhookEndpoint>| !it.deleted && it.status == EndpointStatus::Enabled;
    let Some(endpoint) = endpoint.filter(is_open) else { return Tried { due, came: Came::Closed } };
    let turn = fault::before(app, world, &endpoint, &due).await;
    if turn == Turn::Held {
        return Tried { due, came: Came::Held };
    }
    loop {
        match send(app, world, &endpoint, (&due, turn)).await {
            Ok((made, bytes)) => {
                let is_taken = made.result.is_acknowledged();
                let once_more = is_taken && fault::once_more(app, world, &endpoint, &due);
                return Tried { due, came: Came::Made(Made { made, bytes, once_more }) };
            }
            Err(stop) => failed("making a delivery", at_endpoint(world, &due), &stop),
        }
        tokio::time::sleep(limits::WORKER_PAUSE).await;
    }
}

/// Writes down what a try came to. What can't be written now is written later: until then the
/// delivery is on its way.
pub(super) async fn write_down(app: &App, world: &World, tried: &Tried) {
    let mut is_noted = false;
    while let Err(stop) = go_on(app, world, tried, &mut is_noted).await {
        failed("writing down a delivery", at_endpoint(world, &tried.due), &stop);
        tokio::time::sleep(limits::WORKER_PAUSE).await;
    }
    app.deliveries.settled.notify_waiters();
}

pub(super) fn at_endpoint(world: &World, due: &DueDelivery) -> At {
    At { endpoint: Some(due.posted.delivery.id.endpoint), ..At::world(world.id) }
}

/// `is_noted` says how far it has come, so that nothing is done twice where a later step fails.
async fn go_on(app: &App, world: &World, tried: &Tried, is_noted: &mut bool) -> Result<(), Stop> {
    let Tried { due, came } = tried;
    let it = match came {
        Came::Made(it) => it,
        Came::Held | Came::Not => return Ok(()),
        Came::Closed => {
            return commit(app, world, due, Written::only(&Delivery::canceled)).await.map(drop);
        }
    };
    if !*is_noted {
        if !note(app, world, due, it).await? {
            return Ok(());
        }
        *is_noted = true;
    }
    let made = &it.made;
    if !made.result.is_acknowledged() {
        let place = (world.id, due.posted.delivery.id.endpoint);
        let since = lock(&app.deliveries.failing).get(&place).copied().unwrap_or(made.at);
        if let Some(why) = hopeless(made.result, since, made.at)
            && let Some(endpoint) = disable(app, world, place.1).await?
        {
            Tidings { world, endpoint: &endpoint }.is_disabled(made, since, why);
        }
    }
    Ok(())
}

/// Sends it.
async fn send(
    app: &App,
    world: &World,
    endpoint: &WebhookEndpoint,
    (due, turn): (&DueDelivery, Turn),
) -> Result<(Try, Bytes), Stop> {
    let account = world.account();
    let version = endpoint.api_version.as_deref().and_then(|version| version.parse().ok());
    let bytes = match &due.bytes {
        Some(bytes) => bytes.clone(),
        None => {
            let version = version.unwrap_or(Version::DEFAULT);
            letter::write(app, (world.id, &account), &due.event, version, due.pending).await?
        }
    };
    let bytes = Bytes::from(bytes);
    let delivery = &due.posted.delivery;
    let reason = if delivery.asked { TryReason::Asked } else { TryReason::Due };
    if let Turn::Fail(status) = turn {
        let (at, fault) = (world.now(app.surroundings.wall()), Some(Fault::Fail));
        let result = TryResult::Answered(status);
        return Ok((Try { at, took_ms: 0, reason, result, answer: None, fault }, bytes));
    }
    let _permit = app.deliveries.tries.acquire().await;
    let now = world.now(app.surroundings.wall());
    let secrets: Vec<String> =
        endpoint.signing(now).map(|seed| letter::secret(&app.vault, seed)).collect();
    let signature = letter::sign(&secrets, account.mode, app.surroundings.wall(), &bytes);
    let watch = Stopwatch::start();
    let result = app.deliveries.client.post(Posting {
        place: (world.id, endpoint.id.seq),
        mode: account.mode,
        url: &endpoint.url,
        bytes: bytes.clone(),
        signature,
    });
    let (result, answer) = result.await;
    let took_ms = i64::try_from(watch.took().as_millis()).unwrap_or(i64::MAX);
    let at = world.now(app.surroundings.wall());
    Ok((Try { at, took_ms, reason, result, answer, fault: delivery.sent_by() }, bytes))
}

/// Writes a try down, with what it says of its endpoint; `false` where the delivery is no more
/// there.
async fn note(app: &App, world: &World, due: &DueDelivery, it: &Made) -> Result<bool, Stop> {
    let Made { made, bytes, once_more } = it;
    let is_taken = made.result.is_acknowledged();
    let endpoint = due.posted.delivery.id.endpoint;
    let place = (world.id, endpoint);
    let known = lock(&app.deliveries.failing).get(&place).copied();
    let failing = match (known, is_taken) {
        (Some(_), true) => Some(Failing { endpoint, since: None }),
        (None, false) => Some(Failing { endpoint, since: Some(made.at) }),
        (Some(_), false) | (None, true) => None,
    };
    let (mode, jitter) = (world.account().mode, jitter(app));
    let after = |delivery: Delivery| match delivery.after(made.clone(), mode, jitter) {
        after if *once_more => after.once_more(),
        after => after,
    };
    let keep = ((!is_taken || *once_more) && due.bytes.is_none()).then(|| bytes.to_vec());
    let passed = match is_taken {
        true => fault::passed_by(world, due.posted.delivery.id).await,
        false => None,
    };
    let overtakes = passed.as_ref().map(|passed| passed.id);
    let written = Written { after: &after, bytes: keep, failing, overtakes };
    if !commit(app, world, due, written).await? {
        return Ok(false);
    }
    if let Some(passed) = passed {
        passed.goes_on();
    }
    if *once_more || overtakes.is_some() {
        app.deliveries.wake_anew(place);
    }
    keep_how_it_fares(app, world, place, made);
    Ok(true)
}

/// Keeps since when an endpoint fails, and has the log say where that is news.
fn keep_how_it_fares(app: &App, world: &World, place: Place, made: &Try) {
    let mut failing = lock(&app.deliveries.failing);
    let before = failing.get(&place).copied();
    match made.result.is_acknowledged() {
        true => drop(failing.remove(&place)),
        false => drop(failing.entry(place).or_insert(made.at)),
    }
    drop(failing);
    let Some(endpoint) = world.endpoint(place.1) else { return };
    let tidings = Tidings { world, endpoint: &endpoint };
    match (before, made.result.is_acknowledged()) {
        (None, false) => tidings.begins_to_fail(made),
        (Some(since), true) => tidings.takes_again(made, since),
        (Some(_), false) | (None, true) => {}
    }
}

/// What is written of a delivery.
pub(super) struct Written<'a> {
    /// How it goes on.
    pub(super) after: &'a (dyn Fn(Delivery) -> Delivery + Sync),
    /// The bytes to keep.
    pub(super) bytes: Option<Vec<u8>>,
    /// How its endpoint fares.
    pub(super) failing: Option<Failing>,
    /// An earlier one that was held back until this one was taken.
    pub(super) overtakes: Option<DeliveryId>,
}

impl<'a> Written<'a> {
    /// How it goes on, and nothing else.
    pub(super) fn only(after: &'a (dyn Fn(Delivery) -> Delivery + Sync)) -> Written<'a> {
        Written { after, bytes: None, failing: None, overtakes: None }
    }
}

/// Commits a delivery as it is from here on; where somebody wrote it meanwhile, what they wrote
/// is gone on from. `false` where it is no more there.
pub(super) async fn commit(
    app: &App,
    world: &World,
    due: &DueDelivery,
    written: Written<'_>,
) -> Result<bool, Stop> {
    let Written { after, bytes, failing, overtakes } = written;
    let mut posted = due.posted.clone();
    loop {
        let delivery = after(posted.delivery.clone());
        let mut decision = Decision::default();
        if let State::Waiting { until } = delivery.state {
            let (kind, subject) = (TimerKind::RetryDelivery, delivery.id.event);
            decision.timers.push(Timer { due_at: until, kind, subject });
        }
        let waits = !decision.timers.is_empty();
        let expected = Some(posted.version);
        decision.posts.push(Post { delivery, expected, bytes: bytes.clone() });
        if let Some(id) = overtakes {
            // In the same commit: between the two, nothing would be due.
            decision.posts.extend(let_go(app, world, id).await?);
        }
        let now = world.now(app.surroundings.wall());
        let set = WriteSet { failing, ..WriteSet::of(world.id, now, decision) };
        match app.store.commit(set).await? {
            Committed::Done(_) => {
                if waits {
                    app.timers.notify_one();
                }
                return Ok(true);
            }
            Committed::Taken(_) => return Err(Stop::Broken("a delivery has no key")),
            Committed::Moved => {
                let found = app.store.delivery(world.id, posted.delivery.id).await?;
                // A world that was put back has other deliveries.
                let Some(found) = found else { return Ok(false) };
                posted = found.posted;
            }
        }
    }
}

/// An earlier delivery as it is once a later one was taken; `None` where it waits for none.
async fn let_go(app: &App, world: &World, id: DeliveryId) -> Result<Option<Post>, Stop> {
    let found = app.store.delivery(world.id, id).await?;
    Ok(found.and_then(|found| {
        let Posted { version, delivery } = found.posted;
        let delivery = delivery.let_go()?;
        Some(Post { delivery, expected: Some(version), bytes: None })
    }))
}

/// Turns an endpoint off, and tells of it: it as it is then, and `None` where it was off already.
async fn disable(
    app: &App,
    world: &World,
    endpoint: u64,
) -> Result<Option<Arc<WebhookEndpoint>>, Stop> {
    let rule: Rule = Box::new(move |case| {
        let disabled = webhook_endpoint::disable(case, endpoint)?;
        Ok(disabled.map_or(Outcome::Silent, |it| Outcome::from(Answer::shown(it))))
    });
    loop {
        match decide(app, world, &rule, None).await {
            Ok(Settled { outcome: Ok(Outcome::Answer(_)), .. }) => {
                return Ok(world.endpoint(endpoint));
            }
            Ok(_) => return Ok(None),
            Err(Stop::Locked) => tokio::task::yield_now().await,
            Err(stop) => return Err(stop),
        }
    }
}

/// A random number from `-JITTER` to `JITTER`.
fn jitter(app: &App) -> i64 {
    let mut bytes = [0; 4];
    app.surroundings.fill(&mut bytes);
    i64::from(u32::from_be_bytes(bytes)) % (2 * JITTER + 1) - JITTER
}
