//! Confirms a setup intent (`stripe-api.md` 4.3).

use crate::agreement::{Agreement, keep};
use crate::attempt::{self, Attempt, Authentication, Subject};
use crate::case::{Case, Halt};
use crate::command::{Answer, Caller, MethodChoice, Patch, Ref};
use crate::gateway::inputs::Inputs;
use crate::gateway::procedure;
use crate::id::SetupIntentId;
use crate::money::Money;
use crate::payment_intent::MethodTypes;
use crate::payment_intent::confirm::Presence;
use crate::payment_intent::update::CardOptionsPatch;
use crate::payment_method::{PaymentMethod, choose, owner};
use crate::refusal::{Noun, PaymentRefused, Place, SecretOf, SetupRefused, Why};
use crate::setup_intent::{SetupIntent, SetupState};

pub mod challenge;
mod settle;

/// A confirm.
#[derive(Debug, Clone, Default)]
pub struct Confirm {
    /// What is saved; else the intent's own method. There is no default of the customer.
    pub method: Option<MethodChoice>,
    /// What may be saved, from 2026-07-29 on.
    pub methods: Option<MethodTypes>,
    /// `payment_method_options[card]`.
    pub card_options: Option<CardOptionsPatch>,
    /// The currency of `mandate_options`, lower case.
    pub mandate_currency: Option<String>,
    /// Where the customer goes after a challenge.
    pub return_url: Option<String>,
    /// The browser handles challenges itself.
    pub use_stripe_sdk: bool,
    /// The client secret that a publishable key sends.
    pub client_secret: Option<String>,
}

/// A set-up that is being tried, before anything is written.
struct SetUpTry {
    intent: SetupIntent,
    method: PaymentMethod,
    inputs: Inputs,
    agreements: Vec<Agreement>,
    /// The question that this attempt answers or replaces.
    authentication: Option<Authentication>,
}

impl Confirm {
    /// Confirms an intent that exists.
    ///
    /// # Errors
    /// A refusal changes nothing and carries the intent.
    pub fn decide(
        self,
        case: &mut Case<'_>,
        id: &Ref<SetupIntentId>,
        caller: Caller,
    ) -> Result<Answer, Halt> {
        let intent: SetupIntent = id.find(case, Noun::SetupIntent, Place::Path)?;
        self.check_secret(&intent, caller)?;
        refuse_while_locked(&intent)?;
        let before = intent.clone();
        self.on_new(case, intent, caller).map_err(|halt| carrying(halt, &before))
    }

    /// Confirms an intent that this very call has made, or that was checked.
    pub(super) fn on_new(
        self,
        case: &mut Case<'_>,
        mut intent: SetupIntent,
        _caller: Caller,
    ) -> Result<Answer, Halt> {
        let return_url = self.return_url.filter(|_| !self.use_stripe_sdk);
        if let Some(options) = self.card_options {
            if matches!(options.stored_credential_usage, Patch::Set(_)) {
                return Err(Why::Payment(PaymentRefused::StoredUsageWithoutOffSession).into());
            }
            options.apply(&mut intent.card_options);
        }
        if let Some(methods) = self.methods {
            intent.methods = methods;
        }
        if let Some(currency) = self.mandate_currency {
            intent.mandate_currency = Some(currency);
        }
        let (method, known) = resolve(case, &intent, self.method.as_ref())?;
        // A missing method is told before the status, the status before the owner.
        match intent.state {
            SetupState::RequiresPaymentMethod
            | SetupState::RequiresConfirmation { .. }
            | SetupState::RequiresAction { .. } => {}
            SetupState::Succeeded { .. } => {
                return Err(Why::Setup(SetupRefused::ConfirmSucceeded).into());
            }
            SetupState::Canceled { .. } => {
                return Err(Why::Setup(SetupRefused::ConfirmCanceled).into());
            }
        }
        owner::check_setup(&method, intent.customer, intent.payment_method())?;
        let agreements = if known { keep::of(case, method.id)? } else { Vec::new() };
        let set_up = gather(case, intent, method, agreements)?;
        let outcome = procedure::run(case, &set_up.inputs)?;
        settle::settle(case, set_up, outcome, return_url, settle::Round::Fresh)
    }

