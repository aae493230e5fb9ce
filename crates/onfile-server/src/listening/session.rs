//! One who listens: what they hear, and what they are still to be told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use onfile_domain::id::EventId;
use onfile_store::{Cursor, EventQuery, KeyHash, Store, StoreError, StoredEvent};
use onfile_wire::params::Args;
use onfile_wire::params::listener::Feature;
use onfile_wire::views::listener as views;
use tokio::sync::watch;

use super::filter::Filter;
use super::lock;
use crate::app::App;
use crate::call::Call;
use crate::delivery::letter;
use crate::limits;
use crate::stop::Stop;
use crate::surroundings::Stopwatch;
use crate::worlds::World;

/// Where clients connect; a session's address has no query, for clients put one behind it.
pub(crate) const PATH: &str = "/onfile/listen";

/// Why a connection, or the session with it, ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The client closed it, or is not there any more: it may come back.
    Gone,
    /// Nothing was heard of the client for a while: it may come back.
    Silent,
    /// It connected again.
    Replaced,
    /// It does not read what it is sent.
    Slow,
    /// The server stops.
    Stopping,
}

impl End {
    /// What the client and the log are told.
    pub(super) fn reason(self) -> &'static str {
        match self {
            End::Gone => "the client left",
            End::Silent => "nothing was heard of the client",
            End::Replaced => "the session was connected again",
            End::Slow => "too slow: what happens is not read",
            End::Stopping => "the server stops",
        }
    }
}

/// What a session's connection watches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bell {
    /// How often something was put into the queue.
    rings: u64,
    /// Which connection is the session's: the last that was made.
    pub(super) seat: u64,
    /// Whether that connection is still there.
    is_taken: bool,
    /// Why the session is over.
    pub(super) end: Option<End>,
}

/// Somebody who listens, connected or about to be.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) key: KeyHash,
    pub(super) world: Arc<World>,
    pub(super) feature: Feature,
    pub(super) filter: Filter,
    /// Signs what is sent.
    pub(super) secret: String,
    queue: Mutex<Queue>,
    bell: watch::Sender<Bell>,
}

/// What is to be told.
#[derive(Debug)]
struct Queue {
    /// The last event that was told.
    after: u64,
    /// Events to be told again.
    again: VecDeque<EventId>,
    /// Requests that were answered.
    logs: VecDeque<String>,
    /// Since when nobody is connected.
    left: Stopwatch,
}

/// What is told next.
#[derive(Debug)]
pub(super) enum Next {
    /// A request that was answered, as it goes.
    Request(String),
    /// An event that is told again; `None` where there is none any more.
    Again(Option<Box<StoredEvent>>),
    /// The event behind the last that was told.
    Event(Box<StoredEvent>),
}

impl Bell {
    /// Why the connection in this seat ends; `None` while it goes on.
    pub(super) fn ended(self, seat: u64) -> Option<End> {
        self.end.or((self.seat != seat).then_some(End::Replaced))
    }
}

/// Begins a session, and says how to connect to it.
///
/// # Errors
/// What is asked for is not served, or too many listen already.
pub(crate) async fn open(app: &App, call: &Call, args: &Args) -> Result<Vec<u8>, Stop> {
    let feature = Feature::parse(args)?;
    let filter = Filter::parse(args.text("filters"))?;
    let device = args.text("device_name").unwrap_or_default();
    let world = call.world.as_ref().ok_or(Stop::Broken("a listener has no world"))?;
    let after = newest(&app.store, world).await?;
    let session = Session {
        id: format!("cliws_{}", app.letters(32)),
        key: call.key,
        world: Arc::clone(world),
        feature,
        filter,
        secret: letter::listener_secret(&app.vault, &call.key, device),
        queue: Mutex::new(Queue {
            after,
            again: VecDeque::new(),
            logs: VecDeque::new(),
            left: Stopwatch::start(),
        }),
        bell: watch::Sender::default(),
    };
    let session = app.listeners.add(session)?;
    let url = format!("{}{PATH}", call.base.replacen("http", "ws", 1));
    let view = views::Session {
        id: &session.id,
        feature,
        secret: &session.secret,
        url: &url,
        device,
        reconnect_delay: limits::LISTENER_RECONNECTS,
    };
    Ok(view.answer())
}

