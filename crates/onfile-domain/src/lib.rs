//! The rules of payments, as pure functions over explicit state.
//!
//! Nothing here can do I/O: no clock, no generator, no storage, no sockets. A rule is given
//! what it must know, says what it still needs, and answers with a decision that the shell
//! around it commits.

#![deny(unreachable_pub)]
#![deny(clippy::float_arithmetic)]
// Tests may: their other arms panic.
#![cfg_attr(not(test), deny(clippy::wildcard_enum_match_arm))]

pub mod account;
pub mod adjustment;
pub mod agreement;
pub mod attempt;
pub mod balance;
pub mod balance_transaction;
pub mod bank;
pub mod card;
pub mod case;
pub mod charge;
pub mod command;
pub mod contact;
pub mod country;
pub mod customer;
pub mod decline;
pub mod delivery;
pub mod event;
pub mod failure;
pub mod fees;
pub mod gateway;
pub mod id;
pub mod money;
pub mod network;
pub mod object;
pub mod pan;
pub mod payment_intent;
pub mod payment_method;
pub mod refund;
pub mod refusal;
#[cfg(test)]
mod rehearsal;
pub mod setup_intent;
pub mod test_clock;
pub mod time;
pub mod webhook_endpoint;
mod words;
