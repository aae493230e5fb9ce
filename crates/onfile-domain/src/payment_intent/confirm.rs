//! Confirms a payment intent (`stripe-api.md` 2.5, 3.3).

use crate::agreement::Usage;
use crate::attempt::{self, Attempt};
use crate::case::{Case, Halt};
use crate::command::{Answer, Caller, MethodChoice, Patch, Ref};
use crate::contact::Shipping;
use crate::gateway::procedure;
use crate::id::PaymentIntentId;
use crate::payment_intent::update::{CardOptionsPatch, carrying, raise_usage, refuse_while_locked};
use crate::payment_intent::{CaptureMethod, ConfirmationMethod, MethodTypes, PaymentIntent, State};
use crate::payment_method::owner;
use crate::refusal::{Noun, PaymentRefused, Place, SecretOf, Why};

pub mod challenge;
mod charge;
mod resolve;
mod settle;

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
        let intent: PaymentIntent = id.find(case, Noun::PaymentIntent, Place::Path)?;
        self.check_secret(&intent, caller)?;
        refuse_while_locked(&intent)?;
        let before = intent.clone();
        self.go(case, intent, caller, Own::Known).map_err(|halt| carrying(halt, &before))
    }

    /// Confirms an intent that this very call has made. Its options and method came with the
    /// call too.
    pub(super) fn on_new(
        self,
        case: &mut Case<'_>,
        intent: PaymentIntent,
        own: Own,
    ) -> Result<Answer, Halt> {
        let options = &intent.card_options;
        let declared = Declared {
            stored_credential: options.stored_credential_usage.is_some(),
            set_up: options.setup_credential_usage.is_some(),
        };
        self.check_declared(&intent, declared)?;
        self.go(case, intent, Caller::Secret, own)
    }

    fn go(
        mut self,
        case: &mut Case<'_>,
        mut intent: PaymentIntent,
        caller: Caller,
        own: Own,
    ) -> Result<Answer, Halt> {
        let choice = self.method.take();
        let flow = Flow {
            return_url: self.return_url.take().filter(|_| !self.use_stripe_sdk),
            error_on_requires_action: self.error_on_requires_action,
        };
        let presence = self.presence;
        self.apply(&mut intent, caller)?;
        check_status(&intent, choice.as_ref())?;
        let (method, own) = resolve::method(case, &intent, choice.as_ref(), own)?;
        // G4 is the setup intent's; G9 has nothing to refuse, every world may take orders by
        // telephone; G8 neither, the simulated networks take every currency.
        if presence != Presence::OnSession && intent.usage().is_some() {
            return Err(Why::Payment(PaymentRefused::OffSessionWithSetup).into());
        }
        owner::check_payment(&method, intent.customer, intent.payment_method())?;
        let payment = resolve::payment(case, intent, method, resolve::Way { presence, own })?;
        let outcome = match resolve::passed_challenge(&payment) {
            Some((pending, passed)) => {
                let value = passed.authentication_value;
                procedure::resume(case, &payment.inputs, &pending, value, &passed.rules)?
            }
            None => procedure::run(case, &payment.inputs)?,
        };
        settle::settle(case, payment, outcome, flow)
    }

    /// A browser proves by the client secret that the intent is its own.
    fn check_secret(&self, intent: &PaymentIntent, caller: Caller) -> Result<(), Why> {
        let matches = match (&self.client_secret, caller) {
            (Some(given), Caller::Secret | Caller::Publishable) => *given == intent.client_secret(),
            (None, Caller::Secret) => true,
            (None, Caller::Publishable) => false,
        };
        if matches { Ok(()) } else { Err(Why::ClientSecretMismatch(SecretOf::PaymentIntent)) }
    }

    /// A usage that this very call declares must fit it (`stripe-api.md` 3.8); one that stands
    /// from before is passed over where it doesn't.
    fn check_declared(&self, intent: &PaymentIntent, declared: Declared) -> Result<(), Why> {
        let on_session = self.presence == Presence::OnSession;
        let saves = intent.usage().is_some();
        if declared.stored_credential && (on_session || saves) {
            Err(Why::Payment(PaymentRefused::StoredUsageWithoutOffSession))
        } else if declared.set_up && !saves {
            Err(Why::Payment(PaymentRefused::SetupUsageWithoutSetup))
        } else {
            Ok(())
        }
    }

    /// Applies what the call says beside the method: a refused confirm leaves that as it was.
    fn apply(mut self, intent: &mut PaymentIntent, caller: Caller) -> Result<(), Why> {
        let by_browser = caller == Caller::Publishable;
        if by_browser && intent.confirmation_method == ConfirmationMethod::Manual {
            return Err(Why::Payment(PaymentRefused::ConfirmNeedsSecretKey));
        }
        if let Some(id) = self.mandate.take() {
            let place = Place::Param("mandate");
            return Err(Why::Missing { noun: Noun::Mandate, id, place });
        }
        raise_usage(intent, std::mem::take(&mut self.setup_future_usage), caller)?;
        if let Some(options) = self.card_options.take() {
            let declared = Declared {
                stored_credential: matches!(options.stored_credential_usage, Patch::Set(_)),
                set_up: matches!(options.setup_credential_usage, Patch::Set(_)),
            };
            options.apply(&mut intent.card_options);
            self.check_declared(intent, declared)?;
        }
        if let Some(capture_method) = self.capture_method {
            intent.capture_method = capture_method;
        }
        if let Some(methods) = self.methods {
            intent.methods = methods;
        }
        if self.error_on_requires_action {
            refuse_dynamic(&intent.methods)?;
        }
        self.receipt_email.apply(&mut intent.receipt_email);
        self.shipping.apply(&mut intent.shipping);
        Ok(())
    }
}

