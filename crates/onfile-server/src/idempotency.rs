//! A caller's name for a POST, and what it stands for (`stripe-api.md` 9).

use onfile_domain::pan::Pan;
use onfile_store::Claim;
use onfile_vault::Vault;
use onfile_wire::error::WireError;
use onfile_wire::form::{self, Hash};
use onfile_wire::view::Audience;

use crate::app::App;
use crate::call::Call;
use crate::reply::Reply;
use crate::stop::Stop;
use crate::work::Key;

/// The key of a call with what it stands for; `None` where there is no key.
pub(crate) fn key(app: &App, call: &Call) -> Option<Key> {
    let text = call.idempotency.clone()?;
    Some(Key {
        text,
        endpoint: call.path.clone(),
        params: mac(&app.vault, (&call.account.id, call.audience), &call.form),
        request: call.request.clone(),
    })
}

/// Whether an error is an answer of the call, kept under its key: a card that is refused and an
/// object that isn't there. What is written wrong is asked anew.
pub(crate) fn is_kept(error: &WireError) -> bool {
    error.status == 402 || error.code == Some("resource_missing")
}

/// The answer that a key already stands for.
///
/// # Errors
/// 409 while its first call runs, 400 where that was another call.
pub(crate) async fn replay(app: &App, call: &Call, key: &Key) -> Result<Option<Reply>, Stop> {
    let Some(world) = &call.world else { return Ok(None) };
    match app.store.idempotency(world.id, &key.text).await? {
        Some(first) if !first.is_past(call.now) => Ok(Some(answer(&first, key)?)),
        Some(_) | None => Ok(None),
    }
}

/// What a claimed key answers.
///
/// # Errors
/// As [`replay`].
pub(crate) fn answer(first: &Claim, key: &Key) -> Result<Reply, WireError> {
    if first.endpoint != key.endpoint {
        return Err(WireError::key_with_other_endpoint(&key.text, &first.endpoint, &key.endpoint));
    }
    if first.params != key.params {
        return Err(WireError::key_with_other_params(&key.text));
    }
    let Some(kept) = first.answer() else { return Err(WireError::key_in_use(&key.text)) };
    Ok(Reply {
        status: kept.status,
        body: kept.body.clone(),
        version: Some(kept.version.clone()),
        original: Some(first.request.clone()),
        replayed: true,
        should_retry: Some(false),
        own: Vec::new(),
        is_lost: false,
    })
}

/// A MAC over the parameters and who may see the answer. A card number stands as its fingerprint,
/// a security code only as being there: nothing is derived from it.
fn mac(vault: &Vault, (account, audience): (&str, Audience), form: &Hash) -> [u8; 32] {
    let mut canonical = form::canonical(form, &mut |names, text| match names {
        ["card", "number"] | ["payment_method_data", "card", "number"] => {
            Pan::parse(text).ok().map(|pan| vault.fingerprint(account.as_bytes(), &pan))
        }
        ["card", "cvc"] | ["payment_method_data", "card", "cvc"] => Some("given".to_owned()),
        // A browser's key is who calls, not what is asked.
        ["key"] => Some(String::new()),
        _ => None,
    });
    // What a browser may see is another answer.
    canonical.push(match audience {
        Audience::Secret => b's',
        Audience::Publishable => b'p',
    });
    vault.mac("parameters of a call", &canonical)
}

#[cfg(test)]
mod tests {
    use super::*;
    use onfile_vault::MasterKey;

    #[test]
    fn forms_that_mean_the_same() {
        let master = MasterKey::ephemeral().unwrap();
        let (vault, _) = Vault::create(&master).unwrap();
        let by = |audience, text: &str| {
            mac(&vault, ("acct_1", audience), &form::parse(text.as_bytes()).unwrap())
        };
        let mac = |text: &str| by(Audience::Secret, text);
        let card = "card[number]=4242424242424242&card[cvc]=123";
        assert_eq!(mac(card), mac("card[cvc]=999&card[number]=4242-4242-4242-4242"));
        assert_ne!(mac(card), mac("card[number]=4242424242424242"));
        assert_ne!(mac(card), mac("card[cvc]=123&card[number]=5555555555554444"));
        let inside = |text: &str| mac(&text.replace("card[", "payment_method_data[card]["));
        assert_eq!(inside(card), inside("card[cvc]=999&card[number]=4242-4242-4242-4242"));
        assert_ne!(mac("a=1"), mac("a=2"));
        // Elsewhere these are words like any other.
        for name in ["metadata[cvc]", "metadata[number]", "number", "cvc", "metadata[card][cvc]"] {
            assert_ne!(mac(&format!("{name}=1")), mac(&format!("{name}=2")), "{name}");
        }
        assert_eq!(mac("key=pk_test_1&a=1"), mac("a=1&key=pk_test_2"));
        assert_ne!(by(Audience::Secret, "a=1"), by(Audience::Publishable, "a=1"));
    }
}
