//! The road to the issuer, and the simulated banks behind it. Sees no store.

pub mod acquirer;
pub mod simulated;
