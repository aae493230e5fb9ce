//! Those who listen: sessions, their websocket, what they are told and when they are dropped.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use aws_lc_rs::hmac;
use serde_json::{Value, json};

use crate::app::{Road, TestApp, id, on_both_roads};
use crate::client::{Answer, Client};
use crate::payments::pay;

const SESSIONS: &str = "/v1/stripecli/sessions";
const PATH: &str = "/onfile/listen";
const LATEST: &str = "2026-10-28.endive";

/// A session of somebody at a device.
pub fn session(client: &Client, feature: &str, more: &[(&str, &str)]) -> Value {
    let mut form = vec![("device_name", "laptop"), ("websocket_features[]", feature)];
    form.extend_from_slice(more);
    client.made(SESSIONS, &form)
}

/// A handshake that is not answered with a connection.
fn refused(client: &Client, session: &str, more: &[(&str, &str)]) -> Answer {
    let mut call = client.call("GET", &format!("{PATH}?websocket_feature=webhooks"));
    for (name, value) in handshake(session).into_iter().chain(more.iter().copied()) {
        call = call.header(name, value);
    }
    call.send()
}

fn handshake(session: &str) -> [(&str, &str); 5] {
    [
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("Websocket-Id", session),
    ]
}

/// A client at its end of a connection.
pub struct Listener {
    stream: TcpStream,
}

/// What it hears.
#[derive(Debug, PartialEq)]
enum Heard {
    Said(Value),
    Pong(Vec<u8>),
    Closed(u16, String),
    Gone,
}

impl Listener {
    /// Connects as Stripe's command line does.
    pub fn connect(client: &Client, session: &Value) -> Listener {
        let host = client.address.to_string();
        let url = session["websocket_url"].as_str().expect("an address");
        assert_eq!(url, format!("ws://{host}{PATH}"));
        let mut stream = TcpStream::connect(client.address).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
        let feature = session["websocket_authorized_feature"].as_str().expect("a feature");
        let mut head =
            format!("GET {PATH}?websocket_feature={feature} HTTP/1.1\r\nHost: {host}\r\n");
        let id = session["websocket_id"].as_str().expect("an id");
        for (name, value) in handshake(id) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("Sec-WebSocket-Protocol: stripecli-devproxy-v1\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("the handshake is sent");
        let mut told = Vec::new();
        while !told.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).expect("the handshake is answered");
            told.push(byte[0]);
        }
        let told = String::from_utf8(told).expect("a head").to_ascii_lowercase();
        assert!(told.starts_with("http/1.1 101 "), "{told}");
        assert!(told.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n"), "{told}");
        assert!(told.contains("sec-websocket-protocol: stripecli-devproxy-v1\r\n"), "{told}");
        Listener { stream }
    }

    /// A frame, masked with zeros.
    fn say(&mut self, kind: u8, text: &[u8]) {
        let mut frame = vec![0x80 | kind, 0x80 | u8::try_from(text.len()).expect("a short text")];
        frame.extend_from_slice(&[0; 4]);
        frame.extend_from_slice(text);
        self.stream.write_all(&frame).expect("a frame is sent");
    }

    fn hear(&mut self) -> Heard {
        let mut head = [0; 2];
        match self.stream.read_exact(&mut head) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => panic!("nothing is heard"),
            Err(_) => return Heard::Gone,
        }
        let length = match head[1] {
            126 => u64::from(u16::from_be_bytes(self.take())),
            127 => u64::from_be_bytes(self.take()),
            short => u64::from(short),
        };
        let mut body = vec![0; usize::try_from(length).expect("a length")];
        if self.stream.read_exact(&mut body).is_err() {
            return Heard::Gone;
        }
        match head[0] {
            0x81 => Heard::Said(serde_json::from_slice(&body).expect("one JSON object")),
            0x8a => Heard::Pong(body),
            0x88 => {
                let code = u16::from_be_bytes([body[0], body[1]]);
                Heard::Closed(code, String::from_utf8_lossy(&body[2..]).into_owned())
            }
            other => panic!("a frame of kind {other:#x}"),
        }
    }

    fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.stream.read_exact(&mut bytes).expect("a frame's head");
        bytes
    }

    #[track_caller]
    fn message(&mut self) -> Value {
        match self.hear() {
            Heard::Said(message) => message,
            other => panic!("{other:?}"),
        }
    }

    /// The next event, told in both versions; its body and its name are the same in both.
    #[track_caller]
    pub fn event(&mut self, secret: &Value) -> Value {
        let mut told = [Value::Null, Value::Null];
        let mut names = Vec::new();
        for (at, version) in [json!(null), json!(LATEST)].iter().enumerate() {
            let message = self.message();
            assert_eq!(message["type"], "webhook_event");
            assert_eq!(message["endpoint"], json!({ "api_version": version }));
            let payload = message["event_payload"].as_str().expect("a payload");
            let headers = &message["http_headers"];
            assert_eq!(headers["Content-Type"], "application/json; charset=utf-8");
            let signature = headers["Stripe-Signature"].as_str().expect("a signature");
            assert!(is_signed(signature, secret.as_str().expect("a secret"), payload));
            names.push(message["webhook_id"].clone());
            told[at] = serde_json::from_str(payload).expect("an event");
        }
        assert_eq!(names[0], names[1]);
        let [default, latest] = told;
        assert_eq!(latest["api_version"], LATEST);
        assert_eq!((&default["id"], &default["type"]), (&latest["id"], &latest["type"]));
        default
    }
}

