//! Rows: what is read by number, below a parent, of a customer, or as a page.

use onfile_domain::attempt::AttemptState;
use onfile_domain::case::{Dossier, Loaded, Need};
use onfile_domain::object::{Kind, Object};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::fault::corrupt;
use super::{balance, delivery, event, key};
use crate::body::{decode_object, encode_object};
use crate::contract::{Cursor, ListQuery, OpenAttempt, Page, StoreError, WorldId};

/// An attempt that isn't over.
pub(super) const UNFINISHED: i64 = 1;
/// What was deleted: a customer, a test clock.
/// A deleted customer or endpoint.
const DELETED: i64 = 2;

/// Puts what was asked for into the dossier.
pub(super) fn load(
    db: &Connection,
    world: WorldId,
    need: Need,
    dossier: &mut Dossier,
) -> Result<(), StoreError> {
    match need {
        Need::Row(kind, seq) => dossier.add_row(kind, seq, find(db, world, kind, seq)?),
        Need::Children(kind, parent) => {
            let sql = "SELECT id, version, body FROM object \
                       WHERE id >> 38 = ?1 AND parent = ?2 ORDER BY id";
            // A number that no row can have hangs above nothing.
            let parent = i64::try_from(parent).unwrap_or(-1);
            dossier.add_list(need, several(db, sql, params![key::place(world, kind), parent])?);
        }
        Need::OfCustomer(kind, customer) => {
            let sql = "SELECT id, version, body FROM object \
                       WHERE id >> 43 = ?1 AND customer = ?2 AND id BETWEEN ?3 AND ?4 ORDER BY id";
            let customer = i64::try_from(customer).unwrap_or(-1);
            let (first, last) = key::span(world, kind);
            dossier.add_list(need, several(db, sql, params![world.0, customer, first, last])?);
        }
        Need::Event(number) => {
            let found = event::numbered(db, world, number)?;
            dossier.add_event(number, found.map(|event| (event.id, event.created)));
        }
        Need::Deliveries(number) => {
            dossier.add_deliveries(number, delivery::of_event(db, world, number)?);
        }
        Need::Balance => dossier.add_balance(balance::all(db, world)?),
    }
    Ok(())
}

fn find(
    db: &Connection,
    world: WorldId,
    kind: Kind,
    seq: u64,
) -> Result<Option<Loaded>, StoreError> {
    let Some(id) = key::row(world, kind, seq) else { return Ok(None) };
    db.prepare_cached("SELECT id, version, body FROM object WHERE id = ?1")?
        .query_row([id], |row| Ok(loaded(row)))
        .optional()?
        .transpose()
}

fn several(
    db: &Connection,
    sql: &str,
    of: &[&dyn rusqlite::ToSql],
) -> Result<Vec<Loaded>, StoreError> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(of)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(loaded(row)?);
    }
    Ok(found)
}

/// A row of `id, version, body`.
pub(crate) fn loaded(row: &Row<'_>) -> Result<Loaded, StoreError> {
    let id: i64 = row.get(0)?;
    let body = row.get_ref(2)?.as_str().map_err(|error| corrupt("object", id, error))?;
    Ok(Loaded { version: row.get(1)?, object: decoded(id, body)? })
}

/// The object of a row.
pub(super) fn decoded(id: i64, body: &str) -> Result<Object, StoreError> {
    let (world, number, seq) = key::parts(id);
    let wrong = |what: String| {
        let what = format!("body of kind {number}, seq {seq}, world {}: {what}", world.0);
        corrupt("object", id, what)
    };
    let kind = key::kind(number).ok_or_else(|| wrong("no such kind".to_owned()))?;
    let object = decode_object(kind, body).map_err(|error| wrong(error.to_string()))?;
    if object.seq() != seq {
        return Err(wrong(format!("it says that it is {}", object.id_text())));
    }
    Ok(object)
}

/// Whether nothing but cursors may find it.
pub(super) fn is_deleted(object: &Object) -> bool {
    mark(object) == Some(DELETED)
}

/// A page of a list, newest first.
pub(super) fn list(
    db: &Connection,
    world: WorldId,
    query: &ListQuery,
) -> Result<Page<Loaded>, StoreError> {
    let (mut first, mut last) = key::span(world, query.kind);
    // A cursor that no row can have stands beyond the newest.
    let at = |seq| key::row(world, query.kind, seq).unwrap_or(last);
    let order = match query.cursor {
        Cursor::Newest => "DESC",
        Cursor::After(seq) => {
            last = at(seq) - 1;
            "DESC"
        }
        Cursor::Before(seq) => {
            first = at(seq) + 1;
            "ASC"
        }
    };
    let (only, index, of) = match (query.customer, query.parent) {
        (Some(customer), _) => {
            ("id >> 43 = ?6 AND customer = ?7", i64::from(world.0), customer.seq)
        }
        (None, Some(parent)) => {
            ("id >> 38 = ?6 AND parent = ?7", key::place(world, query.kind), parent)
        }
        // Both are bound all the same, so that one call serves each statement.
        (None, None) => ("?6 IS NOT NULL AND ?7 IS NOT NULL", 0, 0),
    };
    let sql = format!(
        "SELECT id, version, body FROM object WHERE id BETWEEN ?1 AND ?2 \
         AND created BETWEEN ?3 AND ?4 AND mark IS NOT {DELETED} AND {only} \
         ORDER BY id {order} LIMIT ?5"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![
        first,
        last,
        query.from.map_or(i64::MIN, |it| it.0),
        query.to.map_or(i64::MAX, |it| it.0),
        query.limit as i64 + 1,
        index,
        i64::try_from(of).unwrap_or(-1),
    ])?;
    let mut items = Vec::with_capacity(query.limit);
    while let Some(row) = rows.next()? {
        items.push(loaded(row)?);
    }
    Ok(page(items, query.limit, query.cursor))
}

