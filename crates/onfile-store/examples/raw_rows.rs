//! The disk's ceiling for the benchmarks: SQLite alone, inserting again and again the very rows
//! that one off-session charge left in a server's data folder, in batches of 32.
//!
//! `raw_rows DATA SCRATCH SECONDS` prints charges' worth of rows a second.

#![expect(clippy::print_stdout, reason = "what it prints is its result")]

use std::error::Error;
use std::path::Path;
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
    let data = Path::new(data).join("onfile.db");
    let source = Connection::open_with_flags(data, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let samples = WRITTEN.iter().map(|it| it.sample(&source)).collect::<Result<Vec<_>, _>>()?;
    let copy = scratch_copy(&source, Path::new(scratch))?;
    println!("{:.1}", insert(copy, &samples, Duration::from_secs(seconds.parse()?))?);
    Ok(())
}

/// Where the rows of a sample are: the newest `count` of a table by its key, the first column.
struct Newest {
    table: &'static str,
    columns: &'static str,
    /// An SQL condition.
    which: &'static str,
    count: usize,
}

/// As many rows of each table as an off-session charge writes. Of objects these are the intent,
/// its charge, the movement, the use and the attempt.
const WRITTEN: &[Newest] = &[
    object("kind = 3"),
    object("kind = 6"),
    object("kind = 7"),
    object("kind = 9"),
    object("kind = 10"),
    Newest { table: "event", columns: "id, created, type, tail, body", which: "true", count: 4 },
    Newest {
        table: "idempotency",
        columns: "id, world, key, endpoint, params, request, at, status, version, body",
        which: "true",
        count: 1,
    },
    Newest { table: "bank_credential", columns: "nti, world, body", which: "true", count: 1 },
];

const fn object(which: &'static str) -> Newest {
    let columns = "id, version, created, customer, parent, mark, body";
    Newest { table: "object", columns, which, count: 1 }
}

impl Newest {
    fn sample(&self, source: &Connection) -> Result<Sample, Failure> {
        let Newest { table, columns, which, count } = self;
        let query =
            format!("SELECT {columns} FROM {table} WHERE {which} ORDER BY 1 DESC LIMIT {count}");
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
