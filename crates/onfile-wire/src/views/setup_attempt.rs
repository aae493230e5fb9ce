//! One confirmation of a setup intent (`stripe-api.md` 4.5).

use onfile_domain::setup_intent::SetupAttempt;

use super::charge::three_d_secure;
use super::contact::{checks, customer_account};
use super::failure::last_error;
use super::setup_intent::{attach_to_self, flow_directions};
use crate::json::{Json, Object};
use crate::view::{Show, ViewCx};

impl Show for SetupAttempt {
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        w.object(|o| {
            o.id("id", self.id);
            o.text("object", "setup_attempt");
            o.null("application");
            attach_to_self(self.attach_to_self, o);
            o.int("created", self.created.0);
            cx.reference(o, "customer", self.customer);
            customer_account(o, cx.frame.version);
            flow_directions(self.flow_directions.as_deref(), o);
            o.flag("livemode", cx.frame.livemode);
            o.null("on_behalf_of");
            cx.reference(o, "payment_method", Some(self.payment_method));
            o.object("payment_method_details", |o| {
                o.object("card", |o| card(self, o));
                o.text("type", "card");
            });
            last_error("setup_error", self.error.as_ref(), o, cx);
            cx.reference(o, "setup_intent", Some(self.setup_intent));
            o.text("status", self.status.as_str());
            o.text("usage", self.usage.as_str());
        });
    }
}

fn card(attempt: &SetupAttempt, o: &mut Object<'_>) {
    let (card, facts) = (&attempt.card, &attempt.card.facts);
    o.text("brand", facts.brand.as_str());
    checks(&card.checks, o);
    o.text("country", facts.country.code());
    o.int("exp_month", i64::from(card.expiry.month));
    o.int("exp_year", card.expiry.year);
    o.text("fingerprint", &card.fingerprint);
    o.text("funding", facts.funding.as_str());
    o.text("last4", &facts.last4);
    if attempt.moto {
        o.flag("moto", true);
    }
    o.text("network", attempt.other_network.unwrap_or(facts.brand).as_str());
    three_d_secure(attempt.three_d_secure.as_ref(), o, |_| {});
    o.null("wallet");
}
