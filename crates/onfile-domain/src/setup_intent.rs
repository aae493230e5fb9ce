//! One wish to save a payment method for later (`stripe-api.md` 4).

use crate::agreement::Usage;
use crate::card::Brand;
use crate::contact::Metadata;
use crate::failure::Failure;
use crate::gateway::{Soft, ThreeDSecure};
use crate::id::{AttemptId, CustomerId, PaymentMethodId, SetupAttemptId, SetupIntentId};
use crate::payment_intent::{CardOptions, MethodTypes, NextAction};
use crate::payment_method::Card;
use crate::time::WorldTime;
use crate::words::words;

pub mod cancel;
pub mod confirm;
pub mod create;
pub mod update;

/// A setup intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupIntent {
    /// `seti_…`.
    pub id: SetupIntentId,
    /// The random end of its client secret: 31 characters.
    pub secret: String,
    /// When it was made.
    pub created: WorldTime,
    /// Where it stands.
    pub state: SetupState,
    /// The attempt that is on the wire.
    pub inflight: Option<AttemptId>,
    /// Whose the method will be.
    pub customer: Option<CustomerId>,
    /// What the method is saved for.
    pub usage: Usage,
    /// What may be saved.
    pub methods: MethodTypes,
    /// `payment_method_options[card]`.
    pub card_options: CardOptions,
    /// The currency of `mandate_options`, lower case.
    pub mandate_currency: Option<String>,
    /// The newest confirmation.
    pub latest_attempt: Option<SetupAttemptId>,
    /// Why the last attempt failed; cleared by the next successful update or confirm.
    pub last_setup_error: Option<Failure>,
    /// A soft decline remembered until an approval.
    pub soft: Option<Soft>,
    /// `attach_to_self`, shown only when given; inert without other accounts.
    pub attach_to_self: Option<bool>,
    /// `flow_directions`: kept and shown.
    pub flow_directions: Option<Vec<String>>,
    /// The account's words.
    pub description: Option<String>,
    /// The caller's notes.
    pub metadata: Metadata,
}

/// Where a setup intent stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetupState {
    /// No method, or the last one failed.
    RequiresPaymentMethod,
    /// A method, not confirmed.
    RequiresConfirmation {
        /// What will be saved.
        method: PaymentMethodId,
    },
    /// The customer is asked to prove that they are there.
    RequiresAction {
        /// What will be saved.
        method: PaymentMethodId,
        /// What the customer is to do.
        action: NextAction,
    },
    /// Saved.
    Succeeded {
        /// What was saved.
        method: PaymentMethodId,
    },
    /// Given up.
    Canceled {
        /// Why, if anybody said.
        reason: Option<SetupCancelReason>,
        /// The method it would have saved.
        method: Option<PaymentMethodId>,
    },
}

words! {
    /// Why a setup intent was given up.
    SetupCancelReason {
        /// The customer left.
        Abandoned = "abandoned",
        /// Made twice.
        Duplicate = "duplicate",
        /// The customer asked.
        RequestedByCustomer = "requested_by_customer",
    }
    /// What became of one confirmation.
    SetupAttemptStatus {
        /// A newer confirm took its place.
        Abandoned = "abandoned",
        /// It failed.
        Failed = "failed",
        /// The customer is being asked.
        RequiresAction = "requires_action",
        /// The method was saved.
        Succeeded = "succeeded",
    }
}

/// One confirmation of a setup intent (`stripe-api.md` 4.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupAttempt {
    /// `setatt_…`.
    pub id: SetupAttemptId,
    /// When it was confirmed.
    pub created: WorldTime,
    /// Whose attempt.
    pub setup_intent: SetupIntentId,
    /// Copied from the intent, like what follows.
    pub customer: Option<CustomerId>,
    /// The method that was tried.
    pub payment_method: PaymentMethodId,
    /// The card as it was then.
    pub card: Card,
    /// The network it went over, where that isn't the card's own brand: a co-branded card has two.
    pub other_network: Option<Brand>,
    /// What became of it.
    pub status: SetupAttemptStatus,
    /// Why it failed.
    pub error: Option<Failure>,
    /// How the customer was authenticated, where it was tried.
    pub three_d_secure: Option<ThreeDSecure>,
    /// Mail or telephone order, shown only when asked for.
    pub moto: bool,
    /// What it was saved for.
    pub usage: Usage,
    /// Copied from the intent.
    pub attach_to_self: Option<bool>,
    /// Copied from the intent.
    pub flow_directions: Option<Vec<String>>,
}

impl SetupState {
    /// The wire's word.
    pub fn status(&self) -> &'static str {
        match self {
            SetupState::RequiresPaymentMethod => "requires_payment_method",
            SetupState::RequiresConfirmation { .. } => "requires_confirmation",
            SetupState::RequiresAction { .. } => "requires_action",
            SetupState::Succeeded { .. } => "succeeded",
            SetupState::Canceled { .. } => "canceled",
        }
    }
}

impl SetupIntent {
    /// The method it holds.
    pub fn payment_method(&self) -> Option<PaymentMethodId> {
        match &self.state {
            SetupState::RequiresPaymentMethod => None,
            SetupState::RequiresConfirmation { method }
            | SetupState::RequiresAction { method, .. }
            | SetupState::Succeeded { method } => Some(*method),
            SetupState::Canceled { method, .. } => *method,
        }
    }

    /// `seti_…_secret_…`.
    pub fn client_secret(&self) -> String {
        format!("{}_secret_{}", self.id, self.secret)
    }
}
