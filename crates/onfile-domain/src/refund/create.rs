//! Gives money back, by a charge or by a payment intent (`stripe-api.md` 6.6).

use crate::case::{Case, Halt};
use crate::charge::Charge;
use crate::command::{Answer, Ref};
use crate::id::{ChargeId, PaymentIntentId};
use crate::payment_intent::{PaymentIntent, State};
use crate::refund::{Wish, give_back};
use crate::refusal::{Noun, Place, RefundRefused, Why};

/// A refund that is asked for.
#[derive(Debug, Clone)]
pub struct Create {
    /// Whose money.
    pub of: Of,
    /// What else was said.
    pub wish: Wish,
}

/// What a refund is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// A charge.
    Charge(Ref<ChargeId>),
    /// The charge that paid an intent; where both are named they must belong together.
    Payment {
        /// The intent.
        intent: Ref<PaymentIntentId>,
        /// The charge, if it was named too.
        charge: Option<Ref<ChargeId>>,
    },
}

impl Create {
    /// Gives the money back and answers with the refund.
    ///
    /// # Errors
    /// A refusal changes nothing.
    pub fn decide(self, case: &mut Case<'_>) -> Result<Answer, Halt> {
        let charge = match &self.of {
            Of::Charge(charge) => find(case, charge)?,
            Of::Payment { intent, charge } => {
                let place = Place::Param("payment_intent");
                let intent: PaymentIntent = intent.find(case, Noun::PaymentIntent, place)?;
                match charge {
                    Some(charge) => belonging(case, charge, &intent)?,
                    None => paying(&intent)?,
                }
            }
        };
        give_back(case, charge, self.wish).map(Answer::shown)
    }
}

/// The older call, which answers with the charge.
#[derive(Debug, Clone)]
pub struct RefundCharge(pub Wish);

impl RefundCharge {
    /// Gives the money back.
    ///
    /// # Errors
    /// As [`Create::decide`].
    pub fn decide(self, case: &mut Case<'_>, id: &Ref<ChargeId>) -> Result<Answer, Halt> {
        let charge = find(case, id)?;
        give_back(case, charge, self.0)?;
        Ok(Answer::shown(case.get::<Charge>(charge)?))
    }
}

/// The charge of this id. Stripe looks for it as if it stood in the path (recorded: 404 and
/// `id`), also where a parameter names it.
fn find(case: &Case<'_>, charge: &Ref<ChargeId>) -> Result<ChargeId, Halt> {
    charge.find::<Charge>(case, Noun::Charge, Place::Path).map(|charge| charge.id)
}

fn belonging(
    case: &Case<'_>,
    charge: &Ref<ChargeId>,
    intent: &PaymentIntent,
) -> Result<ChargeId, Halt> {
    let charge: Charge = charge.find(case, Noun::Charge, Place::Path)?;
    if charge.payment_intent != intent.id {
        return Err(Why::Refund(RefundRefused::ChargeOfOtherIntent {
            charge: charge.id,
            intent: intent.id,
        })
        .into());
    }
    Ok(charge.id)
}

/// The charge that paid the intent, or holds its money.
fn paying(intent: &PaymentIntent) -> Result<ChargeId, Why> {
    match intent.state {
        State::Succeeded { charge, .. } | State::RequiresCapture { charge, .. } => Ok(charge),
        State::RequiresPaymentMethod
        | State::RequiresConfirmation { .. }
        | State::RequiresAction { .. }
        | State::Canceled { .. } => Err(Why::Refund(RefundRefused::NothingToRefund(intent.id))),
    }
}
