//! Asks the customer for proof that they are there, and takes the answer, from the challenge page
//! or by the clock.

use crate::attempt::{Authentication, AuthenticationState, Subject};
use crate::case::{Case, Halt, TimerKind};
use crate::command::{Answer, Ref};
use crate::gateway::Pending;
use crate::id::{AuthenticationId, PaymentMethodId, SetupAttemptId};
use crate::network::ChallengeAnswer;
use crate::payment_intent::confirm::challenge as payment;
use crate::payment_intent::{NextAction, PaymentIntent};
use crate::refusal::Why;
use crate::setup_intent::SetupIntent;
use crate::setup_intent::confirm::challenge as set_up;

/// How long a challenge may stay unanswered (`card-network.md` 4.6).
pub const SECONDS: i64 = 600;

/// What a customer is asked for.
pub(crate) struct Asked {
    /// Whose challenge it is.
    pub(crate) subject: Subject,
    /// The card.
    pub(crate) payment_method: PaymentMethodId,
    /// The try to set it up; `None` for a payment.
    pub(crate) setup_attempt: Option<SetupAttemptId>,
    /// What goes on when it is answered.
    pub(crate) pending: Pending,
    /// Where the customer goes afterwards; `None` where the SDK handles the action.
    pub(crate) return_url: Option<String>,
}

/// Opens a challenge, which ends by itself after [`SECONDS`]; what the customer is to do.
pub(crate) fn open(case: &mut Case<'_>, asked: Asked) -> NextAction {
    let Asked { subject, payment_method, setup_attempt, pending, return_url } = asked;
    let authentication = Authentication {
        id: case.mint.id(AuthenticationId::new),
        created: case.now(),
        subject,
        payment_method,
        setup_attempt,
        pending,
        return_url,
        secret: case.mint.text::<24>(),
        state: AuthenticationState::Open,
    };
    let action = NextAction {
        authentication: authentication.id,
        secret: authentication.secret.clone(),
        return_url: authentication.return_url.clone(),
    };
    case.later(SECONDS, TimerKind::ExpireChallenge, authentication.id.seq);
    case.put(authentication);
    action
}

/// Answers the challenge with this id and page secret. One that was answered before, expired or
/// replaced changes nothing: the answer shows how the intent stands.
///
/// # Errors
/// [`Why::ChallengeMissing`] for a wrong id or secret; [`Why::Locked`] while an attempt of the
/// intent is on the wire.
pub fn answer(
    case: &mut Case<'_>,
    id: &Ref<AuthenticationId>,
    secret: &str,
    answer: ChallengeAnswer,
) -> Result<Answer, Halt> {
    let found = match id.id {
        Some(id) => case.find::<Authentication>(id)?,
        None => None,
    };
    match found {
        Some(authentication) if authentication.secret == secret => {
            go_on(case, authentication, answer)
        }
        Some(_) | None => Err(Why::ChallengeMissing.into()),
    }
}

/// Ends a challenge that nobody answered in time (F4).
///
/// # Errors
/// As [`answer`]; a lock is tried again later.
pub fn expire(case: &mut Case<'_>, authentication: u64) -> Result<(), Halt> {
    let Some(authentication) = case.by_seq::<Authentication>(authentication)? else {
        return Ok(());
    };
    if case.now().since(authentication.created) >= SECONDS {
        go_on(case, authentication, ChallengeAnswer::TimedOut)?;
    }
    Ok(())
}

fn go_on(
    case: &mut Case<'_>,
    authentication: Authentication,
    answer: ChallengeAnswer,
) -> Result<Answer, Halt> {
    let open = match authentication.state {
        AuthenticationState::Open => true,
        AuthenticationState::Passed | AuthenticationState::Closed => false,
    };
    match authentication.subject {
        Subject::Payment(id) if open => payment::answer(case, id, authentication, answer),
        Subject::Payment(id) => Ok(Answer::shown(case.get::<PaymentIntent>(id)?)),
        Subject::Setup(id) if open => set_up::answer(case, id, authentication, answer),
        Subject::Setup(id) => Ok(Answer::shown(case.get::<SetupIntent>(id)?)),
        // An increment and an attach ask the issuer only; they never wait for a customer.
        Subject::Increment(_) | Subject::Method(_) => Err(Why::ChallengeMissing.into()),
    }
}
