//! What can be set, with its defaults.

use std::time::Duration;

use crate::limits;

/// What the shell is told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Names beside loopback that the server answers to.
    pub hosts: Vec<String>,
    /// Open test worlds under any `Host`, and no live keys at all: for containers in CI.
    pub test_only: bool,
    /// The most rows of one test world.
    pub rows: u64,
    /// Bytes that must be free on the disk for a write.
    pub free_bytes: u64,
    /// How long an acquirer may take before its silence is an outcome.
    pub wire: Duration,
    /// How long after each try the network is told again what it did not acknowledge; the last
    /// of them from then on.
    pub tell_again: &'static [Duration],
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            hosts: Vec::new(),
            test_only: false,
            rows: limits::ROWS,
            free_bytes: limits::FREE_BYTES,
            wire: limits::WIRE,
            tell_again: limits::TELL_AGAIN,
        }
    }
}
