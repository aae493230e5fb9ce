//! Passes events on to the app, one after the other.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use onfile_server::tls::Tls;
use tokio::sync::mpsc;

use super::address::Address;
use super::line::Line;
use super::socket::Heard;

/// Where events go.
pub(super) struct Forward {
    /// The app; `None` only shows them.
    pub(super) to: Option<Address>,
    /// Speaks to an app by TLS; `None` where none is to be spoken.
    pub(super) tls: Option<Tls>,
    /// How long it may take to answer.
    pub(super) timeout: Duration,
}

impl Forward {
    /// Passes on until nothing comes any more.
    pub(super) async fn run(&self, mut events: mpsc::Receiver<Heard>, say: &mpsc::Sender<Line>) {
        while let Some(heard) = events.recv().await {
            let line = match &self.to {
                None => Line::Event(heard),
                Some(to) => self.pass_on(to, heard).await,
            };
            if say.send(line).await.is_err() {
                return;
            }
        }
    }

    #[expect(clippy::disallowed_methods, reason = "says how long the app took")]
    async fn pass_on(&self, to: &Address, heard: Heard) -> Line {
        let begun = Instant::now();
        let posted = tokio::time::timeout(self.timeout, self.post(to, &heard)).await;
        let answer = match posted {
            Ok(Ok(status)) => Ok(status),
            Ok(Err(error)) => Err(format!("{error:#}")),
            Err(_) => Err(format!("no answer in {} s", self.timeout.as_secs())),
        };
        let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        Line::Delivery { heard, url: to.url(), answer, took_ms }
    }

    /// One POST; its status. Redirects are not followed, and nobody looks at the answer.
    async fn post(&self, to: &Address, heard: &Heard) -> Result<u16> {
        let mut request = Request::post(&to.path);
        for (name, value) in &heard.headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(Bytes::from(heard.body.clone())));
        let request = request.context("writing a request")?;
        let response = match &self.tls {
            None => to.send(request).await?,
            Some(tls) => to.send_by(tls, request).await?,
        };
        Ok(response.status().as_u16())
    }
}
