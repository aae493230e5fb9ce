//! A plain HTTP client: one connection a call, nothing repaired, nothing sent again.

use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

use crate::recorder;

/// Calls the server with one key.
#[derive(Clone)]
pub struct Client {
    pub address: SocketAddr,
    pub key: String,
}

/// One call as it will be sent.
pub struct Call {
    address: SocketAddr,
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Client {
    pub fn call(&self, method: &str, path: &str) -> Call {
        Call {
            address: self.address,
            method: method.to_owned(),
            path: path.to_owned(),
            headers: vec![("Authorization".to_owned(), format!("Bearer {}", self.key))],
            body: Vec::new(),
        }
    }

    /// The same server, called by another key.
    pub fn with_key(&self, key: &str) -> Client {
        Client { address: self.address, key: key.to_owned() }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.call("GET", path).send()
    }

    pub fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.call("POST", path).form(form).send()
    }

    /// A POST that must pass.
    #[track_caller]
    pub fn made(&self, path: &str, form: &[(&str, &str)]) -> Value {
        self.post(path, form).expect(200)
    }

    /// A GET that must pass.
    #[track_caller]
    pub fn got(&self, path: &str) -> Value {
        self.get(path).expect(200)
    }
}

impl Call {
    pub fn header(mut self, name: &str, value: &str) -> Call {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Call {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }

    pub fn named(self, idempotency_key: &str) -> Call {
        self.header("Idempotency-Key", idempotency_key)
    }

    pub fn form(mut self, form: &[(&str, &str)]) -> Call {
        self.body = encoded(form).into_bytes();
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Call {
        self.body = body.into();
        self
    }

    /// Sends it, and reads until the server closes.
    #[track_caller]
    pub fn send(self) -> Answer {
        self.try_send().expect("the server answers")
    }

    /// The same, where the server may go away.
    pub fn try_send(self) -> Option<Answer> {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.path);
        let has = |name: &str| self.headers.iter().any(|(it, _)| it.eq_ignore_ascii_case(name));
        if !has("Host") {
            let _ = write!(head, "Host: {}\r\n", self.address);
        }
        if !has("Content-Length") && (!self.body.is_empty() || self.method == "POST") {
            let _ = write!(head, "Content-Length: {}\r\n", self.body.len());
        }
        if !has("Content-Type") && !self.body.is_empty() {
            head.push_str("Content-Type: application/x-www-form-urlencoded\r\n");
        }
        for (name, value) in &self.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        head.push_str("Connection: close\r\n\r\n");
        let mut raw = head.into_bytes();
        raw.extend_from_slice(&self.body);
        let answer = exchange(self.address, &raw)?;
        recorder::write_down(&self, &answer);
        Some(answer)
    }
}

/// Sends bytes as they are, and reads what is answered.
pub fn exchange(address: SocketAddr, raw: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    // A server that has heard enough may answer before everything is sent.
    let _ = stream.write_all(raw);
    let mut told = Vec::new();
    let mut buffer = [0; 16 * 1024];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(count) => told.extend_from_slice(&buffer[..count]),
        }
    }
    Answer::parse(&told)
}

impl Answer {
    fn parse(told: &[u8]) -> Option<Answer> {
        let end = told.windows(4).position(|it| it == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&told[..end]).ok()?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let body = told[end + 4..].to_vec();
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length = length.and_then(|(_, length)| length.parse::<usize>().ok());
        // An answer that broke off is none; one to HEAD has a length and no body.
        let whole = body.is_empty() || length.is_none_or(|length| length == body.len());
        whole.then_some(Answer { status, headers, body })
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error} in {} {}", self.status, self.text()))
    }

    /// The JSON of an answer with this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        self.json()
    }

    /// The error of an answer with this status and code (`""` for none), in Stripe's shape.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let json = self.expect(status);
        let error = &json["error"];
        assert!(error["type"].is_string() && error["message"].is_string(), "{json}");
        assert_eq!(error["code"].as_str().unwrap_or_default(), code, "{json}");
        assert_eq!(self.header("content-type"), Some("application/json"));
        assert!(self.header("request-id").is_some_and(|id| id.starts_with("req_")), "{self:?}");
        error.clone()
    }
}

/// A form as SDKs write it.
pub fn encoded(form: &[(&str, &str)]) -> String {
    let pairs = form.iter().map(|(name, value)| format!("{name}={}", percent(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
