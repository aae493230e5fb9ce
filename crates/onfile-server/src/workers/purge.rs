//! Forgets what is past its life, a few at a time: idempotency keys, and events with their
//! deliveries.

use std::collections::BTreeMap;
use std::sync::Arc;

use onfile_domain::event::LIFE;
use onfile_store::{Cursor, EventQuery, StoreError, StoredEvent, WorldId};
use tokio::sync::watch;

use crate::app::App;
use crate::limits;
use crate::serve::stop_of;
use crate::stop::Stop;
use crate::workers::{At, failed};
use crate::worlds::World;

/// The last event that a world with old ones had when it was looked at.
type Seen = BTreeMap<WorldId, u64>;

/// Looks every few minutes, until it is told to stop.
pub(super) async fn run(app: Arc<App>, mut stopping: watch::Receiver<bool>) {
    let mut seen = Seen::new();
    loop {
        tokio::select! {
            () = stop_of(&mut stopping) => return,
            () = tokio::time::sleep(app.settings.purge_every) => {}
        }
        // What is left is for the next process: a month of a busy world takes a while.
        tokio::select! {
            () = stop_of(&mut stopping) => return,
            () = look(&app, &mut seen) => {}
        }
    }
}

async fn look(app: &App, seen: &mut Seen) {
    forget_keys(app).await;
    for world in app.worlds.all() {
        if let Err(error) = forget_events(app, &world, seen).await {
            failed("forgetting old events", At::world(world.id), &Stop::from(error));
        }
        tokio::task::yield_now().await;
    }
}

async fn forget_keys(app: &App) {
    loop {
        let wall = app.surroundings.wall();
        match app.store.purge_idempotency(wall, limits::PURGE_BATCH).await {
            Ok(0) => return,
            Ok(_) => tokio::task::yield_now().await,
            Err(error) => {
                failed("forgetting old idempotency keys", At::default(), &Stop::from(error));
                return;
            }
        }
    }
}

/// Forgets what was there already when the world was last looked at: a call that waits for events
/// has heard of it since then. Who listens reads on in the store for as long as they like, and
/// nothing is forgotten that they were not told of.
async fn forget_events(app: &App, world: &World, seen: &mut Seen) -> Result<(), StoreError> {
    let oldest = one(app, world, Cursor::Before(0)).await?;
    let before = world.now(app.surroundings.wall()).plus(-LIFE);
    if oldest.is_none_or(|oldest| oldest.created >= before) {
        seen.remove(&world.id);
        return Ok(());
    }
    let newest = one(app, world, Cursor::Newest).await?.map_or(0, |newest| newest.id.seq);
    let Some(seen) = seen.insert(world.id, newest) else { return Ok(()) };
    loop {
        // A clock on the move may stand at what is older than what the store has for it, and a
        // world may be brought back to what it was: the next round is early enough.
        let Ok(_still) = world.clock.try_lock() else { return Ok(()) };
        let before = world.now(app.surroundings.wall()).plus(-LIFE);
        let last = seen.min(app.listeners.told_until(world.id));
        let most = limits::FORGET_BATCH;
        if app.store.forget_events(world.id, before, last, most).await? == 0 {
            return Ok(());
        }
        tokio::task::yield_now().await;
    }
}

async fn one(app: &App, world: &World, cursor: Cursor) -> Result<Option<StoredEvent>, StoreError> {
    let query =
        EventQuery { types: Vec::new(), from: None, to: None, delivered: None, cursor, limit: 1 };
    Ok(app.store.list_events(world.id, &query).await?.items.pop())
}
