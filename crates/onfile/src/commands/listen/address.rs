//! Addresses, and requests that go there: one connection each, for nothing here is in a hurry.

use anyhow::{Context, Result, bail};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::handshake;
use hyper::header::{HOST, HeaderValue};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// An `http://` address, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// `127.0.0.1:3000`.
    pub(super) host: String,
    /// `/hook`, with its query.
    pub(super) path: String,
}

impl Address {
    /// Reads it as people write it: the scheme may be left out, and a port may stand alone.
    ///
    /// # Errors
    /// When it is another scheme's, or none.
    pub(super) fn parse(text: &str) -> Result<Address> {
        let text = text.trim();
        let rest = match text.split_once("://") {
            Some(("http", rest)) => rest,
            Some(("https", _)) => bail!(
                "{text} is an https address, and events are forwarded on this machine in the clear\n\
                 hint: give the app's http address, or register an endpoint: \
                 POST /v1/webhook_endpoints"
            ),
            Some(_) => bail!("{text} is no http:// address"),
            None => text,
        };
        let at = rest.find(['/', '?']).unwrap_or(rest.len());
        let (host, path) = rest.split_at(at);
        let host = match host.bytes().all(|byte| byte.is_ascii_digit()) {
            true if !host.is_empty() => format!("localhost:{host}"),
            _ => host.to_owned(),
        };
        if HeaderValue::from_str(&host).is_err() || host.is_empty() || host.contains([' ', '@']) {
            bail!("{text} is no http:// address");
        }
        let path = match path.starts_with('/') {
            true => path.to_owned(),
            false => format!("/{path}"),
        };
        Ok(Address { host, path })
    }

    /// Another path at the same host.
    pub(super) fn at(&self, path: &str) -> Address {
        Address { host: self.host.clone(), path: path.to_owned() }
    }

    /// The address as it is written.
    pub(super) fn url(&self) -> String {
        format!("http://{}{}", self.host, self.path)
    }

    /// Sends a request there; its host and its path are the address's.
    ///
    /// # Errors
    /// When no answer comes.
    pub(super) async fn send(
        &self,
        mut request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>> {
        let named_port = self.host.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'));
        let target = match named_port {
            true => self.host.clone(),
            false => format!("{}:80", self.host),
        };
        let stream = TcpStream::connect(target).await;
        let stream = stream.with_context(|| format!("nobody answers on {}", self.host))?;
        // Requests are small and whole.
        drop(stream.set_nodelay(true));
        let (mut sender, connection) =
            handshake(TokioIo::new(stream)).await.context("beginning a connection")?;
        tokio::spawn(async move { drop(connection.with_upgrades().await) });
        *request.uri_mut() =
            self.path.parse().with_context(|| format!("{} is no path", self.path))?;
        let host = HeaderValue::from_str(&self.host).context("naming the host")?;
        request.headers_mut().insert(HOST, host);
        sender.send_request(request).await.with_context(|| format!("asking {}", self.host))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_people_write_them() {
        for (text, url) in [
            ("http://127.0.0.1:3000/hook", "http://127.0.0.1:3000/hook"),
            ("localhost:3000/hook?a=b", "http://localhost:3000/hook?a=b"),
            ("3000", "http://localhost:3000/"),
            ("3000/hook", "http://localhost:3000/hook"),
            ("http://app", "http://app/"),
            ("http://[::1]:3000?x", "http://[::1]:3000/?x"),
        ] {
            assert_eq!(Address::parse(text).unwrap().url(), url, "{text}");
        }
        for text in ["", "/hook", "https://127.0.0.1/", "ftp://x/", "http://", "a b", "u:p@host"] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }
}
