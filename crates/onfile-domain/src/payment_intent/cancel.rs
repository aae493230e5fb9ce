//! Gives a payment up and lets its hold go (`stripe-api.md` 2.6, `card-network.md` T9).

use crate::attempt::{Authentication, AuthenticationState};
use crate::case::{Case, Halt};
use crate::charge::{Charge, ChargeResult};
use crate::command::{Answer, Ref};
use crate::event::EventType;
use crate::id::{ChargeId, PaymentIntentId, PaymentMethodId};
use crate::network::Followup;
use crate::payment_intent::update::{carrying, refuse_while_locked};
use crate::payment_intent::{CancelReason, PaymentIntent, State};
use crate::refusal::{HoldRefused, Noun, PaymentRefused, Place, Why};

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
        let intent: PaymentIntent = id.find(case, Noun::PaymentIntent, Place::Path)?;
        refuse_while_locked(&intent)?;
        let given_up = give_up(case, intent.clone(), self.reason);
        given_up.map(Answer::shown).map_err(|halt| carrying(halt, &intent))
    }
}

/// Gives an intent up, and answers with it as it stands after it. For rules that do more in the
/// same decision; they look for an attempt on the wire themselves.
///
/// What was taken can't be given up: a hold of which a part was captured is refused, and ends by a
/// last capture of nothing. (Whether Stripe cancels such an intent is not known.)
///
/// # Errors
/// Whatever [`Cancel::decide`] refuses, without the intent.
pub fn give_up(
    case: &mut Case<'_>,
    mut intent: PaymentIntent,
    reason: Option<CancelReason>,
) -> Result<PaymentIntent, Halt> {
    match intent.state {
        State::RequiresPaymentMethod | State::RequiresConfirmation { .. } => {}
        State::RequiresAction { ref action, .. } => {
            let mut open: Authentication = case.get(action.authentication)?;
            open.state = AuthenticationState::Closed;
            case.put(open);
        }
        State::RequiresCapture { received, .. } if received.minor() > 0 => {
            return Err(Why::Hold(HoldRefused::CancelPartlyCaptured).into());
        }
        State::RequiresCapture { method, charge, .. } => {
            release(case, charge, method)?;
        }
        State::Succeeded { .. } | State::Canceled { .. } => {
            return Err(Why::Payment(PaymentRefused::CancelStatus(intent.status())).into());
        }
    }
    close(case, &mut intent, reason);
    Ok(intent)
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
        let (amount, total) = (charge.authorized(), charge.in_its_currency(0));
        case.follow_up(Followup::Reverse { charge: charge.id, method, amount, total });
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
