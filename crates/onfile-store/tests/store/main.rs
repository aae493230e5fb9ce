//! One suite for every store, and what only the embedded one can go through.

#![expect(clippy::unwrap_used, reason = "a test's unwrap is its assertion")]

mod beside;
mod conformance;
mod deliveries;
mod embedded;
mod made;
mod migrations;
mod retention;
