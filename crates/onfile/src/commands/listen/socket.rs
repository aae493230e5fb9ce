//! The websocket of a session, at the listener's end.

use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use futures_util::{SinkExt, StreamExt};
use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::{
    CONNECTION, HeaderName, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::session::Session;

/// How often the server is asked whether it is still there.
const PING: Duration = Duration::from_secs(5);
/// How often it may leave that unanswered.
const SILENCE: u32 = 3;
/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Names the session in a handshake.
const WEBSOCKET_ID: HeaderName = HeaderName::from_static("websocket-id");

/// A connection.
pub(super) struct Socket(WebSocketStream<TokioIo<Upgraded>>);

/// An event, as it is to be passed on.
#[derive(Debug, Clone)]
pub(super) struct Heard {
    /// `evt_…`.
    pub(super) id: String,
    /// `customer.created`.
    pub(super) event_type: String,
    /// Whether it is written in the latest version, not in the account's.
    pub(super) is_latest: bool,
    /// The bytes that are signed.
    pub(super) body: String,
    /// The headers that go with them.
    pub(super) headers: Vec<(String, String)>,
}

/// Why a connection ended.
pub(super) enum End {
    /// The server left.
    Lost(anyhow::Error),
    /// The events can't be passed on as they come.
    Behind,
}

/// Connects.
///
/// `None` where the server does not know the session any more: it was started anew.
///
/// # Errors
/// When the server is away.
pub(super) async fn connect(session: &Session) -> Result<Option<Socket>> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow!("no random bytes: {error}"))?;
    let key = onfile_server::base64(&bytes);
    let request = Request::get(&session.address.path)
        .header(CONNECTION, "Upgrade")
        .header(UPGRADE, "websocket")
        .header(SEC_WEBSOCKET_VERSION, "13")
        .header(SEC_WEBSOCKET_KEY, &key)
        .header(WEBSOCKET_ID, &session.id)
        .body(Full::new(Bytes::new()))
        .context("writing a handshake")?;
    let answered = tokio::time::timeout(HANDSHAKE, session.address.send(request));
    let response = answered.await.context("the handshake is not answered")??;
    match response.status().as_u16() {
        101 => {}
        404 => return Ok(None),
        other => bail!("the server answers {other} to a handshake"),
    }
    let accepted = response.headers().get(SEC_WEBSOCKET_ACCEPT).map(|it| it.as_bytes().to_vec());
    if accepted.as_deref() != Some(onfile_server::accept(&key).as_bytes()) {
        bail!("the server answers another handshake");
    }
    let upgraded = hyper::upgrade::on(response).await.context("beginning a websocket")?;
    let stream = TokioIo::new(upgraded);
    Ok(Some(Socket(WebSocketStream::from_raw_socket(stream, Role::Client, None).await)))
}

impl Socket {
    /// Passes on what is heard and wanted, until the connection ends.
    pub(super) async fn hear(
        &mut self,
        mut wants: impl FnMut(&Heard) -> bool,
        pass_on: &mpsc::Sender<Heard>,
    ) -> End {
        let mut ping = tokio::time::interval(PING);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut unanswered = 0;
        loop {
            let next = tokio::select! {
                next = self.0.next() => next,
                _ = ping.tick() => {
                    if unanswered >= SILENCE {
                        return End::Lost(anyhow!("nothing is heard of the server"));
                    }
                    unanswered += 1;
                    // A connection that is gone is noticed by its silence.
                    drop(self.0.send(Message::Ping(Bytes::new())).await);
                    continue;
                }
            };
            unanswered = 0;
            let message = match next {
                Some(Ok(Message::Text(text))) => text,
                Some(Ok(Message::Close(frame))) => {
                    let reason = frame.map(|frame| frame.reason.to_string());
                    let reason = reason.unwrap_or_else(|| "the server closed".to_owned());
                    return End::Lost(anyhow!(reason));
                }
                Some(Ok(_)) => continue,
                Some(Err(error)) => return End::Lost(error.into()),
                None => return End::Lost(anyhow!("the server is gone")),
            };
            let Some(heard) = Heard::parse(&message).filter(&mut wants) else { continue };
            if pass_on.try_send(heard).is_err() {
                return End::Behind;
            }
        }
    }
}

impl Heard {
    /// Reads a message; `None` where it is no event.
    fn parse(text: &str) -> Option<Heard> {
        let message: Value = serde_json::from_str(text).ok()?;
        if message["type"] != "webhook_event" {
            return None;
        }
        let body = message["event_payload"].as_str()?;
        let event: Value = serde_json::from_str(body).ok()?;
        let headers = message["http_headers"].as_object()?.iter();
        let headers = headers.map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        Some(Heard {
            id: event["id"].as_str()?.to_owned(),
            event_type: event["type"].as_str()?.to_owned(),
            is_latest: !message["endpoint"]["api_version"].is_null(),
            body: body.to_owned(),
            headers: headers.collect::<Option<_>>()?,
        })
    }
}
