//! A connection on which no refusal goes without words.
//!
//! What the HTTP library can't read it answers by itself, with a status and no body; and clients
//! drop status and headers of an answer whose body is no JSON (`stripe-api.md` 1.6). Such an answer
//! is put into our own shape on its way out. Ours are known by their `request-id`.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use onfile_wire::error::{ErrorType, WireError};
use onfile_wire::header::Verb;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::app::App;
use crate::intake::{head_too_large, line_too_large};
use crate::reply::{Echo, Reply, response};

/// How every refusal begins.
const REFUSAL: &[u8] = b"HTTP/1.1 4";

/// See above.
pub(crate) struct Worded<S> {
    inner: S,
    app: Arc<App>,
    /// Whether what is written next begins an answer.
    begins: bool,
    /// What stands in the place of the library's answer, from here on.
    instead: Vec<u8>,
}

impl<S> Worded<S> {
    /// The same connection.
    pub(crate) fn new(inner: S, app: Arc<App>) -> Worded<S> {
        Worded { inner, app, begins: true, instead: Vec::new() }
    }

    /// Whether the library speaks; then our words are ready to be written.
    fn is_wordless(&mut self, written: &[u8]) -> bool {
        let begins = std::mem::replace(&mut self.begins, false);
        if !begins || !written.starts_with(REFUSAL) || names_a_request(written) {
            return false;
        }
        let status = std::str::from_utf8(&written[9..12]).ok().and_then(|it| it.parse().ok());
        self.instead = words(&self.app, status.unwrap_or(400));
        true
    }
}

fn names_a_request(head: &[u8]) -> bool {
    head.windows(11).any(|part| part.eq_ignore_ascii_case(b"request-id:"))
}

/// An answer with this status, from its first byte to its last.
fn words(app: &App, status: u16) -> Vec<u8> {
    let error = match status {
        414 => line_too_large(),
        431 => head_too_large(),
        other => {
            let message = "The request can't be read: it is no well-formed HTTP.";
            WireError::new(other, ErrorType::InvalidRequest, message)
        }
    };
    let echo = Echo { request: format!("req_{}", app.letters(14)), ..Echo::default() };
    tracing::info!(request.id = echo.request, http.route = "-", http.status = status, "request");
    let reply = Reply::error(&error, Verb::Other, "");
    let body = reply.body.clone();
    let answer = response(reply, &echo);
    let mut bytes = format!("HTTP/1.1 {}\r\n", answer.status()).into_bytes();
    for (name, value) in answer.headers() {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    let end = format!("content-length: {}\r\nconnection: close\r\n\r\n", body.len());
    bytes.extend_from_slice(end.as_bytes());
    bytes.extend_from_slice(&body);
    bytes
}

impl<S: AsyncWrite + Unpin> Worded<S> {
    /// Writes what is left of our words.
    fn poll_words(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.instead.is_empty() {
            match ready!(Pin::new(&mut self.inner).poll_write(cx, &self.instead))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                count => drop(self.instead.drain(..count)),
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Worded<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Worded<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_words(cx))?;
        if self.is_wordless(bytes) {
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_words(cx))?;
        let head = parts.first().map_or(&[][..], |part| part);
        if self.is_wordless(head) {
            return Poll::Ready(Ok(parts.iter().map(|part| part.len()).sum()));
        }
        Pin::new(&mut self.inner).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_words(cx))?;
        ready!(Pin::new(&mut self.inner).poll_flush(cx))?;
        self.begins = true;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_words(cx))?;
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
