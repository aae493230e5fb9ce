//! What an authorization carries (`card-network.md` 6.3, W1–W10, and 2.6).
//!
//! Places kept for later: W6 (exemptions) has none to carry, and of W9 the network tokens; W3
//! sends Mastercard's transaction link id once a connector knows one.

use crate::charge::Charge;
use crate::gateway::after::{Eci, Proof};
use crate::gateway::initiator::Class;
use crate::gateway::inputs::Inputs;
use crate::network::{
    AuthenticationPurpose, AuthenticationRequest, Authorization, ChallengeIndicator, Condition,
    CvcField, EntryMode, MitType,
};
use crate::payment_intent::CredentialUsage;
use crate::payment_method::Check;

/// DE18 of a world that says nothing of its trade: miscellaneous retail.
pub const MERCHANT_CATEGORY: &str = "5999";

/// The AReq of a payment or set-up.
pub fn authentication(inputs: &Inputs, indicator: ChallengeIndicator) -> AuthenticationRequest {
    AuthenticationRequest {
        method: inputs.method.id,
        network: inputs.network(),
        amount: inputs.amount,
        indicator,
        purpose: purpose(inputs),
        merchant: inputs.merchant.clone(),
        acquirer_country: inputs.acquirer_country,
    }
}

/// The authentication indicator: by the declared usage of an off-session set-up.
fn purpose(inputs: &Inputs) -> AuthenticationPurpose {
    match inputs.declared() {
        Some(CredentialUsage::Recurring) => AuthenticationPurpose::Recurring,
        Some(CredentialUsage::Installment) => AuthenticationPurpose::Installment,
        Some(CredentialUsage::Unscheduled) | None => {
            if inputs.is_setup() || inputs.sets_up_off_session() {
                AuthenticationPurpose::AddCard
            } else {
                AuthenticationPurpose::Payment
            }
        }
    }
}

/// The 0100 of a payment or set-up.
pub fn authorization(inputs: &Inputs, class: Class, proof: Option<&Proof>) -> Authorization {
    let (cof, mit) = match class {
        Class::Moto { marker } => (marker, None),
        Class::Merchant { mit } => (None, Some(mit)),
        Class::Verification { marker } | Class::Store { marker } => (Some(marker), None),
        Class::Use => (Some(crate::network::CofMarker::General), None),
        Class::Plain => (None, None),
    };
    // W5: on a merchant's charge only by 3RI, which comes later.
    let value = proof.filter(|_| mit.is_none());
    let address = &inputs.method.billing_details.address;
    Authorization {
        method: inputs.method.id,
        network: inputs.network(),
        amount: inputs.amount,
        adds_to: None,
        expiry: inputs.method.card.expiry,
        mcc: MERCHANT_CATEGORY,
        acquirer_country: inputs.acquirer_country,
        entry_mode: entry_mode(inputs, mit),
        condition: condition(inputs),
        merchant: inputs.merchant.clone(),
        eci: indicator(inputs, mit, proof),
        authentication_value: value.and_then(|proof| proof.value.clone()),
        imported_value: value.is_some_and(|proof| proof.imported),
        cof,
        mit,
        original: mit.and_then(|_| inputs.agreement.as_ref()?.initial.clone()),
        series: series(inputs, mit),
        recurring_indicator: recurring(inputs, mit),
        cvc: cvc(inputs, mit),
        line1_given: address.line1.is_some(),
        postal_code_given: address.postal_code.is_some(),
    }
}

/// The 0100 that raises a charge's hold by the amount of `inputs` (`card-network.md` 8.2): the
/// merchant's own, with the hold's first network transaction id.
pub fn increment(inputs: &Inputs, charge: &Charge) -> Authorization {
    Authorization {
        adds_to: Some(charge.authorized()),
        original: charge.terms.original.clone(),
        ..authorization(inputs, Class::Merchant { mit: MitType::Incremental }, None)
    }
}

/// W1: the message that stores a card is typed, every later one comes from storage.
fn entry_mode(inputs: &Inputs, mit: Option<MitType>) -> EntryMode {
    if mit.is_some() || inputs.is_saved() {
        EntryMode::CredentialOnFile
    } else if inputs.facts().is_mastercard() {
        EntryMode::Ecommerce
    } else {
        EntryMode::Manual
    }
}

/// W10: nothing to pay is a check of the card; one by telephone says that first, or its bank
/// would want to see the customer.
fn condition(inputs: &Inputs) -> Condition {
    if inputs.is_moto() {
        Condition::Moto
    } else if inputs.amount.minor() == 0 {
        Condition::Verification
    } else {
        Condition::Ecommerce
    }
}

/// W5: an authentication's own indicator beside its value, never on a merchant's charge.
fn indicator(inputs: &Inputs, mit: Option<MitType>, proof: Option<&Proof>) -> &'static str {
    let eci = Eci::of(inputs);
    if mit.is_some() {
        return eci.merchant;
    }
    match proof.and_then(|proof| proof.shown.eci.as_deref()) {
        Some("01") => "01",
        Some("02") => "02",
        Some("05") => "05",
        Some("06") => "06",
        Some("07") => "07",
        Some(_) | None => eci.plain,
    }
}

/// W7: Mastercard tells series of fixed amounts from variable ones.
fn series(inputs: &Inputs, mit: Option<MitType>) -> Option<&'static str> {
    mit.filter(|_| inputs.facts().is_mastercard())?;
    Some(if inputs.charges_fixed() { "03" } else { "01" })
}

/// W8: Visa's recurring indicator; the other networks that follow it read the same field.
fn recurring(inputs: &Inputs, mit: Option<MitType>) -> Option<&'static str> {
    let mit = mit.filter(|_| !inputs.facts().is_mastercard())?;
    match mit {
        MitType::StandingOrder | MitType::Subscription => Some("2"),
        MitType::Installment => Some("3"),
        MitType::Unscheduled | MitType::Incremental => None,
    }
}

/// W4: never on a merchant's charge; else where the customer typed it for this payment. A card
/// that isn't saved was typed for it, and after a challenge the code goes once more; a saved card's
/// code is typed where nobody has asked about it yet.
fn cvc(inputs: &Inputs, mit: Option<MitType>) -> CvcField {
    let typed = match inputs.method.card.checks.cvc {
        Some(Check::Unchecked) => true,
        Some(Check::Pass | Check::Fail | Check::Unavailable) => !inputs.is_saved(),
        None => false,
    };
    if mit.is_none() && typed { CvcField::Given } else { CvcField::Absent }
}

#[cfg(test)]
mod tests;
