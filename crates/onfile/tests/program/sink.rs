//! A server that events are sent to, and that answers badly by a rule of its own.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Of a hundred requests, so many are answered with 500.
const FAIL: u64 = 30;
/// And so many are not answered at all.
const HANG: u64 = 5;

/// What became of an event's requests.
#[derive(Debug, Clone, Copy, Default)]
pub struct Times {
    pub came: u64,
    /// Answered with 200.
    pub taken: u64,
    /// Answered with 500.
    pub failed: u64,
    /// Not answered.
    pub hung: u64,
}

/// What the sink's threads share.
#[derive(Default)]
struct Shared {
    heard: Mutex<BTreeMap<String, Times>>,
    came: AtomicU64,
    hanging: AtomicUsize,
    open: AtomicUsize,
    most: AtomicUsize,
}

/// The sink; it ends with the test.
pub struct Sink {
    pub address: SocketAddr,
    /// The endpoint's id.
    pub name: String,
    shared: Arc<Shared>,
}

impl Sink {
    /// Each seed has its own bad moments.
    pub fn new(seed: u64) -> Sink {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let shared: Arc<Shared> = Arc::default();
        let all = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&all);
                std::thread::spawn(move || shared.serve(&stream, seed));
            }
        });
        Sink { address, name: String::new(), shared }
    }

    /// The same, which the server knows by this id.
    pub fn named(self, name: &str) -> Sink {
        Sink { name: name.to_owned(), ..self }
    }

    /// Requests that came.
    pub fn came(&self) -> u64 {
        self.shared.came.load(Ordering::SeqCst)
    }

    /// What became of an event's requests, where any came.
    pub fn times(&self, event: &str) -> Option<Times> {
        self.shared.heard.lock().expect("nobody panics with it").get(event).copied()
    }

    /// How many events it heard of.
    pub fn events(&self) -> u64 {
        self.shared.heard.lock().expect("nobody panics with it").len() as u64
    }

    /// Requests that are not answered and whose sender has not yet gone away.
    pub fn hanging(&self) -> usize {
        self.shared.hanging.load(Ordering::SeqCst)
    }

    /// The most requests that were open at once, those that hang included.
    pub fn most_at_once(&self) -> usize {
        self.shared.most.load(Ordering::SeqCst)
    }
}

impl Shared {
    /// Answers what comes over one connection, until one end closes it.
    fn serve(&self, stream: &TcpStream, seed: u64) {
        let mut reader = BufReader::new(stream);
        while let Some(event) = read(&mut reader) {
            self.most.fetch_max(self.open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            self.came.fetch_add(1, Ordering::SeqCst);
            let is_over = self.answer(stream, &event, seed).is_none();
            self.open.fetch_sub(1, Ordering::SeqCst);
            if is_over {
                return;
            }
        }
    }

    /// Answers one request; `None` where the connection is over.
    fn answer(&self, stream: &TcpStream, event: &str, seed: u64) -> Option<()> {
        let came = self.count(event, |times| {
            times.came += 1;
            times.came
        });
        let chance = mixed(event, came ^ (seed << 32)) % 100;
        if chance < FAIL {
            self.count(event, |times| times.failed += 1);
            return say(stream, 500);
        }
        if chance < FAIL + HANG {
            self.count(event, |times| times.hung += 1);
            self.hanging.fetch_add(1, Ordering::SeqCst);
            wait_until_closed(stream);
            self.hanging.fetch_sub(1, Ordering::SeqCst);
            return None;
        }
        // Before the answer: whoever hears it may ask at once what was taken.
        self.count(event, |times| times.taken += 1);
        say(stream, 200)
    }

    fn count<T>(&self, event: &str, with: impl FnOnce(&mut Times) -> T) -> T {
        let mut heard = self.heard.lock().expect("nobody panics with it");
        match heard.get_mut(event) {
            Some(times) => with(times),
            None => with(heard.entry(event.to_owned()).or_default()),
        }
    }
}

fn say(mut stream: &TcpStream, status: u16) -> Option<()> {
    let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
    stream.write_all(answer.as_bytes()).ok()
}

/// For as long as the sender waits.
fn wait_until_closed(mut stream: &TcpStream) {
    while stream.read(&mut [0; 64]).is_ok_and(|read| read > 0) {}
}

/// The id of the next request's event.
fn read(reader: &mut BufReader<&TcpStream>) -> Option<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().ok()?;
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let event: serde_json::Value = serde_json::from_slice(&body).expect("what is sent is JSON");
    Some(event["id"].as_str().expect("an event has an id").to_owned())
}

/// Repeatable chance (FNV-1a, then SplitMix64's finish).
fn mixed(text: &str, salt: u64) -> u64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325 ^ salt, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
