//! Worlds as they stood: taken, brought back, compared, emptied (`design.md` 5).
//!
//! Only where the issuers are simulated here: a remote one's memory can't be brought back, so a
//! world that is would not fit it any more.

use std::sync::Arc;

use onfile_domain::id::{SnapshotId, Tail};
use onfile_store::Snapshot;
use onfile_wire::error::{Place, Thing, WireError};
use onfile_wire::expand::NONE;
use onfile_wire::params::Args;
use onfile_wire::views::control as views;

use crate::app::{App, Executor};
use crate::call::Call;
use crate::delivery::take_over;
use crate::limits;
use crate::render::{self, Known};
use crate::stop::Stop;
use crate::worlds::World;

/// Keeps the world as it stands.
pub(crate) async fn take(app: &App, call: &Call, world: &World) -> Result<Vec<u8>, Stop> {
    let _still = world.clock.lock().await;
    refuse_where_remote(app)?;
    if world.rows() > limits::SNAPSHOT_ROWS {
        let message = format!(
            "This world holds {} rows, and a snapshot may have {}.",
            world.rows(),
            limits::SNAPSHOT_ROWS
        );
        return Err(WireError::invalid(message).into());
    }
    if app.store.snapshots(world.id).await?.len() >= limits::SNAPSHOTS {
        let message = format!(
            "This world has {} snapshots, which is the most. Delete one: DELETE \
             /onfile/v1/test/snapshots/{{id}}.",
            limits::SNAPSHOTS
        );
        return Err(WireError::invalid(message).into());
    }
    let mut tail = Tail::default();
    let letters = app.letters(tail.len());
    tail.copy_from_slice(letters.as_bytes());
    let name = SnapshotId::new(world.reserve(1), tail).to_string();
    let taken = app.store.take_snapshot(world.id, &name, call.now).await?;
    Ok(view(&taken).answer())
}

/// Every snapshot of the world.
pub(crate) async fn list(app: &App, call: &Call) -> Result<Vec<u8>, Stop> {
    let all = match &call.world {
        Some(world) => app.store.snapshots(world.id).await?,
        None => Vec::new(),
    };
    Ok(views::list(&call.path, |l| {
        for snapshot in &all {
            view(snapshot).write(l.item());
        }
    }))
}

/// Forgets a snapshot.
pub(crate) async fn forget(app: &App, call: &Call, world: &World) -> Result<Vec<u8>, Stop> {
    let found = find(app, world, call.id(), Place::Path).await?;
    app.store.forget_snapshot(world.id, &found.name).await?;
    Ok(views::gone(&found.name, "snapshot"))
}

/// Brings the world back to a snapshot.
pub(crate) async fn restore(app: &App, call: &Call, world: &World) -> Result<Vec<u8>, Stop> {
    let _still = (world.clock.lock().await, world.changing_account.lock().await);
    refuse_where_remote(app)?;
    let found = usable(app, world, call.id(), Place::Path).await?;
    let (wall, least) = (app.surroundings.wall(), world.next_seq());
    let restored = app.store.restore(world.id, &found.name, wall, least).await?;
    world.take_over(restored.ok_or(Stop::Locked)?);
    take_over(app, world).await?;
    app.clock_was_set();
    Ok(view(&found).answer())
}

/// Takes everything out of the world.
pub(crate) async fn reset(app: &App, call: &Call, world: &World) -> Result<Vec<u8>, Stop> {
    let _still = (world.clock.lock().await, world.changing_account.lock().await);
    refuse_where_remote(app)?;
    let account = app.new_account(&call.key);
    let fresh = app.store.reset(world.id, account, world.next_seq()).await?;
    world.take_over(fresh.ok_or(Stop::Locked)?);
    take_over(app, world).await?;
    world.faults.clear();
    Ok(views::world(&world.account().id, world.now(app.surroundings.wall())))
}

/// What is different from a snapshot.
pub(crate) async fn changes(app: &Arc<App>, call: &Call, args: &Args) -> Result<Vec<u8>, Stop> {
    let since = args.text("since").unwrap_or_default();
    let place = Place::Param("since");
    let missing = || WireError::no_such(Thing::Snapshot, since, place);
    let world = call.world.as_ref().ok_or_else(missing)?;
    let found = usable(app, world, since, place).await?;
    let (theirs, id) = (Arc::clone(app), world.id);
    let name = found.name.clone();
    // It reads everything that there is: not on a thread that answers others.
    let changes = tokio::task::spawn_blocking(move || {
        tokio::runtime::Handle::current().block_on(theirs.store.changes(id, &name))
    });
    let changes = changes.await.map_err(Stop::panicked("a comparison"))??;
    let view = views::Changes {
        since: &found.name,
        created: &changes.created,
        updated: &changes.updated,
        deleted: &changes.deleted,
    };
    let (scene, shown) = (call.scene(), call.shown(&NONE));
    Ok(render::object(app, scene, shown, Known::default(), &view).await?)
}

fn view(snapshot: &Snapshot) -> views::Snapshot<'_> {
    views::Snapshot {
        id: &snapshot.name,
        created: snapshot.created,
        rows: snapshot.rows,
        usable: snapshot.usable,
    }
}

async fn find(app: &App, world: &World, id: &str, place: Place<'_>) -> Result<Snapshot, Stop> {
    let all = app.store.snapshots(world.id).await?;
    let found = all.into_iter().find(|snapshot| snapshot.name == id);
    found.ok_or_else(|| WireError::no_such(Thing::Snapshot, id, place).into())
}

async fn usable(app: &App, world: &World, id: &str, place: Place<'_>) -> Result<Snapshot, Stop> {
    let found = find(app, world, id, place).await?;
    if found.usable {
        return Ok(found);
    }
    let message = "This snapshot was taken by another release, whose rows are not this one's. \
                   Take it anew.";
    Err(WireError::invalid(message).into())
}

fn refuse_where_remote(app: &App) -> Result<(), WireError> {
    match app.executor {
        Executor::Local => Ok(()),
        Executor::Remote(_) => Err(WireError::invalid(
            "This server's issuers are elsewhere and remember what they were asked, so a world \
             can't be reset, kept or brought back here. Use another key for a new world.",
        )),
    }
}