async fn newest(store: &Store, world: &World) -> Result<u64, StoreError> {
    let page = store.list_events(world.id, &query(Cursor::Newest, 1)).await?;
    Ok(page.items.first().map_or(0, |event| event.id.seq))
}

fn query(cursor: Cursor, limit: usize) -> EventQuery {
    EventQuery { types: Vec::new(), from: None, to: None, delivered: None, cursor, limit }
}

impl Session {
    /// How long nobody has been connected; `None` while somebody is.
    pub(super) fn away(&self) -> Option<Duration> {
        let is_taken = self.bell.borrow().is_taken;
        (!is_taken).then(|| lock(&self.queue).left.took())
    }

    /// Whether it has ended, or nobody came back to it.
    pub(super) fn is_over(&self) -> bool {
        self.bell.borrow().end.is_some()
            || self.away().is_some_and(|away| away >= limits::LISTENER_AWAY)
    }

    /// A connection takes the session: the one before ends.
    pub(super) fn take(&self) -> (u64, watch::Receiver<Bell>) {
        let mut seat = 0;
        self.bell.send_modify(|bell| {
            bell.seat += 1;
            bell.is_taken = true;
            seat = bell.seat;
        });
        (seat, self.bell.subscribe())
    }

    /// A connection ended.
    pub(super) fn leave(&self, seat: u64) {
        lock(&self.queue).left = Stopwatch::start();
        self.bell.send_modify(|bell| bell.is_taken &= bell.seat != seat);
    }

    /// Waits until nobody is connected.
    pub(super) async fn left(&self) {
        // The sender is here: there is no other end to it.
        drop(self.bell.subscribe().wait_for(|bell| !bell.is_taken).await);
    }

    /// Ends it.
    pub(super) fn end(&self, why: End) {
        self.bell.send_modify(|bell| bell.end = bell.end.or(Some(why)));
    }

    /// Puts a message into the queue; whether there was room.
    pub(super) fn queue_log(&self, text: String) -> bool {
        let mut queue = lock(&self.queue);
        if queue.logs.len() >= limits::LISTENER_QUEUE {
            return false;
        }
        queue.logs.push_back(text);
        drop(queue);
        self.ring();
        true
    }

    /// Puts an event into the queue; whether there was room.
    pub(super) fn queue_event(&self, event: EventId) -> bool {
        let mut queue = lock(&self.queue);
        if queue.again.len() >= limits::LISTENER_QUEUE {
            return false;
        }
        queue.again.push_back(event);
        drop(queue);
        self.ring();
        true
    }

    /// Everything up to this event's number was told, and nothing of it is to be told again.
    pub(super) fn told_until(&self) -> u64 {
        let queue = lock(&self.queue);
        let again = queue.again.iter().map(|event| event.seq.saturating_sub(1)).min();
        again.map_or(queue.after, |again| again.min(queue.after))
    }

    fn ring(&self) {
        self.bell.send_modify(|bell| bell.rings += 1);
    }

