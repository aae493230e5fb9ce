//! One message of a payment to the issuer, and what came of it (`stripe-api.md` 6.1–6.3).

use crate::card::{Brand, CardFacts, Expiry};
use crate::contact::{BillingDetails, Metadata, Shipping};
use crate::decline::Decline;
use crate::gateway::ThreeDSecure;
use crate::id::{BalanceTransactionId, ChargeId, CustomerId, PaymentIntentId, PaymentMethodId};
use crate::money::Money;
use crate::payment_intent::CredentialUsage;
use crate::payment_method::Checks;
use crate::time::WorldTime;
use crate::words::words;

pub mod terms;
pub mod update;

pub use terms::HoldTerms;

/// A charge. It exists when a message was sent to the issuer, or when we blocked one
/// (`card-network.md` 6.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// `ch_…`.
    pub id: ChargeId,
    /// When the message was sent.
    pub created: WorldTime,
    /// What was asked for; an increment raises it to the new total, and a capture of more than was
    /// held to what was taken.
    pub amount: Money,
    /// What came of it.
    pub result: ChargeResult,
    /// What may be done with its hold, and what was.
    pub terms: HoldTerms,
    /// The intent that it belongs to.
    pub payment_intent: PaymentIntentId,
    /// The method charged; kept on failures too.
    pub payment_method: PaymentMethodId,
    /// Copied from the intent when the charge is made, like what follows.
    pub customer: Option<CustomerId>,
    /// Copied from the payment method.
    pub billing_details: BillingDetails,
    /// The account's words.
    pub description: Option<String>,
    /// A snapshot of the intent's notes.
    pub metadata: Metadata,
    /// Where a receipt would go.
    pub receipt_email: Option<String>,
    /// Where goods go.
    pub shipping: Option<Shipping>,
    /// Behind the account's prefix on the cardholder's statement.
    pub statement_descriptor_suffix: Option<String>,
    /// The caller's name for a group of payments.
    pub transfer_group: Option<String>,
    /// The account's word on whether this was fraud.
    pub user_report: Option<FraudReport>,
    /// How risky it looked.
    pub risk: ChargeRisk,
    /// The card as it was then.
    pub card: ChargedCard,
}

/// What came of a charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChargeResult {
    /// The issuer holds the money; it may be taken until `capture_before`.
    Held {
        /// When the hold ends.
        capture_before: WorldTime,
    },
    /// The hold was let go: canceled or expired.
    Released {
        /// When the hold would have ended.
        capture_before: WorldTime,
    },
    /// Part of a hold was taken, and more may be (multicapture).
    PartlyCaptured {
        /// How much so far, in the charge's currency.
        amount: i64,
        /// The movement of the newest capture; those before it are in the terms.
        balance_transaction: BalanceTransactionId,
        /// When the hold ends.
        capture_before: WorldTime,
    },
    /// Money was taken.
    Captured {
        /// How much, in the charge's currency.
        amount: i64,
        /// Given back since.
        refunded: i64,
        /// On its way back: it counts as given back when it has arrived, and can't be given back
        /// a second time meanwhile.
        refunding: i64,
        /// The movement of the account's money; of several captures, the newest one's.
        balance_transaction: BalanceTransactionId,
        /// From when the movement is shown: a moment later under `automatic_async`.
        shown_at: WorldTime,
        /// The hold's end where there was one: it stays on the wire.
        capture_before: Option<WorldTime>,
    },
    /// The issuer said no, or we didn't ask it.
    Failed {
        /// Why.
        decline: Decline,
        /// Whether the issuer said it or we did.
        by: FailedBy,
    },
}

words! {
    /// Who refused a charge.
    FailedBy {
        /// The issuer.
        Issuer = "issuer",
        /// We: the message was not sent.
        Blocked = "blocked",
    }
    /// The account's word on fraud.
    FraudReport {
        /// It was fraud.
        Fraudulent = "fraudulent",
        /// It was not.
        Safe = "safe",
    }
}

