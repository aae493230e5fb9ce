//! Retries that a clock on the move makes due at one instant.
//!
//! Chance has each retry a little sooner or later ([`super::JITTER`]), so that what failed together
//! does not come back together. A clock that is moved would stand at each of these instants for as
//! long as the endpoint takes to answer, and where it hangs, for all the time that it has. So the
//! clock goes on to the last of a run of retries: to none at which one of them would be later than
//! chance might have had it, and past nothing that has an instant of its own.

use super::{Delivery, JITTER, Posted, State};
use crate::account::Mode;
use crate::time::WorldTime;

/// How far a run of retries reaches.
#[derive(Debug, Default, Clone, Copy)]
pub struct Wave {
    /// The last instant that was taken in.
    at: Option<WorldTime>,
    /// The last one at which none of the run is too late.
    latest: Option<WorldTime>,
}

impl Wave {
    /// Takes in the next instant at which the wait of an event's delivery is over; `false` where
    /// the run ends before it. The first one is always taken.
    pub fn takes(&mut self, instant: WorldTime, of_event: &[Posted], mode: Mode) -> bool {
        let latest = of_event.iter().filter_map(|it| it.delivery.latest_by(instant, mode));
        let latest = latest.chain(self.latest).min();
        let is_further = self.at.is_some_and(|at| instant > at);
        if is_further && latest.is_some_and(|latest| instant > latest) {
            return false;
        }
        *self = Wave { at: Some(instant), latest };
        true
    }

    /// The instant at which all of it is made due; `None` where nothing was taken in.
    pub fn instant(&self) -> Option<WorldTime> {
        self.at
    }
}

impl Delivery {
    /// How late it may be tried, where its wait is over by an instant: a retry as late as chance
    /// might have had it, what is held back when it was said to be.
    fn latest_by(&self, instant: WorldTime, mode: Mode) -> Option<WorldTime> {
        let State::Waiting { until } = self.state else { return None };
        if until > instant {
            return None;
        }
        let longest = self.tries.last().zip(self.next_wait(mode));
        let latest = longest.map(|(last, wait)| self.until(last.at, mode, (wait, JITTER)));
        Some(latest.map_or(until, |latest| latest.max(until)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::{DeliveryId, Fault, Try, TryReason, TryResult};

    /// An event's one delivery, whose first tries failed at these instants and which waits until.
    fn waits(failed: &[i64], until: i64) -> Vec<Posted> {
        let id = DeliveryId { event: 7, endpoint: 3 };
        let made = |at: &i64| Try {
            at: WorldTime(*at),
            took_ms: 12,
            reason: TryReason::Due,
            result: TryResult::Answered(500),
            answer: None,
            fault: None,
        };
        let mut delivery = Delivery::new(id, WorldTime(0));
        delivery.tries = failed.iter().map(made).collect();
        delivery.state = State::Waiting { until: WorldTime(until) };
        vec![Posted { version: 1, delivery }]
    }

    fn held(until: i64) -> Vec<Posted> {
        let mut held = waits(&[], until);
        held[0].delivery.faults = vec![Fault::Late];
        held
    }

    /// How far a run of these goes, each with the instant of its timer, in their order.
    fn reach(run: &[(i64, Vec<Posted>)]) -> i64 {
        let mut wave = Wave::default();
        let taken = |(instant, of_event): &&(i64, Vec<Posted>)| {
            wave.takes(WorldTime(*instant), of_event, Mode::Test)
        };
        let count = run.iter().take_while(taken).count();
        assert_eq!(count == 0, run.is_empty());
        wave.instant().map_or(-1, |instant| instant.0)
    }

    #[test]
    fn how_far_a_run_goes() {
        let first = |until| (until, waits(&[0], until));
        // Each wait's own timer says when it is over.
        for (run, instant) in [
            (vec![], -1),
            (vec![first(270)], 270),
            // Chance has what failed together within a tenth of 300 seconds to either side.
            (vec![first(270), first(280), first(330)], 330),
            (vec![first(270), first(330), (331, waits(&[20], 331))], 330),
            // The one whose time is up first is the measure.
            (vec![first(300), (310, waits(&[40], 310)), (340, waits(&[40], 340))], 310),
            (vec![(1_700, waits(&[0, 80], 1_700)), (2_060, waits(&[0, 80], 2_060))], 2_060),
            (vec![(1_700, waits(&[0, 80], 1_700)), (2_061, waits(&[0, 90], 2_061))], 1_700),
            // What is held back comes when it was said to, and with it those that wait by then.
            (vec![(290, held(290)), first(300)], 290),
            (vec![first(280), (290, held(290)), (290, held(290)), first(300)], 290),
            // The wait of a timer may be over long ago, or have become another one.
            (vec![(900, waits(&[0], 300)), (900, waits(&[1], 301)), (901, held(901))], 900),
            (vec![(280, waits(&[260], 560)), first(300), (330, vec![])], 330),
        ] {
            assert_eq!(reach(&run), instant, "{run:?}");
        }
    }

    #[test]
    fn every_wait_ends_within_what_chance_might_have_said() {
        let now = WorldTime(0);
        for mode in [Mode::Test, Mode::Live] {
            let mut delivery = waits(&[], 0).remove(0).delivery;
            loop {
                let at = delivery.tries.last().map_or(now, |last| last.at.plus(40_000));
                let made = Try { at, ..waits(&[0], 0)[0].delivery.tries[0].clone() };
                let waits_for = |jitter| delivery.clone().after(made.clone(), mode, jitter);
                let latest = |delivery: &Delivery| delivery.latest_by(WorldTime(i64::MAX), mode);
                let last = latest(&waits_for(JITTER));
                assert!((-JITTER..=JITTER).all(|jitter| latest(&waits_for(jitter)) == last));
                delivery = waits_for(0);
                match delivery.state {
                    State::Waiting { until } => assert!(last >= Some(until)),
                    State::Due | State::Delivered | State::GivenUp | State::Canceled => {
                        break assert_eq!(last, None);
                    }
                }
            }
        }
    }
}
