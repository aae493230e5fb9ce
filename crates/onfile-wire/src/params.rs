//! Parameters, declared: one table per operation drives parsing, refusals and the coverage page.
//!
//! A form is checked in this order, and the first that fails is the answer: unknown names (all of
//! them, nested ones too), then required ones that are missing, then each parameter in the order
//! of the table: not served here, retired, or of the wrong type. A test holds the order.

mod args;
mod card;
mod card_options;
mod check;
mod contact;
mod convert;
mod cx;
mod error;
mod method;
mod types;

pub mod account;
pub mod adjustment;
pub mod attempt;
pub mod balance;
pub mod balance_transaction;
pub mod charge;
pub mod control;
pub mod customer;
pub mod delivery;
pub mod event;
pub mod event_type;
pub mod list;
pub mod listener;
pub mod mandate;
pub mod payment_intent;
pub mod payment_method;
pub mod refund;
pub mod setup_attempt;
pub mod setup_intent;
pub mod test_clock;
pub mod webhook_endpoint;

pub use args::{Arg, Args};
pub use check::{Scope, TELEMETRY, check};
pub(crate) use convert::integer;
pub use cx::{CardDesk, ParseCx, TakenCard, UnknownCard, UnknownName};
pub use error::ParamError;
pub(crate) use error::echo;
pub use list::ListFilter;

use crate::version::Change;

/// The longest text, in characters, where Stripe names no other limit.
pub const TEXT_CHARS: usize = 5_000;

/// One parameter of an operation.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// Its name, without what it stands in.
    pub name: &'static str,
    /// What may be written.
    pub kind: Kind,
    /// What comes of it.
    pub class: Class,
    /// Whether the call is refused without it.
    pub required: bool,
    /// Whether an empty text unsets the field; else it is refused.
    pub unsettable: bool,
    /// In which versions it exists.
    pub gate: Gate,
    /// Whether a publishable key may send it.
    pub publishable: bool,
    /// When it is needed, where that hangs on others: a note of the coverage page.
    pub needed: &'static str,
}

/// What may be written for a parameter.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A whole number.
    Integer {
        /// The least, `None` without a limit.
        least: Option<i64>,
    },
    /// An amount in minor units.
    Amount(Floor),
    /// `true` or `false`, also with a capital letter.
    Boolean,
    /// A boolean, or one of these words, which mean `true` and more.
    BooleanOr(&'static [&'static str]),
    /// One of these words.
    Word(&'static [&'static str]),
    /// Any text of at most so many characters.
    Text(usize),
    /// The id of something.
    Id,
    /// A currency that Stripe knows, in any case.
    Currency,
    /// An email address.
    Email,
    /// An address with a scheme; apps' own schemes too.
    Url,
    /// Seconds since 1970.
    Timestamp,
    /// An exact timestamp, or bounds: `created[gte]=…`.
    Range,
    /// Names that are declared themselves.
    Hash(&'static [Param]),
    /// Values in order.
    List {
        /// What each of them is.
        of: &'static Kind,
        /// How many there may be.
        most: usize,
    },
    /// Keys of the caller's own.
    Metadata,
    /// Names of fields to expand.
    Expand,
    /// Anything, kept as it was written.
    Any,
}

/// The least that an amount may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Floor {
    /// One, with the text that points to setup intents.
    Charge,
    /// One.
    One,
    /// Zero.
    Zero,
    /// None: credits are negative.
    Nothing,
}

/// What comes of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// It does what Stripe's documents say.
    Honoured,
    /// It is stored and shown, and has no effect.
    Kept,
    /// It is refused by name, unless every value in it is empty or one of these, which ask for
    /// nothing.
    Refused(&'static [&'static str]),
}

/// In which versions a parameter exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// In all.
    Always,
    /// From this change on; before it is unknown.
    Since(Change),
    /// Until this change; from then on it is refused with a code of its own.
    Until(Change),
}

impl Param {
    /// An optional parameter that is honoured, can't be unset, and exists in every version.
    pub const fn new(name: &'static str, kind: Kind) -> Param {
        Param {
            name,
            kind,
            class: Class::Honoured,
            required: false,
            unsettable: false,
            gate: Gate::Always,
            publishable: false,
            needed: "",
        }
    }

    /// A parameter that is refused by name; `inert` are the values beside empty ones that pass.
    pub const fn refused(name: &'static str, inert: &'static [&'static str]) -> Param {
        Param { class: Class::Refused(inert), publishable: true, ..Param::new(name, Kind::Any) }
    }

    /// A text of at most so many characters.
    pub const fn text(name: &'static str, most: usize) -> Param {
        Param::new(name, Kind::Text(most))
    }

    /// A hash of declared names.
    pub const fn hash(name: &'static str, table: &'static [Param]) -> Param {
        Param::new(name, Kind::Hash(table))
    }

    /// A list of at most `most` values.
    pub const fn list(name: &'static str, of: &'static Kind, most: usize) -> Param {
        Param::new(name, Kind::List { of, most })
    }

    /// The same, stored and shown without effect.
    pub const fn kept(self) -> Param {
        Param { class: Class::Kept, ..self }
    }

    /// The same, without which the call is refused.
    pub const fn required(self) -> Param {
        Param { required: true, ..self }
    }

    /// The same, which is needed or not by what else is sent; the call's own parser sees to it.
    pub const fn needed(self, needed: &'static str) -> Param {
        Param { needed, ..self }
    }

    /// The same, where an empty text unsets the field.
    pub const fn unsettable(self) -> Param {
        Param { unsettable: true, ..self }
    }

    /// The same, unknown before a change.
    pub const fn since(self, change: Change) -> Param {
        Param { gate: Gate::Since(change), ..self }
    }

    /// The same, retired by a change.
    pub const fn until(self, change: Change) -> Param {
        Param { gate: Gate::Until(change), ..self }
    }

    /// The same, also with a publishable key.
    pub const fn publishable(self) -> Param {
        Param { publishable: true, ..self }
    }
}

/// The same parameters, also with a publishable key.
const fn open<const N: usize>(mut table: [Param; N]) -> [Param; N] {
    let mut at = 0;
    while at < N {
        table[at] = table[at].publishable();
        at += 1;
    }
    table
}

/// Several tables as one; `N` is the sum of their lengths.
const fn join<const N: usize>(tables: &[&[Param]]) -> [Param; N] {
    let mut all = [EXPAND; N];
    let (mut filled, mut table) = (0, 0);
    while table < tables.len() {
        let mut at = 0;
        while at < tables[table].len() {
            all[filled] = tables[table][at];
            filled += 1;
            at += 1;
        }
        table += 1;
    }
    assert!(filled == N, "the tables are as long as they say");
    all
}

/// Several tables as one, in their order.
macro_rules! joined {
    ($($table:expr),+ $(,)?) => {
        &$crate::params::join::<{ 0 $(+ $table.len())+ }>(&[$($table),+])
    };
}
use joined;

/// `expand`, which every operation takes.
pub const EXPAND: Param = Param::new("expand", Kind::Expand).publishable();
/// `metadata`, which can be cleared as a whole.
pub const METADATA: Param = Param::new("metadata", Kind::Metadata).unsettable();

#[cfg(test)]
mod tests;
