//! What an operation's parser knows beside its form.

use onfile_domain::account::Account;
use onfile_domain::card::{CardFacts, Expiry};
use onfile_domain::command::Caller;
use onfile_domain::pan::Pan;
use onfile_domain::time::WorldTime;
use onfile_domain::webhook_endpoint::Reach;

use crate::version::Version;

/// What a parser may look at.
pub struct ParseCx<'a> {
    /// The version of the call.
    pub version: Version,
    /// Who calls.
    pub caller: Caller,
    /// The id in the path; empty where the path has none.
    pub id: &'a str,
    /// The world's clock.
    pub now: WorldTime,
    /// Whose world it is.
    pub account: &'a Account,
    /// How far events may be sent.
    pub reach: &'a Reach,
    /// Takes the cards that the call brings with it.
    pub desk: &'a mut dyn CardDesk,
}

/// The shell's side of card numbers: it keeps them for as long as the call runs, and knows the
/// BIN table. A parser only hands numbers over.
pub trait CardDesk {
    /// Takes a typed number.
    ///
    /// # Errors
    /// Where it is no card of this mode.
    fn take(&mut self, pan: Pan) -> Result<TakenCard, UnknownCard>;

    /// Takes the card behind a test token or alias (`tok_visa`, `pm_card_visa`).
    ///
    /// # Errors
    /// Where there is no such name, or its card is not served yet.
    fn take_named(&mut self, name: &str) -> Result<TakenCard, UnknownName>;
}

/// A card that the shell has taken.
#[derive(Debug, Clone)]
pub struct TakenCard {
    /// Which of the call's cards it is.
    pub hand: usize,
    /// What the BIN table says.
    pub facts: CardFacts,
    /// See [`onfile_domain::payment_method::Card::fingerprint`].
    pub fingerprint: String,
    /// See [`onfile_domain::payment_method::Card::par`].
    pub par: String,
    /// The expiry of a named card: this month of next year.
    pub expiry: Expiry,
}

/// Why a typed number is no card here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownCard {
    /// In test mode: a well-formed number that is no test card.
    NotATestCard,
    /// A test card of a later issue, refused by name (`docs/coverage.md`).
    NotServed,
}

/// Why a name leads to no card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownName {
    /// There is no such name.
    Unknown,
    /// A test card of a later issue, refused by name (`docs/coverage.md`).
    NotServed,
}
