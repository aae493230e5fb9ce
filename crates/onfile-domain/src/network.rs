//! What is said to the network and what it answers, by meaning; a connector knows the fields.
//!
//! Field numbers in the documents are those of `card-network.md` 2.1.

use crate::card::{Brand, Expiry};
use crate::country::Country;
use crate::id::{ChargeId, PaymentMethodId};
use crate::money::Money;
use crate::payment_method::Check;
use crate::words::words;

/// A question that a rule must have answered before it can go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Asks the customer's bank, by way of the directory, whether the customer is there.
    Authenticate(AuthenticationRequest),
    /// Tells the customer's bank what the customer did with the challenge.
    Challenge(ChallengeRequest),
    /// Asks the issuer for the money, or for a check of the card when the amount is zero.
    Authorize(Authorization),
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// To [`Question::Authenticate`] and [`Question::Challenge`].
    Authentication(AuthenticationReply),
    /// To [`Question::Authorize`].
    Authorization(AuthorizationReply),
    /// No answer in time: the outcome is unknown (`card-network.md` T1).
    Silence,
    /// It certainly was not sent, so that nothing is owed for it (`card-network.md` T4).
    NotSent,
}

words! {
    /// `threeDSRequestorChallengeInd` (`card-network.md` 4.3), as far as the rules use it.
    ChallengeIndicator {
        /// No preference.
        NoPreference = "01",
        /// A challenge is preferred.
        Preferred = "03",
        /// A challenge is mandated.
        Mandated = "04",
    }
    /// `threeDSRequestorAuthenticationInd`.
    AuthenticationPurpose {
        /// A payment.
        Payment = "01",
        /// The first of a recurring series.
        Recurring = "02",
        /// The first of instalments.
        Installment = "03",
        /// A card is added.
        AddCard = "04",
    }
    /// `transStatus` (`card-network.md` 4.4), and the error in its place.
    TransStatus {
        /// Authenticated.
        Authenticated = "Y",
        /// Proof of an attempt.
        Attempted = "A",
        /// Denied.
        Denied = "N",
        /// Could not be done.
        Unavailable = "U",
        /// Rejected: never authorize.
        Rejected = "R",
        /// A challenge is needed.
        ChallengeNeeded = "C",
        /// An error message came instead.
        Error = "E",
    }
    /// What the customer did with a challenge.
    ChallengeAnswer {
        /// Proved to be there.
        Completed = "completed",
        /// Failed, or canceled.
        Failed = "failed",
        /// Did nothing for ten minutes (`card-network.md` 4.6).
        TimedOut = "timed_out",
    }
    /// What a credential is stored for (`card-network.md` 3.3; Visa F126.13, DE48 se22 sf5).
    CofMarker {
        /// Stored or used without a declared type.
        General = "C101",
        /// The first of a standing order: variable amounts.
        StandingOrder = "C102",
        /// The first of a subscription: fixed amounts.
        Subscription = "C103",
        /// The first of instalments.
        Installment = "C104",
    }
    /// The type of a merchant-initiated transaction.
    MitType {
        /// Unscheduled credential on file.
        Unscheduled = "M101",
        /// Standing order.
        StandingOrder = "M102",
        /// Subscription.
        Subscription = "M103",
        /// Instalment.
        Installment = "M104",
        /// An increment of a hold: industry practice, no standing instruction (2.3.1, F63.3).
        Incremental = "3900",
    }
    /// DE22: where the number came from (`card-network.md` 2.2).
    EntryMode {
        /// Typed, at networks that map e-commerce to it.
        Manual = "01",
        /// Typed, Mastercard.
        Ecommerce = "81",
        /// From storage.
        CredentialOnFile = "10",
    }
    /// DE25: the condition of the message.
    Condition {
        /// Mail or telephone order.
        Moto = "08",
        /// A check of the card, no payment.
        Verification = "51",
        /// E-commerce.
        Ecommerce = "59",
    }
}

/// An AReq.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticationRequest {
    /// The card: the shell opens its number.
    pub method: PaymentMethodId,
    /// The network's directory.
    pub network: Brand,
    /// What is to be paid; zero for a set-up.
    pub amount: Money,
    /// How much a challenge is wanted.
    pub indicator: ChallengeIndicator,
    /// What the authentication is for.
    pub purpose: AuthenticationPurpose,
    /// DE42: who is paid.
    pub merchant: String,
    /// DE19: where the acquirer is.
    pub acquirer_country: Country,
}

/// The end of a challenge, as it reaches the ACS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChallengeRequest {
    /// The request that led to it.
    pub request: AuthenticationRequest,
    /// The directory's id of the authentication.
    pub ds_trans_id: String,
    /// What the customer did.
    pub answer: ChallengeAnswer,
}

/// An ARes, or the RReq after a challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticationReply {
    /// What came of it.
    pub status: TransStatus,
    /// The directory's id: a UUID.
    pub ds_trans_id: String,
    /// Proof for the authorization: 28 characters of base64.
    pub authentication_value: Option<String>,
    /// The ids of the ACS rules that fired.
    pub rules: Vec<String>,
}

/// A network transaction identifier (`card-network.md` 1.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nti {
    /// Whose.
    pub network: Brand,
    /// What kind of identifier.
    pub kind: NtiKind,
    /// As the network wrote it, and as the API shows it.
    pub value: String,
    /// What tells apart transactions that share a value, as Mastercard's transaction link id
    /// does. The simulated network gives one to each, for Visa's test ids are the same for every
    /// charge of a number (`stripe-api.md` 6.3); an imported id has none. Never shown.
    pub link: Option<String>,
}

