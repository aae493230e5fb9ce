//! Answers and deliveries that go wrong on purpose, so that an app's own care can be tested. Faults
//! are kept in memory, each world its own. Those of answers (429s, slow ones, and ones that are
//! lost after everything was done) strike every call of the API but the test controls; what those
//! of deliveries do is in [`crate::delivery`].

mod aim;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use onfile_domain::delivery;
use onfile_domain::event::EventType;
use onfile_domain::webhook_endpoint::WebhookEndpoint;
use onfile_wire::error::{Place, Thing, WireError};
use onfile_wire::params::control::{AnswerFault, DeliveryFault, NewFault, Strikes};
use onfile_wire::views::control as views;

use crate::app::App;
use crate::call::Call;
use crate::limits;
use crate::stop::Stop;
use crate::worlds::World;

/// A world's faults, in the order in which they are tried.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    all: Mutex<Vec<Fault>>,
    /// By an endpoint's row, the event that is held back there until a later one was taken. A
    /// process that ends forgets it: what was held then goes on when its time is over.
    pub(crate) held: tokio::sync::Mutex<BTreeMap<u64, u64>>,
}

#[derive(Debug)]
struct Fault {
    id: String,
    of: NewFault,
    hits: u64,
}

/// What happens to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strike {
    /// 429, before anything is done.
    Refuse,
    /// Held back for so long.
    Delay(Duration),
    /// Not sent.
    Lose,
}

