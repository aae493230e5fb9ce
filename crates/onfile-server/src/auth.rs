//! Who calls: a key, and the wall around browsers (`stripe-api.md` 1.2).

use hyper::HeaderMap;
use hyper::header::{AUTHORIZATION, HOST, ORIGIN};
use onfile_wire::error::WireError;
use onfile_wire::form::{Hash, Value};
use onfile_wire::header::{ApiKey, Family, KeyMode, credential, is_loopback_host};
use onfile_wire::view::Audience;

use crate::config::Settings;

/// Keys with such a name are always refused, so that people can test that.
const INVALID: &str = "invalid";

/// A key that was let in.
pub(crate) struct Access {
    /// The key.
    pub(crate) key: ApiKey,
    /// What it may see.
    pub(crate) audience: Audience,
}

/// The name that the request came by, where this server answers to it.
///
/// # Errors
/// 403 for a foreign one: a page elsewhere may have bound its own name to this machine.
pub(crate) fn host(headers: &HeaderMap, settings: &Settings) -> Result<String, WireError> {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let configured = settings
        .hosts
        .iter()
        .any(|known| known.eq_ignore_ascii_case(host) || known.eq_ignore_ascii_case(name));
    if configured || is_loopback_host(host) || (settings.any_host && is_plain(host)) {
        return Ok(host.to_owned());
    }
    Err(WireError::host_foreign(host))
}

/// Whether a host can stand in an address that we write.
fn is_plain(host: &str) -> bool {
    !host.is_empty()
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
}

/// Lets a key in.
///
/// # Errors
/// 401 without a key or with a wrong one, 403 for a secret key in a browser.
pub(crate) fn access(headers: &HeaderMap, form: Option<&Hash>) -> Result<Access, WireError> {
    let header = headers.get(AUTHORIZATION).and_then(|header| header.to_str().ok());
    let (text, from_form) = match header.and_then(credential) {
        Some(key) => (key, false),
        None => (key_of(form).ok_or_else(WireError::key_missing)?, true),
    };
    let key = ApiKey::parse(&text).map_err(|_| WireError::key_invalid(&text))?;
    if key.mode == KeyMode::Live {
        tracing::warn!(
            "a live key was refused: this server has no acquirer, so it takes test keys only \
             (sk_test_…, pk_test_…)"
        );
        return Err(WireError::key_invalid(&text));
    }
    if key.name().starts_with(INVALID) {
        return Err(WireError::key_invalid(&text));
    }
    let audience = match key.family {
        Family::Secret => Audience::Secret,
        Family::Publishable => Audience::Publishable,
        Family::Restricted | Family::Ephemeral => {
            tracing::warn!(
                "a {:?} key was refused: restricted and ephemeral keys are not built; this server \
                 takes secret and publishable test keys only (sk_test_…, pk_test_…)",
                key.family
            );
            return Err(WireError::key_invalid(&text));
        }
    };
    match audience {
        // A secret key does not belong into a form, where logs and browsers see it.
        Audience::Secret if from_form => Err(WireError::key_missing()),
        Audience::Secret if headers.contains_key(ORIGIN) => {
            Err(WireError::origin_with_secret_key())
        }
        Audience::Secret | Audience::Publishable => Ok(Access { key, audience }),
    }
}

fn key_of(form: Option<&Hash>) -> Option<String> {
    match form?.get("key")? {
        Value::Text(text) if !text.is_empty() => Some(text.clone()),
        Value::Text(_) | Value::List(_) | Value::Hash(_) => None,
    }
}
