//! Takes what an authorization holds: all of it, or part, and lets the rest go; or part, and the
//! rest stays (multicapture); or more than it holds (overcapture) (`stripe-api.md` 2.6,
//! `card-network.md` 8.2, T10).
//!
//! Each capture is a presentment with a movement of its own; the charge shows the newest one, and
//! all of them are found by their source. Each pays the whole fee, the fixed part too. A capture
//! that is not the last leaves the intent at `requires_capture` even where nothing is left to take:
//! the last one says that it is.

use crate::balance;
use crate::balance_transaction::CapturedCharge;
use crate::case::{Case, Halt};
use crate::charge::{Charge, ChargeResult, terms};
use crate::command::{Answer, MetadataPatch, Patch, Ref};
use crate::event::EventType;
use crate::id::{BalanceTransactionId, PaymentIntentId};
use crate::money::Money;
use crate::network::Followup;
use crate::payment_intent::amount;
use crate::payment_intent::update::{carrying, refuse_while_locked};
use crate::payment_intent::{Hold, PaymentIntent, State, Status};
use crate::refusal::{HoldRefused, Noun, Place, Why};
use crate::time::WorldTime;

/// A capture.
#[derive(Debug, Clone, Default)]
pub struct Capture {
    /// In minor units; `None` takes everything that can be taken.
    pub amount: Option<i64>,
    /// Whether it is the last.
    pub finality: Finality,
    /// The caller's notes, merged into the intent's.
    pub metadata: MetadataPatch,
    /// Behind the account's prefix on the statement.
    pub statement_descriptor_suffix: Patch<String>,
}

/// Whether a capture is the last of its hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Finality {
    /// What it doesn't take is let go.
    #[default]
    Final,
    /// What it doesn't take stays held.
    MoreToCome,
}

impl Capture {
    /// Takes the money.
    ///
    /// # Errors
    /// A refusal changes nothing and carries the intent.
    pub fn decide(self, case: &mut Case<'_>, id: &Ref<PaymentIntentId>) -> Result<Answer, Halt> {
        let intent: PaymentIntent = id.find(case, Noun::PaymentIntent, Place::Path)?;
        refuse_while_locked(&intent)?;
        self.go(case, intent.clone()).map_err(|halt| carrying(halt, &intent))
    }

    fn go(self, case: &mut Case<'_>, mut intent: PaymentIntent) -> Result<Answer, Halt> {
        let mut presentment = allowed(case, &intent, self.amount, self.finality)?;
        self.metadata.apply(&mut intent.metadata)?;
        if !self.statement_descriptor_suffix.is_absent() {
            self.statement_descriptor_suffix.apply(&mut intent.statement_descriptor_suffix);
            // What is presented is what the cardholder reads.
            let shown = &mut presentment.charge.statement_descriptor_suffix;
            shown.clone_from(&intent.statement_descriptor_suffix);
        }
        Ok(Answer::shown(present(case, intent, presentment)))
    }
}

/// Takes `amount` in minor units of an intent's hold, or everything that can be taken, and answers
/// with the intent as it stands after it. For rules that do more in the same decision; they look
/// for an attempt on the wire themselves.
///
/// # Errors
/// Whatever [`Capture::decide`] refuses, without the intent.
pub fn take(
    case: &mut Case<'_>,
    intent: PaymentIntent,
    amount: Option<i64>,
    finality: Finality,
) -> Result<PaymentIntent, Halt> {
    let presentment = allowed(case, &intent, amount, finality)?;
    Ok(present(case, intent, presentment))
}

/// Ends a hold of which something was taken: the rest is let go, and the intent is paid.
///
/// # Errors
/// Only [`Halt::Need`].
pub(super) fn close(
    case: &mut Case<'_>,
    intent: PaymentIntent,
    hold: Hold,
) -> Result<PaymentIntent, Halt> {
    let taken = hold.received.with_minor(0);
    let charge = hold.charge(case)?;
    let presentment = Presentment { hold, charge, taken, finality: Finality::Final };
    Ok(present(case, intent, presentment))
}

/// A capture that the rules allow.
struct Presentment {
    hold: Hold,
    charge: Charge,
    /// Nothing, where it only ends the hold.
    taken: Money,
    finality: Finality,
}

fn allowed(
    case: &Case<'_>,
    intent: &PaymentIntent,
    amount: Option<i64>,
    finality: Finality,
) -> Result<Presentment, Halt> {
    let hold = intent.hold().ok_or_else(|| match intent.status() {
        Status::Succeeded => Why::Hold(HoldRefused::CaptureSucceeded),
        status @ (Status::RequiresPaymentMethod
        | Status::RequiresConfirmation
        | Status::RequiresAction
        | Status::RequiresCapture
        | Status::Canceled) => Why::Hold(HoldRefused::CaptureStatus(status)),
    })?;
    if case.now() >= hold.expires_at {
        // Whatever the clock's worker has got to: the issuer let it go.
        return Err(Why::Hold(HoldRefused::CaptureExpired).into());
    }
    let charge = hold.charge(case)?;
    let taken = hold.capturable.with_minor(amount.unwrap_or(hold.capturable.minor()));
    check(&hold, &charge, taken, finality)?;
    Ok(Presentment { hold, charge, taken, finality })
}

