//! The account that is asked (`stripe-api.md` 11.2).

use onfile_domain::account::Account;

use crate::json::{Json, Object};
use crate::view::{Show, ViewCx};

impl Show for Account {
    fn show(&self, w: &mut Json, _cx: &mut ViewCx<'_>) {
        w.object(|o| {
            o.text("id", &self.id);
            o.text("object", "account");
            business_profile(o);
            o.object("capabilities", |o| {
                o.text("card_payments", "active");
                o.text("transfers", "active");
            });
            o.flag("charges_enabled", true);
            o.text("country", self.country.code());
            o.int("created", self.created.0);
            o.text("default_currency", self.default_currency.code());
            o.flag("details_submitted", true);
            o.null("email");
            o.flag("payouts_enabled", true);
            o.object("settings", settings);
            o.text("type", "standard");
        });
    }
}

fn business_profile(o: &mut Object<'_>) {
    o.object("business_profile", |o| {
        for name in [
            "mcc",
            "name",
            "product_description",
            "support_address",
            "support_email",
            "support_phone",
            "support_url",
            "url",
        ] {
            o.null(name);
        }
    });
}

fn settings(o: &mut Object<'_>) {
    o.object("branding", |o| {
        for name in ["icon", "logo", "primary_color", "secondary_color"] {
            o.null(name);
        }
    });
    o.object("card_payments", |o| {
        o.object("decline_on", |o| {
            o.flag("avs_failure", false);
            o.flag("cvc_failure", false);
        });
        o.null("statement_descriptor_prefix");
        o.null("statement_descriptor_prefix_kana");
        o.null("statement_descriptor_prefix_kanji");
    });
    o.object("dashboard", |o| {
        o.null("display_name");
        o.text("timezone", "Etc/UTC");
    });
    o.object("payments", |o| {
        for name in
            ["statement_descriptor", "statement_descriptor_kana", "statement_descriptor_kanji"]
        {
            o.null(name);
        }
    });
}
