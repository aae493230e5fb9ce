//! What the test controls answer with: ours, under `/onfile/v1/test`.

use onfile_domain::object::Object as Thing;
use onfile_domain::time::WorldTime;

use crate::expand::NONE;
use crate::json::{Json, Layout, List, Object, write_previous};
use crate::params::control::{AnswerFault, DeliveryFault, NewFault, Strikes};
use crate::view::{Show, ViewCx};
use crate::views;

fn written(write: impl FnOnce(&mut Json)) -> Vec<u8> {
    let mut json = Json::new(Layout::Pretty);
    write(&mut json);
    json.into_bytes()
}

/// A world's clock.
pub fn clock(now: WorldTime) -> Vec<u8> {
    written(|w| {
        w.object(|o| {
            o.text("object", "clock");
            o.int("now", now.0);
        });
    })
}

/// A world that is new again, or was made from a file.
pub fn world(account: &str, now: WorldTime) -> Vec<u8> {
    written(|w| {
        w.object(|o| {
            o.text("object", "world");
            o.text("account", account);
            o.int("now", now.0);
        });
    })
}

/// A world as it stood.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot<'a> {
    /// `snap_…`.
    pub id: &'a str,
    /// When it was taken, by the world's clock.
    pub created: WorldTime,
    /// How many rows it holds.
    pub rows: u64,
    /// Whether this release can bring it back.
    pub usable: bool,
}

impl Snapshot<'_> {
    /// Writes it.
    pub fn write(&self, w: &mut Json) {
        w.object(|o| {
            o.text("id", self.id);
            o.text("object", "snapshot");
            o.int("created", self.created.0);
            o.int("rows", self.rows as i64);
            o.flag("usable", self.usable);
        });
    }

    /// The answer that it is.
    pub fn answer(&self) -> Vec<u8> {
        written(|w| self.write(w))
    }
}

/// Everything of a kind, in one page.
pub fn list(url: &str, items: impl FnOnce(&mut List<'_>)) -> Vec<u8> {
    written(|w| {
        w.object(|o| {
            o.text("object", "list");
            o.list("data", items);
            o.flag("has_more", false);
            o.text("url", url);
        });
    })
}

/// Something that was deleted.
pub fn gone(id: &str, object: &str) -> Vec<u8> {
    written(|w| {
        w.map(|o| {
            o.entry("id").text(id);
            o.entry("object").text(object);
            o.entry("deleted").flag(true);
        });
    })
}

/// Something that goes wrong on purpose. What its kind doesn't have is null.
pub fn fault(id: &str, fault: &NewFault, hits: u64, w: &mut Json) {
    let mut shown = ShownFault::default();
    match &fault.strikes {
        Strikes::Answers { fault, method } => {
            (shown.kind, shown.delay) = match fault {
                AnswerFault::RateLimit => ("rate_limit", None),
                AnswerFault::Slow(delay) => ("slow", Some(*delay as i64)),
                AnswerFault::Lost => ("lost", None),
            };
            shown.method = method.as_deref();
        }
        Strikes::Deliveries { fault, event_type, endpoint } => {
            shown.kind = fault.suffered().as_str();
            match fault {
                DeliveryFault::Fail(status) => shown.status = Some(i64::from(*status)),
                DeliveryFault::Twice => {}
                DeliveryFault::Late(seconds) | DeliveryFault::OutOfOrder(seconds) => {
                    shown.seconds = Some(*seconds);
                }
            }
            (shown.event_type, shown.endpoint) = (Some(event_type.as_str()), endpoint.as_deref());
        }
    }
    w.object(|o| {
        o.text("id", id);
        o.text("object", "fault");
        o.opt_int("count", fault.count.map(|count| count as i64));
        o.opt_int("delay", shown.delay);
        o.int("hits", hits as i64);
        o.text("kind", shown.kind);
        o.opt_text("method", shown.method);
        o.text("path", &fault.path);
        o.opt_int("rate", fault.rate.map(i64::from));
        o.opt_int("seconds", shown.seconds);
        o.opt_int("status", shown.status);
        o.opt_text("type", shown.event_type);
        o.opt_text("webhook_endpoint", shown.endpoint);
    });
}

/// What a kind of fault has beside what all of them have.
#[derive(Default)]
struct ShownFault<'a> {
    kind: &'static str,
    delay: Option<i64>,
    method: Option<&'a str>,
    seconds: Option<i64>,
    status: Option<i64>,
    event_type: Option<&'a str>,
    endpoint: Option<&'a str>,
}

/// One fault as an answer.
pub fn one_fault(id: &str, of: &NewFault) -> Vec<u8> {
    written(|w| fault(id, of, 0, w))
}

/// What is different from a snapshot.
#[derive(Debug, Clone, Copy)]
pub struct Changes<'a> {
    /// The snapshot.
    pub since: &'a str,
    /// What was not there.
    pub created: &'a [Thing],
    /// What is another: before and after.
    pub updated: &'a [(Thing, Thing)],
    /// What is gone, as it was.
    pub deleted: &'a [Thing],
}

impl Show for Changes<'_> {
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        w.object(|o| {
            o.text("object", "changes");
            shown(o, "created", self.created, cx);
            shown(o, "deleted", self.deleted, cx);
            o.text("since", self.since);
            o.list("updated", |l| {
                for (before, after) in self.updated.iter().filter(|(_, it)| is_shown(it)) {
                    updated(before, after, l.item(), cx);
                }
            });
        });
    }
}

fn is_shown(object: &Thing) -> bool {
    views::view(object).is_some()
}

fn shown(o: &mut Object<'_>, name: &'static str, objects: &[Thing], cx: &mut ViewCx<'_>) {
    o.list(name, |l| {
        for object in objects.iter().filter(|it| is_shown(it)) {
            object.show(l.item(), &mut cx.inside(&NONE));
        }
    });
}

/// As an event tells of a change.
fn updated(before: &Thing, after: &Thing, w: &mut Json, cx: &mut ViewCx<'_>) {
    let mut compact = |object: &Thing| {
        let mut json = Json::new(Layout::Compact);
        object.show(&mut json, &mut cx.inside(&NONE));
        json.into_bytes()
    };
    let (before, after) = (compact(before), compact(after));
    w.object(|o| {
        o.field("object").raw(&after);
        write_previous(&before, &after, o.field("previous_attributes"));
    });
}

/// Events that were waited for, oldest first.
pub struct Waited<'a> {
    /// Whether all came.
    pub complete: bool,
    /// The events.
    pub events: Vec<&'a (dyn Show + Sync)>,
    /// The last event that was looked at, of whatever type: where the next call goes on.
    pub last: Option<String>,
    /// The path.
    pub url: &'a str,
}

impl Waited<'_> {
    /// Writes them.
    pub fn write(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        w.object(|o| {
            o.text("object", "list");
            o.flag("complete", self.complete);
            o.list("data", |l| {
                for event in &self.events {
                    event.show(l.item(), &mut cx.inside(&NONE));
                }
            });
            o.flag("has_more", false);
            o.opt_text("last", self.last.as_deref());
            o.text("url", self.url);
        });
    }
}
