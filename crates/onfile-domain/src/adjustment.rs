//! An order's new total, and how it was reached. Ours, beyond Stripe's API
//! (`/onfile/v1/adjustments`): what each merchant writes by hand on top of payment intents.
//!
//! An order is a payment intent and the payments that adjustments made beside it. An adjustment
//! keeps what was planned and what it made; where it stands, and what the order has paid, follows
//! from the payments themselves ([`report`]), so that a confirm, a capture, a refund or a restart
//! that concerns one of them needs to write nothing here.

use crate::contact::{Metadata, Shipping};
use crate::failure::Failure;
use crate::id::{AdjustmentId, PaymentIntentId, RefundId};
use crate::money::Money;
use crate::time::WorldTime;
use crate::words::words;

pub mod create;
mod order;
pub mod plan;
pub mod preview;
pub mod report;

use plan::{Move, Plan};

/// An adjustment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// `adj_…`.
    pub id: AdjustmentId,
    /// When it was made.
    pub created: WorldTime,
    /// The order's first payment.
    pub payment_intent: PaymentIntentId,
    /// Counts the order's adjustments. Their ids may stand in another order, for of two at once
    /// the first to be committed need not be the first to be asked for.
    pub number: i64,
    /// The new total.
    pub amount: Money,
    /// The road to it.
    pub plan: Plan,
    /// What became of the hold that it raises.
    pub raise: Option<Raise>,
    /// The payment that it made: the difference.
    pub made: Option<PaymentIntentId>,
    /// The refunds that it made.
    pub refunds: Vec<RefundId>,
    /// What the total is the sum of, where the caller said.
    pub lines: Option<Lines>,
    /// Where the goods go from here on, where that changed.
    pub shipping: Option<Shipping>,
    /// Why, in the caller's words.
    pub reason: Option<String>,
    /// The caller's notes.
    pub metadata: Metadata,
}

/// What became of a hold that was to be raised.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "an adjustment has one at most")]
pub enum Raise {
    /// The bank is asked.
    Asked,
    /// It holds the new total.
    Held,
    /// It holds what it held before.
    Refused(Failure),
}

/// What a total is the sum of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines {
    /// The things ordered.
    pub items: Vec<LineItem>,
    /// What sending them costs.
    pub shipping_cost: i64,
    /// Taxes on all of it.
    pub tax: i64,
}

/// One thing ordered, so many times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineItem {
    /// How many.
    pub quantity: i64,
    /// What one costs; negative for a discount.
    pub unit_amount: i64,
}

impl Adjustment {
    /// Whether it raises this payment's hold.
    pub(crate) fn raises(&self, payment: PaymentIntentId) -> bool {
        self.plan.moves.iter().any(|step| match step {
            Move::Increment { intent, .. } => *intent == payment,
            Move::Update { .. }
            | Move::Lower { .. }
            | Move::Release { .. }
            | Move::Authorize { .. }
            | Move::Charge { .. }
            | Move::Refund { .. } => false,
        })
    }
}

impl Lines {
    /// The sum; `None` where no amount is that large.
    pub fn total(&self) -> Option<i64> {
        let rest = self.shipping_cost.checked_add(self.tax)?;
        self.items.iter().try_fold(rest, |sum, item| {
            sum.checked_add(item.quantity.checked_mul(item.unit_amount)?)
        })
    }
}

words! {
    /// Where an adjustment stands.
    Status {
        /// The order stands at the new total, or did when this was done.
        Succeeded = "succeeded",
        /// The customer has to confirm the payment that it made.
        RequiresCustomer = "requires_customer",
        /// The bank said no, or sent what was given back.
        Declined = "declined",
        /// An answer of the network is open, or a refund is on its way.
        Processing = "processing",
    }
}
