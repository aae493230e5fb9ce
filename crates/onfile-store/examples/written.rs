//! What a server has written so far, for the benchmarks: `written DATA` prints how many rows were
//! written (a row that was changed counts once for each time) and how many bytes the rows have
//! that are there.

#![expect(clippy::print_stdout, reason = "what it prints is its result")]

use std::error::Error;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data] = arguments.as_slice() else {
        return Err("usage: written DATA".into());
    };
    let data = Path::new(data).join("onfile.db");
    let source = Connection::open_with_flags(data, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let (mut rows, mut bytes) = (0, 0);
    for (table, columns) in tables(&source)? {
        // `object` counts its writes in `version`; the other tables' rows are written once.
        let count = if columns.iter().any(|name| name == "version") && table == "object" {
            "SUM(version)"
        } else {
            "COUNT(*)"
        };
        let lengths = columns.iter().map(|name| format!("LENGTH(CAST(\"{name}\" AS BLOB))"));
        let lengths: Vec<String> =
            lengths.map(|length| format!("COALESCE(SUM({length}), 0)")).collect();
        let query =
            format!("SELECT COALESCE({count}, 0), {} FROM \"{table}\"", lengths.join(" + "));
        let (count, length): (i64, i64) =
            source.query_row(&query, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows += count;
        bytes += length;
    }
    println!("{rows} {bytes}");
    Ok(())
}

/// Every table, with the names of its columns.
fn tables(source: &Connection) -> Result<Vec<(String, Vec<String>)>, Failure> {
    let mut statement = source.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )?;
    let names = statement.query_map([], |row| row.get(0))?;
    let mut tables = Vec::new();
    for name in names {
        let name: String = name?;
        let mut statement = source.prepare("SELECT name FROM pragma_table_info(?1)")?;
        let columns = statement.query_map([&name], |row| row.get(0))?;
        let columns = columns.collect::<Result<Vec<String>, _>>()?;
        tables.push((name, columns));
    }
    Ok(tables)
}
