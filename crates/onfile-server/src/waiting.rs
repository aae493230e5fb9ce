//! Waits for events, and for their arrival: one call in place of a loop with a sleep.

use std::time::Duration;

use onfile_domain::command::Patch;
use onfile_domain::event::{LIFE, is_told};
use onfile_store::{Cursor, EventQuery, StoredEvent};
use onfile_wire::error::{Place, Thing, WireError};
use onfile_wire::expand::NONE;
use onfile_wire::params::Args;
use onfile_wire::params::control::Wait;
use onfile_wire::view::Show;
use onfile_wire::views::control::Waited;

use crate::app::App;
use crate::call::{Call, place};
use crate::delivery::have_arrived;
use crate::events;
use crate::limits;
use crate::render::{self, Known};
use crate::stop::Stop;
use crate::worlds::World;

/// Answers when so many events have come, and arrived where that is asked for; or with those that
/// came in time: before the time that was named is over, or the server ends.
pub(crate) async fn wait(app: &App, call: &Call, args: &Args) -> Result<Vec<u8>, Stop> {
    let wait = Wait::parse(args)?;
    let Ok(_one) = app.waiting.try_acquire() else {
        return Err(WireError::rate_limited().into());
    };
    let leaving = app.leaving.notified();
    tokio::pin!(leaving);
    // From here on an end is not missed.
    leaving.as_mut().enable();
    let mut after = behind(app, call, &wait).await?;
    let mut came: Vec<StoredEvent> = Vec::new();
    let watch = async {
        while came.len() < wait.count {
            look(app, call, &wait, &mut after, &mut came).await?;
        }
        if let (true, Some(world)) = (wait.delivered, world(app, call)) {
            app.deliveries.arrived(&app.store, world.id, &numbers(&came)).await?;
        }
        Ok::<(), Stop>(())
    };
    let watched = tokio::select! {
        biased;
        watched = watch => Some(watched),
        () = tokio::time::sleep(Duration::from_secs(wait.timeout)) => None,
        () = leaving => None,
    };
    let is_complete = match watched {
        Some(watched) => watched.map(|()| true)?,
        // What came last may have come with the last moment.
        None => match world(app, call) {
            Some(world) => at_last(app, &world, &wait, (&mut after, &mut came)).await?,
            None => false,
        },
    };
    answer(app, call, Came { after, events: came, is_complete }).await
}

/// Takes what is there when the time is over; whether that is all.
async fn at_last(
    app: &App,
    world: &World,
    wait: &Wait,
    (after, came): (&mut u64, &mut Vec<StoredEvent>),
) -> Result<bool, Stop> {
    if came.len() < wait.count {
        next(app, world, wait, after, came).await?;
    }
    let are_all = came.len() >= wait.count;
    Ok(are_all && (!wait.delivered || have_arrived(&app.store, world.id, &numbers(came)).await?))
}

fn numbers(events: &[StoredEvent]) -> Vec<u64> {
    events.iter().map(|event| event.id.seq).collect()
}

/// The number behind which events count.
async fn behind(app: &App, call: &Call, wait: &Wait) -> Result<u64, Stop> {
    match &wait.after {
        Patch::Unset => before_the_first(app, call).await,
        Patch::Set(id) => {
            let place = Place::Param("after");
            let found = events::find(app, call, id).await?;
            let missing = || WireError::no_such(Thing::Event, id, place);
            Ok(found.ok_or_else(missing)?.id.seq)
        }
        Patch::Absent => newest(app, call).await.map(|newest| newest.map_or(0, |it| it.id.seq)),
    }
}

/// The number before that of the first event that is still told of.
async fn before_the_first(app: &App, call: &Call) -> Result<u64, Stop> {
    let Some(world) = &call.world else { return Ok(0) };
    let from = Some(call.now.plus(-LIFE));
    let query = EventQuery { from, ..query(Vec::new(), Cursor::Before(0), 1) };
    match app.store.list_events(world.id, &query).await?.items.pop() {
        Some(first) => Ok(first.id.seq - 1),
        None => Ok(newest(app, call).await?.map_or(0, |it| it.id.seq)),
    }
}

async fn newest(app: &App, call: &Call) -> Result<Option<StoredEvent>, Stop> {
    let Some(world) = &call.world else { return Ok(None) };
    let query = query(Vec::new(), Cursor::Newest, 1);
    Ok(app.store.list_events(world.id, &query).await?.items.pop())
}

/// Takes what is there, or waits until there is something new.
async fn look(
    app: &App,
    call: &Call,
    wait: &Wait,
    after: &mut u64,
    came: &mut Vec<StoredEvent>,
) -> Result<(), Stop> {
    let Some(world) = world(app, call) else {
        // Nobody has written to it yet, so nobody can say when somebody does.
        tokio::time::sleep(limits::WAIT_PAUSE).await;
        return Ok(());
    };
    let news = world.news.notified();
    tokio::pin!(news);
    // From here on nothing is missed.
    news.as_mut().enable();
    let before = came.len();
    next(app, &world, wait, after, came).await?;
    if came.len() == before {
        news.await;
    }
    Ok(())
}

/// The next events, oldest first.
async fn next(
    app: &App,
    world: &World,
    wait: &Wait,
    after: &mut u64,
    came: &mut Vec<StoredEvent>,
) -> Result<(), Stop> {
    let most = wait.count.saturating_sub(came.len());
    let query = query(wait.types.clone(), Cursor::Before(*after), most);
    let page = app.store.list_events(world.id, &query).await?;
    for event in page.items.into_iter().rev() {
        *after = event.id.seq;
        came.push(event);
    }
    Ok(())
}

fn query(types: Vec<String>, cursor: Cursor, limit: usize) -> EventQuery {
    EventQuery { types, from: None, to: None, delivered: None, cursor, limit }
}

fn world(app: &App, call: &Call) -> Option<std::sync::Arc<World>> {
    place(app, &call.key).0
}

/// What came of a wait.
struct Came {
    /// The number of the last event that was looked at.
    after: u64,
    events: Vec<StoredEvent>,
    /// Whether that is what was waited for.
    is_complete: bool,
}

async fn answer(
    app: &App,
    call: &Call,
    Came { after, events, is_complete }: Came,
) -> Result<Vec<u8>, Stop> {
    let last = match (events.last(), world(app, call)) {
        (Some(event), _) => Some(event.id.to_string()),
        // None of its type came, so the next call goes on behind the same event, if it is still
        // told of.
        (None, Some(world)) if after > 0 => {
            let at = query(Vec::new(), Cursor::Before(after - 1), 1);
            let found = app.store.list_events(world.id, &at).await?.items.pop();
            let now = world.now(app.surroundings.wall());
            let found = found.filter(|it| it.id.seq == after && is_told(it.created, now));
            found.map(|it| it.id.to_string())
        }
        (None, _) => None,
    };
    let mut shown = Vec::with_capacity(events.len());
    let home = world(app, call).map(|world| world.id);
    for stored in &events {
        shown.push(events::view(stored, events::pending(app, home, stored).await?));
    }
    let waited = Waited {
        complete: is_complete,
        events: shown.iter().map(|event| event as &(dyn Show + Sync)).collect(),
        last,
        url: &call.path,
    };
    let (scene, frame) = (call.scene(), call.shown(&NONE));
    Ok(render::with(app, scene, frame, Known::default(), &|w, cx| waited.write(w, cx)).await?)
}
