//! The simulated banks' memory, and what the network must still be told.

use onfile_domain::bank::{
    BankChange, BankQuery, BankState, Credential, IssuedValue, ProfileOverride,
};
use onfile_domain::network::Followup;
use rusqlite::{Connection, OptionalExtension, params};

use super::fault::corrupt;
use crate::body::{decode, encode};
use crate::contract::{OwedFollowup, StoreError, WorldId};

/// What a bank remembers, as far as a question needs it.
pub(super) fn load(
    db: &Connection,
    world: WorldId,
    query: &BankQuery,
) -> Result<BankState, StoreError> {
    let mut state = account(db, world, &query.par)?;
    if let Some(nti) = &query.original {
        state.credential = credential(db, world, nti)?;
    }
    if let Some(value) = &query.authentication_value {
        let sql = "SELECT body, used FROM bank_value WHERE world = ?1 AND value = ?2";
        state.value = issued(db, sql, world, value)?;
    }
    if let (None, Some(authentication)) = (&state.value, &query.ds_trans_id) {
        let sql = "SELECT body, used FROM bank_value WHERE world = ?1 AND ds_trans_id = ?2 \
                   ORDER BY value LIMIT 1";
        state.value = issued(db, sql, world, authentication)?;
    }
    Ok(state)
}

fn account(db: &Connection, world: WorldId, par: &str) -> Result<BankState, StoreError> {
    let found = db
        .prepare_cached(
            "SELECT spent, count_since_sca, sum_since_sca, profile FROM bank_account \
             WHERE world = ?1 AND par = ?2",
        )?
        .query_row(params![world.0, par], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, Option<String>>(3)?))
        })
        .optional()?;
    let Some((spent, count_since_sca, sum_since_sca, profile)) = found else {
        return Ok(BankState::default());
    };
    let profile = match profile {
        None => ProfileOverride::default(),
        Some(text) => decode(&text).map_err(|wrong| {
            corrupt("bank_account", format!("{}, {par}", world.0), format!("profile: {wrong}"))
        })?,
    };
    Ok(BankState { profile, spent, count_since_sca, sum_since_sca, credential: None, value: None })
}

fn credential(
    db: &Connection,
    world: WorldId,
    nti: &str,
) -> Result<Option<Credential>, StoreError> {
    let body: Option<String> = db
        .prepare_cached("SELECT body FROM bank_credential WHERE world = ?1 AND nti = ?2")?
        .query_row(params![world.0, nti], |row| row.get(0))
        .optional()?;
    body.map(|text| decode(&text))
        .transpose()
        .map_err(|wrong| corrupt("bank_credential", format!("{}, {nti}", world.0), wrong))
}

