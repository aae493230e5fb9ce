//! A server that events are sent to: it writes down what it hears, and answers as a test says.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

/// One request, as it came in.
#[derive(Debug, Clone)]
pub struct Heard {
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// What to answer.
#[derive(Debug, Clone)]
pub enum Say {
    /// A status, with headers of its own and an empty body.
    Status(u16, &'static str),
    /// A status, with a header of its own and a body.
    Body(u16, &'static str, Vec<u8>),
    /// Nothing, until the other end gives up.
    Hang,
    /// These bytes, and then nothing more.
    Raw(Vec<u8>),
    /// A status and a body without an end.
    Endless(u16),
    /// A status and the beginning of a body, `well`, whose end never comes.
    Unended(u16),
    /// The connection is closed.
    Close,
}

pub const FINE: Say = Say::Status(200, "");

type Answers = Arc<Mutex<Box<dyn FnMut(&Heard) -> Say + Send>>>;

/// The sink. It ends with the test.
pub struct Sink {
    pub address: SocketAddr,
    heard: Arc<Mutex<Vec<Heard>>>,
    answers: Answers,
    connections: Arc<AtomicUsize>,
    /// Bytes that were taken of answers without an end.
    endless: Arc<AtomicUsize>,
    hanging: Arc<Hanging>,
    over: Arc<AtomicBool>,
}

/// Requests that are not answered.
#[derive(Default)]
struct Hanging {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Sink {
    pub fn new() -> Sink {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let sink = Sink {
            address,
            heard: Arc::default(),
            answers: Arc::new(Mutex::new(Box::new(|_: &Heard| FINE))),
            connections: Arc::default(),
            endless: Arc::default(),
            hanging: Arc::default(),
            over: Arc::default(),
        };
        let (heard, answers) = (Arc::clone(&sink.heard), Arc::clone(&sink.answers));
        let (connections, over) = (Arc::clone(&sink.connections), Arc::clone(&sink.over));
        let (endless, hanging) = (Arc::clone(&sink.endless), Arc::clone(&sink.hanging));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                connections.fetch_add(1, Ordering::SeqCst);
                let (heard, answers) = (Arc::clone(&heard), Arc::clone(&answers));
                let (endless, hanging) = (Arc::clone(&endless), Arc::clone(&hanging));
                let over = Arc::clone(&over);
                std::thread::spawn(move || {
                    serve(&stream, &heard, &answers, (&endless, &hanging, &over))
                });
            }
        });
        sink
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// Answers so from here on.
    pub fn says(&self, answer: impl FnMut(&Heard) -> Say + Send + 'static) {
        *self.answers.lock().expect("nobody panics with it") = Box::new(answer);
    }

    /// Everything that was heard so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().expect("nobody panics with it").clone()
    }

    /// The types of what was heard, in order.
    pub fn types(&self) -> Vec<String> {
        self.heard().iter().map(|it| text(&it.json()["type"])).collect()
    }

    /// How much was taken of answers without an end.
    pub fn endless(&self) -> usize {
        self.endless.load(Ordering::SeqCst)
    }

    /// How many requests went without an answer at one moment, at most.
    pub fn most_hanging(&self) -> usize {
        self.hanging.most.load(Ordering::SeqCst)
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
    }
}

impl Heard {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("what is sent is JSON")
    }

    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value.as_str())
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn serve(
    stream: &TcpStream,
    heard: &Mutex<Vec<Heard>>,
    answers: &Answers,
    (endless, hanging, over): (&AtomicUsize, &Hanging, &AtomicBool),
) -> Option<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let request = read(&mut reader)?;
        let say = answers.lock().expect("nobody panics with it")(&request);
        heard.lock().expect("nobody panics with it").push(request);
        let mut out = stream;
        match say {
            Say::Status(status, headers) => {
                let head = format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: 0\r\n\r\n");
                out.write_all(head.as_bytes()).ok()?;
            }
            Say::Body(status, header, body) => {
                let length = body.len();
                let head =
                    format!("HTTP/1.1 {status} X\r\n{header}Content-Length: {length}\r\n\r\n");
                out.write_all(head.as_bytes()).ok()?;
                out.write_all(&body).ok()?;
            }
            Say::Hang => {
                let now = hanging.now.fetch_add(1, Ordering::SeqCst) + 1;
                hanging.most.fetch_max(now, Ordering::SeqCst);
                while !over.load(Ordering::SeqCst) && !is_left(stream) {}
                hanging.now.fetch_sub(1, Ordering::SeqCst);
                return None;
            }
            Say::Unended(status) => {
                let head = format!("HTTP/1.1 {status} X\r\nContent-Length: 9\r\n\r\nwell");
                out.write_all(head.as_bytes()).ok()?;
                while !over.load(Ordering::SeqCst) {
                    std::thread::sleep(Duration::from_millis(20));
                }
                return None;
            }
            Say::Raw(bytes) => {
                out.write_all(&bytes).ok()?;
                return None;
            }
            Say::Endless(status) => {
                let head = format!("HTTP/1.1 {status} X\r\nTransfer-Encoding: chunked\r\n\r\n");
                out.write_all(head.as_bytes()).ok()?;
                loop {
                    out.write_all(b"400\r\n").ok()?;
                    out.write_all(&[b'x'; 1_024]).ok()?;
                    out.write_all(b"\r\n").ok()?;
                    endless.fetch_add(1_024, Ordering::SeqCst);
                }
            }
            Say::Close => return None,
        }
    }
}

/// Whether the other end has closed its connection; waits a moment for that.
fn is_left(stream: &TcpStream) -> bool {
    let mut byte = [0];
    stream.set_read_timeout(Some(Duration::from_millis(20))).expect("it is no zero");
    let read = stream.peek(&mut byte);
    read.is_ok() || read.is_err_and(|error| !is_silence(&error))
}

fn is_silence(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

fn read(reader: &mut BufReader<&TcpStream>) -> Option<Heard> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let target = line.split(' ').nth(1)?.to_owned();
    assert!(line.starts_with("POST "), "{line}");
    let mut headers = Vec::new();
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.push((name.to_owned(), value.to_owned()));
    }
    let mut request = Heard { target, headers, body: Vec::new() };
    let length: usize = request.header("content-length").parse().ok()?;
    request.body = vec![0; length];
    reader.read_exact(&mut request.body).ok()?;
    Some(request)
}
