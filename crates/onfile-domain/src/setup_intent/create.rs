//! Makes a setup intent, and confirms it in the same call where that is asked for
//! (`stripe-api.md` 4.2).

use crate::agreement::Usage;
use crate::command::{MethodChoice, Ref};
use crate::contact::Metadata;
use crate::id::CustomerId;
use crate::payment_intent::{CardOptions, MethodTypes};
use crate::setup_intent::confirm::Confirm;

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
