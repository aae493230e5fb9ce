//! Leaves each answer in the folder that `ONFILE_ANSWERS_DIR` names, a JSON line each, for the
//! strict check of shapes. The key itself is never written, only of which kind it was.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

use serde_json::json;

use crate::client::{Answer, Call};

static ANSWERS: OnceLock<Option<Mutex<File>>> = OnceLock::new();

fn open() -> Option<Mutex<File>> {
    let path = PathBuf::from(std::env::var_os("ONFILE_ANSWERS_DIR")?).join("server.jsonl");
    let file = OpenOptions::new().create(true).append(true).open(path);
    Some(Mutex::new(file.expect("the folder of answers can be written to")))
}

/// Adds an answer.
pub fn write_down(call: &Call, answer: &Answer) {
    let Some(file) = ANSWERS.get_or_init(open) else { return };
    let header = |wanted: &str| {
        let found = call.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.as_str())
    };
    let line = json!({
        "method": call.method,
        "path": call.path,
        "version": header("stripe-version"),
        "key": kind(call, header("authorization")),
        "status": answer.status,
        "type": answer.header("content-type"),
        "body": answer.text(),
    });
    let mut file = file.lock().expect("no writer panics");
    writeln!(file, "{line}").expect("the folder of answers can be written to");
}

fn kind(call: &Call, authorization: Option<&str>) -> Option<&'static str> {
    let form = String::from_utf8_lossy(&call.body).into_owned();
    let query = call.path.split_once('?').map_or("", |(_, query)| query);
    let key = match authorization {
        Some(value) => value.split_once(' ').map(|(_, key)| key.to_owned()),
        None => query
            .split('&')
            .chain(form.split('&'))
            .find_map(|field| field.strip_prefix("key="))
            .map(str::to_owned),
    }?;
    // The second of each pair is the first in base 64, as `Basic` has it.
    let begins = |heads: [&str; 2]| heads.iter().any(|head| key.starts_with(head));
    match (begins(["pk_", "cGtf"]), begins(["sk_", "c2tf"])) {
        (true, _) => Some("publishable"),
        (_, true) => Some("secret"),
        (false, false) => None,
    }
}
