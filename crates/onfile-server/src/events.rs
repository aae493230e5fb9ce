//! Events: what happened, told again (`stripe-api.md` 8.1).

use onfile_domain::event::{LIFE, is_told};
use onfile_domain::id::EventId;
use onfile_store::{Cursor, EventQuery, Page, StoreError, StoredEvent, WorldId};
use onfile_wire::error::{Place, Thing, WireError};
use onfile_wire::expand::{Answer, Resource};
use onfile_wire::page::{Envelope, Range};
use onfile_wire::params::{ListFilter, event};
use onfile_wire::version::Version;
use onfile_wire::views::event::Event;

use crate::app::App;
use crate::call::Call;
use crate::lists;
use crate::render::{self, Known, Scene};
use crate::reply::Reply;
use crate::stop::Stop;
use crate::work::Shown;

/// Answers with one event.
///
/// # Errors
/// 404 where it isn't there.
pub(crate) async fn retrieve(app: &App, call: Call) -> Result<Reply, Stop> {
    let args = call.args(event::RETRIEVE)?;
    let expand = call.expand(&args, Answer::Object(Resource::Event))?;
    let missing = || WireError::no_such(Thing::Event, call.id(), Place::Path);
    let stored = find(app, &call, call.id()).await?.ok_or_else(missing)?;
    let pending = pending(app, call.scene().world, &stored).await?;
    let view = view(&stored, pending);
    let body = render::object(app, call.scene(), call.shown(&expand), Known::default(), &view);
    Ok(Reply::json(body.await?).version(call.version.as_str()))
}

/// Answers with a page of events.
///
/// # Errors
/// 400 for a cursor that leads nowhere.
pub(crate) async fn list(app: &App, call: Call) -> Result<Reply, Stop> {
    let args = call.args(event::LIST)?;
    let filter = event::list(&args)?;
    let expand = call.expand(&args, Answer::List(Resource::Event))?;
    let page = read(app, &call, filter).await?;
    let mut views = Vec::with_capacity(page.items.len());
    for stored in &page.items {
        views.push(view(stored, pending(app, call.scene().world, stored).await?));
    }
    let envelope = Envelope { url: &call.path, has_more: page.has_more, total: None, count: None };
    lists::reply(app, &call, &expand, envelope, &views).await
}

async fn read(app: &App, call: &Call, filter: ListFilter) -> Result<Page<StoredEvent>, Stop> {
    let cursor = cursor(app, call, &filter).await?;
    let Some(world) = call.world.as_ref() else {
        return Ok(Page { items: Vec::new(), has_more: false });
    };
    let all = Range::default();
    let created = filter.created;
    let query = EventQuery {
        types: filter.types,
        // What is older is no longer told.
        from: Some(created.from.max(call.now.plus(-LIFE))),
        to: (created.to != all.to).then_some(created.to),
        delivered: filter.delivery_success,
        cursor,
        limit: filter.page.limit,
    };
    if query.types.is_empty() && query.from.is_none() && query.to.is_none() {
        return Ok(app.store.list_events(world.id, &query).await?);
    }
    let world = world.id;
    app.scan(move |store| async move { store.list_events(world, &query).await }).await
}

async fn cursor(app: &App, call: &Call, filter: &ListFilter) -> Result<Cursor, Stop> {
    let named = [("starting_after", &filter.page.after), ("ending_before", &filter.page.before)];
    let mut rows = Vec::new();
    for (param, id) in named {
        let Some(id) = id else { continue };
        let found = find(app, call, id).await?;
        let missing = || WireError::no_such(Thing::Notification, id, Place::Param(param));
        rows.push(found.ok_or_else(missing)?.id.seq);
    }
    let asked = filter.page.cursor().map_err(WireError::from)?;
    Ok(lists::cursor_at(asked, rows.first().copied()))
}

/// The event that an id names, to the letter.
pub(crate) async fn find(app: &App, call: &Call, id: &str) -> Result<Option<StoredEvent>, Stop> {
    let (Some(world), Ok(id)) = (&call.world, id.parse::<EventId>()) else { return Ok(None) };
    let found = app.store.event(world.id, id).await?;
    Ok(found.filter(|found| found.id == id && is_told(found.created, call.now)))
}

/// Writes an event that a call sent again.
pub(crate) async fn shown(
    app: &App,
    scene: Scene<'_>,
    shown: Shown<'_>,
    event: EventId,
) -> Result<Vec<u8>, StoreError> {
    let found = match scene.world {
        Some(world) => app.store.event(world, event).await?,
        None => None,
    };
    let Some(stored) = found else {
        return Err(StoreError::Failed("an event is gone while it is sent again".into()));
    };
    let view = view(&stored, pending(app, scene.world, &stored).await?);
    render::object(app, scene, shown, Known::default(), &view).await
}

/// How many endpoints have not acknowledged an event.
pub(crate) async fn pending(
    app: &App,
    world: Option<WorldId>,
    stored: &StoredEvent,
) -> Result<i64, StoreError> {
    let world = world.and_then(|world| app.worlds.of_id(world));
    match world.filter(|world| world.has_endpoints()) {
        Some(world) => app.store.pending_deliveries(world.id, stored.id.seq).await,
        None => Ok(0),
    }
}

/// An event as the account's default version shows it.
pub(crate) fn view(stored: &StoredEvent, pending_webhooks: i64) -> Event<'_> {
    Event {
        id: stored.id,
        created: stored.created,
        event_type: stored.event_type,
        object: &stored.object,
        previous: stored.previous.as_ref(),
        version: Version::DEFAULT,
        request: stored.cause.request.as_deref(),
        idempotency_key: stored.cause.idempotency_key.as_deref(),
        pending_webhooks,
    }
}
