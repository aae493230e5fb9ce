//! Changes a setup intent (`stripe-api.md` 4.4).

use crate::command::{MetadataPatch, MethodChoice, Patch, Ref};
use crate::id::CustomerId;
use crate::payment_intent::MethodTypes;
use crate::payment_intent::update::CardOptionsPatch;

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
