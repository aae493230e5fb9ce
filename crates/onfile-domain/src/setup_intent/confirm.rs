//! Confirms a setup intent (`stripe-api.md` 4.3).

use crate::command::MethodChoice;
use crate::payment_intent::update::CardOptionsPatch;

/// A confirm.
#[derive(Debug, Clone, Default)]
pub struct Confirm {
    /// What is saved; else the intent's own method. There is no default of the customer.
    pub method: Option<MethodChoice>,
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
