//! What is sent: an event's bytes in a receiver's version, and their signature
//! (`stripe-api.md` 8.5).

use aws_lc_rs::hmac;
use onfile_domain::account::{Account, Mode};
use onfile_domain::webhook_endpoint::SecretSeed;
use onfile_store::{KeyHash, StoreError, StoredEvent, WorldId};
use onfile_vault::Vault;
use onfile_wire::expand;
use onfile_wire::version::Version;
use onfile_wire::view::Audience;
use onfile_wire::views::event::Event;

use crate::app::App;
use crate::render::{self, Known, Scene};
use crate::work::Shown;

/// What a letter says of itself, and of its sender.
pub(crate) const CONTENT_TYPE: &str = "application/json; charset=utf-8";
pub(crate) const USER_AGENT: &str = "Stripe/1.0 (+https://stripe.com/docs/webhooks)";
/// Letters of a secret behind its head.
const SECRET_LETTERS: usize = 32;

/// Writes an event as a receiver of this version is shown it.
///
/// # Errors
/// When the store fails.
pub(crate) async fn write(
    app: &App,
    (world, account): (WorldId, &Account),
    event: &StoredEvent,
    version: Version,
    pending: i64,
) -> Result<Vec<u8>, StoreError> {
    let view = Event {
        id: event.id,
        created: event.created,
        event_type: event.event_type,
        object: &event.object,
        previous: event.previous.as_ref(),
        version,
        request: event.cause.request.as_deref(),
        idempotency_key: event.cause.idempotency_key.as_deref(),
        pending_webhooks: pending,
    };
    let scene = Scene { world: Some(world), account, now: event.created };
    let base = app.base();
    let (audience, expand) = (Audience::Secret, &expand::NONE);
    let shown = Shown { version, audience, base: &base, expand };
    render::object(app, scene, shown, Known::default(), &view).await
}

/// The `Stripe-Signature` of bytes at a moment of the wall's clock, by every secret that signs.
pub(crate) fn sign(secrets: &[String], mode: Mode, at: i64, bytes: &[u8]) -> String {
    let mut header = format!("t={at}");
    for secret in secrets {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let mut context = hmac::Context::with_key(&key);
        context.update(at.to_string().as_bytes());
        context.update(b".");
        context.update(bytes);
        push(&mut header, ",v1=", context.sign().as_ref());
    }
    if let (Mode::Test, Some(secret)) = (mode, secrets.first()) {
        // A scheme that means nothing, so that receivers learn to pass over it.
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let meaningless = hmac::sign(&key, header.as_bytes());
        push(&mut header, ",v0=", meaningless.as_ref());
    }
    header
}

fn push(header: &mut String, name: &str, bytes: &[u8]) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    header.push_str(name);
    for byte in bytes {
        header.push(char::from(HEX[usize::from(byte >> 4)]));
        header.push(char::from(HEX[usize::from(byte & 15)]));
    }
}

/// The secret that a seed stands for. It is nowhere kept: the vault's own key makes it, so that
/// who has the database alone can sign nothing.
pub(crate) fn secret(vault: &Vault, seed: &SecretSeed) -> String {
    written(&vault.mac("signing secret of an endpoint", seed.0.as_bytes()))
}

/// The secret of those who listen with a key from a device: the same whenever they do, so that it
/// can be written into a configuration.
pub(crate) fn listener_secret(vault: &Vault, key: &KeyHash, device: &str) -> String {
    let mut text = key.0.to_vec();
    text.extend_from_slice(device.as_bytes());
    written(&vault.mac("signing secret of a listener", &text))
}

fn written(mac: &[u8]) -> String {
    let letters = mac.iter().filter_map(|byte| onfile_domain::id::letter(byte % 248));
    let letters: String = letters.take(SECRET_LETTERS).map(char::from).collect();
    format!("whsec_{letters}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_as_stripes_documents_make_it() {
        let secrets = ["whsec_one".to_owned(), "whsec_two".to_owned()];
        let header = sign(&secrets, Mode::Live, 1_790_000_000, b"{}");
        let parts: Vec<&str> = header.split(',').collect();
        assert_eq!(parts[0], "t=1790000000");
        // HMAC-SHA-256 of `1790000000.{}`, by another implementation.
        assert_eq!(parts[1], "v1=bf12d04d928ca59a711d38171f277543df149808ade704d16dd5d5a5a19b6108");
        assert_eq!(parts[2], "v1=5d37dba02d7203215eafe2540be92e54d1f603de6de4f440ca8fec2d313e1ae3");
        assert_eq!(parts.len(), 3);
        let test = sign(&secrets[..1], Mode::Test, 1_790_000_000, b"{}");
        assert!(test.starts_with("t=1790000000,v1=bf12d04d928ca59a711d38171f277543df149808ade704d16dd5d5a5a19b6108,v0="), "{test}");
    }
}
