//! Movements of an account's money.

use onfile_domain::balance_transaction::{BalanceTransaction, LedgerLine};

use super::macros::record;

record!(BalanceTransaction v 1 {
    id, created, available_on, amount, fee, exchange_rate_e6, description, kind, source, lines,
});
record!(LedgerLine { account, amount });
