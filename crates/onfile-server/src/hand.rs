//! The cards that a call brings with it, for as long as it runs: nobody else holds a number.

use onfile_domain::account::Account;
use onfile_domain::card::Expiry;
use onfile_domain::pan::Pan;
use onfile_domain::time::WorldTime;
use onfile_network::simulated::cards;
use onfile_vault::Vault;
use onfile_wire::params::{CardDesk, TakenCard, UnknownCard, UnknownName};

/// A call's cards.
pub(crate) struct Hand<'a> {
    vault: &'a Vault,
    world: u32,
    account: String,
    now: WorldTime,
    cards: Vec<Pan>,
    /// Ids that are chosen for what the call makes.
    pub(crate) fixed: Vec<String>,
}

impl<'a> Hand<'a> {
    /// No card yet.
    pub(crate) fn new(vault: &'a Vault, world: u32, account: &Account, now: WorldTime) -> Hand<'a> {
        Hand {
            vault,
            world,
            account: account.id.clone(),
            now,
            cards: Vec::new(),
            fixed: Vec::new(),
        }
    }

    /// One of them.
    pub(crate) fn card(&self, index: usize) -> Option<&Pan> {
        self.cards.get(index)
    }
}

impl CardDesk for Hand<'_> {
    fn take(&mut self, pan: Pan) -> Result<TakenCard, UnknownCard> {
        let facts = cards::facts(&pan).map_err(|unknown| match unknown {
            cards::UnknownCard::NotATestCard => UnknownCard::NotATestCard,
            cards::UnknownCard::NotServed => UnknownCard::NotServed,
        })?;
        let taken = TakenCard {
            hand: self.cards.len(),
            facts,
            fingerprint: self.vault.fingerprint(self.account.as_bytes(), &pan),
            par: self.vault.par(self.world, &pan),
            expiry: expiry(self.now),
        };
        self.cards.push(pan);
        Ok(taken)
    }

    fn take_named(&mut self, name: &str) -> Result<TakenCard, UnknownName> {
        let named = cards::named(name).ok_or(UnknownName::Unknown)?;
        if !named.served {
            return Err(UnknownName::NotServed);
        }
        let pan = Pan::parse(named.number).expect("the tables hold card numbers only");
        self.take(pan).map_err(|unknown| match unknown {
            UnknownCard::NotATestCard => UnknownName::Unknown,
            UnknownCard::NotServed => UnknownName::NotServed,
        })
    }
}

/// The expiry of a named card: this month of next year.
fn expiry(now: WorldTime) -> Expiry {
    let (year, month) = now.year_month();
    Expiry { month, year: year + 1 }
}
