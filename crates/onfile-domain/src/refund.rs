//! Money given back (`stripe-api.md` 6.6).
//!
//! A refund of a card counts at once: its charge says so, and the account's money has moved,
//! while the network's part is still open. Two seconds later the network is done, and names the
//! credit ([`settle`]). Two test cards show the rest: a refund that is pending until then, and one
//! whose bank sends the money back (`stripe-api.md` 5.5).

use crate::contact::Metadata;
use crate::id::{
    BalanceTransactionId, ChargeId, CustomerId, PaymentIntentId, PaymentMethodId, RefundId,
};
use crate::money::Money;
use crate::time::WorldTime;
use crate::words::words;

mod books;
pub mod cancel;
pub mod create;
mod give_back;
pub mod settle;
pub mod update;

pub use give_back::{Wish, give_back};

/// A refund of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// `re_…`.
    pub id: RefundId,
    /// When it was asked for.
    pub created: WorldTime,
    /// How much is given back.
    pub amount: Money,
    /// Where it stands.
    pub state: RefundState,
    /// The charge whose money it is.
    pub charge: ChargeId,
    /// The charge's intent.
    pub payment_intent: PaymentIntentId,
    /// The card that gets it.
    pub payment_method: PaymentMethodId,
    /// The charge's customer.
    pub customer: Option<CustomerId>,
    /// Why, if the caller says.
    pub reason: Option<RefundReason>,
    /// Where instructions would go; a card needs none.
    pub instructions_email: Option<String>,
    /// The caller's notes.
    pub metadata: Metadata,
}

/// Where a refund stands. `requires_action` and `canceled` don't happen to cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundState {
    /// It does not count yet: nothing has moved.
    Pending {
        /// What it waits for.
        why: PendingReason,
    },
    /// The money has left the account.
    Succeeded {
        /// The movement of the account's money.
        balance_transaction: BalanceTransactionId,
        /// The acquirer's number of the credit, 16 digits; `None` until the network is done.
        reference: Option<String>,
    },
    /// The money came back.
    Failed {
        /// Why.
        why: RefundFailure,
        /// The movement that took the money out.
        balance_transaction: BalanceTransactionId,
        /// The one that brought it back.
        failure_balance_transaction: BalanceTransactionId,
    },
}

words! {
    /// Why money is given back.
    RefundReason {
        /// The payment was made twice.
        Duplicate = "duplicate",
        /// The payment was fraud.
        Fraudulent = "fraudulent",
        /// The customer asked.
        RequestedByCustomer = "requested_by_customer",
    }
    /// What a pending refund waits for.
    PendingReason {
        /// The network.
        Processing = "processing",
    }
    /// Why money could not be given back.
    RefundFailure {
        /// The card is no longer good.
        ExpiredOrCanceledCard = "expired_or_canceled_card",
    }
}

impl Refund {
    /// The wire's status.
    pub fn status(&self) -> &'static str {
        match self.state {
            RefundState::Pending { .. } => "pending",
            RefundState::Succeeded { .. } => "succeeded",
            RefundState::Failed { .. } => "failed",
        }
    }
}

#[cfg(test)]
mod tests;
