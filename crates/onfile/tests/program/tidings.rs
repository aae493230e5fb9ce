//! What the server's log says of endpoints that fail.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use crate::client::{Client, id};
use crate::running::{Folder, Running};

/// Lines of the log that speak of endpoints, once there are so many.
fn lines(folder: &Folder, count: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for _ in 0..500 {
        let log = std::fs::read_to_string(folder.log()).unwrap();
        assert!(!log.contains("s3cret"), "an endpoint's whole address in the log: {log}");
        lines = log.lines().filter(|it| it.contains("an endpoint ")).map(str::to_owned).collect();
        if lines.len() >= count {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(lines.len(), count, "{lines:#?}");
    lines
}

/// Takes everything.
fn take_all(listener: &TcpListener) {
    for stream in listener.incoming() {
        drop(stream.and_then(|stream| take(&stream)));
    }
}

fn take(mut stream: &TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    while line != "\r\n" {
        line.clear();
        reader.read_line(&mut line)?;
        if let Some(text) = line.strip_prefix("Content-Length: ") {
            length = text.trim().parse().unwrap();
        }
    }
    reader.read_exact(&mut vec![0; length])?;
    stream.write_all(b"HTTP/1.1 204 X\r\nConnection: close\r\n\r\n")
}

/// Makes events until the world is quiet, each of which fails with this status if any.
fn tell(client: &Client, events: u64, status: &str) {
    if !status.is_empty() {
        let count = format!("kind=fail&status={status}&count={events}");
        client.post("/onfile/v1/test/faults", &count);
    }
    (0..events).for_each(|_| drop(client.post("/v1/customers", "")));
    client.post("/onfile/v1/test/clock", "advance=0");
}

#[test]
fn the_log_says_when_an_endpoint_begins_to_fail_and_how_that_ends() {
    let folder = Folder::new("tidings");
    let server = Running::start(&folder);
    let client = server.client();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap();
    std::thread::spawn(move || take_all(&listener));
    let form = format!("url=http://{host}/s3cret?s3cret=1&enabled_events[]=customer.created");
    let made = id(&client.post("/v1/webhook_endpoints", &form));
    let says = |line: &str, words: &[&str]| {
        let endpoint = [made.as_str(), &format!("webhook_endpoint.host=\"{host}\""), "acct_"];
        endpoint.iter().chain(words).for_each(|it| assert!(line.contains(it), "{it}: {line}"));
    };

    tell(&client, 1, "");
    tell(&client, 3, "503");
    let told = lines(&folder, 1);
    says(&told[0], &["WARN", "began to fail", "http.status=503", "delivery.fault=\"fail\""]);
    tell(&client, 2, "");
    says(&lines(&folder, 2)[1], &["INFO", "takes events again", "http.status=204"]);

    // Three days later, and a restart between.
    tell(&client, 1, "500");
    let told = lines(&folder, 3);
    let since = told[2].split("failing_since=").nth(1).and_then(|it| it.split(' ').next()).unwrap();
    says(&told[2], &["WARN", "began to fail", "http.status=500"]);
    client.post("/onfile/v1/test/faults", "kind=fail&status=502&rate=100");
    client.post("/onfile/v1/test/clock", "advance=259200");
    server.terminate();
    let server = Running::start(&folder);
    let client = server.client();
    client.post("/onfile/v1/test/faults", "kind=fail&status=502&rate=100");
    tell(&client, 3, "");
    let told = lines(&folder, 4);
    says(&told[3], &["WARN", "is disabled: no 2xx for 72 hours", "http.status=502"]);
    says(&told[3], &[&format!("failing_since={since} ")]);

    // Turned on again, it begins anew; and says that it is gone.
    client.post(&format!("/v1/webhook_endpoints/{made}"), "disabled=false");
    // Faults are kept in memory: the next server has none.
    server.terminate();
    let server = Running::start(&folder);
    tell(&server.client(), 1, "410");
    let told = lines(&folder, 6);
    says(&told[4], &["WARN", "began to fail", "http.status=410"]);
    says(&told[5], &["WARN", "is disabled: it says that it is gone", "http.status=410"]);
    server.terminate();
}
