//! Events past their life: forgotten with their deliveries, oldest first, so that what is kept of a
//! world is numbered without a gap.
//!
//! Nothing is looked for by its age: events are numbered in the order in which they happened, so
//! the oldest are the first of a world's keys. Pages that become free are written anew; the file
//! does not shrink.

use onfile_domain::time::WorldTime;
use rusqlite::{Connection, params};

use super::{Sqlite, answer, key};
use crate::contract::{StoreError, WorldId};

impl Sqlite {
    pub(crate) async fn forget_events(
        &self,
        world: WorldId,
        before: WorldTime,
        last: u64,
        most: usize,
    ) -> Result<usize, StoreError> {
        answer(self.lane.errand(move |db| forget(db, world, (before, last), most))).await
    }
}

fn forget(
    db: &mut Connection,
    world: WorldId,
    until: (WorldTime, u64),
    most: usize,
) -> Result<usize, StoreError> {
    let transaction = db.transaction()?;
    let (first, _) = key::plain_span(world);
    let (count, through) = past(&transaction, world, until, most)?;
    if count == 0 {
        return Ok(0);
    }
    for table in ["delivery", "event"] {
        let sql = format!("DELETE FROM {table} WHERE id BETWEEN ?1 AND ?2");
        transaction.prepare_cached(&sql)?.execute([first, through])?;
    }
    transaction
        .prepare_cached("UPDATE world SET forgotten = ?2 WHERE id = ?1")?
        .execute(params![world.0, key::plain_number(through) as i64])?;
    transaction.commit()?;
    Ok(count)
}

/// How many of the oldest can be forgotten, and the key of the last of them. One with a delivery
/// that is not over stays, and so does what happened after it.
fn past(
    db: &Connection,
    world: WorldId,
    (before, last): (WorldTime, u64),
    most: usize,
) -> Result<(usize, i64), StoreError> {
    let (first, end) = key::plain_span(world);
    let end = key::plain(world, last).unwrap_or(end);
    let mut statement = db.prepare_cached(
        "SELECT id, created < ?3 AND NOT EXISTS ( \
         SELECT 1 FROM delivery WHERE delivery.id = event.id AND state < 3) \
         FROM event WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?4",
    )?;
    let mut rows = statement.query(params![first, end, before.0, most as i64])?;
    let (mut count, mut through) = (0, first);
    while let Some(row) = rows.next()? {
        if !row.get::<_, bool>(1)? {
            break;
        }
        count += 1;
        through = row.get(0)?;
    }
    Ok((count, through))
}
