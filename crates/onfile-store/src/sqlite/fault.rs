//! What SQLite's errors mean here.

use rusqlite::ErrorCode;
use rusqlite::ffi;

use crate::contract::StoreError;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        end_if_sync_failed(&error);
        if is_unavailable(&error) {
            StoreError::Unavailable(Box::new(error))
        } else {
            StoreError::Failed(Box::new(error))
        }
    }
}

/// The disk is full, failing or read-only, or memory is short: a later try may pass.
fn is_unavailable(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::DiskFull
                | ErrorCode::SystemIoFailure
                | ErrorCode::OutOfMemory
                | ErrorCode::ReadOnly
                | ErrorCode::CannotOpen
                | ErrorCode::DatabaseBusy
        )
    )
}

/// Ends the process after a sync that failed: nobody knows what the disk holds, and a later sync
/// that passes would say nothing of the pages that were lost.
pub(super) fn end_if_sync_failed(error: &rusqlite::Error) {
    if let rusqlite::Error::SqliteFailure(failure, _) = error
        && matches!(failure.extended_code, ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC)
    {
        tracing::error!(store.error = %error, "the disk did not keep what it was told to keep");
        std::process::abort();
    }
}

/// A row that makes no sense.
pub(super) fn corrupt(
    table: &'static str,
    row: impl std::fmt::Display,
    what: impl std::fmt::Display,
) -> StoreError {
    StoreError::Corrupt { table, row: row.to_string(), what: what.to_string() }
}
