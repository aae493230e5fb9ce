//! What an account has, added up as its movements come in.

use onfile_domain::balance::Settling;
use onfile_domain::balance_transaction::BalanceTransaction;
use onfile_domain::time::WorldTime;
use rusqlite::{Connection, Row, params};

use super::fault::corrupt;
use crate::contract::{StoreError, WorldId};

/// Columns that [`read`] takes.
pub(super) const COLUMNS: &str = "world, currency, available_on, amount";

/// Adds a new movement. Sums are added, so that two payments never wait for one another.
pub(super) fn add(
    db: &Connection,
    world: WorldId,
    movement: &BalanceTransaction,
) -> Result<(), StoreError> {
    let Settling { currency, available_on, amount } = movement.settling();
    db.prepare_cached(
        "INSERT INTO balance (world, currency, available_on, amount) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT DO UPDATE SET amount = amount + excluded.amount",
    )?
    .execute(params![world.0, currency.code(), available_on.0, amount])?;
    Ok(())
}

/// Everything that a world's account has.
pub(super) fn all(db: &Connection, world: WorldId) -> Result<Vec<Settling>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM balance WHERE world = ?1");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([world.0])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// A row of [`COLUMNS`].
pub(super) fn read(row: &Row<'_>) -> Result<Settling, StoreError> {
    let (world, currency): (u32, String) = (row.get(0)?, row.get(1)?);
    let (available_on, amount): (i64, i64) = (row.get(2)?, row.get(3)?);
    let at = || format!("{world}, {currency}, {available_on}");
    Ok(Settling {
        currency: currency.parse().map_err(|wrong| corrupt("balance", at(), wrong))?,
        available_on: WorldTime(available_on),
        amount,
    })
}
