//! An address that is told of events (`stripe-api.md` 8.4).

use onfile_domain::id::WebhookEndpointId;
use onfile_domain::webhook_endpoint::WebhookEndpoint;

use super::contact::metadata;
use crate::json::Json;
use crate::view::{Show, ViewCx};

impl Show for WebhookEndpoint {
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        show(self, None, w, cx);
    }
}

/// Writes an endpoint with its newest secret, as only the call that made the secret shows it.
pub fn show_with_secret(
    endpoint: &WebhookEndpoint,
    secret: &str,
    w: &mut Json,
    cx: &mut ViewCx<'_>,
) {
    show(endpoint, Some(secret), w, cx);
}

fn show(endpoint: &WebhookEndpoint, secret: Option<&str>, w: &mut Json, cx: &mut ViewCx<'_>) {
    w.object(|o| {
        o.id("id", endpoint.id);
        o.text("object", "webhook_endpoint");
        o.opt_text("api_version", endpoint.api_version.as_deref());
        o.null("application");
        o.int("created", endpoint.created.0);
        o.opt_text("description", endpoint.description.as_deref());
        o.list("enabled_events", |l| endpoint.enabled_events.iter().for_each(|it| l.text(it)));
        o.flag("livemode", cx.frame.livemode);
        metadata(&endpoint.metadata, o);
        if let Some(secret) = secret {
            o.text("secret", secret);
        }
        o.text("status", endpoint.status.as_str());
        o.text("url", endpoint.url.as_str());
    });
}

/// Writes that an endpoint is deleted, and nothing else.
pub fn show_deleted(endpoint: WebhookEndpointId, w: &mut Json) {
    w.map(|o| {
        o.entry("id").id(endpoint);
        o.entry("object").text("webhook_endpoint");
        o.entry("deleted").flag(true);
    });
}
