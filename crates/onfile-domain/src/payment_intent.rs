//! One wish to be paid, whatever number of attempts it takes (`stripe-api.md` 2).

use crate::agreement::{AgreementKind, MandateOptions, Usage};
use crate::contact::{Metadata, Shipping};
use crate::failure::Failure;
use crate::gateway::{ImportedAuthentication, Soft};
use crate::id::{
    AttemptId, AuthenticationId, ChargeId, CustomerId, PaymentIntentId, PaymentMethodId,
};
use crate::money::Money;
use crate::time::WorldTime;
use crate::words::words;

pub(crate) mod amount;
pub mod cancel;
pub mod capture;
pub mod confirm;
pub mod create;
pub mod expire;
mod hold;
pub mod increment;
pub mod reverse;
pub mod update;

pub use hold::Hold;

/// A payment intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentIntent {
    /// `pi_…`.
    pub id: PaymentIntentId,
    /// The random end of its client secret: 25 characters.
    pub secret: String,
    /// When it was made.
    pub created: WorldTime,
    /// What is to be paid.
    pub amount: Money,
    /// Where it stands.
    pub state: State,
    /// The attempt that is on the wire; while there is one, other writes are refused
    /// (`lock_timeout`) and the intent is shown as it was before.
    pub inflight: Option<AttemptId>,
    /// Who pays.
    pub customer: Option<CustomerId>,
    /// When the money is taken.
    pub capture_method: CaptureMethod,
    /// Who may confirm.
    pub confirmation_method: ConfirmationMethod,
    /// What the card is saved for, if it is.
    pub setup_future_usage: Option<Usage>,
    /// What may pay.
    pub methods: MethodTypes,
    /// `payment_method_options[card]`.
    pub card_options: CardOptions,
    /// The newest charge, a failed one too.
    pub latest_charge: Option<ChargeId>,
    /// Why the last attempt failed; cleared by the next successful update or confirm.
    pub last_payment_error: Option<Failure>,
    /// A soft decline remembered until an approval (`card-network.md` N4).
    pub soft: Option<Soft>,
    /// The account's words.
    pub description: Option<String>,
    /// The caller's notes; copied to each charge when it is made.
    pub metadata: Metadata,
    /// Where a receipt would go.
    pub receipt_email: Option<String>,
    /// Where goods go.
    pub shipping: Option<Shipping>,
    /// Behind the account's prefix on the cardholder's statement.
    pub statement_descriptor_suffix: Option<String>,
    /// The caller's name for a group of payments.
    pub transfer_group: Option<String>,
    /// The first payment of the order whose difference this is: an adjustment made it.
    pub original: Option<PaymentIntentId>,
}

/// Where a payment intent stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// No method, or the last one failed.
    RequiresPaymentMethod,
    /// A method, not confirmed; or manual confirmation after the customer did their part.
    RequiresConfirmation {
        /// What will pay.
        method: PaymentMethodId,
        /// A challenge that the customer passed, waiting for the second confirm of
        /// `confirmation_method=manual`.
        authenticated: Option<AuthenticationId>,
    },
    /// The customer is asked to prove that they are there.
    RequiresAction {
        /// What will pay.
        method: PaymentMethodId,
        /// What the customer is to do.
        action: NextAction,
    },
    /// The issuer holds the money.
    RequiresCapture {
        /// What pays.
        method: PaymentMethodId,
        /// The hold.
        charge: ChargeId,
        /// When the hold ends.
        expires_at: WorldTime,
        /// How much can still be taken of it.
        capturable: Money,
        /// How much was taken so far: nothing, until a capture that is not the last.
        received: Money,
    },
    /// Paid.
    Succeeded {
        /// What paid.
        method: PaymentMethodId,
        /// The charge that took the money.
        charge: ChargeId,
        /// How much was taken.
        received: Money,
    },
    /// Given up.
    Canceled {
        /// When.
        at: WorldTime,
        /// Why, if anybody said.
        reason: Option<CancelReason>,
        /// The method it would have used.
        method: Option<PaymentMethodId>,
    },
}

