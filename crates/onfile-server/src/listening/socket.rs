//! The connection of one who listens: the handshake, and what goes over it.
//!
//! The protocol is RFC 6455's; its frames are the library's business, the handshake is ours, for it
//! is an answer like any other.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use hyper::header::{CONNECTION, HeaderName, ORIGIN, UPGRADE};
use hyper::http::request::Parts as Head;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper::{HeaderMap, Method, Request};
use hyper_util::rt::TokioIo;
use onfile_domain::webhook_endpoint::must_be_named;
use onfile_store::{StoreError, StoredEvent};
use onfile_wire::error::{ErrorType, WireError};
use onfile_wire::version::Version;
use tokio::sync::watch;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};

use super::message::Letter;
pub(crate) use super::session::PATH;
use super::session::{Bell, End, Next, Session};
use crate::app::App;
use crate::delivery::letter;
use crate::events;
use crate::limits;
use crate::reply::Reply;
use crate::workers::{At, failed};

/// What Stripe's command line speaks.
const PROTOCOL: &str = "stripecli-devproxy-v1";
/// The text by which Stripe's command line knows that it needs a new session.
const UNKNOWN: &str = "Unknown WebSocket ID.";

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Lets a client with a session connect.
///
/// # Errors
/// 404 without a session, 400 where it is no handshake, 403 from a page: browsers send a page's
/// websockets anywhere.
pub(crate) fn open(app: &Arc<App>, head: Head) -> Result<Reply, WireError> {
    if head.headers.contains_key(ORIGIN) {
        let message = "A page in a browser can't listen.";
        return Err(WireError::new(403, ErrorType::InvalidRequest, message));
    }
    let id = text(&head.headers, "websocket-id").ok_or_else(no_handshake)?;
    let unknown = || WireError::new(404, ErrorType::InvalidRequest, UNKNOWN);
    let session = app.listeners.find(id).ok_or_else(unknown)?;
    let key = handshake(&head).ok_or_else(no_handshake)?;
    let mut own = vec![
        ("connection", "Upgrade".to_owned()),
        ("upgrade", "websocket".to_owned()),
        ("sec-websocket-accept", accept(key)),
    ];
    if has(&head.headers, "sec-websocket-protocol", PROTOCOL) {
        own.push(("sec-websocket-protocol", PROTOCOL.to_owned()));
    }
    let upgrade = hyper::upgrade::on(Request::from_parts(head, ()));
    tokio::spawn(serve(Arc::clone(app), Arc::clone(&session), session.take(), upgrade));
    Ok(Reply { status: 101, own, ..Reply::default() })
}

/// The key of a handshake; `None` where it is none.
fn handshake(head: &Head) -> Option<&str> {
    let is_one = head.method == Method::GET
        && has(&head.headers, UPGRADE.as_str(), "websocket")
        && has(&head.headers, CONNECTION.as_str(), "upgrade")
        && text(&head.headers, "sec-websocket-version") == Some("13");
    text(&head.headers, "sec-websocket-key").filter(|_| is_one)
}

fn no_handshake() -> WireError {
    WireError::invalid(
        "Here those who listen connect by a websocket: `stripe listen`, `onfile listen`.",
    )
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}

/// Whether a header lists a word.
fn has(headers: &HeaderMap, name: &str, word: &str) -> bool {
    let Ok(name) = HeaderName::try_from(name) else { return false };
    let values = headers.get_all(name);
    let mut words =
        values.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    words.any(|it| it.trim().eq_ignore_ascii_case(word))
}

/// What a server answers to the key of a handshake (RFC 6455, 4.2.2).
pub fn accept(key: &str) -> String {
    const FIXED: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    base64(digest(&SHA1_FOR_LEGACY_USE_ONLY, format!("{key}{FIXED}").as_bytes()).as_ref())
}

/// Base 64, as handshakes have it (RFC 4648, 4).
pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for part in bytes.chunks(3) {
        let [first, second, third] = [0, 1, 2].map(|at| part.get(at).copied().unwrap_or_default());
        let number = u32::from_be_bytes([0, first, second, third]);
        for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let letter = char::from(LETTERS[(number >> shift & 63) as usize]);
            text.push(if place <= part.len() { letter } else { '=' });
        }
    }
    text
}

/// Serves a connection until it ends.
async fn serve(
    app: Arc<App>,
    session: Arc<Session>,
    (seat, bell): (u64, watch::Receiver<Bell>),
    upgrade: OnUpgrade,
) {
    let Ok(upgraded) = upgrade.await else { return session.leave(seat) };
    let config = WebSocketConfig::default()
        .read_buffer_size(limits::LISTENER_BUFFER_BYTES)
        .max_message_size(Some(limits::LISTENER_SAYS_BYTES))
        .max_frame_size(Some(limits::LISTENER_SAYS_BYTES));
    let socket: Socket =
        WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
    let account = session.world.account().id;
    let feature = session.feature.as_str();
    tracing::info!(account.id = account, listener.feature = feature, "a listener connected");
    let (mut sink, mut stream) = socket.split();
    let end = tokio::select! {
        end = hear(&mut stream) => end,
        end = tell(&app, &session, &mut sink, (seat, bell)) => end,
    };
    if end == End::Slow {
        app.listeners.drop_session(&session, End::Slow);
        tracing::warn!(account.id = account, "a listener was dropped: {}", end.reason());
    } else {
        tracing::info!(account.id = account, "a listener left: {}", end.reason());
    }
    drop(tokio::time::timeout(limits::LISTENER_GOODBYE, close(&mut sink, end)).await);
    session.leave(seat);
}

