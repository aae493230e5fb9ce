//! What a commit means for endpoints: who has something to hear, and which endpoints are others
//! from here on.

use onfile_domain::case::{Decision, Dossier, Loaded, Write};
use onfile_domain::delivery::State;
use onfile_domain::id::EventId;
use onfile_domain::object::{Kind, Object};
use onfile_domain::webhook_endpoint::{EndpointStatus, WebhookEndpoint};
use onfile_store::{Failing, StoreError, WorldId, WriteSet};

use super::Place;
use crate::app::App;
use crate::worlds::World;

/// Taken from a write set before it goes, and carried out once it is kept.
#[derive(Default)]
pub(crate) struct Aftermath {
    /// Endpoints as they are from here on, with the versions of their rows.
    endpoints: Vec<(i64, WebhookEndpoint)>,
    /// Endpoints that something new is due at.
    new: Vec<Place>,
    /// Endpoints that something is due at again.
    again: Vec<Place>,
    /// Events that those who listen are told again.
    told_again: Vec<EventId>,
    /// An endpoint that begins with a clean record.
    pardoned: Option<Place>,
}

impl Aftermath {
    /// What this write set will mean.
    pub(crate) fn of(world: WorldId, set: &WriteSet) -> Aftermath {
        let mut aftermath = Aftermath::default();
        for write in &set.decision.writes {
            let (version, object) = match write {
                Write::Insert(object) => (1, object),
                Write::Update { object, expected } => (expected + 1, object),
            };
            if let Object::WebhookEndpoint(endpoint) = object {
                aftermath.endpoints.push((version, endpoint.as_ref().clone()));
            }
        }
        for (_, endpoint) in &set.told {
            if !aftermath.new.contains(&(world, *endpoint)) {
                aftermath.new.push((world, *endpoint));
            }
        }
        let due = set.decision.posts.iter().filter(|post| post.delivery.state == State::Due);
        aftermath.again.extend(due.map(|post| (world, post.delivery.id.endpoint)));
        aftermath.told_again.clone_from(&set.decision.told_again);
        aftermath.pardoned = set.failing.map(|failing| (world, failing.endpoint));
        aftermath
    }

    /// Carries it out.
    pub(crate) fn come(self, app: &App, world: &World) {
        for (version, endpoint) in self.endpoints {
            world.learn(version, endpoint);
        }
        if let Some(place) = self.pardoned {
            app.deliveries.pardon(place);
        }
        self.new.into_iter().for_each(|place| app.deliveries.wake(place));
        self.again.into_iter().for_each(|place| app.deliveries.wake_anew(place));
        self.told_again.into_iter().for_each(|event| app.listeners.tell_again(world.id, event));
    }
}

/// Goes on from what the store made of a world: other endpoints, other deliveries.
///
/// # Errors
/// When the store fails.
pub(crate) async fn take_over(app: &App, world: &World) -> Result<(), StoreError> {
    app.deliveries.forget(world.id);
    world.set_endpoints(endpoints_of(app, world).await?);
    // One that was made between the two is known to nobody else.
    for (version, endpoint) in endpoints_of(app, world).await? {
        world.learn(version, endpoint);
    }
    world.faults.held.lock().await.clear();
    let failing = app.store.failing().await?;
    app.deliveries.set_failing(world.id, failing);
    let due = app.store.due_endpoints().await?;
    due.into_iter()
        .filter(|(other, _)| *other == world.id)
        .for_each(|place| app.deliveries.wake_anew(place));
    Ok(())
}

async fn endpoints_of(app: &App, world: &World) -> Result<Vec<(i64, WebhookEndpoint)>, StoreError> {
    let rows = app.store.endpoints(Some(world.id)).await?;
    let endpoint = |(_, row): (WorldId, Loaded)| {
        let Object::WebhookEndpoint(endpoint) = row.object else { return None };
        Some((row.version, *endpoint))
    };
    Ok(rows.into_iter().filter_map(endpoint).collect())
}

/// An endpoint that somebody turns on again begins with a clean record.
pub(crate) fn pardoned(decision: &Decision, dossier: &Dossier) -> Option<Failing> {
    decision.writes.iter().find_map(|write| match write {
        Write::Update { object: Object::WebhookEndpoint(after), .. } => {
            let before = dossier.row(Kind::WebhookEndpoint, after.id.seq);
            let was_off = matches!(
                before.map(|row| &row.object),
                Some(Object::WebhookEndpoint(it)) if it.status == EndpointStatus::Disabled
            );
            let is_on = after.status == EndpointStatus::Enabled;
            (was_off && is_on).then_some(Failing { endpoint: after.id.seq, since: None })
        }
        Write::Insert(_) | Write::Update { .. } => None,
    })
}