/// Whether the first signature is right.
fn is_signed(header: &str, secret: &str, payload: &str) -> bool {
    let mut parts = header.split(',');
    let at = parts.next().and_then(|part| part.strip_prefix("t=")).expect("a time");
    let hex = parts.next().and_then(|part| part.strip_prefix("v1=")).expect("a signature");
    let signature: Vec<u8> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex"))
        .collect();
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::verify(&key, format!("{at}.{payload}").as_bytes(), &signature).is_ok()
}

#[test]
fn events_are_told_as_they_happen_in_their_order() {
    on_both_roads(|app| {
        app.customer();
        let session = session(app, "webhooks", &[("forward_to_url", "http://127.0.0.1:1/hook")]);
        assert_eq!(session["default_version"], "2026-08-26.dahlia");
        let mut listener = Listener::connect(app, &session);
        for round in 0..3 {
            let intent = pay(app, &[("payment_method", "pm_card_visa")]).expect(200);
            for wanted in ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]
            {
                let event = listener.event(&session["secret"]);
                assert_eq!(event["type"], wanted, "round {round}");
                let kept = app.got(&format!("/v1/events/{}", id(&event)));
                assert_eq!(event["data"], kept["data"]);
                if wanted != "charge.succeeded" {
                    assert_eq!(event["data"]["object"]["id"], intent["id"]);
                }
            }
        }
        // Another world is none of its business; the clock's own events are.
        app.with_key("sk_test_neighbour").made("/v1/customers", &[]);
        app.advance(2);
        for _ in 0..3 {
            assert_eq!(listener.event(&session["secret"])["type"], "charge.updated");
        }
    });
}

#[test]
fn nothing_is_lost_between_two_connections_and_nothing_comes_twice() {
    let app = TestApp::start(Road::Local);
    app.customer();
    let session = session(&app, "webhooks", &[]);
    // It is told from its session on, not from its connection on.
    let before = app.customer();
    let mut first = Listener::connect(&app, &session);
    assert_eq!(first.event(&session["secret"])["data"]["object"]["id"], before);
    first.say(8, &1000_u16.to_be_bytes());
    assert!(matches!(first.hear(), Heard::Closed(1000, _)));
    let between = app.customer();
    let mut second = Listener::connect(&app, &session);
    assert_eq!(second.event(&session["secret"])["data"]["object"]["id"], between);
    // The next connection is the session's, and the one before is told so.
    let mut third = Listener::connect(&app, &session);
    let told = Heard::Closed(1000, "the session was connected again".to_owned());
    assert_eq!(second.hear(), told);
    app.made("/onfile/v1/test/reset", &[]);
    let fresh = app.customer();
    assert_eq!(third.event(&session["secret"])["data"]["object"]["id"], fresh);
    third.say(9, b"still there?");
    assert_eq!(third.hear(), Heard::Pong(b"still there?".to_vec()));
}

