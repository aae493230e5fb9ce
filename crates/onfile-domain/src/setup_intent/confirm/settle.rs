//! Writes down what the confirmation of a set-up came to (`stripe-api.md` 4.3, 4.5, 8.3).

use crate::agreement::keep::keep;
use crate::agreement::{AgreementState, SetUp};
use crate::attempt::challenge::{self, Asked};
use crate::attempt::{AuthenticationState, Subject};
use crate::case::{Case, Halt};
use crate::command::Answer;
use crate::customer::keep_for;
use crate::event::EventType;
use crate::failure::{Cause, Failure};
use crate::gateway::Pending;
use crate::gateway::outcome::{Outcome, Verdict};
use crate::id::SetupAttemptId;
use crate::payment_method::{PaymentMethod, Standing};
use crate::setup_intent::confirm::SetUpTry;
use crate::setup_intent::{SetupAttempt, SetupAttemptStatus, SetupState};

/// Which round of a confirmation it is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Round {
    /// A new confirm.
    Fresh,
    /// The challenge of this attempt was answered.
    Answered(Option<SetupAttemptId>),
}

/// Writes everything that a run of the procedure came to.
pub(super) fn settle(
    case: &mut Case<'_>,
    mut set_up: SetUpTry,
    outcome: Outcome,
    return_url: Option<String>,
    round: Round,
) -> Result<Answer, Halt> {
    outcome.record(case, &set_up.inputs);
    set_up.method.card.checks.learn(outcome.checks());
    let attempt = attempt(case, &mut set_up, &outcome, round)?;
    if outcome.proof.as_ref().is_some_and(|proof| proof.imported) {
        set_up.intent.card_options.three_d_secure = None;
    }
    if outcome.soft.is_some() {
        set_up.intent.soft.clone_from(&outcome.soft);
    }
    set_up.intent.latest_attempt = Some(attempt.id);
    match outcome.verdict.clone() {
        Verdict::Approved => save(case, set_up, &outcome, attempt),
        Verdict::Challenged(pending) => {
            Ok(ask_customer(case, set_up, attempt, *pending, return_url))
        }
        Verdict::Refused { cause, .. } => Ok(fail(case, set_up, &outcome, attempt, cause)),
    }
}

/// The attempt of this confirmation; a new confirm abandons the one that waited for the customer.
fn attempt(
    case: &mut Case<'_>,
    set_up: &mut SetUpTry,
    outcome: &Outcome,
    round: Round,
) -> Result<SetupAttempt, Halt> {
    let answered = set_up.authentication.take();
    let going_on = match round {
        Round::Answered(Some(id)) => Some(case.get::<SetupAttempt>(id)?),
        Round::Answered(None) => None,
        Round::Fresh => {
            if let Some(old) = answered.as_ref().and_then(|question| question.setup_attempt) {
                let mut old: SetupAttempt = case.get(old)?;
                old.status = SetupAttemptStatus::Abandoned;
                case.put(old);
            }
            None
        }
    };
    if let Some(mut answered) = answered {
        answered.state = AuthenticationState::Closed;
        case.put(answered);
    }
    let intent = &set_up.intent;
    let (id, created) = match &going_on {
        Some(attempt) => (attempt.id, attempt.created),
        None => (case.mint.id(SetupAttemptId::new), case.now()),
    };
    Ok(SetupAttempt {
        id,
        created,
        setup_intent: intent.id,
        customer: intent.customer,
        payment_method: set_up.method.id,
        card: set_up.method.card.clone(),
        status: SetupAttemptStatus::RequiresAction,
        error: None,
        three_d_secure: outcome.three_d_secure(),
        other_network: set_up.inputs.other_network(),
        moto: set_up.inputs.is_moto(),
        usage: intent.usage,
        attach_to_self: intent.attach_to_self,
        flow_directions: intent.flow_directions.clone(),
    })
}