    fn check_secret(&self, intent: &SetupIntent, caller: Caller) -> Result<(), Why> {
        let matches = match (&self.client_secret, caller) {
            (Some(given), Caller::Secret | Caller::Publishable) => *given == intent.client_secret(),
            (None, Caller::Secret) => true,
            (None, Caller::Publishable) => false,
        };
        if matches { Ok(()) } else { Err(Why::ClientSecretMismatch(SecretOf::SetupIntent)) }
    }
}

/// The method: the call's, else the intent's own, and whether it existed before the call.
fn resolve(
    case: &mut Case<'_>,
    intent: &SetupIntent,
    choice: Option<&MethodChoice>,
) -> Result<(PaymentMethod, bool), Halt> {
    match (choice, intent.payment_method()) {
        (Some(choice), _) => {
            let known = matches!(choice, MethodChoice::Known(_));
            Ok((choose::choose(case, choice, Place::Param("payment_method"))?, known))
        }
        (None, Some(own)) => Ok((case.get(own)?, true)),
        (None, None) => Err(Why::Setup(SetupRefused::MethodMissing).into()),
    }
}

/// Gathers what the procedure looks at.
fn gather(
    case: &Case<'_>,
    intent: SetupIntent,
    method: PaymentMethod,
    agreements: Vec<Agreement>,
) -> Result<SetUpTry, Halt> {
    let account = case.account();
    let currency = intent.mandate_currency.as_deref().and_then(|code| code.parse().ok());
    let mandate = intent.card_options.mandate_options.clone();
    let soft = intent.soft.as_ref().filter(|soft| soft.par == method.card.par);
    let inputs = Inputs {
        subject: Subject::Setup(intent.id),
        amount: Money::new(0, account.default_currency),
        method: method.clone(),
        options: intent.card_options.clone(),
        presence: Presence::OnSession,
        usage: Some(intent.usage),
        mandate: mandate.map(|options| {
            let limit = Money::new(options.amount, currency.unwrap_or(account.default_currency));
            (options, limit)
        }),
        agreement: None,
        soft: soft.map(|soft| soft.code.clone()),
        merchant: account.id.clone(),
        acquirer_country: account.country,
    };
    let authentication = match &intent.state {
        SetupState::RequiresAction { action, .. } => Some(case.get(action.authentication)?),
        SetupState::RequiresPaymentMethod
        | SetupState::RequiresConfirmation { .. }
        | SetupState::Succeeded { .. }
        | SetupState::Canceled { .. } => None,
    };
    Ok(SetUpTry { intent, method, inputs, agreements, authentication })
}

/// While an attempt is on the wire nobody else writes.
pub(super) fn refuse_while_locked(intent: &SetupIntent) -> Result<(), Why> {
    if intent.inflight.is_some() { Err(Why::Locked) } else { Ok(()) }
}

/// The same halt; a refusal carries the intent as it stands.
pub(super) fn carrying(halt: Halt, intent: &SetupIntent) -> Halt {
    match halt {
        Halt::Refused(refusal) if refusal.about.is_none() => {
            refusal.why.about(intent.clone()).into()
        }
        Halt::Refused(_) | Halt::Need(_) | Halt::Ask(_) => halt,
    }
}

/// Fails a set-up that waits for an attempt which was lost.
///
/// # Errors
/// Only [`Halt::Need`].
pub(crate) fn lost(
    case: &mut Case<'_>,
    mut intent: SetupIntent,
    attempt: Attempt,
) -> Result<Answer, Halt> {
    intent.inflight = None;
    let method = case.get(attempt.payment_method)?;
    let set_up = gather(case, intent, method, Vec::new())?;
    let outcome = attempt::lost::outcome(attempt);
    settle::settle(case, set_up, outcome, None, settle::Round::Fresh)
}

#[cfg(test)]
mod tests;