/// Whether this much may be taken.
fn check(hold: &Hold, charge: &Charge, taken: Money, finality: Finality) -> Result<(), Why> {
    let (is_first, is_final) = (hold.received.minor() == 0, finality == Finality::Final);
    // Taking nothing more ends a hold of which something was taken.
    let least = if is_final && !is_first { 0 } else { 1 };
    if taken.minor() < least {
        return Err(Why::Hold(HoldRefused::CaptureTooSmall { asked: taken.minor() }));
    }
    if !is_final && !charge.terms.multicapture {
        return Err(Why::Hold(HoldRefused::MulticaptureUnavailable));
    }
    if taken.minor() > 0 && charge.movements().count() >= terms::CAPTURES {
        return Err(Why::Hold(HoldRefused::TooManyCaptures));
    }
    // Only the first and only capture may go beyond the hold.
    let most = if is_first && is_final { charge.most_capturable() } else { hold.capturable };
    if !most.covers(taken) {
        return Err(Why::Hold(HoldRefused::CaptureTooLarge));
    }
    amount::check_steps(taken, "amount_to_capture")
}

fn present(case: &mut Case<'_>, intent: PaymentIntent, presentment: Presentment) -> PaymentIntent {
    let Presentment { hold, charge, taken, finality } = presentment;
    if taken.minor() > 0 {
        let (method, total) = (hold.method, charge.authorized());
        case.follow_up(Followup::Capture { charge: charge.id, method, amount: taken, total });
    }
    match finality {
        Finality::MoreToCome => take_part(case, intent, charge, hold, taken),
        Finality::Final => take_last(case, intent, charge, hold, taken),
    }
}

/// Takes part and keeps the rest held.
fn take_part(
    case: &mut Case<'_>,
    mut intent: PaymentIntent,
    mut charge: Charge,
    hold: Hold,
    taken: Money,
) -> PaymentIntent {
    let (intent_before, charge_before) = (intent.clone(), charge.clone());
    let received = hold.received.plus(taken);
    charge.result = ChargeResult::PartlyCaptured {
        amount: received.minor(),
        balance_transaction: move_money(case, &mut charge, taken),
        capture_before: hold.expires_at,
    };
    let capturable = hold.capturable.minus(taken);
    intent.state = Hold { capturable, received, ..hold }.state();
    case.put(charge.clone());
    case.put(intent.clone());
    case.tell_change(EventType::ChargeUpdated, &charge_before, &charge);
    let told = EventType::PaymentIntentAmountCapturableUpdated;
    case.tell_change(told, &intent_before, &intent);
    intent
}

/// Takes the last, and lets go of what is left.
fn take_last(
    case: &mut Case<'_>,
    mut intent: PaymentIntent,
    mut charge: Charge,
    hold: Hold,
    taken: Money,
) -> PaymentIntent {
    let received = hold.received.plus(taken);
    let authorized = charge.authorized();
    let balance_transaction = match charge.movement() {
        Some(newest) if taken.minor() == 0 => newest,
        Some(_) | None => move_money(case, &mut charge, taken),
    };
    charge.result = ChargeResult::Captured {
        amount: received.minor(),
        refunded: 0,
        refunding: 0,
        balance_transaction,
        shown_at: case.now(),
        capture_before: Some(hold.expires_at),
    };
    if authorized.covers(received) {
        let rest = authorized.minus(received);
        if rest.minor() > 0 {
            let (charge, method) = (charge.id, hold.method);
            let total = received;
            case.follow_up(Followup::Reverse { charge, method, amount: rest, total });
        }
    } else {
        charge.terms.authorized = Some(authorized.minor());
        if !charge.amount.covers(received) {
            charge.amount = received;
            intent.amount = received;
        }
    }
    intent.state = State::Succeeded { method: hold.method, charge: charge.id, received };
    case.put(charge.clone());
    case.put(intent.clone());
    case.tell(EventType::ChargeCaptured, charge);
    case.tell(EventType::PaymentIntentSucceeded, intent.clone());
    intent
}

/// Books a charge that takes its money at once.
pub(super) fn take_at_once(case: &mut Case<'_>, charge: &mut Charge, shown_at: WorldTime) {
    let balance_transaction = move_money(case, charge, charge.amount);
    charge.result = ChargeResult::Captured {
        amount: charge.amount.minor(),
        refunded: 0,
        refunding: 0,
        balance_transaction,
        shown_at,
        capture_before: None,
    };
}

/// Books money that a charge takes; the movement that was its newest is among the earlier ones.
fn move_money(case: &mut Case<'_>, charge: &mut Charge, taken: Money) -> BalanceTransactionId {
    charge.terms.earlier.extend(charge.movement());
    let movement = CapturedCharge {
        id: case.mint.id(BalanceTransactionId::new),
        at: case.now(),
        charge: charge.id,
        taken,
        before: charge.captured(),
        description: charge.description.clone(),
        account_country: case.account().country,
        card_country: charge.card.facts.country,
        effect: charge.card.facts.effect,
        settles_in: case.account().default_currency,
    }
    .movement();
    let id = movement.id;
    balance::announce(case, &movement);
    case.put(movement);
    id
}
