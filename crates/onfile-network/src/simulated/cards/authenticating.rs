//! `stripe-api.md` 5.6 as profiles (`card-network.md` 6.9): cards that ask for 3-D Secure, or
//! fail at it. Only three of them have a token; 4242 and the card without 3-D Secure stand among
//! the succeeding ones.

use onfile_domain::bank::ScaPolicy;

use super::traits::card;
use super::*;
use crate::simulated::profile::{Acs, Challenge, Scope};

const fn required(country: &'static str) -> Traits {
    Traits::strict(country).three_ds(ThreeDs::Required)
}

const ENROLLED: Traits = Traits::US.three_ds(ThreeDs::Enrolled);

#[rustfmt::skip]
pub(super) const CARDS: &[TestCard] = &[
    card("4000002500003155", &["pm_card_authenticationRequiredOnSetup"], Traits::strict("FR")),
    card(
        "4000002760003184",
        &["pm_card_authenticationRequired"],
        ENROLLED.from("DE").policy(ScaPolicy::Always).challenge(Challenge::Always),
    ),
    card(
        "4000008260003178",
        &["pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"],
        Traits::strict("GB").balance(0),
    ),
    card(
        "4000003800000446",
        &["pm_card_authenticationRequiredSetupForOffSession"],
        Traits::strict("IT").pre_seeded(),
    ),
    card("4000000000003220", &["threeDSecure2Required"], required("IE")),
    card("4000000000003063", &["threeDSecureRequired"], required("US")),
    card("4000008400000027", &[], required("US")),
    card(
        "4000008400001629",
        &["pm_card_threeDSecureRequiredChargeDeclined"],
        required("US").scripted("01", Scope::Payments),
    ),
    card(
        "4000008400001280",
        &["pm_card_threeDSecureRequiredProcessingError"],
        required("US").acs(Acs::Error),
    ),
    card("4000000000003055", &["threeDSecureOptional"], ENROLLED.challenge(Challenge::Always)),
    card(
        "4000000000003097",
        &["pm_card_threeDSecureOptionalProcessingError"],
        ENROLLED.acs(Acs::Error),
    ),
    card(
        "4000000032200000",
        &[],
        Traits::US
            .three_ds(ThreeDs::Required)
            .policy(ScaPolicy::Always)
            .challenge(Challenge::Never),
    ),
    card("4000582600000094", &[], required("IE")),
    card("4000582600000045", &[], required("IE")),
    card("4000582600000102", &[], required("IE")),
    card("4000582600000110", &[], required("IE")),
];