/// How risky a charge looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChargeRisk {
    /// 0 to 99.
    pub score: i64,
    /// The score in words.
    pub level: crate::card::Risk,
}

/// What `payment_method_details.card` shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargedCard {
    /// What the BIN table said.
    pub facts: CardFacts,
    /// The network it went over, where that isn't the card's own brand: a co-branded card has two.
    pub other_network: Option<Brand>,
    /// The expiry that was sent.
    pub expiry: Expiry,
    /// The card's fingerprint.
    pub fingerprint: String,
    /// What the issuer checked in this message.
    pub checks: Checks,
    /// DE38; on issuer declines too.
    pub authorization_code: Option<String>,
    /// The network's id of this message.
    pub network_transaction_id: Option<String>,
    /// The electronic commerce indicator that was sent.
    pub eci: Option<String>,
    /// How the customer was authenticated, where it was tried.
    pub three_d_secure: Option<ThreeDSecure>,
    /// Mail or telephone order; shown only when asked for.
    pub moto: bool,
    /// The usage declared when the card was saved by this charge.
    pub setup_credential_usage: Option<CredentialUsage>,
    /// The usage declared when a saved card was charged.
    pub stored_credential_usage: Option<CredentialUsage>,
}

impl Charge {
    /// What was taken and is neither given back nor on its way; `None` where nothing was taken, or
    /// not yet the last of it.
    pub fn refundable(&self) -> Option<i64> {
        match self.result {
            ChargeResult::Captured { amount, refunded, refunding, .. } => {
                Some(amount - refunded - refunding)
            }
            ChargeResult::Held { .. }
            | ChargeResult::PartlyCaptured { .. }
            | ChargeResult::Released { .. }
            | ChargeResult::Failed { .. } => None,
        }
    }

    /// Whether a hold or a capture stands behind it.
    pub fn is_paid(&self) -> bool {
        !matches!(self.result, ChargeResult::Failed { .. })
    }

    /// Whether the issuer holds money for it that can still be taken.
    pub fn is_held(&self) -> bool {
        match self.result {
            ChargeResult::Held { .. } | ChargeResult::PartlyCaptured { .. } => true,
            ChargeResult::Captured { .. }
            | ChargeResult::Released { .. }
            | ChargeResult::Failed { .. } => false,
        }
    }

    /// The movement that it shows: of several captures, the newest one's.
    pub fn movement(&self) -> Option<BalanceTransactionId> {
        match self.result {
            ChargeResult::PartlyCaptured { balance_transaction, .. }
            | ChargeResult::Captured { balance_transaction, .. } => Some(balance_transaction),
            ChargeResult::Held { .. }
            | ChargeResult::Released { .. }
            | ChargeResult::Failed { .. } => None,
        }
    }

    /// The movements of all its captures, oldest first.
    pub fn movements(&self) -> impl Iterator<Item = BalanceTransactionId> + '_ {
        self.terms.earlier.iter().copied().chain(self.movement())
    }

    /// How much was taken so far, refunds not counted.
    pub fn captured(&self) -> Money {
        let taken = match self.result {
            ChargeResult::PartlyCaptured { amount, .. } | ChargeResult::Captured { amount, .. } => {
                amount
            }
            ChargeResult::Held { .. }
            | ChargeResult::Released { .. }
            | ChargeResult::Failed { .. } => 0,
        };
        self.in_its_currency(taken)
    }

    /// What the issuer authorized in all: what was asked for, unless the hold was lowered or more
    /// than it was taken.
    pub fn authorized(&self) -> Money {
        self.in_its_currency(self.terms.authorized.unwrap_or(self.amount.minor()))
    }

    /// The most that the first and only capture may take.
    pub fn most_capturable(&self) -> Money {
        let authorized = self.authorized();
        if self.terms.overcapture { terms::overcapture_limit(authorized) } else { authorized }
    }

    /// So many minor units of its currency.
    pub fn in_its_currency(&self, minor: i64) -> Money {
        Money::new(minor, self.amount.currency)
    }
}
