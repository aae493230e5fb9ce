//! Shows every row to the checker.

use onfile_domain::bank::{Credential, IssuedValue, ProfileOverride};
use onfile_domain::case::{Loaded, TimerKind};
use onfile_domain::delivery::State;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::{balance, bank, delivery, event, idempotency, key, row, world};
use crate::body::{Part, decode};
use crate::check::{Checker, Law, Violation};
use crate::contract::{EPOCH, StoreError, WorldId};

/// Looks at everything.
pub(super) fn check(db: &Connection) -> Result<Vec<Violation>, StoreError> {
    let mut checker = Checker::default();
    integrity(db, &mut checker)?;
    objects(db, &mut checker)?;
    events(db, &mut checker)?;
    banks(db, &mut checker)?;
    balances(db, &mut checker)?;
    deliveries(db, &mut checker)?;
    others(db, &mut checker)?;
    texts(db, &mut checker)?;
    Ok(checker.finish())
}

/// What SQLite finds by itself: pages, indexes, types.
fn integrity(db: &Connection, checker: &mut Checker) -> Result<(), StoreError> {
    each(db, "PRAGMA integrity_check", |found| {
        let found: String = found.get(0)?;
        if found != "ok" {
            checker.broken(Law::RowsDecode, found);
        }
        Ok(())
    })
}

fn objects(db: &Connection, checker: &mut Checker) -> Result<(), StoreError> {
    each(db, "SELECT id, version, body, customer, parent, created, mark FROM object", |found| {
        let Loaded { object, .. } = match row::loaded(found) {
            Ok(loaded) => loaded,
            Err(fault) => {
                checker.broken(Law::RowsDecode, fault.to_string());
                return Ok(());
            }
        };
        let world = key::world_of(found.get(0)?);
        let columns: row::Columns = (found.get(3)?, found.get(4)?, found.get(5)?, found.get(6)?);
        if columns != row::columns(&object) {
            let what = format!("world {}, {}: {columns:?}", world.0, object.id_text());
            checker.broken(Law::ColumnsAgree, what);
        }
        if columns.3 == Some(row::UNFINISHED) {
            checker.see_unsettled(world);
        }
        checker.see(world, object);
        Ok(())
    })
}

fn events(db: &Connection, checker: &mut Checker) -> Result<(), StoreError> {
    each(db, &format!("SELECT {} FROM event", event::COLUMNS), |found| {
        if let Err(fault) = event::read(found) {
            checker.broken(Law::RowsDecode, fault.to_string());
        }
        Ok(())
    })?;
    // Between two epochs there may be a gap: the next one begins with a block.
    let sql = format!(
        "SELECT id >> 43, number, before FROM (SELECT event.id, number, \
         lag(number, 1, forgotten) OVER (PARTITION BY world.id ORDER BY event.id) AS before \
         FROM event JOIN world ON world.id = event.id >> 43) \
         WHERE number <> before + 1 AND number % {EPOCH} <> 0"
    );
    each(db, &sql, |found| {
        let (world, number, before) = (WorldId(found.get(0)?), found.get(1)?, found.get(2)?);
        checker.see_gap(world, before, number);
        Ok(())
    })?;
    let sql = "SELECT world.id, ifnull(max(event.number), forgotten), world.next_event \
               FROM world LEFT JOIN event ON event.id >> 43 = world.id GROUP BY world.id";
    each(db, sql, |found| {
        checker.see_events(WorldId(found.get(0)?), found.get(1)?, found.get(2)?);
        Ok(())
    })
}

fn banks(db: &Connection, checker: &mut Checker) -> Result<(), StoreError> {
    each(db, "SELECT world, par, spent FROM bank_account", |found| {
        checker.see_spent(WorldId(found.get(0)?), found.get(1)?, found.get(2)?);
        Ok(())
    })?;
    bodies::<ProfileOverride>(db, checker, "bank_account", "profile")?;
    bodies::<Credential>(db, checker, "bank_credential", "body")?;
    bodies::<IssuedValue>(db, checker, "bank_value", "body")?;
    for owed in bank::owed_followups(db, 0, usize::MAX >> 1)? {
        checker.see_unsettled(owed.world);
        if let Err(wrong) = owed.followup {
            checker.broken(Law::RowsDecode, format!("{wrong}, row {}", owed.number));
        }
    }
    Ok(())
}

