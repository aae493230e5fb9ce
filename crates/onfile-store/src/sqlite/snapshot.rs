//! Worlds as they stood: kept, brought back, compared, and emptied.
//!
//! A snapshot is every row of a world as bytes, so it costs what reading and writing them costs,
//! and a table that is added later comes along by its name in [`TABLES`]; a test holds the list
//! against the schema.
//!
//! Brought back are the rows, the account and the clock, and not the counters: what is made from
//! then on has numbers that no id ever had. It begins with the next block of [`EPOCH`] numbers, so
//! that ids tell the time before from the time after.

use onfile_domain::account::Account;
use onfile_domain::object::Object;
use onfile_domain::time::WorldTime;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use super::connection::SCHEMA;
use super::{key, row, timer, world};
use crate::contract::{AccountChange, Changes, EPOCH, Snapshot, StoreError, World, WorldId};

mod pack;

use pack::{Packed, bound, unpack};

/// How a table knows whose its rows are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    /// By the key: `world << 43 | …`.
    Key,
    /// By a column `world`.
    Column,
    /// By a column `world`; the key is given anew, because it says in which order all worlds' rows
    /// are worked off.
    Renumbered(&'static str),
}

/// Every table that holds rows of worlds.
const TABLES: &[(&str, Of)] = &[
    ("object", Of::Key),
    ("event", Of::Key),
    ("delivery", Of::Key),
    ("failing", Of::Column),
    ("sealed", Of::Key),
    ("timer", Of::Column),
    ("claim", Of::Column),
    ("idempotency", Of::Renumbered("id")),
    ("followup", Of::Renumbered("number")),
    ("balance", Of::Column),
    ("bank_account", Of::Column),
    ("bank_credential", Of::Column),
    ("bank_value", Of::Column),
];

/// Keeps a world as it stands under a name.
pub(super) fn take(
    db: &mut Connection,
    world: WorldId,
    name: &str,
    now: WorldTime,
) -> Result<Snapshot, StoreError> {
    let transaction = db.transaction()?;
    let (mut bytes, mut rows) = (Vec::new(), 0);
    for (table, of) in TABLES {
        rows += pack_table(&transaction, world, table, *of, &mut bytes)?;
    }
    let kept = world::by_id(&transaction, world)?;
    let account = kept.ok_or_else(gone)?.account;
    pack_account(&account, &mut bytes)?;
    transaction
        .prepare_cached(
            "INSERT INTO snapshot (world, name, created, schema, rows, bytes) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![world.0, name, now.0, SCHEMA, rows as i64, bytes])?;
    transaction.commit()?;
    Ok(Snapshot { name: name.to_owned(), created: now, rows, usable: true })
}

/// Every snapshot of a world, newest first.
pub(super) fn all(db: &Connection, world: WorldId) -> Result<Vec<Snapshot>, StoreError> {
    let sql = "SELECT name, created, rows, schema FROM snapshot WHERE world = ?1 \
               ORDER BY name DESC";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([world.0])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (rows, schema): (i64, i64) = (row.get(2)?, row.get(3)?);
        found.push(Snapshot {
            name: row.get(0)?,
            created: WorldTime(row.get(1)?),
            rows: rows as u64,
            usable: schema == SCHEMA,
        });
    }
    Ok(found)
}

/// Forgets a snapshot.
pub(super) fn forget(db: &Connection, world: WorldId, name: &str) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM snapshot WHERE world = ?1 AND name = ?2")?
        .execute(params![world.0, name])?;
    Ok(())
}

/// Brings a world back to a snapshot: `wall` says what its clock is ahead of, `least` is a number
/// that nothing made later goes below. `None` while something of it is on a wire.
pub(super) fn restore(
    db: &mut Connection,
    world: WorldId,
    name: &str,
    (wall, least): (i64, u64),
) -> Result<Option<World>, StoreError> {
    let transaction = db.transaction()?;
    let (created, bytes) = read(&transaction, world, name)?;
    let mut account = None;
    if !empty(&transaction, world)? {
        return Ok(None);
    }
    // No row has a version that it had before: what was decided on the world that is gone moves.
    let sql = "SELECT next_seq FROM world WHERE id = ?1";
    let ahead: i64 = transaction.query_row(sql, [world.0], |row| row.get(0))?;
    for mut packed in unpack(&bytes)? {
        match packed.table.as_str() {
            ACCOUNT => account = packed.rows.into_iter().next(),
            _ => {
                set_ahead(&mut packed, ahead);
                unpack_table(&transaction, &packed)?;
            }
        }
    }
    if let Some(values) = account {
        set_account(&transaction, world, values)?;
    }
    begin_epoch(&transaction, world, created.0.saturating_sub(wall), least)?;
    let restored = world::by_id(&transaction, world)?.ok_or_else(gone)?;
    transaction.commit()?;
    Ok(Some(restored))
}

