//! What a server says when it has started: where it listens, keys, and a snippet that works.

use std::net::SocketAddr;

/// What was started.
pub(super) struct Banner {
    /// Where it listens.
    pub(super) address: SocketAddr,
    /// Whether it forgets everything in the end.
    pub(super) ephemeral: bool,
}

/// A test key like any other: each names a world of its own.
const SECRET_KEY: &str = "sk_test_onfile";
const PUBLISHABLE_KEY: &str = "pk_test_onfile";

impl Banner {
    /// For people, or as one line of JSON.
    pub(super) fn text(&self, as_json: bool) -> String {
        if as_json {
            let said = serde_json::json!({
                "base_url": self.base_url(),
                "secret_key": SECRET_KEY,
                "publishable_key": PUBLISHABLE_KEY,
                "ephemeral": self.ephemeral,
                "pid": std::process::id(),
            });
            return format!("{said}\n");
        }
        let url = self.base_url();
        let kept = match self.ephemeral {
            true => "Nothing is kept: everything is gone when it ends.\n",
            false => "",
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
