//! Lowers a hold to a new total (`card-network.md` 8.2, partial reversal): the customer's bank
//! frees the difference at once, and a plain capture takes the new total. The amounts of intent
//! and charge stay what was asked for; `amount_capturable`, and the charge's `amount_authorized`,
//! are what is left.
//!
//! Nobody can refuse it, so nobody is asked: the network is told, like of a cancellation.

use crate::case::{Case, Halt};
use crate::event::EventType;
use crate::money::Money;
use crate::network::Followup;
use crate::payment_intent::{Hold, PaymentIntent};

/// Lowers an intent's hold so that, with what was taken of it, it comes to `total`; answers with
/// the intent as it stands after it. The caller has looked that there is a hold which comes to
/// more ([`PaymentIntent::hold`], [`Hold::total`]) and of which no more than `total` was taken,
/// and that no attempt is on the wire: anything else is our bug, so it panics.
///
/// # Errors
/// Only [`Halt::Need`].
pub fn lower(
    case: &mut Case<'_>,
    mut intent: PaymentIntent,
    total: Money,
) -> Result<PaymentIntent, Halt> {
    let hold = intent.hold().expect("only a hold can be lowered");
    let (before, mut charge) = (intent.clone(), hold.charge(case)?);
    let charge_before = charge.clone();
    let amount = hold.total().minus(total);
    assert!(intent.inflight.is_none(), "an attempt on the wire may change the hold");
    assert!(amount.minor() > 0 && total.covers(hold.received), "{:?} to {total:?}", hold.total());
    charge.terms.authorized = Some(total.minor());
    intent.state = Hold { capturable: total.minus(hold.received), ..hold }.state();
    case.put(charge.clone());
    case.put(intent.clone());
    case.follow_up(Followup::Reverse { charge: charge.id, method: hold.method, amount, total });
    case.tell_change(EventType::PaymentIntentAmountCapturableUpdated, &before, &intent);
    case.tell_change(EventType::ChargeUpdated, &charge_before, &charge);
    Ok(intent)
}
