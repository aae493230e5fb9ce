//! What a test has deliveries suffer: which fault strikes is asked of the world's faults when a
//! delivery's turn has come, what it may do is the rules' (`onfile-domain/src/delivery/fault.rs`).
//!
//! Of the deliveries to one endpoint at most one is held back for others to come first: were the
//! next one held too, nothing would overtake anything.

use std::collections::BTreeMap;

use onfile_domain::delivery::{Delivery, DeliveryId, Fault};
use onfile_domain::webhook_endpoint::WebhookEndpoint;
use onfile_store::DueDelivery;
use onfile_wire::params::control::DeliveryFault;
use tokio::sync::MutexGuard;

use super::record::{Written, at_endpoint, commit};
use crate::app::App;
use crate::faults::strike_delivery;
use crate::limits;
use crate::workers::failed;
use crate::worlds::World;

/// What becomes of a delivery whose turn has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// A try is made.
    Send,
    /// None is made, and it counts as answered with this status.
    Fail(u16),
    /// It waits, which is written down.
    Held,
}

/// What strikes a delivery before a try of it is made. What can't be written now is written later.
pub(super) async fn before(
    app: &App,
    world: &World,
    endpoint: &WebhookEndpoint,
    due: &DueDelivery,
) -> Turn {
    let (delivery, row) = (&due.posted.delivery, endpoint.id.seq);
    // Held until the hold is written, so that nobody passes by unseen.
    let mut held = world.faults.held.lock().await;
    if held.get(&row) == Some(&delivery.id.event) {
        held.remove(&row);
    }
    let may = |fault| match fault {
        Fault::Twice => false,
        Fault::OutOfOrder => !held.contains_key(&row) && delivery.may_suffer(fault),
        Fault::Fail | Fault::Late => delivery.may_suffer(fault),
    };
    let struck = strike_delivery(app, world, (endpoint, due.event.event_type), may);
    let (fault, seconds) = match struck {
        None | Some(DeliveryFault::Twice) => return Turn::Send,
        Some(DeliveryFault::Fail(status)) => return Turn::Fail(status),
        Some(DeliveryFault::Late(seconds)) => (Fault::Late, seconds),
        Some(DeliveryFault::OutOfOrder(seconds)) => (Fault::OutOfOrder, seconds),
    };
    let until = world.now(app.surroundings.wall()).plus(seconds);
    let hold = |delivery: Delivery| delivery.held(fault, until);
    let is_there = loop {
        match commit(app, world, due, Written::only(&hold)).await {
            Ok(is_there) => break is_there,
            Err(stop) => failed("holding a delivery back", at_endpoint(world, due), &stop),
        }
        tokio::time::sleep(limits::WORKER_PAUSE).await;
    };
    if is_there && fault == Fault::OutOfOrder {
        held.insert(row, delivery.id.event);
    }
    Turn::Held
}

/// Whether a delivery that was acknowledged is to be sent once more.
pub(super) fn once_more(
    app: &App,
    world: &World,
    endpoint: &WebhookEndpoint,
    due: &DueDelivery,
) -> bool {
    let may = |fault| fault == Fault::Twice && due.posted.delivery.may_suffer(fault);
    strike_delivery(app, world, (endpoint, due.event.event_type), may).is_some()
}

/// A delivery that is held back until the one that is being written down was taken. Nobody else
/// holds or passes anything meanwhile.
pub(super) struct Passed<'a> {
    pub(super) id: DeliveryId,
    held: MutexGuard<'a, BTreeMap<u64, u64>>,
}

/// What a delivery that was acknowledged passes by, if anything.
pub(super) async fn passed_by(world: &World, by: DeliveryId) -> Option<Passed<'_>> {
    let held = world.faults.held.lock().await;
    let event = held.get(&by.endpoint).copied().filter(|event| *event < by.event)?;
    Some(Passed { id: DeliveryId { event, endpoint: by.endpoint }, held })
}

impl Passed<'_> {
    /// It is written that it waits no longer.
    pub(super) fn goes_on(mut self) {
        self.held.remove(&self.id.endpoint);
    }
}
