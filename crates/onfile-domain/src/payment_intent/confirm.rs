//! Confirms a payment intent (`stripe-api.md` 2.5, 3.3).

use crate::agreement::Usage;
use crate::case::{Case, Halt};
use crate::command::{Answer, Caller, MethodChoice, Patch, Ref};
use crate::contact::Shipping;
use crate::id::PaymentIntentId;
use crate::payment_intent::update::CardOptionsPatch;
use crate::payment_intent::{CaptureMethod, MethodTypes, PaymentIntent};

/// Whether the customer is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Presence {
    /// The customer takes part.
    #[default]
    OnSession,
    /// Nobody is there (`off_session`).
    OffSession(OffSession),
}

/// What `off_session` says beyond `true`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffSession {
    /// `true` or `one_off`.
    OneOff,
    /// `recurring`.
    Recurring,
}

/// A confirm.
#[derive(Debug, Clone, Default)]
pub struct Confirm {
    /// What pays; else the intent's own method, else the customer's default.
    pub method: Option<MethodChoice>,
    /// Whether the customer is there.
    pub presence: Presence,
    /// What the card is saved for.
    pub setup_future_usage: Patch<Usage>,
    /// `payment_method_options[card]`.
    pub card_options: Option<CardOptionsPatch>,
    /// When the money is taken.
    pub capture_method: Option<CaptureMethod>,
    /// What may pay, before endive.
    pub methods: Option<MethodTypes>,
    /// Where a receipt would go.
    pub receipt_email: Patch<String>,
    /// Where goods go.
    pub shipping: Patch<Shipping>,
    /// Where the customer goes after a challenge.
    pub return_url: Option<String>,
    /// The browser handles challenges itself, whatever `return_url` says.
    pub use_stripe_sdk: bool,
    /// Fail instead of asking the customer to act.
    pub error_on_requires_action: bool,
    /// A mandate by its id: no card here has one, so it leads nowhere.
    pub mandate: Option<String>,
    /// The client secret that a publishable key sends.
    pub client_secret: Option<String>,
}

impl Confirm {
    /// Confirms an intent that exists.
    ///
    /// # Errors
    /// A refusal changes nothing and carries the intent.
    pub fn decide(
        self,
        case: &mut Case<'_>,
        id: &Ref<PaymentIntentId>,
        caller: Caller,
    ) -> Result<Answer, Halt> {
        let intent: PaymentIntent = id.find(
            case,
            crate::refusal::Noun::PaymentIntent,
            crate::refusal::Place::Path,
        )?;
        self.on_new(case, intent, caller)
    }

    /// Confirms an intent that this very call has made.
    pub(super) fn on_new(
        self,
        _case: &mut Case<'_>,
        intent: PaymentIntent,
        _caller: Caller,
    ) -> Result<Answer, Halt> {
        // The procedure comes with the next change: until then no confirm passes.
        Err(crate::refusal::Why::Locked.about(intent).into())
    }
}
