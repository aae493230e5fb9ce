//! Events and deliveries as a rule sees and writes them: they have no rows of their own kind.

use crate::case::{Case, Dossier, Halt, Need};
use crate::delivery::{Delivery, Post, Posted};
use crate::event;
use crate::id::EventId;
use crate::object::Kind;
use crate::time::WorldTime;

impl Need {
    /// The kind of row that is asked for; events and deliveries are none.
    pub(super) fn kind(&self) -> Option<Kind> {
        match self {
            Need::Row(kind, _) | Need::Children(kind, _) | Need::OfCustomer(kind, _) => Some(*kind),
            Need::Event(_) | Need::Deliveries(_) | Need::Balance => None,
        }
    }
}

impl Dossier {
    /// Puts in which event has a number and when it happened, or that there is none.
    pub fn add_event(&mut self, number: u64, event: Option<(EventId, WorldTime)>) {
        self.events.insert(number, event);
    }

    /// Puts in the deliveries of an event.
    pub fn add_deliveries(&mut self, event: u64, deliveries: Vec<Posted>) {
        self.deliveries.insert(event, deliveries);
    }
}

impl Case<'_> {
    /// When an event happened; `None` where there is none with this id, or it is past its life.
    ///
    /// # Errors
    /// [`Halt::Need`] while it isn't loaded.
    pub fn event(&self, id: EventId) -> Result<Option<WorldTime>, Halt> {
        let known = self.dossier.events.get(&id.seq);
        let known = known.ok_or(Halt::Need(Need::Event(id.seq)))?;
        let created = known.filter(|(known, _)| *known == id).map(|(_, created)| created);
        Ok(created.filter(|created| event::is_told(*created, self.now())))
    }

    /// Every delivery of an event, as it was loaded.
    ///
    /// # Errors
    /// [`Halt::Need`] while they aren't loaded.
    pub fn deliveries(&self, event: u64) -> Result<Vec<Posted>, Halt> {
        let known = self.dossier.deliveries.get(&event);
        known.cloned().ok_or(Halt::Need(Need::Deliveries(event)))
    }

    /// Tells those who listen of an event again.
    pub fn tell_again(&mut self, event: EventId) {
        self.decision.told_again.push(event);
    }

    /// Writes a delivery: a new one, or the one of the version that was read.
    pub fn post(&mut self, delivery: Delivery, expected: Option<i64>) {
        self.decision.posts.push(Post { delivery, expected, bytes: None });
    }
}
