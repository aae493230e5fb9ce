//! One try: a POST of a letter, and what was answered. Redirects are not followed, and of the
//! answer no more is read than a limit; its beginning is kept where the event was not taken.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{Builder, SendRequest};
use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HOST, USER_AGENT,
};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use onfile_domain::account::Mode;
use onfile_domain::delivery::{ANSWER_BYTES, TryFailure, TryResult, kept};
use onfile_domain::webhook_endpoint::WebhookUrl;

use super::connect::Connector;
use super::letter;
use super::{Place, lock};
use crate::limits;
use crate::surroundings::Stopwatch;

/// Makes tries, over connections that are kept a while for the next one.
pub(crate) struct Client {
    connector: Connector,
    timeout: Duration,
    idle: Mutex<BTreeMap<Place, Vec<Kept>>>,
}

/// A connection that waits for the next delivery.
struct Kept {
    line: Line,
    since: Stopwatch,
}

/// An open connection.
struct Line {
    sender: SendRequest<Full<Bytes>>,
    /// What it was opened to: an endpoint that moves gets a new one.
    to: String,
    opened: Stopwatch,
}

/// A letter with its address.
pub(crate) struct Posting<'a> {
    /// Whose lane: connections are kept by it.
    pub(crate) place: Place,
    /// Of which mode.
    pub(crate) mode: Mode,
    /// Where.
    pub(crate) url: &'a WebhookUrl,
    /// The bytes.
    pub(crate) bytes: Bytes,
    /// The `Stripe-Signature`.
    pub(crate) signature: String,
}

impl Client {
    pub(crate) fn new(connector: Connector, timeout: Duration) -> Client {
        Client { connector, timeout, idle: Mutex::default() }
    }

    /// Makes one try: what became of it, and what is kept of the answer. The time that it may take
    /// ends with the answer's status; how long its rest is waited for is another limit.
    pub(crate) async fn post(&self, posting: Posting<'_>) -> (TryResult, Option<String>) {
        match tokio::time::timeout(self.timeout, self.exchange(&posting)).await {
            Ok(Ok((line, response))) => {
                let (status, answer) = self.finish(posting.place, line, response).await;
                (TryResult::Answered(status), answer)
            }
            Ok(Err(failure)) => (TryResult::Failed(failure), None),
            Err(_) => (TryResult::Failed(TryFailure::TimedOut), None),
        }
    }

    async fn exchange(
        &self,
        posting: &Posting<'_>,
    ) -> Result<(Line, Response<Incoming>), TryFailure> {
        let to = address_of(posting.url);
        // A connection that was kept may have been closed at the other end while nobody looked:
        // then the same try is made over a new one.
        if let Some(mut line) = self.take(posting.place, &to)
            && let Ok(response) = send(&mut line, posting).await
        {
            return Ok((line, response));
        }
        let wire = self.connector.connect(posting.mode, posting.url).await?;
        let mut builder = Builder::new();
        // `Stripe-Signature`, as Stripe writes it: some receivers look for it to the letter.
        builder.title_case_headers(true).max_buf_size(limits::DELIVERY_HEAD_BYTES);
        let shaken = builder.handshake(TokioIo::new(wire)).await;
        let (sender, connection) = shaken.map_err(|_| TryFailure::ConnectionFailed)?;
        tokio::spawn(async move { drop(connection.await) });
        let mut line = Line { sender, to, opened: Stopwatch::start() };
        let response = send(&mut line, posting).await?;
        Ok((line, response))
    }

    /// Reads what is left of an answer, within limits, so that its connection can be used again;
    /// what goes on for longer is cut off.
    async fn finish(
        &self,
        place: Place,
        line: Line,
        response: Response<Incoming>,
    ) -> (u16, Option<String>) {
        let status = response.status();
        // Compressed, it is nothing that a person could read.
        let is_told = !status.is_success() && !response.headers().contains_key(CONTENT_ENCODING);
        let (most, mut beginning) = (if is_told { ANSWER_BYTES } else { 0 }, Vec::new());
        let drain = drain(response, most, &mut beginning);
        if let Ok(true) = tokio::time::timeout(limits::DELIVERY_ANSWER, drain).await {
            self.keep(place, line);
        }
        (status.as_u16(), kept(&beginning))
    }

    fn take(&self, place: Place, to: &str) -> Option<Line> {
        let mut idle = lock(&self.idle);
        let kept = idle.get_mut(&place)?;
        while let Some(Kept { line, since }) = kept.pop() {
            let is_fresh = since.took() < limits::DELIVERY_IDLE
                && line.opened.took() < limits::DELIVERY_CONNECTION;
            if is_fresh && line.to == to && line.sender.is_ready() {
                return Some(line);
            }
        }
        None
    }

    fn keep(&self, place: Place, line: Line) {
        let mut idle = lock(&self.idle);
        let kept = idle.entry(place).or_default();
        if kept.len() < limits::DELIVERIES_TO_ONE {
            kept.push(Kept { line, since: Stopwatch::start() });
        }
    }

    /// Closes what was not used for a while.
    pub(crate) fn close_idle(&self) {
        lock(&self.idle).retain(|_, kept| {
            kept.retain(|it| it.since.took() < limits::DELIVERY_IDLE);
            !kept.is_empty()
        });
    }
}

/// What a connection is opened to.
fn address_of(url: &WebhookUrl) -> String {
    let scheme = if url.is_https() { "https" } else { "http" };
    format!("{scheme}://{}", url.authority())
}

async fn send(line: &mut Line, posting: &Posting<'_>) -> Result<Response<Incoming>, TryFailure> {
    let request = Request::post(posting.url.target())
        .header(HOST, posting.url.authority())
        .header(CONTENT_TYPE, letter::CONTENT_TYPE)
        .header(USER_AGENT, letter::USER_AGENT)
        .header(ACCEPT, "*/*; q=0.5, application/xml")
        .header(ACCEPT_ENCODING, "gzip")
        .header(CACHE_CONTROL, "no-cache")
        .header("Stripe-Signature", &posting.signature)
        .body(Full::new(posting.bytes.clone()))
        .map_err(|_| TryFailure::NotHttp)?;
    line.sender.ready().await.map_err(|_| TryFailure::ConnectionFailed)?;
    line.sender.send_request(request).await.map_err(|error| match error.is_parse() {
        true => TryFailure::NotHttp,
        false => TryFailure::ConnectionFailed,
    })
}

/// Whether the answer ended within the limit; its first `most` bytes are put into `beginning`.
async fn drain(response: Response<Incoming>, most: usize, beginning: &mut Vec<u8>) -> bool {
    let mut body = response.into_body();
    let mut bytes = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return false };
        let part = frame.data_ref().map_or(&[][..], |part| part);
        beginning.extend(part.iter().take(most - beginning.len()));
        bytes += part.len();
        if bytes > limits::DELIVERY_ANSWER_BYTES {
            return false;
        }
    }
    true
}
