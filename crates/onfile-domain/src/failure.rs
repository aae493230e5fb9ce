//! Why a card could not be charged or saved, as an intent remembers it.

use crate::decline::Decline;
use crate::id::ChargeId;
use crate::payment_method::PaymentMethod;

/// What `last_payment_error` and `last_setup_error` show, and the 402 that told it first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong.
    pub cause: Cause,
    /// The failed charge, where one was made.
    pub charge: Option<ChargeId>,
    /// The method as it stood after the failure.
    pub payment_method: Box<PaymentMethod>,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a call has one or two, and moves them")]
pub enum Cause {
    /// A card error: the issuer's no, or ours in its place.
    Declined(Decline),
    /// The customer did not prove to be there: an `invalid_request_error` on the wire
    /// (`stripe-api.md` 2.5, 4.3).
    PaymentAuthenticationFailed,
    /// The same for a setup intent.
    SetupAuthenticationFailed,
}
