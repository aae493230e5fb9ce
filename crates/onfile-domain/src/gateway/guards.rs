//! What is refused before anybody is asked (`card-network.md` 6.3). The guards that are errors of
//! the call (G4, G3, G9, G5, G8) are the caller's, for they are worded by its object; these follow.

use crate::agreement::{Agreement, AgreementState};
use crate::card::par_key;
use crate::case::{Case, Halt, Need};
use crate::decline::{self, Decline};
use crate::gateway::governor::{self, Try};
use crate::gateway::inputs::Inputs;
use crate::gateway::{Initiator, PastDecline};
use crate::money::Money;
use crate::object::Kind;
use crate::refusal::{PaymentRefused, Why};
use crate::time::WorldTime;

/// A guard's answer: nothing is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// The guard.
    pub rule: &'static str,
    /// What the API answers.
    pub decline: Decline,
    /// Whether it makes a blocked charge (`card-network.md` 6.4).
    pub blocked: bool,
}

/// Tries the guards in their order: G1, G2, G6, G7, and what Radar would block. G10 (India)
/// stands behind G7.
///
/// # Errors
/// G6 is a refusal.
pub fn check(case: &Case<'_>, inputs: &Inputs) -> Result<Option<Stop>, Halt> {
    let mit = inputs.is_mit();
    // The account updater is asked here once there is one.
    if mit && inputs.method.card.expiry.is_past(case.now()) {
        let decline = decline::plain("expired_card", Some("expired_card"));
        return Ok(Some(Stop { rule: "G1", decline, blocked: false }));
    }
    let past = past_declines(case, inputs)?;
    let attempt = Try {
        now: case.now(),
        network: inputs.facts().brand,
        amount: inputs.amount,
        initiator: if mit { Initiator::Merchant } else { Initiator::Customer },
        agreement: inputs.agreement.as_ref(),
    };
    let blocked = |(rule, decline)| Some(Stop { rule, decline, blocked: true });
    if let Some(answer) = governor::blocks(attempt, &past) {
        return Ok(blocked(answer));
    }
    if mit {
        if let Some(agreement) = &inputs.agreement {
            check_mandate(agreement, inputs.amount, case.now())?;
        }
        if let Some(answer) = governor::ends_merchant_charges(attempt, &past) {
            return Ok(blocked(answer));
        }
    }
    if inputs.facts().radar_block && inputs.is_payment() {
        return Ok(blocked(("radar", too_risky())));
    }
    Ok(None)
}

/// The declines of this card at this account; a named test card's are not counted.
fn past_declines(case: &Case<'_>, inputs: &Inputs) -> Result<Vec<PastDecline>, Halt> {
    if inputs.facts().named {
        return Ok(Vec::new());
    }
    let par = &inputs.method.card.par;
    let mut past = case.all::<PastDecline>(Need::Children(Kind::PastDecline, par_key(par)))?;
    past.retain(|decline| decline.par == *par);
    Ok(past)
}

/// G6: the limits that the customer agreed on.
pub(crate) fn check_mandate(
    agreement: &Agreement,
    amount: Money,
    now: WorldTime,
) -> Result<(), Why> {
    let Some((options, limit)) = &agreement.mandate else { return Ok(()) };
    let active = match agreement.state {
        AgreementState::Active => now >= options.start_date,
        AgreementState::Dormant | AgreementState::Revoked | AgreementState::Blocked => false,
    };
    let expired = options.end_date.is_some_and(|end| now > end);
    let within = limit.currency == amount.currency && limit.covers(amount);
    if active && !expired && within {
        Ok(())
    } else {
        Err(Why::Payment(PaymentRefused::MandateInvalid))
    }
}

/// A payment that our own rules find too risky (`stripe-api.md` 5.4, 6.2).
fn too_risky() -> Decline {
    Decline {
        reason: Some("highest_risk_level".to_owned()),
        seller_message: "Stripe blocked this payment as too risky.".to_owned(),
        ..decline::plain("card_declined", Some("fraudulent"))
    }
}

#[cfg(test)]
mod tests;
