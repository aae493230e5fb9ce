//! A server that events are sent to, and that answers badly by a rule of its own.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Of a hundred requests, so many are answered with 500.
const FAIL: u64 = 30;
/// And so many are not answered for longer than anybody waits.
const HANG: u64 = 5;

#[derive(Default)]
struct Heard {
    /// How often each event was answered with 200.
    taken: BTreeMap<String, usize>,
    /// How often each event came at all.
    came: BTreeMap<String, u64>,
    failed: usize,
    hung: usize,
}

/// The sink; it ends with the test.
pub struct Sink {
    pub address: SocketAddr,
    heard: Arc<Mutex<Heard>>,
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Sink {
    /// Each seed has its own bad moments.
    pub fn new(seed: u64) -> Sink {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let sink = Sink {
            address: listener.local_addr().expect("a listener has an address"),
            heard: Arc::default(),
            now: Arc::default(),
            most: Arc::default(),
        };
        let (heard, now, most) =
            (Arc::clone(&sink.heard), Arc::clone(&sink.now), Arc::clone(&sink.most));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (heard, now, most) = (Arc::clone(&heard), Arc::clone(&now), Arc::clone(&most));
                std::thread::spawn(move || serve(&stream, seed, &heard, (&now, &most)));
            }
        });
        sink
    }

    /// How often each event was taken.
    pub fn taken(&self) -> BTreeMap<String, usize> {
        self.heard.lock().expect("nobody panics with it").taken.clone()
    }

    /// How often it said no, and how often nothing.
    pub fn refused(&self) -> (usize, usize) {
        let heard = self.heard.lock().expect("nobody panics with it");
        (heard.failed, heard.hung)
    }

    /// The most requests that it heard at once and did answer.
    pub fn most_at_once(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

fn serve(
    stream: &TcpStream,
    seed: u64,
    heard: &Mutex<Heard>,
    (now, most): (&AtomicUsize, &AtomicUsize),
) -> Option<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let event = read(&mut reader)?;
        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        let chance = {
            let mut heard = heard.lock().expect("nobody panics with it");
            let times = heard.came.entry(event.clone()).or_default();
            *times += 1;
            let chance = mixed(&event, *times ^ (seed << 32)) % 100;
            if chance < FAIL {
                heard.failed += 1;
            } else if chance < FAIL + HANG {
                heard.hung += 1;
            }
            chance
        };
        if (FAIL..FAIL + HANG).contains(&chance) {
            now.fetch_sub(1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(400));
            return None;
        }
        let status = if chance < FAIL { 500 } else { 200 };
        let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
        now.fetch_sub(1, Ordering::SeqCst);
        let mut out = stream;
        out.write_all(answer.as_bytes()).ok()?;
        if status == 200 {
            let mut heard = heard.lock().expect("nobody panics with it");
            *heard.taken.entry(event).or_default() += 1;
        }
    }
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
