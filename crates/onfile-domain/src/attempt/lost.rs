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
use crate::payment_intent::{confirm as payment, increment};
use crate::setup_intent::confirm as set_up;

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
        Subject::Payment(id) => payment::lost(case, id, attempt).map(Some),
        Subject::Increment(id) => {
            let answer = increment::lost(case, id, attempt)?;
            adjustment::create::lost(case, id, &answer)?;
            Ok(Some(answer))
        }
        Subject::Setup(id) => set_up::lost(case, id, attempt).map(Some),
        Subject::Method(id) => {
            let payment_method = Box::new(case.get(id)?);
            case.put(ended(attempt));
            let failure = Failure { cause: unknown(), charge: None, payment_method };
            Ok(Some(Answer::Failed { failure, about: None }))
        }
    }
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
