//! Makes a try of a delivery, and writes down what became of it.

use std::sync::Arc;

use hyper::body::Bytes;
use onfile_domain::case::{Decision, Timer, TimerKind};
use onfile_domain::delivery::{
    Delivery, JITTER, Post, State, Try, TryFailure, TryReason, TryResult, is_hopeless,
};
use onfile_domain::webhook_endpoint::{self, EndpointStatus, WebhookEndpoint};
use onfile_store::{Committed, DueDelivery, Failing, WriteSet};
use onfile_wire::version::Version;

use super::client::Posting;
use super::{letter, lock};
use crate::app::App;
use crate::limits;
use crate::stop::Stop;
use crate::surroundings::Stopwatch;
use crate::work::{Outcome, Rule};
use crate::workers::{At, decide, failed};
use crate::worlds::World;

/// A delivery that was due, and what a try of it came to.
pub(super) struct Tried {
    due: DueDelivery,
    /// The try with the bytes that it sent; `None` where its endpoint is off, and none is made.
    made: Option<(Try, Bytes)>,
}

impl Tried {
    /// Its event's number.
    pub(super) fn event(&self) -> u64 {
        self.due.posted.delivery.id.event
    }

    /// Whether the endpoint let it run out of time.
    pub(super) fn timed_out(&self) -> bool {
        let result = self.made.as_ref().map(|(made, _)| made.result);
        result == Some(TryResult::Failed(TryFailure::TimedOut))
    }
}

/// Makes a try of what is due. What can't be read now is read later.
pub(super) async fn make_a_try(app: &App, world: &World, due: DueDelivery) -> Tried {
    let endpoint = world.endpoint(due.posted.delivery.id.endpoint);
    let is_open = |it: &Arc<WebhookEndpoint>| !it.deleted && it.status == EndpointStatus::Enabled;
    let Some(endpoint) = endpoint.filter(is_open) else { return Tried { due, made: None } };
    loop {
        match send(app, world, &endpoint, &due).await {
            Ok(made) => return Tried { due, made: Some(made) },
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

fn at_endpoint(world: &World, due: &DueDelivery) -> At {
    At { endpoint: Some(due.posted.delivery.id.endpoint), ..At::world(world.id) }
}

/// `is_noted` says how far it has come, so that nothing is done twice where a later step fails.
async fn go_on(app: &App, world: &World, tried: &Tried, is_noted: &mut bool) -> Result<(), Stop> {
    let Tried { due, made } = tried;
    let Some((made, bytes)) = made else {
        let cancel = |delivery| Delivery { state: State::Canceled, ..delivery };
        return commit(app, world, due, (&cancel, None, None)).await;
    };
    if !*is_noted {
        note(app, world, due, (made, bytes)).await?;
        *is_noted = true;
    }
    if !made.result.is_acknowledged() {
        let place = (world.id, due.posted.delivery.id.endpoint);
        let since = lock(&app.deliveries.failing).get(&place).copied().unwrap_or(made.at);
        if is_hopeless(made.result, since, made.at) {
            disable(app, world, place.1).await?;
        }
    }
    Ok(())
}

/// Sends it.
async fn send(
    app: &App,
    world: &World,
    endpoint: &WebhookEndpoint,
    due: &DueDelivery,
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
    let reason = if due.posted.delivery.asked { TryReason::Asked } else { TryReason::Due };
    let took_ms = i64::try_from(watch.took().as_millis()).unwrap_or(i64::MAX);
    let at = world.now(app.surroundings.wall());
    Ok((Try { at, took_ms, reason, result, answer }, bytes))
}

/// Writes a try down, with what it says of its endpoint.
async fn note(
    app: &App,
    world: &World,
    due: &DueDelivery,
    (made, bytes): (&Try, &Bytes),
) -> Result<(), Stop> {
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
    let after = |delivery: Delivery| delivery.after(made.clone(), mode, jitter);
    let keep = (!is_taken && due.bytes.is_none()).then(|| bytes.to_vec());
    commit(app, world, due, (&after, keep, failing)).await?;
    let mut all = lock(&app.deliveries.failing);
    if is_taken {
        all.remove(&place);
    } else {
        all.entry(place).or_insert(made.at);
    }
    Ok(())
}

/// What is written of a delivery: how it goes on, the bytes to keep, and how its endpoint fares.
type Written<'a> = (&'a (dyn Fn(Delivery) -> Delivery + Sync), Option<Vec<u8>>, Option<Failing>);

/// Commits a delivery as it is from here on; where somebody wrote it meanwhile, what they wrote
/// is gone on from.
async fn commit(
    app: &App,
    world: &World,
    due: &DueDelivery,
    (after, bytes, failing): Written<'_>,
) -> Result<(), Stop> {
    let mut posted = due.posted.clone();
    loop {
        let delivery = after(posted.delivery.clone());
        let mut decision = Decision::default();
        if let State::Waiting { until } = delivery.state {
            let (kind, subject) = (TimerKind::RetryDelivery, delivery.id.event);
            decision.timers.push(Timer { due_at: until, kind, subject });
        }
        let waits = !decision.timers.is_empty();
        decision.posts.push(Post {
            delivery,
            expected: Some(posted.version),
            bytes: bytes.clone(),
        });
        let now = world.now(app.surroundings.wall());
        let set = WriteSet { failing, ..WriteSet::of(world.id, now, decision) };
        match app.store.commit(set).await? {
            Committed::Done(_) => {
                if waits {
                    app.timers.notify_one();
                }
                return Ok(());
            }
            Committed::Taken(_) => return Err(Stop::Broken("a delivery has no key")),
            Committed::Moved => {
                let found = app.store.delivery(world.id, posted.delivery.id).await?;
                // A world that was put back has other deliveries.
                let Some(found) = found else { return Ok(()) };
                posted = found.posted;
            }
        }
    }
}

/// Turns an endpoint off, and tells of it.
async fn disable(app: &App, world: &World, endpoint: u64) -> Result<(), Stop> {
    let rule: Rule =
        Box::new(move |case| webhook_endpoint::disable(case, endpoint).map(|()| Outcome::Silent));
    loop {
        match decide(app, world, &rule, None).await {
            Ok(_) => return Ok(()),
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
