//! The charge of a confirm: one message to the issuer, or one that we blocked
//! (`stripe-api.md` 6.1–6.3, `card-network.md` 6.4).

use crate::card::Brand;
use crate::charge::{Charge, ChargeResult, ChargeRisk, ChargedCard, HoldTerms, terms};
use crate::gateway::outcome::{Outcome, initiator_of};
use crate::id::ChargeId;
use crate::payment_intent::confirm::Presence;
use crate::payment_intent::confirm::resolve::Payment;
use crate::time::WorldTime;

/// How long a test hold may be captured (`card-network.md` 8.1).
const HOLD_SECONDS: i64 = 604_800;
/// The same for a merchant-initiated charge over Visa.
const VISA_MIT_HOLD_SECONDS: i64 = 410_400;

/// When a hold made at `now` ends. Extended ones last as on a live network: that is their point.
pub(super) fn capture_before(payment: &Payment, terms: &HoldTerms, now: WorldTime) -> WorldTime {
    let visa = payment.inputs.network() == Brand::Visa;
    now.plus(match (terms.extended, visa) {
        (true, true) => terms::VISA_EXTENDED_SECONDS,
        (true, false) => terms::EXTENDED_SECONDS,
        (false, true) if payment.inputs.is_mit() => VISA_MIT_HOLD_SECONDS,
        (false, _) => HOLD_SECONDS,
    })
}

/// What may be done with the hold, where one is made.
pub(super) fn terms(payment: &Payment, outcome: &Outcome) -> HoldTerms {
    if !payment.intent.captures_manually() {
        return HoldTerms::default();
    }
    let inputs = &payment.inputs;
    let mut terms = HoldTerms::granted(&inputs.options, inputs.network(), initiator_of(inputs));
    if terms.incremental {
        terms.original = outcome.nti();
        terms.agreement = inputs.agreement.as_ref().map(|agreement| agreement.id);
    }
    terms
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
        terms: HoldTerms::default(),
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