/// What the customer is to do: answer a challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextAction {
    /// The question that is open.
    pub authentication: AuthenticationId,
    /// Guards its page: 24 random characters.
    pub secret: String,
    /// Where the customer goes afterwards; `None` where the SDK handles the action.
    pub return_url: Option<String>,
}

/// The wire's word for a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// `requires_payment_method`.
    RequiresPaymentMethod,
    /// `requires_confirmation`.
    RequiresConfirmation,
    /// `requires_action`.
    RequiresAction,
    /// `requires_capture`.
    RequiresCapture,
    /// `succeeded`.
    Succeeded,
    /// `canceled`.
    Canceled,
}

impl Status {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::RequiresPaymentMethod => "requires_payment_method",
            Status::RequiresConfirmation => "requires_confirmation",
            Status::RequiresAction => "requires_action",
            Status::RequiresCapture => "requires_capture",
            Status::Succeeded => "succeeded",
            Status::Canceled => "canceled",
        }
    }
}

words! {
    /// When the money is taken.
    CaptureMethod {
        /// At once; the balance transaction is there with the answer.
        Automatic = "automatic",
        /// At once; the balance transaction shows a moment later.
        AutomaticAsync = "automatic_async",
        /// By a call of its own.
        Manual = "manual",
    }
    /// Who may confirm.
    ConfirmationMethod {
        /// The browser too, and a finished challenge goes on by itself.
        Automatic = "automatic",
        /// Only the server, again after each challenge.
        Manual = "manual",
    }
    /// Why an intent was given up.
    CancelReason {
        /// The customer left.
        Abandoned = "abandoned",
        /// By us; only before 2025-03-31.basil, for an expired hold.
        Automatic = "automatic",
        /// Made twice.
        Duplicate = "duplicate",
        /// The hold ended before it was captured.
        Expired = "expired",
        /// It looked like fraud.
        Fraudulent = "fraudulent",
        /// The customer asked.
        RequestedByCustomer = "requested_by_customer",
    }
    /// When 3-D Secure is asked for.
    RequestThreeDSecure {
        /// Always, a challenge or not.
        Any = "any",
        /// By the rules.
        Automatic = "automatic",
        /// Always, with a challenge.
        Challenge = "challenge",
    }
    /// Whether dynamic methods may send the customer away.
    AllowRedirects {
        /// They may.
        Always = "always",
        /// They may not.
        Never = "never",
    }
    /// The usage declared for a stored credential (`stripe-api.md` 3.8).
    CredentialUsage {
        /// Part of one purchase.
        Installment = "installment",
        /// At fixed intervals.
        Recurring = "recurring",
        /// Whenever the trigger agreed on comes.
        Unscheduled = "unscheduled",
    }
    /// The card's own word on saving, over the intent's.
    CardSetupUsage {
        /// Don't save, whatever the intent says.
        None = "none",
        /// Save for charges with nobody present.
        OffSession = "off_session",
        /// Save for charges with the customer present.
        OnSession = "on_session",
    }
    /// Whether something optional may be used where card and network allow it.
    IfAvailable {
        /// Where possible.
        IfAvailable = "if_available",
        /// Never.
        Never = "never",
    }
    /// The networks of `payment_method_options[card][network]`.
    CardNetwork {
        /// American Express.
        Amex = "amex",
        /// Cartes Bancaires.
        CartesBancaires = "cartes_bancaires",
        /// Diners Club.
        Diners = "diners",
        /// Discover.
        Discover = "discover",
        /// eftpos Australia.
        EftposAu = "eftpos_au",
        /// Girocard.
        Girocard = "girocard",
        /// Interac.
        Interac = "interac",
        /// JCB.
        Jcb = "jcb",
        /// Link.
        Link = "link",
        /// Mastercard.
        Mastercard = "mastercard",
        /// UnionPay.
        Unionpay = "unionpay",
        /// None of these.
        Unknown = "unknown",
        /// Visa.
        Visa = "visa",
    }
}

impl CredentialUsage {
    /// The kind of agreement that this usage makes, or charges under.
    pub fn kind(self) -> AgreementKind {
        match self {
            CredentialUsage::Installment => AgreementKind::Installment,
            CredentialUsage::Recurring => AgreementKind::Recurring,
            CredentialUsage::Unscheduled => AgreementKind::Unscheduled,
        }
    }
}

