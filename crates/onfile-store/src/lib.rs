//! Keeps things: loads what a rule needs to know, commits what it decided. Decides nothing.
//!
//! A commit is all or nothing, and durable when it is answered. Every load and every commit
//! names its world; there is no look-up without one.

#![deny(unreachable_pub)]

mod body;
pub mod check;
mod contract;
mod kept;
mod oneshot;
pub mod sqlite;
mod store;

pub use contract::*;
pub use sqlite::Options;
pub use store::Store;