impl Nti {
    /// What an issuer's ledger keeps the transaction under.
    pub fn ledger_key(&self) -> &str {
        self.link.as_deref().unwrap_or(&self.value)
    }
}

words! {
    /// The shapes of network transaction identifiers.
    NtiKind {
        /// Visa's and Amex' transaction id.
        Tid = "tid",
        /// Mastercard's trace id.
        Trace = "trace",
        /// Discover's and Diners' reference id.
        Nrid = "nrid",
        /// Another network's, kept as it came.
        Opaque = "opaque",
    }
    /// Whether a security code stands in a message.
    CvcField {
        /// None was typed, or none may be sent.
        Absent = "absent",
        /// The customer typed it for this transaction.
        Given = "given",
    }
}

/// A 0100.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    /// The card: the shell opens its number (DE2).
    pub method: PaymentMethodId,
    /// The network it goes over.
    pub network: Brand,
    /// DE4 and DE49; zero checks the card. An increment asks for the difference.
    pub amount: Money,
    /// What an increment adds to: what the issuer has authorized so far under
    /// [`Authorization::original`] (function code 187, `card-network.md` 8.2).
    pub adds_to: Option<Money>,
    /// DE14.
    pub expiry: Expiry,
    /// DE18.
    pub mcc: &'static str,
    /// DE19.
    pub acquirer_country: Country,
    /// DE22 (W1).
    pub entry_mode: EntryMode,
    /// DE25.
    pub condition: Condition,
    /// DE42.
    pub merchant: String,
    /// The electronic commerce indicator (W5, `card-network.md` 4.7).
    pub eci: &'static str,
    /// The authentication value, only beside its own ECI (W5).
    pub authentication_value: Option<String>,
    /// The cryptogram was made elsewhere and imported.
    pub imported_value: bool,
    /// W2.
    pub cof: Option<CofMarker>,
    /// Set on every merchant-initiated transaction.
    pub mit: Option<MitType>,
    /// The agreement's first network transaction id (W3); an increment's own first message.
    pub original: Option<Nti>,
    /// DE48 se22 sf1 (W7): `01` variable, `03` fixed; Mastercard MITs only.
    pub series: Option<&'static str>,
    /// F60.8 (W8): `2` recurring, `3` instalment; Visa only.
    pub recurring_indicator: Option<&'static str>,
    /// W4.
    pub cvc: CvcField,
    /// Whether a first address line stands in the message.
    pub line1_given: bool,
    /// Whether a postal code does.
    pub postal_code_given: bool,
}

/// A 0110.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationReply {
    /// DE39.
    pub code: String,
    /// DE38; the simulated issuers give one on declines too.
    pub approval_code: Option<String>,
    /// The network's id of this message.
    pub nti: Option<Nti>,
    /// DE48 se84, Mastercard.
    pub advice: Option<String>,
    /// The security code, where one was sent.
    pub cvc: Option<Check>,
    /// The first address line, where one was sent.
    pub line1: Option<Check>,
    /// The postal code, where one was sent.
    pub postal_code: Option<Check>,
    /// The ids of the issuer rules that fired.
    pub rules: Vec<String>,
}

impl AuthorizationReply {
    /// Whether the issuer said yes.
    pub fn is_approved(&self) -> bool {
        is_approval(&self.code)
    }
}

/// Whether DE39 is a yes (`card-network.md` 2.4): 85 is one to a check, 11 one to a very important
/// person. 08 is one only where an acquirer says so, 10 only where part of the money was asked
/// for: neither is done here.
pub fn is_approval(code: &str) -> bool {
    matches!(code, "00" | "11" | "85")
}

/// What the network is told once it is decided: sent until acknowledged, never refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followup {
    /// Money of a hold is taken: a presentment.
    Capture {
        /// The charge.
        charge: ChargeId,
        /// The card.
        method: PaymentMethodId,
        /// How much.
        amount: Money,
        /// What the issuer has authorized for the charge in all.
        total: Money,
    },
    /// A hold is let go, or part of it.
    Reverse {
        /// The charge.
        charge: ChargeId,
        /// The card.
        method: PaymentMethodId,
        /// How much is let go.
        amount: Money,
        /// What the charge comes to afterwards (the replacement amount, DE95): what was taken of
        /// it, and what can still be.
        total: Money,
    },
    /// Money that was taken is given back: the credit (`card-network.md` 1.2, T8).
    Refund {
        /// The charge whose money it was.
        charge: ChargeId,
        /// The card.
        method: PaymentMethodId,
        /// How much.
        amount: Money,
    },
}

impl Followup {
    /// The charge whose money it is.
    pub fn charge(&self) -> ChargeId {
        match self {
            Followup::Capture { charge, .. }
            | Followup::Reverse { charge, .. }
            | Followup::Refund { charge, .. } => *charge,
        }
    }

    /// How much.
    pub fn amount(&self) -> Money {
        match self {
            Followup::Capture { amount, .. }
            | Followup::Reverse { amount, .. }
            | Followup::Refund { amount, .. } => *amount,
        }
    }

    /// What the charge comes to: for a capture what is authorized in all, for a reversal what is
    /// left of it (DE95), for a credit the credit alone.
    pub fn total(&self) -> Money {
        match self {
            Followup::Capture { total, .. } | Followup::Reverse { total, .. } => *total,
            Followup::Refund { amount, .. } => *amount,
        }
    }

    /// The card.
    pub fn method(&self) -> PaymentMethodId {
        match self {
            Followup::Capture { method, .. }
            | Followup::Reverse { method, .. }
            | Followup::Refund { method, .. } => *method,
        }
    }
}
