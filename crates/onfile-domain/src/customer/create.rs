//! Makes a customer, and attaches a method in the same call where one is given
//! (`stripe-api.md` 7.1).

use crate::command::MethodChoice;
use crate::contact::{Address, Metadata, Shipping};
use crate::customer::TaxExempt;

/// Which method later charges use by default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DefaultMethod {
    /// The one that this call attaches (an alias in both places resolves to it too).
    TheAttached,
    /// This one, which is not attached to anybody new: refused.
    Other(String),
}

/// A new customer.
#[derive(Debug, Clone, Default)]
pub struct Create {
    /// Billing address.
    pub address: Option<Address>,
    /// Credit or debt, in minor units of the account's currency.
    pub balance: i64,
    /// A business' name.
    pub business_name: Option<String>,
    /// The account's words.
    pub description: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// A person's name.
    pub individual_name: Option<String>,
    /// The head of invoice numbers.
    pub invoice_prefix: Option<String>,
    /// What invoices print below their lines.
    pub invoice_footer: Option<String>,
    /// `invoice_settings[default_payment_method]`.
    pub default_method: Option<DefaultMethod>,
    /// The caller's notes.
    pub metadata: Metadata,
    /// Full name.
    pub name: Option<String>,
    /// Counts invoices.
    pub next_invoice_sequence: Option<i64>,
    /// What is attached.
    pub method: Option<MethodChoice>,
    /// Phone number.
    pub phone: Option<String>,
    /// Languages, most wanted first.
    pub preferred_locales: Vec<String>,
    /// Where goods go.
    pub shipping: Option<Shipping>,
    /// Whether tax is owed.
    pub tax_exempt: Option<TaxExempt>,
}
