//! The verbs, one file each.

pub(crate) mod explain;
pub(crate) mod healthcheck;
pub(crate) mod listen;
pub(crate) mod serve;
pub(crate) mod tour;
