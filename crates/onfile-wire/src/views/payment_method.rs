//! A payment method (`stripe-api.md` 7.2).

use onfile_domain::card::ThreeDs;
use onfile_domain::payment_method::{Card, PaymentMethod};

use super::contact::{billing_details, checks, customer_account, metadata};
use crate::json::{Json, Object};
use crate::view::{Show, ViewCx};

impl Show for PaymentMethod {
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        let version = cx.frame.version;
        w.object(|o| {
            o.id("id", self.id);
            o.text("object", "payment_method");
            o.text("allow_redisplay", self.allow_redisplay.as_str());
            billing_details(&self.billing_details, o, version);
            card(&self.card, o);
            o.int("created", self.created.0);
            cx.reference(o, "customer", self.customer());
            customer_account(o, version);
            o.flag("livemode", cx.frame.livemode);
            metadata(&self.metadata, o);
            o.null("shared_payment_granted_token");
            o.text("type", "card");
        });
    }
}

fn card(card: &Card, o: &mut Object<'_>) {
    let facts = &card.facts;
    o.object("card", |o| {
        o.text("brand", facts.brand.as_str());
        checks(&card.checks, o);
        o.text("country", facts.country.code());
        let preferred = card.preferred_network.as_deref();
        o.text("display_brand", preferred.unwrap_or(facts.brand.as_str()));
        o.int("exp_month", i64::from(card.expiry.month));
        o.int("exp_year", card.expiry.year);
        o.text("fingerprint", &card.fingerprint);
        o.text("funding", facts.funding.as_str());
        o.null("generated_from");
        o.text("last4", &facts.last4);
        o.object("networks", |o| {
            o.list("available", |l| {
                facts.networks.iter().for_each(|network| l.text(network.as_str()));
            });
            o.opt_text("preferred", preferred);
        });
        o.text("regulated_status", "unregulated");
        o.object("three_d_secure_usage", |o| o.flag("supported", takes_part(facts.three_ds)));
        o.null("wallet");
    });
}

/// Whether 3-D Secure can be asked of the card at all.
fn takes_part(three_ds: ThreeDs) -> bool {
    match three_ds {
        ThreeDs::Required | ThreeDs::Enrolled | ThreeDs::NotEnrolled => true,
        ThreeDs::None => false,
    }
}
