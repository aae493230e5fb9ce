//! Changes a customer (`stripe-api.md` 7.1).

use crate::command::{MetadataPatch, Patch, Ref};
use crate::contact::{Address, Shipping};
use crate::customer::TaxExempt;
use crate::id::PaymentMethodId;

/// A change of a customer.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// Billing address: the leaves that the call names, merged.
    pub address: Patch<AddressPatch>,
    /// Credit or debt, in minor units.
    pub balance: Option<i64>,
    /// A business' name.
    pub business_name: Patch<String>,
    /// The account's words.
    pub description: Patch<String>,
    /// E-mail address.
    pub email: Patch<String>,
    /// A person's name.
    pub individual_name: Patch<String>,
    /// The head of invoice numbers.
    pub invoice_prefix: Option<String>,
    /// What invoices print below their lines.
    pub invoice_footer: Patch<String>,
    /// `invoice_settings[default_payment_method]`.
    pub default_method: Patch<Ref<PaymentMethodId>>,
    /// The caller's notes.
    pub metadata: MetadataPatch,
    /// Full name.
    pub name: Patch<String>,
    /// Counts invoices.
    pub next_invoice_sequence: Option<i64>,
    /// Phone number.
    pub phone: Patch<String>,
    /// Languages, most wanted first.
    pub preferred_locales: Patch<Vec<String>>,
    /// Where goods go.
    pub shipping: Patch<Shipping>,
    /// Whether tax is owed.
    pub tax_exempt: Patch<TaxExempt>,
}

/// A change of an address: the leaves that the call names.
#[derive(Debug, Clone, Default)]
pub struct AddressPatch {
    /// See [`Address`].
    pub city: Patch<String>,
    /// See [`Address`].
    pub country: Patch<String>,
    /// See [`Address`].
    pub line1: Patch<String>,
    /// See [`Address`].
    pub line2: Patch<String>,
    /// See [`Address`].
    pub postal_code: Patch<String>,
    /// See [`Address`].
    pub state: Patch<String>,
}

impl AddressPatch {
    /// Merges it into what is there.
    pub fn apply(self, address: &mut Address) {
        self.city.apply(&mut address.city);
        self.country.apply(&mut address.country);
        self.line1.apply(&mut address.line1);
        self.line2.apply(&mut address.line2);
        self.postal_code.apply(&mut address.postal_code);
        self.state.apply(&mut address.state);
    }
}
