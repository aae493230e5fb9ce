//! Goes on with a set-up whose challenge was answered, or wasn't (`card-network.md` F3, F4).

use crate::agreement::keep;
use crate::attempt::Authentication;
use crate::case::{Case, Halt};
use crate::command::Answer;
use crate::gateway::procedure;
use crate::id::SetupIntentId;
use crate::network::ChallengeAnswer;
use crate::setup_intent::confirm::{gather, refuse_while_locked, settle};
use crate::setup_intent::{SetupIntent, SetupState};

/// Tells the bank what the customer did, and saves the card or fails.
///
/// # Errors
/// The halts of the case; [`crate::refusal::Why::Locked`] while an attempt is on the wire.
pub fn answer(
    case: &mut Case<'_>,
    id: SetupIntentId,
    authentication: Authentication,
    answer: ChallengeAnswer,
) -> Result<Answer, Halt> {
    let intent: SetupIntent = case.get(id)?;
    let method = match &intent.state {
        SetupState::RequiresAction { method, action }
            if action.authentication == authentication.id =>
        {
            *method
        }
        SetupState::RequiresAction { .. }
        | SetupState::RequiresPaymentMethod
        | SetupState::RequiresConfirmation { .. }
        | SetupState::Succeeded { .. }
        | SetupState::Canceled { .. } => return Ok(Answer::shown(intent)),
    };
    refuse_while_locked(&intent)?;
    let agreements = keep::of(case, method)?;
    let set_up = gather(case, intent, case.get(method)?, agreements)?;
    let pending = &authentication.pending;
    let (passed, rules) = procedure::answer_challenge(case, pending, answer)?;
    let outcome = match passed {
        Some(value) => procedure::resume(case, &set_up.inputs, pending, value, &rules)?,
        None => procedure::fail_challenge(case, &set_up.inputs, pending, answer, &rules),
    };
    let round = settle::Round::Answered(authentication.setup_attempt);
    settle::settle(case, set_up, outcome, authentication.return_url, round)
}