fn issued(
    db: &Connection,
    sql: &str,
    world: WorldId,
    by: &str,
) -> Result<Option<IssuedValue>, StoreError> {
    let found: Option<(String, bool)> = db
        .prepare_cached(sql)?
        .query_row(params![world.0, by], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((text, used)) = found else { return Ok(None) };
    let value: IssuedValue = decode(&text)
        .map_err(|wrong| corrupt("bank_value", format!("{}, {by}", world.0), wrong))?;
    Ok(Some(IssuedValue { used, ..value }))
}

/// Changes a bank's memory; `false` where it has moved since the bank was asked: the money is
/// gone, or the authentication value used. Sums are added, so that two approvals never wait for
/// one another.
pub(super) fn change(
    db: &Connection,
    world: WorldId,
    change: &BankChange,
) -> Result<bool, StoreError> {
    let written = match change {
        BankChange::Spend { par, amount, most } => {
            match spend(db, (world, par), *amount, *most)? {
                // One place looks at the limit, also of an account that nothing was written of.
                0 if open(db, world, par)? => spend(db, (world, par), *amount, *most)?,
                written => written,
            }
        }
        BankChange::Count { par, amount } => db
            .prepare_cached(
                "INSERT INTO bank_account (world, par, count_since_sca, sum_since_sca) \
                 VALUES (?1, ?2, 1, ?3) ON CONFLICT DO UPDATE SET \
                 count_since_sca = count_since_sca + 1, \
                 sum_since_sca = sum_since_sca + excluded.sum_since_sca",
            )?
            .execute(params![world.0, par, amount])?,
        BankChange::ResetCounters { par } => {
            db.prepare_cached(
                "UPDATE bank_account SET count_since_sca = 0, sum_since_sca = 0 \
                 WHERE world = ?1 AND par = ?2",
            )?
            .execute(params![world.0, par])?;
            1 // An account without a row has nothing to reset.
        }
        BankChange::Remember(credential) => db
            .prepare_cached(
                "INSERT INTO bank_credential (world, nti, body) VALUES (?1, ?2, ?3) \
                 ON CONFLICT DO UPDATE SET body = excluded.body",
            )?
            .execute(params![world.0, credential.nti, encode(credential)])?,
        BankChange::Issue(value) => db
            .prepare_cached(
                "INSERT INTO bank_value (world, value, ds_trans_id, used, body) \
                 VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            )?
            .execute(params![world.0, value.value, value.ds_trans_id, value.used, encode(value)])?,
        BankChange::Use { value } => db
            .prepare_cached(
                "UPDATE bank_value SET used = 1 WHERE world = ?1 AND value = ?2 AND used = 0",
            )?
            .execute(params![world.0, value])?,
        BankChange::SetProfile { par, profile } => db
            .prepare_cached(
                "INSERT INTO bank_account (world, par, profile) VALUES (?1, ?2, ?3) \
                 ON CONFLICT DO UPDATE SET profile = excluded.profile",
            )?
            .execute(params![world.0, par, encode(profile)])?,
    };
    Ok(written > 0)
}

/// Adds to what was spent of an account, as far as its limit goes; how many accounts that were.
fn spend(
    db: &Connection,
    (world, par): (WorldId, &str),
    amount: i64,
    most: Option<i64>,
) -> Result<usize, StoreError> {
    let sql = "UPDATE bank_account SET spent = spent + ?3 WHERE world = ?1 AND par = ?2 \
               AND (?4 IS NULL OR spent + ?3 <= ?4)";
    Ok(db.prepare_cached(sql)?.execute(params![world.0, par, amount, most])?)
}

/// Begins an account; `false` where it is there.
fn open(db: &Connection, world: WorldId, par: &str) -> Result<bool, StoreError> {
    let sql = "INSERT INTO bank_account (world, par) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    Ok(db.prepare_cached(sql)?.execute(params![world.0, par])? > 0)
}

/// Writes down what the network must be told.
pub(super) fn owe(db: &Connection, world: WorldId, followup: &Followup) -> Result<(), StoreError> {
    db.prepare_cached("INSERT INTO followup (world, body) VALUES (?1, ?2)")?
        .execute(params![world.0, encode(followup)])?;
    Ok(())
}

/// What the network must still be told, from beyond this number on.
pub(super) fn owed_followups(
    db: &Connection,
    after: i64,
    most: usize,
) -> Result<Vec<OwedFollowup>, StoreError> {
    let sql = "SELECT number, world, body FROM followup WHERE number > ?1 \
               ORDER BY number LIMIT ?2";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([after, most as i64])?;
    let mut owed = Vec::new();
    while let Some(row) = rows.next()? {
        let (number, body): (i64, String) = (row.get(0)?, row.get(2)?);
        let followup = decode(&body).map_err(|wrong| format!("table followup: {wrong}"));
        owed.push(OwedFollowup { number, world: WorldId(row.get(1)?), followup });
    }
    Ok(owed)
}

/// Forgets what was acknowledged.
pub(super) fn acknowledge(db: &mut Connection, numbers: &[i64]) -> Result<(), StoreError> {
    let transaction = db.transaction()?;
    for number in numbers {
        transaction.prepare_cached("DELETE FROM followup WHERE number = ?1")?.execute([number])?;
    }
    transaction.commit()?;
    Ok(())
}
