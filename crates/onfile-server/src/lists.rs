//! Pages of lists (`stripe-api.md` 1.9).

mod movements;
mod narrow;
mod parent;

use onfile_domain::id::CustomerId;
use onfile_domain::object::{Kind, Object};
use onfile_store::{Cursor, ListQuery, Page, Store, StoreError, WorldId};
use onfile_wire::error::{Place, Thing, WireError};
use onfile_wire::expand::{Answer, Expand, Resource};
use onfile_wire::json::Json;
use onfile_wire::page::{self, Cursor as Asked, Envelope, Range};
use onfile_wire::params::{
    Args, ListFilter, Param, adjustment, attempt, balance_transaction, charge, customer,
    payment_intent, payment_method, refund, setup_attempt, setup_intent, test_clock,
    webhook_endpoint,
};
use onfile_wire::view::{Show, ViewCx};

use crate::adjustments::dress;
use crate::app::App;
use crate::call::Call;
use crate::limits;
use crate::lists::narrow::{holds, is_narrowed};
use crate::lists::parent::{Under, parent};
use crate::render::{self, Known};
use crate::reply::Reply;
use crate::retrieve::find;
use crate::stop::Stop;

/// What is listed.
pub struct Listing {
    /// Its parameters.
    pub params: &'static [Param],
    /// What is shown.
    pub resource: Resource,
    /// Reads the form.
    parse: fn(&Args) -> Result<ListFilter, WireError>,
    /// The kind of row.
    kind: Kind,
    /// How a missing cursor is called.
    cursor: Thing,
    /// What it is a part of.
    within: Within,
}

/// What a list is a part of.
#[derive(Clone, Copy)]
pub(crate) enum Within {
    /// The world; a customer may narrow it.
    World,
    /// A customer, named by a parameter: without one the list is empty.
    Customer,
    /// The customer in the path.
    CustomerInPath,
    /// The charge in the path.
    ChargeInPath,
}

macro_rules! listings {
    ($(
        $name:ident = $params:path, $parse:path, $kind:ident as $resource:ident, $within:ident;
    )*) => {$(
        #[doc = concat!("Lists every ", stringify!($kind), ".")]
        pub(crate) static $name: Listing = Listing {
            params: $params,
            resource: Resource::$resource,
            parse: $parse,
            kind: Kind::$kind,
            cursor: Thing::$resource,
            within: Within::$within,
        };
    )*};
}

listings! {
    CUSTOMERS = customer::LIST, customer::list, Customer as Customer, World;
    METHODS = payment_method::LIST, payment_method::list, PaymentMethod as PaymentMethod, Customer;
    METHODS_OF_CUSTOMER = customer::LIST_METHODS, customer::list_methods,
        PaymentMethod as PaymentMethod, CustomerInPath;
    PAYMENTS = payment_intent::LIST, payment_intent::list, PaymentIntent as PaymentIntent, World;
    SETUPS = setup_intent::LIST, setup_intent::list, SetupIntent as SetupIntent, World;
    SETUP_ATTEMPTS = setup_attempt::LIST, setup_attempt::list, SetupAttempt as SetupAttempt, World;
    CHARGES = charge::LIST, charge::list, Charge as Charge, World;
    TEST_CLOCKS = test_clock::LIST, test_clock::list, TestClock as TestClock, World;
    ADJUSTMENTS = adjustment::LIST, adjustment::list, Adjustment as Adjustment, World;
    REFUNDS = refund::LIST, refund::list, Refund as Refund, World;
    REFUNDS_OF_CHARGE = refund::LIST_OF_CHARGE, refund::list, Refund as Refund, ChargeInPath;
    MOVEMENTS = balance_transaction::LIST, balance_transaction::list,
        BalanceTransaction as BalanceTransaction, World;
    ENDPOINTS = webhook_endpoint::LIST, webhook_endpoint::list,
        WebhookEndpoint as WebhookEndpoint, World;
    ATTEMPTS = attempt::LIST, attempt::list, Attempt as SetupAttempt, World;
}

