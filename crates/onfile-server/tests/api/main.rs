//! The server from outside: every test speaks HTTP to it, and most run on both roads to the
//! issuers.

mod adjustments;
mod app;
mod around;
mod bank;
mod client;
mod recorder;
mod sink;

mod available;
mod badness;
mod challenges;
mod controls;
mod delivery_faults;
mod holds;
mod input;
mod keys;
mod laws;
mod listening;
mod noise;
mod on_the_wire;
mod owed;
mod payments;
mod refunds;
mod retention;
mod test_clocks;
mod time;
mod tls;
mod together;
mod walk;
mod waves;
mod webhooks;
mod wire;
