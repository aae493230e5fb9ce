//! The load: connections that are kept, each asking again as soon as it was answered.
//!
//! Bytes are written and read by hand: on two cores the one who makes the load takes from the one
//! who bears it, and a client library would take more than the server.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::now;

/// A kept connection.
pub(super) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer: its status, and where its body is in the connection's buffer.
pub(super) struct Answer<'a> {
    pub(super) status: u16,
    pub(super) body: &'a [u8],
}

/// How long an answer may take before the run is given up.
const PATIENCE: Duration = Duration::from_secs(30);

impl Connection {
    pub(super) fn open(address: SocketAddr) -> Result<Connection> {
        let stream = TcpStream::connect(address).context("connecting to the server")?;
        stream.set_nodelay(true).context("setting TCP_NODELAY")?;
        stream.set_read_timeout(Some(PATIENCE)).context("setting a time limit")?;
        Ok(Connection { stream, buffer: Vec::with_capacity(16 * 1024) })
    }

    /// Sends one request and reads its answer.
    pub(super) fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.stream.write_all(request).context("sending a request")?;
        self.buffer.clear();
        let head = self.read_head()?;
        let text = std::str::from_utf8(&self.buffer[..head]).context("a head that is no text")?;
        let status = text.split(' ').nth(1).and_then(|word| word.parse().ok());
        let status = status.context("an answer without a status")?;
        let length = text
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse::<usize>().ok())
            .context("an answer without a length")?;
        while self.buffer.len() < head + length {
            self.read_more()?;
        }
        Ok(Answer { status, body: &self.buffer[head..head + length] })
    }

    /// Reads up to the blank line; returns where the body begins.
    fn read_head(&mut self) -> Result<usize> {
        loop {
            let blank = self.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
            match blank {
                Some(at) => return Ok(at + 4),
                None => self.read_more()?,
            }
        }
    }

    fn read_more(&mut self) -> Result<()> {
        let mut chunk = [0; 16 * 1024];
        let count = self.stream.read(&mut chunk).context("reading an answer")?;
        if count == 0 {
            bail!("the server closed a connection");
        }
        self.buffer.extend_from_slice(&chunk[..count]);
        Ok(())
    }
}

/// A request as bytes.
pub(super) fn request(
    method: &str,
    path: &str,
    key: &str,
    idempotency: &str,
    form: &str,
) -> Vec<u8> {
    let mut text =
        format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n");
    if !idempotency.is_empty() {
        text.push_str(&format!("Idempotency-Key: {idempotency}\r\n"));
    }
    if method == "POST" {
        text.push_str("Content-Type: application/x-www-form-urlencoded\r\n");
        text.push_str(&format!("Content-Length: {}\r\n", form.len()));
    }
    text.push_str("\r\n");
    text.push_str(form);
    text.into_bytes()
}

/// What a window of load came to.
#[derive(Debug, Clone)]
pub(super) struct Window {
    /// Answers a second.
    pub(super) per_second: f64,
    /// Milliseconds of the middle answer.
    pub(super) p50: f64,
    /// Milliseconds that 99 of 100 answers stay under.
    pub(super) p99: f64,
}

/// Asks over `connections` at once for `length`, then says how it went. `make` writes the
/// `number`-th request of the window; an answer other than 200 ends the run.
pub(super) fn window(
    address: SocketAddr,
    connections: usize,
    length: Duration,
    make: impl Fn(u64) -> Vec<u8> + Sync,
) -> Result<Window> {
    let number = AtomicU64::new(0);
    let over = AtomicBool::new(false);
    let begun = now();
    let took: Vec<f64> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..connections)
            .map(|_| scope.spawn(|| ask_until(address, &number, &over, &make)))
            .collect();
        std::thread::sleep(length);
        over.store(true, Ordering::Relaxed);
        let mut all = Vec::new();
        for worker in workers {
            let times = worker.join().map_err(|_| anyhow::anyhow!("a client panicked"))?;
            all.extend(times?);
        }
        Ok::<_, anyhow::Error>(all)
    })?;
    summed_up(took, begun.elapsed().as_secs_f64())
}

/// What came of a number of requests that were sent once each.
pub(super) struct Each {
    /// How it went.
    pub(super) window: Window,
    bodies: Vec<Vec<u8>>,
}

impl Each {
    /// The ids of what was answered, in the requests' order.
    pub(super) fn ids(self) -> Result<Vec<String>> {
        let id = |body: Vec<u8>| {
            let json: serde_json::Value = serde_json::from_slice(&body)?;
            json["id"].as_str().map(str::to_owned).with_context(|| format!("no id in {json}"))
        };
        self.bodies.into_iter().map(id).collect()
    }
}

/// Sends `count` requests over `connections` at once. `make` writes the `number`-th one; an answer
/// other than 200 ends the run.
pub(super) fn each(
    address: SocketAddr,
    connections: usize,
    count: u64,
    make: impl Fn(u64) -> Vec<u8> + Sync,
) -> Result<Each> {
    let next = AtomicU64::new(0);
    let begun = now();
    let ask_all = || -> Result<Vec<(u64, f64, Vec<u8>)>> {
        let mut connection = Connection::open(address)?;
        let mut answers = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return Ok(answers);
            }
            let (bytes, sent) = (make(number), now());
            let answer = connection.ask(&bytes)?;
            if answer.status != 200 {
                bail!("{}: {}", answer.status, String::from_utf8_lossy(answer.body));
            }
            answers.push((number, sent.elapsed().as_secs_f64() * 1_000.0, answer.body.to_vec()));
        }
    };
    let mut answers = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..connections).map(|_| scope.spawn(ask_all)).collect();
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.join().map_err(|_| anyhow::anyhow!("a client panicked"))??);
        }
        Ok::<_, anyhow::Error>(all)
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    answers.sort_by_key(|(number, ..)| *number);
    let took = answers.iter().map(|(_, took, _)| *took).collect();
    let window = summed_up(took, seconds)?;
    Ok(Each { window, bodies: answers.into_iter().map(|(.., body)| body).collect() })
}

fn summed_up(mut took: Vec<f64>, seconds: f64) -> Result<Window> {
    if took.is_empty() {
        bail!("no answer in a whole window");
    }
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize];
    Ok(Window { per_second: took.len() as f64 / seconds, p50: at(0.5), p99: at(0.99) })
}

fn ask_until(
    address: SocketAddr,
    number: &AtomicU64,
    over: &AtomicBool,
    make: &(impl Fn(u64) -> Vec<u8> + Sync),
) -> Result<Vec<f64>> {
    let mut connection = Connection::open(address)?;
    let mut times = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let bytes = make(number.fetch_add(1, Ordering::Relaxed));
        let sent = now();
        let answer = connection.ask(&bytes)?;
        if answer.status != 200 {
            bail!("{}: {}", answer.status, String::from_utf8_lossy(answer.body));
        }
        times.push(sent.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(times)
}
