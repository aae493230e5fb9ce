//! Movements of an account's money, and what it had by them.

use onfile_domain::balance::Statement;
use onfile_domain::balance_transaction::{BalanceTransaction, LedgerLine, MovementSource};

use super::macros::record;
use super::part::{Part, Wrong, write_text};
use super::reader::Reader;

record!(BalanceTransaction v 1 {
    id, created, available_on, amount, fee, exchange_rate_e6, description, kind, source, lines,
});
record!(LedgerLine { account, amount });
record!(Statement v 1 { id, created, available, pending });

impl Part for MovementSource {
    fn write(&self, out: &mut String) {
        write_text(out, &self.to_string());
    }

    fn read(from: &mut Reader<'_>) -> Result<MovementSource, Wrong> {
        let text = from.text()?;
        text.parse().map_err(|_| Wrong::unknown(&text))
    }
}

#[cfg(test)]
impl super::tests::Made for MovementSource {
    fn made(dice: &mut super::tests::Dice) -> MovementSource {
        match dice.below(2) {
            0 => MovementSource::Charge(super::tests::Made::made(dice)),
            _ => MovementSource::Refund(super::tests::Made::made(dice)),
        }
    }
}
