//! When what was not acknowledged is told again: later each time (`card-network.md` T5). A restart
//! forgets it, and tells everything at once.

use std::collections::HashMap;
use std::time::Duration;

use onfile_store::WorldId;
use tokio::time::Instant;

/// Something that the network is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Owed {
    /// A followup by its number.
    Followup(i64),
    /// The reversal of an attempt: its world and row.
    Attempt(WorldId, u64),
}

/// What was tried in vain, how often, and when it may be tried again.
pub(super) struct Patience {
    steps: &'static [Duration],
    tried: HashMap<Owed, (usize, Instant)>,
}

impl Patience {
    /// Nothing was tried yet. After each try it waits for the next of these steps, and from then
    /// on for the last.
    pub(super) fn new(steps: &'static [Duration]) -> Patience {
        Patience { steps, tried: HashMap::new() }
    }

    /// Whether it may be told now.
    pub(super) fn is_due(&self, owed: Owed, now: Instant) -> bool {
        self.tried.get(&owed).is_none_or(|(_, next)| *next <= now)
    }

    /// It was told in vain.
    pub(super) fn try_later(&mut self, owed: Owed, now: Instant) {
        let tries = self.tried.get(&owed).map_or(0, |(tries, _)| *tries);
        let step = self.steps.get(tries).or(self.steps.last()).copied().unwrap_or_default();
        self.tried.insert(owed, (tries + 1, now + step));
    }

    /// It was acknowledged.
    pub(super) fn forget(&mut self, owed: Owed) {
        self.tried.remove(&owed);
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
        let (one, other) = (Owed::Followup(1), Owed::Attempt(WorldId(1), 1));
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
    }
}
