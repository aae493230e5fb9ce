//! Those who listen: events and requests told over a connection that the receiver opens, as
//! Stripe's command line and `onfile listen` do (`stripe-api.md` 8.6).
//!
//! A listener begins with a session (`POST /v1/stripecli/sessions`) and connects to it
//! ([`socket`]). It is told of every event that is committed from then on, in the order of the
//! commits, each once: it reads on in the store from the last event that it was told of, so what
//! happens while it is between two connections is told when it is back, and one that is slow holds
//! nothing up but itself. Requests that were answered are kept nowhere: they wait in a short queue
//! of its session. Who does not read for a while, or lets the queue run over, is dropped, and told
//! why.
//!
//! Sessions are in memory alone. After a restart they are unknown, and their clients ask for new
//! ones.

mod filter;
mod message;
mod session;
pub(crate) mod socket;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use onfile_domain::id::EventId;
use onfile_store::{KeyHash, WorldId};
use onfile_wire::error::WireError;
use onfile_wire::params::listener::Feature;
use tokio::sync::watch;

use crate::app::App;
use crate::limits;
use crate::serve::stop_of;

pub(crate) use message::RequestLog;
pub(crate) use session::open;
use session::{End, Session};

/// Everybody who listens.
#[derive(Debug, Default)]
pub(crate) struct Listeners {
    sessions: Mutex<BTreeMap<String, Arc<Session>>>,
    /// How many of them hear requests: where nobody does, nothing is written for them.
    tails: AtomicUsize,
}

impl Listeners {
    /// Takes a session in. Where its world has as many as it may, the one that has been without
    /// a client for longest makes room.
    ///
    /// # Errors
    /// 429 where all of them have their clients.
    fn add(&self, session: Session) -> Result<Arc<Session>, WireError> {
        let mut sessions = lock(&self.sessions);
        sessions.retain(|_, known| !known.is_over());
        let of_world = |it: &&Arc<Session>| it.world.id == session.world.id;
        if sessions.values().filter(of_world).count() >= limits::LISTENERS_OF_WORLD {
            let away = sessions.values().filter(of_world).filter_map(|it| Some((it.away()?, it)));
            let longest = away.max_by_key(|(away, _)| *away).map(|(_, it)| it.id.clone());
            match longest {
                Some(id) => drop(sessions.remove(&id)),
                None => return Err(WireError::rate_limited()),
            }
        }
        if sessions.len() >= limits::LISTENERS {
            return Err(WireError::rate_limited());
        }
        let session = Arc::new(session);
        sessions.insert(session.id.clone(), Arc::clone(&session));
        self.count(&sessions);
        Ok(session)
    }

    /// The session of this name, where it is not over.
    fn find(&self, id: &str) -> Option<Arc<Session>> {
        lock(&self.sessions).get(id).filter(|session| !session.is_over()).map(Arc::clone)
    }

    /// Ends a session: its client has to ask for another.
    fn drop_session(&self, session: &Session, why: End) {
        session.end(why);
        let mut sessions = lock(&self.sessions);
        sessions.remove(&session.id);
        self.count(&sessions);
    }

    fn count(&self, sessions: &BTreeMap<String, Arc<Session>>) {
        let tails = sessions.values().filter(|it| it.feature == Feature::RequestLogs).count();
        self.tails.store(tails, Ordering::Relaxed);
    }

    /// The sessions that are wanted, save those to which nobody comes back.
    fn of(&self, is_wanted: impl Fn(&Session) -> bool) -> Vec<Arc<Session>> {
        let sessions = lock(&self.sessions);
        let all = sessions.values().filter(|it| is_wanted(it) && !it.is_over());
        all.map(Arc::clone).collect()
    }

    /// Whether anybody hears of requests.
    pub(crate) fn hear_requests(&self) -> bool {
        self.tails.load(Ordering::Relaxed) > 0
    }

    /// The last event that everybody who listens in a world was told of.
    pub(crate) fn told_until(&self, world: WorldId) -> u64 {
        let hears = |it: &Session| it.feature == Feature::Webhooks && it.world.id == world;
        self.of(hears).iter().map(|it| it.told_until()).min().unwrap_or(u64::MAX)
    }

    /// Tells of an event again, because somebody asked for it.
    pub(crate) fn tell_again(&self, world: WorldId, event: EventId) {
        let hears = |it: &Session| it.feature == Feature::Webhooks && it.world.id == world;
        for session in self.of(hears) {
            if !session.queue_event(event) {
                self.drop_session(&session, End::Slow);
            }
        }
    }

    /// Tells of a request of this key that was answered.
    pub(crate) fn tell_of_request(&self, key: &KeyHash, log: &RequestLog<'_>) {
        let hears = |it: &Session| it.feature == Feature::RequestLogs && it.key == *key;
        for session in self.of(hears) {
            if session.filter.lets(log) && !session.queue_log(message::request_log(log)) {
                self.drop_session(&session, End::Slow);
            }
        }
    }
}

/// Waits until the server stops, and says so to everybody who listens.
pub(crate) async fn run(app: Arc<App>, mut stopping: watch::Receiver<bool>) {
    stop_of(&mut stopping).await;
    let all = app.listeners.of(|_| true);
    for session in &all {
        app.listeners.drop_session(session, End::Stopping);
    }
    let gone = async {
        for session in &all {
            session.left().await;
        }
    };
    drop(tokio::time::timeout(limits::LISTENER_GOODBYE, gone).await);
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
