//! What can be set, with its defaults.

use std::time::Duration;

use onfile_domain::webhook_endpoint::Reach;

use crate::limits;

/// What the shell is told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Names beside loopback that the server answers to.
    pub hosts: Vec<String>,
    /// Answers under any `Host`. Never for a server on loopback: a page elsewhere could bind its
    /// own name to this machine, and test keys can be guessed.
    pub any_host: bool,
    /// The most rows of one test world.
    pub rows: u64,
    /// Bytes that must be free on the disk for a write.
    pub free_bytes: u64,
    /// How far events may be sent.
    pub reach: Reach,
    /// How long a try of a delivery may take.
    pub delivery: Duration,
    /// Certificates that are trusted beside the system's when events are sent, as PEM.
    pub delivery_roots: Vec<u8>,
    /// How long an acquirer may take before its silence is an outcome.
    pub wire: Duration,
    /// How long after each try the network is told again what it did not acknowledge; the last
    /// of them from then on.
    pub tell_again: &'static [Duration],
    /// How often what is past its life is looked for.
    pub purge_every: Duration,
    /// How long one who listens may take to read a message before they are dropped.
    pub listener_reads: Duration,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            hosts: Vec::new(),
            any_host: false,
            rows: limits::ROWS,
            free_bytes: limits::FREE_BYTES,
            reach: Reach::default(),
            delivery: limits::DELIVERY,
            delivery_roots: Vec::new(),
            wire: limits::WIRE,
            tell_again: limits::TELL_AGAIN,
            purge_every: limits::PURGE_EVERY,
            listener_reads: limits::LISTENER_READS,
        }
    }
}
