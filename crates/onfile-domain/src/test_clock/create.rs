//! Makes a test clock (`stripe-api.md` 11.1).

use crate::case::{Case, Halt, TimerKind};
use crate::command::Answer;
use crate::event::EventType;
use crate::id::TestClockId;
use crate::test_clock::{ClockState, LIFE, TestClock};
use crate::time::WorldTime;

/// A new test clock.
#[derive(Debug, Clone)]
pub struct Create {
    /// Where it stands at first: before, at or after the world's time.
    pub frozen_time: WorldTime,
    /// The caller's name for it.
    pub name: Option<String>,
}

impl Create {
    /// Makes the clock.
    ///
    /// # Errors
    /// Only [`Halt::Need`].
    pub fn decide(self, case: &mut Case<'_>) -> Result<Answer, Halt> {
        let clock = TestClock {
            id: case.mint.id(TestClockId::new),
            created: case.now(),
            deleted: false,
            frozen_time: self.frozen_time,
            name: self.name,
            state: ClockState::Ready,
        };
        case.put(clock.clone());
        case.later(LIFE, TimerKind::DeleteTestClock, clock.id.seq);
        case.tell(EventType::TestClockCreated, clock.clone());
        Ok(Answer::shown(clock))
    }
}