    /// What is to be told now, in its order. Each of it is to be claimed as it is told.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn next(&self, store: &Store) -> Result<Vec<Next>, StoreError> {
        let (after, again, logs) = {
            let queue = lock(&self.queue);
            (queue.after, queue.again.clone(), queue.logs.clone())
        };
        let mut next: Vec<Next> = logs.into_iter().map(Next::Request).collect();
        for event in again {
            let found = store.event(self.world.id, event).await?;
            next.push(Next::Again(found.map(Box::new)));
        }
        if self.feature == Feature::Webhooks {
            let query = query(Cursor::Before(after), limits::LISTENER_PAGE);
            let page = store.list_events(self.world.id, &query).await?;
            // Newest first, as lists are.
            next.extend(page.items.into_iter().rev().map(|event| Next::Event(Box::new(event))));
        }
        Ok(next)
    }

    /// Takes note that the first of what is to be told is told now, by the connection in this
    /// seat. It counts as told from here on, whatever becomes of it: nothing is told twice.
    ///
    /// # Errors
    /// Why the connection ends, where it is not the one to tell it.
    pub(super) fn claim(&self, seat: u64, next: &Next) -> Result<(), End> {
        let mut queue = lock(&self.queue);
        let bell = *self.bell.borrow();
        if let Some(end) = bell.ended(seat) {
            return Err(end);
        }
        match next {
            Next::Request(_) => drop(queue.logs.pop_front()),
            Next::Again(_) => drop(queue.again.pop_front()),
            Next::Event(event) => queue.after = event.id.seq,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use onfile_domain::account::{Account, Mode};
    use onfile_domain::case::Decision;
    use onfile_domain::country::Country;
    use onfile_domain::event::{EventType, NewEvent};
    use onfile_domain::id::TestClockId;
    use onfile_domain::money::Currency;
    use onfile_domain::test_clock::{ClockState, TestClock};
    use onfile_domain::time::WorldTime;
    use onfile_store::WriteSet;

    use super::*;
    use crate::worlds::Worlds;

    const NOW: WorldTime = WorldTime(1_780_000_000);

    /// A world in which three things have happened.
    async fn eventful(store: &Store) -> Arc<World> {
        let account = Account {
            id: "acct_1".to_owned(),
            created: NOW,
            country: Country::US,
            default_currency: Currency::USD,
            mode: Mode::Test,
        };
        let made = store.create_world(KeyHash([1; 32]), account).await.unwrap();
        let clock = TestClock {
            id: TestClockId::new(1, [b'a'; 16]),
            created: NOW,
            deleted: false,
            frozen_time: NOW,
            name: None,
            state: ClockState::Ready,
        };
        let event = NewEvent {
            event_type: EventType::TestClockCreated,
            object: clock.into(),
            previous: None,
        };
        let decision = Decision { events: vec![event; 3], ..Decision::default() };
        let set =
            WriteSet { event_tails: vec![[b'e'; 16]; 3], ..WriteSet::of(made.id, NOW, decision) };
        store.commit(set).await.unwrap();
        let id = made.id;
        Worlds::new(vec![made]).of_id(id).unwrap()
    }

    fn listening(world: Arc<World>) -> Session {
        Session {
            id: "cliws_1".to_owned(),
            key: KeyHash([1; 32]),
            world,
            feature: Feature::Webhooks,
            filter: Filter::default(),
            secret: String::new(),
            queue: Mutex::new(Queue {
                after: 0,
                again: VecDeque::new(),
                logs: VecDeque::new(),
                left: Stopwatch::start(),
            }),
            bell: watch::Sender::default(),
        }
    }

    fn named(next: &Next) -> String {
        match next {
            Next::Request(text) => text.clone(),
            Next::Again(event) => format!("again {}", event.as_ref().unwrap().id.seq),
            Next::Event(event) => event.id.seq.to_string(),
        }
    }

    #[tokio::test]
    async fn what_a_connection_did_not_come_to_is_told_by_the_next() {
        let store = Store::open_ephemeral().unwrap();
        let session = listening(eventful(&store).await);
        let (first, _bell) = session.take();
        let found = session.next(&store).await.unwrap();
        let Next::Event(event) = &found[0] else { panic!("{found:?}") };
        assert!(session.queue_event(event.id) && session.queue_log("a request".to_owned()));
        let all = session.next(&store).await.unwrap();
        let names: Vec<String> = all.iter().map(named).collect();
        assert_eq!(names, ["a request", "again 1", "1", "2", "3"]);
        for one in &all[..3] {
            session.claim(first, one).unwrap();
        }
        assert_eq!(session.told_until(), 1);

        let (second, _bell) = session.take();
        assert_eq!(session.claim(first, &all[3]), Err(End::Replaced));
        let rest = session.next(&store).await.unwrap();
        assert_eq!(rest.iter().map(named).collect::<Vec<_>>(), ["2", "3"]);
        for one in &rest {
            session.claim(second, one).unwrap();
        }
        assert!(session.next(&store).await.unwrap().is_empty());
        session.end(End::Slow);
        assert_eq!(session.claim(second, &rest[1]), Err(End::Slow));
    }
}
