//! The pages of paper that answers point to, from the tables that they are made of: what a
//! `doc_url` names is on the server that said it.

use std::sync::LazyLock;

use onfile_wire::{codes, fees};

use crate::coverage::coverage_page;
use crate::reply::Reply;

static COVERAGE: LazyLock<String> = LazyLock::new(coverage_page);
static ERRORS: LazyLock<String> = LazyLock::new(codes::errors_page);
static FEES: LazyLock<String> = LazyLock::new(fees::page);

/// The page of a path; `None` where there is none.
pub(crate) fn page(path: &str) -> Option<Reply> {
    let text = match path {
        "/docs/coverage.md" => &*COVERAGE,
        "/docs/errors.md" => &*ERRORS,
        "/docs/fees.md" => &*FEES,
        _ => return None,
    };
    let own = vec![
        ("content-type", "text/markdown; charset=utf-8".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
    ];
    Some(Reply { own, ..Reply::json(text.clone().into_bytes()) })
}
