//! What the customer's bank said, and whether the issuer may be asked for the money
//! (`card-network.md` 6.3, F1–F7, and the indicators of 4.7).

use crate::card::ThreeDs;
use crate::gateway::inputs::Inputs;
use crate::gateway::{ThreeDSecure, ThreeDSecureFlow, ThreeDSecureReason, ThreeDSecureResult};
use crate::network::{AuthenticationReply, TransStatus};

/// The version of the protocol that our directory speaks.
const VERSION: &str = "2.2.0";

/// How a customer was authenticated, with what the authorization carries of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// As it is shown.
    pub shown: ThreeDSecure,
    /// The authentication value.
    pub value: Option<String>,
    /// The value was made elsewhere.
    pub imported: bool,
}

/// What follows from a bank's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    /// The issuer may be asked, with this proof.
    Authorize(Box<Proof>),
    /// The customer must answer a challenge first.
    Challenge,
    /// The bank said no: never authorize.
    Failed(Box<Proof>),
    /// It could not be done.
    Unavailable(Box<Proof>),
}

/// Reads an ARes: the rule that fired, none for a challenge, and what follows. F7 (exemptions)
/// stands before F5 and F6.
pub fn after(inputs: &Inputs, reply: &AuthenticationReply) -> (Option<&'static str>, After) {
    let shown = |flow, eci: Option<&str>, result, reason| {
        let shown = ThreeDSecure {
            flow,
            eci: eci.map(str::to_owned),
            result,
            reason,
            transaction_id: Some(reply.ds_trans_id.clone()),
            version: VERSION.to_owned(),
        };
        let value = reply.authentication_value.clone().filter(|_| eci.is_some());
        Box::new(Proof { shown, value, imported: false })
    };
    let eci = Eci::of(inputs);
    let not_enrolled = (inputs.facts().three_ds == ThreeDs::NotEnrolled)
        .then_some(ThreeDSecureReason::CardNotEnrolled);
    match reply.status {
        TransStatus::Authenticated => {
            let flow = Some(ThreeDSecureFlow::Frictionless);
            let result = ThreeDSecureResult::Authenticated;
            (Some("F1"), After::Authorize(shown(flow, Some(eci.authenticated), result, None)))
        }
        TransStatus::Attempted => {
            let result = ThreeDSecureResult::AttemptAcknowledged;
            let proof = shown(None, Some(eci.attempted), result, not_enrolled);
            (Some("F2"), After::Authorize(proof))
        }
        TransStatus::ChallengeNeeded => (None, After::Challenge),
        TransStatus::Unavailable | TransStatus::Error => {
            let reason =
                (reply.status == TransStatus::Error).then_some(ThreeDSecureReason::ProtocolError);
            let proof = shown(None, None, ThreeDSecureResult::ProcessingError, reason);
            (Some("F5"), After::Unavailable(proof))
        }
        TransStatus::Denied | TransStatus::Rejected => {
            let reason = Some(ThreeDSecureReason::Rejected);
            let flow = Some(ThreeDSecureFlow::Frictionless);
            (Some("F6"), After::Failed(shown(flow, None, ThreeDSecureResult::Failed, reason)))
        }
    }
}

/// The proof of a challenge that was passed (F3).
pub fn challenged(inputs: &Inputs, ds_trans_id: String, value: String) -> Proof {
    let shown = ThreeDSecure {
        flow: Some(ThreeDSecureFlow::Challenge),
        eci: Some(Eci::of(inputs).authenticated.to_owned()),
        result: ThreeDSecureResult::Authenticated,
        reason: None,
        transaction_id: Some(ds_trans_id),
        version: VERSION.to_owned(),
    };
    Proof { shown, value: Some(value), imported: false }
}

/// What is shown of a challenge that was failed or left (F4).
pub fn unanswered(ds_trans_id: String, reason: ThreeDSecureReason) -> Proof {
    let shown = ThreeDSecure {
        flow: Some(ThreeDSecureFlow::Challenge),
        eci: None,
        result: ThreeDSecureResult::Failed,
        reason: Some(reason),
        transaction_id: Some(ds_trans_id),
        version: VERSION.to_owned(),
    };
    Proof { shown, value: None, imported: false }
}

/// What is shown where the card's network takes no part in 3-D Secure.
pub fn not_supported() -> Proof {
    let shown = ThreeDSecure {
        flow: None,
        eci: None,
        result: ThreeDSecureResult::NotSupported,
        reason: Some(ThreeDSecureReason::NetworkNotSupported),
        transaction_id: None,
        version: VERSION.to_owned(),
    };
    Proof { shown, value: None, imported: false }
}

/// The proof that the call imports (N1), where it is one: authenticated, attempted or challenged.
pub fn imported(inputs: &Inputs) -> Option<Proof> {
    let import = inputs.options.three_d_secure.as_ref()?;
    let eci = Eci::of(inputs);
    let given = import.eci.as_deref();
    let (flow, own_eci, result) = match import.ares_trans_status.as_deref() {
        Some("C") => {
            let flow = Some(ThreeDSecureFlow::Challenge);
            (flow, eci.authenticated, ThreeDSecureResult::Authenticated)
        }
        Some("A") => (None, eci.attempted, ThreeDSecureResult::AttemptAcknowledged),
        None if given == Some("06") || given == Some("01") => {
            (None, eci.attempted, ThreeDSecureResult::AttemptAcknowledged)
        }
        Some("Y") | None => {
            let flow = Some(ThreeDSecureFlow::Frictionless);
            (flow, eci.authenticated, ThreeDSecureResult::Authenticated)
        }
        Some(_) => return None,
    };
    let shown = ThreeDSecure {
        flow,
        eci: Some(given.unwrap_or(own_eci).to_owned()),
        result,
        reason: None,
        transaction_id: Some(import.transaction_id.clone()),
        version: import.version.clone(),
    };
    Some(Proof { shown, value: Some(import.cryptogram.clone()), imported: true })
}

/// A network's indicators (`card-network.md` 4.7).
pub struct Eci {
    /// Authenticated.
    pub authenticated: &'static str,
    /// Proof of an attempt.
    pub attempted: &'static str,
    /// Not authenticated.
    pub plain: &'static str,
    /// Merchant-initiated.
    pub merchant: &'static str,
}

impl Eci {
    /// Those of the card's network.
    pub fn of(inputs: &Inputs) -> Eci {
        if inputs.facts().is_mastercard() {
            Eci { authenticated: "02", attempted: "01", plain: "00", merchant: "07" }
        } else {
            Eci { authenticated: "05", attempted: "06", plain: "07", merchant: "07" }
        }
    }
}
