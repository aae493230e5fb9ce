//! What the account has, as a rule sees it: sums that every payment adds to.

use crate::balance::{self, Settling};
use crate::case::{Case, Dossier, Halt, Need};

impl Dossier {
    /// Puts in what the account has.
    pub fn add_balance(&mut self, balance: Vec<Settling>) {
        self.balance = Some(balance);
    }
}

impl<'a> Case<'a> {
    /// Everything that the account has, as it was loaded: without what this decision moves.
    ///
    /// # Errors
    /// [`Halt::Need`] while it isn't loaded.
    pub fn balance(&self) -> Result<&'a [Settling], Halt> {
        self.dossier.balance.as_deref().ok_or(Halt::Need(Need::Balance))
    }

    /// Holds the decision to what can be paid out as it was read. What is pending may move
    /// meanwhile: it does with every payment, and whoever tells of it would never come to an end.
    ///
    /// # Errors
    /// [`Halt::Need`] while the balance isn't loaded.
    pub fn rely_on_available(&mut self) -> Result<(), Halt> {
        self.decision.available = Some(balance::available_at(self.now(), self.balance()?));
        Ok(())
    }
}