/// Empties a world, as if nobody had ever written to it. `None` while something of it is on a wire.
pub(super) fn reset(
    db: &mut Connection,
    world: WorldId,
    account: &Account,
    least: u64,
) -> Result<Option<World>, StoreError> {
    let transaction = db.transaction()?;
    if !empty(&transaction, world)? {
        return Ok(None);
    }
    let from = world::by_id(&transaction, world)?.ok_or_else(gone)?.account;
    world::set_account(&transaction, world, &AccountChange { from, to: account.clone() })?;
    begin_epoch(&transaction, world, 0, least)?;
    let fresh = world::by_id(&transaction, world)?.ok_or_else(gone)?;
    transaction.commit()?;
    Ok(Some(fresh))
}

/// What is different from a snapshot, in the order in which things were made.
pub(super) fn changes(db: &Connection, world: WorldId, name: &str) -> Result<Changes, StoreError> {
    let (_, bytes) = read(db, world, name)?;
    let mut before = std::collections::BTreeMap::new();
    for packed in unpack(&bytes)?.into_iter().filter(|packed| packed.table == "object") {
        let place = |name| packed.columns.iter().position(|column| column == name);
        let (Some(id), Some(body)) = (place("id"), place("body")) else { continue };
        for values in packed.rows {
            if let (Value::Integer(id), Value::Text(body)) = (&values[id], &values[body]) {
                before.insert(*id, body.clone());
            }
        }
    }
    let mut changes = Changes::default();
    let (first, last) = key::plain_span(world);
    let mut statement =
        db.prepare_cached("SELECT id, version, body FROM object WHERE id BETWEEN ?1 AND ?2")?;
    let mut rows = statement.query([first, last])?;
    while let Some(found) = rows.next()? {
        let was = before.remove(&found.get(0)?);
        if was.as_deref() == Some(found.get_ref(2)?.as_str().unwrap_or_default()) {
            continue;
        }
        let is = row::loaded(found)?.object;
        let was = was.map(|body| row::decoded(found.get(0)?, &body)).transpose()?;
        match (was, row::is_deleted(&is)) {
            (None, true) => {}
            (None, false) => changes.created.push(is),
            (Some(was), true) if row::is_deleted(&was) => {}
            (Some(was), true) => changes.deleted.push(was),
            (Some(was), false) => changes.updated.push((was, is)),
        }
    }
    for (id, body) in before {
        let was = row::decoded(id, &body)?;
        if !row::is_deleted(&was) {
            changes.deleted.push(was);
        }
    }
    changes.created.sort_by_key(Object::seq);
    changes.updated.sort_by_key(|(was, _)| was.seq());
    changes.deleted.sort_by_key(Object::seq);
    Ok(changes)
}

fn read(db: &Connection, world: WorldId, name: &str) -> Result<(WorldTime, Vec<u8>), StoreError> {
    let found = db
        .prepare_cached("SELECT created, bytes FROM snapshot WHERE world = ?1 AND name = ?2")?
        .query_row(params![world.0, name], |row| Ok((WorldTime(row.get(0)?), row.get(1)?)))
        .optional()?;
    found.ok_or_else(|| StoreError::Failed("there is no such snapshot".into()))
}

/// Takes every row of a world away; `false` where an attempt of it is on a wire.
fn empty(db: &Connection, world: WorldId) -> Result<bool, StoreError> {
    let (first, last) = key::plain_span(world);
    let open: Option<i64> = db
        .prepare_cached("SELECT id FROM object WHERE mark = 1 AND id BETWEEN ?1 AND ?2 LIMIT 1")?
        .query_row([first, last], |row| row.get(0))
        .optional()?;
    if open.is_some() {
        return Ok(false);
    }
    for (table, of) in TABLES {
        let sql = format!("DELETE FROM {table} WHERE {}", whose(*of));
        db.prepare_cached(&sql)?.execute(span(world, *of))?;
    }
    Ok(true)
}

/// Sets the clock and the counters, and what follows from them.
fn begin_epoch(
    db: &Connection,
    world: WorldId,
    clock_offset: i64,
    least: u64,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "UPDATE world SET clock_offset = ?2, \
         next_seq = (max(next_seq, ?3) + ?4 - 1) / ?4 * ?4, \
         next_event = (next_event + ?4 - 1) / ?4 * ?4, \
         forgotten = ifnull((SELECT min(number) FROM event WHERE id BETWEEN ?5 AND ?6) - 1, 0), \
         rows = (SELECT count(*) FROM object WHERE id BETWEEN ?5 AND ?6) WHERE id = ?1",
    )?
    .execute(params![
        world.0,
        clock_offset,
        least as i64,
        EPOCH as i64,
        key::plain_span(world).0,
        key::plain_span(world).1,
    ])?;
    timer::move_with_clock(db, world, clock_offset)
}

