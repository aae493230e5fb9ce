//! Stripe's wire: forms in, JSON out, errors, versions (`stripe-api.md` section 1).
//!
//! Everything here is text to typed values and back. No sockets and no clock: a header is a
//! string, a request is bytes, an answer is bytes.

#![deny(unreachable_pub)]

pub mod answer;
pub mod codes;
pub mod coverage;
pub mod error;
pub mod expand;
pub mod fees;
pub mod form;
pub mod header;
pub mod json;
pub mod metadata;
pub mod page;
pub mod params;
pub mod version;
pub mod view;
pub mod views;
