//! An order as it stands: its payments with their charges, and what adjusted it.

use crate::adjustment::Adjustment;
use crate::adjustment::plan::{Funds, Member, Stand, Taken};
use crate::case::{Case, Halt, Need};
use crate::charge::{Charge, ChargeResult};
use crate::id::PaymentIntentId;
use crate::object::Kind;
use crate::payment_intent::{PaymentIntent, State, increment};
use crate::refund::Refund;
use crate::refusal::Why;
use crate::time::WorldTime;

/// A payment with the newest charge that it made.
#[derive(Debug, Clone)]
pub(super) struct Payment {
    pub(super) intent: PaymentIntent,
    pub(super) charge: Option<Charge>,
}

/// An order.
#[derive(Debug, Clone)]
pub(super) struct Order {
    /// The first payment.
    pub(super) original: Payment,
    /// What adjusted it, oldest first.
    pub(super) adjustments: Vec<Adjustment>,
    /// The payments that adjustments made, oldest first.
    pub(super) others: Vec<Payment>,
    /// The refunds that adjustments made.
    pub(super) refunds: Vec<Refund>,
}

impl Order {
    /// Loads the order of a first payment, as it stands in this decision; `own` is an adjustment
    /// that the decision itself makes.
    pub(super) fn load(
        case: &Case<'_>,
        original: PaymentIntentId,
        own: Option<&Adjustment>,
    ) -> Result<Order, Halt> {
        let mut adjustments =
            case.all::<Adjustment>(Need::Children(Kind::Adjustment, original.seq))?;
        if let Some(own) = own.filter(|own| adjustments.iter().all(|it| it.id != own.id)) {
            adjustments.push(own.clone());
        }
        adjustments.sort_by_key(|it| it.number);
        let others = adjustments.iter().filter_map(|it| it.made);
        let others = others.map(|id| Payment::load(case, id)).collect::<Result<Vec<_>, Halt>>()?;
        let refunds = adjustments.iter().flat_map(|it| &it.refunds);
        let refunds = refunds.map(|id| case.get(*id)).collect::<Result<Vec<_>, Halt>>()?;
        Ok(Order { original: Payment::load(case, original)?, adjustments, others, refunds })
    }

    /// Every payment, the first one first.
    pub(super) fn payments(&self) -> impl Iterator<Item = &Payment> {
        std::iter::once(&self.original).chain(&self.others)
    }

    /// A payment of the order.
    pub(super) fn payment(&self, id: PaymentIntentId) -> Option<&Payment> {
        self.payments().find(|it| it.intent.id == id)
    }

    /// Its money.
    pub(super) fn funds(&self, case: &Case<'_>) -> Funds {
        let (settles_in, now) = (case.account().default_currency, case.now());
        Funds {
            settles_in,
            currency: self.original.intent.amount.currency,
            original: self.original.member(now),
            others: self.others.iter().map(|it| it.member(now)).collect(),
        }
    }

    /// While an attempt of any of its payments is on the wire, nobody knows where the order
    /// stands.
    pub(super) fn refuse_while_locked(&self) -> Result<(), Why> {
        let locked = self.payments().any(|payment| payment.intent.inflight.is_some());
        if locked { Err(Why::Locked) } else { Ok(()) }
    }

    /// Holds the decision to all that it was planned from.
    pub(super) fn rely_on(&self, case: &mut Case<'_>) {
        for payment in self.payments() {
            case.rely_on::<PaymentIntent>(payment.intent.id);
            if let Some(charge) = &payment.charge {
                case.rely_on::<Charge>(charge.id);
            }
        }
    }
}

impl Payment {
    fn load(case: &Case<'_>, id: PaymentIntentId) -> Result<Payment, Halt> {
        let intent: PaymentIntent = case.get(id)?;
        let charge = intent.latest_charge.map(|id| case.get(id)).transpose()?;
        Ok(Payment { intent, charge })
    }

    fn member(&self, now: WorldTime) -> Member {
        let stand = match &self.intent.state {
            State::RequiresPaymentMethod
            | State::RequiresConfirmation { .. }
            | State::RequiresAction { .. } => Stand::Open { amount: self.intent.amount.minor() },
            // Whatever the clock's worker has got to: the issuer let it go.
            State::RequiresCapture { expires_at, received, .. } if now >= *expires_at => {
                let was_taken = received.minor() > 0;
                if was_taken { Stand::Captured(self.taken()) } else { Stand::Canceled }
            }
            State::RequiresCapture { capturable, .. } => Stand::Held {
                capturable: capturable.minor(),
                taken: self.taken(),
                most: self.charge.as_ref().and_then(|charge| {
                    increment::most(&self.intent, charge).map(|most| most.minor())
                }),
            },
            State::Succeeded { .. } => Stand::Captured(self.taken()),
            State::Canceled { .. } => Stand::Canceled,
        };
        Member { intent: self.intent.id, stand }
    }

    fn taken(&self) -> Taken {
        match self.charge.as_ref().map(|charge| &charge.result) {
            // No card is disputed here yet: those that would be are refused by name.
            Some(ChargeResult::Captured { amount, refunded, refunding, .. }) => {
                Taken { captured: *amount, refunded: refunded + refunding, disputed: false }
            }
            Some(ChargeResult::PartlyCaptured { amount, .. }) => {
                Taken { captured: *amount, refunded: 0, disputed: false }
            }
            Some(
                ChargeResult::Held { .. }
                | ChargeResult::Released { .. }
                | ChargeResult::Failed { .. },
            )
            | None => Taken::default(),
        }
    }
}
