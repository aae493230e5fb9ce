//! Moves a test clock forward, and ends what its customers' time brings to its end
//! (`stripe-api.md` 11.1): the call answers `advancing`, and what falls due is done right after.

use crate::case::{Case, Halt, Need, TimerKind};
use crate::command::{Answer, Ref};
use crate::customer::Customer;
use crate::event::EventType;
use crate::id::TestClockId;
use crate::object::Kind;
use crate::payment_intent::{PaymentIntent, State, expire};
use crate::refusal::{Place, TestClockRefused, Why};
use crate::test_clock::{ClockState, FURTHEST, TestClock};
use crate::time::WorldTime;

/// How many holds one commit ends; the rest follows in the next.
const AT_ONCE: usize = 16;

/// An advance.
#[derive(Debug, Clone, Copy)]
pub struct Advance {
    /// Where to.
    pub frozen_time: WorldTime,
}

impl Advance {
    /// Sets the clock, and leaves what follows to a timer that is due now.
    ///
    /// # Errors
    /// Backwards, too far, or while it is still on its way.
    pub fn decide(self, case: &mut Case<'_>, id: &Ref<TestClockId>) -> Result<Answer, Halt> {
        let mut clock = id.clock(case, Place::Path)?;
        match clock.state {
            ClockState::Ready => {}
            ClockState::Advancing { .. } => {
                return Err(Why::TestClock(TestClockRefused::Advancing).into());
            }
        }
        if self.frozen_time <= clock.frozen_time {
            return Err(Why::TestClock(TestClockRefused::Backwards {
                stands_at: clock.frozen_time,
            })
            .into());
        }
        if self.frozen_time.since(clock.frozen_time) > FURTHEST {
            return Err(
                Why::TestClock(TestClockRefused::TooFar { stands_at: clock.frozen_time }).into()
            );
        }
        clock.state = ClockState::Advancing { to: self.frozen_time };
        case.put(clock.clone());
        case.later(0, TimerKind::AdvanceTestClock, clock.id.seq);
        case.tell(EventType::TestClockAdvancing, clock.clone());
        Ok(Answer::shown(clock))
    }
}

/// Ends the holds of the clock's customers that its time has passed; when none is left, the clock
/// is ready.
///
/// # Errors
/// Only [`Halt::Need`].
pub fn go_on(case: &mut Case<'_>, clock: u64) -> Result<(), Halt> {
    let Some(mut clock) = case.by_seq::<TestClock>(clock)? else { return Ok(()) };
    let to = match clock.state {
        ClockState::Advancing { to } if !clock.deleted => to,
        ClockState::Advancing { .. } | ClockState::Ready => return Ok(()),
    };
    let holds = holds(case, &clock, to)?;
    for hold in holds.iter().take(AT_ONCE) {
        expire::expire_hold_by(case, *hold, to)?;
    }
    if holds.len() > AT_ONCE {
        case.later(0, TimerKind::AdvanceTestClock, clock.id.seq);
        return Ok(());
    }
    clock.frozen_time = to;
    clock.state = ClockState::Ready;
    case.put(clock.clone());
    case.tell(EventType::TestClockReady, clock);
    Ok(())
}

/// The payments of the clock's customers whose holds its time has passed, oldest first.
fn holds(case: &Case<'_>, clock: &TestClock, to: WorldTime) -> Result<Vec<u64>, Halt> {
    let mut holds = Vec::new();
    let customers: Vec<Customer> = case.all(Need::Children(Kind::Customer, clock.id.seq))?;
    for customer in customers {
        let of = Need::OfCustomer(Kind::PaymentIntent, customer.id.seq);
        let intents: Vec<PaymentIntent> = case.all(of)?;
        holds.extend(intents.iter().filter(|intent| ends_by(intent, to)).map(|it| it.id.seq));
    }
    Ok(holds)
}

fn ends_by(intent: &PaymentIntent, to: WorldTime) -> bool {
    match intent.state {
        State::RequiresCapture { expires_at, .. } => expires_at <= to,
        State::RequiresPaymentMethod
        | State::RequiresConfirmation { .. }
        | State::RequiresAction { .. }
        | State::Succeeded { .. }
        | State::Canceled { .. } => false,
    }
}
