//! What the simulated banks remember (`card-network.md` 6.6). They keep nothing themselves: the
//! shell loads their state, asks their rules, and commits what changed with everything else.
//!
//! Sums are in hundredths of a euro, converted as `card-network.md` 6.1 says.

use crate::card::Brand;
use crate::money::Money;
use crate::network::{CofMarker, NtiKind};
use crate::time::WorldTime;
use crate::words::words;

words! {
    /// How strongly a transaction was authenticated, as the issuer's ledger keeps it.
    Strength {
        /// No authentication, or only an attempt.
        None = "none",
        /// Without a challenge.
        Frictionless = "frictionless",
        /// By a challenge.
        Challenge = "challenge",
        /// Mail or telephone order.
        Moto = "moto",
    }
    /// What a cardholder stopped at the bank (S5).
    StopOrder {
        /// One payment.
        Payment = "payment",
        /// One agreement.
        Agreement = "agreement",
        /// Everything of the merchant.
        Merchant = "merchant",
    }
    /// A bank's policy on authentication (`sca_policy`).
    ScaPolicy {
        /// Asks for nothing.
        None = "none",
        /// Every remote transaction of the customer, and mandates that were set up.
        Strict = "strict",
        /// The same above 50 EUR.
        Lenient = "lenient",
        /// Every remote transaction, of the merchant's too.
        Always = "always",
    }
    /// What became of a card's account (S2, S3).
    AccountStatus {
        /// It is in use.
        Open = "open",
        /// It was closed.
        Closed = "closed",
        /// The card was reported lost.
        Lost = "lost",
        /// The card was reported stolen.
        Stolen = "stolen",
        /// The bank wants the card back.
        PickUp = "pick_up",
        /// The bank wants the card back for fraud.
        PickUpFraud = "pick_up_fraud",
    }
    /// Whether a bank can be reached.
    Availability {
        /// It answers.
        Up = "up",
        /// It doesn't.
        Down = "down",
    }
}

/// What a test set on one card's bank account, over its profile; `None` leaves the profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileOverride {
    /// Overrides `sca_policy`, for every acquirer's country.
    pub sca_policy: Option<ScaPolicy>,
    /// What is left to spend, in hundredths of a euro.
    pub balance: Option<i64>,
    /// What became of the account.
    pub status: Option<AccountStatus>,
    /// Whether the issuer can be reached.
    pub availability: Option<Availability>,
    /// What the cardholder stopped.
    pub stop_order: Option<StopOrder>,
    /// A fixed DE39 for every message.
    pub script: Option<String>,
}

/// What a question needs to be loaded of a bank's memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankQuery {
    /// The account, by the card's payment account reference.
    pub par: String,
    /// DE42.
    pub merchant: String,
    /// The ledger key of the network transaction id in the message ([`crate::network::Nti`]).
    pub original: Option<String>,
    /// The authentication value in the message.
    pub authentication_value: Option<String>,
    /// The directory's id, at the end of a challenge.
    pub ds_trans_id: Option<String>,
}

/// A bank's memory of one account, as far as a question needs it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BankState {
    /// What a test set.
    pub profile: ProfileOverride,
    /// Held and settled so far, in hundredths of a euro.
    pub spent: i64,
    /// Transactions of the customer since the last challenge.
    pub count_since_sca: i64,
    /// Their sum, in hundredths of a euro.
    pub sum_since_sca: i64,
    /// The credential behind the message's original transaction id, whoever's it is.
    pub credential: Option<Credential>,
    /// The authentication value in the message, whoever's it is.
    pub value: Option<IssuedValue>,
}

/// An entry of an issuer's credential ledger. An approved merchant-initiated transaction adds
/// one with its own key and the strength and marker of its original's, which it so joins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The ledger key of the network transaction id ([`crate::network::Nti::ledger_key`]). Each
    /// transaction has its own, so that no entry is ever written over.
    pub nti: String,
    /// Its shape.
    pub kind: NtiKind,
    /// Its network.
    pub network: Brand,
    /// The account.
    pub par: String,
    /// DE42.
    pub merchant: String,
    /// How strongly the entry's first transaction was authenticated.
    pub strength: Strength,
    /// What it was stored for.
    pub marker: Option<CofMarker>,
}

/// An authentication value that a bank issued, or took for an issued one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedValue {
    /// 28 characters of base64.
    pub value: String,
    /// The account.
    pub par: String,
    /// DE42.
    pub merchant: String,
    /// What was authenticated.
    pub amount: Money,
    /// The directory's id.
    pub ds_trans_id: String,
    /// How it came about.
    pub strength: Strength,
    /// When.
    pub issued_at: WorldTime,
    /// An authorization used it up.
    pub used: bool,
}

/// What changes in a bank's memory; committed with the decision that brought it about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BankChange {
    /// Money is held (positive) or let go (negative), in hundredths of a euro. The store adds;
    /// two approvals never wait for one another.
    Spend {
        /// The account.
        par: String,
        /// How much.
        amount: i64,
        /// What the account holds, where that is not without end: a sum that would pass it
        /// stops the commit, and the bank is asked again.
        most: Option<i64>,
    },
    /// One more transaction of the customer without a challenge.
    Count {
        /// The account.
        par: String,
        /// Its amount, in hundredths of a euro.
        amount: i64,
    },
    /// A challenge: the counters begin anew.
    ResetCounters {
        /// The account.
        par: String,
    },
    /// A new entry, or a new name of one.
    Remember(Credential),
    /// A new authentication value. One that is there already stops the commit.
    Issue(IssuedValue),
    /// The value is used up. Where it was before, the commit stops: a value is good once.
    Use {
        /// The value.
        value: String,
    },
    /// A test sets something on the account.
    SetProfile {
        /// The account.
        par: String,
        /// What it is from here on.
        profile: ProfileOverride,
    },
}
