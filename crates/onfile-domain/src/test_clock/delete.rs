//! Deletes a test clock, with its customers (`stripe-api.md` 11.1).

use crate::case::{Case, Halt, Need};
use crate::command::{Answer, Gone, Ref};
use crate::customer::{Customer, delete as of_customer};
use crate::event::EventType;
use crate::id::TestClockId;
use crate::object::Kind;
use crate::refusal::Place;
use crate::test_clock::TestClock;

/// A deletion.
#[derive(Debug, Clone, Copy, Default)]
pub struct Delete;

impl Delete {
    /// Deletes the clock and every customer that it has.
    ///
    /// # Errors
    /// When there is no such clock, or no more.
    pub fn decide(self, case: &mut Case<'_>, id: &Ref<TestClockId>) -> Result<Answer, Halt> {
        let clock = id.clock(case, Place::Path)?;
        let gone = Gone::TestClock(clock.id);
        delete(case, clock)?;
        Ok(Answer::Deleted(gone))
    }
}

/// Deletes a clock at the end of its life.
///
/// # Errors
/// Only [`Halt::Need`].
pub fn at_its_end(case: &mut Case<'_>, clock: u64) -> Result<(), Halt> {
    match case.by_seq::<TestClock>(clock)? {
        Some(clock) if !clock.deleted && clock.deletes_after() <= case.now() => delete(case, clock),
        Some(_) | None => Ok(()),
    }
}

fn delete(case: &mut Case<'_>, clock: TestClock) -> Result<(), Halt> {
    let customers: Vec<Customer> = case.all(Need::Children(Kind::Customer, clock.id.seq))?;
    for customer in customers.into_iter().filter(|customer| !customer.deleted) {
        of_customer::delete(case, customer)?;
    }
    case.put(TestClock { deleted: true, ..clock.clone() });
    case.tell(EventType::TestClockDeleted, clock);
    Ok(())
}
