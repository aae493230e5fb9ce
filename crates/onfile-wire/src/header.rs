//! Headers of requests and answers (`stripe-api.md` 1.2 and 1.4), without any HTTP library.

mod host;
mod key;

pub use host::{is_loopback_host, origin_host};
pub use key::{ApiKey, Family, KeyMode, NotAKey, credential, mask};

/// The longest idempotency key, in characters.
pub const IDEMPOTENCY_KEY_CHARS: usize = 255;

/// What every answer carries, whatever it is.
pub const ALWAYS: &[(&str, &str)] = &[
    ("access-control-allow-credentials", "true"),
    ("access-control-allow-methods", "GET, HEAD, PUT, PATCH, POST, DELETE"),
    ("access-control-allow-origin", "*"),
    (
        "access-control-expose-headers",
        "Request-Id, Stripe-Manage-Version, Stripe-Should-Retry, \
         X-Stripe-External-Auth-Required, X-Stripe-Privileged-Session-Required",
    ),
    ("access-control-max-age", "300"),
    ("cache-control", "no-cache, no-store"),
    ("content-type", "application/json"),
    ("vary", "Origin"),
    // Stripe tells so of sandboxes, and there is no other mode here yet.
    ("x-stripe-routing-context-priority-tier", "api-testmode"),
];

/// What a preflight may ask to send; the answer to `OPTIONS` carries it beside [`ALWAYS`].
pub const ALLOW_HEADERS: (&str, &str) = (
    "access-control-allow-headers",
    "Authorization, Content-Type, Idempotency-Key, Stripe-Account, Stripe-Version, \
     X-Stripe-Client-User-Agent",
);

/// Our name for the request.
pub const REQUEST_ID: &str = "request-id";
/// The version that a call asks for, and the one an answer is written in.
pub const STRIPE_VERSION: &str = "stripe-version";
/// The connected account that a call is about; echoed.
pub const STRIPE_ACCOUNT: &str = "stripe-account";
/// The account that a call is about, as newer SDKs and organisations write it.
pub const STRIPE_CONTEXT: &str = "stripe-context";
/// The caller's name for a POST; echoed.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The request that first used the idempotency key.
pub const ORIGINAL_REQUEST: &str = "original-request";
/// `true` on replays only.
pub const IDEMPOTENT_REPLAYED: &str = "idempotent-replayed";
/// Whether sending the same again helps.
pub const SHOULD_RETRY: &str = "stripe-should-retry";
/// On every 401.
pub const WWW_AUTHENTICATE: (&str, &str) = ("www-authenticate", "Basic realm=\"Stripe\"");

/// What an answer says of its request, beside [`ALWAYS`].
#[derive(Debug, Clone, Default)]
pub struct Envelope<'a> {
    /// Our name for this request.
    pub request_id: &'a str,
    /// The version of the answer; `None` where none was understood.
    pub version: Option<&'a str>,
    /// The `Stripe-Account` header of the request.
    pub account: Option<&'a str>,
    /// The idempotency key of a POST.
    pub key: Option<&'a str>,
    /// The request that first used the key; this one itself when it is the first.
    pub original: Option<&'a str>,
    /// Whether the answer is kept bytes.
    pub replayed: bool,
    /// See `WireError::should_retry`; `None` leaves the header out.
    pub should_retry: Option<bool>,
    /// The status, which decides about `WWW-Authenticate`.
    pub status: u16,
}

impl<'a> Envelope<'a> {
    /// The headers in which this answer differs from others.
    pub fn headers(&self) -> Vec<(&'static str, &'a str)> {
        let mut all = vec![(REQUEST_ID, self.request_id)];
        all.extend(self.version.map(|version| (STRIPE_VERSION, version)));
        all.extend(self.account.map(|account| (STRIPE_ACCOUNT, account)));
        all.extend(self.key.map(|key| (IDEMPOTENCY_KEY, key)));
        all.extend(self.original.map(|original| (ORIGINAL_REQUEST, original)));
        all.extend(self.replayed.then_some((IDEMPOTENT_REPLAYED, "true")));
        let retry = self.should_retry.map(|retry| if retry { "true" } else { "false" });
        all.extend(retry.map(|retry| (SHOULD_RETRY, retry)));
        all.extend((self.status == 401).then_some(WWW_AUTHENTICATE));
        all
    }
}

/// A request's method, as far as its answer depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// POST: it has an idempotency key, and its answer says whether to send it again.
    Post,
    /// Any other.
    Other,
}

impl Verb {
    /// The `Stripe-Should-Retry` of an answer that is usual; `None` leaves the header out.
    pub fn should_retry(self) -> Option<bool> {
        match self {
            Verb::Post => Some(false),
            Verb::Other => None,
        }
    }
}

/// Whether a text may be an idempotency key.
pub fn is_idempotency_key(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= IDEMPOTENCY_KEY_CHARS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_answers_carry() {
        let first = Envelope {
            request_id: "req_1",
            version: Some("2026-08-26.dahlia"),
            key: Some("k"),
            original: Some("req_1"),
            should_retry: Some(false),
            status: 200,
            ..Envelope::default()
        };
        let shown: Vec<_> =
            first.headers().iter().map(|(name, value)| format!("{name}: {value}")).collect();
        assert_eq!(
            shown.join("\n"),
            "request-id: req_1\nstripe-version: 2026-08-26.dahlia\nidempotency-key: k\n\
             original-request: req_1\nstripe-should-retry: false"
        );
        let refused = Envelope { request_id: "req_2", status: 401, ..Envelope::default() };
        assert_eq!(refused.headers().last(), Some(&WWW_AUTHENTICATE));
        let again = Envelope { replayed: true, ..first };
        assert!(again.headers().contains(&(IDEMPOTENT_REPLAYED, "true")));
    }

    #[test]
    fn idempotency_keys() {
        assert!(is_idempotency_key("stripe-node-retry-1"));
        assert!(is_idempotency_key(&"k".repeat(255)));
        assert!(!is_idempotency_key(&"k".repeat(256)));
        assert!(!is_idempotency_key(""));
        assert!(!is_idempotency_key("  "));
    }
}
