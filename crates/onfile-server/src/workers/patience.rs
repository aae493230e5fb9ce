//! When what was tried in vain is tried again: later each time. A restart forgets it, and tries
//! everything at once.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::time::Duration;

use tokio::time::Instant;

/// What was tried in vain, how often, and when it may be tried again.
pub(super) struct Patience<T> {
    steps: &'static [Duration],
    tried: HashMap<T, (usize, Instant)>,
}

impl<T: Copy + Eq + Hash> Patience<T> {
    /// Nothing was tried yet. After each try it waits for the next of these steps, and from then
    /// on for the last.
    pub(super) fn new(steps: &'static [Duration]) -> Patience<T> {
        Patience { steps, tried: HashMap::new() }
    }

    /// Whether it may be tried now.
    pub(super) fn is_due(&self, what: T, now: Instant) -> bool {
        self.tried.get(&what).is_none_or(|(_, next)| *next <= now)
    }

    /// It was tried in vain.
    pub(super) fn try_later(&mut self, what: T, now: Instant) {
        let tries = self.tried.get(&what).map_or(0, |(tries, _)| *tries);
        let step = self.steps.get(tries).or(self.steps.last()).copied().unwrap_or_default();
        self.tried.insert(what, (tries + 1, now + step));
    }

    /// It is done.
    pub(super) fn forget(&mut self, what: T) {
        self.tried.remove(&what);
    }

    /// How many things wait.
    pub(super) fn len(&self) -> usize {
        self.tried.len()
    }

    /// Forgets all but these: what is no longer there was done by someone else.
    pub(super) fn keep(&mut self, those: &HashSet<T>) {
        self.tried.retain(|what, _| those.contains(what));
    }

    /// How long until something may be tried again; `None` where nothing waits.
    pub(super) fn next(&self, now: Instant) -> Option<Duration> {
        let next = self.tried.values().map(|(_, next)| *next).min()?;
        Some(next.saturating_duration_since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_try_waits_longer_until_the_last_step() {
        const STEPS: &[Duration] = &[Duration::from_secs(10), Duration::from_secs(30)];
        let mut patience = Patience::new(STEPS);
        let (one, other) = (1, 2);
        let mut now = Instant::now();
        assert!(patience.is_due(one, now) && patience.next(now).is_none());
        for seconds in [10, 30, 30] {
            patience.try_later(one, now);
            assert!(!patience.is_due(one, now) && patience.is_due(other, now));
            assert_eq!(patience.next(now), Some(Duration::from_secs(seconds)));
            now += Duration::from_secs(seconds - 1);
            assert!(!patience.is_due(one, now));
            now += Duration::from_secs(1);
            assert!(patience.is_due(one, now));
        }
        patience.forget(one);
        assert_eq!(patience.next(now), None);
        patience.try_later(one, now);
        assert_eq!(patience.next(now), Some(Duration::from_secs(10)));
        patience.keep(&HashSet::from([other]));
        assert_eq!((patience.len(), patience.next(now)), (0, None));
    }
}
