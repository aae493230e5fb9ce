//! Addresses, and requests that go there: one connection each, for nothing here is in a hurry.

use anyhow::{Context, Result, bail};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::handshake;
use hyper::header::{HOST, HeaderValue};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use onfile_domain::webhook_endpoint::WebhookUrl;
use onfile_server::tls::Tls;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// How an address is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    /// In the clear.
    Http,
    /// By TLS.
    Https,
}

/// An address, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// How it is spoken to.
    pub(super) scheme: Scheme,
    /// `127.0.0.1:3000`.
    pub(super) host: String,
    /// `/hook`, with its query.
    pub(super) path: String,
}

impl Address {
    /// Reads it as people write it: the scheme may be left out where a port is there, and a port
    /// may stand alone.
    ///
    /// # Errors
    /// When it is another scheme's, or none; they say what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Address> {
        let text = text.trim();
        let (scheme, rest) = match text.split_once("://") {
            Some(("http", rest)) => (Some(Scheme::Http), rest),
            Some(("https", rest)) => (Some(Scheme::Https), rest),
            Some(_) => bail!("{text} is no http:// address, nor an https:// one"),
            None => (None, text),
        };
        let at = rest.find(['/', '?']).unwrap_or(rest.len());
        let (host, path) = rest.split_at(at);
        let host = match host.bytes().all(|byte| byte.is_ascii_digit()) {
            true if !host.is_empty() => format!("localhost:{host}"),
            _ => host.to_owned(),
        };
        let path = match path.starts_with('/') {
            true => path.to_owned(),
            false => format!("/{path}"),
        };
        let address = Address { scheme: scheme.unwrap_or(Scheme::Http), host, path };
        address.is_well(text)?;
        if scheme.is_none() && address.parts().1.is_none() && address.host != "localhost" {
            bail!(
                "{text} has no scheme and no port\nhint: http://{text}, or {}:3000",
                address.host
            );
        }
        Ok(address)
    }

    /// Sees to it that it is one that can be asked; `text` is what was written.
    fn is_well(&self, text: &str) -> Result<()> {
        if self.host.is_empty() {
            bail!("{text:?} has no host\nhint: http://127.0.0.1:3000/hook");
        }
        if self.host.contains('@') {
            bail!("{text} names a user, and nobody is asked by that name");
        }
        // Read as the addresses of webhook endpoints are.
        if format!("http://{}/", self.host).parse::<WebhookUrl>().is_err() {
            bail!("{text}: {:?} is no host, with or without a port", self.host);
        }
        if self.url().parse::<WebhookUrl>().is_err() {
            bail!("{text}: {:?} is no path", self.path);
        }
        Ok(())
    }

    /// Another path at the same host.
    pub(super) fn at(&self, path: &str) -> Address {
        Address { scheme: self.scheme, host: self.host.clone(), path: path.to_owned() }
    }

    /// The address as it is written.
    pub(super) fn url(&self) -> String {
        let scheme = match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        format!("{scheme}://{}{}", self.host, self.path)
    }

    /// The host without its port, and its port.
    fn parts(&self) -> (&str, Option<&str>) {
        match self.host.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            Some(_) | None => (&self.host, None),
        }
    }

    /// Sends a request there in the clear; its host and its path are the address's.
    ///
    /// # Errors
    /// When no answer comes.
    pub(super) async fn send(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>> {
        self.ask(self.connect("80").await?, request).await
    }

    /// Sends a request there by TLS.
    ///
    /// # Errors
    /// When there is no trust, or no answer comes.
    pub(super) async fn send_by(
        &self,
        tls: &Tls,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>> {
        let stream = self.connect("443").await?;
        let host = self.parts().0.trim_start_matches('[').trim_end_matches(']');
        let stream = tls.connect(host, stream).await;
        let stream = stream.with_context(|| {
            format!("no TLS with {} (--skip-verify takes any certificate)", self.host)
        })?;
        self.ask(stream, request).await
    }

    async fn connect(&self, usual_port: &str) -> Result<TcpStream> {
        let (host, port) = self.parts();
        let target = format!("{host}:{}", port.unwrap_or(usual_port));
        let stream = TcpStream::connect(target).await;
        let stream = stream.with_context(|| format!("nobody answers on {}", self.host))?;
        // Requests are small and whole.
        drop(stream.set_nodelay(true));
        Ok(stream)
    }

    async fn ask(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        mut request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>> {
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
            ("localhost/hook", "http://localhost/hook"),
            ("http://app", "http://app/"),
            ("http://[::1]:3000?x", "http://[::1]:3000/?x"),
            ("https://localhost:3000/hook", "https://localhost:3000/hook"),
        ] {
            assert_eq!(Address::parse(text).unwrap().url(), url, "{text}");
        }
        for (text, why) in [
            ("", "has no host"),
            ("/hook", "has no host"),
            ("https://", "has no host"),
            ("http://", "has no host"),
            ("http:///hook", "has no host"),
            ("ftp://x/", "is no http:// address"),
            ("not_a_url", "has no scheme and no port"),
            ("app/hook", "has no scheme and no port"),
            ("localhost:hook", "is no host"),
            ("localhost:70000", "is no host"),
            ("http://a b/", "is no host"),
            ("http://127.1/", "is no host"),
            ("a b", "is no host"),
            ("http://app/a b", "is no path"),
            ("u:p@host", "names a user"),
        ] {
            let refused = Address::parse(text).unwrap_err().to_string();
            assert!(refused.contains(why), "{text}: {refused}");
        }
    }
}
