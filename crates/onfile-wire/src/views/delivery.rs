//! One event to one endpoint, with every try: ours, under `/onfile/v1`.

use onfile_domain::delivery::{Delivery, Fault, State, Try, TryResult};
use onfile_domain::event::EventType;
use onfile_domain::id::{EventId, WebhookEndpointId};

use crate::json::{Json, List};
use crate::view::{Show, ViewCx};

/// A delivery with what it is about.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The delivery.
    pub delivery: &'a Delivery,
    /// The event.
    pub event: EventId,
    /// What happened.
    pub event_type: EventType,
    /// The endpoint.
    pub endpoint: WebhookEndpointId,
}

impl Show for Shown<'_> {
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        let Delivery { state, tries, faults, .. } = self.delivery;
        let next = match state {
            State::Waiting { until } => Some(until.0),
            State::Due | State::Delivered | State::GivenUp | State::Canceled => None,
        };
        w.object(|o| {
            o.id("id", self.delivery.id);
            o.text("object", "delivery");
            o.int("created", self.delivery.created.0);
            o.id("event", self.event);
            o.text("event_type", self.event_type.as_str());
            o.list("faults", |l| faults.iter().for_each(|fault| l.text(fault.as_str())));
            o.flag("livemode", cx.frame.livemode);
            o.opt_int("next_try_at", next);
            o.text("status", state.status().as_str());
            o.list("tries", |l| tries.iter().for_each(|made| show_try(made, l)));
            o.id("webhook_endpoint", self.endpoint);
        });
    }
}

fn show_try(made: &Try, l: &mut List<'_>) {
    let (status, failure) = match made.result {
        TryResult::Answered(status) => (Some(i64::from(status)), None),
        TryResult::Failed(failure) => (None, Some(failure.as_str())),
    };
    l.item().object(|o| {
        o.int("at", made.at.0);
        o.opt_text("failure", failure);
        o.opt_text("fault", made.fault.map(Fault::as_str));
        o.opt_int("http_status", status);
        o.text("reason", made.reason.as_str());
        o.opt_text("response", made.answer.as_deref());
        o.flag("succeeded", made.result.is_acknowledged());
        o.int("took_ms", made.took_ms);
    });
}
