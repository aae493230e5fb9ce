//! Changes a setup intent (`stripe-api.md` 4.4).

use crate::attempt::{Authentication, AuthenticationState};
use crate::case::{Case, Halt};
use crate::command::{Answer, MetadataPatch, MethodChoice, Patch, Ref};
use crate::customer::Customer;
use crate::id::{CustomerId, SetupIntentId};
use crate::payment_intent::update::CardOptionsPatch;
use crate::payment_intent::{MethodTypes, NextAction};
use crate::payment_method::{PaymentMethod, choose, owner};
use crate::refusal::{Noun, Place, SetupRefused, Why};
use crate::setup_intent::confirm::{carrying, refuse_while_locked};
use crate::setup_intent::{SetupIntent, SetupState, cancel};

/// A change of a setup intent.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// Whose the method will be.
    pub customer: Patch<Ref<CustomerId>>,
    /// What will be saved.
    pub method: Patch<MethodChoice>,
    /// What may be saved, before endive.
    pub methods: Option<MethodTypes>,
    /// `payment_method_options[card]`.
    pub card_options: Option<CardOptionsPatch>,
    /// The currency of `mandate_options`, lower case.
    pub mandate_currency: Option<String>,
    /// Inert without other accounts.
    pub attach_to_self: Option<bool>,
    /// Kept and shown.
    pub flow_directions: Patch<Vec<String>>,
    /// The account's words.
    pub description: Patch<String>,
    /// The caller's notes.
    pub metadata: MetadataPatch,
}

impl Update {
    /// Changes the intent.
    ///
    /// # Errors
    /// A refusal changes nothing and carries the intent.
    pub fn decide(self, case: &mut Case<'_>, id: &Ref<SetupIntentId>) -> Result<Answer, Halt> {
        let mut intent: SetupIntent = id.find(case, Noun::SetupIntent, Place::Path)?;
        let before = intent.clone();
        refuse_while_locked(&intent)?;
        if !self.method.is_absent() {
            match intent.state {
                SetupState::RequiresPaymentMethod
                | SetupState::RequiresConfirmation { .. }
                | SetupState::RequiresAction { .. } => {}
                SetupState::Succeeded { .. } => {
                    return Err(Why::Setup(SetupRefused::UpdateSucceeded).about(intent).into());
                }
                SetupState::Canceled { .. } => {
                    return Err(Why::Setup(SetupRefused::UpdateCanceled).about(intent).into());
                }
            }
        }
        self.apply(case, &mut intent).map_err(|halt| carrying(halt, &before))?;
        intent.last_setup_error = None;
        case.put(intent.clone());
        Ok(Answer::shown(intent))
    }

    fn apply(self, case: &mut Case<'_>, intent: &mut SetupIntent) -> Result<(), Halt> {
        match self.customer {
            Patch::Absent => {}
            Patch::Unset => intent.customer = None,
            Patch::Set(customer) => {
                let customer = customer.customer(case, Place::Param("customer"))?;
                case.rely_on::<Customer>(customer.id);
                intent.customer = Some(customer.id);
            }
        }
        match self.method {
            Patch::Absent => check_kept_method(case, intent)?,
            Patch::Unset => {
                restart(case, intent)?;
                intent.state = SetupState::RequiresPaymentMethod;
            }
            Patch::Set(choice) => {
                restart(case, intent)?;
                let method = choose::choose(case, &choice, Place::Param("payment_method"))?;
                owner::check_setup(&method, intent.customer, intent.payment_method())?;
                intent.state = SetupState::RequiresConfirmation { method: method.id };
            }
        }
        if let Some(methods) = self.methods {
            intent.methods = methods;
        }
        if let Some(options) = self.card_options {
            options.apply(&mut intent.card_options);
        }
        if let Some(currency) = self.mandate_currency {
            intent.mandate_currency = Some(currency);
        }
        if let Some(attach_to_self) = self.attach_to_self {
            intent.attach_to_self = Some(attach_to_self);
        }
        self.flow_directions.apply(&mut intent.flow_directions);
        self.description.apply(&mut intent.description);
        self.metadata.apply(&mut intent.metadata)?;
        Ok(())
    }
}

/// A method that stays must still belong to the intent's customer while it can be saved.
fn check_kept_method(case: &Case<'_>, intent: &SetupIntent) -> Result<(), Halt> {
    match intent.state {
        SetupState::RequiresConfirmation { method } | SetupState::RequiresAction { method, .. } => {
            let method: PaymentMethod = case.get(method)?;
            owner::check_setup(&method, intent.customer, Some(method.id))?;
            Ok(())
        }
        SetupState::RequiresPaymentMethod
        | SetupState::Succeeded { .. }
        | SetupState::Canceled { .. } => Ok(()),
    }
}

/// A challenge that was asked for another card is worth nothing: the intent must be confirmed
/// again.
fn restart(case: &mut Case<'_>, intent: &SetupIntent) -> Result<(), Halt> {
    match intent.state {
        SetupState::RequiresAction { ref action, .. } => {
            close_challenge(case, action)?;
            cancel::abandon(case, intent)
        }
        SetupState::RequiresPaymentMethod
        | SetupState::RequiresConfirmation { .. }
        | SetupState::Succeeded { .. }
        | SetupState::Canceled { .. } => Ok(()),
    }
}

/// Closes the page that the customer was sent to.
pub(super) fn close_challenge(case: &mut Case<'_>, action: &NextAction) -> Result<(), Halt> {
    let open: Authentication = case.get(action.authentication)?;
    case.put(Authentication { state: AuthenticationState::Closed, ..open });
    Ok(())
}

#[cfg(test)]
mod tests;
