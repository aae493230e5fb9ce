//! Answers on their way out.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use onfile_wire::error::WireError;
use onfile_wire::header::{self, Envelope, Verb};
use onfile_wire::version::Version;

use crate::work::Written;

/// An answer before its headers.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    /// HTTP.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: Vec<u8>,
    /// The version that it is written in; `None` where none was understood.
    pub(crate) version: Option<String>,
    /// The request that first used the key.
    pub(crate) original: Option<String>,
    /// Whether these are kept bytes.
    pub(crate) replayed: bool,
    /// See `WireError::should_retry`.
    pub(crate) should_retry: Option<bool>,
    /// Whether it is lost on its way, on purpose.
    pub(crate) is_lost: bool,
    /// Headers of its own; a page's content type and policy.
    pub(crate) own: Vec<(&'static str, String)>,
}

impl Reply {
    /// 200 with JSON.
    pub(crate) fn json(body: Vec<u8>) -> Reply {
        Reply { status: 200, body, ..Reply::default() }
    }

    /// An error; `base` is this server, as the request reached it.
    pub(crate) fn error(error: &WireError, verb: Verb, base: &str) -> Reply {
        Reply {
            status: error.status,
            body: error.to_json(base),
            should_retry: error.should_retry(verb),
            ..Reply::default()
        }
    }

    /// What was written, in this version.
    pub(crate) fn written(written: Written, version: Version) -> Reply {
        let Written { status, body, should_retry, kept: _ } = written;
        Reply { status, body, should_retry, ..Reply::default() }.version(version.as_str())
    }

    /// The same, as an answer to such a request: only a POST is told not to send it again
    /// (`stripe-api.md` 1.4).
    pub(crate) fn to(self, verb: Verb) -> Reply {
        let should_retry = match self.should_retry {
            Some(false) => verb.should_retry(),
            helps @ (Some(true) | None) => helps,
        };
        Reply { should_retry, ..self }
    }

    /// The same, in this version.
    pub(crate) fn version(self, version: impl Into<String>) -> Reply {
        Reply { version: Some(version.into()), ..self }
    }
}

/// An answer that a test has asked to be lost: the connection ends without it.
#[derive(Debug)]
pub(crate) struct Lost;

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the answer is lost, as a test asked")
    }
}

impl std::error::Error for Lost {}

/// What an answer repeats of its request.
#[derive(Debug, Default)]
pub(crate) struct Echo {
    /// `req_…`.
    pub(crate) request: String,
    /// This server, as the request reached it; empty while that isn't known.
    pub(crate) base: String,
    /// The `Stripe-Account` header.
    pub(crate) account: Option<String>,
    /// The idempotency key of a POST.
    pub(crate) key: Option<String>,
}

/// Puts the headers on.
pub(crate) fn response(reply: Reply, echo: &Echo) -> Response<Full<Bytes>> {
    let original = match (&echo.key, &reply.original) {
        (Some(_), Some(first)) => Some(first.as_str()),
        (Some(_), None) => Some(echo.request.as_str()),
        (None, _) => None,
    };
    let envelope = Envelope {
        request_id: &echo.request,
        version: reply.version.as_deref(),
        account: echo.account.as_deref(),
        key: echo.key.as_deref(),
        original,
        replayed: reply.replayed,
        should_retry: reply.should_retry,
        status: reply.status,
    };
    let mut response = Response::new(Full::new(Bytes::from(reply.body)));
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    for (name, value) in header::ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    for (name, value) in envelope.headers() {
        // What a header can't hold (a foreign account's name) is left out.
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    for (name, value) in &reply.own {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    if reply.status == 204 {
        headers.remove(CONTENT_TYPE);
    }
    response
}
