//! What goes in and out of a store about deliveries.

use onfile_domain::delivery::{DeliveryId, Posted, Status};
use onfile_domain::event::EventType;
use onfile_domain::id::EventId;
use onfile_domain::time::WorldTime;

use super::StoredEvent;

/// An endpoint that answers nothing with 2xx, or does again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failing {
    /// Its row.
    pub endpoint: u64,
    /// Since when, if it does. What is written down already stays.
    pub since: Option<WorldTime>,
}

/// Which part of a world's deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryQuery {
    /// Only of the event with this number.
    pub event: Option<u64>,
    /// Only to the endpoint in this row.
    pub endpoint: Option<u64>,
    /// Only those that have come so far.
    pub status: Option<Status>,
    /// Only of events of this instant and later.
    pub from: Option<WorldTime>,
    /// Where it begins.
    pub cursor: DeliveryCursor,
    /// At most so many.
    pub limit: usize,
}

/// Where a page of deliveries begins. The newest event comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryCursor {
    /// With the newest.
    Newest,
    /// With the next older one.
    After(DeliveryId),
    /// With the next newer ones.
    Before(DeliveryId),
}

/// A delivery as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDelivery {
    /// The delivery, with the version that was read.
    pub posted: Posted,
    /// Its event.
    pub event: EventId,
    /// What happened.
    pub event_type: EventType,
}

/// A delivery that is due, with everything that it takes to make a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueDelivery {
    /// The delivery, with the version that was read.
    pub posted: Posted,
    /// What was sent before, where that is kept.
    pub bytes: Option<Vec<u8>>,
    /// Its event.
    pub event: StoredEvent,
    /// How many of the event's deliveries were not acknowledged.
    pub pending: i64,
}
