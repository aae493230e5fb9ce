//! The banks' access control servers (`card-network.md` 6.8, A3 to A14), in the order of its
//! rules.
//!
//! Places kept for later: A3 (3RI), A5 (indicator 06), A9 and A10 (exemptions), A11 (indicator
//! 02); no message can ask for them yet. A6 for India comes with India.

use onfile_domain::bank::{AccountStatus, BankChange, BankState};
use onfile_domain::country::{Country, Region};
use onfile_domain::gateway::regions::euro_cents;
use onfile_domain::network::{
    AuthenticationPurpose, AuthenticationReply, AuthenticationRequest, ChallengeAnswer,
    ChallengeIndicator, ChallengeRequest, TransStatus,
};
use onfile_domain::time::WorldTime;

use crate::simulated::authentication_value::{self, Proof};
use crate::simulated::profile::{Challenge, FRICTIONLESS_LIMIT, Profile};
use crate::simulated::{BankCard, Entropy};

/// An AReq under way, with what its answer is made of.
pub(super) struct Asked<'a> {
    /// What is asked.
    pub(super) request: &'a AuthenticationRequest,
    /// About which card.
    pub(super) card: &'a BankCard<'a>,
    /// The directory's name for it.
    pub(super) ds_trans_id: String,
    /// When.
    pub(super) now: WorldTime,
    /// What makes its value.
    pub(super) entropy: &'a Entropy,
}

/// What an ACS makes of an AReq.
enum Ruling {
    Rejects,
    Challenges,
    Passes,
}

/// Answers an AReq for a bank that takes part and is up.
pub(super) fn authenticate(
    asked: &Asked<'_>,
    profile: &Profile,
    state: &BankState,
) -> (AuthenticationReply, Vec<BankChange>) {
    let (rule, ruling) = rule(asked.request, profile, state);
    let unproven = |status| (unproven(status, &[rule], asked.ds_trans_id.clone()), vec![]);
    match ruling {
        Ruling::Rejects => unproven(TransStatus::Rejected),
        Ruling::Challenges => unproven(TransStatus::ChallengeNeeded),
        Ruling::Passes => proven(asked, Proof::Frictionless, rule),
    }
}

/// The first rule that answers.
fn rule(
    request: &AuthenticationRequest,
    profile: &Profile,
    state: &BankState,
) -> (&'static str, Ruling) {
    // A3: 3RI.
    if is_out_of_its_holders_hands(state) {
        return ("A4", Ruling::Rejects);
    }
    // A5: indicator 06.
    if is_mandated(request, profile.country) {
        return ("A6", Ruling::Challenges);
    }
    let preferred = request.indicator == ChallengeIndicator::Preferred;
    match profile.challenge {
        Challenge::Always => return ("A7", Ruling::Challenges),
        Challenge::Never => return ("A8", Ruling::Passes),
        Challenge::Auto if preferred => return ("A7", Ruling::Challenges),
        Challenge::Auto => {}
    }
    // A9, A10: exemptions. A11: indicator 02.
    match euro_cents(request.amount) {
        Some(amount) if amount <= FRICTIONLESS_LIMIT => ("A12", Ruling::Passes),
        Some(_) | None => ("A13", Ruling::Challenges),
    }
}

fn is_out_of_its_holders_hands(state: &BankState) -> bool {
    match state.profile.status {
        Some(AccountStatus::Lost | AccountStatus::Stolen | AccountStatus::PickUpFraud) => true,
        Some(AccountStatus::Open | AccountStatus::Closed | AccountStatus::PickUp) | None => false,
    }
}

/// A6: asked for as mandated, or the beginning of an agreement inside a zone of SCA (Z1, Z2).
fn is_mandated(request: &AuthenticationRequest, issuer: Country) -> bool {
    let begins_agreement = match request.purpose {
        AuthenticationPurpose::Payment => false,
        AuthenticationPurpose::Recurring
        | AuthenticationPurpose::Installment
        | AuthenticationPurpose::AddCard => true,
    };
    let in_zone = matches!(
        (issuer.region(), request.acquirer_country.region()),
        (Region::Eea, Region::Eea) | (Region::Uk, Region::Uk)
    );
    request.indicator == ChallengeIndicator::Mandated || (begins_agreement && in_zone)
}

/// A14: the end of a challenge.
pub(super) fn end_challenge(
    challenge: &ChallengeRequest,
    card: &BankCard<'_>,
    state: &BankState,
    now: WorldTime,
    entropy: &Entropy,
) -> (AuthenticationReply, Vec<BankChange>) {
    let ds_trans_id = challenge.ds_trans_id.clone();
    match challenge.answer {
        ChallengeAnswer::Completed => {
            // Told twice, it answers twice the same.
            let issued = state.value.as_ref().filter(|value| value.ds_trans_id == ds_trans_id);
            if let Some(issued) = issued {
                return (authenticated(TransStatus::Authenticated, "A14", issued), vec![]);
            }
            let asked = Asked { request: &challenge.request, card, ds_trans_id, now, entropy };
            proven(&asked, Proof::Challenge, "A14")
        }
        ChallengeAnswer::Failed | ChallengeAnswer::TimedOut => {
            (unproven(TransStatus::Denied, &["A14"], ds_trans_id), vec![])
        }
    }
}

/// An answer with a new authentication value, which the bank remembers.
pub(super) fn proven(
    asked: &Asked<'_>,
    proof: Proof,
    rule: &'static str,
) -> (AuthenticationReply, Vec<BankChange>) {
    let status = match proof {
        Proof::Frictionless | Proof::Challenge => TransStatus::Authenticated,
        Proof::Attempt => TransStatus::Attempted,
    };
    let value = authentication_value::issue(asked, proof);
    (authenticated(status, rule, &value), vec![BankChange::Issue(value)])
}

fn authenticated(
    status: TransStatus,
    rule: &'static str,
    value: &onfile_domain::bank::IssuedValue,
) -> AuthenticationReply {
    AuthenticationReply {
        status,
        ds_trans_id: value.ds_trans_id.clone(),
        authentication_value: Some(value.value.clone()),
        rules: vec![rule.to_owned()],
    }
}

/// An answer without a value.
pub(super) fn unproven(
    status: TransStatus,
    rules: &[&str],
    ds_trans_id: String,
) -> AuthenticationReply {
    let rules = rules.iter().map(|rule| (*rule).to_owned()).collect();
    AuthenticationReply { status, ds_trans_id, authentication_value: None, rules }
}
