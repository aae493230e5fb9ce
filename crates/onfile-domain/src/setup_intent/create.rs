//! Makes a setup intent, and confirms it in the same call where that is asked for
//! (`stripe-api.md` 4.2).

use crate::agreement::Usage;
use crate::case::{Case, Halt};
use crate::command::{Answer, Caller, MethodChoice, Ref};
use crate::contact::Metadata;
use crate::customer::Customer;
use crate::event::EventType;
use crate::id::{CustomerId, SetupIntentId};
use crate::payment_intent::{CardOptions, MethodTypes};
use crate::payment_method::{choose, owner};
use crate::refusal::Place;
use crate::setup_intent::confirm::Confirm;
use crate::setup_intent::{SetupIntent, SetupState};

/// A new setup intent.
#[derive(Debug, Clone)]
pub struct Create {
    /// Whose the method will be.
    pub customer: Option<Ref<CustomerId>>,
    /// What will be saved.
    pub method: Option<MethodChoice>,
    /// What it is saved for.
    pub usage: Usage,
    /// What may be saved.
    pub methods: MethodTypes,
    /// `payment_method_options[card]`.
    pub card_options: CardOptions,
    /// The currency of `mandate_options`, lower case.
    pub mandate_currency: Option<String>,
    /// Inert without other accounts; shown when given.
    pub attach_to_self: Option<bool>,
    /// Kept and shown.
    pub flow_directions: Option<Vec<String>>,
    /// The account's words.
    pub description: Option<String>,
    /// The caller's notes.
    pub metadata: Metadata,
    /// `confirm=true`, with what only it may bring.
    pub confirm: Option<Confirm>,
}

impl Create {
    /// Makes the intent.
    ///
    /// # Errors
    /// A refusal writes nothing; a failed confirm leaves the intent behind, as Stripe does.
    pub fn decide(self, case: &mut Case<'_>) -> Result<Answer, Halt> {
        let customer = match &self.customer {
            Some(customer) => Some(customer.customer(case, Place::Param("customer"))?.id),
            None => None,
        };
        let id = case.mint.id(SetupIntentId::new);
        let secret = case.mint.text::<31>();
        let state = match &self.method {
            None => SetupState::RequiresPaymentMethod,
            Some(choice) => {
                let method = choose::choose(case, choice, Place::Param("payment_method"))?;
                owner::check_setup(&method, customer, None)?;
                SetupState::RequiresConfirmation { method: method.id }
            }
        };
        let intent = SetupIntent {
            id,
            secret,
            created: case.now(),
            state,
            inflight: None,
            customer,
            usage: self.usage,
            methods: self.methods,
            card_options: self.card_options,
            mandate_currency: self.mandate_currency,
            latest_attempt: None,
            last_setup_error: None,
            soft: None,
            attach_to_self: self.attach_to_self,
            flow_directions: self.flow_directions,
            description: self.description,
            metadata: self.metadata,
        };
        if let Some(customer) = customer {
            case.rely_on::<Customer>(customer);
        }
        case.put(intent.clone());
        case.tell(EventType::SetupIntentCreated, intent.clone());
        match self.confirm {
            None => Ok(Answer::shown(intent)),
            Some(confirm) => confirm.on_new(case, intent, Caller::Secret),
        }
    }
}
