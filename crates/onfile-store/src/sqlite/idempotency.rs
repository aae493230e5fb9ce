//! Idempotency records, in the same transaction as what they stand for.

use onfile_domain::time::WorldTime;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::fault::corrupt;
use crate::contract::{
    Claim, ClaimState, ClockMove, KeptAnswer, Mover, OnWire, StoreError, WorldId,
};
use crate::kept::unpacked;

pub(super) const COLUMNS: &str = "id, key, endpoint, params, request, at, status, version, body, \
                                  attempt, audience, base, clock_to";

/// What a key stands for.
pub(super) fn find(
    db: &Connection,
    world: WorldId,
    key: &str,
) -> Result<Option<Claim>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM idempotency WHERE world = ?1 AND key = ?2");
    let found = db.prepare_cached(&sql)?.query_row(params![world.0, key], |row| Ok(read(row)));
    found.optional()?.transpose()
}

/// Writes a claim down; the one that is in its way, if there is one.
pub(super) fn claim(
    db: &Connection,
    world: WorldId,
    claim: &Claim,
) -> Result<Option<Claim>, StoreError> {
    if insert(db, world, claim)? {
        return Ok(None);
    }
    if let Some(standing) = find(db, world, &claim.key)? {
        let is_its_own = standing.answer().is_none() && standing.request == claim.request;
        if is_its_own {
            return go_on(db, world, claim).map(|()| None);
        }
        if !standing.is_past(claim.at) {
            return Ok(Some(standing));
        }
        // A key past its life is used as if for the first time, with a new place in the order.
        db.prepare_cached("DELETE FROM idempotency WHERE world = ?1 AND key = ?2")?
            .execute(params![world.0, claim.key])?;
    }
    match insert(db, world, claim)? {
        true => Ok(None),
        false => Err(corrupt("idempotency", &claim.key, "it is there and can't be found")),
    }
}

/// Puts in a claim; `false` where its key stands for one.
fn insert(db: &Connection, world: WorldId, claim: &Claim) -> Result<bool, StoreError> {
    let (kept, on_wire, takes) = (claim.answer(), on_wire(claim), clock_move(claim));
    let version = match &claim.state {
        ClaimState::Running(on_wire) => on_wire.as_ref().map(|it| &it.version),
        ClaimState::Moving(takes) => Some(&takes.version),
        ClaimState::Answered(kept) => Some(&kept.version),
    };
    let inserted = db
        .prepare_cached(
            "INSERT INTO idempotency (world, key, endpoint, params, request, at, status, version, \
             body, attempt, audience, base, clock_to) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) \
             ON CONFLICT (world, key) DO NOTHING",
        )?
        .execute(params![
            world.0,
            claim.key,
            claim.endpoint,
            &claim.params[..],
            claim.request,
            claim.at.0,
            kept.map(|it| it.status),
            version,
            kept.map(KeptAnswer::packed),
            on_wire.map(|it| it.attempt),
            on_wire.map(|it| &it.audience),
            on_wire.map(|it| &it.base),
            takes.map(|it| it.to.0),
        ])?;
    Ok(inserted > 0)
}

fn on_wire(claim: &Claim) -> Option<&OnWire> {
    match &claim.state {
        ClaimState::Running(on_wire) => on_wire.as_ref(),
        ClaimState::Moving(_) | ClaimState::Answered(_) => None,
    }
}

fn clock_move(claim: &Claim) -> Option<&ClockMove> {
    match &claim.state {
        ClaimState::Moving(takes) => Some(takes),
        ClaimState::Running(_) | ClaimState::Answered(_) => None,
    }
}

/// Says where the running call of a key takes the clock.
pub(super) fn moves_clock(
    db: &Connection,
    world: WorldId,
    Mover { key, request, takes }: &Mover,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "UPDATE idempotency SET clock_to = ?4, version = ?5 \
         WHERE world = ?1 AND key = ?2 AND request = ?3 AND status IS NULL",
    )?
    .execute(params![world.0, key, request, takes.to.0, takes.version])?;
    Ok(())
}