/// Hears what the client says: pings, which the library answers, and what became of events, which
/// is the client's to show. Ends when it is gone.
async fn hear(stream: &mut SplitStream<Socket>) -> End {
    loop {
        match tokio::time::timeout(limits::LISTENER_SILENCE, stream.next()).await {
            Ok(Some(Ok(Message::Close(_)) | Err(_)) | None) => return End::Gone,
            Ok(Some(Ok(_))) => {}
            Err(_) => return End::Silent,
        }
    }
}

/// Tells the client what there is to be told, as it comes.
async fn tell(
    app: &App,
    session: &Session,
    sink: &mut SplitSink<Socket, Message>,
    (seat, mut bell): (u64, watch::Receiver<Bell>),
) -> End {
    loop {
        let news = session.world.news.notified();
        tokio::pin!(news);
        // From here on nothing is missed.
        news.as_mut().enable();
        if let Some(end) = bell.borrow_and_update().ended(seat) {
            return end;
        }
        match tell_now(app, session, sink, seat).await {
            Ok(Told::All) => {}
            Ok(Told::Some) => continue,
            Ok(Told::Ended(end)) => return end,
            Err(error) => {
                let at = At::world(session.world.id);
                failed("telling a listener of events", at, &error.into());
                tokio::time::sleep(limits::WORKER_PAUSE).await;
                continue;
            }
        }
        tokio::select! {
            () = news => {}
            // The session holds the bell's other end.
            _ = bell.changed() => {}
        }
    }
}

/// How far the telling came.
enum Told {
    /// There is nothing more.
    All,
    /// There may be more.
    Some,
    /// Nobody is there to be told.
    Ended(End),
}

async fn tell_now(
    app: &App,
    session: &Session,
    sink: &mut SplitSink<Socket, Message>,
    seat: u64,
) -> Result<Told, StoreError> {
    let next = session.next(&app.store).await?;
    if next.is_empty() {
        return Ok(Told::All);
    }
    for one in next {
        let messages = match &one {
            Next::Request(text) => vec![text.clone()],
            Next::Again(None) => Vec::new(),
            // Nobody who listens can name what is only told by its name.
            Next::Again(Some(event)) | Next::Event(event) if must_be_named(event.event_type) => {
                Vec::new()
            }
            Next::Again(Some(event)) | Next::Event(event) => letters(app, session, event).await?,
        };
        if let Err(end) = session.claim(seat, &one) {
            return Ok(Told::Ended(end));
        }
        for text in messages {
            let sent = sink.send(Message::text(text));
            match tokio::time::timeout(app.settings.listener_reads, sent).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return Ok(Told::Ended(End::Gone)),
                Err(_) => return Ok(Told::Ended(End::Slow)),
            }
        }
    }
    Ok(Told::Some)
}

/// An event as the account's version has it, and as the latest one does: which of them is wanted
/// is known to the client alone.
async fn letters(
    app: &App,
    session: &Session,
    event: &StoredEvent,
) -> Result<Vec<String>, StoreError> {
    let (world, account) = (session.world.id, session.world.account());
    let pending = events::pending(app, Some(world), event).await?;
    let name = format!("wh_{}", app.letters(24));
    let mut letters = Vec::with_capacity(2);
    for version in [None, Some(Version::LATEST)] {
        let written = version.unwrap_or(Version::DEFAULT);
        let bytes = letter::write(app, (world, &account), event, written, pending).await?;
        let secrets = std::slice::from_ref(&session.secret);
        let signature = letter::sign(secrets, account.mode, app.surroundings.wall(), &bytes);
        let bytes = String::from_utf8_lossy(&bytes);
        let told = Letter {
            version: version.map(Version::as_str),
            bytes: &bytes,
            headers: &[
                ("Content-Type", letter::CONTENT_TYPE),
                ("Stripe-Signature", &signature),
                ("User-Agent", letter::USER_AGENT),
            ],
            names: (&format!("wc_{}", app.letters(24)), &name),
        };
        letters.push(told.write());
    }
    Ok(letters)
}

/// Says why, where that is still heard.
async fn close(sink: &mut SplitSink<Socket, Message>, end: End) {
    let code = match end {
        End::Gone | End::Replaced => CloseCode::Normal,
        End::Slow => CloseCode::Policy,
        End::Silent | End::Stopping => CloseCode::Away,
    };
    let frame = CloseFrame { code, reason: end.reason().into() };
    // Who is gone hears nothing.
    drop(sink.send(Message::Close(Some(frame))).await);
    drop(sink.close().await);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_handshake_of_the_standard() {
        // RFC 6455, 1.3; RFC 4648, 10.
        assert_eq!(accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v")] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