/// Cuts one too many off, and turns a page that was read upwards.
pub(super) fn page<T>(mut items: Vec<T>, limit: usize, cursor: Cursor) -> Page<T> {
    let has_more = items.len() > limit;
    items.truncate(limit);
    match cursor {
        Cursor::Before(_) => items.reverse(),
        Cursor::Newest | Cursor::After(_) => {}
    }
    Page { items, has_more }
}

/// Attempts that are on the wire or being reversed.
pub(super) fn open_attempts(db: &Connection) -> Result<Vec<OpenAttempt>, StoreError> {
    let sql = "SELECT id, version, body FROM object WHERE mark = 1 ORDER BY id";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut open = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let Loaded { version, object } = loaded(row)?;
        let Object::Attempt(attempt) = object else {
            return Err(corrupt("object", id, "mark 1 stands on something else than an attempt"));
        };
        open.push(OpenAttempt { world: key::world_of(id), version, attempt: *attempt });
    }
    Ok(open)
}

/// Puts in a new row.
pub(super) fn insert(db: &Connection, world: WorldId, object: &Object) -> Result<(), StoreError> {
    let kind = object.kind();
    let id = key::row(world, kind, object.seq())
        .ok_or_else(|| corrupt("object", object.id_text(), "its number is too great for a row"))?;
    let (customer, parent, created, mark) = columns(object);
    db.prepare_cached(
        "INSERT INTO object (id, version, created, customer, parent, mark, body) \
         VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![id, created, customer, parent, mark, encode_object(object)])?;
    Ok(())
}

/// Writes a row that has this version; `false` when it hasn't.
pub(super) fn update(
    db: &Connection,
    world: WorldId,
    object: &Object,
    expected: i64,
) -> Result<bool, StoreError> {
    let Some(id) = key::row(world, object.kind(), object.seq()) else { return Ok(false) };
    let written = db
        .prepare_cached(
            "UPDATE object SET version = version + 1, body = ?3 WHERE id = ?1 AND version = ?2",
        )?
        .execute(params![id, expected, encode_object(object)])?;
    if written == 0 {
        return Ok(false);
    }
    // Apart, because a column that is set has its index written, changed or not.
    match object {
        Object::PaymentMethod(_)
        | Object::PaymentIntent(_)
        | Object::SetupIntent(_)
        | Object::Charge(_) => {
            db.prepare_cached(
                "UPDATE object SET customer = ?2 WHERE id = ?1 AND customer IS NOT ?2",
            )?
            .execute(params![id, object.customer().map(|it| it.seq)])?;
        }
        Object::Customer(_)
        | Object::Attempt(_)
        | Object::TestClock(_)
        | Object::WebhookEndpoint(_) => {
            db.prepare_cached("UPDATE object SET mark = ?2 WHERE id = ?1 AND mark IS NOT ?2")?
                .execute(params![id, mark(object)])?;
        }
        Object::SetupAttempt(_)
        | Object::BalanceTransaction(_)
        | Object::Agreement(_)
        | Object::AgreementUse(_)
        | Object::Authentication(_)
        | Object::PastDecline(_)
        | Object::Statement(_)
        | Object::Adjustment(_)
        | Object::Refund(_) => {}
    }
    Ok(true)
}

/// Whether a row has this version.
pub(super) fn stands(
    db: &Connection,
    world: WorldId,
    (kind, seq, version): (Kind, u64, i64),
) -> Result<bool, StoreError> {
    let Some(id) = key::row(world, kind, seq) else { return Ok(false) };
    let found: Option<i64> = db
        .prepare_cached("SELECT version FROM object WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    Ok(found == Some(version))
}

/// Customer, parent, when it was made, and the mark.
pub(super) type Columns = (Option<u64>, Option<u64>, i64, Option<i64>);

/// What a row is looked up by.
pub(super) fn columns(object: &Object) -> Columns {
    let customer = object.customer().map(|it| it.seq);
    (customer, object.parent(), object.created().0, mark(object))
}

fn mark(object: &Object) -> Option<i64> {
    match object {
        Object::Customer(it) => it.deleted.then_some(DELETED),
        Object::TestClock(it) => it.deleted.then_some(DELETED),
        Object::WebhookEndpoint(it) => it.deleted.then_some(DELETED),
        Object::Attempt(it) => match it.state {
            AttemptState::Sent | AttemptState::Reversing => Some(UNFINISHED),
            AttemptState::Done | AttemptState::Reversed => None,
        },
        Object::PaymentMethod(_)
        | Object::PaymentIntent(_)
        | Object::SetupIntent(_)
        | Object::SetupAttempt(_)
        | Object::Charge(_)
        | Object::BalanceTransaction(_)
        | Object::Agreement(_)
        | Object::AgreementUse(_)
        | Object::Authentication(_)
        | Object::PastDecline(_)
        | Object::Statement(_)
        | Object::Adjustment(_)
        | Object::Refund(_) => None,
    }
}
