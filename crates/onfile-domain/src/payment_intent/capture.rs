//! Takes what an authorization holds: all of it, or part, and lets the rest go
//! (`stripe-api.md` 2.6, `card-network.md` T10).

use crate::balance_transaction::CapturedCharge;
use crate::case::{Case, Halt};
use crate::charge::{Charge, ChargeResult};
use crate::command::{Answer, MetadataPatch, Patch, Ref};
use crate::event::EventType;
use crate::id::{BalanceTransactionId, PaymentIntentId};
use crate::money::Money;
use crate::network::Followup;
use crate::payment_intent::amount;
use crate::payment_intent::update::{carrying, refuse_while_locked};
use crate::payment_intent::{PaymentIntent, State};
use crate::refusal::{Noun, Place, Why};
use crate::time::WorldTime;

/// A capture.
#[derive(Debug, Clone, Default)]
pub struct Capture {
    /// In minor units; `None` takes everything that is held.
    pub amount: Option<i64>,
    /// The caller's notes, merged into the intent's.
    pub metadata: MetadataPatch,
    /// Behind the account's prefix on the statement.
    pub statement_descriptor_suffix: Patch<String>,
}

impl Capture {
    /// Takes the money.
    ///
    /// # Errors
    /// A refusal changes nothing and carries the intent.
    pub fn decide(self, case: &mut Case<'_>, id: &Ref<PaymentIntentId>) -> Result<Answer, Halt> {
        let intent: PaymentIntent = id.find(case, Noun::PaymentIntent, Place::Path)?;
        refuse_while_locked(&intent)?;
        self.take(case, intent.clone()).map_err(|halt| carrying(halt, &intent))
    }

    fn take(self, case: &mut Case<'_>, mut intent: PaymentIntent) -> Result<Answer, Halt> {
        let (method, charge, expires_at) = match intent.state {
            State::RequiresCapture { method, charge, expires_at } => (method, charge, expires_at),
            State::Succeeded { .. } => return Err(Why::CaptureSucceeded.into()),
            State::RequiresPaymentMethod
            | State::RequiresConfirmation { .. }
            | State::RequiresAction { .. }
            | State::Canceled { .. } => return Err(Why::CaptureStatus(intent.status()).into()),
        };
        if case.now() >= expires_at {
            // Whatever the clock's worker has got to: the issuer let it go.
            return Err(Why::CaptureExpired.into());
        }
        let taken = Money::new(self.amount.unwrap_or(intent.amount.minor), intent.amount.currency);
        if taken.minor < 1 {
            return Err(Why::CaptureTooSmall { asked: taken.minor }.into());
        }
        if !intent.amount.covers(taken) {
            return Err(Why::CaptureTooLarge.into());
        }
        amount::check_steps(taken, "amount_to_capture")?;
        self.metadata.apply(&mut intent.metadata)?;
        let mut charge: Charge = case.get(charge)?;
        if !self.statement_descriptor_suffix.is_absent() {
            self.statement_descriptor_suffix.apply(&mut intent.statement_descriptor_suffix);
            // What is presented is what the cardholder reads.
            charge.statement_descriptor_suffix.clone_from(&intent.statement_descriptor_suffix);
        }
        let now = case.now();
        let taking = Taking { shown_at: now, capture_before: Some(expires_at) };
        take_money(case, &mut charge, taken, taking);
        case.put(charge.clone());
        case.follow_up(Followup::Capture { charge: charge.id, method, amount: taken });
        let rest = intent.amount.minus(taken);
        if rest.minor > 0 {
            case.follow_up(Followup::Reverse { charge: charge.id, method, amount: rest });
        }
        intent.state = State::Succeeded { method, charge: charge.id, received: taken };
        case.put(intent.clone());
        case.tell(EventType::ChargeCaptured, charge);
        case.tell(EventType::PaymentIntentSucceeded, intent.clone());
        Ok(Answer::shown(intent))
    }
}

/// How money is taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taking {
    /// From when the movement is shown.
    pub shown_at: WorldTime,
    /// The end of the hold that it is taken from, where there was one.
    pub capture_before: Option<WorldTime>,
}

/// Books money that a charge takes of what its issuer holds. To take it of anything else, or more
/// than was authorized, is our bug, so it panics.
pub(super) fn take_money(case: &mut Case<'_>, charge: &mut Charge, taken: Money, taking: Taking) {
    match charge.result {
        ChargeResult::Held { .. } => {}
        ChargeResult::Released { .. }
        | ChargeResult::Captured { .. }
        | ChargeResult::Failed { .. } => panic!("nothing is held for {}", charge.id),
    }
    assert!(charge.amount.covers(taken), "{taken:?} of {:?} for {}", charge.amount, charge.id);
    let movement = CapturedCharge {
        id: case.mint.id(BalanceTransactionId::new),
        at: case.now(),
        charge: charge.id,
        taken,
        description: charge.description.clone(),
        account_country: case.account().country,
        card_country: charge.card.facts.country,
        effect: charge.card.facts.effect,
        settles_in: case.account().default_currency,
    }
    .movement();
    charge.result = ChargeResult::Captured {
        amount: taken.minor,
        refunded: 0,
        refunding: 0,
        balance_transaction: movement.id,
        shown_at: taking.shown_at,
        capture_before: taking.capture_before,
    };
    case.put(movement);
}
