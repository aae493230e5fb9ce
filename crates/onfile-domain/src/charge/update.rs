//! Changes a charge's notes (`stripe-api.md` 6.4).

use crate::case::{Case, Halt};
use crate::charge::{Charge, FraudReport};
use crate::command::{Answer, MetadataPatch, Patch, Ref};
use crate::contact::Shipping;
use crate::customer::Customer;
use crate::event::EventType;
use crate::id::{ChargeId, CustomerId};
use crate::refusal::{Noun, PaymentRefused, Place, Why};

/// A change of a charge.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// Only for charges that have none.
    pub customer: Option<Ref<CustomerId>>,
    /// The account's words.
    pub description: Patch<String>,
    /// The account's word on fraud.
    pub user_report: Patch<FraudReport>,
    /// The caller's notes.
    pub metadata: MetadataPatch,
    /// Where a receipt would go.
    pub receipt_email: Patch<String>,
    /// Where goods go.
    pub shipping: Patch<Shipping>,
    /// Refused: it is the intent's.
    pub transfer_group: Patch<String>,
}

impl Update {
    /// Changes the charge.
    ///
    /// # Errors
    /// When there is no such charge or customer, or what would change isn't the charge's own.
    pub fn decide(self, case: &mut Case<'_>, id: &Ref<ChargeId>) -> Result<Answer, Halt> {
        let before: Charge = id.find(case, Noun::Charge, Place::Path)?;
        if !self.transfer_group.is_absent() {
            return Err(
                Why::Payment(PaymentRefused::TransferGroupOfIntent(before.payment_intent)).into()
            );
        }
        let mut after = before.clone();
        if let Some(customer) = self.customer {
            let customer = customer.customer(case, Place::Param("customer"))?.id;
            if before.customer.is_some_and(|holder| holder != customer) {
                return Err(Why::Payment(PaymentRefused::ChargeHasCustomer).into());
            }
            case.rely_on::<Customer>(customer);
            after.customer = Some(customer);
        }
        self.description.apply(&mut after.description);
        self.user_report.apply(&mut after.user_report);
        self.metadata.apply(&mut after.metadata)?;
        self.receipt_email.apply(&mut after.receipt_email);
        self.shipping.apply(&mut after.shipping);
        if after != before {
            case.put(after.clone());
            case.tell_change(EventType::ChargeUpdated, &before, &after);
        }
        Ok(Answer::shown(after))
    }
}

#[cfg(test)]
mod tests;
