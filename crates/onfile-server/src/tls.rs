//! TLS as a client speaks it: an event is sent to an endpoint, or by `onfile listen` to an app.

use std::io;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{
    CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

/// Begins connections.
#[derive(Clone)]
pub struct Tls(TlsConnector);

impl Tls {
    /// Trusts the system's certificates, and these, as PEM. Reading the system's takes a while.
    ///
    /// # Errors
    /// When there is no TLS as it must be.
    pub fn trusting(own: &[u8]) -> Result<Tls, Error> {
        let mut roots = RootCertStore::empty();
        let system = rustls_native_certs::load_native_certs();
        for error in &system.errors {
            tracing::warn!("a certificate of the system can't be used: {error}");
        }
        roots.add_parsable_certificates(system.certs);
        for certificate in CertificateDer::pem_slice_iter(own) {
            match certificate.map(|certificate| roots.add(certificate)) {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!("a configured certificate can't be used: {error}"),
                Err(error) => tracing::warn!("a configured certificate can't be read: {error}"),
            }
        }
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider);
        let builder = builder.with_safe_default_protocol_versions()?;
        Ok(Tls::of(builder.with_root_certificates(roots).with_no_client_auth()))
    }

    /// Trusts whoever answers: for an app of one's own, whose certificate nobody signed.
    ///
    /// # Errors
    /// When there is no TLS as it must be.
    pub fn dangerous_trusting_anyone() -> Result<Tls, Error> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let anyone = Arc::new(Anyone(Arc::clone(&provider)));
        let builder = ClientConfig::builder_with_provider(provider);
        let builder = builder.with_safe_default_protocol_versions()?;
        let builder = builder.dangerous().with_custom_certificate_verifier(anyone);
        Ok(Tls::of(builder.with_no_client_auth()))
    }

    fn of(config: ClientConfig) -> Tls {
        Tls(TlsConnector::from(Arc::new(config)))
    }

    /// Begins TLS over a connection to a host: a name, or an address without brackets.
    ///
    /// # Errors
    /// When that is none, or there is no trust.
    pub async fn connect(&self, host: &str, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let host = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        self.0.connect(host, stream).await
    }
}

/// Takes any certificate. Whoever shows one must have its key all the same.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
