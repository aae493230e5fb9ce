//! One spelling for all spellings of a form: what an idempotency key remembers of it.

use super::{Hash, Value};

/// Writes a form so that two forms that mean the same give the same bytes, and no others do:
/// names sorted, lengths before texts, `a[0]` and `a[]` alike.
///
/// `replace` may put something in a text's place, by the names that lead to it: the fingerprint
/// of a card number, a mark for a security code. A replaced text never equals a written one.
pub fn canonical(form: &Hash, replace: &mut dyn FnMut(&[&str], &str) -> Option<String>) -> Vec<u8> {
    let mut out = Vec::new();
    write_hash(form, &mut Vec::new(), replace, &mut out);
    out
}

fn write<'a>(
    value: &'a Value,
    path: &mut Vec<&'a str>,
    replace: &mut dyn FnMut(&[&str], &str) -> Option<String>,
    out: &mut Vec<u8>,
) {
    match value {
        Value::Text(text) => match replace(path, text) {
            Some(other) => write_text(b'r', &other, out),
            None => write_text(b't', text, out),
        },
        Value::List(items) => write_list(items.iter(), path, replace, out),
        Value::Hash(hash) => match hash.indexed().filter(|items| !items.is_empty()) {
            Some(items) => write_list(items.iter().map(|(_, value)| *value), path, replace, out),
            None => write_hash(hash, path, replace, out),
        },
    }
}

fn write_list<'a>(
    items: impl Iterator<Item = &'a Value>,
    path: &mut Vec<&'a str>,
    replace: &mut dyn FnMut(&[&str], &str) -> Option<String>,
    out: &mut Vec<u8>,
) {
    out.push(b'l');
    for item in items {
        write(item, path, replace, out);
    }
    out.push(b'e');
}

fn write_hash<'a>(
    hash: &'a Hash,
    path: &mut Vec<&'a str>,
    replace: &mut dyn FnMut(&[&str], &str) -> Option<String>,
    out: &mut Vec<u8>,
) {
    let mut entries: Vec<(&str, &Value)> = hash.iter().collect();
    entries.sort_unstable_by_key(|(name, _)| *name);
    out.push(b'h');
    for (name, value) in entries {
        write_text(b'n', name, out);
        path.push(name);
        write(value, path, replace, out);
        path.pop();
    }
    out.push(b'e');
}

fn write_text(mark: u8, text: &str, out: &mut Vec<u8>) {
    out.push(mark);
    out.extend_from_slice(text.len().to_string().as_bytes());
    out.push(b':');
    out.extend_from_slice(text.as_bytes());
}
