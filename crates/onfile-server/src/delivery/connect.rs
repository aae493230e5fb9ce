//! Connections to endpoints: the name is looked up, each address it leads to is held against the
//! guard, and the connection goes to the very address that passed. Nothing of the environment
//! (`HTTP_PROXY` and the like) is looked at: a proxy would go where the guard says no.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use onfile_domain::account::Mode;
use onfile_domain::delivery::TryFailure;
use onfile_domain::webhook_endpoint::{Host, Reach, WebhookUrl};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, lookup_host};
use tokio::sync::OnceCell;
use tokio_rustls::client::TlsStream;

use crate::tls::Tls;

/// Makes connections.
pub(crate) struct Connector {
    reach: Reach,
    /// Trusted beside the system's, as PEM.
    roots: Vec<u8>,
    /// Made with the first endpoint that asks for it: reading the system's certificates takes a
    /// while.
    tls: OnceCell<Tls>,
}

impl Connector {
    pub(crate) fn new(reach: Reach, roots: Vec<u8>) -> Connector {
        Connector { reach, roots, tls: OnceCell::new() }
    }

    /// Connects to an endpoint's address.
    ///
    /// # Errors
    /// Why not.
    pub(crate) async fn connect(&self, mode: Mode, url: &WebhookUrl) -> Result<Wire, TryFailure> {
        let addresses = self.addresses(mode, url).await?;
        let mut connected = Err(TryFailure::NameNotFound);
        for address in addresses {
            connected = TcpStream::connect(address).await.map_err(|_| TryFailure::ConnectionFailed);
            if connected.is_ok() {
                break;
            }
        }
        let stream = connected?;
        // A delivery is one small write.
        drop(stream.set_nodelay(true));
        if !url.is_https() {
            return Ok(Wire::Plain(stream));
        }
        let name = match url.host() {
            Host::Name(name) => name.to_owned(),
            Host::Address(address) => address.to_string(),
        };
        let tls = self.tls().await?;
        let stream = tls.connect(&name, stream).await.map_err(|error| {
            tracing::debug!("an endpoint's TLS failed: {error}");
            TryFailure::TlsFailed
        })?;
        Ok(Wire::Tls(Box::new(stream)))
    }

    /// Where to connect. One address that is forbidden forbids all of them: a name that leads to
    /// a public and to a private one is no honest name.
    async fn addresses(&self, mode: Mode, url: &WebhookUrl) -> Result<Vec<SocketAddr>, TryFailure> {
        let found: Vec<SocketAddr> = match url.host() {
            Host::Address(address) => vec![SocketAddr::new(address, url.port())],
            Host::Name(name) => match lookup_host((name, url.port())).await {
                Ok(found) => found.collect(),
                Err(_) => return Err(TryFailure::NameNotFound),
            },
        };
        self.check(mode, found.iter().map(SocketAddr::ip))?;
        Ok(found)
    }

    fn check(
        &self,
        mode: Mode,
        mut addresses: impl Iterator<Item = IpAddr>,
    ) -> Result<(), TryFailure> {
        match addresses.all(|address| self.reach.allows(mode, address)) {
            true => Ok(()),
            false => Err(TryFailure::AddressForbidden),
        }
    }

    async fn tls(&self) -> Result<&Tls, TryFailure> {
        let made = self.tls.get_or_try_init(|| async {
            let own = self.roots.clone();
            let tls = tokio::task::spawn_blocking(move || Tls::trusting(&own)).await;
            tls.ok().and_then(Result::ok).ok_or(TryFailure::TlsFailed)
        });
        made.await
    }
}

/// A connection.
pub(crate) enum Wire {
    /// In the clear.
    Plain(TcpStream),
    /// By TLS.
    Tls(Box<TlsStream<TcpStream>>),
}

macro_rules! either {
    ($wire:expr, $stream:ident => $does:expr) => {
        match $wire.get_mut() {
            Wire::Plain($stream) => $does,
            Wire::Tls($stream) => $does,
        }
    };
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        either!(self, stream => Pin::new(stream).poll_read(cx, buffer))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        either!(self, stream => Pin::new(stream).poll_write(cx, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, stream => Pin::new(stream).poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, stream => Pin::new(stream).poll_shutdown(cx))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connector(near: bool) -> Connector {
        Connector::new(Reach { near, allowed: Vec::new() }, Vec::new())
    }

    #[test]
    fn one_forbidden_address_forbids_all() {
        let public: IpAddr = "8.8.8.8".parse().expect("an address");
        let private: IpAddr = "10.0.0.1".parse().expect("an address");
        let far = connector(false);
        assert_eq!(far.check(Mode::Test, [public].into_iter()), Ok(()));
        for addresses in [[public, private], [private, public]] {
            let checked = far.check(Mode::Test, addresses.into_iter());
            assert_eq!(checked, Err(TryFailure::AddressForbidden));
            assert_eq!(connector(true).check(Mode::Test, addresses.into_iter()), Ok(()));
        }
    }

    /// What a name leads to is looked at, whatever the name looks like.
    #[tokio::test]
    async fn a_name_of_this_machine_is_guarded_when_it_is_looked_up() {
        let url: WebhookUrl = "http://localhost:9/".parse().expect("an address");
        let found = connector(false).addresses(Mode::Test, &url).await;
        assert_eq!(found, Err(TryFailure::AddressForbidden));
        let found = connector(true).addresses(Mode::Test, &url).await.expect("it is near");
        assert!(!found.is_empty() && found.iter().all(|it| it.ip().is_loopback()), "{found:?}");
        let found = connector(true).addresses(Mode::Live, &url).await;
        assert_eq!(found, Err(TryFailure::AddressForbidden));
    }
}
