//! Writes down what a confirm came to, and tells of it in Stripe's order (`stripe-api.md` 2.5,
//! 3.4, 8.3).

use crate::agreement::keep::keep;
use crate::agreement::{Agreement, AgreementState, SetUp};
use crate::attempt::challenge::{self, Asked};
use crate::attempt::{AgreementUse, AuthenticationState, Subject};
use crate::case::{Case, Halt, TimerKind};
use crate::charge::{Charge, ChargeResult, FailedBy};
use crate::command::Answer;
use crate::customer::keep_for;
use crate::decline::{self, Decline};
use crate::event::EventType;
use crate::failure::{Cause, Failure};
use crate::gateway::Pending;
use crate::gateway::outcome::{Outcome, Verdict};
use crate::id::{AgreementUseId, ChargeId};
use crate::network::Followup;
use crate::payment_intent::capture::take_at_once;
use crate::payment_intent::confirm::resolve::Payment;
use crate::payment_intent::confirm::{Flow, charge};
use crate::payment_intent::{CaptureMethod, Hold, State};
use crate::payment_method::{PaymentMethod, Standing};

/// How much later a balance transaction shows under `automatic_async`.
const ASYNC_SECONDS: i64 = 1;

/// Writes everything that a run of the procedure came to.
pub(super) fn settle(
    case: &mut Case<'_>,
    mut payment: Payment,
    outcome: Outcome,
    flow: Flow,
) -> Result<Answer, Halt> {
    outcome.record(case, &payment.inputs);
    if let Some(mut answered) = payment.authentication.take() {
        answered.state = AuthenticationState::Closed;
        case.put(answered);
    }
    if outcome.proof.as_ref().is_some_and(|proof| proof.imported) {
        payment.intent.card_options.three_d_secure = None;
    }
    if outcome.soft.is_some() {
        payment.intent.soft.clone_from(&outcome.soft);
    }
    payment.method.card.checks.learn(outcome.checks());
    match outcome.verdict.clone() {
        Verdict::Approved => approve(case, payment, &outcome),
        Verdict::Challenged(_) if flow.error_on_requires_action => {
            let cause = Cause::Declined(action_not_handled());
            Ok(fail(case, payment, &outcome, cause, None))
        }
        Verdict::Challenged(pending) => Ok(ask_customer(case, payment, *pending, flow)),
        Verdict::Refused { cause, by } => Ok(fail(case, payment, &outcome, cause, by)),
    }
}

/// The issuer said yes.
fn approve(case: &mut Case<'_>, mut payment: Payment, outcome: &Outcome) -> Result<Answer, Halt> {
    let id = outcome.charge.expect("an approved payment has a charge");
    let now = case.now();
    let method = payment.method.id;
    let terms = charge::terms(&payment, outcome);
    let ends = charge::capture_before(&payment, &terms, now);
    let held = ChargeResult::Held { capture_before: ends };
    let mut charge = Charge { terms, ..charge::charge(id, &payment, outcome, now, held) };
    let (amount, received) = (charge.amount, charge.in_its_currency(0));
    let before = payment.intent.captures_manually().then(|| payment.intent.clone());
    if before.is_some() {
        case.later(ends.since(now), TimerKind::ExpireHold, payment.intent.id.seq);
        let hold = Hold { method, charge: id, expires_at: ends, capturable: amount, received };
        payment.intent.state = hold.state();
    } else {
        let delay = async_delay(payment.intent.capture_method);
        take_at_once(case, &mut charge, now.plus(delay));
        if delay > 0 {
            case.later(delay, TimerKind::ShowBalanceTransaction, id.seq);
        }
        case.follow_up(Followup::Capture { charge: id, method, amount, total: amount });
        payment.intent.state = State::Succeeded { method, charge: id, received: amount };
    }
    case.put(charge.clone());
    case.tell(EventType::ChargeSucceeded, charge);
    save_method(case, &mut payment)?;
    agree(case, &payment, outcome);
    count_use(case, &payment, outcome, id);
    payment.intent.latest_charge = Some(id);
    payment.intent.last_payment_error = None;
    payment.intent.soft = None;
    case.put(payment.intent.clone());
    match &before {
        // The one event of an intent that says what was before (`stripe-api.md` 8.1).
        Some(before) => {
            let held = EventType::PaymentIntentAmountCapturableUpdated;
            case.tell_change(held, before, &payment.intent);
        }
        None => case.tell(EventType::PaymentIntentSucceeded, payment.intent.clone()),
    }
    Ok(Answer::shown(payment.intent))
}

fn async_delay(capture_method: CaptureMethod) -> i64 {
    match capture_method {
        CaptureMethod::AutomaticAsync => ASYNC_SECONDS,
        CaptureMethod::Automatic | CaptureMethod::Manual => 0,
    }
}

/// What becomes of the method: saved for its customer, saved for an attach, or used up.
fn save_method(case: &mut Case<'_>, payment: &mut Payment) -> Result<(), Halt> {
    let standing = payment.method.standing;
    payment.method.standing = match standing {
        Standing::Fresh | Standing::Consumed => {
            match (payment.inputs.usage, payment.intent.customer) {
                (Some(_), Some(customer)) if keep_for(case, customer)? => {
                    Standing::Attached(customer)
                }
                (Some(_), Some(_) | None) => Standing::SetUp,
                (None, _) => Standing::Consumed,
            }
        }
        Standing::Attached(_) | Standing::SetUp | Standing::Detached => standing,
    };
    let attached = payment.method.standing != standing && payment.method.customer().is_some();
    write_method(case, payment);
    if attached {
        case.tell(EventType::PaymentMethodAttached, payment.method.clone());
    }
    Ok(())
}

