//! Who begins a transaction, and what it says of itself (`card-network.md` 6.3, I1–I9).

use crate::agreement::AgreementKind;
use crate::gateway::inputs::Inputs;
use crate::network::{CofMarker, MitType};
use crate::payment_intent::confirm::{OffSession, Presence};
use crate::payment_intent::{CardOptions, CredentialUsage};

/// A class of transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Mail or telephone order; it may save the card.
    Moto {
        /// What the card is stored for, if it is.
        marker: Option<CofMarker>,
    },
    /// Merchant-initiated.
    Merchant {
        /// As which type.
        mit: MitType,
    },
    /// A check that saves the card.
    Verification {
        /// What it is stored for.
        marker: CofMarker,
    },
    /// A payment that saves the card.
    Store {
        /// What it is stored for.
        marker: CofMarker,
    },
    /// The customer pays with a saved card.
    Use,
    /// The customer pays with a card that isn't kept.
    Plain,
}

/// The kind of agreement that an off-session charge asks for (I2–I4): `None` on session.
pub fn kind(presence: Presence, options: &CardOptions) -> Option<AgreementKind> {
    let Presence::OffSession(off_session) = presence else { return None };
    Some(match (off_session, options.stored_credential_usage) {
        (OffSession::Recurring, _) | (OffSession::OneOff, Some(CredentialUsage::Recurring)) => {
            AgreementKind::Recurring
        }
        (OffSession::OneOff, Some(CredentialUsage::Installment)) => AgreementKind::Installment,
        (OffSession::OneOff, Some(CredentialUsage::Unscheduled) | None) => {
            AgreementKind::Unscheduled
        }
    })
}

/// The rule that names the class, and the class. I5 (`mit_reason`) is an extension to come; it
/// stands before I2.
pub fn class(inputs: &Inputs) -> (&'static str, Class) {
    if inputs.is_moto() {
        return ("I1", Class::Moto { marker: inputs.usage.map(|_| marker(inputs)) });
    }
    match kind(inputs.presence, &inputs.options) {
        Some(AgreementKind::Recurring) => {
            let fixed = inputs.charges_fixed();
            let mit = if fixed { MitType::Subscription } else { MitType::StandingOrder };
            return ("I2", Class::Merchant { mit });
        }
        Some(AgreementKind::Installment) => {
            return ("I3", Class::Merchant { mit: MitType::Installment });
        }
        Some(AgreementKind::Unscheduled | AgreementKind::Unspecified) => {
            return ("I4", Class::Merchant { mit: MitType::Unscheduled });
        }
        None => {}
    }
    if inputs.is_setup() {
        ("I6", Class::Verification { marker: marker(inputs) })
    } else if inputs.usage.is_some() {
        ("I7", Class::Store { marker: marker(inputs) })
    } else if inputs.is_saved() {
        ("I8", Class::Use)
    } else {
        ("I9", Class::Plain)
    }
}

/// What a set-up says that it stores the card for.
fn marker(inputs: &Inputs) -> CofMarker {
    match inputs.declared() {
        Some(CredentialUsage::Recurring) if inputs.sets_up_fixed() => CofMarker::Subscription,
        Some(CredentialUsage::Recurring) => CofMarker::StandingOrder,
        Some(CredentialUsage::Installment) => CofMarker::Installment,
        Some(CredentialUsage::Unscheduled) | None => CofMarker::General,
    }
}

#[cfg(test)]
mod tests;
