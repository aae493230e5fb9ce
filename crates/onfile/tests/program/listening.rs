//! `onfile listen`: events at an app, from a server that comes and goes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use crate::client::id;
use crate::running::{Folder, Running};

/// How long something that must come may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// An app that takes events; it ends with the test.
struct Shop {
    address: SocketAddr,
    /// What it answers.
    status: Arc<AtomicU16>,
    /// Heads and bodies.
    came: Receiver<(String, String)>,
}

impl Shop {
    fn open() -> Shop {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let status = Arc::new(AtomicU16::new(200));
        let (say, came) = channel();
        let answer = Arc::clone(&status);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut reader = BufReader::new(&stream);
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") {
                    reader.read_line(&mut head).expect("a head comes");
                }
                let head = head.to_ascii_lowercase();
                let length = head.split_once("content-length: ").expect("a length").1;
                let length = length.split_once("\r\n").expect("a line").0;
                let mut body = vec![0; length.parse().expect("a number")];
                reader.read_exact(&mut body).expect("a body comes");
                drop(say.send((head, String::from_utf8(body).expect("JSON is text"))));
                let status = answer.load(Ordering::SeqCst);
                let told = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
                (&stream).write_all(told.as_bytes()).expect("an answer goes");
            }
        });
        Shop { address, status, came }
    }
}

/// A listener that runs; ended when dropped.
struct Listening {
    child: Child,
    lines: Receiver<Value>,
}

fn listen(port: u16, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onfile"));
    command.args(["listen", "--base-url", &format!("http://127.0.0.1:{port}")]);
    command.args(["--api-key", "sk_test_program"]).args(more);
    command.stdin(Stdio::null());
    command
}

impl Listening {
    fn start(port: u16, more: &[&str]) -> Listening {
        let mut command = listen(port, more);
        command.arg("--print-json").stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("it starts");
        let output = child.stdout.take().expect("it has an output");
        let (say, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::<ChildStdout>::new(output).lines().map_while(Result::ok) {
                let line = serde_json::from_str(&line).expect("every line is JSON");
                if say.send(line).is_err() {
                    return;
                }
            }
        });
        Listening { child, lines }
    }

    #[track_caller]
    fn next(&self) -> Value {
        self.lines.recv_timeout(PATIENCE).expect("a line comes")
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn events_reach_an_app_and_its_answers_are_shown() {
    let folder = Folder::new("listening");
    let server = Running::start(&folder);
    let port = server.client().0.port();
    server.terminate();
    let shop = Shop::open();
    let url = format!("http://{}/hook?from=onfile", shop.address);
    // It may begin before the server does.
    let listening = Listening::start(port, &["--forward-to", &url]);
    let mut server = Running::start_at(&folder, port, &[]);
    let ready = listening.next();
    assert_eq!(ready["forward_to"], url);
    let secret = ready["secret"].as_str().expect("a secret").to_owned();
    assert!(secret.starts_with("whsec_"), "{secret}");
    let printed = listen(port, &["--print-secret"]).output().expect("it runs");
    assert_eq!(String::from_utf8_lossy(&printed.stdout).trim(), secret);

    let client = server.client();
    let customer = id(&client.post("/v1/customers", "name=Jenny"));
    let line = listening.next();
    assert_eq!((&line["type"], &line["status"]), (&"customer.created".into(), &200.into()));
    assert_eq!(line["event"]["data"]["object"]["id"], customer);
    let (head, body) = shop.came.recv_timeout(PATIENCE).expect("an event comes");
    assert!(head.starts_with("post /hook?from=onfile http/1.1\r\n"), "{head}");
    assert!(head.contains("stripe-signature: t="), "{head}");
    let event: Value = serde_json::from_str(&body).expect("an event is JSON");
    assert_eq!(event, line["event"]);
    assert_eq!(event["api_version"], "2026-08-26.dahlia");

    shop.status.store(500, Ordering::SeqCst);
    client.post("/v1/customers", "name=Jane");
    assert_eq!(listening.next()["status"], 500);
    shop.status.store(200, Ordering::SeqCst);

    // The server dies and comes back: it is the same secret, and events come again.
    server.kill();
    server = Running::start_at(&folder, port, &[]);
    assert_eq!(listening.next()["secret"], secret);
    let customer = id(&server.client().post("/v1/customers", ""));
    assert_eq!(listening.next()["event"]["data"]["object"]["id"], customer);
    server.terminate();
}

#[test]
fn some_events_in_the_latest_version_at_nobody() {
    let folder = Folder::new("listening-some");
    let server = Running::start(&folder);
    let (client, port) = (server.client(), server.client().0.port());
    let some = Listening::start(port, &["--events", "customer.deleted,charge.*", "--latest"]);
    // Where nobody listens.
    let all = Listening::start(port, &["--forward-to", "127.0.0.1:1"]);
    for listening in [&some, &all] {
        assert!(listening.next()["secret"].is_string());
    }
    let customer = id(&client.post("/v1/customers", ""));
    let failed = all.next();
    assert_eq!(failed["type"], "customer.created");
    let error = failed["error"].as_str().expect("an error");
    assert!(error.contains("nobody answers"), "{error}");
    client.ask("DELETE", &format!("/v1/customers/{customer}"), "", "").expect("it answers");
    let line = some.next();
    assert_eq!(line["type"], "customer.deleted");
    assert_eq!(line["event"]["api_version"], "2026-10-28.endive");
    assert!(line["status"].is_null());
}

#[test]
fn what_a_listener_is_refused() {
    let folder = Folder::new("listening-refused");
    let server = Running::start(&folder);
    let port = server.client().0.port();
    for (more, why) in [
        (["--api-key", "sk_test_invalid"], "Invalid API Key provided"),
        (["--forward-to", "https://127.0.0.1/"], "https"),
        (["--base-url", "ftp://127.0.0.1/"], "no http:// address"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onfile"));
        command.arg("listen").args(more);
        if more[0] != "--base-url" {
            command.args(["--base-url", &format!("http://127.0.0.1:{port}")]);
        }
        let said = crate::fails(&mut command);
        assert!(said.contains(why), "{said}");
    }
}
