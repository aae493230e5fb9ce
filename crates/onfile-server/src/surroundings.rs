//! The clock and the generator: the only ones. Everything else is given instants and bytes.

use std::cell::RefCell;
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
        match bytes.len() {
            0..=Drawn::MOST => DRAWN.with_borrow_mut(|drawn| drawn.give(bytes)),
            _ => draw(bytes),
        }
    }
}

fn draw(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("a system without a generator can't run a payments server");
}

thread_local! {
    static DRAWN: RefCell<Drawn> = const { RefCell::new(Drawn::NOTHING) };
}

/// Bytes of the system's generator, drawn ahead of small requests: a call makes ten of them, and
/// each draw is a system call. What is given is gone from here.
struct Drawn {
    bytes: [u8; Drawn::AHEAD],
    /// The first so many are not given yet.
    left: usize,
}

impl Drawn {
    const NOTHING: Drawn = Drawn { bytes: [0; Drawn::AHEAD], left: 0 };
    const AHEAD: usize = 512;
    /// More than this is drawn by itself.
    const MOST: usize = 64;

    fn give(&mut self, bytes: &mut [u8]) {
        if self.left < bytes.len() {
            draw(&mut self.bytes);
            self.left = Drawn::AHEAD;
        }
        self.left -= bytes.len();
        let given = &mut self.bytes[self.left..][..bytes.len()];
        bytes.copy_from_slice(given);
        given.fill(0);
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_bytes_are_given_twice() {
        let mut seen = BTreeSet::new();
        for _ in 0..100 {
            for len in [16, 40, Drawn::MOST, Drawn::MOST + 1] {
                let mut bytes = vec![0; len];
                System.fill(&mut bytes);
                for chunk in bytes.chunks_exact(8) {
                    assert!(seen.insert(chunk.to_vec()), "eight random bytes came again");
                }
            }
        }
    }
}
