//! Whether the customer must prove to be there (`card-network.md` 6.3, N1–N17). The first rule
//! that matches wins.

use crate::agreement::Level;
use crate::card::{Risk, ThreeDs};
use crate::gateway::after::{self, Proof};
use crate::gateway::initiator::Class;
use crate::gateway::inputs::Inputs;
use crate::gateway::zone::{Zone, asks_domestically};
use crate::network::ChallengeIndicator;
use crate::payment_intent::RequestThreeDSecure;

/// What is to be done before the issuer is asked for the money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// Nothing.
    Plain,
    /// Nothing: 3-D Secure was run elsewhere.
    Imported(Box<Proof>),
    /// The customer's bank is asked.
    Authenticate(ChallengeIndicator),
    /// N4: it is asked because the issuer wants the customer, so that there is no third try.
    StepUp,
    /// It isn't sent at all: the bank would want the customer, who isn't there.
    NotSent,
}

/// The rule that decides, and what it says.
pub fn need(inputs: &Inputs, class: Class, zone: Zone) -> (&'static str, Plan) {
    if let Some(proof) = after::imported(inputs) {
        return ("N1", Plan::Imported(Box::new(proof)));
    }
    match class {
        Class::Moto { .. } => return ("N2", Plan::Plain),
        Class::Merchant { .. } => return ("N3", merchant(inputs)),
        Class::Verification { .. } | Class::Store { .. } | Class::Use | Class::Plain => {}
    }
    if inputs.soft.is_some() {
        return ("N4", Plan::StepUp);
    }
    let (rule, indicator) = customer(inputs, zone);
    (rule, indicator.map_or(Plan::Plain, Plan::Authenticate))
}

/// N3: a card that must be authenticated is charged without its holder only under an agreement
/// that a challenge made.
fn merchant(inputs: &Inputs) -> Plan {
    let level = inputs.agreement.as_ref().map_or(Level::Bare, |agreement| agreement.level);
    if inputs.facts().three_ds == ThreeDs::Required && level < Level::Challenged {
        Plan::NotSent
    } else {
        Plan::Plain
    }
}

/// N5 and up: the customer is there.
fn customer(inputs: &Inputs, zone: Zone) -> (&'static str, Option<ChallengeIndicator>) {
    let facts = inputs.facts();
    let asked = inputs.options.request_three_d_secure;
    let in_zone = zone.is_sca() || zone == Zone::EuUk;
    let at_home = asks_domestically(facts.country, inputs.acquirer_country, facts.funding);
    let no_preference = Some(ChallengeIndicator::NoPreference);
    if asked == Some(RequestThreeDSecure::Challenge) {
        let wanted = if zone.is_sca() {
            ChallengeIndicator::Mandated
        } else {
            ChallengeIndicator::Preferred
        };
        ("N5", Some(wanted))
    } else if in_zone && inputs.sets_up_off_session() {
        ("N6", Some(ChallengeIndicator::Mandated))
        // N7 (India) stands here.
    } else if asked == Some(RequestThreeDSecure::Any) {
        ("N8", no_preference)
        // N9 (Japan) and N10–N13 (exemptions) stand here.
    } else if zone.is_sca() {
        ("N14", no_preference)
    } else if zone == Zone::EuUk || zone == Zone::AcquirerInEurope || at_home {
        ("N15", no_preference.filter(|_| facts.three_ds != ThreeDs::None))
    } else if facts.three_ds == ThreeDs::Required {
        ("N16", no_preference)
    } else if facts.risk != Risk::Normal {
        ("N16", Some(ChallengeIndicator::Preferred))
    } else {
        ("N17", None)
    }
}

#[cfg(test)]
mod tests;
