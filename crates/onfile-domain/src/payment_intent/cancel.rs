//! Gives a payment up and lets its hold go (`stripe-api.md` 2.6, `card-network.md` T9).

use crate::attempt::{Authentication, AuthenticationState};
use crate::case::{Case, Halt};
use crate::charge::{Charge, ChargeResult};
use crate::command::{Answer, Ref};
use crate::event::EventType;
use crate::id::{ChargeId, PaymentIntentId, PaymentMethodId};
use crate::network::Followup;
use crate::payment_intent::update::refuse_while_locked;
use crate::payment_intent::{CancelReason, PaymentIntent, State};
use crate::refusal::{Noun, Place, Why};

/// A cancellation.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    /// Why, if the caller says.
    pub reason: Option<CancelReason>,
}

impl Cancel {
    /// Gives the payment up.
    ///
    /// # Errors
    /// A refusal changes nothing and carries the intent.
    pub fn decide(self, case: &mut Case<'_>, id: &Ref<PaymentIntentId>) -> Result<Answer, Halt> {
        let mut intent: PaymentIntent = id.find(case, Noun::PaymentIntent, Place::Path)?;
        refuse_while_locked(&intent)?;
        match intent.state {
            State::RequiresPaymentMethod | State::RequiresConfirmation { .. } => {}
            State::RequiresAction { ref action, .. } => {
                let mut open: Authentication = case.get(action.authentication)?;
                open.state = AuthenticationState::Closed;
                case.put(open);
            }
            State::RequiresCapture { method, charge, .. } => {
                release(case, charge, method)?;
            }
            State::Succeeded { .. } | State::Canceled { .. } => {
                return Err(Why::CancelStatus(intent.status()).about(intent).into());
            }
        }
        close(case, &mut intent, self.reason);
        Ok(Answer::shown(intent))
    }
}

/// Lets a hold go, at the issuer too.
pub(super) fn release(
    case: &mut Case<'_>,
    charge: ChargeId,
    method: PaymentMethodId,
) -> Result<Charge, Halt> {
    let mut charge: Charge = case.get(charge)?;
    if let ChargeResult::Held { capture_before } = charge.result {
        charge.result = ChargeResult::Released { capture_before };
        case.follow_up(Followup::Reverse { charge: charge.id, method, amount: charge.amount });
        case.put(charge.clone());
    }
    Ok(charge)
}

/// Writes the intent as canceled and tells of it.
pub(crate) fn close(case: &mut Case<'_>, intent: &mut PaymentIntent, reason: Option<CancelReason>) {
    let method = intent.payment_method();
    intent.state = State::Canceled { at: case.now(), reason, method };
    case.put(intent.clone());
    case.tell(EventType::PaymentIntentCanceled, intent.clone());
}
