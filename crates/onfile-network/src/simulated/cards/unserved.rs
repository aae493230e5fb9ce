//! `stripe-api.md` 5.5 and 5.7: disputes and India. Known, and refused by name
//! until what they show is built.

use super::traits::card;
use super::*;

const US: Traits = Traits::US.unserved();
const IN: Traits = Traits::abroad("IN").unserved();

#[rustfmt::skip]
pub(super) const CARDS: &[TestCard] = &[
    card(
        "4000000000000259",
        &["pm_card_createDispute", "tok_visa_createDispute", "tok_createDispute"],
        US,
    ),
    card(
        "4000000000002685",
        &["pm_card_createDisputeProductNotReceived", "tok_visa_createDisputeProductNotReceived"],
        US,
    ),
    card(
        "4000000000001976",
        &["pm_card_createDisputeInquiry", "tok_visa_createDisputeInquiry"],
        US,
    ),
    card("4000000000005423", &["createIssuerFraudRecord"], US),
    card("4000000404000079", &["createMultipleDisputes"], US),
    card("4000000404000038", &["createCe3EligibleDispute"], US),
    card("4000008400000779", &["createComplianceDispute"], US),
    card("4000003560000123", &[], IN),
    card("4000003560000297", &[], IN),
    card("4000003560000248", &[], IN),
    card("4000003560000263", &[], IN),
];
