//! Deliveries: written with their events, read by the endpoint that they are due at.

use onfile_domain::case::Loaded;
use onfile_domain::delivery::{Delivery, DeliveryId, Post, Posted, State, Status};
use onfile_domain::object::Kind;
use onfile_domain::time::WorldTime;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::fault::corrupt;
use super::{Sqlite, event, key, row};
use crate::body::{DeliveryBody, decode, encode};
use crate::contract::{
    DeliveryCursor, DeliveryQuery, DueDelivery, Failing, Page, StoreError, StoredDelivery, WorldId,
};

const COLUMNS: &str = "id, endpoint, version, state, body";

impl Sqlite {
    pub(crate) async fn endpoints(
        &self,
        world: Option<WorldId>,
    ) -> Result<Vec<(WorldId, Loaded)>, StoreError> {
        self.snapshot(|db| endpoints(db, world))
    }

    pub(crate) async fn failing(&self) -> Result<Vec<(WorldId, Failing)>, StoreError> {
        self.read(failing)
    }

    pub(crate) async fn due_endpoints(&self) -> Result<Vec<(WorldId, u64)>, StoreError> {
        self.read(due_endpoints)
    }

    pub(crate) async fn due_deliveries(
        &self,
        world: WorldId,
        endpoint: u64,
        after: u64,
        most: usize,
    ) -> Result<Vec<DueDelivery>, StoreError> {
        self.snapshot(|db| due(db, world, endpoint, after, most))
    }

    pub(crate) async fn any_delivery_due(&self, world: WorldId) -> Result<bool, StoreError> {
        self.read(|db| any_due(db, world))
    }

    pub(crate) async fn pending_deliveries(
        &self,
        world: WorldId,
        event: u64,
    ) -> Result<i64, StoreError> {
        self.read(|db| count_pending(db, world, event))
    }

    pub(crate) async fn delivery(
        &self,
        world: WorldId,
        id: DeliveryId,
    ) -> Result<Option<StoredDelivery>, StoreError> {
        self.snapshot(|db| one(db, world, id))
    }

    pub(crate) async fn deliveries_of(
        &self,
        world: WorldId,
        event: u64,
    ) -> Result<Vec<Posted>, StoreError> {
        self.read(|db| of_event(db, world, event))
    }

    pub(crate) async fn list_deliveries(
        &self,
        world: WorldId,
        query: &DeliveryQuery,
    ) -> Result<Page<StoredDelivery>, StoreError> {
        self.snapshot(|db| list(db, world, query))
    }
}

/// Writes a delivery; `false` when someone else wrote it first, or its event is gone.
pub(super) fn post(db: &Connection, world: WorldId, post: &Post) -> Result<bool, StoreError> {
    let Post { delivery, expected, bytes } = post;
    let id = event_key(world, delivery.id)?;
    let endpoint = delivery.id.endpoint;
    let Some(expected) = expected else {
        let event = db
            .prepare_cached("SELECT 1 FROM event WHERE id = ?1")?
            .query_row([id], |_| Ok(()))
            .optional()?;
        return Ok(event.is_some() && make(db, id, delivery)?);
    };
    let body = encode(&body_of(delivery));
    // Bytes that are kept stay as they are.
    let written = db
        .prepare_cached(
            "UPDATE delivery SET version = version + 1, state = ?4, body = ?5, \
             bytes = ifnull(bytes, ?6) WHERE id = ?1 AND endpoint = ?2 AND version = ?3",
        )?
        .execute(params![id, endpoint, expected, number_of(delivery), body, bytes])?;
    Ok(written > 0)
}

/// Writes a new one below its event's key; `false` when it is there.
fn make(db: &Connection, event: i64, delivery: &Delivery) -> Result<bool, StoreError> {
    let made = db
        .prepare_cached(
            "INSERT OR IGNORE INTO delivery (id, endpoint, version, state, body) \
             VALUES (?1, ?2, 1, ?3, ?4)",
        )?
        .execute(params![
            event,
            delivery.id.endpoint,
            number_of(delivery),
            encode(&body_of(delivery))
        ])?;
    Ok(made > 0)
}

/// Writes the new delivery of a new event.
pub(super) fn insert(
    db: &Connection,
    world: WorldId,
    id: DeliveryId,
    created: WorldTime,
) -> Result<(), StoreError> {
    match make(db, event_key(world, id)?, &Delivery::new(id, created))? {
        true => Ok(()),
        false => Err(corrupt("delivery", id, "it is there before its event")),
    }
}

/// Writes since when an endpoint is failing, or that it isn't.
pub(super) fn set_failing(
    db: &Connection,
    world: WorldId,
    failing: Failing,
) -> Result<(), StoreError> {
    match failing.since {
        Some(since) => db
            .prepare_cached("INSERT OR IGNORE INTO failing VALUES (?1, ?2, ?3)")?
            .execute(params![world.0, failing.endpoint, since.0])?,
        None => db
            .prepare_cached("DELETE FROM failing WHERE world = ?1 AND endpoint = ?2")?
            .execute(params![world.0, failing.endpoint])?,
    };
    Ok(())
}

