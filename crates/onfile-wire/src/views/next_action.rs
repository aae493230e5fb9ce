//! What the customer is to do: visit the page of a challenge (`stripe-api.md` 2.7).

use onfile_domain::payment_intent::NextAction;

use crate::json::Object;
use crate::view::Frame;

/// `next_action`. The page is this server's own, and guarded by a secret; ids are unique inside a
/// world only, so its address names the account too.
pub(super) fn next_action(action: Option<&NextAction>, frame: Frame<'_>, o: &mut Object<'_>) {
    let Some(action) = action else {
        return o.null("next_action");
    };
    let (source, secret) = (action.authentication, &action.secret);
    let (base, account) = (frame.base, frame.account);
    let page = format!("{base}/onfile/3ds/{source}?merchant={account}&secret={secret}");
    o.object("next_action", |o| match &action.return_url {
        Some(return_url) => {
            o.object("redirect_to_url", |o| {
                o.text("return_url", return_url);
                o.text("url", &page);
            });
            o.text("type", "redirect_to_url");
        }
        None => {
            o.text("type", "use_stripe_sdk");
            o.object("use_stripe_sdk", |o| {
                o.id("source", source);
                o.text("stripe_js", &page);
                o.text("type", "three_d_secure_redirect");
            });
        }
    });
}
