//! Changes a customer (`stripe-api.md` 7.1).

use crate::case::{Case, Halt};
use crate::command::{Answer, MetadataPatch, Patch, Ref};
use crate::contact::{Address, Shipping};
use crate::customer::{Customer, TaxExempt};
use crate::event::EventType;
use crate::id::{CustomerId, PaymentMethodId};
use crate::payment_method::PaymentMethod;
use crate::refusal::{MethodRefused, Place, Why};

/// The parameter that names the default method.
pub(super) const DEFAULT_METHOD: &str = "invoice_settings[default_payment_method]";

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
    /// Where goods go: the leaves that the call names, merged.
    pub shipping: Patch<ShippingPatch>,
    /// Whether tax is owed.
    pub tax_exempt: Patch<TaxExempt>,
}

impl Update {
    /// Changes the customer.
    ///
    /// # Errors
    /// When there is no such customer, or the default method isn't attached to it.
    pub fn decide(self, case: &mut Case<'_>, id: &Ref<CustomerId>) -> Result<Answer, Halt> {
        let before = id.customer(case, Place::Path)?;
        let mut after = before.clone();
        match self.default_method {
            Patch::Absent => {}
            Patch::Unset => after.default_payment_method = None,
            Patch::Set(ref method) => {
                after.default_payment_method = Some(attached(case, method, before.id)?);
            }
        }
        self.apply(case, &mut after)?;
        if after != before {
            case.put(after.clone());
            case.tell_change(EventType::CustomerUpdated, &before, &after);
        }
        Ok(Answer::shown(after))
    }

    fn apply(self, case: &Case<'_>, customer: &mut Customer) -> Result<(), Why> {
        match self.address {
            Patch::Absent => {}
            Patch::Unset => customer.address = None,
            Patch::Set(patch) => patch.apply(customer.address.get_or_insert_default()),
        }
        match self.shipping {
            Patch::Absent => {}
            Patch::Unset => customer.shipping = None,
            Patch::Set(patch) => patch.apply(customer.shipping.get_or_insert_default()),
        }
        if let Some(balance) = self.balance {
            customer.set_balance(balance, case.account());
        }
        self.business_name.apply(&mut customer.business_name);
        self.description.apply(&mut customer.description);
        self.email.apply(&mut customer.email);
        self.individual_name.apply(&mut customer.individual_name);
        if let Some(prefix) = self.invoice_prefix {
            customer.invoice_prefix = prefix;
        }
        self.invoice_footer.apply(&mut customer.invoice_footer);
        self.metadata.apply(&mut customer.metadata)?;
        self.name.apply(&mut customer.name);
        if let Some(sequence) = self.next_invoice_sequence {
            customer.next_invoice_sequence = sequence;
        }
        self.phone.apply(&mut customer.phone);
        match self.preferred_locales {
            Patch::Absent => {}
            Patch::Unset => customer.preferred_locales.clear(),
            Patch::Set(locales) => customer.preferred_locales = locales,
        }
        match self.tax_exempt {
            Patch::Absent => {}
            Patch::Unset => customer.tax_exempt = TaxExempt::None,
            Patch::Set(exempt) => customer.tax_exempt = exempt,
        }
        Ok(())
    }
}

/// The method, if it is attached to the customer.
fn attached(
    case: &mut Case<'_>,
    method: &Ref<PaymentMethodId>,
    customer: CustomerId,
) -> Result<PaymentMethodId, Halt> {
    let found: Option<PaymentMethod> = match method.id {
        Some(id) => case.find(id)?,
        None => None,
    };
    match found.filter(|found| found.customer() == Some(customer)) {
        Some(found) => {
            case.rely_on::<PaymentMethod>(found.id);
            Ok(found.id)
        }
        None => Err(Why::Method(MethodRefused::DefaultNotAttached {
            method: method.text.clone(),
            param: DEFAULT_METHOD,
        })
        .into()),
    }
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

/// A change of where goods go: the leaves that the call names.
#[derive(Debug, Clone, Default)]
pub struct ShippingPatch {
    /// The recipient's address, merged in its turn.
    pub address: Option<AddressPatch>,
    /// The recipient's name.
    pub name: Patch<String>,
    /// The recipient's phone.
    pub phone: Patch<String>,
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

impl ShippingPatch {
    /// Merges it into what is there.
    pub fn apply(self, shipping: &mut Shipping) {
        if let Some(address) = self.address {
            address.apply(&mut shipping.address);
        }
        self.name.apply(&mut shipping.name);
        self.phone.apply(&mut shipping.phone);
    }
}

#[cfg(test)]
mod tests;
