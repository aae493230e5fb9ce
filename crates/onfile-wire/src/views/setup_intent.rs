//! A setup intent (`stripe-api.md` 4.1), whole for a server and in part for a browser (1.2).

use onfile_domain::payment_intent::NextAction;
use onfile_domain::setup_intent::{SetupIntent, SetupState};

use super::contact::{customer_account, metadata};
use super::failure::last_error;
use super::next_action::next_action;
use super::{card_options, method_types};
use crate::json::{Json, Object};
use crate::view::{Audience, Show, ViewCx};

impl Show for SetupIntent {
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
fn first_half(intent: &SetupIntent, o: &mut Object<'_>, cx: &mut ViewCx<'_>) {
    o.id("id", intent.id);
    o.text("object", "setup_intent");
    method_types::allowed(&intent.methods, o);
    o.null("application");
    attach_to_self(intent.attach_to_self, o);
    method_types::automatic(&intent.methods, o);
    o.opt_text("cancellation_reason", reason(intent));
    client_secret(intent, o);
    o.int("created", intent.created.0);
    cx.reference(o, "customer", intent.customer);
    customer_account(o, cx.frame.version);
    o.opt_text("description", intent.description.as_deref());
    o.null("excluded_payment_method_types");
    flow_directions(intent.flow_directions.as_deref(), o);
    last_error("last_setup_error", intent.last_setup_error.as_ref(), o, cx);
    cx.reference(o, "latest_attempt", intent.latest_attempt);
    o.flag("livemode", cx.frame.livemode);
}

/// `managed_payments` to the end.
fn second_half(intent: &SetupIntent, o: &mut Object<'_>, cx: &mut ViewCx<'_>) {
    o.object("managed_payments", |o| o.flag("enabled", false));
    o.null("mandate");
    metadata(&intent.metadata, o);
    next_action(action(intent), cx.frame, o);
    o.null("on_behalf_of");
    cx.reference(o, "payment_method", intent.payment_method());
    method_types::configuration(&intent.methods, cx.frame.account, o);
    let currency = intent.mandate_currency.as_deref();
    card_options::of_setup(&intent.card_options, currency, o, cx.frame.version);
    method_types::types(o);
    o.null("single_use_mandate");
    o.text("status", intent.state.status());
    o.text("usage", intent.usage.as_str());
}

/// What may be known to whoever holds the client secret.
fn for_browsers(intent: &SetupIntent, o: &mut Object<'_>, cx: &mut ViewCx<'_>) {
    o.id("id", intent.id);
    o.text("object", "setup_intent");
    method_types::automatic(&intent.methods, o);
    o.opt_text("cancellation_reason", reason(intent));
    client_secret(intent, o);
    o.int("created", intent.created.0);
    o.opt_text("description", intent.description.as_deref());
    last_error("last_setup_error", intent.last_setup_error.as_ref(), o, cx);
    o.flag("livemode", cx.frame.livemode);
    next_action(action(intent), cx.frame, o);
    cx.reference(o, "payment_method", intent.payment_method());
    method_types::types(o);
    o.text("status", intent.state.status());
    o.text("usage", intent.usage.as_str());
}

/// `attach_to_self`, only where it was given.
pub(super) fn attach_to_self(given: Option<bool>, o: &mut Object<'_>) {
    if let Some(attach) = given {
        o.flag("attach_to_self", attach);
    }
}

/// `flow_directions`, as they were given.
pub(super) fn flow_directions(given: Option<&[String]>, o: &mut Object<'_>) {
    match given {
        Some(words) => o.list("flow_directions", |l| words.iter().for_each(|it| l.text(it))),
        None => o.null("flow_directions"),
    }
}

fn client_secret(intent: &SetupIntent, o: &mut Object<'_>) {
    o.id("client_secret", format_args!("{}_secret_{}", intent.id, intent.secret));
}

fn reason(intent: &SetupIntent) -> Option<&'static str> {
    match &intent.state {
        SetupState::Canceled { reason, .. } => reason.map(|it| it.as_str()),
        SetupState::RequiresPaymentMethod
        | SetupState::RequiresConfirmation { .. }
        | SetupState::RequiresAction { .. }
        | SetupState::Succeeded { .. } => None,
    }
}

fn action(intent: &SetupIntent) -> Option<&NextAction> {
    match &intent.state {
        SetupState::RequiresAction { action, .. } => Some(action),
        SetupState::RequiresPaymentMethod
        | SetupState::RequiresConfirmation { .. }
        | SetupState::Succeeded { .. }
        | SetupState::Canceled { .. } => None,
    }
}
