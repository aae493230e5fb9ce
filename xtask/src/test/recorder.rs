//! Stands between the suites and the server, passes everything on as it is, and writes down each
//! answer, so that the shape of all of them can be looked at afterwards.
//!
//! A line of the file is one JSON object: `method`, `path` (with its query), `version` (the
//! request's `Stripe-Version`, null when it had none), `key` (`publishable` or `secret`, null
//! without one), `status`, `type` (the answer's content type) and `body` (the answer's text, as a
//! string: the order of its keys is looked at too). The Rust tests leave lines of the same form.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use serde_json::json;

use super::http::{Body, Head};

/// A proxy on a loopback port of its own; it ends with the process.
pub(super) struct Recorder {
    /// What the suites are given in place of the server's own base URL.
    pub(super) base_url: String,
}

impl Recorder {
    /// Listens, and passes connections on to `server`, adding to the file `answers`.
    pub(super) fn start(server: SocketAddr, answers: &Path) -> Result<Recorder> {
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(answers)
            .with_context(|| format!("opening {}", answers.display()))?;
        let file = Arc::new(Mutex::new(file));
        let listener = TcpListener::bind(("127.0.0.1", 0)).context("listening on loopback")?;
        let base_url = format!("http://{}", listener.local_addr().context("own address")?);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let file = Arc::clone(&file);
                // A broken connection is the client's to notice, as it would be without us.
                std::thread::spawn(move || drop(pass_on(client, server, &file)));
            }
        });
        Ok(Recorder { base_url })
    }
}

/// The road to the server, made anew when the server has closed the last one.
struct Upstream {
    server: SocketAddr,
    stream: TcpStream,
    reader: BufReader<TcpStream>,
}

impl Upstream {
    fn connect(server: SocketAddr) -> io::Result<Upstream> {
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        let reader = BufReader::new(stream.try_clone()?);
        Ok(Upstream { server, stream, reader })
    }

    fn refresh(&mut self) -> io::Result<()> {
        self.stream.set_nonblocking(true)?;
        let seen = self.stream.peek(&mut [0]);
        self.stream.set_nonblocking(false)?;
        match seen {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
            Ok(_) | Err(_) => {
                *self = Upstream::connect(self.server)?;
                Ok(())
            }
        }
    }
}

fn pass_on(mut client: TcpStream, server: SocketAddr, answers: &Mutex<File>) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut from_client = BufReader::new(client.try_clone()?);
    let mut upstream = Upstream::connect(server)?;
    while let Some(request) = Head::read(&mut from_client)? {
        let asked = request.request_body(&mut from_client)?;
        upstream.refresh()?;
        upstream.stream.write_all(&request.raw)?;
        upstream.stream.write_all(&asked.raw)?;
        let Some(answer) = Head::read(&mut upstream.reader)? else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        let told = answer.answer_body(request.word(0), &mut upstream.reader)?;
        // Written down before it is passed on: a suite that ends at once has lost nothing.
        write_down(&request, &asked, &answer, &told, answers)?;
        client.write_all(&answer.raw)?;
        client.write_all(&told.raw)?;
        if answer.word(1) == "101" {
            return splice(from_client, client, upstream);
        }
        if request.closes() || answer.closes() {
            break;
        }
    }
    Ok(())
}

/// Passes on what both sides say in another protocol, until one of them closes.
fn splice(
    mut from_client: BufReader<TcpStream>,
    mut client: TcpStream,
    upstream: Upstream,
) -> io::Result<()> {
    let Upstream { mut stream, mut reader, .. } = upstream;
    std::thread::spawn(move || {
        // Either side's end is the other's.
        drop(io::copy(&mut from_client, &mut stream));
        drop(stream.shutdown(Shutdown::Both));
    });
    drop(io::copy(&mut reader, &mut client));
    client.shutdown(Shutdown::Both)
}

fn write_down(
    request: &Head,
    asked: &Body,
    answer: &Head,
    told: &Body,
    answers: &Mutex<File>,
) -> io::Result<()> {
    let line = json!({
        "method": request.word(0),
        "path": request.word(1),
        "version": request.field("stripe-version"),
        "key": key_kind(request, asked),
        "status": answer.word(1).parse::<u16>().map_err(io::Error::other)?,
        "type": answer.field("content-type"),
        "body": String::from_utf8_lossy(&told.content),
    });
    let mut text = line.to_string();
    text.push('\n');
    let mut file = answers.lock().map_err(|_| io::Error::other("a writer has panicked"))?;
    file.write_all(text.as_bytes())
}

/// Which kind of key the request came with; the key itself is never written.
fn key_kind(request: &Head, asked: &Body) -> Option<&'static str> {
    let form = String::from_utf8_lossy(&asked.content);
    let query = request.word(1).split_once('?').map_or("", |(_, query)| query);
    let key = match request.field("authorization") {
        Some(value) => value.split_once(' ').map(|(_, key)| key.to_owned()),
        None => query
            .split('&')
            .chain(form.split('&'))
            .find_map(|field| field.strip_prefix("key="))
            .map(str::to_owned),
    }?;
    // The second of each pair is the first in base 64, as `Basic` has it.
    let begins = |heads: [&str; 2]| heads.iter().any(|head| key.starts_with(head));
    match (begins(["pk_", "cGtf"]), begins(["sk_", "c2tf"])) {
        (true, _) => Some("publishable"),
        (_, true) => Some("secret"),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::sync::mpsc;

    /// Answers two requests on each connection with what it was sent, then closes it and says so.
    fn echo() -> (SocketAddr, mpsc::Receiver<()>) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (say, closed) = mpsc::channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut to = stream.try_clone().unwrap();
                let mut from = BufReader::new(stream);
                for _ in 0..2 {
                    let Some(head) = Head::read(&mut from).unwrap() else {
                        break;
                    };
                    let body = head.request_body(&mut from).unwrap();
                    let size = body.content.len();
                    write!(to, "HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n").unwrap();
                    to.write_all(&body.content).unwrap();
                }
                drop((from, to));
                let _ = say.send(());
            }
        });
        (address, closed)
    }

    #[test]
    fn answers_are_passed_on_and_written_down() {
        let folder = std::env::temp_dir().join(format!("onfile-recorder-{}", std::process::id()));
        let _ = std::fs::remove_file(&folder);
        let (server, closed) = echo();
        let recorder = Recorder::start(server, &folder).unwrap();
        let mut stream =
            TcpStream::connect(recorder.base_url.trim_start_matches("http://")).unwrap();
        // Three on one connection, of which the server keeps each for two only.
        for _ in 0..2 {
            let request = "POST /v1/x HTTP/1.1\r\nAuthorization: Bearer pk_test_1\r\n\
                           Stripe-Version: 2026-08-26.dahlia\r\nContent-Length: 2\r\n\r\n{}";
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = [0; 40];
            stream.read_exact(&mut answer).unwrap();
            assert!(answer.ends_with(b"{}"));
        }
        closed.recv().unwrap();
        stream.write_all(b"GET /v1/y HTTP/1.1\r\nConnection: close\r\n\r\n").unwrap();
        let mut rest = String::new();
        stream.read_to_string(&mut rest).unwrap();
        assert!(rest.starts_with("HTTP/1.1 200"));
        let text = std::fs::read_to_string(&folder).unwrap();
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0]["key"], "publishable");
        assert_eq!(lines[0]["version"], "2026-08-26.dahlia");
        assert_eq!(lines[0]["body"], "{}");
        assert_eq!(lines[2]["path"], "/v1/y");
        std::fs::remove_file(&folder).unwrap();
    }
}