fn whose(of: Of) -> &'static str {
    match of {
        Of::Key => "id BETWEEN ?1 AND ?2",
        Of::Column | Of::Renumbered(_) => "world = ?1",
    }
}

fn span(world: WorldId, of: Of) -> impl rusqlite::Params {
    let (first, last) = key::plain_span(world);
    params_from_iter(match of {
        Of::Key => vec![first, last],
        Of::Column | Of::Renumbered(_) => vec![i64::from(world.0)],
    })
}

/// Writes a table's rows; how many.
fn pack_table(
    db: &Connection,
    world: WorldId,
    table: &str,
    of: Of,
    out: &mut Vec<u8>,
) -> Result<u64, StoreError> {
    let mut columns = columns(db, table)?;
    if let Of::Renumbered(number) = of {
        columns.retain(|column| column != number);
    }
    // The key of a call that runs, the one that takes the snapshot too, stands for nothing yet.
    let only = if table == "idempotency" { " AND status IS NOT NULL" } else { "" };
    let from = format!("FROM {table} WHERE {}{only}", whose(of));
    let count: i64 = db
        .prepare_cached(&format!("SELECT count(*) {from}"))?
        .query_row(span(world, of), |row| row.get(0))?;
    pack::head(out, table, &columns, count as usize);
    let names = columns.join(", ");
    let mut statement = db.prepare_cached(&format!("SELECT {names} {from}"))?;
    let mut rows = statement.query(span(world, of))?;
    while let Some(row) = rows.next()? {
        for at in 0..columns.len() {
            pack::value(out, row.get_ref(at)?)?;
        }
    }
    Ok(count as u64)
}

fn set_ahead(packed: &mut Packed, by: i64) {
    let Some(at) = packed.columns.iter().position(|column| column == "version") else { return };
    // A text is an answer's version of the API.
    for values in &mut packed.rows {
        if let Value::Integer(version) = &mut values[at] {
            *version += by;
        }
    }
}

fn unpack_table(db: &Connection, packed: &Packed) -> Result<(), StoreError> {
    // The table's name is one of ours, or the statement fails.
    let places: Vec<&str> = packed.columns.iter().map(|_| "?").collect();
    let (names, places) = (packed.columns.join(", "), places.join(", "));
    let sql = format!("INSERT INTO {} ({names}) VALUES ({places})", packed.table);
    let mut statement = db.prepare_cached(&sql)?;
    for values in &packed.rows {
        statement.execute(params_from_iter(values.iter().map(bound)))?;
    }
    Ok(())
}

/// The columns that are kept: what is generated is not among them.
fn columns(db: &Connection, table: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = db.prepare_cached("SELECT name FROM pragma_table_info(?1)")?;
    let names = statement.query_map([table], |row| row.get(0))?;
    Ok(names.collect::<Result<Vec<String>, _>>()?)
}

/// Under this name the account's columns are packed.
const ACCOUNT: &str = "the account";
const ACCOUNT_COLUMNS: [&str; 2] = ["country", "currency"];

fn pack_account(account: &Account, out: &mut Vec<u8>) -> Result<(), StoreError> {
    pack::head(out, ACCOUNT, &ACCOUNT_COLUMNS.map(str::to_owned), 1);
    for text in [account.country.code(), account.default_currency.code()] {
        pack::value(out, rusqlite::types::ValueRef::Text(text.as_bytes()))?;
    }
    Ok(())
}

fn set_account(db: &Connection, world: WorldId, values: Vec<Value>) -> Result<(), StoreError> {
    let [country, currency] = &values[..] else { return Err(gone()) };
    db.prepare_cached("UPDATE world SET country = ?2, currency = ?3 WHERE id = ?1")?
        .execute(params![world.0, bound(country), bound(currency)])?;
    Ok(())
}

fn gone() -> StoreError {
    StoreError::Failed("the world of a snapshot isn't there".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table that is forgotten here would keep its rows through a reset, and lose them to a
    /// restore.
    #[test]
    fn every_table_of_worlds_is_known() {
        let db = super::super::connection::in_memory();
        let mut statement =
            db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
        let names = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        let mut names: Vec<String> = names.map(Result::unwrap).collect();
        let not_of_worlds = ["sqlite_sequence", "vault_key", "world", "snapshot"];
        names.retain(|name| !not_of_worlds.contains(&name.as_str()));
        names.sort();
        let mut known: Vec<&str> = TABLES.iter().map(|(table, _)| *table).collect();
        known.sort_unstable();
        assert_eq!(names, known);
    }
}
