//! `onfile listen`: events at an app, from a server that comes and goes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::client::id;
use crate::running::{Folder, Running};

/// How long something that must come may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A certificate for this machine, with its key and the CA that it is of: nobody else has them.
const CERTIFICATE: &[u8] = include_bytes!("../../../onfile-server/tests/api/tls/cert.pem");
const KEY: &[u8] = include_bytes!("../../../onfile-server/tests/api/tls/key.pem");
const CA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../onfile-server/tests/api/tls/ca.pem");

/// A connection to an app.
trait Line: Read + Write {}

impl<T: Read + Write> Line for T {}

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
        Shop::open_as(|stream| Some(Box::new(stream)))
    }

    /// An app on https, whose certificate is of a CA that the system does not know.
    fn open_by_tls() -> Shop {
        let certificate = CertificateDer::from_pem_slice(CERTIFICATE).expect("a certificate");
        let key = PrivateKeyDer::from_pem_slice(KEY).expect("its key");
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ServerConfig::builder_with_provider(provider);
        let builder = builder.with_safe_default_protocol_versions().expect("TLS 1.3");
        let builder = builder.with_no_client_auth();
        let config = Arc::new(builder.with_single_cert(vec![certificate], key).expect("they fit"));
        Shop::open_as(move |mut stream| {
            let mut connection = ServerConnection::new(Arc::clone(&config)).ok()?;
            // Who does not trust us goes away here.
            while connection.is_handshaking() {
                connection.complete_io(&mut stream).ok()?;
            }
            Some(Box::new(StreamOwned::new(connection, stream)))
        })
    }

    fn open_as(mut open: impl FnMut(TcpStream) -> Option<Box<dyn Line>> + Send + 'static) -> Shop {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let status = Arc::new(AtomicU16::new(200));
        let (say, came) = channel();
        let answer = Arc::clone(&status);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Some(stream) = open(stream) else { continue };
                let mut reader = BufReader::new(stream);
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
                reader.get_mut().write_all(told.as_bytes()).expect("an answer goes");
                reader.get_mut().flush().expect("an answer goes");
            }
        });
        Shop { address, status, came }
    }
}

/// A listener that runs; ended when dropped.
struct Listening {
    child: Child,
    lines: Receiver<Value>,
    /// What it says beside them.
    said: Receiver<String>,
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
        Listening::run(listen(port, more))
    }

    fn run(mut command: Command) -> Listening {
        command.arg("--print-json").stdout(Stdio::piped()).stderr(Stdio::piped());
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
        let errors = child.stderr.take().expect("it has a standard error");
        let (tell, said) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(errors).lines().map_while(Result::ok) {
                drop(tell.send(line));
            }
        });
        Listening { child, lines, said }
    }

    /// The next that it says with this text in it.
    #[track_caller]
    fn says(&self, text: &str) -> String {
        loop {
            let line = self.said.recv_timeout(PATIENCE).expect("it says so");
            if line.contains(text) {
                return line;
            }
        }
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
    let failed = listening.next();
    assert_eq!(failed["status"], 500);
    shop.status.store(200, Ordering::SeqCst);

    // The server dies and comes back: it is the same secret, and events come again. It says where
    // those in between are.
    server.kill();
    server = Running::start_at(&folder, port, &[]);
    assert_eq!(listening.next()["secret"], secret);
    let customer = id(&server.client().post("/v1/customers", ""));
    let event = listening.next();
    assert_eq!(event["event"]["data"]["object"]["id"], customer);
    let line = listening.says("not forwarded");
    let behind = format!("/v1/events?ending_before={}", failed["id"].as_str().expect("an id"));
    assert!(line.contains(&format!("GET {behind} ")), "{line}");
    let (_, page) = server.client().ask("GET", &behind, "", "").expect("it answers");
    assert_eq!(page["data"][0]["id"], event["id"]);
    server.terminate();
}

