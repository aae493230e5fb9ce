//! What a confirm is about: the method, the agreements behind it, and the inputs of the procedure
//! (`stripe-api.md` 2.5, 3.4).

use crate::agreement::{self, Agreement, keep};
use crate::attempt::{Authentication, Subject};
use crate::case::{Case, Halt};
use crate::command::MethodChoice;
use crate::customer::Customer;
use crate::gateway::inputs::Inputs;
use crate::gateway::{PassedChallenge, Pending, initiator, wire};
use crate::money::Money;
use crate::payment_intent::confirm::{Own, Presence};
use crate::payment_intent::{PaymentIntent, State};
use crate::payment_method::{PaymentMethod, choose};
use crate::refusal::{PaymentRefused, Place, Why};

/// A payment that is being tried, before anything is written.
pub(super) struct Payment {
    /// The intent with the call's words on it.
    pub intent: PaymentIntent,
    /// The method.
    pub method: PaymentMethod,
    /// What the procedure looks at.
    pub inputs: Inputs,
    /// The agreements behind the method.
    pub agreements: Vec<Agreement>,
    /// The question that this attempt answers, uses up or replaces.
    pub authentication: Option<Authentication>,
}

/// How a payment is tried.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    /// Whether the customer is there.
    pub presence: Presence,
    /// Whether the method existed before the call.
    pub own: Own,
}

/// The method: the call's, else the intent's own, else the customer's default; and whether it
/// existed before the call.
pub(super) fn method(
    case: &mut Case<'_>,
    intent: &PaymentIntent,
    choice: Option<&MethodChoice>,
    own: Own,
) -> Result<(PaymentMethod, Own), Halt> {
    if let Some(choice) = choice {
        let own = match choice {
            MethodChoice::Known(_) => Own::Known,
            MethodChoice::New(_) => Own::New,
        };
        return Ok((choose::choose(case, choice, Place::Param("payment_method"))?, own));
    }
    if let Some(held) = intent.payment_method() {
        return Ok((case.get(held)?, own));
    }
    let default = match intent.customer {
        Some(customer) => case.get::<Customer>(customer)?.default_payment_method,
        None => None,
    };
    match default {
        Some(default) => Ok((case.get(default)?, Own::Known)),
        None => {
            Err(Why::Payment(PaymentRefused::MethodMissing { customer: intent.customer }).into())
        }
    }
}

/// Gathers what the procedure looks at.
pub(super) fn payment(
    case: &Case<'_>,
    intent: PaymentIntent,
    method: PaymentMethod,
    way: Way,
) -> Result<Payment, Halt> {
    let mit = way.presence != Presence::OnSession && intent.card_options.moto != Some(true);
    let usage = intent.usage();
    let agreements = if way.own == Own::Known && (mit || usage.is_some()) {
        keep::of(case, method.id)?
    } else {
        Vec::new()
    };
    let kind = initiator::kind(way.presence, &intent.card_options).filter(|_| mit);
    let agreement = kind.and_then(|kind| agreement::pick(&agreements, kind)).cloned();
    let currency = intent.amount.currency;
    let mandate = intent.card_options.mandate_options.clone();
    let soft = intent.soft.as_ref().filter(|soft| soft.par == method.card.par);
    let inputs = Inputs {
        subject: Subject::Payment(intent.id),
        amount: intent.amount,
        method: method.clone(),
        options: intent.card_options.clone(),
        presence: way.presence,
        usage,
        mandate: mandate.map(|options| {
            let limit = Money::new(options.amount, currency);
            (options, limit)
        }),
        agreement,
        soft: soft.map(|soft| soft.code.clone()),
        merchant: case.account().id.clone(),
        acquirer_country: case.account().country,
    };
    let authentication = match &intent.state {
        State::RequiresAction { action, .. } => Some(case.get(action.authentication)?),
        State::RequiresConfirmation { authenticated: Some(passed), .. } => Some(case.get(*passed)?),
        State::RequiresPaymentMethod
        | State::RequiresConfirmation { authenticated: None, .. }
        | State::RequiresCapture { .. }
        | State::Succeeded { .. }
        | State::Canceled { .. } => None,
    };
    Ok(Payment { intent, method, inputs, agreements, authentication })
}

/// The challenge that the customer passed before the second confirm of
/// `confirmation_method=manual`, where it was for this very payment.
pub(super) fn passed_challenge(payment: &Payment) -> Option<(Pending, PassedChallenge)> {
    let pending = &payment.authentication.as_ref()?.pending;
    let passed = pending.passed.as_ref()?;
    let same = wire::authentication(&payment.inputs, pending.request.indicator) == pending.request;
    let on_session = !payment.inputs.is_mit() && !payment.inputs.is_moto();
    (same && on_session).then(|| (pending.clone(), passed.clone()))
}