/// A later commit of a call answers its own claim, or has something else on the wire. An answered
/// one's age counts from here: the call may have moved the clock itself.
fn go_on(db: &Connection, world: WorldId, claim: &Claim) -> Result<(), StoreError> {
    match &claim.state {
        ClaimState::Answered(kept) => db
            .prepare_cached(
                "UPDATE idempotency SET status = ?3, version = ?4, body = ?5, at = ?6, \
                 attempt = NULL, audience = NULL, base = NULL, clock_to = NULL \
                 WHERE world = ?1 AND key = ?2",
            )?
            .execute(params![
                world.0,
                claim.key,
                kept.status,
                kept.version,
                kept.packed(),
                claim.at.0
            ])?,
        ClaimState::Running(Some(on_wire)) => db
            .prepare_cached(
                "UPDATE idempotency SET attempt = ?3, version = ?4, audience = ?5, base = ?6 \
                 WHERE world = ?1 AND key = ?2",
            )?
            .execute(params![
                world.0,
                claim.key,
                on_wire.attempt,
                on_wire.version,
                on_wire.audience,
                on_wire.base,
            ])?,
        ClaimState::Running(None) => 0,
        ClaimState::Moving(takes) => {
            let (key, request) = (claim.key.clone(), claim.request.clone());
            return moves_clock(db, world, &Mover { key, request, takes: takes.clone() });
        }
    };
    Ok(())
}

/// Frees a key whose call came to nothing.
pub(super) fn release(
    db: &Connection,
    world: WorldId,
    key: &str,
    request: &str,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "DELETE FROM idempotency WHERE world = ?1 AND key = ?2 AND request = ?3 \
         AND status IS NULL",
    )?
    .execute(params![world.0, key, request])?;
    Ok(())
}

/// Forgets what is past its life among the oldest records.
pub(super) fn purge(db: &Connection, wall_now: i64, most: usize) -> Result<usize, StoreError> {
    // Clocks only go forward, so no record is younger by its world's clock than by the wall's, and
    // the oldest are the first to be past.
    let gone = db
        .prepare_cached(
            "DELETE FROM idempotency WHERE id IN ( \
             SELECT old.id FROM \
             (SELECT id, world, at, status FROM idempotency ORDER BY id LIMIT ?3) AS old \
             JOIN world ON world.id = old.world \
             WHERE old.status IS NOT NULL AND old.at + ?2 <= ?1 + world.clock_offset)",
        )?
        .execute(params![wall_now, Claim::LIFE, most as i64])?;
    Ok(gone)
}

/// Keys that still run.
pub(super) fn running(db: &Connection) -> Result<Vec<(WorldId, Claim)>, StoreError> {
    let sql = format!("SELECT {COLUMNS}, world FROM idempotency WHERE status IS NULL ORDER BY id");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    let mut claims = Vec::new();
    while let Some(row) = rows.next()? {
        claims.push((WorldId(row.get(13)?), read(row)?));
    }
    Ok(claims)
}

/// A row of [`COLUMNS`].
pub(crate) fn read(row: &Row<'_>) -> Result<Claim, StoreError> {
    let id: i64 = row.get(0)?;
    let params: Vec<u8> = row.get(3)?;
    let status: Option<u16> = row.get(6)?;
    let attempt: Option<u64> = row.get(9)?;
    let clock_to: Option<i64> = row.get(12)?;
    let state = match (status, attempt, clock_to) {
        (Some(status), ..) => {
            let packed = row.get_ref(8)?.as_blob().unwrap_or_default();
            let body = unpacked(packed).map_err(|damage| corrupt("idempotency", id, damage))?;
            ClaimState::Answered(KeptAnswer { status, version: row.get(7)?, body })
        }
        (None, Some(attempt), _) => ClaimState::Running(Some(OnWire {
            attempt,
            version: row.get(7)?,
            audience: row.get(10)?,
            base: row.get(11)?,
        })),
        (None, None, Some(to)) => {
            ClaimState::Moving(ClockMove { to: WorldTime(to), version: row.get(7)? })
        }
        (None, None, None) => ClaimState::Running(None),
    };
    Ok(Claim {
        key: row.get(1)?,
        endpoint: row.get(2)?,
        params: params
            .try_into()
            .map_err(|_| corrupt("idempotency", id, "params is not 32 bytes"))?,
        request: row.get(4)?,
        at: WorldTime(row.get(5)?),
        state,
    })
}