/// Answers with a page.
///
/// # Errors
/// 400 for a cursor or an id that leads nowhere.
pub(crate) async fn list(app: &App, call: Call, listing: &Listing) -> Result<Reply, Stop> {
    let args = call.args(listing.params)?;
    let filter = (listing.parse)(&args)?;
    let expand = call.expand(&args, Answer::List(listing.resource))?;
    let cursor = cursor(app, &call, listing, &filter).await?;
    let page = match query(app, &call, listing, &filter, cursor).await? {
        Some(query) => read(app, &call, &filter, query).await?,
        None => Page { items: Vec::new(), has_more: false },
    };
    let total = match expand.wants("total_count") {
        Some(_) => Some(count(app, &call, listing, &filter).await?),
        None => None,
    };
    let mut items = Vec::with_capacity(page.items.len());
    for object in page.items {
        items.push(dress(app, call.scene(), object).await?);
    }
    // Of all lists here only that of every refund says how many it shows.
    let counts = listing.kind == Kind::Refund && matches!(listing.within, Within::World);
    let count = counts.then_some(items.len());
    let envelope = Envelope { url: &call.path, has_more: page.has_more, total, count };
    reply(app, &call, &expand, envelope, &items).await
}

/// A page as it is written.
pub(crate) async fn reply<S: Show + Sync>(
    app: &App,
    call: &Call,
    expand: &Expand,
    envelope: Envelope<'_>,
    items: &[S],
) -> Result<Reply, Stop> {
    let inside = expand.inside("data");
    let write = |w: &mut Json, cx: &mut ViewCx<'_>| {
        page::list(envelope, w, |l| {
            for item in items {
                item.show(l.item(), &mut cx.inside(inside));
            }
        });
    };
    let body =
        render::with(app, call.scene(), call.shown(expand), Known::default(), &write).await?;
    Ok(Reply::json(body).version(call.version.as_str()))
}

/// Where the page begins: a cursor is looked for in the whole collection.
async fn cursor(
    app: &App,
    call: &Call,
    listing: &Listing,
    filter: &ListFilter,
) -> Result<Cursor, Stop> {
    let named = [("starting_after", &filter.page.after), ("ending_before", &filter.page.before)];
    let mut rows = Vec::new();
    for (param, id) in named {
        let Some(id) = id else { continue };
        let row = if listing.kind == Kind::Attempt {
            // Attempts are ours, and no reference of Stripe's leads to one.
            id.parse::<onfile_domain::id::AttemptId>().ok().map(|id| id.seq)
        } else {
            find(app, call, listing.kind, id).await?.map(|object| object.seq())
        };
        let missing = || WireError::no_such(listing.cursor, id, Place::Param(param));
        rows.push(row.ok_or_else(missing)?);
    }
    let asked = filter.page.cursor().map_err(WireError::from)?;
    Ok(cursor_at(asked, rows.first().copied()))
}

/// The cursor that was asked for, at the row that it names.
pub(crate) fn cursor_at(asked: Asked<'_>, row: Option<u64>) -> Cursor {
    match (asked, row) {
        (Asked::After(_), Some(at)) => Cursor::After(at),
        (Asked::Before(_), Some(at)) => Cursor::Before(at),
        (Asked::Newest, _) | (Asked::After(_) | Asked::Before(_), None) => Cursor::Newest,
    }
}

/// What the store is asked; `None` where nothing can be found.
async fn query(
    app: &App,
    call: &Call,
    listing: &Listing,
    filter: &ListFilter,
    cursor: Cursor,
) -> Result<Option<ListQuery>, Stop> {
    let customer = match (listing.within, &filter.customer) {
        (Within::CustomerInPath, _) => Some(owner(app, call, call.id(), Place::Path).await?),
        (Within::Customer, None) => return Ok(None),
        (Within::Customer | Within::World | Within::ChargeInPath, Some(id)) => {
            Some(owner(app, call, id, Place::Param("customer")).await?)
        }
        (Within::World | Within::ChargeInPath, None) => None,
    };
    let parent = match parent(app, call, listing, filter).await? {
        Under::Everything => None,
        Under::Row(seq) => Some(seq),
        Under::Nothing => return Ok(None),
    };
    if let Some(id) = &filter.payment_method {
        method(app, call, id).await?;
    }
    let (from, to) = bounds(filter.created);
    let kind = listing.kind;
    Ok(Some(ListQuery { kind, customer, parent, from, to, cursor, limit: filter.page.limit }))
}

fn bounds(
    created: Range,
) -> (Option<onfile_domain::time::WorldTime>, Option<onfile_domain::time::WorldTime>) {
    let all = Range::default();
    (
        (created.from != all.from).then_some(created.from),
        (created.to != all.to).then_some(created.to),
    )
}

async fn owner(app: &App, call: &Call, id: &str, place: Place<'_>) -> Result<CustomerId, Stop> {
    match find(app, call, Kind::Customer, id).await? {
        Some(Object::Customer(customer)) if !customer.deleted => Ok(customer.id),
        Some(_) | None => Err(WireError::no_such(Thing::Customer, id, place).into()),
    }
}

