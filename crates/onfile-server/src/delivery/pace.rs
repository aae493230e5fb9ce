//! How many tries an endpoint is given at once, by how it answered so far.
//!
//! One that hangs is given few: each of them holds a connection and comes to nothing. But whoever
//! moves a clock waits for the end of each, so that one that says nothing at all is given many
//! then: they run out of time together. One that is only slow, and answers some while others wait,
//! still gets few, for with more it would answer none in time.

use std::time::Duration;

use crate::limits;
use crate::surroundings::Stopwatch;

/// Whether an endpoint's world's clock is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    /// It runs with the wall's.
    Runs,
    /// Somebody moves it, and waits.
    Moves,
}

/// How an endpoint answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// In time; or nothing is known of it.
    Answers,
    /// The last try ran out of time.
    Hangs,
    /// A try ran out of time, and since it began nothing else was answered.
    Silent,
}

/// What the tries of a lane know together of how the endpoint answers.
#[derive(Debug)]
pub(super) struct Hearing {
    pace: Pace,
    /// When it last answered, or the lane began.
    heard_at: Stopwatch,
}

impl Hearing {
    pub(super) fn begin(pace: Pace) -> Hearing {
        Hearing { pace, heard_at: Stopwatch::start() }
    }

    /// A try ended, in time or not: how the endpoint answers from here on.
    pub(super) fn note(&mut self, timed_out: bool, timeout: Duration) -> Pace {
        self.pace = self.pace.after(timed_out, self.heard_at.took(), timeout);
        if !timed_out {
            self.heard_at = Stopwatch::start();
        }
        self.pace
    }

    /// Whether it says nothing.
    pub(super) fn is_silent(&self) -> bool {
        self.pace == Pace::Silent
    }

    /// How many tries may be on their way at once.
    pub(super) fn most(&self, clock: Clock) -> usize {
        self.pace.most(clock, self.heard_at.took())
    }
}

impl Pace {
    /// A try ended: in time, or not, when nothing had been heard for as long as `quiet`.
    fn after(self, timed_out: bool, quiet: Duration, timeout: Duration) -> Pace {
        match (timed_out, self) {
            (false, _) => Pace::Answers,
            (true, Pace::Silent) => Pace::Silent,
            (true, Pace::Answers | Pace::Hangs) if quiet >= timeout => Pace::Silent,
            (true, Pace::Answers | Pace::Hangs) => Pace::Hangs,
        }
    }

    /// How many tries may be on their way at once, where nothing was heard for as long as `quiet`.
    fn most(self, clock: Clock, quiet: Duration) -> usize {
        match (self, clock) {
            (Pace::Silent, Clock::Moves) if quiet >= limits::DELIVERY_SILENCE => {
                limits::DELIVERIES_TO_A_SILENT_ONE
            }
            (Pace::Answers, _) | (Pace::Silent, Clock::Moves) => limits::DELIVERIES_TO_ONE,
            (Pace::Hangs, _) | (Pace::Silent, Clock::Runs) => limits::DELIVERIES_TO_A_HANGING_ONE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUT: Duration = Duration::from_secs(10);

    /// `a` is an answer, `x` a try that ran out of time, each so many seconds after the last
    /// answer.
    fn after(ended: &str) -> Pace {
        ended.split_whitespace().fold(Pace::Answers, |pace, it| {
            let quiet = Duration::from_secs(it[1..].parse().expect("seconds"));
            pace.after(it.starts_with('x'), quiet, TIMEOUT)
        })
    }

    #[test]
    fn how_many_at_once() {
        let silence = limits::DELIVERY_SILENCE;
        for (ended, runs, moves, moves_and_nothing_comes) in [
            ("", 16, 16, 16),
            ("a1", 16, 16, 16),
            // Slow: it answered something while others ran out of time.
            ("a1 x9", 2, 2, 2),
            ("x9 x9 x9", 2, 2, 2),
            // Nothing came for as long as a try may take.
            ("x10", 2, 16, 64),
            ("x9 x10", 2, 16, 64),
            ("x10 x0", 2, 16, 64),
            ("x10 a10", 16, 16, 16),
            ("x10 a10 x9", 2, 2, 2),
        ] {
            let pace = after(ended);
            let most = [
                pace.most(Clock::Runs, silence),
                pace.most(Clock::Moves, Duration::ZERO),
                pace.most(Clock::Moves, silence),
            ];
            assert_eq!(most, [runs, moves, moves_and_nothing_comes], "{ended:?}");
        }
    }
}
