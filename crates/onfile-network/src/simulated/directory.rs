//! The networks' directory: answers for banks that take no part or can't, and asks the others'
//! ACS (`card-network.md` 6.8, A1 and A2).

use onfile_domain::bank::{BankChange, BankState};
use onfile_domain::card::ThreeDs;
use onfile_domain::network::{AuthenticationReply, AuthenticationRequest, TransStatus};
use onfile_domain::time::WorldTime;

use crate::simulated::acs::{self, Asked};
use crate::simulated::authentication_value::{self, Proof};
use crate::simulated::profile::Acs;
use crate::simulated::{BankCard, Entropy};

/// Answers an AReq.
pub(super) fn authenticate(
    request: &AuthenticationRequest,
    card: &BankCard<'_>,
    state: &BankState,
    now: WorldTime,
    entropy: &Entropy,
) -> (AuthenticationReply, Vec<BankChange>) {
    let ds_trans_id = authentication_value::ds_trans_id(entropy);
    let asked = Asked { request, card, ds_trans_id, now, entropy };
    let attempt = |rule| acs::proven(&asked, Proof::Attempt, rule);
    let unproven =
        |status, rules: &[&str]| (acs::unproven(status, rules, asked.ds_trans_id.clone()), vec![]);
    let Some(profile) = &card.profile else { return attempt("A1") };
    match profile.three_ds {
        ThreeDs::NotEnrolled => return attempt("A1"),
        // No directory carries the card; a gateway that asks all the same learns nothing.
        ThreeDs::None => return unproven(TransStatus::Unavailable, &[]),
        ThreeDs::Required | ThreeDs::Enrolled => {}
    }
    match profile.acs {
        Acs::Down => attempt("A2"),
        Acs::Error => unproven(TransStatus::Error, &["A2"]),
        Acs::Up => acs::authenticate(&asked, profile, state),
    }
}
