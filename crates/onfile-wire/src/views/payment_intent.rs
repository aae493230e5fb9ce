//! A payment intent (`stripe-api.md` 2.3), whole for a server and in part for a browser (1.2).

use onfile_domain::payment_intent::{CancelReason, NextAction, PaymentIntent, State};

use super::contact::{customer_account, metadata, shipping};
use super::failure::last_error;
use super::next_action::next_action;
use super::{card_options, method_types};
use crate::json::{Json, Object};
use crate::version::{Change, Version};
use crate::view::{Audience, Show, ViewCx};

impl Show for PaymentIntent {
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        match cx.frame.audience {
            Audience::Secret => w.object(|o| {
                first_half(self, o, cx);
                second_half(self, o, cx);
            }),
            Audience::Publishable => w.object(|o| for_browsers(self, o, cx)),
        }
    }
}

/// `id` to `livemode`.
fn first_half(intent: &PaymentIntent, o: &mut Object<'_>, cx: &mut ViewCx<'_>) {
    let version = cx.frame.version;
    o.id("id", intent.id);
    o.text("object", "payment_intent");
    method_types::allowed(&intent.methods, o);
    o.int("amount", intent.amount.minor());
    o.int("amount_capturable", capturable(intent));
    o.object("amount_details", |o| o.object("tip", |_| {}));
    o.int("amount_received", received(intent));
    o.null("application");
    o.null("application_fee_amount");
    method_types::automatic(&intent.methods, o);
    cancellation(intent, o, version);
    o.text("capture_method", intent.capture_method.as_str());
    if !version.has(Change::LatestCharge) {
        charges(intent, o, cx);
    }
    client_secret(intent, o);
    o.text("confirmation_method", intent.confirmation_method.as_str());
    o.int("created", intent.created.0);
    o.text("currency", intent.amount.currency.code());
    cx.reference(o, "customer", intent.customer);
    customer_account(o, version);
    o.opt_text("description", intent.description.as_deref());
    o.null("excluded_payment_method_types");
    if !version.has(Change::NoInvoice) {
        o.null("invoice");
    }
    last_error("last_payment_error", intent.last_payment_error.as_ref(), o, cx);
    cx.reference(o, "latest_charge", intent.latest_charge);
    o.flag("livemode", cx.frame.livemode);
}

/// `managed_payments` to the end.
fn second_half(intent: &PaymentIntent, o: &mut Object<'_>, cx: &mut ViewCx<'_>) {
    let version = cx.frame.version;
    o.object("managed_payments", |o| o.flag("enabled", false));
    metadata(&intent.metadata, o);
    next_action(action(intent), cx.frame, o);
    o.null("on_behalf_of");
    cx.reference(o, "payment_method", intent.payment_method());
    method_types::configuration(&intent.methods, cx.frame.account, o);
    card_options::of_payment(&intent.card_options, o, version);
    method_types::types(o);
    if version.has(Change::AddedFields) {
        o.null("payment_record");
    }
    o.null("processing");
    o.opt_text("receipt_email", intent.receipt_email.as_deref());
    o.null("review");
    o.opt_text("setup_future_usage", intent.setup_future_usage.map(|it| it.as_str()));
    o.null("shared_payment_granted_token");
    shipping(intent.shipping.as_ref(), o);
    o.null("source");
    o.null("statement_descriptor");
    o.opt_text("statement_descriptor_suffix", intent.statement_descriptor_suffix.as_deref());
    o.text("status", intent.status().as_str());
    o.null("transfer_data");
    o.opt_text("transfer_group", intent.transfer_group.as_deref());
}

/// What may be known to whoever holds the client secret.
fn for_browsers(intent: &PaymentIntent, o: &mut Object<'_>, cx: &mut ViewCx<'_>) {
    o.id("id", intent.id);
    o.text("object", "payment_intent");
    o.int("amount", intent.amount.minor());
    method_types::automatic(&intent.methods, o);
    cancellation(intent, o, cx.frame.version);
    o.text("capture_method", intent.capture_method.as_str());
    client_secret(intent, o);
    o.text("confirmation_method", intent.confirmation_method.as_str());
    o.int("created", intent.created.0);
    o.text("currency", intent.amount.currency.code());
    o.opt_text("description", intent.description.as_deref());
    last_error("last_payment_error", intent.last_payment_error.as_ref(), o, cx);
    o.flag("livemode", cx.frame.livemode);
    next_action(action(intent), cx.frame, o);
    cx.reference(o, "payment_method", intent.payment_method());
    method_types::types(o);
    o.null("processing");
    o.opt_text("receipt_email", intent.receipt_email.as_deref());
    o.opt_text("setup_future_usage", intent.setup_future_usage.map(|it| it.as_str()));
    shipping(intent.shipping.as_ref(), o);
    o.text("status", intent.status().as_str());
}

fn client_secret(intent: &PaymentIntent, o: &mut Object<'_>) {
    o.id("client_secret", format_args!("{}_secret_{}", intent.id, intent.secret));
}

fn cancellation(intent: &PaymentIntent, o: &mut Object<'_>, version: Version) {
    let (at, reason) = match &intent.state {
        State::Canceled { at, reason, .. } => (Some(at.0), *reason),
        State::RequiresPaymentMethod
        | State::RequiresConfirmation { .. }
        | State::RequiresAction { .. }
        | State::RequiresCapture { .. }
        | State::Succeeded { .. } => (None, None),
    };
    let reason = match reason {
        Some(CancelReason::Expired) if !version.has(Change::ReasonExpired) => {
            Some(CancelReason::Automatic)
        }
        reason => reason,
    };
    o.opt_int("canceled_at", at);
    o.opt_text("cancellation_reason", reason.map(|it| it.as_str()));
}

fn capturable(intent: &PaymentIntent) -> i64 {
    match &intent.state {
        State::RequiresCapture { capturable, .. } => capturable.minor(),
        State::RequiresPaymentMethod
        | State::RequiresConfirmation { .. }
        | State::RequiresAction { .. }
        | State::Succeeded { .. }
        | State::Canceled { .. } => 0,
    }
}

fn received(intent: &PaymentIntent) -> i64 {
    match &intent.state {
        State::RequiresCapture { received, .. } | State::Succeeded { received, .. } => {
            received.minor()
        }
        State::RequiresPaymentMethod
        | State::RequiresConfirmation { .. }
        | State::RequiresAction { .. }
        | State::Canceled { .. } => 0,
    }
}

fn action(intent: &PaymentIntent) -> Option<&NextAction> {
    match &intent.state {
        State::RequiresAction { action, .. } => Some(action),
        State::RequiresPaymentMethod
        | State::RequiresConfirmation { .. }
        | State::RequiresCapture { .. }
        | State::Succeeded { .. }
        | State::Canceled { .. } => None,
    }
}

/// Every charge, as it was shown before there was `latest_charge`.
fn charges(intent: &PaymentIntent, o: &mut Object<'_>, cx: &mut ViewCx<'_>) {
    let url = format!("/v1/charges?payment_intent={}", intent.id);
    let (charges, inside) = cx.always("charges", &url);
    o.object("charges", |o| {
        o.text("object", "list");
        o.list("data", |l| {
            for charge in &charges {
                charge.show(l.item(), &mut cx.inside(inside));
            }
        });
        o.flag("has_more", false);
        o.int("total_count", i64::try_from(charges.len()).unwrap_or(i64::MAX));
        o.text("url", &url);
    });
}
