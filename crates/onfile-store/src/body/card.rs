//! What everybody may know of a card.

use onfile_domain::card::{CardFacts, Expiry};

use super::macros::record;

record!(CardFacts {
    brand,
    networks,
    funding,
    country,
    last4,
    three_ds,
    named,
    risk,
    risk_score,
    radar_block,
    effect,
});
record!(Expiry { year, month });
