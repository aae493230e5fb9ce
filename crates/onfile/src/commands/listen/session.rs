//! Asks the server for a session (`stripe-api.md` 8.6).

use anyhow::{Context, Result, anyhow, bail};
use http_body_util::{BodyExt, Full, Limited};
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde_json::Value;

use super::address::{Address, Scheme};

/// Where sessions begin.
const PATH: &str = "/v1/stripecli/sessions";
/// Bytes of an answer that are read: a session has a few hundred.
const ANSWER_BYTES: usize = 64 * 1024;

/// Begins sessions.
pub(super) struct Begin {
    address: Address,
    key: HeaderValue,
    form: String,
}

/// What the server made.
pub(super) struct Session {
    /// Signs what is sent.
    pub(super) secret: String,
    /// Names the session.
    pub(super) id: String,
    /// Where to connect.
    pub(super) address: Address,
}

/// Why there is no session.
pub(super) enum Trouble {
    /// The server says no, and would say so again.
    Refused(anyhow::Error),
    /// It is not there, or not well.
    Away(anyhow::Error),
}

impl Trouble {
    pub(super) fn into_error(self) -> anyhow::Error {
        match self {
            Trouble::Refused(error) | Trouble::Away(error) => error,
        }
    }
}

impl Begin {
    /// # Errors
    /// When the address is no `http://` one, or the key can't be one.
    pub(super) fn new(base_url: &str, key: &str, device: Option<&str>) -> Result<Begin> {
        let machine = rustix::system::uname();
        let device = match device {
            Some(device) => device.to_owned(),
            None => machine.nodename().to_string_lossy().into_owned(),
        };
        let mut key = HeaderValue::from_str(&format!("Bearer {key}"))
            .context("the key has letters that no key has")?;
        key.set_sensitive(true);
        let form = format!("device_name={}&websocket_features[]=webhooks", escaped(&device));
        let address = Address::parse(base_url)?;
        if address.scheme == Scheme::Https {
            bail!("{base_url} is an https address, and the server speaks no TLS\nhint: http://…");
        }
        Ok(Begin { address: address.at(PATH), key, form })
    }

    /// Begins one.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub(super) async fn session(&self) -> Result<Session, Trouble> {
        let request = Request::post(PATH)
            .header(AUTHORIZATION, &self.key)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::from(self.form.clone())));
        let request = request.context("writing a request").map_err(Trouble::Refused)?;
        let response = self.address.send(request).await.map_err(Trouble::Away)?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), ANSWER_BYTES).collect().await;
        let body = body.map_err(|error| Trouble::Away(anyhow!("reading an answer: {error}")))?;
        let answer: Value = serde_json::from_slice(&body.to_bytes()).unwrap_or_default();
        let message = || {
            let message = answer["error"]["message"].as_str().unwrap_or("it is no server of ours");
            anyhow!("{} answers {status}: {message}", self.address.host)
        };
        match status {
            200 => parse(&answer).map_err(Trouble::Refused),
            400..500 => Err(Trouble::Refused(message())),
            _ => Err(Trouble::Away(message())),
        }
    }
}

fn parse(answer: &Value) -> Result<Session> {
    let text = |name: &str| {
        let text = answer[name].as_str();
        text.with_context(|| format!("the server's session has no {name}"))
    };
    let url = text("websocket_url")?;
    let rest = url.strip_prefix("ws://");
    let rest = rest.with_context(|| format!("{url} is no ws:// address"))?;
    Ok(Session {
        secret: text("secret")?.to_owned(),
        id: text("websocket_id")?.to_owned(),
        address: Address::parse(&format!("http://{rest}"))?,
    })
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
