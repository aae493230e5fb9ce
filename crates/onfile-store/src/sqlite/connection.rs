//! Connections as this engine wants them, and the schema behind them.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::Durability;
use crate::contract::StoreError;

/// The schema's steps, in order: forward only, never edited once released.
const MIGRATIONS: [&str; 9] = [
    include_str!("../../migrations/0001.sql"),
    include_str!("../../migrations/0002_snapshots.sql"),
    include_str!("../../migrations/0003_balance.sql"),
    include_str!("../../migrations/0004_holds.sql"),
    include_str!("../../migrations/0005_deliveries.sql"),
    include_str!("../../migrations/0006_retention.sql"),
    include_str!("../../migrations/0007_clock_moves.sql"),
    include_str!("../../migrations/0008_fewer_pages.sql"),
    include_str!("../../migrations/0009_available.sql"),
];
/// The schema that this release writes.
pub(super) const SCHEMA: i64 = MIGRATIONS.len() as i64;
const STATEMENTS_KEPT: usize = 128;
/// For a page of 4 KiB: rows are a few hundred bytes, and a commit writes whole pages.
const PAGE_BYTES: i64 = 4_096;
/// Negative is KiB: 16 MiB for the writer, 2 MiB for each reader beside the shared map.
const WRITER_CACHE: i64 = -16_384;
const READER_CACHE: i64 = -2_048;
const MAP_BYTES: i64 = 1 << 30;

/// The connection that writes; makes or lifts the schema.
pub(super) fn writer(path: &Path, durability: Durability) -> Result<Connection, StoreError> {
    let mut connection = open(path, OpenFlags::SQLITE_OPEN_CREATE)?;
    connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    let mode: String = connection.query_row("PRAGMA journal_mode=WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Failed(format!("journal mode {mode} instead of wal").into()));
    }
    let synchronous = match durability {
        Durability::Full => "FULL",
        Durability::Forgets => "OFF",
    };
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "cache_size", WRITER_CACHE)?;
    migrate(&mut connection)?;
    Ok(connection)
}

/// The schema alone, for tests of what depends on it.
#[cfg(test)]
pub(super) fn in_memory() -> Connection {
    let mut connection = Connection::open_in_memory().expect("memory is there");
    migrate(&mut connection).expect("the schema is sound");
    connection
}

/// A connection that only reads.
pub(super) fn reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = open(path, OpenFlags::empty())?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", READER_CACHE)?;
    Ok(connection)
}

/// The connection that checkpoints.
pub(super) fn checkpointer(path: &Path, durability: Durability) -> Result<Connection, StoreError> {
    let connection = open(path, OpenFlags::empty())?;
    let synchronous = match durability {
        Durability::Full => "FULL",
        Durability::Forgets => "OFF",
    };
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.busy_timeout(std::time::Duration::from_millis(5))?;
    Ok(connection)
}

fn open(path: &Path, more: OpenFlags) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    // Plans don't look at what is bound: or each new value would have a cached statement planned
    // anew, for the sake of the partial indexes.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "mmap_size", MAP_BYTES)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

/// Lifts the schema, step by step, all in one transaction.
fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let known = SCHEMA;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    for step in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}