/// Whether the method that an intent holds existed before the call: a new one has no agreements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Own {
    /// It did.
    Known,
    /// It came with the call.
    New,
}

/// Dynamic methods may always need an action (`stripe-api.md` 2.4).
fn refuse_dynamic(methods: &MethodTypes) -> Result<(), Why> {
    match methods {
        MethodTypes::Automatic { .. } => Err(Why::ParametersExclusive {
            first: "automatic_payment_methods",
            second: "error_on_requires_action",
        }),
        MethodTypes::Listed | MethodTypes::Allowed(_) => Ok(()),
    }
}

/// The status guard (`stripe-api.md` 2.5); `chosen` is the method that the call names.
fn check_status(intent: &PaymentIntent, chosen: Option<&MethodChoice>) -> Result<(), Why> {
    match intent.state {
        State::RequiresPaymentMethod
        | State::RequiresConfirmation { .. }
        | State::RequiresAction { .. } => Ok(()),
        State::Succeeded { .. } => Err(Why::Payment(PaymentRefused::ConfirmSucceeded)),
        State::RequiresCapture { .. } | State::Canceled { .. } if chosen.is_some() => {
            Err(Why::Payment(PaymentRefused::ConfirmMethodStatus(intent.status())))
        }
        State::RequiresCapture { .. } | State::Canceled { .. } => {
            Err(Why::Payment(PaymentRefused::ConfirmStatus(intent.status())))
        }
    }
}

/// What a confirm says of the way back from a challenge.
#[derive(Debug, Clone, Default)]
pub(super) struct Flow {
    /// Where the customer goes afterwards; `None` where the SDK handles the action.
    pub return_url: Option<String>,
    /// Fail instead of asking.
    pub error_on_requires_action: bool,
}

/// Which usages of the card a call declares.
#[derive(Debug, Clone, Copy)]
struct Declared {
    /// `stored_credential_usage`.
    stored_credential: bool,
    /// `setup_credential_usage`.
    set_up: bool,
}

/// Fails a payment that waits for an attempt which was lost.
///
/// # Errors
/// Only [`Halt::Need`].
pub(crate) fn lost(
    case: &mut Case<'_>,
    mut intent: PaymentIntent,
    attempt: Attempt,
) -> Result<Answer, Halt> {
    intent.inflight = None;
    let method = case.get(attempt.payment_method)?;
    let way = resolve::Way { presence: Presence::OnSession, own: Own::Known };
    let payment = resolve::payment(case, intent, method, way)?;
    settle::settle(case, payment, attempt::lost::outcome(attempt), Flow::default())
}

#[cfg(test)]
mod tests;
