//! The gateway's decision procedure (`card-network.md` 6.3): what to ask of whom, in which order,
//! and what its answers mean. Pure: same inputs, same outputs, with the ids of the rules that
//! fired.

use crate::agreement::AgreementKind;
use crate::card::Brand;
use crate::id::{AgreementId, PastDeclineId};
use crate::money::Money;
use crate::network::AuthenticationRequest;
use crate::time::WorldTime;
use crate::words::words;

pub mod after;
pub mod check;
pub mod governor;
pub mod guards;
pub mod initiator;
pub mod inputs;
pub mod need;
pub mod outcome;
pub mod procedure;
pub mod regions;
pub mod rules;
pub mod wire;
pub mod zone;

words! {
    /// How a customer was authenticated.
    ThreeDSecureFlow {
        /// By a challenge.
        Challenge = "challenge",
        /// Without the customer noticing.
        Frictionless = "frictionless",
    }
    /// What came of 3-D Secure, in the words of `stripe-api.md` 6.3.
    ThreeDSecureResult {
        /// Proof of an attempt.
        AttemptAcknowledged = "attempt_acknowledged",
        /// Authenticated.
        Authenticated = "authenticated",
        /// Denied, abandoned or rejected.
        Failed = "failed",
        /// The card or its network takes no part.
        NotSupported = "not_supported",
        /// The directory or the bank failed.
        ProcessingError = "processing_error",
    }
    /// Why a result is not `authenticated`.
    ThreeDSecureReason {
        /// The challenge was left unanswered.
        Abandoned = "abandoned",
        /// The customer canceled.
        Canceled = "canceled",
        /// The card takes no part.
        CardNotEnrolled = "card_not_enrolled",
        /// The network takes no part.
        NetworkNotSupported = "network_not_supported",
        /// A message was wrong.
        ProtocolError = "protocol_error",
        /// The bank said no.
        Rejected = "rejected",
    }
}

/// How the customer was authenticated, as charges and set-up attempts show it
/// (`stripe-api.md` 6.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreeDSecure {
    /// By a challenge or without; `None` where neither happened.
    pub flow: Option<ThreeDSecureFlow>,
    /// The electronic commerce indicator that belongs to the result.
    pub eci: Option<String>,
    /// What came of it.
    pub result: ThreeDSecureResult,
    /// Why it isn't `authenticated`.
    pub reason: Option<ThreeDSecureReason>,
    /// The directory's id: a UUID.
    pub transaction_id: Option<String>,
    /// The protocol's version.
    pub version: String,
}

/// 3-D Secure that was run elsewhere: `payment_method_options[card][three_d_secure]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedAuthentication {
    /// `ares_trans_status`: `C` says that the customer was challenged.
    pub ares_trans_status: Option<String>,
    /// The cryptogram, base64.
    pub cryptogram: String,
    /// 01, 02, 05, 06 or 07; `None` where the call gives none.
    pub eci: Option<String>,
    /// `low_risk` or `none`.
    pub exemption_indicator: Option<String>,
    /// The directory's id.
    pub transaction_id: String,
    /// The protocol's version.
    pub version: String,
}

/// A soft decline of an intent, remembered for its card until an approval (`card-network.md` N4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Soft {
    /// The card, by its payment account reference.
    pub par: String,
    /// DE39.
    pub code: String,
}

/// What the gateway needs to go on when a challenge is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The request that the bank answered with a challenge.
    pub request: AuthenticationRequest,
    /// The directory's id of the authentication.
    pub ds_trans_id: String,
    /// Whether it was asked after a soft decline: then there is no third try.
    pub after_soft_decline: bool,
    /// The ids of the rules that fired so far, in order.
    pub trace: Vec<String>,
    /// The result of the challenge, once it is there: manual confirmation keeps it for the
    /// second confirm.
    pub passed: Option<PassedChallenge>,
}

/// A challenge that the customer passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedChallenge {
    /// Proof for the authorization.
    pub authentication_value: String,
    /// The ids of the ACS rules that fired.
    pub rules: Vec<String>,
}

/// A decline that counts against the networks' limits, or ends what may be charged
/// (`card-network.md` 7.3, G2, G7). Named test cards have none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastDecline {
    /// `dec_…`.
    pub id: PastDeclineId,
    /// When.
    pub created: WorldTime,
    /// The card, by its payment account reference.
    pub par: String,
    /// The network that carried it.
    pub network: Brand,
    /// What was asked for; zero for a check.
    pub amount: Money,
    /// Whether nobody was present: the counters are separate.
    pub initiator: Initiator,
    /// The agreement charged under.
    pub agreement: Option<AgreementId>,
    /// Its kind.
    pub kind: Option<AgreementKind>,
    /// DE39.
    pub code: String,
    /// DE48 se84, Mastercard.
    pub advice: Option<String>,
}

words! {
    /// Who began a transaction.
    Initiator {
        /// The cardholder.
        Customer = "cit",
        /// The merchant.
        Merchant = "mit",
    }
}
