//! The log of deliveries: ours, under `/onfile/v1`. Each shows every try.

use std::sync::Arc;

use onfile_domain::delivery::{Delivery, DeliveryId};
use onfile_domain::event::{LIFE, is_told};
use onfile_store::{DeliveryCursor, DeliveryQuery, Page, StoredDelivery, WorldId};
use onfile_wire::error::{Place, Thing, WireError};
use onfile_wire::expand::{Answer, Resource};
use onfile_wire::json::Json;
use onfile_wire::page::{Cursor as Asked, Envelope};
use onfile_wire::params::delivery::{self, Filter};
use onfile_wire::view::{Show, ViewCx};
use onfile_wire::views::delivery::Shown as View;

use crate::app::App;
use crate::call::Call;
use crate::events;
use crate::lists;
use crate::render::{self, Known, Scene};
use crate::reply::Reply;
use crate::stop::Stop;
use crate::work::Shown;
use crate::worlds::World;

/// Answers with one delivery.
///
/// # Errors
/// 404 where it isn't there.
pub(crate) async fn retrieve(app: &App, call: Call) -> Result<Reply, Stop> {
    let args = call.args(delivery::RETRIEVE)?;
    let expand = call.expand(&args, Answer::Object(Resource::Delivery))?;
    let missing = || WireError::no_such(Thing::Delivery, call.id(), Place::Path);
    let Some((world, stored)) = find(app, &call, call.id()).await? else {
        return Err(missing().into());
    };
    let view = view(&world, &stored).ok_or_else(missing)?;
    let body = render::object(app, call.scene(), call.shown(&expand), Known::default(), &view);
    Ok(Reply::json(body.await?).version(call.version.as_str()))
}

/// Answers with a page of deliveries, newest event first.
///
/// # Errors
/// 400 for an id or a cursor that leads nowhere.
pub(crate) async fn list(app: &App, call: Call) -> Result<Reply, Stop> {
    let args = call.args(delivery::LIST)?;
    let filter = delivery::list(&args);
    let expand = call.expand(&args, Answer::List(Resource::Delivery))?;
    let cursor = cursor(app, &call, &filter).await?;
    let (event, endpoint) = narrowed(app, &call, &filter).await?;
    let (status, limit) = (filter.status, filter.page.limit);
    let from = Some(call.now.plus(-LIFE));
    let query = DeliveryQuery { event, endpoint, status, from, cursor, limit };
    let page = match &call.world {
        Some(world) => read(app, world.id, query).await?,
        None => Page { items: Vec::new(), has_more: false },
    };
    let envelope = Envelope { url: &call.path, has_more: page.has_more, total: None, count: None };
    let world = call.world.as_deref();
    let views: Vec<View<'_>> =
        page.items.iter().filter_map(|stored| view(world?, stored)).collect();
    lists::reply(app, &call, &expand, envelope, &views).await
}

async fn read(
    app: &App,
    world: WorldId,
    query: DeliveryQuery,
) -> Result<Page<StoredDelivery>, Stop> {
    let is_found_by_key = query.event.is_some();
    if is_found_by_key || (query.endpoint.is_none() && query.status.is_none()) {
        return Ok(app.store.list_deliveries(world, &query).await?);
    }
    app.scan(move |store| async move { store.list_deliveries(world, &query).await }).await
}

/// Writes a delivery as a rule left it.
pub(crate) async fn shown(
    app: &App,
    scene: Scene<'_>,
    shown: Shown<'_>,
    delivery: &Delivery,
) -> Result<Vec<u8>, onfile_store::StoreError> {
    let world = scene.world.and_then(|world| app.worlds.of_id(world));
    let stored = match &world {
        Some(world) => app.store.delivery(world.id, delivery.id).await?,
        None => None,
    };
    // What is about to be written is shown, not what is still there.
    let stored = stored.map(|mut stored| {
        stored.posted.delivery = delivery.clone();
        stored
    });
    let view = world.as_ref().zip(stored.as_ref()).and_then(|(world, it)| view(world, it));
    let write = |w: &mut Json, cx: &mut ViewCx<'_>| match &view {
        Some(view) => view.show(w, cx),
        None => w.null(),
    };
    render::with(app, scene, shown, Known::default(), &write).await
}

/// A delivery with what it is about.
fn view<'a>(world: &World, stored: &'a StoredDelivery) -> Option<View<'a>> {
    let delivery = &stored.posted.delivery;
    let endpoint = world.endpoint(delivery.id.endpoint)?.id;
    Some(View { delivery, event: stored.event, event_type: stored.event_type, endpoint })
}

async fn find(
    app: &App,
    call: &Call,
    id: &str,
) -> Result<Option<(Arc<World>, StoredDelivery)>, Stop> {
    let (Some(world), Ok(id)) = (&call.world, id.parse::<DeliveryId>()) else { return Ok(None) };
    let found = app.store.delivery(world.id, id).await?;
    let found = found.filter(|found| is_told(found.posted.delivery.created, call.now));
    Ok(found.map(|found| (Arc::clone(world), found)))
}

async fn cursor(app: &App, call: &Call, filter: &Filter) -> Result<DeliveryCursor, Stop> {
    let named = [("starting_after", &filter.page.after), ("ending_before", &filter.page.before)];
    let mut rows = Vec::new();
    for (param, id) in named {
        let Some(id) = id else { continue };
        let found = find(app, call, id).await?;
        let missing = || WireError::no_such(Thing::Delivery, id, Place::Param(param));
        rows.push(found.ok_or_else(missing)?.1.posted.delivery.id);
    }
    let asked = filter.page.cursor().map_err(WireError::from)?;
    Ok(match (asked, rows.first()) {
        (Asked::After(_), Some(at)) => DeliveryCursor::After(*at),
        (Asked::Before(_), Some(at)) => DeliveryCursor::Before(*at),
        (Asked::Newest, _) | (_, None) => DeliveryCursor::Newest,
    })
}

/// The event and the endpoint that narrow a list.
async fn narrowed(
    app: &App,
    call: &Call,
    filter: &Filter,
) -> Result<(Option<u64>, Option<u64>), Stop> {
    let mut event = None;
    if let Some(text) = &filter.event {
        let missing = || WireError::no_such(Thing::Event, text, Place::Param("event"));
        event = Some(events::find(app, call, text).await?.ok_or_else(missing)?.id.seq);
    }
    let mut endpoint = None;
    if let Some(text) = &filter.endpoint {
        let place = Place::Param("webhook_endpoint");
        let missing = || WireError::no_such(Thing::WebhookEndpoint, text, place);
        let id: onfile_domain::id::WebhookEndpointId = text.parse().map_err(|_| missing())?;
        let world = call.world.as_ref().ok_or_else(missing)?;
        // A deleted endpoint's deliveries are still there to be read.
        let known = world.endpoint(id.seq).filter(|known| known.id == id);
        endpoint = Some(known.ok_or_else(missing)?.id.seq);
    }
    Ok((event, endpoint))
}
