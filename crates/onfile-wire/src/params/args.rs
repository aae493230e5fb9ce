//! What a checked form holds: typed values by name.

use std::fmt;
use std::str::FromStr;

use onfile_domain::command::{MetadataPatch, Patch};
use onfile_domain::money::Currency;
use onfile_domain::time::WorldTime;

use super::Param;
use crate::form::Value;
use crate::page::Range;

/// A converted value.
#[derive(Clone, PartialEq, Eq)]
pub enum Arg {
    /// An empty text that unsets.
    Unset,
    /// An integer, an amount or a timestamp.
    Int(i64),
    /// A boolean.
    Flag(bool),
    /// A text, an id or a word.
    Text(String),
    /// A currency.
    Currency(Currency),
    /// Declared names.
    Hash(Args),
    /// Values in order.
    List(Vec<Arg>),
    /// A change of metadata.
    Metadata(MetadataPatch),
    /// Bounds of a time.
    Range(Range),
    /// Anything, as it was written.
    Kept(Value),
}

/// Never shows a text: it may be a card number.
impl fmt::Debug for Arg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Arg::Unset => f.write_str("unset"),
            Arg::Int(_) => f.write_str("a number"),
            Arg::Flag(flag) => flag.fmt(f),
            Arg::Text(text) => write!(f, "text of {} bytes", text.len()),
            Arg::Currency(currency) => currency.fmt(f),
            Arg::Hash(args) => f.debug_list().entries(args.names()).finish(),
            Arg::List(items) => f.debug_list().entries(items).finish(),
            Arg::Metadata(_) => f.write_str("metadata"),
            Arg::Range(range) => range.fmt(f),
            Arg::Kept(value) => value.fmt(f),
        }
    }
}

/// The values of a checked form. Asking for a name that the table does not declare is a bug,
/// which debug builds report.
#[derive(Debug, Clone)]
pub struct Args {
    table: &'static [Param],
    values: Vec<(&'static str, Arg)>,
}

impl PartialEq for Args {
    fn eq(&self, other: &Args) -> bool {
        self.values == other.values
    }
}

impl Eq for Args {}

impl Args {
    pub(super) fn new(table: &'static [Param]) -> Args {
        Args { table, values: Vec::new() }
    }

    pub(super) fn put(&mut self, name: &'static str, arg: Arg) {
        self.values.push((name, arg));
    }

    /// The value of a name, whatever it is; `None` where it was not written.
    pub fn get(&self, name: &str) -> Option<&Arg> {
        debug_assert!(self.declares(name), "no parameter {name}");
        self.values.iter().find(|(known, _)| *known == name).map(|(_, arg)| arg)
    }

    /// Whether the table has such a name.
    pub fn declares(&self, name: &str) -> bool {
        self.table.iter().any(|param| param.name == name)
    }

    /// Whether a name was written, if only to unset it.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The names that were written, in the table's order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.values.iter().map(|(name, _)| *name)
    }

    /// An integer, an amount or a timestamp; `None` where absent or unset, as below.
    pub fn int(&self, name: &str) -> Option<i64> {
        self.patch_int(name).into_set()
    }

    /// A timestamp.
    pub fn time(&self, name: &str) -> Option<WorldTime> {
        self.int(name).map(WorldTime)
    }

