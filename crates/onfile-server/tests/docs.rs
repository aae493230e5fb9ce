//! The generated pages say what is there, and nothing else. With `ONFILE_WRITE_DOCS` in the
//! environment the test writes them instead of comparing.

#![expect(clippy::unwrap_used, reason = "a test that can't read the tree has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use onfile_domain::event::EventType;
use onfile_domain::gateway::rules::{self, MEANINGS};
use onfile_wire::codes::{self, CODES};
use onfile_wire::fees;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn check(page: &str, generated: &str) {
    let path = root().join("docs").join(page);
    if std::env::var_os("ONFILE_WRITE_DOCS").is_some() {
        return fs::write(path, generated).unwrap();
    }
    let kept = fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == generated,
        "docs/{page} is out of date: ONFILE_WRITE_DOCS=1 cargo test -p onfile-server --test docs"
    );
}

#[test]
fn the_coverage_page_is_what_is_there() {
    check("coverage.md", &onfile_server::coverage_page());
}

#[test]
fn the_errors_page_is_what_is_there() {
    check("errors.md", &codes::errors_page());
}

#[test]
fn the_fees_page_is_what_is_booked_by() {
    check("fees.md", &fees::page());
}

/// The other direction is held where an error is made: it can't carry a code that the table lacks.
#[test]
fn every_code_of_the_table_is_used() {
    let mut sources = String::new();
    for room in ["onfile-domain", "onfile-wire", "onfile-server"] {
        read(&root().join("crates").join(room).join("src"), &mut sources);
    }
    let unused = CODES.iter().filter(|row| !sources.contains(&format!("\"{}\"", row.code)));
    let unused: Vec<&str> = unused.map(|row| row.code).collect();
    assert_eq!(unused, [""; 0], "codes that nothing answers with");
}

/// What the coverage page says is told, some rule tells.
#[test]
fn every_type_of_event_is_told_by_a_rule() {
    let mut sources = String::new();
    read(&root().join("crates/onfile-domain/src"), &mut sources);
    let tells = |it: &&EventType| !sources.contains(&format!("EventType::{it:?}"));
    let untold: Vec<_> = EventType::ALL.iter().filter(tells).collect();
    assert!(untold.is_empty(), "{untold:?}");
}

/// A trace is read with `onfile explain`: whatever a rule writes there has its line, and no line
/// stands for nothing.
#[test]
fn every_rule_of_a_trace_is_explained() {
    let mut sources = String::new();
    let crates = root().join("crates");
    for file in ["after", "governor", "guards", "initiator", "need", "procedure", "zone"] {
        let file = format!("onfile-domain/src/gateway/{file}.rs");
        sources.push_str(&fs::read_to_string(crates.join(file)).unwrap());
    }
    for file in ["acs", "directory", "issuer"] {
        let file = format!("onfile-network/src/simulated/{file}.rs");
        sources.push_str(&fs::read_to_string(crates.join(file)).unwrap());
    }
    let is_rule = |word: &&str| {
        let mut letters = word.chars();
        letters.next().is_some_and(|first| "GIZNAFS".contains(first))
            && word.len() > 1
            && letters.all(|letter| letter.is_ascii_digit())
    };
    let fired: BTreeSet<&str> = sources.split('"').filter(is_rule).collect();
    let unexplained: Vec<_> = fired.iter().filter(|id| rules::meaning(id).is_none()).collect();
    assert!(fired.len() > 50 && unexplained.is_empty(), "{unexplained:?}");
    let quoted = |id: &str| sources.contains(&format!("\"{id}\""));
    let idle: Vec<_> = MEANINGS.iter().filter(|row| !quoted(row.id)).collect();
    assert!(idle.is_empty(), "{idle:?}");
}

/// Every source but the table itself and tests that have a file of their own.
fn read(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("tests") || path.ends_with("tests.rs") {
            continue;
        }
        if path.is_dir() {
            read(&path, into);
        } else if !path.ends_with("codes/table.rs") {
            into.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}
