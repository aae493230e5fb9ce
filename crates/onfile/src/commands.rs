//! The verbs, one file each.

pub mod explain;
pub mod healthcheck;
pub mod listen;
pub mod serve;
pub mod tour;
