//! Banks that exist only here: their cards, their rules and their pages' answers. Pure: their
//! state comes in and goes out with every question.

mod bins;
pub mod cards;
mod country_codes;
pub mod profile;