#[test]
fn an_app_on_https_is_trusted_by_its_certificate_or_by_request() {
    let folder = Folder::new("listening-tls");
    let server = Running::start(&folder);
    let (client, port) = (server.client(), server.client().0.port());
    let shop = Shop::open_by_tls();
    let to = format!("https://localhost:{}/hook", shop.address.port());
    let listening = |more: &[&str], trusts: bool| {
        let mut command = listen(port, more);
        command.args(["--forward-to", &to]).env_remove("SSL_CERT_DIR");
        match trusts {
            true => command.env("SSL_CERT_FILE", CA),
            false => command.env_remove("SSL_CERT_FILE"),
        };
        let listening = Listening::run(command);
        assert_eq!(listening.next()["forward_to"], to);
        listening
    };
    let stranger = listening(&[], false);
    let friend = listening(&[], true);
    let careless = listening(&["--skip-verify"], false);
    client.post("/v1/customers", "");
    let line = stranger.next();
    let error = line["error"].as_str().expect("an error");
    assert!(error.contains("--skip-verify") && error.contains("certificate"), "{error}");
    for taken in [&friend, &careless] {
        assert_eq!(taken.next()["status"], 200);
        let (head, _) = shop.came.recv_timeout(PATIENCE).expect("an event comes");
        assert!(head.starts_with("post /hook http/1.1\r\n"), "{head}");
    }
    assert!(shop.came.try_recv().is_err(), "nothing is sent to whom nobody trusts");
}

/// A proxy would go where the guard of addresses says no.
#[test]
fn no_proxy_of_the_environment_is_asked() {
    let proxy = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    let address = format!("http://{}", proxy.local_addr().expect("a listener has an address"));
    let named =
        ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
    let named = named.map(|name| (name, address.as_str()));
    let variables: Vec<_> = named.into_iter().chain([("no_proxy", ""), ("NO_PROXY", "")]).collect();
    let folder = Folder::new("no-proxy");
    let server = Running::start_with(&folder, &variables);
    let (client, port) = (server.client(), server.client().0.port());
    let (registered, listened) = (Shop::open(), Shop::open());
    let url = |shop: &Shop| format!("http://localhost:{}/hook", shop.address.port());
    let form = format!("url={}&enabled_events[]=customer.created", url(&registered));
    client.post("/v1/webhook_endpoints", &form);
    let mut command = listen(port, &["--forward-to", &url(&listened)]);
    command.envs(variables);
    let listening = Listening::run(command);
    assert!(listening.next()["secret"].is_string());
    client.post("/v1/customers", "");
    for shop in [&registered, &listened] {
        let (head, _) = shop.came.recv_timeout(PATIENCE).expect("an event comes");
        assert!(head.starts_with("post /hook http/1.1\r\n"), "{head}");
    }
    proxy.set_nonblocking(true).expect("it can be asked");
    let asked = proxy.accept().map(|(_, who)| who).map_err(|error| error.kind());
    assert_eq!(asked, Err(std::io::ErrorKind::WouldBlock));
}

#[test]
fn some_events_in_the_latest_version_at_nobody() {
    let folder = Folder::new("listening-some");
    let server = Running::start(&folder);
    let (client, port) = (server.client(), server.client().0.port());
    let some = Listening::start(port, &["--events", "customer.deleted,charge.*", "--latest"]);
    let never = Listening::start(port, &["--events", "invoice.paid,customer.created"]);
    never.says("note: this server never sends 'invoice.paid'.");
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
        (["--forward-to", "ftp://127.0.0.1/"], "no http:// address"),
        (["--forward-to", "not_a_url"], "--forward-to: not_a_url has no scheme and no port"),
        (["--forward-to", "http:///hook"], "has no host"),
        (["--events", "charge.failed,chrage.*"], "'chrage.*' is no type of event. Did you mean"),
        (["--base-url", "https://127.0.0.1/"], "speaks no TLS"),
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
