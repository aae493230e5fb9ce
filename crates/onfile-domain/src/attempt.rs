//! Attempts, and the questions to the customer's bank that they may wait for.

use crate::gateway::Pending;
use crate::id::{
    AgreementId, AgreementUseId, AttemptId, AuthenticationId, ChargeId, PaymentIntentId,
    PaymentMethodId, SetupAttemptId, SetupIntentId,
};
use crate::money::Money;
use crate::time::WorldTime;
use crate::words::words;

pub mod challenge;
pub mod lost;

/// Whose attempt or authentication it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A payment.
    Payment(PaymentIntentId),
    /// An increment of a payment's hold; its attempt names the charge that it would raise.
    Increment(PaymentIntentId),
    /// A set-up.
    Setup(SetupIntentId),
    /// The card check of an attach.
    Method(PaymentMethodId),
}

/// One try to move money or to save a card, with the trace of its rules. On the remote road it
/// is written down before the network hears of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// `att_…`.
    pub id: AttemptId,
    /// When it was made.
    pub created: WorldTime,
    /// Whose it is.
    pub subject: Subject,
    /// The method tried.
    pub payment_method: PaymentMethodId,
    /// What was asked for.
    pub amount: Option<Money>,
    /// Where it stands.
    pub state: AttemptState,
    /// The ids of the rules that fired, in order (`card-network.md` 6.3).
    pub trace: Vec<String>,
    /// What stands beside the trace: `mit.no_nti`, and `issuer.anomaly` where a bank asked for its
    /// customer once more after it had seen them (`card-network.md` 7.1).
    pub warnings: Vec<String>,
    /// The charge it made.
    pub charge: Option<ChargeId>,
}

words! {
    /// Where an attempt stands.
    AttemptState {
        /// On the wire, or lost with it.
        Sent = "sent",
        /// Answered.
        Done = "done",
        /// No answer came: a reversal is owed until acknowledged (`card-network.md` T1).
        Reversing = "reversing",
        /// The reversal was acknowledged.
        Reversed = "reversed",
    }
    /// Where a question to the customer's bank stands.
    AuthenticationState {
        /// The customer has not answered.
        Open = "open",
        /// Passed; manual confirmation still has to use it.
        Passed = "passed",
        /// Answered, expired or replaced.
        Closed = "closed",
    }
}

/// A question to the customer's bank whether the customer is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authentication {
    /// `payatt_…`; the challenge page is found by it.
    pub id: AuthenticationId,
    /// When it was asked.
    pub created: WorldTime,
    /// Whose it is.
    pub subject: Subject,
    /// The method tried.
    pub payment_method: PaymentMethodId,
    /// The set-up attempt that waits for it.
    pub setup_attempt: Option<SetupAttemptId>,
    /// What the gateway needs to go on.
    pub pending: Pending,
    /// Where the customer goes afterwards; `None` where the SDK handles the action.
    pub return_url: Option<String>,
    /// Guards the page: 24 random characters.
    pub secret: String,
    /// Where it stands.
    pub state: AuthenticationState,
}

/// One charge made under an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementUse {
    /// `agu_…`.
    pub id: AgreementUseId,
    /// When it was charged.
    pub created: WorldTime,
    /// The agreement charged under.
    pub agreement: AgreementId,
    /// The charge.
    pub charge: ChargeId,
    /// The network's id of it, which a connector may need for the next.
    pub network_transaction_id: Option<String>,
}
