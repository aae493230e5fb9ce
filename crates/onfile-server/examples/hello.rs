//! The ceiling of the benchmarks: the server's own HTTP library, saying one thing to everybody.

#![expect(clippy::print_stdout, reason = "what it prints is its address")]

use std::convert::Infallible;
use std::net::SocketAddr;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

async fn hello(
    _request: Request<hyper::body::Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(Response::new(Full::new(Bytes::from_static(b"hello, world"))))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    // The benchmark reads where it listens from this line.
    println!("{{\"base_url\":\"http://{}\"}}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(async move {
            let stream = TokioIo::new(stream);
            let served = http1::Builder::new().serve_connection(stream, service_fn(hello));
            // A client that goes away ends its connection, and nothing else.
            drop(served.await);
        });
    }
}
