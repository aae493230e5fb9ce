//! Banks that exist only here: their cards, their rules and their pages' answers. Pure: their
//! state comes in and goes out with every question.
//!
//! Whoever holds the state loads what [`query`] names, adds what the same decision changed before
//! ([`recall`]), asks [`answer`], and commits the changes together with whatever the answer brings
//! about.

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
    /// Grows with the questions of a world, roughly: what is written for one after the other stands
    /// side by side.
    pub order: u64,
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

/// What was loaded, with what earlier answers of the same decision changed: those are committed
/// only at its end, and the bank must know them at once.
pub fn recall(query: &BankQuery, mut state: BankState, pending: &[BankChange]) -> BankState {
    for change in pending {
        apply(query, &mut state, change);
    }
    state
}

fn apply(query: &BankQuery, state: &mut BankState, change: &BankChange) {
    match change {
        BankChange::Spend { par, amount, most: _ } if *par == query.par => state.spent += amount,
        BankChange::Count { par, amount } if *par == query.par => {
            state.count_since_sca += 1;
            state.sum_since_sca += amount;
        }
        BankChange::ResetCounters { par } if *par == query.par => {
            (state.count_since_sca, state.sum_since_sca) = (0, 0);
        }
        BankChange::SetProfile { par, profile } if *par == query.par => {
            state.profile = profile.clone();
        }
        BankChange::Remember(entry) if query.original.as_ref() == Some(&entry.nti) => {
            state.credential = Some(entry.clone());
        }
        BankChange::Issue(value)
            if query.authentication_value.as_ref() == Some(&value.value)
                || query.ds_trans_id.as_ref() == Some(&value.ds_trans_id) =>
        {
            state.value = Some(value.clone());
        }
        BankChange::Use { value } => {
            if let Some(known) = state.value.as_mut().filter(|known| known.value == *value) {
                known.used = true;
            }
        }
        // Of another account, transaction or value.
        BankChange::Spend { .. }
        | BankChange::Count { .. }
        | BankChange::ResetCounters { .. }
        | BankChange::SetProfile { .. }
        | BankChange::Remember(_)
        | BankChange::Issue(_) => {}
    }
}

/// What the bank of this account remembers of something it is told, which it can't refuse: a
/// reversal frees what it lets go, a credit what it gives back, and a capture takes what is held
/// and, where it takes more, more.
///
/// A hold's changes are differences of two totals of the charge, never an amount by itself: parts
/// that are rounded apart would leave a cent behind.
pub fn followup(followup: &Followup, par: &str) -> Vec<BankChange> {
    let (before, after) = match followup {
        Followup::Capture { amount, total, .. } if total.covers(*amount) => (*total, *total),
        Followup::Capture { amount, total, .. } => (*total, *amount),
        Followup::Reverse { amount, total, .. } => (total.plus(*amount), *total),
        Followup::Refund { amount, .. } => (*amount, amount.minus(*amount)),
    };
    match (euro_cents(before), euro_cents(after)) {
        (Some(before), Some(after)) if before != after => {
            vec![BankChange::Spend { par: par.to_owned(), amount: after - before, most: None }]
        }
        (Some(_) | None, _) => Vec::new(),
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
