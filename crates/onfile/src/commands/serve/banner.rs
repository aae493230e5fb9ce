//! What a server says when it has started: where it listens, keys, and a snippet that works.
//!
//! Code stands at the left edge: it is pasted line by line into an interpreter.

use std::net::SocketAddr;
use std::path::PathBuf;

/// What was started.
pub(super) struct Banner {
    /// Where it listens.
    pub(super) address: SocketAddr,
    /// Where it keeps what it is told; `None` where it forgets everything in the end.
    pub(super) kept: Option<Kept>,
}

/// The two places: whoever keeps one without the other keeps no cards.
pub(super) struct Kept {
    /// The data folder.
    pub(super) data: PathBuf,
    /// The file of the master key.
    pub(super) master_key: PathBuf,
}

/// A test key like any other: each names a world of its own.
const SECRET_KEY: &str = "sk_test_myshop";
const PUBLISHABLE_KEY: &str = "pk_test_myshop";

impl Banner {
    /// For people, or as one line of JSON.
    pub(super) fn text(&self, as_json: bool) -> String {
        if as_json {
            let said = serde_json::json!({
                "base_url": self.base_url(),
                "secret_key": SECRET_KEY,
                "publishable_key": PUBLISHABLE_KEY,
                "ephemeral": self.kept.is_none(),
                "pid": std::process::id(),
            });
            return format!("{said}\n");
        }
        let url = self.base_url();
        let kept = match &self.kept {
            None => "Nothing is kept: everything is gone when it ends.\n".to_owned(),
            Some(Kept { data, master_key }) => format!(
                "Data is kept in {}, under the key {}.\n",
                data.display(),
                master_key.display()
            ),
        };
        format!(
            r#"onfile listens on {url}
{kept}
  secret key       {SECRET_KEY}   (any sk_test_… key is an empty world of its own)
  publishable key  {PUBLISHABLE_KEY}

With Stripe's Python SDK, unmodified:

import stripe
stripe.api_key, stripe.api_base = "{SECRET_KEY}", "{url}"
print(stripe.PaymentIntent.create(amount=1099, currency="usd", setup_future_usage="off_session"))

From Node:

const stripe = new (require("stripe"))("{SECRET_KEY}", {{
  host: "{host}", port: {port}, protocol: "http",
}});
stripe.paymentIntents.create({{
  amount: 1099, currency: "usd", setup_future_usage: "off_session",
}}).then(console.log);

Events at your app, with nothing registered (or register webhook endpoints, as with Stripe):

onfile listen --base-url {url} --forward-to http://127.0.0.1:3000/hook

onfile is compatible with Stripe's API; it is not affiliated with Stripe.
"#,
            host = self.address.ip(),
            port = self.address.port(),
        )
    }

    fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(kept: Option<Kept>) -> String {
        let address = SocketAddr::from(([127, 0, 0, 1], 4242));
        Banner { address, kept }.text(false)
    }

    /// The lines of the paragraph behind a heading.
    fn snippet<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
        let lines = text.lines().skip_while(|line| *line != heading).skip(2);
        lines.take_while(|line| !line.is_empty()).collect()
    }

    #[test]
    fn code_can_be_pasted_as_it_is_printed() {
        let text = text(None);
        // Python takes no indented line at the top level.
        let python = snippet(&text, "With Stripe's Python SDK, unmodified:");
        assert_eq!(python.len(), 3, "{python:?}");
        assert!(python.iter().all(|line| line.trim() == *line), "{python:?}");
        assert_eq!(python[0], "import stripe");
        assert!(python[1].ends_with(r#"= "sk_test_myshop", "http://127.0.0.1:4242""#));
        let node = snippet(&text, "From Node:");
        assert_eq!(node.len(), 6, "{node:?}");
        assert!(node[0].starts_with("const stripe") && node[3].starts_with("stripe."), "{node:?}");
        let listen = snippet(
            &text,
            "Events at your app, with nothing registered (or register webhook endpoints, as with \
             Stripe):",
        );
        assert_eq!(listen.len(), 1, "{listen:?}");
        assert!(listen[0].starts_with("onfile listen --base-url http://127.0.0.1:4242 "));
        for (open, close) in [("(", ")"), ("{", "}")] {
            let code = node.concat();
            assert_eq!(code.matches(open).count(), code.matches(close).count(), "{code}");
        }
    }

    #[test]
    fn it_says_where_data_is_kept() {
        assert!(text(None).contains("Nothing is kept"));
        let kept = Kept { data: "/srv/onfile".into(), master_key: "/etc/onfile.key".into() };
        let text = text(Some(kept));
        assert!(text.contains("kept in /srv/onfile, under the key /etc/onfile.key."), "{text}");
    }
}
