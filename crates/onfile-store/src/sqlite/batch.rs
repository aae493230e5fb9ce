//! Group commit: many write sets, one transaction, one sync. A plain function: a thread calls it
//! in the server, a simulator calls it inline.

use std::collections::BTreeMap;

use onfile_domain::balance::available_at;
use onfile_domain::balance_transaction::BalanceTransaction;
use onfile_domain::case::{Decision, Write};
use onfile_domain::delivery::DeliveryId;
use onfile_domain::event::NewEvent;
use onfile_domain::id::{EventId, Tail};
use onfile_domain::object::Entity;
use onfile_domain::time::WorldTime;
use rusqlite::{Connection, OptionalExtension, params};

use super::fault::corrupt;
use super::{balance, bank, delivery, event, idempotency, row, timer, vault, world};
use crate::contract::{Committed, StoreError, WorldId, WriteSet};

/// Commits a batch: each write set whole or not at all, in order, and all of them durable when
/// this returns. The answers stand in the order of the write sets.
pub fn run_batch(
    connection: &mut Connection,
    batch: Vec<WriteSet>,
) -> Vec<Result<Committed, StoreError>> {
    let sets = batch.len();
    match apply_all(connection, batch) {
        Ok(answers) => answers,
        Err(error) => {
            rolled_back(connection);
            (0..sets).map(|_| Err(same(&error))).collect()
        }
    }
}

/// After FULL, IOERR or NOMEM SQLite may have rolled everything back by itself, or not.
pub(super) fn rolled_back(connection: &Connection) {
    if connection.is_autocommit() {
        return;
    }
    if let Err(error) = connection.execute_batch("ROLLBACK")
        && !connection.is_autocommit()
    {
        // What is half-written must never be committed with the next batch.
        tracing::error!(store.error = %error, "a transaction can be neither kept nor undone");
        std::process::abort();
    }
}

/// The batch's error for each of its write sets.
fn same(error: &StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(source) => StoreError::Unavailable(source.to_string().into()),
        StoreError::Corrupt { table, row, what } => {
            StoreError::Corrupt { table, row: row.clone(), what: what.clone() }
        }
        StoreError::Held { .. } | StoreError::TooNew { .. } | StoreError::Failed(_) => {
            StoreError::Failed(error.to_string().into())
        }
    }
}

/// What of a world changes with each of its write sets: read and written once a batch.
#[derive(Clone, Copy)]
struct Numbers {
    clock_offset: i64,
    next_seq: u64,
    next_event: u64,
    rows: u64,
    changed: bool,
}

/// An error here is the whole batch's: nothing of it is kept.
fn apply_all(
    connection: &mut Connection,
    batch: Vec<WriteSet>,
) -> Result<Vec<Result<Committed, StoreError>>, StoreError> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let mut worlds = BTreeMap::new();
    let mut answers = Vec::with_capacity(batch.len());
    for set in batch {
        answers.push(apply_one(connection, &mut worlds, set)?);
    }
    for (world, numbers) in &worlds {
        write_numbers(connection, *world, numbers)?;
    }
    connection.prepare_cached("COMMIT")?.execute([])?;
    Ok(answers)
}

/// One write set in its savepoint. The outer error ends the batch.
fn apply_one(
    db: &Connection,
    worlds: &mut BTreeMap<WorldId, Numbers>,
    set: WriteSet,
) -> Result<Result<Committed, StoreError>, StoreError> {
    let world = set.world;
    let before = match worlds.get(&world) {
        Some(numbers) => *numbers,
        None => match read_numbers(db, world) {
            Ok(numbers) => numbers,
            Err(error @ StoreError::Unavailable(_)) => return Err(error),
            Err(error) => return Ok(Err(error)),
        },
    };
    let mut numbers = before;
    db.prepare_cached("SAVEPOINT write_set")?.execute([])?;
    let applied = apply(db, &mut numbers, set);
    match applied {
        Ok(done @ Committed::Done(_)) => {
            db.prepare_cached("RELEASE write_set")?.execute([])?;
            worlds.insert(world, numbers);
            Ok(Ok(done))
        }
        Err(error @ StoreError::Unavailable(_)) => Err(error),
        answer => {
            db.prepare_cached("ROLLBACK TO write_set")?.execute([])?;
            db.prepare_cached("RELEASE write_set")?.execute([])?;
            Ok(answer)
        }
    }
}

fn read_numbers(db: &Connection, world: WorldId) -> Result<Numbers, StoreError> {
    db.prepare_cached("SELECT clock_offset, next_seq, next_event, rows FROM world WHERE id = ?1")?
        .query_row([world.0], |row| {
            Ok(Numbers {
                clock_offset: row.get(0)?,
                next_seq: row.get(1)?,
                next_event: row.get(2)?,
                rows: row.get(3)?,
                changed: false,
            })
        })
        .optional()?
        .ok_or_else(|| corrupt("world", world.0, "a write set names a world that isn't there"))
}

