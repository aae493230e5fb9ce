//! The networks' directory: answers for banks that take no part or can't, and asks the others'
//! ACS (`card-network.md` 6.8, A1 and A2).

use onfile_domain::bank::{BankChange, BankState};
use onfile_domain::card::ThreeDs;
use onfile_domain::network::{AuthenticationReply, AuthenticationRequest, TransStatus};
use onfile_domain::time::WorldTime;

use crate::simulated::acs;
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
    let attempt = |rule, ds_trans_id| {
        acs::proven(Proof::Attempt, rule, request, ds_trans_id, card, now, entropy)
    };
    let Some(profile) = &card.profile else { return attempt("A1", ds_trans_id) };
    match profile.three_ds {
        ThreeDs::NotEnrolled => return attempt("A1", ds_trans_id),
        // No directory carries the card; a gateway that asks all the same learns nothing.
        ThreeDs::None => {
            return (acs::unproven(TransStatus::Unavailable, &[], ds_trans_id), vec![]);
        }
        ThreeDs::Required | ThreeDs::Enrolled => {}
    }
    match profile.acs {
        Acs::Down => attempt("A2", ds_trans_id),
        Acs::Error => (acs::unproven(TransStatus::Error, &["A2"], ds_trans_id), vec![]),
        Acs::Up => acs::authenticate(request, profile, card, state, ds_trans_id, now, entropy),
    }
}
