//! Goes on with a payment whose challenge was answered, or wasn't (`stripe-api.md` 2.7,
//! `card-network.md` F3, F4).

use crate::attempt::{Authentication, AuthenticationState};
use crate::case::{Case, Halt};
use crate::command::Answer;
use crate::gateway::{PassedChallenge, procedure};
use crate::id::PaymentIntentId;
use crate::network::ChallengeAnswer;
use crate::payment_intent::confirm::resolve::{self, Way};
use crate::payment_intent::confirm::{Flow, Own, Presence, settle};
use crate::payment_intent::update::refuse_while_locked;
use crate::payment_intent::{ConfirmationMethod, PaymentIntent, State};

/// Tells the bank what the customer did, and pays, waits for the second confirm, or fails.
///
/// # Errors
/// The halts of the case; [`crate::refusal::Why::Locked`] while an attempt is on the wire.
pub fn answer(
    case: &mut Case<'_>,
    id: PaymentIntentId,
    mut authentication: Authentication,
    answer: ChallengeAnswer,
) -> Result<Answer, Halt> {
    let mut intent: PaymentIntent = case.get(id)?;
    let method = match &intent.state {
        State::RequiresAction { method, action } if action.authentication == authentication.id => {
            *method
        }
        // Answered before, or given up: the page shows how it stands.
        State::RequiresAction { .. }
        | State::RequiresPaymentMethod
        | State::RequiresConfirmation { .. }
        | State::RequiresCapture { .. }
        | State::Succeeded { .. }
        | State::Canceled { .. } => return Ok(Answer::shown(intent)),
    };
    refuse_while_locked(&intent)?;
    let way = Way { presence: Presence::OnSession, own: Own::Known };
    let payment = resolve::payment(case, intent.clone(), case.get(method)?, way)?;
    let pending = authentication.pending.clone();
    let (passed, rules) = procedure::answer_challenge(case, &pending, answer)?;
    let outcome = match (passed, intent.confirmation_method) {
        (None, ConfirmationMethod::Automatic | ConfirmationMethod::Manual) => {
            procedure::fail_challenge(case, &payment.inputs, &pending, answer, &rules)
        }
        (Some(authentication_value), ConfirmationMethod::Manual) => {
            authentication.state = AuthenticationState::Passed;
            authentication.pending.passed = Some(PassedChallenge { authentication_value, rules });
            let authenticated = Some(authentication.id);
            case.put(authentication);
            intent.state = State::RequiresConfirmation { method, authenticated };
            case.put(intent.clone());
            return Ok(Answer::shown(intent));
        }
        (Some(value), ConfirmationMethod::Automatic) => {
            procedure::resume(case, &payment.inputs, &pending, value, &rules)?
        }
    };
    let flow = Flow { return_url: authentication.return_url, error_on_requires_action: false };
    settle::settle(case, payment, outcome, flow)
}
