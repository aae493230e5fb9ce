//! `payment_method_details[card]` of a charge (`stripe-api.md` 6.3).

use onfile_domain::charge::{Charge, ChargeResult};
use onfile_domain::gateway::ThreeDSecure;

use crate::json::Object;
use crate::version::{Change, Version};
use crate::views::contact::checks;

/// The card as it was charged.
pub(super) fn card(charge: &Charge, o: &mut Object<'_>, version: Version) {
    let (card, facts, terms) = (&charge.card, &charge.card.facts, &charge.terms);
    o.object("card", |o| {
        o.opt_int("amount_authorized", charge.is_paid().then(|| charge.authorized().minor()));
        o.opt_text("authorization_code", card.authorization_code.as_deref());
        o.text("brand", facts.brand.as_str());
        if let Some(before) = capture_before(charge) {
            o.int("capture_before", before);
        }
        checks(&card.checks, o);
        o.text("country", facts.country.code());
        o.opt_text("electronic_commerce_indicator", card.eci.as_deref());
        o.int("exp_month", i64::from(card.expiry.month));
        o.int("exp_year", card.expiry.year);
        let extended = if terms.extended { "enabled" } else { "disabled" };
        status(o, "extended_authorization", extended);
        o.text("fingerprint", &card.fingerprint);
        o.text("funding", facts.funding.as_str());
        status(o, "incremental_authorization", availability(terms.incremental));
        o.null("installments");
        o.text("last4", &facts.last4);
        o.null("mandate");
        if card.moto {
            o.flag("moto", true);
        }
        status(o, "multicapture", availability(terms.multicapture));
        o.text("network", card.other_network.unwrap_or(facts.brand).as_str());
        o.object("network_token", |o| o.flag("used", false));
        o.opt_text("network_transaction_id", card.network_transaction_id.as_deref());
        o.object("overcapture", |o| {
            o.int("maximum_amount_capturable", charge.most_capturable().minor());
            o.text("status", availability(terms.overcapture));
        });
        o.text("regulated_status", "unregulated");
        usages(charge, o, version);
        three_d_secure(card.three_d_secure.as_ref(), o, |o| o.null("exemption_indicator"));
        if version.has(Change::TransactionLink) {
            o.null("transaction_link_id");
        }
        o.null("wallet");
    });
}

/// The end of a hold, which stays after it.
fn capture_before(charge: &Charge) -> Option<i64> {
    match &charge.result {
        ChargeResult::Held { capture_before }
        | ChargeResult::PartlyCaptured { capture_before, .. }
        | ChargeResult::Released { capture_before } => Some(capture_before.0),
        ChargeResult::Captured { capture_before, .. } => capture_before.map(|at| at.0),
        ChargeResult::Failed { .. } => None,
    }
}

fn availability(available: bool) -> &'static str {
    if available { "available" } else { "unavailable" }
}

fn status(o: &mut Object<'_>, name: &'static str, status: &str) {
    o.object(name, |o| o.text("status", status));
}

fn usages(charge: &Charge, o: &mut Object<'_>, version: Version) {
    if !version.has(Change::CredentialUsage) {
        return;
    }
    if let Some(usage) = charge.card.setup_credential_usage {
        o.text("setup_credential_usage", usage.as_str());
    }
    if let Some(usage) = charge.card.stored_credential_usage {
        o.text("stored_credential_usage", usage.as_str());
    }
}

/// `three_d_secure`, of a charge and of a set-up attempt, which has no exemption to write.
pub(in crate::views) fn three_d_secure(
    done: Option<&ThreeDSecure>,
    o: &mut Object<'_>,
    exemption: impl FnOnce(&mut Object<'_>),
) {
    let Some(done) = done else {
        return o.null("three_d_secure");
    };
    o.object("three_d_secure", |o| {
        o.opt_text("authentication_flow", done.flow.map(|it| it.as_str()));
        o.opt_text("electronic_commerce_indicator", done.eci.as_deref());
        exemption(o);
        o.text("result", done.result.as_str());
        o.opt_text("result_reason", done.reason.map(|it| it.as_str()));
        o.opt_text("transaction_id", done.transaction_id.as_deref());
        o.text("version", &done.version);
    });
}
