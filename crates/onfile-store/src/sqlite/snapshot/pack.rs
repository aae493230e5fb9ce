//! Rows as bytes: for each table its name, its columns and its rows, each value with its type.
//! Numbers are little-endian.

use rusqlite::types::{ToSqlOutput, Value, ValueRef};

use crate::contract::StoreError;

/// The rows of one table.
#[derive(Debug, PartialEq)]
pub(super) struct Packed {
    /// The table.
    pub(super) table: String,
    /// The columns of each row.
    pub(super) columns: Vec<String>,
    /// The rows, in the order of their keys.
    pub(super) rows: Vec<Vec<Value>>,
}

const NULL: u8 = 0;
const INTEGER: u8 = 1;
const TEXT: u8 = 2;
const BLOB: u8 = 3;

/// Writes a table's head: how many rows follow is written first.
pub(super) fn head(out: &mut Vec<u8>, table: &str, columns: &[String], rows: usize) {
    bytes(out, table.as_bytes());
    length(out, columns.len());
    for column in columns {
        bytes(out, column.as_bytes());
    }
    length(out, rows);
}

/// Writes one value.
pub(super) fn value(out: &mut Vec<u8>, value: ValueRef<'_>) -> Result<(), StoreError> {
    match value {
        ValueRef::Null => out.push(NULL),
        ValueRef::Integer(number) => {
            out.push(INTEGER);
            out.extend_from_slice(&number.to_le_bytes());
        }
        ValueRef::Text(text) => {
            out.push(TEXT);
            bytes(out, text);
        }
        ValueRef::Blob(blob) => {
            out.push(BLOB);
            bytes(out, blob);
        }
        ValueRef::Real(_) => return Err(broken("no table has a column of fractions")),
    }
    Ok(())
}

fn bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    length(out, bytes.len());
    out.extend_from_slice(bytes);
}

fn length(out: &mut Vec<u8>, length: usize) {
    out.extend_from_slice(&(length as u64).to_le_bytes());
}

/// Reads every table.
pub(super) fn unpack(bytes: &[u8]) -> Result<Vec<Packed>, StoreError> {
    let mut from = Reader(bytes);
    let mut tables = Vec::new();
    while !from.0.is_empty() {
        let table = from.text()?;
        let columns = from.length()?;
        let columns = (0..columns).map(|_| from.text()).collect::<Result<Vec<_>, _>>()?;
        let count = from.length()?;
        let mut rows = Vec::new();
        for _ in 0..count {
            rows.push(columns.iter().map(|_| from.value()).collect::<Result<Vec<_>, _>>()?);
        }
        tables.push(Packed { table, columns, rows });
    }
    Ok(tables)
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take(&mut self, count: usize) -> Result<&[u8], StoreError> {
        let (taken, rest) =
            self.0.split_at_checked(count).ok_or_else(|| broken("it ends too soon"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn eight(&mut self) -> Result<[u8; 8], StoreError> {
        self.take(8)?.try_into().map_err(|_| broken("it ends too soon"))
    }

    fn length(&mut self) -> Result<usize, StoreError> {
        let length = u64::from_le_bytes(self.eight()?);
        usize::try_from(length).map_err(|_| broken("a length is out of range"))
    }

    fn bytes(&mut self) -> Result<Vec<u8>, StoreError> {
        let length = self.length()?;
        Ok(self.take(length)?.to_vec())
    }

    fn text(&mut self) -> Result<String, StoreError> {
        String::from_utf8(self.bytes()?).map_err(|_| broken("a text is none"))
    }

    fn value(&mut self) -> Result<Value, StoreError> {
        match self.take(1)? {
            [NULL] => Ok(Value::Null),
            [INTEGER] => Ok(Value::Integer(i64::from_le_bytes(self.eight()?))),
            [TEXT] => Ok(Value::Text(self.text()?)),
            [BLOB] => Ok(Value::Blob(self.bytes()?)),
            _ => Err(broken("a value has no type")),
        }
    }
}

fn broken(what: &str) -> StoreError {
    let row = "snapshot".to_owned();
    StoreError::Corrupt { table: "snapshot", row, what: what.to_owned() }
}

/// A value as it is bound.
pub(super) fn bound(value: &Value) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(ValueRef::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_out_as_they_went_in() {
        let columns = vec!["a".to_owned(), "b".to_owned()];
        let rows = vec![
            vec![Value::Integer(i64::MIN), Value::Text("é\0".to_owned())],
            vec![Value::Null, Value::Blob(vec![0, 255])],
        ];
        let mut out = Vec::new();
        head(&mut out, "empty", &columns, 0);
        head(&mut out, "full", &columns, rows.len());
        for one in rows.iter().flatten() {
            value(&mut out, ValueRef::from(one)).unwrap();
        }
        let empty = Packed { table: "empty".to_owned(), columns: columns.clone(), rows: vec![] };
        let full = Packed { table: "full".to_owned(), columns, rows };
        assert_eq!(unpack(&out).unwrap(), [empty, full]);
        for cut in 1..out.len() {
            // Cut between the tables there is one table less; anywhere else it is broken.
            let left = unpack(&out[..cut]);
            assert!(left.map_or(true, |left| left.len() < 2), "{cut}");
        }
    }
}
