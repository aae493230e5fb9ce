//! The clock and the generator: the only ones. Everything else is given instants and bytes.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// What the shell knows of the world outside: tests give it a clock and a seed of their own.
pub trait Surroundings: Send + Sync + 'static {
    /// The wall's clock: seconds since 1970.
    fn wall(&self) -> i64;

    /// Fills with random bytes that nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}

/// The system's own.
#[derive(Debug, Clone, Copy)]
pub struct System;

impl Surroundings for System {
    #[expect(clippy::disallowed_methods, reason = "this is the shell's one clock")]
    fn wall(&self) -> i64 {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
            // A clock before 1970 is as good as none.
            Err(_) => 0,
        }
    }

    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("a system without a generator can't run a payments server");
    }
}

/// How long something takes, for the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts it.
    #[expect(clippy::disallowed_methods, reason = "this is the shell's one clock")]
    pub(crate) fn start() -> Stopwatch {
        Stopwatch(Instant::now())
    }

    /// How long since.
    pub(crate) fn took(self) -> Duration {
        self.0.elapsed()
    }

    /// Milliseconds since, to the microsecond: more digits would only look like a card number.
    pub(crate) fn took_ms(self) -> f64 {
        self.0.elapsed().as_micros() as f64 / 1_000.0
    }
}
