//! Finishes an attempt whose answer never came, because the process died while it was on the wire
//! (`card-network.md` 1.4): nobody knows what the issuer did, so it is as silence.

use crate::adjustment;
use crate::attempt::{Attempt, AttemptState, Subject};
use crate::case::{Case, Halt};
use crate::charge::FailedBy;
use crate::command::Answer;
use crate::decline;
use crate::failure::{Cause, Failure};
use crate::gateway::outcome::{Outcome, Verdict};
use crate::object::Object;
use crate::payment_intent::{PaymentIntent, confirm as payment, increment};
use crate::setup_intent::{SetupIntent, confirm as set_up};

/// Fails the intent of an attempt that is still [`AttemptState::Sent`], and owes the issuer a
/// reversal where money may be held. An intent that doesn't wait for this attempt is left as it
/// is, and only the reversal is owed. The answer is what the caller would have been told; there is
/// none for an attempt that was answered.
///
/// # Errors
/// Only [`Halt::Need`].
pub fn finish(case: &mut Case<'_>, attempt: u64) -> Result<Option<Answer>, Halt> {
    let Some(attempt) = case.by_seq::<Attempt>(attempt)? else { return Ok(None) };
    match attempt.state {
        AttemptState::Sent => {}
        AttemptState::Done | AttemptState::Reversing | AttemptState::Reversed => return Ok(None),
    }
    match attempt.subject {
        Subject::Payment(id) => {
            let intent: PaymentIntent = case.get(id)?;
            if intent.inflight != Some(attempt.id) {
                return Ok(Some(nobody_waits(case, intent, attempt)));
            }
            payment::lost(case, intent, attempt).map(Some)
        }
        Subject::Increment(id) => {
            let intent: PaymentIntent = case.get(id)?;
            if intent.inflight != Some(attempt.id) {
                return Ok(Some(nobody_waits(case, intent, attempt)));
            }
            let answer = increment::lost(case, intent, attempt)?;
            adjustment::create::lost(case, id, &answer)?;
            Ok(Some(answer))
        }
        Subject::Setup(id) => {
            let intent: SetupIntent = case.get(id)?;
            if intent.inflight != Some(attempt.id) {
                return Ok(Some(nobody_waits(case, intent, attempt)));
            }
            set_up::lost(case, intent, attempt).map(Some)
        }
        Subject::Method(id) => {
            let payment_method = Box::new(case.get(id)?);
            case.put(ended(attempt));
            let failure = Failure { cause: unknown(), charge: None, payment_method };
            Ok(Some(Answer::Failed { failure, about: None }))
        }
    }
}

/// The answer about an intent that doesn't wait for this attempt: it stays as it is, whatever its
/// state.
fn nobody_waits(case: &mut Case<'_>, intent: impl Into<Object>, attempt: Attempt) -> Answer {
    case.put(ended(attempt));
    Answer::shown(intent)
}

/// The attempt as nobody's answer leaves it: reversed where money may be held.
pub(crate) fn ended(attempt: Attempt) -> Attempt {
    let state = match attempt.charge {
        Some(_) => AttemptState::Reversing,
        None => AttemptState::Done,
    };
    Attempt { state, ..attempt }
}

fn unknown() -> Cause {
    Cause::Declined(decline::plain("processing_error", Some("processing_error")))
}

/// What an attempt without an answer comes to.
pub(crate) fn outcome(attempt: Attempt) -> Outcome {
    Outcome {
        verdict: Verdict::Refused { cause: unknown(), by: Some(FailedBy::Issuer) },
        charge: attempt.charge,
        proof: None,
        message: None,
        unknown: true,
        soft: None,
        attempts: vec![ended(attempt)],
        declines: Vec::new(),
    }
}
