//! Money that an issuer holds for an intent, taken out of the intent's state and put back.

use crate::case::{Case, Halt};
use crate::charge::Charge;
use crate::id::{ChargeId, PaymentMethodId};
use crate::money::Money;
use crate::payment_intent::{PaymentIntent, State};
use crate::time::WorldTime;

/// Money that the issuer holds for an intent ([`State::RequiresCapture`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// What pays.
    pub method: PaymentMethodId,
    /// The charge that holds it.
    pub charge: ChargeId,
    /// When it ends.
    pub expires_at: WorldTime,
    /// How much can still be taken.
    pub capturable: Money,
    /// How much was taken so far.
    pub received: Money,
}

impl Hold {
    /// What the issuer has authorized: what was taken and what can be.
    pub fn total(&self) -> Money {
        self.received.plus(self.capturable)
    }

    /// The charge that holds it. Rows that make no sense together move no money: that is our bug,
    /// so it panics.
    ///
    /// # Errors
    /// [`Halt::Need`] while it isn't loaded.
    pub(super) fn charge(&self, case: &Case<'_>) -> Result<Charge, Halt> {
        let charge: Charge = case.get(self.charge)?;
        assert!(charge.is_held(), "nothing is held for {}", charge.id);
        assert_eq!(charge.authorized(), self.total(), "held for {}", charge.id);
        assert_eq!(charge.captured(), self.received, "taken for {}", charge.id);
        Ok(charge)
    }

    /// The state of an intent with this hold.
    pub fn state(self) -> State {
        let Hold { method, charge, expires_at, capturable, received } = self;
        State::RequiresCapture { method, charge, expires_at, capturable, received }
    }
}

impl PaymentIntent {
    /// Its hold, where the issuer has one for it.
    pub fn hold(&self) -> Option<Hold> {
        match self.state {
            State::RequiresCapture { method, charge, expires_at, capturable, received } => {
                Some(Hold { method, charge, expires_at, capturable, received })
            }
            State::RequiresPaymentMethod
            | State::RequiresConfirmation { .. }
            | State::RequiresAction { .. }
            | State::Succeeded { .. }
            | State::Canceled { .. } => None,
        }
    }
}
