//! One try to move money or to save a card, with the rules that fired: ours, under `/onfile/v1`.

use std::fmt::Display;

use onfile_domain::attempt::{Attempt, Subject};

use crate::json::{Json, Object};
use crate::view::{Show, ViewCx};

impl Show for Attempt {
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        let (mut payment, mut setup) = (None, None);
        match self.subject {
            Subject::Payment(id) | Subject::Increment(id) => payment = Some(id),
            Subject::Setup(id) => setup = Some(id),
            Subject::Method(_) => {}
        }
        w.object(|o| {
            o.id("id", self.id);
            o.text("object", "attempt");
            o.opt_int("amount", self.amount.map(|amount| amount.minor()));
            opt_id(o, "charge", self.charge);
            o.int("created", self.created.0);
            o.opt_text("currency", self.amount.as_ref().map(|amount| amount.currency.code()));
            o.flag("livemode", cx.frame.livemode);
            opt_id(o, "payment_intent", payment);
            o.id("payment_method", self.payment_method);
            opt_id(o, "setup_intent", setup);
            o.text("status", self.state.as_str());
            o.list("trace", |l| self.trace.iter().for_each(|rule| l.text(rule)));
            o.list("warnings", |l| self.warnings.iter().for_each(|warning| l.text(warning)));
        });
    }
}

fn opt_id(o: &mut Object<'_>, name: &'static str, id: Option<impl Display>) {
    match id {
        Some(id) => o.id(name, id),
        None => o.null(name),
    }
}
