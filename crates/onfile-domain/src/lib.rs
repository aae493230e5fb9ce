//! The rules of payments, as pure functions over explicit state.
//!
//! Nothing here can do I/O: no clock, no generator, no storage, no sockets. A rule is given
//! what it must know, says what it still needs, and answers with a decision that the shell
//! around it commits.

pub mod country;
pub mod id;
pub mod money;
pub mod time;
