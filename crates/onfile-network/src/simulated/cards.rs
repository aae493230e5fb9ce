//! The test cards (`stripe-api.md` 5.2 to 5.7) and what a number says of itself: its BIN table's
//! facts and its bank's profile. Data and look-ups; no rule here or elsewhere asks for a number.
//!
//! Besides the listed numbers there is every number of 16 digits that begins with `400000` and
//! goes on with the three digits of a country (ISO 3166): a plain card of that country, and of
//! the United States (`840`) one like 4242. Any other number is no test card.

use onfile_domain::card::{Brand, CardFacts, Funding, Risk, ThreeDs};
use onfile_domain::country::Country;
use onfile_domain::pan::Pan;

use crate::simulated::bins;
use crate::simulated::country_codes;
use crate::simulated::profile::Profile;

mod authenticating;
mod checked;
mod countries;
mod declining;
mod returning;
mod succeeding;
mod traits;
mod unserved;

pub use traits::Traits;

/// A listed test card.
#[derive(Debug, Clone, Copy)]
pub struct TestCard {
    /// Its digits.
    pub number: &'static str,
    /// The names it goes by. One that begins with `pm_card_` or `tok_` stands for itself, any
    /// other for both of these before it.
    pub names: &'static [&'static str],
    /// What it is like.
    pub traits: Traits,
}

/// The number is none that test mode takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnknownCard {
    /// It may be somebody's.
    #[error("not a test card")]
    NotATestCard,
    /// A test card of Stripe's whose effect isn't built yet.
    #[error("a test card that isn't served yet")]
    NotServed,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// The card's digits.
    pub number: &'static str,
    /// Whether the card's effect is built.
    pub served: bool,
}

/// Every table, with the heading it has in the documents.
pub const TABLES: &[(&str, &[TestCard])] = &[
    ("Succeeding cards", succeeding::CARDS),
    ("Country cards", countries::CARDS),
    ("Declining cards", declining::CARDS),
    ("Risk and verification cards", checked::CARDS),
    ("Authenticating cards", authenticating::CARDS),
    ("Refund and balance cards", returning::CARDS),
    ("Cards that are not served yet", unserved::CARDS),
];

/// Every listed card.
pub fn rows() -> impl Iterator<Item = &'static TestCard> {
    TABLES.iter().flat_map(|(_, cards)| cards.iter())
}

/// What the BIN table says of a number, with the marks of a test card.
///
/// # Errors
/// [`UnknownCard`] says why test mode doesn't take it.
pub fn facts(pan: &Pan) -> Result<CardFacts, UnknownCard> {
    let traits = find(pan)?;
    let brand = bins::brand(pan.expose());
    let networks = if traits.networks.is_empty() { vec![brand] } else { traits.networks.to_vec() };
    Ok(CardFacts {
        brand,
        networks,
        funding: traits.funding,
        country: traits.country(),
        last4: pan.last4().to_owned(),
        three_ds: traits.three_ds,
        named: traits.named,
        risk: traits.risk,
        risk_score: match traits.risk {
            Risk::Normal => 32,
            Risk::Elevated => 70,
            Risk::Highest => 90,
        },
        radar_block: traits.radar_block,
        effect: traits.effect,
    })
}

/// How the number's bank behaves.
///
/// # Errors
/// [`UnknownCard`] where no bank issued it (S1).
pub fn profile(pan: &Pan) -> Result<Profile, UnknownCard> {
    find(pan).map(|traits| traits.profile())
}

/// The card that a name stands for: `pm_card_visa`, `tok_visa`.
pub fn named(name: &str) -> Option<Named> {
    let short = name.strip_prefix("pm_card_").or_else(|| name.strip_prefix("tok_"))?;
    let card = rows().find(|card| card.names.iter().any(|it| *it == name || *it == short))?;
    Some(Named { number: card.number, served: card.traits.served })
}

impl TestCard {
    /// Its names, each written out.
    pub fn aliases(&self) -> Vec<String> {
        let spelled = |name: &&str| {
            if name.starts_with("pm_card_") || name.starts_with("tok_") {
                vec![(*name).to_owned()]
            } else {
                vec![format!("pm_card_{name}"), format!("tok_{name}")]
            }
        };
        self.names.iter().flat_map(spelled).collect()
    }
}

fn find(pan: &Pan) -> Result<Traits, UnknownCard> {
    let number = pan.expose();
    let traits = match rows().find(|card| card.number == number) {
        Some(card) => card.traits,
        None => by_country(number).ok_or(UnknownCard::NotATestCard)?,
    };
    if traits.served { Ok(traits) } else { Err(UnknownCard::NotServed) }
}

fn by_country(number: &str) -> Option<Traits> {
    if number.len() != 16 {
        return None;
    }
    let code = number.strip_prefix("400000")?.get(..3)?.parse().ok()?;
    Some(match country_codes::alpha2(code)? {
        "US" => Traits::US,
        country => Traits::abroad(country),
    })
}

#[cfg(test)]
mod tests;