/// What may pay. An account here takes cards only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MethodTypes {
    /// Whatever the account has switched on.
    Automatic {
        /// Whether redirects are welcome.
        allow_redirects: AllowRedirects,
    },
    /// A list by the caller, before endive; and the card alone where nothing else can be.
    Listed,
    /// The caller's filter over what the account has; echoed as it was given.
    Allowed(Vec<String>),
}

/// `payment_method_options[card]`; what is `None` was not given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardOptions {
    /// `manual` for cards alone, over the intent's capture method.
    pub capture_method: Option<CaptureMethod>,
    /// Over the intent's `setup_future_usage`.
    pub setup_future_usage: Option<CardSetupUsage>,
    /// When 3-D Secure is asked for; `None` is `automatic`.
    pub request_three_d_secure: Option<RequestThreeDSecure>,
    /// The network to use on a co-branded card.
    pub network: Option<CardNetwork>,
    /// Mail or telephone order: nobody can be authenticated.
    pub moto: Option<bool>,
    /// What the customer agreed to be charged later.
    pub mandate_options: Option<MandateOptions>,
    /// Longer holds.
    pub request_extended_authorization: Option<IfAvailable>,
    /// Higher holds.
    pub request_incremental_authorization: Option<IfAvailable>,
    /// Several captures.
    pub request_multicapture: Option<IfAvailable>,
    /// Capturing more than was held.
    pub request_overcapture: Option<IfAvailable>,
    /// Whether the browser must ask for the security code again.
    pub require_cvc_recollection: Option<bool>,
    /// The usage declared while saving.
    pub setup_credential_usage: Option<CredentialUsage>,
    /// The usage declared while charging a saved card.
    pub stored_credential_usage: Option<CredentialUsage>,
    /// 3-D Secure run elsewhere, for the next confirm.
    pub three_d_secure: Option<ImportedAuthentication>,
}

impl PaymentIntent {
    /// The wire's status.
    pub fn status(&self) -> Status {
        match self.state {
            State::RequiresPaymentMethod => Status::RequiresPaymentMethod,
            State::RequiresConfirmation { .. } => Status::RequiresConfirmation,
            State::RequiresAction { .. } => Status::RequiresAction,
            State::RequiresCapture { .. } => Status::RequiresCapture,
            State::Succeeded { .. } => Status::Succeeded,
            State::Canceled { .. } => Status::Canceled,
        }
    }

    /// The method it holds.
    pub fn payment_method(&self) -> Option<PaymentMethodId> {
        match &self.state {
            State::RequiresPaymentMethod => None,
            State::RequiresConfirmation { method, .. }
            | State::RequiresAction { method, .. }
            | State::RequiresCapture { method, .. }
            | State::Succeeded { method, .. } => Some(*method),
            State::Canceled { method, .. } => *method,
        }
    }

    /// `pi_…_secret_…`.
    pub fn client_secret(&self) -> String {
        format!("{}_secret_{}", self.id, self.secret)
    }

    /// What the card is to be saved for: the card's own word first (`stripe-api.md` 3.2).
    pub fn usage(&self) -> Option<Usage> {
        match self.card_options.setup_future_usage {
            Some(CardSetupUsage::None) => None,
            Some(CardSetupUsage::OffSession) => Some(Usage::OffSession),
            Some(CardSetupUsage::OnSession) => Some(Usage::OnSession),
            None => self.setup_future_usage,
        }
    }

    /// Whether a hold is wanted instead of the money.
    pub fn captures_manually(&self) -> bool {
        self.capture_method == CaptureMethod::Manual
            || self.card_options.capture_method == Some(CaptureMethod::Manual)
    }

    /// Whether amount, method and customer may still change.
    pub fn is_open(&self) -> bool {
        match self.state {
            State::RequiresPaymentMethod
            | State::RequiresConfirmation { .. }
            | State::RequiresAction { .. } => true,
            State::RequiresCapture { .. } | State::Succeeded { .. } | State::Canceled { .. } => {
                false
            }
        }
    }
}

#[cfg(test)]
mod tests;
