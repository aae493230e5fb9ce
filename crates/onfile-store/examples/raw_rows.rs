//! The disk's ceiling for the benchmarks: SQLite alone, inserting again and again the very rows
//! that one off-session charge left in a server's data folder, in batches of 32.
//!
//! `raw_rows DATA SCRATCH SECONDS` prints charges' worth of rows a second.

#![expect(clippy::print_stdout, reason = "what it prints is its result")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

type Failure = Box<dyn Error>;

const BATCH: u64 = 32;

/// Rows of one table as they were written: its columns, and the newest ones of one charge.
struct Sample {
    insert: String,
    rows: Vec<Vec<Value>>,
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, scratch, seconds] = arguments.as_slice() else {
        return Err("usage: raw_rows DATA SCRATCH SECONDS".into());
    };
    let data = database(Path::new(data))?;
    let source = Connection::open_with_flags(&data, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let samples = samples(&source)?;
    let copy = scratch_copy(&source, Path::new(scratch))?;
    println!("{:.1}", insert(copy, &samples, Duration::from_secs(seconds.parse()?))?);
    Ok(())
}

fn database(folder: &Path) -> Result<PathBuf, Failure> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "db" || ending == "sqlite") {
            return Ok(path);
        }
    }
    Err("no database in the data folder".into())
}

/// The newest rows of each table, as many as an off-session charge writes. Keys come first.
fn samples(source: &Connection) -> Result<Vec<Sample>, Failure> {
    // Kinds of `object`: the intent, its charge, the movement, the use and the attempt.
    let mut all = Vec::new();
    for kind in [3, 6, 7, 9, 10] {
        let columns = "id, version, created, customer, parent, mark, body";
        all.push(sample(source, "object", columns, &format!("kind = {kind}"), "id", 1)?);
    }
    all.push(sample(source, "event", "id, created, type, tail, body", "true", "id", 4)?);
    let idempotency = "id, world, key, endpoint, params, request, at, status, version, body";
    all.push(sample(source, "idempotency", idempotency, "true", "id", 1)?);
    all.push(sample(source, "bank_credential", "nti, world, body", "true", "nti", 1)?);
    Ok(all)
}

fn sample(
    source: &Connection,
    table: &str,
    columns: &str,
    which: &str,
    order: &str,
    count: usize,
) -> Result<Sample, Failure> {
    let query =
        format!("SELECT {columns} FROM {table} WHERE {which} ORDER BY {order} DESC LIMIT {count}");
    let width = columns.split(',').count();
    let mut statement = source.prepare(&query)?;
    let mut found = statement.query([])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.push((0..width).map(|at| row.get(at)).collect::<Result<Vec<Value>, _>>()?);
    }
    let places = vec!["?"; width].join(", ");
    Ok(Sample { insert: format!("INSERT INTO {table} ({columns}) VALUES ({places})"), rows })
}

/// An empty database with the same tables and indexes.
fn scratch_copy(source: &Connection, folder: &Path) -> Result<Connection, Failure> {
    let copy = Connection::open(folder.join("raw.db"))?;
    copy.pragma_update(None, "page_size", 4_096)?;
    copy.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    copy.pragma_update(None, "synchronous", "FULL")?;
    copy.pragma_update(None, "cache_size", -16_384)?;
    let mut statement = source.prepare(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'",
    )?;
    for sql in statement.query_map([], |row| row.get::<_, String>(0))? {
        copy.execute_batch(&sql?)?;
    }
    Ok(copy)
}

fn insert(mut copy: Connection, samples: &[Sample], length: Duration) -> Result<f64, Failure> {
    let begun = now();
    let mut written = 0;
    while begun.elapsed() < length {
        let transaction = copy.transaction()?;
        for _ in 0..BATCH {
            written += 1;
            for sample in samples {
                let mut statement = transaction.prepare_cached(&sample.insert)?;
                for row in &sample.rows {
                    statement.execute(params_from_iter(again(row, written)))?;
                }
            }
        }
        transaction.commit()?;
    }
    Ok(written as f64 / begun.elapsed().as_secs_f64())
}

/// The same row under a key of its own, and an idempotency key that nobody has used.
fn again(row: &[Value], number: u64) -> Vec<Value> {
    let mut row = row.to_vec();
    // The rows of one charge have keys of their own already, a few apart.
    let step = i64::try_from(number).unwrap_or(0) * 8;
    match &mut row[0] {
        Value::Integer(key) => *key += step,
        Value::Text(key) => key.push_str(&step.to_string()),
        Value::Null | Value::Real(_) | Value::Blob(_) => {}
    }
    // `idempotency` has its key in the third column; texts elsewhere are bodies and types.
    if let (10, Some(Value::Text(key))) = (row.len(), row.get_mut(2)) {
        key.push_str(&step.to_string());
    }
    row
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures the wall's time")]
fn now() -> Instant {
    Instant::now()
}
