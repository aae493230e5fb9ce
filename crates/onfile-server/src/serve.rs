//! Connections, from the first to the last.

use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::app::App;
use crate::http;
use crate::limits;
use crate::worded::Worded;
use crate::workers;

/// Serves until `stop` ends; then lets open requests finish, for a while.
pub async fn serve(app: Arc<App>, listener: TcpListener, stop: impl Future<Output = ()>) {
    let (say, stopping) = watch::channel(false);
    if let Ok(address) = listener.local_addr() {
        app.listens(address);
    }
    let workers = workers::start(&app, &stopping);
    let connections = Arc::new(Semaphore::new(limits::CONNECTIONS));
    let requests = Arc::new(Semaphore::new(limits::REQUESTS));
    tokio::pin!(stop);
    loop {
        let next = async {
            let permit = Arc::clone(&connections).acquire_owned().await;
            (listener.accept().await, permit)
        };
        tokio::select! {
            () = &mut stop => break,
            (accepted, permit) = next => match (accepted, permit) {
                (Ok((stream, peer)), Ok(permit)) => {
                    let requests = Arc::clone(&requests);
                    let stream = (stream, peer.ip());
                    let served =
                        connection(Arc::clone(&app), stream, permit, requests, stopping.clone());
                    tokio::spawn(served);
                }
                // Out of file handles, or a client that went away meanwhile.
                (Err(error), _) => {
                    tracing::warn!(net.error = %error, "a connection could not be accepted");
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                }
                (Ok(_), Err(_)) => break,
            },
        }
    }
    drop(listener);
    say.send_replace(true);
    app.leaving.notify_waiters();
    let all = u32::try_from(limits::CONNECTIONS).unwrap_or(u32::MAX);
    if tokio::time::timeout(limits::GOODBYE, connections.acquire_many(all)).await.is_err() {
        tracing::warn!("some requests were still running at the end");
    }
    let ends: Vec<_> = workers.iter().map(tokio::task::JoinHandle::abort_handle).collect();
    let all_ended = async {
        for worker in workers {
            drop(worker.await);
        }
    };
    if tokio::time::timeout(limits::GOODBYE, all_ended).await.is_err() {
        tracing::warn!("a worker was still running at the end");
        ends.iter().for_each(tokio::task::AbortHandle::abort);
    }
}

/// Ends when the server is told to stop.
pub(crate) async fn stop_of(stopping: &mut watch::Receiver<bool>) {
    // An error means that the server is gone: that is a stop too.
    drop(stopping.wait_for(|stopping| *stopping).await);
}

async fn connection(
    app: Arc<App>,
    (stream, peer): (TcpStream, IpAddr),
    permit: OwnedSemaphorePermit,
    requests: Arc<Semaphore>,
    mut stopping: watch::Receiver<bool>,
) {
    // Answers are small and whole: waiting for more would only cost time.
    drop(stream.set_nodelay(true));
    let service = service_fn(|request| {
        let (app, requests) = (Arc::clone(&app), Arc::clone(&requests));
        async move {
            let _permit = requests.acquire().await;
            http::answer(app, request, peer).await
        }
    });
    let stream = Worded::new(stream, Arc::clone(&app));
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits::HEADERS)
        .max_buf_size(limits::HEAD_BUFFER_BYTES);
    // Those who listen go on by another protocol.
    let served = builder.serve_connection(TokioIo::new(stream), service).with_upgrades();
    tokio::pin!(served);
    tokio::select! {
        // A client that goes away ends its connection, and nothing else.
        done = served.as_mut() => drop(done),
        () = stop_of(&mut stopping) => {
            served.as_mut().graceful_shutdown();
            drop(served.await);
        }
    }
    drop(permit);
}
