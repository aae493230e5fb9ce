//! Worlds: who is paid, by what clock, and how far their numbers have come.

use onfile_domain::account::{Account, Mode};
use onfile_domain::time::WorldTime;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::fault::corrupt;
use super::idempotency;
use super::key::LAST_WORLD;
use super::timer;
use crate::contract::{AccountChange, KeyHash, Mover, StoreError, World, WorldId};

const COLUMNS: &str = "id, key, account, created, country, currency, mode, clock_offset, \
                       next_seq, rows";

/// The world of a key.
pub(super) fn by_key(db: &Connection, key: KeyHash) -> Result<Option<World>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM world WHERE key = ?1");
    let found = db.prepare_cached(&sql)?.query_row([&key.0[..]], |row| Ok(read(row)));
    found.optional()?.transpose()
}

/// A world by its number.
pub(super) fn by_id(db: &Connection, world: WorldId) -> Result<Option<World>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM world WHERE id = ?1");
    let found = db.prepare_cached(&sql)?.query_row([world.0], |row| Ok(read(row)));
    found.optional()?.transpose()
}

/// Every world.
pub(super) fn all(db: &Connection) -> Result<Vec<World>, StoreError> {
    let mut statement = db.prepare_cached(&format!("SELECT {COLUMNS} FROM world ORDER BY id"))?;
    let mut rows = statement.query([])?;
    let mut worlds = Vec::new();
    while let Some(row) = rows.next()? {
        worlds.push(read(row)?);
    }
    Ok(worlds)
}

/// Makes a world, unless the key has one.
pub(super) fn create(
    db: &mut Connection,
    key: KeyHash,
    account: &Account,
) -> Result<World, StoreError> {
    if let Some(world) = by_key(db, key)? {
        return Ok(world);
    }
    let last: Option<i64> = db.query_row("SELECT max(id) FROM world", [], |row| row.get(0))?;
    let id = last.unwrap_or(0) + 1;
    if id > LAST_WORLD {
        return Err(StoreError::Failed("there is no number left for another world".into()));
    }
    db.execute(
        "INSERT INTO world (id, key, account, created, country, currency, mode, clock_offset, \
         next_seq, next_event, rows) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 1, 1, 0)",
        params![
            id,
            &key.0[..],
            account.id,
            account.created.0,
            account.country.code(),
            account.default_currency.code(),
            mode_word(account.mode),
        ],
    )?;
    by_key(db, key)?.ok_or_else(|| corrupt("world", id, "it is gone right after it was made"))
}

/// Writes the account anew; `false` where it is no more as it was read.
pub(super) fn set_account(
    db: &Connection,
    world: WorldId,
    AccountChange { from, to }: &AccountChange,
) -> Result<bool, StoreError> {
    let written = db
        .prepare_cached(
            "UPDATE world SET account = ?2, created = ?3, country = ?4, currency = ?5, mode = ?6 \
             WHERE id = ?1 AND account = ?7 AND created = ?8 AND country = ?9 AND currency = ?10 \
             AND mode = ?11",
        )?
        .execute(params![
            world.0,
            to.id,
            to.created.0,
            to.country.code(),
            to.default_currency.code(),
            mode_word(to.mode),
            from.id,
            from.created.0,
            from.country.code(),
            from.default_currency.code(),
            mode_word(from.mode),
        ])?;
    Ok(written > 0)
}

/// Moves the clock, and what is due by it.
pub(super) fn set_clock_offset(
    db: &mut Connection,
    world: WorldId,
    seconds: i64,
    by: Option<&Mover>,
) -> Result<(), StoreError> {
    let transaction = db.transaction()?;
    if let Some(mover) = by {
        idempotency::moves_clock(&transaction, world, mover)?;
    }
    transaction
        .execute("UPDATE world SET clock_offset = ?2 WHERE id = ?1", params![world.0, seconds])?;
    timer::move_with_clock(&transaction, world, seconds)?;
    transaction.commit()?;
    Ok(())
}

fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::Test => "test",
        Mode::Live => "live",
    }
}

fn read(row: &Row<'_>) -> Result<World, StoreError> {
    let id: u32 = row.get(0)?;
    let wrong = |what: &str| corrupt("world", id, what);
    let key: Vec<u8> = row.get(1)?;
    let country: String = row.get(4)?;
    let currency: String = row.get(5)?;
    let mode: String = row.get(6)?;
    Ok(World {
        id: WorldId(id),
        key: KeyHash(key.try_into().map_err(|_| wrong("key is not 32 bytes"))?),
        account: Account {
            id: row.get(2)?,
            created: WorldTime(row.get(3)?),
            country: country.parse().map_err(|_| wrong("country is none"))?,
            default_currency: currency.parse().map_err(|_| wrong("currency is none"))?,
            mode: match mode.as_str() {
                "test" => Mode::Test,
                "live" => Mode::Live,
                _ => return Err(wrong("mode is none")),
            },
        },
        clock_offset: row.get(7)?,
        next_seq: row.get(8)?,
        rows: row.get(9)?,
    })
}
