//! The road to the issuer, and the simulated banks behind it. Sees no store.

#![deny(unreachable_pub)]

pub mod acquirer;
pub mod simulated;
