//! Changes a payment intent (`stripe-api.md` 2.6): its notes at any time, what is paid by whom
//! only while it is open.

use crate::agreement::Usage;
use crate::attempt::{Authentication, AuthenticationState};
use crate::case::{Case, Halt};
use crate::command::{Answer, Caller, MetadataPatch, MethodChoice, Patch, Ref};
use crate::contact::Shipping;
use crate::id::{CustomerId, PaymentIntentId};
use crate::money::{Currency, Money};
use crate::payment_intent::{
    CaptureMethod, CardOptions, MethodTypes, PaymentIntent, State, amount,
};
use crate::payment_method::{PaymentMethod, choose, owner};
use crate::refusal::{Field, Noun, PaymentRefused, Place, Why};

/// What the call changes of `payment_method_options[card]`: the leaves that it names.
#[derive(Debug, Clone, Default)]
pub struct CardOptionsPatch {
    /// The whole hash was emptied.
    pub cleared: bool,
    /// See [`CardOptions`].
    pub capture_method: Patch<CaptureMethod>,
    /// See [`CardOptions`].
    pub setup_future_usage: Patch<super::CardSetupUsage>,
    /// See [`CardOptions`].
    pub request_three_d_secure: Patch<super::RequestThreeDSecure>,
    /// See [`CardOptions`].
    pub network: Patch<super::CardNetwork>,
    /// See [`CardOptions`].
    pub moto: Patch<bool>,
    /// See [`CardOptions`].
    pub mandate_options: Patch<crate::agreement::MandateOptions>,
    /// See [`CardOptions`].
    pub request_extended_authorization: Patch<super::IfAvailable>,
    /// See [`CardOptions`].
    pub request_incremental_authorization: Patch<super::IfAvailable>,
    /// See [`CardOptions`].
    pub request_multicapture: Patch<super::IfAvailable>,
    /// See [`CardOptions`].
    pub request_overcapture: Patch<super::IfAvailable>,
    /// See [`CardOptions`].
    pub require_cvc_recollection: Patch<bool>,
    /// See [`CardOptions`].
    pub setup_credential_usage: Patch<super::CredentialUsage>,
    /// See [`CardOptions`].
    pub stored_credential_usage: Patch<super::CredentialUsage>,
    /// See [`CardOptions`].
    pub three_d_secure: Patch<crate::gateway::ImportedAuthentication>,
}

impl CardOptionsPatch {
    /// Merges it leaf by leaf.
    pub fn apply(self, options: &mut CardOptions) {
        if self.cleared {
            *options = CardOptions::default();
        }
        self.capture_method.apply(&mut options.capture_method);
        self.setup_future_usage.apply(&mut options.setup_future_usage);
        self.request_three_d_secure.apply(&mut options.request_three_d_secure);
        self.network.apply(&mut options.network);
        self.moto.apply(&mut options.moto);
        self.mandate_options.apply(&mut options.mandate_options);
        self.request_extended_authorization.apply(&mut options.request_extended_authorization);
        self.request_incremental_authorization
            .apply(&mut options.request_incremental_authorization);
        self.request_multicapture.apply(&mut options.request_multicapture);
        self.request_overcapture.apply(&mut options.request_overcapture);
        self.require_cvc_recollection.apply(&mut options.require_cvc_recollection);
        self.setup_credential_usage.apply(&mut options.setup_credential_usage);
        self.stored_credential_usage.apply(&mut options.stored_credential_usage);
        self.three_d_secure.apply(&mut options.three_d_secure);
    }
}

/// A change of a payment intent.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// The new total, in minor units.
    pub amount: Option<i64>,
    /// The new currency.
    pub currency: Option<Currency>,
    /// Who pays.
    pub customer: Patch<Ref<CustomerId>>,
    /// What pays.
    pub method: Patch<MethodChoice>,
    /// When the money is taken.
    pub capture_method: Option<CaptureMethod>,
    /// What the card is saved for.
    pub setup_future_usage: Patch<Usage>,
    /// What may pay, before endive.
    pub methods: Option<MethodTypes>,
    /// `payment_method_options[card]`.
    pub card_options: Option<CardOptionsPatch>,
    /// The account's words.
    pub description: Patch<String>,
    /// The caller's notes.
    pub metadata: MetadataPatch,
    /// Where a receipt would go.
    pub receipt_email: Patch<String>,
    /// Where goods go.
    pub shipping: Patch<Shipping>,
    /// Behind the account's prefix on the statement.
    pub statement_descriptor_suffix: Patch<String>,
    /// The caller's name for a group of payments.
    pub transfer_group: Patch<String>,
}

impl Update {
    /// Changes the intent.
    ///
    /// # Errors
    /// A refusal changes nothing and carries the intent.
    pub fn decide(
        self,
        case: &mut Case<'_>,
        id: &Ref<PaymentIntentId>,
        caller: Caller,
    ) -> Result<Answer, Halt> {
        let mut intent: PaymentIntent = id.find(case, Noun::PaymentIntent, Place::Path)?;
        let before = intent.clone();
        refuse_while_locked(&intent)?;
        if let Some(field) = self.locked_field().filter(|_| !intent.is_open()) {
            let why = Why::Payment(PaymentRefused::UpdateStatus { field, status: intent.status() });
            return Err(why.about(before).into());
        }
        self.apply(case, &mut intent, caller).map_err(|halt| carrying(halt, &before))?;
        intent.last_payment_error = None;
        case.put(intent.clone());
        Ok(Answer::shown(intent))
    }

