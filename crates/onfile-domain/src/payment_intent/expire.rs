//! What the world's clock ends: holds that nobody captured, and movements that come to light.

use crate::case::{Case, Halt};
use crate::charge::{Charge, ChargeResult};
use crate::event::EventType;
use crate::payment_intent::{CancelReason, PaymentIntent, cancel, capture};
use crate::time::WorldTime;

/// Ends a hold that outlived its validity (`card-network.md` T11): the intent is canceled, or paid
/// where part of the hold was captured.
///
/// # Errors
/// Only [`Halt::Need`].
pub fn expire_hold(case: &mut Case<'_>, intent: u64) -> Result<(), Halt> {
    let now = case.now();
    expire_hold_by(case, intent, now)
}

/// The same by another clock than the world's: its customer's test clock.
///
/// # Errors
/// Only [`Halt::Need`].
pub(crate) fn expire_hold_by(case: &mut Case<'_>, intent: u64, by: WorldTime) -> Result<(), Halt> {
    let Some(mut intent) = case.by_seq::<PaymentIntent>(intent)? else { return Ok(()) };
    let Some(hold) = intent.hold().filter(|hold| by >= hold.expires_at) else {
        return Ok(());
    };
    if hold.received.minor() > 0 {
        return capture::close(case, intent, hold).map(drop);
    }
    let charge = cancel::release(case, hold.charge, hold.method)?;
    case.tell(EventType::ChargeExpired, charge);
    cancel::close(case, &mut intent, Some(CancelReason::Expired));
    Ok(())
}

/// Tells that a charge's balance transaction is there (`stripe-api.md` 8.3): the charge shows it
/// from this moment on by itself.
///
/// # Errors
/// Only [`Halt::Need`].
pub fn show_balance_transaction(case: &mut Case<'_>, charge: u64) -> Result<(), Halt> {
    let Some(charge) = case.by_seq::<Charge>(charge)? else { return Ok(()) };
    let ChargeResult::Captured { shown_at, .. } = charge.result else { return Ok(()) };
    let mut before = charge.clone();
    if let ChargeResult::Captured { shown_at: hidden_until, .. } = &mut before.result {
        // As the charge was shown a moment ago: without its movement.
        *hidden_until = shown_at.plus(i64::from(u32::MAX));
    }
    case.tell_change(EventType::ChargeUpdated, &before, &charge);
    Ok(())
}
