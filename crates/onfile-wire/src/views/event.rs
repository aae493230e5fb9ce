//! What happened (`stripe-api.md` 8.1): the object as it was then, and what it was before.

use onfile_domain::event::EventType;
use onfile_domain::id::EventId;
use onfile_domain::object::Object as Thing;
use onfile_domain::time::WorldTime;

use crate::expand;
use crate::json::{Json, Layout, Object, write_previous};
use crate::version::{Change, Version};
use crate::view::{Audience, Frame, Show, ViewCx};
use crate::views;

/// An event as it was kept, and for whom it is told.
#[derive(Debug, Clone, Copy)]
pub struct Event<'a> {
    /// `evt_…`.
    pub id: EventId,
    /// When it happened, by the world's clock.
    pub created: WorldTime,
    /// What happened.
    pub event_type: EventType,
    /// The object as it was then.
    pub object: &'a Thing,
    /// The object before, where the event tells of a change.
    pub previous: Option<&'a Thing>,
    /// The endpoint's version, or the account's: whatever the call has that reads it.
    pub version: Version,
    /// The call that made it; `None` for what happened by itself.
    pub request: Option<&'a str>,
    /// That call's idempotency key.
    pub idempotency_key: Option<&'a str>,
    /// How many endpoints have not acknowledged it.
    pub pending_webhooks: i64,
}

impl Show for Event<'_> {
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        w.object(|o| {
            o.id("id", self.id);
            o.text("object", "event");
            o.text("api_version", self.version.as_str());
            o.int("created", self.created.0);
            o.object("data", |o| self.data(o, cx));
            o.flag("livemode", cx.frame.livemode);
            o.int("pending_webhooks", self.pending_webhooks);
            if self.version.has(Change::EventRequest) {
                o.object("request", |o| {
                    o.opt_text("id", self.request);
                    o.opt_text("idempotency_key", self.idempotency_key);
                });
            } else {
                o.opt_text("request", self.request);
            }
            o.text("type", self.event_type.as_str());
        });
    }
}

impl Event<'_> {
    /// The snapshot: nothing in it is expanded, and it shows what was shown at that moment.
    fn data(&self, o: &mut Object<'_>, cx: &mut ViewCx<'_>) {
        let frame = Frame {
            version: self.version,
            audience: Audience::Secret,
            now: self.created,
            ..cx.frame
        };
        let mut cx = cx.framed(frame, &expand::NONE);
        let Some(previous) = self.previous else {
            return self.write_object(self.object, o.field("object"), &mut cx);
        };
        let after = self.written(self.object, &mut cx);
        let before = self.written(previous, &mut cx);
        o.field("object").raw(&after);
        write_previous(&before, &after, o.field("previous_attributes"));
    }

    /// A customer is told of as it was before it was deleted.
    fn write_object(&self, object: &Thing, w: &mut Json, cx: &mut ViewCx<'_>) {
        match (self.event_type, object) {
            (EventType::CustomerDeleted, Thing::Customer(customer)) => {
                views::customer::show_whole(customer, w, cx);
            }
            (_, object) => views::show(object, w, cx),
        }
    }

    fn written(&self, object: &Thing, cx: &mut ViewCx<'_>) -> Vec<u8> {
        let mut json = Json::new(Layout::Compact);
        self.write_object(object, &mut json, cx);
        json.into_bytes()
    }
}