/// Every endpoint that is failing.
pub(super) fn failing(db: &Connection) -> Result<Vec<(WorldId, Failing)>, StoreError> {
    let mut statement = db.prepare_cached("SELECT world, endpoint, since FROM failing")?;
    let mut rows = statement.query([])?;
    let mut failing = Vec::new();
    while let Some(row) = rows.next()? {
        let since = Some(WorldTime(row.get(2)?));
        failing.push((WorldId(row.get(0)?), Failing { endpoint: row.get(1)?, since }));
    }
    Ok(failing)
}

/// Every endpoint of every world, or of one, deleted ones too.
pub(super) fn endpoints(
    db: &Connection,
    world: Option<WorldId>,
) -> Result<Vec<(WorldId, Loaded)>, StoreError> {
    let mut worlds = Vec::new();
    match world {
        Some(world) => worlds.push(world),
        None => {
            let mut statement = db.prepare_cached("SELECT id FROM world ORDER BY id")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                worlds.push(WorldId(row.get(0)?));
            }
        }
    }
    let mut statement = db.prepare_cached(
        "SELECT id, version, body FROM object WHERE id >> 38 = ?1 AND parent = 0 ORDER BY id",
    )?;
    let mut endpoints = Vec::new();
    for world in worlds {
        let mut rows = statement.query([key::place(world, Kind::WebhookEndpoint)])?;
        while let Some(found) = rows.next()? {
            endpoints.push((world, row::loaded(found)?));
        }
    }
    Ok(endpoints)
}

/// The endpoints that something is due at.
pub(super) fn due_endpoints(db: &Connection) -> Result<Vec<(WorldId, u64)>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT DISTINCT id >> 43, endpoint FROM delivery INDEXED BY delivery_due WHERE state < 2",
    )?;
    let mut rows = statement.query([])?;
    let mut endpoints = Vec::new();
    while let Some(row) = rows.next()? {
        endpoints.push((WorldId(row.get(0)?), row.get(1)?));
    }
    Ok(endpoints)
}

/// Whether anything is due in a world.
pub(super) fn any_due(db: &Connection, world: WorldId) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM delivery WHERE id >> 43 = ?1 AND state < 2 LIMIT 1";
    Ok(db.prepare_cached(sql)?.query_row([world.0], |_| Ok(())).optional()?.is_some())
}

/// What is due at an endpoint of events behind a number, in their order.
pub(super) fn due(
    db: &Connection,
    world: WorldId,
    endpoint: u64,
    after: u64,
    most: usize,
) -> Result<Vec<DueDelivery>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS}, bytes FROM delivery \
         WHERE id >> 43 = ?1 AND endpoint = ?2 AND state < 2 AND id > ?3 \
         ORDER BY id LIMIT ?4"
    );
    let Some(behind) = key::plain(world, after) else { return Ok(Vec::new()) };
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![world.0, endpoint, behind, most as i64])?;
    let mut due = Vec::new();
    while let Some(row) = rows.next()? {
        let posted = read(row)?;
        let number = posted.delivery.id.event;
        let event = event::numbered(db, world, number)?;
        let event = event.ok_or_else(|| corrupt("delivery", posted.delivery.id, "no event"))?;
        let pending = count_pending(db, world, number)?;
        due.push(DueDelivery { posted, bytes: row.get(5)?, event, pending });
    }
    Ok(due)
}

/// One delivery.
pub(super) fn one(
    db: &Connection,
    world: WorldId,
    id: DeliveryId,
) -> Result<Option<StoredDelivery>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM delivery WHERE id = ?1 AND endpoint = ?2");
    let Some(event) = key::plain(world, id.event) else { return Ok(None) };
    let Ok(endpoint) = i64::try_from(id.endpoint) else { return Ok(None) };
    let found =
        db.prepare_cached(&sql)?.query_row([event, endpoint], |row| Ok(read(row))).optional()?;
    found.transpose()?.map(|posted| with_event(db, world, posted)).transpose()
}

