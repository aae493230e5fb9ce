//! Who may ask what, and where: keys, hosts and addresses (`stripe-api.md` 1.2, 1.5, 1.7).

use super::{ErrorType, WireError};
use crate::header::mask;
use crate::params::echo;

fn unauthenticated(message: String) -> WireError {
    WireError::new(401, ErrorType::InvalidRequest, message)
}

fn forbidden(message: String) -> WireError {
    WireError::new(403, ErrorType::InvalidRequest, message)
}

fn short(text: &str) -> String {
    let short: String = text.chars().take(255).collect();
    echo(&short)
}

impl WireError {
    /// There is no key.
    pub fn key_missing() -> WireError {
        unauthenticated(
            "You did not provide an API key. You need to provide your API key in the \
             Authorization header, using Bearer auth (e.g. 'Authorization: Bearer \
             YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or \
             we can help at https://support.stripe.com/."
                .to_owned(),
        )
    }

    /// The key is no key of ours; only its ends are shown.
    pub fn key_invalid(key: &str) -> WireError {
        unauthenticated(format!("Invalid API Key provided: {}", mask(key)))
    }

    /// A browser's key, where a server's is needed.
    pub fn secret_key_required() -> WireError {
        let message = "This API call cannot be made with a publishable API key. Please use a \
                       secret API key. You can find a list of your API keys at \
                       https://dashboard.stripe.com/account/apikeys.";
        unauthenticated(message.to_owned()).code("secret_key_required")
    }

    /// `Stripe-Account` names an account that this key can't act for.
    pub fn account_invalid(key: &str, account: &str) -> WireError {
        let message = format!(
            "The provided key '{}' does not have access to account '{}' (or that account does \
             not exist). Application access may have been revoked.",
            mask(key),
            short(account)
        );
        forbidden(message).code("account_invalid")
    }

    /// The request came by a name that is not this server's (DNS rebinding).
    pub fn host_foreign(host: &str) -> WireError {
        forbidden(format!(
            "This server does not answer to the host '{}'. Only loopback hosts are served \
             unless others are configured.",
            short(host)
        ))
    }

    /// A page sent a secret key.
    pub fn origin_with_secret_key() -> WireError {
        forbidden(
            "A request with an Origin header may only use a publishable API key: secret keys do \
             not belong in browsers."
                .to_owned(),
        )
    }

    /// The wrong client secret, or none with a publishable key; `intent` is `PaymentIntent` or
    /// `SetupIntent`. Stripe's own error is known to carry the parameter and a code of its intent.
    pub fn client_secret_mismatch(intent: &'static str) -> WireError {
        WireError::invalid(format!(
            "The client_secret provided does not match any associated {intent} on this account. \
             Ensure the publishable key used belongs to the same account that created the \
             {intent}."
        ))
        .param("client_secret")
    }

    /// No such address: Stripe's words, and in place of Stripe's help the page of this server,
    /// which was reached at `base`.
    pub fn url_unknown(method: &str, path: &str, base: &str) -> WireError {
        let message = format!(
            "Unrecognized request URL ({}: {}). If you are trying to list objects, remove the \
             trailing slash. If you are trying to retrieve an object, make sure you passed a \
             valid (non-empty) identifier in your code. What this server serves is listed at \
             {base}/docs/coverage.md.",
            short(method),
            short(path)
        );
        WireError::new(404, ErrorType::InvalidRequest, message)
    }

    /// An address of Stripe's that this server, which was reached at `base`, does not serve.
    pub fn url_unsupported(method: &str, path: &str, base: &str) -> WireError {
        let message = format!(
            "This server does not serve {} {}. See {base}/docs/coverage.md.",
            short(method),
            short(path)
        );
        WireError::new(404, ErrorType::InvalidRequest, message)
    }

    /// An address of Stripe's under which a call of this server's own was looked for, which is at
    /// `ours`.
    pub fn url_ours(method: &str, path: &str, ours: &str) -> WireError {
        let message = format!(
            "This server does not serve {method} {}. The call is this server's own: {method} {}.",
            short(path),
            short(ours),
            method = short(method),
        );
        WireError::new(404, ErrorType::InvalidRequest, message)
    }

    /// The address is there, but not with this method.
    pub fn method_not_allowed(method: &str, path: &str) -> WireError {
        let message = format!(
            "The method {} is not allowed for {}. The API uses GET, POST and DELETE.",
            short(method),
            short(path)
        );
        WireError::new(405, ErrorType::InvalidRequest, message)
    }

    /// The body is larger than `most` bytes.
    pub fn body_too_large(most: usize) -> WireError {
        let message = format!("The request's body is larger than {most} bytes.");
        WireError::new(413, ErrorType::InvalidRequest, message)
    }

    /// The body is no form.
    pub fn body_not_a_form() -> WireError {
        WireError::invalid(
            "The request's body must be a form: send it with the content type \
             application/x-www-form-urlencoded.",
        )
    }
}
