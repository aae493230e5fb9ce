//! Makes a payment intent, and confirms it in the same call where that is asked for
//! (`stripe-api.md` 2.4).

use crate::agreement::Usage;
use crate::case::{Case, Halt};
use crate::command::{Answer, MethodChoice, Ref};
use crate::contact::{Metadata, Shipping};
use crate::event::EventType;
use crate::id::{CustomerId, PaymentIntentId};
use crate::money::Money;
use crate::payment_intent::amount;
use crate::payment_intent::confirm::{Confirm, Own};
use crate::payment_intent::update::refuse_both_usages;
use crate::payment_intent::{
    CaptureMethod, CardOptions, ConfirmationMethod, MethodTypes, PaymentIntent, State,
};
use crate::payment_method::{choose, owner};
use crate::refusal::Place;

/// A new payment intent.
#[derive(Debug, Clone)]
pub struct Create {
    /// What is to be paid.
    pub amount: Money,
    /// Who pays.
    pub customer: Option<Ref<CustomerId>>,
    /// What pays, where it isn't left to the confirm.
    pub method: Option<MethodChoice>,
    /// When the money is taken.
    pub capture_method: CaptureMethod,
    /// Who may confirm.
    pub confirmation_method: ConfirmationMethod,
    /// What the card is saved for.
    pub setup_future_usage: Option<Usage>,
    /// What may pay.
    pub methods: MethodTypes,
    /// `payment_method_options[card]`.
    pub card_options: CardOptions,
    /// The account's words.
    pub description: Option<String>,
    /// The caller's notes.
    pub metadata: Metadata,
    /// Where a receipt would go.
    pub receipt_email: Option<String>,
    /// Where goods go.
    pub shipping: Option<Shipping>,
    /// Behind the account's prefix on the statement.
    pub statement_descriptor_suffix: Option<String>,
    /// The caller's name for a group of payments.
    pub transfer_group: Option<String>,
    /// `confirm=true`, with what only it may bring.
    pub confirm: Option<Confirm>,
}

impl Create {
    /// Makes the intent.
    ///
    /// # Errors
    /// A refusal writes nothing; a failed confirm leaves the intent behind, as Stripe does.
    pub fn decide(self, case: &mut Case<'_>) -> Result<Answer, Halt> {
        amount::check(self.amount, case.account().default_currency)?;
        let id = case.mint.id(PaymentIntentId::new);
        self.make(case, Made { id, original: None })
    }

    /// Makes it under an id that is known already.
    pub(crate) fn make(self, case: &mut Case<'_>, made: Made) -> Result<Answer, Halt> {
        let customer = match &self.customer {
            Some(customer) => Some(customer.customer(case, Place::Param("customer"))?.id),
            None => None,
        };
        let own = match &self.method {
            Some(MethodChoice::New(_)) => Own::New,
            Some(MethodChoice::Known(_)) | None => Own::Known,
        };
        let Made { id, original } = made;
        let secret = case.mint.text::<25>();
        let state = match &self.method {
            None => State::RequiresPaymentMethod,
            Some(choice) => {
                let method = choose::choose(case, choice, Place::Param("payment_method"))?;
                owner::check_payment(&method, customer, None)?;
                State::RequiresConfirmation { method: method.id, authenticated: None }
            }
        };
        let intent = PaymentIntent {
            id,
            secret,
            created: case.now(),
            amount: self.amount,
            state,
            inflight: None,
            customer,
            capture_method: self.capture_method,
            confirmation_method: self.confirmation_method,
            setup_future_usage: self.setup_future_usage,
            methods: self.methods,
            card_options: self.card_options,
            latest_charge: None,
            last_payment_error: None,
            soft: None,
            description: self.description,
            metadata: self.metadata,
            receipt_email: self.receipt_email,
            shipping: self.shipping,
            statement_descriptor_suffix: self.statement_descriptor_suffix,
            transfer_group: self.transfer_group,
            original,
        };
        // Without a confirm this is all that can be said of the usages: which of them fits is
        // seen when it comes.
        refuse_both_usages(&intent)?;
        if let Some(customer) = customer {
            case.rely_on::<crate::customer::Customer>(customer);
        }
        case.put(intent.clone());
        case.tell(EventType::PaymentIntentCreated, intent.clone());
        match self.confirm {
            None => Ok(Answer::shown(intent)),
            Some(confirm) => confirm.on_new(case, intent, own),
        }
    }
}

/// Which payment intent is made, and for which order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Made {
    /// Its id.
    pub(crate) id: PaymentIntentId,
    /// See [`PaymentIntent::original`].
    pub(crate) original: Option<PaymentIntentId>,
}
