//! Where events are sent while deliveries are measured: it reads by hand and answers at once, so
//! that it takes as little as it can from the one who is measured.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::now;

/// How long the last of what was sent may take to come.
const PATIENCE: Duration = Duration::from_secs(120);

/// A sink on a port of its own; it listens as long as the program runs.
pub(super) struct Sink {
    pub(super) address: SocketAddr,
    count: Arc<AtomicU64>,
    /// When the first byte about each object came, where somebody wants to know.
    first: Arc<Mutex<HashMap<String, Instant>>>,
}

impl Sink {
    /// Takes everything; `notes` also says when each object was first heard of.
    pub(super) fn start(notes: bool) -> Result<Sink> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).context("listening for events")?;
        let address = listener.local_addr().context("asking for the sink's address")?;
        let sink = Sink { address, count: Arc::default(), first: Arc::default() };
        let (count, first) = (Arc::clone(&sink.count), Arc::clone(&sink.first));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (count, first) = (Arc::clone(&count), Arc::clone(&first));
                std::thread::spawn(move || take(stream, &count, notes.then_some(&*first)));
            }
        });
        Ok(sink)
    }

    /// Takes connections, and never answers.
    pub(super) fn hanging() -> Result<SocketAddr> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).context("listening for events")?;
        let address = listener.local_addr().context("asking for the sink's address")?;
        std::thread::spawn(move || {
            // Kept open, or whoever waits would hear that nobody is there.
            let mut kept = Vec::new();
            listener.incoming().flatten().for_each(|stream| kept.push(stream));
        });
        Ok(address)
    }

    /// The address that an endpoint is made with.
    pub(super) fn url(address: SocketAddr) -> String {
        format!("http%3A%2F%2F{}%3A{}%2Fhook", address.ip(), address.port())
    }

    /// Deliveries so far.
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// When each object was first heard of.
    pub(super) fn first(&self) -> HashMap<String, Instant> {
        self.first.lock().map(|first| first.clone()).unwrap_or_default()
    }

    /// Waits until nothing has come for so long.
    pub(super) fn rest(&self, silence: Duration) {
        let mut before = None;
        while before != Some(self.count()) {
            before = Some(self.count());
            std::thread::sleep(silence);
        }
    }

    /// Waits until so many deliveries have come.
    pub(super) fn wait(&self, until: u64) -> Result<()> {
        let begun = now();
        while self.count() < until {
            if begun.elapsed() > PATIENCE {
                bail!("{} of {until} deliveries came", self.count());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }
}

/// Answers until the connection ends.
fn take(
    mut stream: TcpStream,
    count: &AtomicU64,
    first: Option<&Mutex<HashMap<String, Instant>>>,
) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let (mut buffer, mut chunk) = (Vec::with_capacity(16 * 1024), [0; 16 * 1024]);
    loop {
        let (mut length, mut came) = (None, None);
        while length.is_none_or(|length| buffer.len() < length) {
            let read = stream.read(&mut chunk).ok().filter(|read| *read > 0)?;
            came.get_or_insert_with(now);
            buffer.extend_from_slice(&chunk[..read]);
            if length.is_none()
                && let Some(head) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n")
            {
                length = Some(head + 4 + body_length(&buffer[..head])?);
            }
        }
        let length = length?;
        if let (Some(first), Some(came)) = (first, came)
            && let Some(object) = object_of(&buffer[..length])
        {
            first.lock().ok()?.entry(object).or_insert(came);
        }
        buffer.drain(..length);
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").ok()?;
        count.fetch_add(1, Ordering::Relaxed);
    }
}

fn body_length(head: &[u8]) -> Option<usize> {
    let head = std::str::from_utf8(head).ok()?.to_ascii_lowercase();
    let line = head.lines().find_map(|line| line.strip_prefix("content-length:").map(str::trim));
    line?.parse().ok()
}

/// The id of the payment intent in an event's body.
pub(super) fn object_of(body: &[u8]) -> Option<String> {
    let at = body.windows(4).position(|bytes| bytes == b"\"pi_")? + 1;
    let end = body[at..].iter().position(|byte| *byte == b'"')?;
    String::from_utf8(body[at..at + end].to_vec()).ok()
}