    /// A boolean. A word beside a boolean (`off_session=recurring`) is `true`.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Arg::Flag(flag) => Some(*flag),
            Arg::Text(_) => Some(true),
            Arg::Unset => None,
            other => mistyped(name, other),
        }
    }

    /// A text, an id or a word.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.patch_text(name).into_set()
    }

    /// The word that was written in place of a boolean, if one was.
    pub fn text_beside(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Arg::Text(text) => Some(text),
            Arg::Flag(_) | Arg::Unset => None,
            other => mistyped(name, other),
        }
    }

    /// A text of one's own.
    pub fn string(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    /// One of our own words. The table lists only words that parse, which debug builds check.
    pub fn word<W: FromStr>(&self, name: &str) -> Option<W> {
        self.patch_word(name).into_set()
    }

    /// A currency.
    pub fn currency(&self, name: &str) -> Option<Currency> {
        match self.get(name)? {
            Arg::Currency(currency) => Some(*currency),
            Arg::Unset => None,
            other => mistyped(name, other),
        }
    }

    /// A hash.
    pub fn hash(&self, name: &str) -> Option<&Args> {
        self.patch_hash(name).into_set()
    }

    /// A list; empty where absent or unset.
    pub fn list(&self, name: &str) -> &[Arg] {
        self.patch_list(name).into_set().unwrap_or_default()
    }

    /// The texts of a list.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        let texts = self.list(name).iter().map(|arg| match arg {
            Arg::Text(text) => Some(text.as_str()),
            other => mistyped(name, other),
        });
        texts.flatten().collect()
    }

    /// A change of metadata.
    pub fn metadata(&self, name: &str) -> MetadataPatch {
        match self.get(name) {
            Some(Arg::Metadata(patch)) => patch.clone(),
            Some(other) => mistyped(name, other).unwrap_or_default(),
            None => MetadataPatch::default(),
        }
    }

    /// Bounds of a time; without bounds where absent.
    pub fn range(&self, name: &str) -> Range {
        match self.get(name) {
            Some(Arg::Range(range)) => *range,
            Some(other) => mistyped(name, other).unwrap_or_default(),
            None => Range::default(),
        }
    }

    /// A value as it was written.
    pub fn kept(&self, name: &str) -> Option<&Value> {
        match self.get(name)? {
            Arg::Kept(value) => Some(value),
            Arg::Unset => None,
            other => mistyped(name, other),
        }
    }

    /// A text that may be unset.
    pub fn patch_text(&self, name: &str) -> Patch<&str> {
        self.patch(name, |arg| match arg {
            Arg::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// A text of one's own that may be unset.
    pub fn patch_string(&self, name: &str) -> Patch<String> {
        self.patch_text(name).map(str::to_owned)
    }

    /// A boolean that may be unset.
    pub fn patch_flag(&self, name: &str) -> Patch<bool> {
        self.patch(name, |arg| match arg {
            Arg::Flag(flag) => Some(*flag),
            _ => None,
        })
    }

    /// An integer that may be unset.
    pub fn patch_int(&self, name: &str) -> Patch<i64> {
        self.patch(name, |arg| match arg {
            Arg::Int(number) => Some(*number),
            _ => None,
        })
    }

    /// One of our own words, which may be unset.
    pub fn patch_word<W: FromStr>(&self, name: &str) -> Patch<W> {
        self.patch(name, |arg| match arg {
            Arg::Text(text) => text.parse().ok(),
            _ => None,
        })
    }

    /// A hash that may be unset.
    pub fn patch_hash(&self, name: &str) -> Patch<&Args> {
        self.patch(name, |arg| match arg {
            Arg::Hash(args) => Some(args),
            _ => None,
        })
    }

    /// A list that may be unset.
    pub fn patch_list(&self, name: &str) -> Patch<&[Arg]> {
        self.patch(name, |arg| match arg {
            Arg::List(items) => Some(items.as_slice()),
            _ => None,
        })
    }

    fn patch<'a, T>(&'a self, name: &str, read: impl FnOnce(&'a Arg) -> Option<T>) -> Patch<T> {
        match self.get(name) {
            None => Patch::Absent,
            Some(Arg::Unset) => Patch::Unset,
            Some(arg) => match read(arg).or_else(|| mistyped(name, arg)) {
                Some(value) => Patch::Set(value),
                None => Patch::Absent,
            },
        }
    }
}

/// The table declares another kind than the one asked for: our bug, found by any test that
/// sends the parameter.
fn mistyped<T>(name: &str, arg: &Arg) -> Option<T> {
    debug_assert!(false, "{name} is of another kind: {arg:?}");
    None
}
