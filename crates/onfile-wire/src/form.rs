//! Stripe's bracket forms: `card[number]=…&expand[0]=a&items[][price]=b` (`stripe-api.md` 1.3).
//!
//! A form is read into a tree of texts, lists and hashes, in the order it was written. Whether
//! `a[0]=x` means a list or a hash with the key `0` is known to nobody here: it stays a hash, and
//! the parameter table that expects a list takes it as one (`params.rs`). A name whose brackets
//! don't match is taken as it stands, and is then refused as an unknown parameter.

mod canonical;
mod decode;

use std::collections::BTreeMap;
use std::fmt;

pub use canonical::canonical;

/// How deep names may nest: `a[b][c][d][e][f]`.
pub const DEPTH: usize = 6;
/// How many fields a form may have.
pub const FIELDS: usize = 1_000;
/// From this size on a hash keeps an index, so that reading stays linear in the form's length.
const INDEX_FROM: usize = 16;

/// What a form can't be. Nothing of the caller's values is repeated in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// A `%` without two hexadecimal digits.
    #[error("malformed percent-encoding")]
    Percent,
    /// Bytes that are no UTF-8 text.
    #[error("not UTF-8")]
    Utf8,
    /// A null character, which no store keeps in a text.
    #[error("a null character")]
    Null,
    /// More than [`FIELDS`].
    #[error("too many fields")]
    TooManyFields,
    /// Deeper than [`DEPTH`].
    #[error("nested too deeply")]
    TooDeep,
    /// The same name once as a text and once with nested values, or as a list and as a hash.
    #[error("conflicting values for a parameter")]
    Conflict {
        /// The name that was written in two ways.
        param: String,
    },
}

/// A value of a form.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// A text; empty where the caller wants to unset something.
    Text(String),
    /// What was written with `[]`, in order.
    List(Vec<Value>),
    /// Names and values, in the order of their first appearance.
    Hash(Hash),
}

/// Never shows a text: it may be a card number.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => write!(f, "text of {} bytes", text.len()),
            Value::List(items) => f.debug_list().entries(items).finish(),
            Value::Hash(hash) => hash.fmt(f),
        }
    }
}

/// Names and values in order; a name stands once.
#[derive(Clone, Default)]
pub struct Hash {
    entries: Vec<(String, Value)>,
    index: BTreeMap<String, usize>,
}

impl Hash {
    /// The entries in the order of their first appearance.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.entries.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The value of a name, `None` where the caller did not write it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.position(name).map(|at| &self.entries[at].1)
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Removes a name and returns its value.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        let at = self.position(name)?;
        let (_, value) = self.entries.remove(at);
        self.index.clear();
        self.reindex();
        Some(value)
    }

    /// The values in the order of their indexes where every name is a number (`a[0]`, `a[1]`):
    /// what indexed arrays look like before a table says that they are arrays.
    pub fn indexed(&self) -> Option<Vec<(usize, &Value)>> {
        let mut items: Vec<(usize, &Value)> = Vec::with_capacity(self.entries.len());
        for (name, value) in &self.entries {
            if name.len() > 6 || !name.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            items.push((name.parse().ok()?, value));
        }
        items.sort_by_key(|(at, _)| *at);
        Some(items)
    }

    fn position(&self, name: &str) -> Option<usize> {
        if self.index.is_empty() {
            return self.entries.iter().position(|(known, _)| known == name);
        }
        self.index.get(name).copied()
    }

    /// The place of `name`, made with `fresh` where it is new; `true` says that it was there.
    fn slot(&mut self, name: &str, fresh: impl FnOnce() -> Value) -> (&mut Value, bool) {
        let known = self.position(name);
        let at = known.unwrap_or_else(|| {
            self.entries.push((name.to_owned(), fresh()));
            if !self.index.is_empty() {
                self.index.insert(name.to_owned(), self.entries.len() - 1);
            } else {
                self.reindex();
            }
            self.entries.len() - 1
        });
        (&mut self.entries[at].1, known.is_some())
    }

    fn reindex(&mut self) {
        if self.entries.len() >= INDEX_FROM {
            let places = self.entries.iter().enumerate();
            self.index = places.map(|(at, (name, _))| (name.clone(), at)).collect();
        }
    }
}

impl PartialEq for Hash {
    fn eq(&self, other: &Hash) -> bool {
        self.entries == other.entries
    }
}