fn balances(db: &Connection, checker: &mut Checker) -> Result<(), StoreError> {
    each(db, &format!("SELECT {} FROM balance", balance::COLUMNS), |found| {
        match balance::read(found) {
            Ok(settling) => checker.see_balance(WorldId(found.get(0)?), settling),
            Err(fault) => checker.broken(Law::RowsDecode, fault.to_string()),
        }
        Ok(())
    })?;
    // Behind the last event of its world: the timer that told of what came before is gone.
    let sql = format!(
        "SELECT {} FROM balance WHERE amount > 0 AND available_on > \
         (SELECT max(created) FROM event WHERE event.world = balance.world) AND NOT EXISTS \
         (SELECT 1 FROM timer WHERE timer.world = balance.world AND kind = '{}' \
         AND due_at = available_on)",
        balance::COLUMNS,
        TimerKind::BalanceAvailable.as_str()
    );
    each(db, &sql, |found| {
        let (world, at): (u32, i64) = (found.get(0)?, found.get(2)?);
        let what = format!("world {world}: nothing tells of what comes at {at}");
        checker.broken(Law::BalancesAreTold, what);
        Ok(())
    })
}

fn bodies<T: Part>(
    db: &Connection,
    checker: &mut Checker,
    table: &str,
    column: &str,
) -> Result<(), StoreError> {
    let sql = format!("SELECT world, {column} FROM {table} WHERE {column} IS NOT NULL");
    each(db, &sql, |found| {
        let (world, body): (u32, String) = (found.get(0)?, found.get(1)?);
        if let Err(wrong) = decode::<T>(&body) {
            let what = format!("table {table}, world {world}, column {column}: {wrong}");
            checker.broken(Law::RowsDecode, what);
        }
        Ok(())
    })
}

fn deliveries(db: &Connection, checker: &mut Checker) -> Result<(), StoreError> {
    let sql = "SELECT delivery.id, delivery.endpoint, delivery.version, state, delivery.body, \
               event.id FROM delivery LEFT JOIN event ON event.id = delivery.id";
    each(db, sql, |found| {
        let delivery = match delivery::read(found) {
            Ok(posted) => posted.delivery,
            Err(fault) => {
                checker.broken(Law::RowsDecode, fault.to_string());
                return Ok(());
            }
        };
        let world = key::world_of(found.get(0)?);
        let place = format!("world {}, {}", world.0, delivery.id);
        if found.get::<_, Option<i64>>(5)?.is_none() {
            checker.broken(Law::DeliveriesGoOn, format!("{place}: it has no event"));
        }
        if let State::Waiting { until } = delivery.state {
            let sql = "SELECT count(*) FROM timer WHERE world = ?1 AND kind = ?2 AND subject = ?3 \
                       AND due_at = ?4";
            let kind = TimerKind::RetryDelivery.as_str();
            let timers: i64 = db
                .prepare_cached(sql)?
                .query_row(rusqlite::params![world.0, kind, delivery.id.event, until.0], |row| {
                    row.get(0)
                })?;
            if timers == 0 {
                checker.broken(Law::DeliveriesGoOn, format!("{place}: nothing wakes it"));
            }
        }
        Ok(())
    })
}

fn others(db: &Connection, checker: &mut Checker) -> Result<(), StoreError> {
    if let Err(fault) = world::all(db) {
        checker.broken(Law::RowsDecode, fault.to_string());
    }
    each(db, &format!("SELECT {} FROM idempotency", idempotency::COLUMNS), |found| {
        if let Err(fault) = idempotency::read(found) {
            checker.broken(Law::RowsDecode, fault.to_string());
        }
        Ok(())
    })?;
    let sql = "SELECT timer.kind, timer.subject, timer.world, timer.due_wall, timer.due_at, \
               world.clock_offset FROM timer LEFT JOIN world ON world.id = timer.world";
    each(db, sql, |found| {
        let (kind, subject, world): (String, i64, u32) =
            (found.get(0)?, found.get(1)?, found.get(2)?);
        let (wall, at, offset): (i64, i64, Option<i64>) =
            (found.get(3)?, found.get(4)?, found.get(5)?);
        let at_place = format!("table timer, world {world}, {kind} of {subject}");
        if kind.parse::<TimerKind>().is_err() {
            checker.broken(Law::RowsDecode, at_place);
        } else if offset != Some(at - wall) {
            checker.broken(Law::ColumnsAgree, format!("{at_place}: due at {wall} and {at}"));
        }
        Ok(())
    })
}

/// Every text and every blob outside the vault.
fn texts(db: &Connection, checker: &mut Checker) -> Result<(), StoreError> {
    let mut tables = Vec::new();
    each(db, "SELECT name FROM sqlite_schema WHERE type = 'table'", |found| {
        tables.push(found.get::<_, String>(0)?);
        Ok(())
    })?;
    tables.retain(|table| table != "sealed" && table != "vault_key");
    for table in tables {
        each(db, &format!("SELECT * FROM {table}"), |found| {
            for at in 0..found.as_ref().column_count() {
                match found.get_ref(at)? {
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                        checker.see_text(bytes, || format!("table {table}, column {at}"));
                    }
                    ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => {}
                }
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn each(
    db: &Connection,
    sql: &str,
    mut see: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        see(row)?;
    }
    Ok(())
}
