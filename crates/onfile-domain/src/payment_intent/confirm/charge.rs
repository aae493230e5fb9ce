//! The charge of a confirm: one message to the issuer, or one that we blocked
//! (`stripe-api.md` 6.1–6.3, `card-network.md` 6.4).

use crate::charge::{Charge, ChargeResult, ChargeRisk, ChargedCard};
use crate::gateway::outcome::Outcome;
use crate::id::ChargeId;
use crate::network::MitType;
use crate::payment_intent::confirm::Presence;
use crate::payment_intent::confirm::resolve::Payment;
use crate::time::WorldTime;

/// How long a test hold may be captured (`card-network.md` 8.1).
const HOLD_SECONDS: i64 = 604_800;
/// The same for a merchant-initiated charge over Visa.
const VISA_MIT_HOLD_SECONDS: i64 = 410_400;

/// When a hold made at `now` ends.
pub(super) fn capture_before(payment: &Payment, outcome: &Outcome, now: WorldTime) -> WorldTime {
    let mit: Option<MitType> =
        outcome.message.as_ref().and_then(|message| message.authorization.mit);
    let visa = payment.inputs.network() == crate::card::Brand::Visa;
    now.plus(if mit.is_some() && visa { VISA_MIT_HOLD_SECONDS } else { HOLD_SECONDS })
}

/// The charge, with what came of it.
pub(super) fn charge(
    id: ChargeId,
    payment: &Payment,
    outcome: &Outcome,
    now: WorldTime,
    result: ChargeResult,
) -> Charge {
    let intent = &payment.intent;
    let facts = payment.inputs.facts();
    Charge {
        id,
        created: now,
        amount: intent.amount,
        result,
        payment_intent: intent.id,
        payment_method: payment.method.id,
        customer: intent.customer,
        billing_details: payment.method.billing_details.clone(),
        description: intent.description.clone(),
        metadata: intent.metadata.clone(),
        receipt_email: intent.receipt_email.clone(),
        shipping: intent.shipping.clone(),
        statement_descriptor_suffix: intent.statement_descriptor_suffix.clone(),
        transfer_group: intent.transfer_group.clone(),
        user_report: None,
        risk: ChargeRisk { score: facts.risk_score, level: facts.risk },
        card: card(payment, outcome),
    }
}

fn card(payment: &Payment, outcome: &Outcome) -> ChargedCard {
    let options = &payment.inputs.options;
    let off_session = payment.inputs.presence != Presence::OnSession;
    let reply = outcome.reply();
    let sent = outcome.message.as_ref();
    ChargedCard {
        facts: payment.inputs.facts().clone(),
        other_network: payment.inputs.other_network(),
        expiry: payment.method.card.expiry,
        fingerprint: payment.method.card.fingerprint.clone(),
        checks: outcome.checks(),
        authorization_code: reply.and_then(|reply| reply.approval_code.clone()),
        network_transaction_id: outcome.nti().map(|nti| nti.value),
        eci: sent.map(|message| message.authorization.eci.to_owned()),
        three_d_secure: outcome.three_d_secure(),
        moto: payment.inputs.is_moto(),
        setup_credential_usage: options
            .setup_credential_usage
            .filter(|_| payment.inputs.usage.is_some()),
        stored_credential_usage: options.stored_credential_usage.filter(|_| off_session),
    }
}