/// The issuer said yes: the card is saved.
fn save(
    case: &mut Case<'_>,
    mut set_up: SetUpTry,
    outcome: &Outcome,
    mut attempt: SetupAttempt,
) -> Result<Answer, Halt> {
    attempt.status = SetupAttemptStatus::Succeeded;
    case.put(attempt);
    let standing = set_up.method.standing;
    set_up.method.standing = match (standing, set_up.intent.customer) {
        (Standing::Fresh | Standing::Consumed, Some(customer)) if keep_for(case, customer)? => {
            Standing::Attached(customer)
        }
        (Standing::Fresh | Standing::Consumed, Some(_) | None) => Standing::SetUp,
        (Standing::Attached(_) | Standing::SetUp | Standing::Detached, _) => standing,
    };
    let attached = set_up.method.standing != standing && set_up.method.customer().is_some();
    write_method(case, &set_up);
    if attached {
        case.tell(EventType::PaymentMethodAttached, set_up.method.clone());
    }
    let usage = set_up.intent.usage;
    let made = SetUp {
        at: case.now(),
        payment_method: set_up.method.id,
        kind: set_up.inputs.kind_set_up(),
        usage,
        level: outcome.level(usage),
        mandate: set_up.inputs.mandate.clone(),
        sca_proof: outcome.three_d_secure().and_then(|shown| shown.transaction_id),
        nti: outcome.nti(),
        state: match set_up.method.customer() {
            Some(_) => AgreementState::Active,
            None => AgreementState::Dormant,
        },
    };
    keep(case, &set_up.agreements, made);
    set_up.intent.state = SetupState::Succeeded { method: set_up.method.id };
    set_up.intent.last_setup_error = None;
    set_up.intent.soft = None;
    case.put(set_up.intent.clone());
    case.tell(EventType::SetupIntentSucceeded, set_up.intent.clone());
    Ok(Answer::shown(set_up.intent))
}

/// The bank wants to see the customer.
fn ask_customer(
    case: &mut Case<'_>,
    mut set_up: SetUpTry,
    attempt: SetupAttempt,
    pending: Pending,
    return_url: Option<String>,
) -> Answer {
    let asked = Asked {
        subject: Subject::Setup(set_up.intent.id),
        payment_method: set_up.method.id,
        setup_attempt: Some(attempt.id),
        pending,
        return_url,
    };
    case.put(attempt);
    if set_up.method.standing == Standing::Fresh {
        set_up.method.standing = Standing::Consumed;
    }
    write_method(case, &set_up);
    let action = challenge::open(case, asked);
    set_up.intent.state = SetupState::RequiresAction { method: set_up.method.id, action };
    set_up.intent.last_setup_error = None;
    case.put(set_up.intent.clone());
    case.tell(EventType::SetupIntentRequiresAction, set_up.intent.clone());
    Answer::shown(set_up.intent)
}

/// No: the intent can be tried with another method.
fn fail(
    case: &mut Case<'_>,
    mut set_up: SetUpTry,
    outcome: &Outcome,
    mut attempt: SetupAttempt,
    cause: Cause,
) -> Answer {
    let asked = outcome.reached_a_bank();
    let standing = set_up.method.standing;
    set_up.method.standing = match (standing, set_up.intent.customer) {
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
    };
    write_method(case, &set_up);
    let payment_method = Box::new(set_up.method.clone());
    let failure = Failure { cause, charge: None, payment_method };
    attempt.status = SetupAttemptStatus::Failed;
    attempt.error = Some(failure.clone());
    case.put(attempt);
    set_up.intent.state = SetupState::RequiresPaymentMethod;
    set_up.intent.last_setup_error = Some(failure.clone());
    case.put(set_up.intent.clone());
    case.tell(EventType::SetupIntentSetupFailed, set_up.intent.clone());
    Answer::Failed { failure, about: Some(set_up.intent.into()) }
}

/// Writes the method where it changed, and holds the decision to it where it didn't.
fn write_method(case: &mut Case<'_>, set_up: &SetUpTry) {
    if set_up.method == set_up.inputs.method {
        case.rely_on::<PaymentMethod>(set_up.method.id);
    } else {
        case.put(set_up.method.clone());
    }
}
