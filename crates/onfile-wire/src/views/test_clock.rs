//! A test clock (`stripe-api.md` 11.1).

use onfile_domain::id::TestClockId;
use onfile_domain::test_clock::{ClockState, TestClock};

use crate::json::Json;
use crate::view::{Show, ViewCx};

const OBJECT: &str = "test_helpers.test_clock";

impl Show for TestClock {
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        if self.deleted {
            return show_deleted(self.id, w);
        }
        let (status, target) = match self.state {
            ClockState::Ready => ("ready", None),
            ClockState::Advancing { to } => ("advancing", Some(to)),
        };
        w.object(|o| {
            o.id("id", self.id);
            o.text("object", OBJECT);
            o.int("created", self.created.0);
            o.int("deletes_after", self.deletes_after().0);
            o.int("frozen_time", self.frozen_time.0);
            o.flag("livemode", cx.frame.livemode);
            o.opt_text("name", self.name.as_deref());
            o.text("status", status);
            o.object("status_details", |o| {
                if let Some(to) = target {
                    o.object("advancing", |o| o.int("target_frozen_time", to.0));
                }
            });
        });
    }
}

/// Writes that a test clock is deleted, and nothing else.
pub fn show_deleted(clock: TestClockId, w: &mut Json) {
    w.map(|o| {
        o.entry("id").id(clock);
        o.entry("object").text(OBJECT);
        o.entry("deleted").flag(true);
    });
}