    /// The first given field that only an open intent may change.
    fn locked_field(&self) -> Option<Field> {
        let given: [(Field, bool); 9] = [
            ("amount", self.amount.is_some()),
            ("currency", self.currency.is_some()),
            ("customer", !self.customer.is_absent()),
            ("payment_method", !self.method.is_absent()),
            ("capture_method", self.capture_method.is_some()),
            ("setup_future_usage", !self.setup_future_usage.is_absent()),
            ("payment_method_types", self.methods.is_some()),
            ("payment_method_options", self.card_options.is_some()),
            ("statement_descriptor_suffix", !self.statement_descriptor_suffix.is_absent()),
        ];
        given.into_iter().find(|(_, given)| *given).map(|(field, _)| field)
    }

    fn apply(
        self,
        case: &mut Case<'_>,
        intent: &mut PaymentIntent,
        caller: Caller,
    ) -> Result<(), Halt> {
        let says_usage = !self.setup_future_usage.is_absent() || self.card_options.is_some();
        let currency = self.currency.unwrap_or(intent.amount.currency);
        let asked = Money::new(self.amount.unwrap_or(intent.amount.minor()), currency);
        if asked != intent.amount {
            amount::check(asked, case.account().default_currency)?;
            intent.amount = asked;
            restart(case, intent)?;
        }
        match self.customer {
            Patch::Absent => {}
            Patch::Unset => intent.customer = None,
            Patch::Set(customer) => {
                let customer = customer.customer(case, Place::Param("customer"))?;
                intent.customer = Some(customer.id);
            }
        }
        raise_usage(intent, self.setup_future_usage, caller)?;
        match self.method {
            Patch::Absent => check_kept_method(case, intent)?,
            Patch::Unset => {
                restart(case, intent)?;
                intent.state = State::RequiresPaymentMethod;
            }
            Patch::Set(choice) => {
                restart(case, intent)?;
                let method = choose::choose(case, &choice, Place::Param("payment_method"))?;
                owner::check_payment(&method, intent.customer, intent.payment_method())?;
                intent.state =
                    State::RequiresConfirmation { method: method.id, authenticated: None };
            }
        }
        if let Some(capture_method) = self.capture_method {
            intent.capture_method = capture_method;
        }
        if let Some(methods) = self.methods {
            intent.methods = methods;
        }
        if let Some(options) = self.card_options {
            options.apply(&mut intent.card_options);
        }
        if says_usage {
            refuse_both_usages(intent)?;
        }
        self.description.apply(&mut intent.description);
        self.metadata.apply(&mut intent.metadata)?;
        self.receipt_email.apply(&mut intent.receipt_email);
        self.shipping.apply(&mut intent.shipping);
        self.statement_descriptor_suffix.apply(&mut intent.statement_descriptor_suffix);
        self.transfer_group.apply(&mut intent.transfer_group);
        Ok(())
    }
}

/// A method that stays must still belong to the intent's customer.
fn check_kept_method(case: &Case<'_>, intent: &PaymentIntent) -> Result<(), Halt> {
    if let (true, Some(method)) = (intent.is_open(), intent.payment_method()) {
        let method: PaymentMethod = case.get(method)?;
        owner::check_payment(&method, intent.customer, Some(method.id))?;
    }
    Ok(())
}

/// A charge of a stored card saves none (`stripe-api.md` 3.8).
pub(super) fn refuse_both_usages(intent: &PaymentIntent) -> Result<(), Why> {
    let stored = intent.card_options.stored_credential_usage.is_some();
    if stored && intent.usage().is_some() {
        return Err(Why::Payment(PaymentRefused::StoredUsageWithoutOffSession));
    }
    Ok(())
}

/// Sets what the card is saved for; a browser may only raise it (`stripe-api.md` 1.2).
pub(super) fn raise_usage(
    intent: &mut PaymentIntent,
    patch: Patch<Usage>,
    caller: Caller,
) -> Result<(), Why> {
    let wanted = match patch {
        Patch::Absent => return Ok(()),
        Patch::Unset => None,
        Patch::Set(usage) => Some(usage),
    };
    let lowers = match (intent.setup_future_usage, wanted) {
        (Some(_), None) | (Some(Usage::OffSession), Some(Usage::OnSession)) => true,
        (None, _)
        | (Some(Usage::OnSession), Some(_))
        | (Some(Usage::OffSession), Some(Usage::OffSession)) => false,
    };
    match caller {
        Caller::Publishable if lowers => return Err(Why::Payment(PaymentRefused::UsageOnlyRaised)),
        Caller::Publishable | Caller::Secret => {}
    }
    intent.setup_future_usage = wanted;
    Ok(())
}

/// A challenge that was asked for other terms is worth nothing: the intent must be confirmed
/// again.
fn restart(case: &mut Case<'_>, intent: &mut PaymentIntent) -> Result<(), Halt> {
    let method = match intent.state {
        State::RequiresAction { method, ref action } => {
            let mut open: Authentication = case.get(action.authentication)?;
            open.state = AuthenticationState::Closed;
            case.put(open);
            method
        }
        State::RequiresConfirmation { method, .. } => method,
        State::RequiresPaymentMethod
        | State::RequiresCapture { .. }
        | State::Succeeded { .. }
        | State::Canceled { .. } => return Ok(()),
    };
    intent.state = State::RequiresConfirmation { method, authenticated: None };
    Ok(())
}

/// While an attempt is on the wire nobody else writes.
pub(super) fn refuse_while_locked(intent: &PaymentIntent) -> Result<(), Why> {
    if intent.inflight.is_some() { Err(Why::Locked) } else { Ok(()) }
}

/// The same halt; a refusal carries the intent as it stands.
pub(crate) fn carrying(halt: Halt, intent: &PaymentIntent) -> Halt {
    match halt {
        Halt::Refused(refusal) if refusal.about.is_none() => {
            refusal.why.about(intent.clone()).into()
        }
        Halt::Refused(_) | Halt::Need(_) | Halt::Ask(_) => halt,
    }
}