/// Every delivery of an event.
pub(super) fn of_event(
    db: &Connection,
    world: WorldId,
    number: u64,
) -> Result<Vec<Posted>, StoreError> {
    let Some(id) = key::plain(world, number) else { return Ok(Vec::new()) };
    let sql = format!("SELECT {COLUMNS} FROM delivery WHERE id = ?1 ORDER BY endpoint");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([id])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// How many of an event's deliveries were not acknowledged.
pub(super) fn count_pending(
    db: &Connection,
    world: WorldId,
    number: u64,
) -> Result<i64, StoreError> {
    let Some(id) = key::plain(world, number) else { return Ok(0) };
    let sql = "SELECT count(*) FROM delivery WHERE id = ?1 AND state IN (0, 2, 4)";
    Ok(db.prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
}

/// A page of deliveries.
pub(super) fn list(
    db: &Connection,
    world: WorldId,
    query: &DeliveryQuery,
) -> Result<Page<StoredDelivery>, StoreError> {
    let (first, last) = match query.event {
        None => key::plain_span(world),
        Some(number) => match key::plain(world, number) {
            Some(id) => (id, id),
            None => return Ok(Page { items: Vec::new(), has_more: false }),
        },
    };
    let newest = (i64::MAX, i64::MAX);
    // The cursor bounds the span as well: of a long list, a page far down reads no more than one
    // at the top.
    let (beyond, order, at, first, last) = match query.cursor {
        DeliveryCursor::Newest => ("<", "DESC", newest, first, last),
        DeliveryCursor::After(id) => {
            let at = place_of(world, id)?;
            ("<", "DESC", at, first, last.min(at.0))
        }
        DeliveryCursor::Before(id) => {
            let at = place_of(world, id)?;
            (">", "ASC", at, first.max(at.0), last)
        }
    };
    let (least, most) = numbers_of(query.status);
    let sql = format!(
        "SELECT {COLUMNS} FROM delivery WHERE id BETWEEN ?1 AND ?2 \
         AND (id, endpoint) {beyond} (?3, ?4) AND state BETWEEN ?5 AND ?6 \
         AND (?7 IS NULL OR endpoint = ?7) ORDER BY id {order}, endpoint {order}"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![
        first,
        last,
        at.0,
        at.1,
        least,
        most,
        query.endpoint.map(|it| i64::try_from(it).unwrap_or(-1)),
    ])?;
    let mut items = Vec::with_capacity(query.limit);
    while items.len() <= query.limit {
        let Some(row) = rows.next()? else { break };
        let posted = read(row)?;
        if query.from.is_none_or(|from| posted.delivery.created >= from) {
            items.push(with_event(db, world, posted)?);
        }
    }
    let has_more = items.len() > query.limit;
    items.truncate(query.limit);
    if let DeliveryCursor::Before(_) = query.cursor {
        items.reverse();
    }
    Ok(Page { items, has_more })
}

fn with_event(
    db: &Connection,
    world: WorldId,
    posted: Posted,
) -> Result<StoredDelivery, StoreError> {
    let id = posted.delivery.id;
    let event = event::numbered(db, world, id.event)?;
    let event = event.ok_or_else(|| corrupt("delivery", id, "it has no event"))?;
    Ok(StoredDelivery { posted, event: event.id, event_type: event.event_type })
}

/// A row of [`COLUMNS`].
pub(super) fn read(row: &Row<'_>) -> Result<Posted, StoreError> {
    let id = DeliveryId { event: key::plain_number(row.get(0)?), endpoint: row.get(1)? };
    let wrong = |what: String| corrupt("delivery", id, what);
    let body = row.get_ref(4)?.as_str().map_err(|error| wrong(error.to_string()))?;
    let body: DeliveryBody = decode(body).map_err(|error| wrong(format!("body: {error}")))?;
    let DeliveryBody { created, state, acknowledged, asked, tries, faults } = body;
    let delivery = Delivery { id, created, state, acknowledged, asked, tries, faults };
    if row.get::<_, i64>(3)? != number_of(&delivery) {
        return Err(wrong("its state is another one in its body".to_owned()));
    }
    Ok(Posted { version: row.get(2)?, delivery })
}

fn body_of(delivery: &Delivery) -> DeliveryBody {
    let Delivery { id: _, created, state, acknowledged, asked, tries, faults } = delivery.clone();
    DeliveryBody { created, state, acknowledged, asked, tries, faults }
}

fn number_of(delivery: &Delivery) -> i64 {
    match delivery.state {
        State::Due => i64::from(delivery.acknowledged),
        State::Waiting { .. } => 2,
        State::Delivered => 3,
        State::GivenUp => 4,
        State::Canceled => 5,
    }
}

/// The first and last number of what has come so far.
fn numbers_of(status: Option<Status>) -> (i64, i64) {
    match status {
        None => (0, 5),
        Some(Status::Pending) => (0, 2),
        Some(Status::Delivered) => (3, 3),
        Some(Status::Failed) => (4, 4),
        Some(Status::Canceled) => (5, 5),
    }
}

/// A delivery's key.
fn place_of(world: WorldId, id: DeliveryId) -> Result<(i64, i64), StoreError> {
    Ok((event_key(world, id)?, i64::try_from(id.endpoint).unwrap_or(i64::MAX)))
}

fn event_key(world: WorldId, id: DeliveryId) -> Result<i64, StoreError> {
    key::plain(world, id.event)
        .ok_or_else(|| corrupt("delivery", id, "its event's number is too great for a row"))
}
