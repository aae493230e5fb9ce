//! Changes a saved method (`stripe-api.md` 7.2).

use crate::command::{MetadataPatch, Patch, Ref};
use crate::contact::Address;
use crate::id::PaymentMethodId;
use crate::payment_method::AllowRedisplay;

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