impl Faults {
    fn locked<T>(&self, change: impl FnOnce(&mut Vec<Fault>) -> T) -> T {
        change(&mut self.all.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Forgets all of them.
    pub(crate) fn clear(&self) {
        self.locked(Vec::clear);
    }

    /// What strikes a request: the first fault that is for it. `dice` gives a number below 100.
    pub(crate) fn strike(
        &self,
        method: &str,
        path: &str,
        mut dice: impl FnMut() -> u8,
    ) -> Option<Strike> {
        if path.starts_with(limits::UNTOUCHED) {
            return None;
        }
        self.first(|fault| {
            let Strikes::Answers { fault: of, method: wanted } = &fault.of.strikes else {
                return None;
            };
            let is_meant = wanted.as_deref().is_none_or(|it| it == method);
            (is_meant && fault.meets(path, &mut dice)).then(|| match of {
                AnswerFault::RateLimit => Strike::Refuse,
                AnswerFault::Slow(delay) => Strike::Delay(Duration::from_millis(*delay)),
                AnswerFault::Lost => Strike::Lose,
            })
        })
    }

    /// What strikes an event on its way to an endpoint: the first fault that is for it and that
    /// `may` strike it.
    fn strike_delivery(
        &self,
        endpoint: &WebhookEndpoint,
        event: EventType,
        may: impl Fn(delivery::Fault) -> bool,
        mut dice: impl FnMut() -> u8,
    ) -> Option<DeliveryFault> {
        let path = path_of(endpoint);
        self.first(|fault| {
            let Strikes::Deliveries { fault: of, event_type, endpoint: wanted } = &fault.of.strikes
            else {
                return None;
            };
            let is_meant = may(of.suffered())
                && fits(event_type, event.as_str())
                && wanted.as_ref().is_none_or(|it| *it == endpoint.id.to_string());
            (is_meant && fault.meets(&path, &mut dice)).then_some(*of)
        })
    }

    /// What the first fault that has something to say says; it has struck once more.
    fn first<T>(&self, mut say: impl FnMut(&Fault) -> Option<T>) -> Option<T> {
        self.locked(|faults| {
            faults.iter_mut().find_map(|fault| {
                let said = say(fault)?;
                fault.hits += 1;
                Some(said)
            })
        })
    }
}

impl Fault {
    /// Whether it is for a path, has strikes left, and the dice fall so.
    fn meets(&self, path: &str, dice: &mut impl FnMut() -> u8) -> bool {
        self.of.count.is_none_or(|count| self.hits < count)
            && fits(&self.of.path, path)
            && self.of.rate.is_none_or(|rate| dice() < rate)
    }
}

/// Where an endpoint is, without its query.
fn path_of(endpoint: &WebhookEndpoint) -> String {
    let mut target = endpoint.url.target();
    target.truncate(target.find('?').unwrap_or(target.len()));
    target
}

/// Whether a path, or a type of event, is meant by a pattern, in which `*` stands for any letters,
/// none too.
fn fits(pattern: &str, path: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == path };
    let Some(mut left) = path.strip_prefix(head) else { return false };
    loop {
        if fits(rest, left) {
            return true;
        }
        let mut letters = left.chars();
        if letters.next().is_none() {
            return false;
        }
        left = letters.as_str();
    }
}

/// What strikes a request of a world, if anything does.
pub(crate) fn strike(app: &App, world: &World, method: &str, path: &str) -> Option<Strike> {
    world.faults.strike(method, path, || dice(app))
}

/// What strikes an event on its way to an endpoint of a world, if anything does.
pub(crate) fn strike_delivery(
    app: &App,
    world: &World,
    (endpoint, event): (&WebhookEndpoint, EventType),
    may: impl Fn(delivery::Fault) -> bool,
) -> Option<DeliveryFault> {
    world.faults.strike_delivery(endpoint, event, may, || dice(app))
}

/// A random number below 100.
fn dice(app: &App) -> u8 {
    loop {
        let mut byte = [0];
        app.surroundings.fill(&mut byte);
        // 200 = 2 × 100: what lies above would favour the small ones.
        if byte[0] < 200 {
            return byte[0] % 100;
        }
    }
}

/// Adds a fault.
pub(crate) fn add(app: &App, world: &World, of: NewFault) -> Result<Vec<u8>, Stop> {
    aim::check(world, &of)?;
    let id = format!("fault_{}", app.letters(24));
    let answer = views::one_fault(&id, &of);
    world.faults.locked(|faults| {
        // What has struck as often as it should makes room.
        faults.retain(|fault| fault.of.count.is_none_or(|count| fault.hits < count));
        if faults.len() >= limits::FAULTS {
            let message = format!("This world has {} faults, which is the most.", limits::FAULTS);
            return Err(WireError::invalid(message).into());
        }
        faults.push(Fault { id, of, hits: 0 });
        Ok(answer)
    })
}

/// Every fault of the world.
pub(crate) fn list(call: &Call) -> Vec<u8> {
    views::list(&call.path, |l| {
        let Some(world) = &call.world else { return };
        world.faults.locked(|faults| {
            for fault in faults.iter() {
                views::fault(&fault.id, &fault.of, fault.hits, l.item());
            }
        });
    })
}

/// Takes a fault away.
pub(crate) fn remove(call: &Call, world: &World) -> Result<Vec<u8>, Stop> {
    let id = call.id();
    let before = world.faults.locked(|faults| {
        let before = faults.len();
        faults.retain(|fault| fault.id != id);
        before != faults.len()
    });
    match before {
        true => Ok(views::gone(id, "fault")),
        false => Err(WireError::no_such(Thing::Fault, id, Place::Path).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_patterns() {
        for (pattern, path, expected) in [
            ("*", "/v1/customers", true),
            ("/v1/customers", "/v1/customers", true),
            ("/v1/customers", "/v1/customers/cus_1", false),
            ("/v1/customers*", "/v1/customers/cus_1", true),
            ("/v1/payment_intents/*/confirm", "/v1/payment_intents/pi_1/confirm", true),
            ("/v1/payment_intents/*/confirm", "/v1/payment_intents/pi_1/capture", false),
            ("*/confirm", "/v1/setup_intents/seti_1/confirm", true),
            ("/v1/*/*", "/v1/customers", false),
            ("", "/v1/customers", false),
        ] {
            assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
        }
    }

    fn fault(count: Option<u64>, rate: Option<u8>) -> Faults {
        let method = Some("POST".to_owned());
        let strikes = Strikes::Answers { fault: AnswerFault::Lost, method };
        let of = NewFault { strikes, path: "/v1/*".to_owned(), count, rate };
        let all = Mutex::new(vec![Fault { id: "fault_1".to_owned(), of, hits: 0 }]);
        Faults { all, ..Faults::default() }
    }

    #[test]
    fn faults_strike_as_often_as_they_should() {
        let twice = fault(Some(2), None);
        let strike = |method, path| twice.strike(method, path, || 0);
        assert_eq!(strike("GET", "/v1/customers"), None);
        assert_eq!(strike("POST", "/onfile/v1/attempts"), None);
        for _ in 0..2 {
            assert_eq!(strike("POST", "/v1/customers"), Some(Strike::Lose));
        }
        assert_eq!(strike("POST", "/v1/customers"), None);
        let some = fault(None, Some(30));
        let hits = (0..100).filter(|at| some.strike("POST", "/v1/a", || *at).is_some()).count();
        assert_eq!(hits, 30);
        let mut all = fault(None, None);
        all.all.get_mut().unwrap()[0].of.path = "*".to_owned();
        assert_eq!(all.strike("POST", "/onfile/v1/test/reset", || 0), None);
    }
}