#[test]
fn an_event_is_told_again_when_it_is_asked_for() {
    let app = TestApp::start(Road::Local);
    app.customer();
    let session = session(&app, "webhooks", &[]);
    let mut listener = Listener::connect(&app, &session);
    app.customer();
    let event = listener.event(&session["secret"]);
    let retry = format!("/v1/events/{}/retry", id(&event));
    for form in [&[("for_stripecli", "true")][..], &[]] {
        let answer = app.made(&retry, form);
        assert_eq!((&answer["id"], &answer["object"]), (&event["id"], &json!("event")));
        assert_eq!(listener.event(&session["secret"]), event);
    }
    // With an endpoint it goes there, and nowhere else.
    let url = ("url", "http://127.0.0.1:9/hook");
    let made = app.made("/v1/webhook_endpoints", &[url, ("enabled_events[]", "charge.failed")]);
    app.made(&retry, &[("webhook_endpoint", &id(&made))]);
    let named = app.call("POST", &retry).named("again").form(&[("for_stripecli", "true")]);
    named.send().expect(200);
    assert_eq!(listener.event(&session["secret"])["id"], event["id"]);
    app.customer();
    assert_eq!(listener.event(&session["secret"])["type"], "customer.created");
}

#[test]
fn a_secret_is_a_keys_and_a_devices() {
    let mut app = TestApp::kept(Road::Local, onfile_store::Options::default());
    let secret = |client: &Client, device: &str| {
        let form = [("device_name", device), ("websocket_features[]", "webhooks")];
        client.made(SESSIONS, &form)["secret"].as_str().expect("a secret").to_owned()
    };
    let one = secret(&app, "laptop");
    assert!(one.starts_with("whsec_") && one.len() == 38, "{one}");
    assert_ne!(secret(&app, "desk"), one);
    assert_ne!(secret(&app.with_key("sk_test_neighbour"), "laptop"), one);
    let gone = session(&app, "webhooks", &[])["websocket_id"].clone();
    app.stop();
    app.rise();
    assert_eq!(secret(&app, "laptop"), one);
    // A session is the server's that made it.
    refused(&app, gone.as_str().expect("an id"), &[]).expect(404);
}

#[test]
fn who_may_connect() {
    let app = TestApp::start(Road::Local);
    let id = session(&app, "webhooks", &[])["websocket_id"].as_str().expect("an id").to_owned();
    let unknown = refused(&app, "cliws_none", &[]).refused(404, "");
    assert_eq!(unknown["message"], "Unknown WebSocket ID.");
    refused(&app, &id, &[("Origin", "http://evil.example")]).refused(403, "");
    refused(&app, &id, &[("Host", "evil.example")]).refused(403, "");
    refused(&app, &id, &[("Sec-WebSocket-Version", "8")]).refused(400, "");
    refused(&app, &id, &[("Upgrade", "h2c")]).refused(400, "");
    app.get(PATH).refused(400, "");
    let wanted = |features: &[&str]| {
        let mut form = vec![("device_name", "laptop")];
        form.extend(features.iter().map(|feature| ("websocket_features[]", *feature)));
        app.post(SESSIONS, &form)
    };
    let granted = wanted(&["webhooks", "v2_events"]).expect(200);
    assert_eq!(granted["websocket_authorized_feature"], "webhooks");
    let thin = wanted(&["v2_events"]).refused(400, "parameter_unsupported");
    assert_eq!(thin["param"], "websocket_features");
    let message = thin["message"].as_str().expect("words");
    assert!(message.contains("--all-snapshot"), "{message}");
    wanted(&["webhooks", "v2_events", "request_logs"]).refused(400, "parameter_unsupported");
    wanted(&["webhooks", "request_logs"]).refused(400, "");
    wanted(&["weather"]).refused(400, "");
    wanted(&[]).refused(400, "parameter_missing");
    let nameless = app.post(SESSIONS, &[("websocket_features[]", "webhooks")]);
    nameless.refused(400, "parameter_missing");
}

#[test]
fn a_world_has_so_many_sessions() {
    let app = TestApp::start(Road::Local);
    let mut taken = Vec::new();
    let first = session(&app, "webhooks", &[]);
    for _ in 0..31 {
        let session = session(&app, "webhooks", &[]);
        taken.push(Listener::connect(&app, &session));
    }
    // The one that has no client makes room.
    let last = session(&app, "webhooks", &[]);
    refused(&app, first["websocket_id"].as_str().expect("an id"), &[]).refused(404, "");
    taken.push(Listener::connect(&app, &last));
    let form = [("device_name", "laptop"), ("websocket_features[]", "webhooks")];
    app.post(SESSIONS, &form).expect(429);
    session(&app.with_key("sk_test_neighbour"), "webhooks", &[]);
}

