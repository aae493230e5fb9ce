//! What a run of the procedure came to, and the rows that any run leaves.

use crate::agreement::{AgreementKind, Level, Usage};
use crate::attempt::Attempt;
use crate::case::Case;
use crate::charge::FailedBy;
use crate::failure::Cause;
use crate::gateway::after::Proof;
use crate::gateway::initiator;
use crate::gateway::inputs::Inputs;
use crate::gateway::{
    Initiator, PastDecline, Pending, Soft, ThreeDSecure, ThreeDSecureFlow, ThreeDSecureResult,
};
use crate::id::{ChargeId, PastDeclineId};
use crate::network::{Authorization, AuthorizationReply, Nti};
use crate::payment_method::Checks;

/// What a run came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Yes, no, or a question to the customer.
    pub verdict: Verdict,
    /// The charge that it makes, on a payment (`card-network.md` 6.4).
    pub charge: Option<ChargeId>,
    /// How the customer was authenticated, where it was tried.
    pub proof: Option<Proof>,
    /// The last message to the issuer.
    pub message: Option<Message>,
    /// Nobody knows whether the issuer got the message (`card-network.md` T1).
    pub unknown: bool,
    /// A soft decline, to be remembered until an approval.
    pub soft: Option<Soft>,
    /// One for each message, or the one that sent none.
    pub attempts: Vec<Attempt>,
    /// The issuer's noes, which the networks count.
    pub declines: Vec<SeenDecline>,
}

/// Yes, no, or a question.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a call has one or two, and moves them")]
pub enum Verdict {
    /// The issuer said yes.
    Approved,
    /// The customer must answer a challenge first.
    Challenged(Box<Pending>),
    /// No.
    Refused {
        /// Why.
        cause: Cause,
        /// Who said so, where it makes a failed charge.
        by: Option<FailedBy>,
    },
}

/// A message to the issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What was sent.
    pub authorization: Authorization,
    /// What was answered.
    pub reply: Option<AuthorizationReply>,
}

/// An issuer's no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenDecline {
    /// DE39.
    pub code: String,
    /// DE48 se84, Mastercard.
    pub advice: Option<String>,
}

impl Verdict {
    /// Whether a payment makes a charge of it.
    pub fn makes_charge(&self) -> bool {
        match self {
            Verdict::Approved => true,
            Verdict::Challenged(_) => false,
            Verdict::Refused { by, .. } => by.is_some(),
        }
    }
}

impl Outcome {
    /// Whether a bank was asked, the customer's or the issuer.
    pub fn reached_a_bank(&self) -> bool {
        let challenged = match self.verdict {
            Verdict::Challenged(_) => true,
            Verdict::Approved | Verdict::Refused { .. } => false,
        };
        challenged || self.message.is_some() || self.proof.is_some() || self.unknown
    }

    /// How the customer was authenticated, as it is shown.
    pub fn three_d_secure(&self) -> Option<ThreeDSecure> {
        self.proof.as_ref().map(|proof| proof.shown.clone())
    }

    /// The issuer's answer.
    pub fn reply(&self) -> Option<&AuthorizationReply> {
        self.message.as_ref().and_then(|message| message.reply.as_ref())
    }

    /// What the issuer checked in the last message.
    pub fn checks(&self) -> Checks {
        self.reply().map_or_else(Checks::default, |reply| Checks {
            address_line1: reply.line1,
            address_postal_code: reply.postal_code,
            cvc: reply.cvc,
        })
    }

    /// The network's id of the last message.
    pub fn nti(&self) -> Option<Nti> {
        self.reply().and_then(|reply| reply.nti.clone())
    }

    /// The level that an approved set-up yields (`card-network.md` 6.2). A proof that was imported
    /// counts for as much as the indicator that came with it.
    pub fn level(&self, usage: Usage) -> Level {
        if usage == Usage::OnSession {
            return Level::OnSession;
        }
        let Some(proof) = &self.proof else { return Level::OffSession };
        if !matches!(proof.shown.eci.as_deref(), Some("05" | "02")) {
            return Level::OffSession;
        }
        match (proof.shown.result, proof.shown.flow) {
            (ThreeDSecureResult::Authenticated, Some(ThreeDSecureFlow::Challenge)) => {
                Level::Challenged
            }
            (ThreeDSecureResult::Authenticated, Some(ThreeDSecureFlow::Frictionless)) => {
                Level::Frictionless
            }
            (
                ThreeDSecureResult::Authenticated
                | ThreeDSecureResult::AttemptAcknowledged
                | ThreeDSecureResult::Failed
                | ThreeDSecureResult::NotSupported
                | ThreeDSecureResult::ProcessingError,
                _,
            ) => Level::OffSession,
        }
    }

    /// Writes the attempts, and the declines that the networks count.
    pub fn record(&self, case: &mut Case<'_>, inputs: &Inputs) {
        for attempt in &self.attempts {
            case.put(attempt.clone());
        }
        if inputs.facts().named {
            return;
        }
        for decline in &self.declines {
            let id = case.mint.id(PastDeclineId::new);
            case.put(PastDecline {
                id,
                created: case.now(),
                par: inputs.method.card.par.clone(),
                network: inputs.facts().brand,
                amount: inputs.amount,
                initiator: initiator_of(inputs),
                agreement: inputs.agreement.as_ref().map(|agreement| agreement.id),
                kind: kind_of(inputs),
                code: decline.code.clone(),
                advice: decline.advice.clone(),
            });
        }
    }
}

/// Who begins it, as the networks count.
pub(crate) fn initiator_of(inputs: &Inputs) -> Initiator {
    if inputs.is_mit() { Initiator::Merchant } else { Initiator::Customer }
}

fn kind_of(inputs: &Inputs) -> Option<AgreementKind> {
    initiator::kind(inputs.presence, &inputs.options).filter(|_| inputs.is_mit())
}