/// Writes the method where it changed, and holds the decision to it where it didn't.
fn write_method(case: &mut Case<'_>, payment: &Payment) {
    if payment.method == payment.inputs.method {
        case.rely_on::<PaymentMethod>(payment.method.id);
    } else {
        case.put(payment.method.clone());
    }
}

/// The agreement that an approved set-up makes or raises.
fn agree(case: &mut Case<'_>, payment: &Payment, outcome: &Outcome) {
    let Some(usage) = payment.inputs.usage else { return };
    let set_up = SetUp {
        at: case.now(),
        payment_method: payment.method.id,
        kind: payment.inputs.kind_set_up(),
        usage,
        level: outcome.level(usage),
        mandate: payment.inputs.mandate.clone(),
        sca_proof: outcome.three_d_secure().and_then(|shown| shown.transaction_id),
        nti: outcome.nti(),
        state: match payment.method.customer() {
            Some(_) => AgreementState::Active,
            None => AgreementState::Dormant,
        },
    };
    keep(case, &payment.agreements, set_up);
}

/// A merchant-initiated charge under an agreement is written beside it.
fn count_use(case: &mut Case<'_>, payment: &Payment, outcome: &Outcome, charge: ChargeId) {
    let Some(agreement) = &payment.inputs.agreement else { return };
    case.rely_on::<Agreement>(agreement.id);
    let id = case.mint.id(AgreementUseId::new);
    case.put(AgreementUse {
        id,
        created: case.now(),
        agreement: agreement.id,
        charge,
        network_transaction_id: outcome.nti().map(|nti| nti.value),
    });
}

/// The bank wants to see the customer.
fn ask_customer(case: &mut Case<'_>, mut payment: Payment, pending: Pending, flow: Flow) -> Answer {
    if payment.method.standing == Standing::Fresh {
        payment.method.standing = Standing::Consumed;
    }
    write_method(case, &payment);
    let asked = Asked {
        subject: Subject::Payment(payment.intent.id),
        payment_method: payment.method.id,
        setup_attempt: None,
        pending,
        return_url: flow.return_url,
    };
    let action = challenge::open(case, asked);
    payment.intent.state = State::RequiresAction { method: payment.method.id, action };
    payment.intent.last_payment_error = None;
    case.put(payment.intent.clone());
    case.tell(EventType::PaymentIntentRequiresAction, payment.intent.clone());
    Answer::shown(payment.intent)
}

/// No: the intent can be tried with another method.
fn fail(
    case: &mut Case<'_>,
    mut payment: Payment,
    outcome: &Outcome,
    cause: Cause,
    by: Option<FailedBy>,
) -> Answer {
    let now = case.now();
    payment.method.standing = standing_after_failure(&payment, outcome);
    write_method(case, &payment);
    let charged = match (outcome.charge, by, &cause) {
        (Some(id), Some(by), Cause::Declined(decline)) => {
            let failed = ChargeResult::Failed { decline: decline.clone(), by };
            let charge = charge::charge(id, &payment, outcome, now, failed);
            case.put(charge.clone());
            case.tell(EventType::ChargeFailed, charge);
            Some(id)
        }
        (_, _, Cause::Declined(_))
        | (_, _, Cause::PaymentAuthenticationFailed | Cause::SetupAuthenticationFailed) => None,
    };
    // What nobody answered is reversed by its attempt: a second reversal would name a charge that
    // no bank ever answered for.
    let failure =
        Failure { cause, charge: charged, payment_method: Box::new(payment.method.clone()) };
    payment.intent.state = State::RequiresPaymentMethod;
    payment.intent.latest_charge = charged.or(payment.intent.latest_charge);
    payment.intent.last_payment_error = Some(failure.clone());
    case.put(payment.intent.clone());
    case.tell(EventType::PaymentIntentPaymentFailed, payment.intent.clone());
    Answer::Failed { failure, about: Some(payment.intent.into()) }
}

/// An attempt that reached a bank uses an unattached method up, unless the intent has a customer
/// who may try it again (`stripe-api.md` 3.4).
fn standing_after_failure(payment: &Payment, outcome: &Outcome) -> Standing {
    let standing = payment.method.standing;
    let asked = outcome.reached_a_bank();
    match (standing, payment.intent.customer) {
        (Standing::Fresh, None) if asked => Standing::Consumed,
        (Standing::Consumed, Some(_)) => Standing::Fresh,
        (
            Standing::Fresh
            | Standing::Consumed
            | Standing::Attached(_)
            | Standing::SetUp
            | Standing::Detached,
            _,
        ) => standing,
    }
}

/// `error_on_requires_action` (`stripe-api.md` 2.5).
fn action_not_handled() -> Decline {
    Decline {
        message: "This payment required an authentication action to complete, but \
                  `error_on_requires_action` was set. When you're ready, you can upgrade your \
                  integration to handle actions at \
                  https://stripe.com/docs/payments/payment-intents/upgrade-to-handle-actions."
            .to_owned(),
        ..decline::plain("authentication_required", Some("authentication_not_handled"))
    }
}