#[test]
fn requests_are_told_as_they_are_answered() {
    let app = TestApp::start(Road::Local);
    let all = session(&app, "request_logs", &[]);
    let failed = session(
        &app,
        "request_logs",
        &[("filters", r#"{"filter_request_status":["FAILED"],"filter_http_method":["POST"]}"#)],
    );
    let [mut all, mut failed] = [all, failed].map(|session| Listener::connect(&app, &session));
    app.with_key("sk_test_neighbour").made("/v1/customers", &[]);
    app.got("/v1/customers?limit=3");
    app.get("/v1/customers/cus_none").expect(404);
    let declined = pay(&app, &[("payment_method", "pm_card_chargeDeclined")]);
    let log = |listener: &mut Listener| {
        let message = listener.message();
        assert_eq!(message["type"], "request_log_event");
        assert!(message["request_log_id"].as_str().is_some_and(|id| id.starts_with("resp_")));
        let payload = message["event_payload"].as_str().expect("a payload");
        serde_json::from_str::<Value>(payload).expect("a log")
    };
    let told: Vec<Value> = (0..4).map(|_| log(&mut all)).collect();
    let line = |log: &Value| format!("{} {} {}", log["method"], log["url"], log["status"]);
    let lines: Vec<String> = told.iter().map(line).collect();
    // Its own session was opened before anybody heard it; the second one was heard.
    assert_eq!(
        lines,
        [
            r#""POST" "/v1/stripecli/sessions" 200"#,
            r#""GET" "/v1/customers" 200"#,
            r#""GET" "/v1/customers/cus_none" 404"#,
            r#""POST" "/v1/payment_intents" 402"#,
        ]
    );
    assert_eq!(told[3]["error"]["decline_code"], "generic_decline");
    assert_eq!(
        told[3]["error"].as_object().map(|it| it.contains_key("payment_intent")),
        Some(false)
    );
    assert_eq!(Some(told[3]["request_id"].as_str().expect("an id")), declined.header("request-id"));
    assert_eq!(log(&mut failed), told[3]);
    let wrong = app.post(
        SESSIONS,
        &[
            ("device_name", "laptop"),
            ("websocket_features[]", "request_logs"),
            ("filters", r#"{"filter_mood":["good"]}"#),
        ],
    );
    assert_eq!(wrong.refused(400, "")["param"], "filters");
}

#[test]
fn who_does_not_read_slows_nobody_and_is_dropped() {
    let app = TestApp::start(Road::Local);
    let session = session(&app, "webhooks", &[]);
    let _listener = Listener::connect(&app, &session);
    let id = session["websocket_id"].as_str().expect("an id");
    // What a connection holds by itself fills up first.
    let text = "x".repeat(500);
    let names: Vec<String> = (0..50).map(|number| format!("metadata[{number}]")).collect();
    let mut form: Vec<(&str, &str)> = vec![("name", "Jenny Rosen")];
    form.extend(names.iter().map(|name| (name.as_str(), text.as_str())));
    let mut made = 0;
    // A session that is known is asked for its handshake; nobody takes it by that.
    while refused(&app, id, &[("Upgrade", "h2c")]).status == 400 {
        app.made("/v1/customers", &form);
        made += 1;
        assert!(made < 4_000, "it is never dropped");
    }
    assert!(made > 2, "{made}");
}

#[test]
fn who_lets_the_queue_run_over_is_dropped() {
    let app = TestApp::start(Road::Local);
    let session = session(&app, "request_logs", &[]);
    for _ in 0..500 {
        app.get("/v1/nothing/here").expect(404);
        app.got("/v1/account");
    }
    let mut listener = Listener::connect(&app, &session);
    for _ in 0..500 {
        listener.message();
    }
    drop(listener);

    // One that never connects: a connection that just closed may still be written to.
    let session = self::session(&app, "request_logs", &[]);
    for _ in 0..501 {
        app.got("/v1/account");
    }
    let id = session["websocket_id"].as_str().expect("an id");
    refused(&app, id, &[]).refused(404, "");
}

#[test]
fn a_server_that_stops_says_so() {
    let mut app = TestApp::kept(Road::Local, onfile_store::Options::default());
    let mut listener = Listener::connect(&app, &session(&app, "webhooks", &[]));
    app.stop();
    assert_eq!(listener.hear(), Heard::Closed(1001, "the server stops".to_owned()));
    assert_eq!(listener.hear(), Heard::Gone);
    app.rise();
}