/// Refuses a method that there isn't. An alias is a new method wherever it stands, so that no row
/// holds it.
async fn method(app: &App, call: &Call, id: &str) -> Result<(), Stop> {
    let is_there =
        id.starts_with("pm_card_") || find(app, call, Kind::PaymentMethod, id).await?.is_some();
    let missing = || WireError::no_such(Thing::PaymentMethod, id, Place::Param("payment_method"));
    if is_there { Ok(()) } else { Err(missing().into()) }
}

/// Reads a page. What no index knows is looked at row by row.
async fn read(
    app: &App,
    call: &Call,
    filter: &ListFilter,
    mut query: ListQuery,
) -> Result<Page<Object>, Stop> {
    let Some(world) = &call.world else {
        return Ok(Page { items: Vec::new(), has_more: false });
    };
    let limit = query.limit;
    if let Some(source) = &filter.source {
        let items = movements::of_source(app, call, source).await?;
        return Ok(movements::page(items, filter, &query));
    }
    if !is_narrowed(filter, &query) {
        let rows = match (query.from, query.to) {
            (None, None) => app.store.list(world.id, &query).await?,
            // No index knows when a row was made: those outside are read and passed over.
            (Some(_), _) | (_, Some(_)) => {
                let world = world.id;
                app.scan(move |store| async move { store.list(world, &query).await }).await?
            }
        };
        let items = rows.items.into_iter().map(|row| row.object).collect();
        return Ok(Page { items, has_more: rows.has_more });
    }
    query.limit = limits::SCAN;
    let (world, filter) = (world.id, filter.clone());
    app.scan(move |store| async move { sift(&store, world, &filter, query, limit).await }).await
}

/// Reads rows until a page is full of those that the filter holds.
async fn sift(
    store: &Store,
    world: WorldId,
    filter: &ListFilter,
    mut query: ListQuery,
    limit: usize,
) -> Result<Page<Object>, StoreError> {
    let mut items: Vec<Object> = Vec::new();
    loop {
        let page = store.list(world, &query).await?;
        let ends = match query.cursor {
            Cursor::Newest | Cursor::After(_) => {
                page.items.last().map(|row| Cursor::After(row.object.seq()))
            }
            Cursor::Before(_) => page.items.first().map(|row| Cursor::Before(row.object.seq())),
        };
        let found = page.items.into_iter().map(|row| row.object);
        let found = found.filter(|object| holds(filter, &query, object));
        match query.cursor {
            Cursor::Newest | Cursor::After(_) => items.extend(found),
            Cursor::Before(_) => drop(items.splice(0..0, found)),
        }
        let is_enough = items.len() > limit;
        match ends {
            Some(cursor) if page.has_more && !is_enough => query.cursor = cursor,
            Some(_) | None => {
                let surplus = items.len().saturating_sub(limit);
                match query.cursor {
                    Cursor::Newest | Cursor::After(_) => items.truncate(limit),
                    Cursor::Before(_) => drop(items.drain(..surplus)),
                }
                return Ok(Page { items, has_more: is_enough });
            }
        }
    }
}

/// How many there are in all, for versions that may ask.
async fn count(
    app: &App,
    call: &Call,
    listing: &Listing,
    filter: &ListFilter,
) -> Result<i64, Stop> {
    let (Some(world), Some(mut query)) =
        (&call.world, query(app, call, listing, filter, Cursor::Newest).await?)
    else {
        return Ok(0);
    };
    if filter.source.is_some() {
        query.limit = usize::MAX;
        let page = read(app, call, filter, query).await?;
        return Ok(i64::try_from(page.items.len()).unwrap_or_default());
    }
    query.limit = limits::SCAN;
    let (world, filter) = (world.id, filter.clone());
    app.scan(move |store| async move { tally(&store, world, &filter, query).await }).await
}

/// Counts the rows that the filter holds.
async fn tally(
    store: &Store,
    world: WorldId,
    filter: &ListFilter,
    mut query: ListQuery,
) -> Result<i64, StoreError> {
    let mut total = 0i64;
    loop {
        let page = store.list(world, &query).await?;
        let found = page.items.iter().filter(|row| holds(filter, &query, &row.object)).count();
        total += i64::try_from(found).unwrap_or_default();
        match page.items.last() {
            Some(row) if page.has_more => query.cursor = Cursor::After(row.object.seq()),
            Some(_) | None => return Ok(total),
        }
    }
}
