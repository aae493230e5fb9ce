//! Endpoints behind TLS: whom a delivery trusts. `tls/` holds a certificate of a CA that nobody
//! else has; its own key is gone.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::app::{Road, TestApp, id};
use crate::sink::text;

/// The CA that the test's server is certified by.
pub const CA: &[u8] = include_bytes!("tls/ca.pem");

/// A server that takes whatever is sent to it over TLS.
fn sink() -> (SocketAddr, Arc<AtomicUsize>) {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("tls/cert.pem"));
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/key.pem"));
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions().expect("TLS 1.3");
    let builder = builder.with_no_client_auth();
    let (certificate, key) = (certificate.expect("a certificate"), key.expect("its key"));
    let config = Arc::new(builder.with_single_cert(vec![certificate], key).expect("they fit"));
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    let address = listener.local_addr().expect("a listener has an address");
    let heard = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&heard);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).expect("a connection");
            let mut stream = StreamOwned::new(connection, stream);
            let mut bytes = [0; 16 * 1024];
            // Who does not trust us goes away here.
            if stream.read(&mut bytes).is_ok_and(|read| read > 0) {
                count.fetch_add(1, Ordering::SeqCst);
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                drop(stream.write_all(answer));
                drop(stream.flush());
            }
        }
    });
    (address, heard)
}

/// What became of the first try of an event to this address.
fn first_try(app: &TestApp, url: &str) -> Value {
    let form = [("url", url), ("enabled_events[]", "customer.created")];
    let made = app.made("/v1/webhook_endpoints", &form);
    app.customer();
    app.quiet();
    let path = format!("/onfile/v1/deliveries?webhook_endpoint={}", id(&made));
    app.got(&path)["data"][0]["tries"][0].clone()
}

#[test]
fn a_delivery_goes_to_whom_it_can_trust() {
    let (address, heard) = sink();
    let port = address.port();
    let stranger = TestApp::start(Road::Local);
    for host in ["localhost", "127.0.0.1"] {
        let tried = first_try(&stranger, &format!("https://{host}:{port}/"));
        assert_eq!(text(&tried["failure"]), "tls_failed", "{tried}");
    }
    assert_eq!(heard.load(Ordering::SeqCst), 0, "nothing is sent to whom nobody trusts");

    let friend = TestApp::trusting(CA);
    for host in ["localhost", "127.0.0.1"] {
        let tried = first_try(&friend, &format!("https://{host}:{port}/"));
        assert_eq!(tried["http_status"], 200, "{tried}");
    }
    // Another name than the certificate's.
    let tried = first_try(&friend, &format!("https://127.0.0.2:{port}/"));
    assert_ne!(tried["http_status"], 200, "{tried}");
    // TLS where none is spoken.
    let plain = crate::sink::Sink::new();
    let tried = first_try(&friend, &format!("https://{}/", plain.address));
    assert_eq!(text(&tried["failure"]), "tls_failed", "{tried}");
}
