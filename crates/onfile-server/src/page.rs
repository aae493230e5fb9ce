//! The page where a customer proves to be there: plain HTML, without a script.
//!
//! 3-D Secure itself comes later; what asks the customer stands behind [`Authenticator`].

mod html;
mod visit;

use onfile_domain::network::ChallengeAnswer;
use onfile_wire::form::Hash;

pub use html::PlainPage;
pub(crate) use visit::{answer, show, style};

/// Who the customer pays, what, and with which card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// Where the form is sent to: the page's own address.
    pub action: String,
    /// The account that is paid.
    pub merchant: String,
    /// `$10.99 USD`; `None` where a card is saved and nothing is paid.
    pub amount: Option<String>,
    /// The card's brand as people write it.
    pub brand: String,
    /// The last four digits: no more of the number is ever shown.
    pub last4: String,
}

/// Asks the customer to prove that they are there.
pub trait Authenticator: Send + Sync + 'static {
    /// The page that asks.
    fn page(&self, challenge: &Challenge) -> String;

    /// What the customer's form says; `None` where it says nothing that the page could have sent.
    fn answer(&self, form: &Hash) -> Option<ChallengeAnswer>;
}
