//! Gives a set-up up (`stripe-api.md` 4.4).

use crate::case::{Case, Halt};
use crate::command::{Answer, Ref};
use crate::event::EventType;
use crate::id::SetupIntentId;
use crate::refusal::{Noun, Place, SetupRefused, Why};
use crate::setup_intent::confirm::refuse_while_locked;
use crate::setup_intent::update::close_challenge;
use crate::setup_intent::{
    SetupAttempt, SetupAttemptStatus, SetupCancelReason, SetupIntent, SetupState,
};

/// A cancellation.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    /// Why, if the caller says.
    pub reason: Option<SetupCancelReason>,
}

impl Cancel {
    /// Gives the set-up up; the method stays shown.
    ///
    /// # Errors
    /// A refusal changes nothing and carries the intent.
    pub fn decide(self, case: &mut Case<'_>, id: &Ref<SetupIntentId>) -> Result<Answer, Halt> {
        let mut intent: SetupIntent = id.find(case, Noun::SetupIntent, Place::Path)?;
        refuse_while_locked(&intent)?;
        match intent.state {
            SetupState::RequiresPaymentMethod | SetupState::RequiresConfirmation { .. } => {}
            SetupState::RequiresAction { ref action, .. } => close_challenge(case, action)?,
            SetupState::Succeeded { .. } => {
                return Err(Why::Setup(SetupRefused::CancelSucceeded).about(intent).into());
            }
            SetupState::Canceled { .. } => {
                return Err(Why::Setup(SetupRefused::CancelCanceled).about(intent).into());
            }
        }
        abandon(case, &intent)?;
        let method = intent.payment_method();
        intent.state = SetupState::Canceled { reason: self.reason, method };
        case.put(intent.clone());
        case.tell(EventType::SetupIntentCanceled, intent.clone());
        Ok(Answer::shown(intent))
    }
}

/// The confirmation that waits for the customer waits no longer (`stripe-api.md` 4.5).
pub(super) fn abandon(case: &mut Case<'_>, intent: &SetupIntent) -> Result<(), Halt> {
    let Some(latest) = intent.latest_attempt else { return Ok(()) };
    let attempt: SetupAttempt = case.get(latest)?;
    match attempt.status {
        SetupAttemptStatus::RequiresAction => {
            case.put(SetupAttempt { status: SetupAttemptStatus::Abandoned, ..attempt });
        }
        SetupAttemptStatus::Abandoned
        | SetupAttemptStatus::Failed
        | SetupAttemptStatus::Succeeded => {}
    }
    Ok(())
}