impl Eq for Hash {}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// Reads one form.
///
/// # Errors
/// See [`FormError`].
pub fn parse(form: &[u8]) -> Result<Hash, FormError> {
    parse_all(&[form])
}

/// Reads several parts as one form: a query string and a body.
///
/// # Errors
/// See [`FormError`].
pub fn parse_all(parts: &[&[u8]]) -> Result<Hash, FormError> {
    let mut root = Hash::default();
    let mut fields = 0;
    for part in parts {
        for field in part.split(|byte| *byte == b'&').filter(|field| !field.is_empty()) {
            fields += 1;
            if fields > FIELDS {
                return Err(FormError::TooManyFields);
            }
            let equals = field.iter().position(|byte| *byte == b'=');
            let (name, text) = match equals {
                Some(at) => (&field[..at], &field[at + 1..]),
                None => (field, &field[field.len()..]),
            };
            let name = decode::text(name)?;
            insert(&mut root, &name, decode::text(text)?)?;
        }
    }
    Ok(root)
}

/// One step of a name after its head.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step<'a> {
    /// `[name]`.
    Into(&'a str),
    /// `[]`.
    Next,
}

/// Splits `a[b][][c]` into its head and steps; a name with brackets that don't match is all head.
fn steps(name: &str) -> (&str, Vec<Step<'_>>) {
    let Some(open) = name.find('[').filter(|open| *open > 0) else {
        return (name, Vec::new());
    };
    let mut steps = Vec::new();
    let mut rest = &name[open..];
    while !rest.is_empty() {
        let inner = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        match inner {
            Some((inner, after)) if !inner.contains('[') => {
                steps.push(if inner.is_empty() { Step::Next } else { Step::Into(inner) });
                rest = after;
            }
            Some(_) | None => return (name, Vec::new()),
        }
    }
    (&name[..open], steps)
}

fn insert(root: &mut Hash, name: &str, text: String) -> Result<(), FormError> {
    let (head, steps) = steps(name);
    if steps.len() >= DEPTH {
        return Err(FormError::TooDeep);
    }
    let conflict = || FormError::Conflict { param: name.to_owned() };
    let (mut here, mut known) = root.slot(head, || empty(steps.first()));
    for (at, step) in steps.iter().enumerate() {
        let after = &steps[at + 1..];
        let (next, was_there) = match (*step, here) {
            (Step::Into(name), Value::Hash(hash)) => hash.slot(name, || empty(after.first())),
            (Step::Next, Value::List(items)) => element(items, after),
            (Step::Into(_), Value::Text(_) | Value::List(_))
            | (Step::Next, Value::Text(_) | Value::Hash(_)) => return Err(conflict()),
        };
        (here, known) = (next, was_there);
    }
    match here {
        // A text that is written twice counts the last time.
        Value::Text(old) => *old = text,
        Value::List(_) | Value::Hash(_) => {
            debug_assert!(known, "a fresh value is of the kind that its name asks for");
            return Err(conflict());
        }
    }
    Ok(())
}

/// A fresh value of the kind that the next step needs.
fn empty(next: Option<&Step<'_>>) -> Value {
    match next {
        None => Value::Text(String::new()),
        Some(Step::Next) => Value::List(Vec::new()),
        Some(Step::Into(_)) => Value::Hash(Hash::default()),
    }
}

/// The element that `[]` means: the last one while the name is new to it, else a new one.
fn element<'a>(items: &'a mut Vec<Value>, after: &[Step<'_>]) -> (&'a mut Value, bool) {
    let same = match items.last() {
        Some(last) => !after.is_empty() && !holds(last, after),
        None => false,
    };
    if !same {
        items.push(empty(after.first()));
    }
    let at = items.len() - 1;
    (&mut items[at], same)
}

/// Whether a value was given at `path` already, so that giving it again starts a new element.
fn holds(value: &Value, path: &[Step<'_>]) -> bool {
    let mut here = value;
    for step in path {
        match (step, here) {
            (Step::Into(name), Value::Hash(hash)) => match hash.get(name) {
                Some(next) => here = next,
                None => return false,
            },
            // A list inside the element takes any number of values.
            (Step::Next, Value::List(_)) => return false,
            (Step::Into(_), Value::Text(_) | Value::List(_))
            | (Step::Next, Value::Text(_) | Value::Hash(_)) => return true,
        }
    }
    true
}

#[cfg(test)]
mod tests;
