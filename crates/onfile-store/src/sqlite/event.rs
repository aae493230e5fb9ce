//! Events: numbered in the order of commits, listed newest first.

use onfile_domain::event::{NewEvent, is_meant};
use onfile_domain::id::EventId;
use onfile_domain::time::WorldTime;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::fault::corrupt;
use super::{key, row};
use crate::body::{EventBody, decode, encode};
use crate::contract::{Cause, Cursor, EventQuery, Page, StoreError, StoredEvent, WorldId};

pub(super) const COLUMNS: &str = "id, created, type, tail, body";

/// One event.
pub(super) fn one(
    db: &Connection,
    world: WorldId,
    id: EventId,
) -> Result<Option<StoredEvent>, StoreError> {
    let found = numbered(db, world, id.seq)?;
    Ok(found.filter(|event| event.id == id))
}

/// The event with this number.
pub(super) fn numbered(
    db: &Connection,
    world: WorldId,
    number: u64,
) -> Result<Option<StoredEvent>, StoreError> {
    let Some(key) = key::plain(world, number) else { return Ok(None) };
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM event WHERE id = ?1"))?
        .query_row([key], |row| Ok(read(row)))
        .optional()?
        .transpose()
}

/// A page of events.
pub(super) fn list(
    db: &Connection,
    world: WorldId,
    query: &EventQuery,
) -> Result<Page<StoredEvent>, StoreError> {
    let (mut first, mut last) = key::plain_span(world);
    let at = |number| key::plain(world, number).unwrap_or(last);
    let order = match query.cursor {
        Cursor::Newest => "DESC",
        Cursor::After(number) => {
            last = at(number) - 1;
            "DESC"
        }
        Cursor::Before(number) => {
            first = at(number) + 1;
            "ASC"
        }
    };
    let delivered = match query.delivered {
        None => "1",
        Some(true) => {
            "NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.id = event.id AND state IN (0, 2, 4))"
        }
        Some(false) => {
            "EXISTS (SELECT 1 FROM delivery WHERE delivery.id = event.id AND state IN (0, 2, 4))"
        }
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM event WHERE id BETWEEN ?1 AND ?2 AND created BETWEEN ?3 AND ?4 \
         AND {delivered} ORDER BY id {order}"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let from = query.from.map_or(i64::MIN, |it| it.0);
    let to = query.to.map_or(i64::MAX, |it| it.0);
    let mut rows = statement.query([first, last, from, to])?;
    let mut items = Vec::with_capacity(query.limit);
    while items.len() <= query.limit {
        let Some(row) = rows.next()? else { break };
        let event_type = row.get_ref(2)?.as_str().unwrap_or_default();
        if is_wanted(event_type, &query.types) {
            items.push(read(row)?);
        }
    }
    Ok(row::page(items, query.limit, query.cursor))
}

fn is_wanted(event_type: &str, types: &[String]) -> bool {
    types.is_empty() || types.iter().any(|asked| is_meant(asked, event_type))
}

/// What the events of one write set share.
pub(super) struct Telling<'a> {
    /// Whose they are.
    pub(super) world: WorldId,
    /// When they happened.
    pub(super) at: WorldTime,
    /// What brought them about.
    pub(super) cause: &'a Cause,
}

/// Puts in an event, with the world's next number in its id.
pub(super) fn insert(
    db: &Connection,
    telling: &Telling<'_>,
    id: EventId,
    event: NewEvent,
) -> Result<(), StoreError> {
    let key = key::plain(telling.world, id.seq)
        .ok_or_else(|| corrupt("event", id.seq, "its number is too great for a row"))?;
    let NewEvent { event_type, object, previous } = event;
    let body = encode(&EventBody { cause: telling.cause.clone(), object, previous });
    db.prepare_cached(
        "INSERT INTO event (id, created, type, tail, body) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![key, telling.at.0, event_type.as_str(), id.tail(), body])?;
    Ok(())
}

/// A row of [`COLUMNS`].
pub(crate) fn read(row: &Row<'_>) -> Result<StoredEvent, StoreError> {
    let key: i64 = row.get(0)?;
    let wrong = |what: String| corrupt("event", key, what);
    let text = |at| row.get_ref(at).map_err(StoreError::from);
    let tail = text(3)?.as_str().map_err(|error| wrong(error.to_string()))?;
    let event_type = text(2)?.as_str().map_err(|error| wrong(error.to_string()))?;
    let body = text(4)?.as_str().map_err(|error| wrong(error.to_string()))?;
    let body: EventBody = decode(body).map_err(|error| wrong(format!("body: {error}")))?;
    Ok(StoredEvent {
        id: EventId::from_row(key::plain_number(key), tail)
            .map_err(|_| wrong("tail is none".to_owned()))?,
        created: WorldTime(row.get(1)?),
        event_type: event_type
            .parse()
            .map_err(|_| wrong(format!("type: no event is called {event_type:?}")))?,
        cause: body.cause,
        object: body.object,
        previous: body.previous,
    })
}
