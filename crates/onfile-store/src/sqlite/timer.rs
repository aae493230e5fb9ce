//! Timers: kept by the wall's clock, so that one walk finds what is due in every world.

use onfile_domain::case::Timer;
use onfile_domain::time::WorldTime;
use rusqlite::{Connection, OptionalExtension, params};

use super::fault::corrupt;
use crate::contract::{DueTimer, StoreError, WorldId};

/// What is due, earliest first, in all worlds but `but`.
pub(super) fn due(
    db: &Connection,
    wall_now: i64,
    but: &[WorldId],
    most: usize,
) -> Result<Vec<DueTimer>, StoreError> {
    // Few clocks are on the move at once, and mostly none.
    let but: Vec<String> = but.iter().map(|world| world.0.to_string()).collect();
    let sql = format!(
        "SELECT world, due_at, kind, subject FROM timer \
         WHERE due_wall <= ?1 AND world NOT IN ({}) \
         ORDER BY due_wall, world, kind, subject LIMIT ?2",
        but.join(", ")
    );
    let mut statement = db.prepare_cached(&sql)?;
    read(statement.query(params![wall_now, most as i64])?)
}

/// What is due in one world by `until`, by that world's clock, earliest first.
pub(super) fn due_in(
    db: &Connection,
    world: WorldId,
    until: WorldTime,
    most: usize,
) -> Result<Vec<DueTimer>, StoreError> {
    let sql = "SELECT clock_offset FROM world WHERE id = ?1";
    let offset: Option<i64> =
        db.prepare_cached(sql)?.query_row([world.0], |row| row.get(0)).optional()?;
    let Some(offset) = offset else { return Ok(Vec::new()) };
    let mut statement = db.prepare_cached(
        "SELECT world, due_at, kind, subject FROM timer WHERE due_wall <= ?1 AND world = ?2 \
         ORDER BY due_wall, kind, subject LIMIT ?3",
    )?;
    read(statement.query(params![until.0.saturating_sub(offset), world.0, most as i64])?)
}

fn read(mut rows: rusqlite::Rows<'_>) -> Result<Vec<DueTimer>, StoreError> {
    let mut timers = Vec::new();
    while let Some(row) = rows.next()? {
        let (world, kind): (u32, String) = (row.get(0)?, row.get(2)?);
        timers.push(DueTimer {
            world: WorldId(world),
            due_at: WorldTime(row.get(1)?),
            kind: kind
                .parse()
                .map_err(|_| corrupt("timer", world, format!("kind: {kind:?} is none")))?,
            subject: row.get(3)?,
        });
    }
    Ok(timers)
}

/// When the next one is due after `wall`, by the wall's clock.
pub(super) fn next_due(db: &Connection, wall: i64) -> Result<Option<i64>, StoreError> {
    Ok(db
        .prepare_cached("SELECT due_wall FROM timer WHERE due_wall > ?1 ORDER BY due_wall LIMIT 1")?
        .query_row([wall], |row| row.get(0))
        .optional()?)
}

/// Sets a timer; the same one twice is one.
pub(super) fn insert(
    db: &Connection,
    world: WorldId,
    clock_offset: i64,
    timer: &Timer,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT OR IGNORE INTO timer (due_wall, world, kind, subject, due_at) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        timer.due_at.0.saturating_sub(clock_offset),
        world.0,
        timer.kind.as_str(),
        timer.subject,
        timer.due_at.0,
    ])?;
    Ok(())
}

/// Moves what is due in a world with its clock.
///
/// They are taken out and put back: moved one by one, a timer would meet another one of the same
/// subject that has not moved yet, and a row's place is its instant.
pub(super) fn move_with_clock(
    db: &Connection,
    world: WorldId,
    clock_offset: i64,
) -> Result<(), StoreError> {
    let sql = "SELECT world, due_at, kind, subject FROM timer WHERE world = ?1";
    let timers = read(db.prepare_cached(sql)?.query([world.0])?)?;
    db.prepare_cached("DELETE FROM timer WHERE world = ?1")?.execute([world.0])?;
    for DueTimer { due_at, kind, subject, .. } in timers {
        insert(db, world, clock_offset, &Timer { due_at, kind, subject })?;
    }
    Ok(())
}

/// Takes a timer away; `false` when it is gone already.
pub(super) fn settle(
    db: &Connection,
    clock_offset: i64,
    timer: &DueTimer,
) -> Result<bool, StoreError> {
    let gone = db
        .prepare_cached(
            "DELETE FROM timer WHERE due_wall = ?1 AND world = ?2 AND kind = ?3 AND subject = ?4",
        )?
        .execute(params![
            timer.due_at.0.saturating_sub(clock_offset),
            timer.world.0,
            timer.kind.as_str(),
            timer.subject,
        ])?;
    Ok(gone > 0)
}
