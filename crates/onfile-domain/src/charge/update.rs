//! Changes a charge's notes (`stripe-api.md` 6.4).

use crate::charge::FraudReport;
use crate::command::{MetadataPatch, Patch, Ref};
use crate::contact::Shipping;
use crate::id::CustomerId;

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
