//! Someone who pays an account more than once (`stripe-api.md` 7.1).

use crate::account::Account;
use crate::case::{Case, Halt};
use crate::contact::{Address, Metadata, Shipping};
use crate::id::{CustomerId, PaymentMethodId, TestClockId};
use crate::money::Currency;
use crate::time::WorldTime;
use crate::words::words;

pub mod create;
pub mod delete;
pub mod update;

/// A customer. A deleted one keeps its row, so that lists can go on from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// `cus_…`.
    pub id: CustomerId,
    /// When it was made.
    pub created: WorldTime,
    /// Gone for everyone but cursors.
    pub deleted: bool,
    /// Billing address.
    pub address: Option<Address>,
    /// Credit (negative) or debt against later invoices, in minor units.
    pub balance: i64,
    /// A business' name, shown only when set.
    pub business_name: Option<String>,
    /// Stamped by the first balance that isn't zero.
    pub currency: Option<Currency>,
    /// The account's own words on this customer.
    pub description: Option<String>,
    /// Not unique, and compared to the letter.
    pub email: Option<String>,
    /// A person's name, shown only when set.
    pub individual_name: Option<String>,
    /// The head of this customer's invoice numbers.
    pub invoice_prefix: String,
    /// What invoices print below their lines.
    pub invoice_footer: Option<String>,
    /// What later charges use when they name no method; always attached to this customer.
    pub default_payment_method: Option<PaymentMethodId>,
    /// The caller's notes.
    pub metadata: Metadata,
    /// Full name.
    pub name: Option<String>,
    /// Counts invoices, from 1.
    pub next_invoice_sequence: i64,
    /// Phone number.
    pub phone: Option<String>,
    /// Languages, most wanted first.
    pub preferred_locales: Vec<String>,
    /// Where goods go.
    pub shipping: Option<Shipping>,
    /// Whether tax is owed.
    pub tax_exempt: TaxExempt,
    /// The clock of its billing; for good.
    pub test_clock: Option<TestClockId>,
}

words! {
    /// Whether a customer owes tax.
    TaxExempt {
        /// Tax is owed as usual.
        None = "none",
        /// No tax.
        Exempt = "exempt",
        /// The customer accounts for the tax.
        Reverse = "reverse",
    }
}

/// Whether a method may be saved for this customer now. One that is there is written as it is: a
/// deletion, or another method that is saved meanwhile, is decided anew and sees this one.
///
/// # Errors
/// [`Halt::Need`] while the row isn't loaded.
pub(crate) fn keep_for(case: &mut Case<'_>, id: CustomerId) -> Result<bool, Halt> {
    let customer: Customer = case.get(id)?;
    let is_there = !customer.deleted;
    if is_there {
        case.put(customer);
    }
    Ok(is_there)
}

impl Customer {
    /// Sets what it owes or is owed; the first balance that isn't zero stamps the currency.
    fn set_balance(&mut self, balance: i64, account: &Account) {
        self.balance = balance;
        if balance != 0 && self.currency.is_none() {
            self.currency = Some(account.default_currency);
        }
    }
}
