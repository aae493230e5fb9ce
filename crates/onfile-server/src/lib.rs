//! The shell: the only place with a clock, a generator, tasks and sockets. It parses nothing and
//! decides nothing; it loads, runs the rules, commits, and answers.

#![deny(unreachable_pub)]
#![recursion_limit = "256"]

mod adjustments;
mod app;
mod auth;
mod balance;
mod call;
mod clock;
pub mod config;
mod control;
mod controls;
mod coverage;
mod deliveries;
mod delivery;
pub mod disk;
mod docs;
mod events;
mod faults;
mod fixture;
mod hand;
mod http;
mod idempotency;
mod intake;
pub mod limits;
mod listening;
mod lists;
mod operations;
pub mod page;
mod pipeline;
mod render;
mod reply;
mod retrieve;
mod road;
pub mod routes;
mod serve;
mod settle;
mod snapshots;
mod stop;
pub mod surroundings;
pub mod tls;
mod waiting;
mod worded;
mod work;
mod workers;
mod worlds;

pub use app::{App, Executor, Parts};
pub use config::Settings;
pub use coverage::coverage_page;
pub use listening::socket::{accept, base64};
pub use serve::serve;
pub use stop::Stop;
pub use workers::finish_what_was_cut_off;
