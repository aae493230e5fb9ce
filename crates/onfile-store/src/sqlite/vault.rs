//! What the vault has kept: sealed card numbers, and its own wrapped keys.

use rusqlite::{Connection, OptionalExtension, params};

use super::fault::corrupt;
use super::key;
use crate::contract::{StoreError, WorldId};

/// A method's sealed number.
pub(super) fn sealed(
    db: &Connection,
    world: WorldId,
    method_seq: u64,
) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(key) = key::plain(world, method_seq) else { return Ok(None) };
    let found = db
        .prepare_cached("SELECT bytes FROM sealed WHERE id = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?;
    Ok(found)
}

/// Keeps a sealed number.
pub(super) fn insert_sealed(
    db: &Connection,
    world: WorldId,
    method_seq: u64,
    bytes: &[u8],
) -> Result<(), StoreError> {
    let key = key::plain(world, method_seq)
        .ok_or_else(|| corrupt("sealed", method_seq, "its number is too great for a row"))?;
    db.prepare_cached("INSERT INTO sealed (id, bytes) VALUES (?1, ?2)")?
        .execute(params![key, bytes])?;
    Ok(())
}

/// The vault's keys.
pub(super) fn wrapped_keys(db: &Connection) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(db.query_row("SELECT wrapped FROM vault_key", [], |row| row.get(0)).optional()?)
}

/// Keeps the vault's keys.
pub(super) fn put_wrapped_keys(db: &Connection, wrapped: &[u8]) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO vault_key (id, wrapped) VALUES (1, ?1) \
         ON CONFLICT (id) DO UPDATE SET wrapped = excluded.wrapped",
        [wrapped],
    )?;
    Ok(())
}
