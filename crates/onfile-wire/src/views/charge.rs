//! A charge (`stripe-api.md` 6.1, 6.2).

use onfile_domain::card::Risk;
use onfile_domain::charge::{Charge, ChargeResult, FailedBy};
use onfile_domain::decline::Decline;

mod card;

pub(super) use card::three_d_secure;

use super::contact::{billing_details, metadata, shipping};
use crate::json::{Json, Object};
use crate::version::{Change, Version};
use crate::view::{Show, ViewCx};

impl Show for Charge {
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        w.object(|o| {
            first_half(self, o, cx);
            second_half(self, o, cx);
        });
    }
}

/// `id` to `livemode`.
fn first_half(charge: &Charge, o: &mut Object<'_>, cx: &mut ViewCx<'_>) {
    let version = cx.frame.version;
    let decline = decline(charge);
    o.id("id", charge.id);
    o.text("object", "charge");
    o.int("amount", charge.amount.minor());
    o.int("amount_captured", charge.captured().minor());
    o.int("amount_refunded", refunded(charge, version));
    o.null("application");
    o.null("application_fee");
    o.null("application_fee_amount");
    balance_transaction(charge, o, cx);
    billing_details(&charge.billing_details, o, version);
    descriptor(charge, o);
    o.flag("captured", matches!(charge.result, ChargeResult::Captured { .. }));
    o.int("created", charge.created.0);
    o.text("currency", charge.amount.currency.code());
    cx.reference(o, "customer", charge.customer);
    o.opt_text("description", charge.description.as_deref());
    o.null("destination");
    o.null("dispute");
    o.flag("disputed", false);
    o.null("failure_balance_transaction");
    o.opt_text("failure_code", decline.map(|(it, _)| it.code.as_str()));
    o.opt_text("failure_message", decline.map(|(it, _)| it.message.as_str()));
    o.object("fraud_details", |o| {
        if let Some(report) = charge.user_report {
            o.text("user_report", report.as_str());
        }
    });
    if !version.has(Change::NoInvoice) {
        o.null("invoice");
    }
    o.flag("livemode", cx.frame.livemode);
}

/// `metadata` to the end.
fn second_half(charge: &Charge, o: &mut Object<'_>, cx: &mut ViewCx<'_>) {
    let version = cx.frame.version;
    metadata(&charge.metadata, o);
    o.null("on_behalf_of");
    o.null("order");
    outcome(charge, o, version);
    o.flag("paid", charge.is_paid());
    cx.reference(o, "payment_intent", Some(charge.payment_intent));
    o.id("payment_method", charge.payment_method);
    o.object("payment_method_details", |o| {
        card::card(charge, o, version);
        o.text("type", "card");
    });
    o.object("radar_options", |_| {});
    o.opt_text("receipt_email", charge.receipt_email.as_deref());
    o.null("receipt_number");
    o.null("receipt_url");
    o.flag("refunded", is_refunded(charge, version));
    refunds(charge, o, cx);
    o.null("review");
    shipping(charge.shipping.as_ref(), o);
    o.null("source");
    o.null("source_transfer");
    o.null("statement_descriptor");
    o.opt_text("statement_descriptor_suffix", charge.statement_descriptor_suffix.as_deref());
    o.text("status", if charge.is_paid() { "succeeded" } else { "failed" });
    o.null("transfer_data");
    o.opt_text("transfer_group", charge.transfer_group.as_deref());
}

/// What was given back; before basil also what was let go.
fn refunded(charge: &Charge, version: Version) -> i64 {
    let release_counts = !version.has(Change::ReleaseIsNoRefund);
    match &charge.result {
        ChargeResult::Captured { amount, refunded, .. } if release_counts => {
            refunded + charge.amount.minor() - amount
        }
        ChargeResult::Captured { refunded, .. } => *refunded,
        ChargeResult::Released { .. } if release_counts => charge.amount.minor(),
        ChargeResult::Held { .. }
        | ChargeResult::PartlyCaptured { .. }
        | ChargeResult::Released { .. }
        | ChargeResult::Failed { .. } => 0,
    }
}

/// Whether all of what was taken was given back; before basil, all of what was held.
fn is_refunded(charge: &Charge, version: Version) -> bool {
    let all = match &charge.result {
        ChargeResult::Captured { amount, .. } if version.has(Change::ReleaseIsNoRefund) => *amount,
        ChargeResult::Captured { .. }
        | ChargeResult::Held { .. }
        | ChargeResult::PartlyCaptured { .. }
        | ChargeResult::Released { .. } => charge.amount.minor(),
        ChargeResult::Failed { .. } => return false,
    };
    refunded(charge, version) == all
}

