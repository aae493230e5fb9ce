//! How someone pays: one card, attached to a customer or not (`stripe-api.md` 3.4, 7.2).

use crate::card::{CardFacts, Expiry};
use crate::contact::{BillingDetails, Metadata};
use crate::id::{CustomerId, PaymentMethodId};
use crate::time::WorldTime;
use crate::words::words;

pub mod attach;
pub mod choose;
pub mod create;
pub mod detach;
pub mod owner;
pub mod update;

/// A payment method of type card. The number itself is sealed in the vault under this id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentMethod {
    /// `pm_…`.
    pub id: PaymentMethodId,
    /// When it was made.
    pub created: WorldTime,
    /// Whose it is, or what may still become of it.
    pub standing: Standing,
    /// Where saved methods may be offered again.
    pub allow_redisplay: AllowRedisplay,
    /// What the issuer may check.
    pub billing_details: BillingDetails,
    /// The card.
    pub card: Card,
    /// The caller's notes.
    pub metadata: Metadata,
}

/// A method's tie to a customer, and the single-use rule of `stripe-api.md` 3.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Never used: may be charged once, or attached.
    Fresh,
    /// Saved, and free to be charged again with its customer.
    Attached(CustomerId),
    /// Set up without a customer: can't be used again until it is attached.
    SetUp,
    /// Used once without being saved: dead for every other intent.
    Consumed,
    /// Taken off its customer: dead.
    Detached,
}

/// What is kept of a card in the open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// What the BIN table says.
    pub facts: CardFacts,
    /// Valid through the last day of this month.
    pub expiry: Expiry,
    /// The same for the same number at this account: 16 characters.
    pub fingerprint: String,
    /// The payment account reference: the same for the same number everywhere in this world,
    /// and what the retry limits count by. 29 characters.
    pub par: String,
    /// What the issuer said when it was asked.
    pub checks: Checks,
    /// The brand that the customer chose on a co-branded card.
    pub preferred_network: Option<String>,
}

/// The issuer's word on what was typed beside the number; `None` where nothing was given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checks {
    /// First line of the billing address.
    pub address_line1: Option<Check>,
    /// Postal code of the billing address.
    pub address_postal_code: Option<Check>,
    /// Security code.
    pub cvc: Option<Check>,
}

words! {
    /// Whether the issuer found what was typed to be right.
    Check {
        /// Right.
        Pass = "pass",
        /// Wrong.
        Fail = "fail",
        /// The issuer doesn't check it.
        Unavailable = "unavailable",
        /// Nobody has asked yet.
        Unchecked = "unchecked",
    }
    /// Where a saved method may be offered again.
    AllowRedisplay {
        /// Anywhere.
        Always = "always",
        /// Only for what it was saved for.
        Limited = "limited",
        /// Nobody said.
        Unspecified = "unspecified",
    }
}

impl Checks {
    /// Takes over what an issuer said; what it wasn't asked stays as it was.
    pub fn learn(&mut self, said: Checks) {
        self.address_line1 = said.address_line1.or(self.address_line1);
        self.address_postal_code = said.address_postal_code.or(self.address_postal_code);
        self.cvc = said.cvc.or(self.cvc);
    }
}

impl PaymentMethod {
    /// The customer that it is attached to.
    pub fn customer(&self) -> Option<CustomerId> {
        match self.standing {
            Standing::Attached(customer) => Some(customer),
            Standing::Fresh | Standing::SetUp | Standing::Consumed | Standing::Detached => None,
        }
    }
}
