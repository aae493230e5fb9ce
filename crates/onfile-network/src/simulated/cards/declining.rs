//! `stripe-api.md` 5.3: cards that are declined.
//!
//! Three of Stripe's declining tokens have no published number. They have one here, in the range
//! `4000008409…`, so that a card is a number everywhere.

use super::traits::card;
use super::*;
use crate::simulated::profile::Scope;

const fn always(code: &'static str) -> Traits {
    Traits::US.scripted(code, Scope::EveryMessage)
}

const fn payments(code: &'static str) -> Traits {
    Traits::US.scripted(code, Scope::Payments)
}

#[rustfmt::skip]
pub(super) const CARDS: &[TestCard] = &[
    card("4000000000000002", &["visa_chargeDeclined", "chargeDeclined"], always("01")),
    card("4000000000009995", &["visa_chargeDeclinedInsufficientFunds"], always("51")),
    card("4000000000009987", &["visa_chargeDeclinedLostCard"], always("41")),
    card("4000000000009979", &["visa_chargeDeclinedStolenCard"], always("43")),
    card("4000000000000069", &["chargeDeclinedExpiredCard"], always("54")),
    card("4000000000000127", &["chargeDeclinedIncorrectCvc"], always("N7")),
    card("4000000000000119", &["chargeDeclinedProcessingError"], always("06")),
    card("4000000000006975", &["visa_chargeDeclinedVelocityLimitExceeded"], always("61")),
    card("4000000000000341", &["chargeCustomerFail"], payments("01")),
    card("4000008409000010", &["tok_visa_chargeDeclinedFraudulent"], always("59")),
    card("4000008409000028", &["tok_visa_chargeCustomerFailLostCard"], payments("41")),
    card("4000008409000036", &["tok_visa_chargeCustomerFailStolenCard"], payments("43")),
];