fn write_numbers(db: &Connection, world: WorldId, numbers: &Numbers) -> Result<(), StoreError> {
    if !numbers.changed {
        return Ok(());
    }
    db.prepare_cached("UPDATE world SET next_seq = ?2, next_event = ?3, rows = ?4 WHERE id = ?1")?
        .execute(params![world.0, numbers.next_seq, numbers.next_event, numbers.rows])?;
    Ok(())
}

/// Writes everything of a write set, as long as nothing is in its way.
fn apply(db: &Connection, numbers: &mut Numbers, set: WriteSet) -> Result<Committed, StoreError> {
    let WriteSet { world, decision, sealed, bank, account, cause, event_tails, .. } = set;
    if let Some(claim) = &set.idempotency
        && let Some(standing) = idempotency::claim(db, world, claim)?
    {
        return Ok(Committed::Taken(Box::new(standing)));
    }
    if let Some(due) = &set.settles
        && !timer::settle(db, numbers.clock_offset, due)?
    {
        return Ok(Committed::Moved);
    }
    if !stands(db, world, set.at, &decision)?
        || !names(db, world, &decision)?
        || !rows(db, world, numbers, &decision.writes)?
    {
        return Ok(Committed::Moved);
    }
    for new in &decision.timers {
        timer::insert(db, world, numbers.clock_offset, new)?;
    }
    for followup in &decision.followups {
        bank::owe(db, world, followup)?;
    }
    for (method, bytes) in &sealed {
        vault::insert_sealed(db, world, method.seq, bytes)?;
    }
    for change in &bank {
        if !bank::change(db, world, change)? {
            return Ok(Committed::Moved);
        }
    }
    if let Some(change) = &account
        && !world::set_account(db, world, change)?
    {
        return Ok(Committed::Moved);
    }
    for post in &decision.posts {
        if !delivery::post(db, world, post)? {
            return Ok(Committed::Moved);
        }
    }
    if let Some(failing) = set.failing {
        delivery::set_failing(db, world, failing)?;
    }
    let first = numbers.next_event;
    let telling = event::Telling { world, at: set.at, cause: &cause };
    let ids = events(db, numbers, &telling, decision.events, event_tails)?;
    for (event, endpoint) in &set.told {
        let event = first + *event as u64;
        delivery::insert(db, world, DeliveryId { event, endpoint: *endpoint }, set.at)?;
    }
    Ok(Committed::Done(ids))
}

/// Whether what the decision relied on is as it was read.
fn stands(
    db: &Connection,
    world: WorldId,
    at: WorldTime,
    decision: &Decision,
) -> Result<bool, StoreError> {
    for expected in &decision.relied_on {
        if !row::stands(db, world, *expected)? {
            return Ok(false);
        }
    }
    match &decision.available {
        Some(read) => Ok(available_at(at, &balance::all(db, world)?) == *read),
        None => Ok(true),
    }
}

/// Gives names back and takes new ones; `false` when someone else holds one.
fn names(db: &Connection, world: WorldId, decision: &Decision) -> Result<bool, StoreError> {
    for name in &decision.releases {
        db.prepare_cached("DELETE FROM claim WHERE world = ?1 AND name = ?2")?
            .execute(params![world.0, name])?;
    }
    for name in &decision.claims {
        let taken = db
            .prepare_cached("INSERT OR IGNORE INTO claim (world, name) VALUES (?1, ?2)")?
            .execute(params![world.0, name])?;
        if taken == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes rows; `false` when someone else wrote one first.
fn rows(
    db: &Connection,
    world: WorldId,
    numbers: &mut Numbers,
    writes: &[Write],
) -> Result<bool, StoreError> {
    for write in writes {
        match write {
            Write::Insert(object) => {
                row::insert(db, world, object)?;
                if let Some(movement) = BalanceTransaction::of(object) {
                    balance::add(db, world, movement)?;
                }
                numbers.next_seq = numbers.next_seq.max(object.seq() + 1);
                numbers.rows += 1;
                numbers.changed = true;
            }
            Write::Update { object, expected } => {
                if !row::update(db, world, object, *expected)? {
                    return Ok(false);
                }
            }
        }
    }
    Ok(true)
}

fn events(
    db: &Connection,
    numbers: &mut Numbers,
    telling: &event::Telling<'_>,
    events: Vec<NewEvent>,
    tails: Vec<Tail>,
) -> Result<Vec<EventId>, StoreError> {
    if tails.len() < events.len() {
        return Err(StoreError::Failed("an event has no tail for its id".into()));
    }
    let mut ids = Vec::with_capacity(events.len());
    for (new, tail) in events.into_iter().zip(tails) {
        let id = EventId::new(numbers.next_event, tail);
        event::insert(db, telling, id, new)?;
        ids.push(id);
        numbers.next_event += 1;
        numbers.changed = true;
    }
    Ok(ids)
}
