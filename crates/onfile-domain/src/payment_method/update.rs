//! Changes a saved method (`stripe-api.md` 7.2).

use crate::case::{Case, Halt};
use crate::command::{Answer, MetadataPatch, Patch, Ref};
use crate::contact::{Address, BillingDetails};
use crate::event::EventType;
use crate::id::PaymentMethodId;
use crate::payment_method::{AllowRedisplay, Check, PaymentMethod};
use crate::refusal::{Noun, Place, Why};

/// A change of billing details: the leaves that the call names.
#[derive(Debug, Clone, Default)]
pub struct BillingDetailsPatch {
    /// The whole address; its parts that are not given are gone.
    pub address: Patch<Address>,
    /// E-mail address.
    pub email: Patch<String>,
    /// Full name.
    pub name: Patch<String>,
    /// Phone number.
    pub phone: Patch<String>,
    /// Tax identification.
    pub tax_id: Patch<String>,
}

/// A change of a method.
#[derive(Debug, Clone)]
pub struct Update {
    /// What changes.
    pub method: Ref<PaymentMethodId>,
    /// Where it may be offered again.
    pub allow_redisplay: Option<AllowRedisplay>,
    /// Who is billed.
    pub billing_details: Option<BillingDetailsPatch>,
    /// The month that the card is valid through.
    pub exp_month: Option<u8>,
    /// And the year, four digits.
    pub exp_year: Option<i64>,
    /// The brand that the customer chose on a co-branded card.
    pub preferred_network: Patch<String>,
    /// The caller's notes.
    pub metadata: MetadataPatch,
}

impl Update {
    /// Changes the method.
    ///
    /// # Errors
    /// When there is no such method, or no customer has saved it.
    pub fn decide(self, case: &mut Case<'_>) -> Result<Answer, Halt> {
        let before: PaymentMethod = self.method.find(case, Noun::PaymentMethod, Place::Path)?;
        if before.customer().is_none() {
            return Err(Why::MethodNotSaved.into());
        }
        let mut after = before.clone();
        if let Some(allow_redisplay) = self.allow_redisplay {
            after.allow_redisplay = allow_redisplay;
        }
        if let Some(details) = self.billing_details {
            details.apply(&mut after.billing_details);
        }
        check_again(&before, &mut after);
        if let Some(month) = self.exp_month {
            after.card.expiry.month = month;
        }
        if let Some(year) = self.exp_year {
            after.card.expiry.year = year;
        }
        self.preferred_network.apply(&mut after.card.preferred_network);
        self.metadata.apply(&mut after.metadata)?;
        if after != before {
            case.put(after.clone());
            case.tell_change(EventType::PaymentMethodUpdated, &before, &after);
        }
        Ok(Answer::shown(after))
    }
}

impl BillingDetailsPatch {
    /// Merges it into what is there.
    fn apply(self, details: &mut BillingDetails) {
        match self.address {
            Patch::Absent => {}
            Patch::Unset => details.address = Address::default(),
            Patch::Set(address) => details.address = address,
        }
        self.email.apply(&mut details.email);
        self.name.apply(&mut details.name);
        self.phone.apply(&mut details.phone);
        self.tax_id.apply(&mut details.tax_id);
    }
}

/// What the issuer said of another address says nothing of this one.
fn check_again(before: &PaymentMethod, after: &mut PaymentMethod) {
    let unchecked = |given: bool| given.then_some(Check::Unchecked);
    let (old, new) = (&before.billing_details.address, &after.billing_details.address);
    if old.line1 != new.line1 {
        after.card.checks.address_line1 = unchecked(new.line1.is_some());
    }
    if old.postal_code != new.postal_code {
        after.card.checks.address_postal_code = unchecked(new.postal_code.is_some());
    }
}
