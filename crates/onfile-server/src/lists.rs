//! Pages of lists (`stripe-api.md` 1.9).

use onfile_domain::case::{Dossier, Need};
use onfile_domain::id::CustomerId;
use onfile_domain::object::{Entity, Kind, Object};
use onfile_domain::payment_intent::PaymentIntent;
use onfile_store::{Cursor, ListQuery, Page, Store, StoreError, WorldId};
use onfile_wire::error::{Place, Thing, WireError};
use onfile_wire::expand::{Answer, Resource};
use onfile_wire::json::Json;
use onfile_wire::page::{self, Cursor as Asked, Envelope, Range};
use onfile_wire::params::{
    Args, ListFilter, Param, adjustment, attempt, charge, customer, payment_intent, payment_method,
    setup_attempt, setup_intent, test_clock,
};
use onfile_wire::view::{Show, ViewCx};

use crate::adjustments::dress;
use crate::app::App;
use crate::call::Call;
use crate::limits;
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
enum Within {
    /// The world; a customer may narrow it.
    World,
    /// A customer, named by a parameter: without one the list is empty.
    Customer,
    /// The customer in the path.
    CustomerInPath,
}

macro_rules! listings {
    ($(
        $name:ident = $params:path, $parse:path, $kind:ident as $resource:ident, $within:ident;
    )*) => {$(
        #[doc = concat!("Lists every ", stringify!($kind), ".")]
        pub static $name: Listing = Listing {
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
    let envelope = Envelope { url: &call.path, has_more: page.has_more, total };
    let inside = expand.inside("data");
    let write = |w: &mut Json, cx: &mut ViewCx<'_>| {
        page::list(envelope, w, |l| {
            for object in &items {
                object.show(l.item(), &mut cx.inside(inside));
            }
        });
    };
    let (scene, shown) = (call.scene(), call.shown(&expand));
    let body = render::with(app, scene, shown, Known::default(), &write).await?;
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
        let row = match listing.kind {
            // Attempts are ours, and no reference of Stripe's leads to one.
            Kind::Attempt => id.parse::<onfile_domain::id::AttemptId>().ok().map(|id| id.seq),
            _ => find(app, call, listing.kind, id).await?.map(|object| object.seq()),
        };
        let missing = || WireError::no_such(listing.cursor, id, Place::Param(param));
        rows.push(row.ok_or_else(missing)?);
    }
    let at = rows.first().copied().unwrap_or_default();
    Ok(match filter.page.cursor().map_err(WireError::from)? {
        Asked::Newest => Cursor::Newest,
        Asked::After(_) => Cursor::After(at),
        Asked::Before(_) => Cursor::Before(at),
    })
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
        (Within::Customer | Within::World, Some(id)) => {
            Some(owner(app, call, id, Place::Param("customer")).await?)
        }
        (Within::World, None) => None,
    };
    let parent = match (&filter.payment_intent, &filter.setup_intent, &filter.test_clock) {
        (Some(id), ..) => {
            let (kind, thing) = (Kind::PaymentIntent, Thing::PaymentIntent);
            let seq = parent(app, call, kind, thing, id, "payment_intent").await?;
            Some(if listing.kind == Kind::Adjustment { order(app, call, seq).await? } else { seq })
        }
        (None, Some(id), _) => {
            let (kind, thing) = (Kind::SetupIntent, Thing::SetupIntent);
            Some(parent(app, call, kind, thing, id, "setup_intent").await?)
        }
        (None, None, Some(id)) => {
            let (kind, thing) = (Kind::TestClock, Thing::TestClock);
            Some(parent(app, call, kind, thing, id, "test_clock").await?)
        }
        (None, None, None) => None,
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

async fn parent(
    app: &App,
    call: &Call,
    kind: Kind,
    thing: Thing,
    id: &str,
    param: &str,
) -> Result<u64, Stop> {
    let found = find(app, call, kind, id).await?;
    let missing = || WireError::no_such(thing, id, Place::Param(param));
    Ok(found.ok_or_else(missing)?.seq())
}

/// The first payment of the order that a payment belongs to.
async fn order(app: &App, call: &Call, payment: u64) -> Result<u64, Stop> {
    let Some(world) = &call.world else { return Ok(payment) };
    let mut dossier = Dossier::new(call.now, call.account.clone());
    app.store.load(world.id, &[Need::Row(Kind::PaymentIntent, payment)], &mut dossier).await?;
    let row = dossier.row(Kind::PaymentIntent, payment);
    let intent = row.and_then(|row| PaymentIntent::of(&row.object));
    Ok(intent.and_then(|intent| intent.original).map_or(payment, |original| original.seq))
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

/// Whether the list is narrowed by what the store doesn't look at.
fn is_narrowed(filter: &ListFilter, query: &ListQuery) -> bool {
    filter.email.is_some()
        || filter.allow_redisplay.is_some()
        || filter.attach_to_self.is_some()
        || filter.payment_method.is_some()
        || filter.transfer_group.is_some()
        || !filter.types.is_empty()
        || (query.customer.is_some() && query.parent.is_some())
}

/// Whether an object belongs into the list, as far as the store doesn't look.
fn holds(filter: &ListFilter, query: &ListQuery, object: &Object) -> bool {
    let below = query.parent.is_none() || object.parent() == query.parent;
    let fits = match object {
        Object::Customer(it) => filter.email.is_none() || it.email == filter.email,
        Object::PaymentMethod(it) => {
            filter.allow_redisplay.is_none_or(|asked| asked == it.allow_redisplay)
                && (filter.types.is_empty() || filter.types.iter().any(|kind| kind == "card"))
        }
        Object::SetupIntent(it) => {
            let holds = it.payment_method().map(|method| method.to_string());
            let holds_it = filter.payment_method.is_none() || holds == filter.payment_method;
            holds_it
                && (filter.attach_to_self.is_none() || it.attach_to_self == filter.attach_to_self)
        }
        Object::Charge(it) => {
            filter.transfer_group.is_none() || it.transfer_group == filter.transfer_group
        }
        Object::PaymentIntent(_)
        | Object::SetupAttempt(_)
        | Object::BalanceTransaction(_)
        | Object::Agreement(_)
        | Object::AgreementUse(_)
        | Object::Attempt(_)
        | Object::Authentication(_)
        | Object::PastDecline(_)
        | Object::TestClock(_)
        | Object::Adjustment(_) => true,
    };
    below && fits
}
