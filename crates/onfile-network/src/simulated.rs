//! Banks that exist only here: their cards, their rules and their pages' answers. Pure: their
//! state comes in and goes out with every question.
//!
//! Whoever holds the state loads what [`query`] names, asks [`answer`], and commits the changes
//! together with whatever the answer brings about.

use onfile_domain::bank::{BankChange, BankQuery, BankState};
use onfile_domain::gateway::regions::euro_cents;
use onfile_domain::network::{Followup, Question, Reply};
use onfile_domain::pan::Pan;
use onfile_domain::time::WorldTime;

use crate::simulated::profile::Profile;

mod acs;
mod authentication_value;
mod base64;
mod bins;
pub mod cards;
mod country_codes;
mod directory;
mod issuer;
pub mod nti;
pub mod profile;

/// A card as its bank knows it.
#[derive(Debug)]
pub struct BankCard<'a> {
    /// The number.
    pub pan: &'a Pan,
    /// The account behind it: its payment account reference.
    pub par: &'a str,
    /// How its bank behaves; `None` where no bank issued it.
    pub profile: Option<Profile>,
}

impl<'a> BankCard<'a> {
    /// The card with this number.
    pub fn new(pan: &'a Pan, par: &'a str) -> BankCard<'a> {
        BankCard { pan, par, profile: cards::profile(pan).ok() }
    }
}

/// What a bank can't make by itself: this crate has no generator and keeps no key.
pub struct Entropy {
    /// The banks' key, the same for the life of a world.
    pub key: [u8; 32],
    /// Random bytes, new for each question.
    pub random: [u8; 40],
}

/// What must be loaded of the bank's memory before the question can be answered; `par` is the
/// account behind its card.
pub fn query(question: &Question, par: &str) -> BankQuery {
    let (merchant, original, value, ds_trans_id) = match question {
        Question::Authenticate(request) => (&request.merchant, None, None, None),
        Question::Challenge(challenge) => {
            (&challenge.request.merchant, None, None, Some(&challenge.ds_trans_id))
        }
        Question::Authorize(message) => {
            let original = message.original.as_ref().map(|nti| nti.ledger_key().to_owned());
            (&message.merchant, original, message.authentication_value.as_ref(), None)
        }
    };
    BankQuery {
        par: par.to_owned(),
        merchant: merchant.clone(),
        original,
        authentication_value: value.cloned(),
        ds_trans_id: ds_trans_id.cloned(),
    }
}

/// What the banks answer, and what they will remember of it.
pub fn answer(
    question: &Question,
    card: &BankCard<'_>,
    state: &BankState,
    now: WorldTime,
    entropy: &Entropy,
) -> (Reply, Vec<BankChange>) {
    match question {
        Question::Authenticate(request) => {
            let (reply, changes) = directory::authenticate(request, card, state, now, entropy);
            (Reply::Authentication(reply), changes)
        }
        Question::Challenge(challenge) => {
            let (reply, changes) = acs::end_challenge(challenge, card, state, now, entropy);
            (Reply::Authentication(reply), changes)
        }
        Question::Authorize(message) => {
            let (reply, changes) = issuer::authorize(message, card, state, now, entropy);
            (Reply::Authorization(reply), changes)
        }
    }
}

/// What the bank of this account remembers of something it is told. A capture takes what is
/// held, so only a reversal changes what is left to spend.
pub fn followup(followup: &Followup, par: &str) -> Vec<BankChange> {
    match followup {
        Followup::Capture { .. } => Vec::new(),
        Followup::Reverse { amount, .. } => euro_cents(*amount)
            .map(|amount| BankChange::Spend { par: par.to_owned(), amount: -amount })
            .into_iter()
            .collect(),
    }
}

#[cfg(test)]
mod tests;
