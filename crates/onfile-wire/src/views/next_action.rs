//! What the customer is to do: visit the page of a challenge (`stripe-api.md` 2.7).

use onfile_domain::payment_intent::NextAction;

use crate::json::Object;

/// `next_action`. The page is this server's own, and guarded by a secret.
pub(super) fn next_action(action: Option<&NextAction>, base: &str, o: &mut Object<'_>) {
    let Some(action) = action else {
        return o.null("next_action");
    };
    let (source, secret) = (action.authentication, &action.secret);
    o.object("next_action", |o| match &action.return_url {
        Some(return_url) => {
            o.object("redirect_to_url", |o| {
                o.text("return_url", return_url);
                o.id("url", format_args!("{base}/onfile/3ds/{source}?secret={secret}"));
            });
            o.text("type", "redirect_to_url");
        }
        None => {
            o.text("type", "use_stripe_sdk");
            o.object("use_stripe_sdk", |o| {
                o.id("source", source);
                o.id("stripe_js", format_args!("{base}/onfile/3ds/{source}?secret={secret}"));
                o.text("type", "three_d_secure_redirect");
            });
        }
    });
}