/// The movement of the account's money, from the moment on that it is shown.
fn balance_transaction(charge: &Charge, o: &mut Object<'_>, cx: &mut ViewCx<'_>) {
    let shown = match &charge.result {
        ChargeResult::Captured { balance_transaction, shown_at, .. } => {
            (*shown_at <= cx.frame.now).then_some(*balance_transaction)
        }
        ChargeResult::PartlyCaptured { balance_transaction, .. } => Some(*balance_transaction),
        ChargeResult::Held { .. } | ChargeResult::Released { .. } | ChargeResult::Failed { .. } => {
            None
        }
    };
    cx.reference(o, "balance_transaction", shown);
}

fn decline(charge: &Charge) -> Option<(&Decline, FailedBy)> {
    match &charge.result {
        ChargeResult::Failed { decline, by } => Some((decline, *by)),
        ChargeResult::Held { .. }
        | ChargeResult::PartlyCaptured { .. }
        | ChargeResult::Released { .. }
        | ChargeResult::Captured { .. } => None,
    }
}

/// What the cardholder reads: an account without a prefix of its own has the one that Stripe
/// gives to bare accounts.
fn descriptor(charge: &Charge, o: &mut Object<'_>) {
    /// What card networks have room for.
    const MOST: usize = 22;
    match &charge.statement_descriptor_suffix {
        None => o.text("calculated_statement_descriptor", "Stripe"),
        Some(suffix) => {
            let whole = format!("STRIPE* {}", suffix.to_uppercase());
            let fitting: String = whole.chars().take(MOST).collect();
            o.text("calculated_statement_descriptor", &fitting);
        }
    }
}

fn outcome(charge: &Charge, o: &mut Object<'_>, version: Version) {
    let decline = decline(charge);
    let (network_status, kind) = match decline {
        None => ("approved_by_network", "authorized"),
        Some((_, FailedBy::Issuer)) => ("declined_by_network", "issuer_declined"),
        Some((_, FailedBy::Blocked)) => ("not_sent_to_network", "blocked"),
    };
    let decline = decline.map(|(decline, _)| decline);
    let of = |field: fn(&Decline) -> Option<&str>| decline.and_then(field);
    let reason = match decline {
        Some(decline) => decline.reason.as_deref(),
        None => match charge.risk.level {
            Risk::Normal => None,
            Risk::Elevated => Some("elevated_risk_level"),
            Risk::Highest => Some("highest_risk_level"),
        },
    };
    o.object("outcome", |o| {
        if version.has(Change::AdviceCode) {
            o.opt_text("advice_code", of(|it| it.advice_code.as_deref()));
        }
        if version.has(Change::NetworkCodes) {
            o.opt_text("network_advice_code", of(|it| it.network_advice_code.as_deref()));
            o.opt_text("network_decline_code", of(|it| it.network_decline_code.as_deref()));
        }
        o.text("network_status", network_status);
        o.opt_text("reason", reason);
        o.text("risk_level", charge.risk.level.as_str());
        o.int("risk_score", charge.risk.score);
        if let ("blocked", Some("highest_risk_level")) = (kind, reason) {
            o.text("rule", "block_if_high_risk");
        }
        let message = decline.map_or("Payment complete.", |it| it.seller_message.as_str());
        o.text("seller_message", message);
        o.text("type", kind);
    });
}

/// How many refunds stand inside their charge.
const REFUNDS_SHOWN: usize = 10;

/// The newest refunds, where they are asked for; always, in old versions.
fn refunds(charge: &Charge, o: &mut Object<'_>, cx: &mut ViewCx<'_>) {
    let url = format!("/v1/charges/{}/refunds", charge.id);
    let always = !cx.frame.version.has(Change::LatestCharge);
    let found =
        if always { Some(cx.always("refunds", &url)) } else { cx.included("refunds", &url) };
    let Some((refunds, inside)) = found else { return };
    o.object("refunds", |o| {
        o.text("object", "list");
        o.list("data", |l| {
            for refund in refunds.iter().take(REFUNDS_SHOWN) {
                refund.show(l.item(), &mut cx.inside(inside));
            }
        });
        o.flag("has_more", refunds.len() > REFUNDS_SHOWN);
        o.int("total_count", i64::try_from(refunds.len()).unwrap_or(i64::MAX));
        o.text("url", &url);
    });
}
