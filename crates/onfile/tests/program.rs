//! The program as people run it: started, killed, started again.

#![expect(clippy::unwrap_used, reason = "a test whose program won't run has failed")]

#[path = "program/client.rs"]
mod client;
#[path = "program/deliveries.rs"]
mod deliveries;
#[path = "program/listening.rs"]
mod listening;
#[path = "program/running.rs"]
mod running;
#[path = "program/sink.rs"]
mod sink;
#[path = "program/tally.rs"]
mod tally;
#[path = "program/tidings.rs"]
mod tidings;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use client::Shopper;
use onfile_store::{Options, Store};
use running::{Folder, Running};

/// How often the server is killed.
const CYCLES: u64 = 10;
/// How often a cycle looks whether something was charged, 5 ms apart.
const WAITS: usize = 6_000;
/// Clients that charge while it is.
const CLIENTS: usize = 8;

/// One charge that was asked for: its idempotency key, and the intent where an answer came.
struct Asked {
    key: String,
    intent: Option<String>,
}

#[test]
fn killed_under_load_it_loses_nothing_and_charges_nobody_twice() {
    let folder = Folder::new("kill");
    let mut server = Running::start(&folder);
    let shopper = Shopper::new(&server.client());
    let number = AtomicU64::new(0);
    let mut asked: Vec<Asked> = Vec::new();
    for cycle in 0..CYCLES {
        asked.extend(charge_until_killed(&mut server, &shopper, &number, cycle));
        server = Running::start(&folder);
        let client = server.client();
        for charge in &mut asked {
            // What was answered is there; what wasn't is asked for again, and is one charge.
            let intent = shopper.charge(&client, &charge.key).expect("a server that runs answers");
            match &charge.intent {
                Some(known) => assert_eq!(*known, intent, "{}", charge.key),
                None => charge.intent = Some(intent),
            }
        }
    }
    let client = server.client();
    let mut charged: Vec<String> = asked.into_iter().filter_map(|charge| charge.intent).collect();
    charged.sort();
    let mut listed = client.all("/v1/payment_intents");
    listed.retain(|intent| intent["setup_future_usage"].is_null());
    let mut ids: Vec<String> = listed.iter().map(client::id).collect();
    ids.sort();
    assert_eq!(ids, charged, "as many intents as keys, each one's own");
    assert!(listed.iter().all(|intent| intent["status"] == "succeeded"));
    let charges = client.all("/v1/charges");
    // One more: the payment that saved the card.
    assert_eq!(charges.len(), listed.len() + 1);
    server.terminate();
    check(&folder);
}

/// Charges from all clients until the server is killed in the middle of it.
fn charge_until_killed(
    server: &mut Running,
    shopper: &Shopper,
    number: &AtomicU64,
    cycle: u64,
) -> Vec<Asked> {
    let asked = Mutex::new(Vec::new());
    let over = AtomicBool::new(false);
    let client = server.client();
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    let key = format!("charge-{}", number.fetch_add(1, Ordering::Relaxed));
                    let intent = shopper.charge(&client, &key);
                    let is_gone = intent.is_none();
                    asked.lock().unwrap().push(Asked { key, intent });
                    if is_gone {
                        break;
                    }
                }
            });
        }
        // In the middle of it, however busy the machine is.
        let is_charged = || asked.lock().unwrap().iter().any(|it: &Asked| it.intent.is_some());
        for _ in 0..WAITS {
            if is_charged() {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        // A moment of its own for each cycle, so that the kill meets other instants.
        std::thread::sleep(Duration::from_millis(120 + 37 * cycle));
        server.kill();
        over.store(true, Ordering::Relaxed);
    });
    let asked = asked.into_inner().unwrap();
    assert!(asked.iter().any(|charge| charge.intent.is_some()), "nothing was charged in a cycle");
    asked
}

/// Everything that must hold, holds, and no card number lies in the open.
fn check(folder: &Folder) {
    let store = Store::open(&folder.data(), Options::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let violations = runtime.block_on(store.check()).unwrap();
    assert!(violations.is_empty(), "{violations:?}");
    let log = std::fs::read_to_string(folder.log()).unwrap();
    assert!(!log.contains("4242424242424242"), "a card number in the log");
    assert!(!log.contains("ERROR"), "{log}");
}

fn fails(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success(), "it should have failed");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn serve(data: &Path, key: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onfile"));
    command.args(["serve", "--port", "0", "--data-dir"]).arg(data);
    command.arg("--master-key-file").arg(key);
    command
}

#[test]
fn a_data_folder_has_one_server() {
    let folder = Folder::new("two");
    let server = Running::start(&folder);
    let said = fails(&mut serve(&folder.data(), &folder.key()));
    assert!(said.contains(&format!("held by process {}", server.pid())), "{said}");
    assert!(said.contains("hint:") && said.contains("--data-dir DIR --port 0"), "{said}");
    drop(server);
    Running::start(&folder).terminate();
}

#[test]
fn a_folder_that_cannot_be_made_names_the_ways_out() {
    let folder = Folder::new("nowhere");
    std::fs::write(folder.log(), "a file").unwrap();
    let said = fails(&mut serve(&folder.log().join("data"), &folder.key()));
    assert!(said.contains("hint:") && said.contains("--data-dir DIR"), "{said}");
    assert!(said.contains("--ephemeral"), "{said}");
}

#[test]
fn a_port_that_is_taken_names_the_ways_out() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_onfile"));
    let said = fails(command.args(["--ephemeral", "--port", &port]));
    assert!(said.contains(&port) && said.contains("hint:") && said.contains("--port 0"), "{said}");
}

#[test]
fn a_master_key_is_looked_at() {
    let folder = Folder::new("key");
    let inside = folder.data().join("master.key");
    let said = fails(&mut serve(&folder.data(), &inside));
    assert!(said.contains("inside the data folder") && said.contains("hint:"), "{said}");

    Running::start(&folder).terminate();
    running::set_mode(&folder.key(), 0o644);
    let said = fails(&mut serve(&folder.data(), &folder.key()));
    assert!(said.contains("mode 0644") && said.contains("chmod 600"), "{said}");

    std::fs::remove_file(folder.key()).unwrap();
    let said = fails(&mut serve(&folder.data(), &folder.key()));
    assert!(said.contains("there is no master key"), "{said}");

    std::fs::write(folder.key(), "00".repeat(32)).unwrap();
    running::set_mode(&folder.key(), 0o600);
    let said = fails(&mut serve(&folder.data(), &folder.key()));
    assert!(said.contains("hint: is ONFILE_MASTER_KEY_FILE"), "{said}");
}

#[test]
fn what_was_kept_is_there_again() {
    let folder = Folder::new("again");
    let server = Running::start(&folder);
    let shopper = Shopper::new(&server.client());
    let first = shopper.charge(&server.client(), "once").unwrap();
    server.terminate();
    let server = Running::start(&folder);
    assert_eq!(shopper.charge(&server.client(), "once").unwrap(), first);
    assert_ne!(shopper.charge(&server.client(), "twice").unwrap(), first);
    server.terminate();
    check(&folder);
}

#[test]
fn whoever_waits_for_events_is_answered_when_it_ends() {
    let folder = Folder::new("wait");
    let server = Running::start(&folder);
    let client = server.client();
    client.post("/v1/customers", "");
    let waiter = std::thread::spawn(move || {
        client.ask("GET", "/onfile/v1/test/events/wait?count=1&timeout=25", "", "")
    });
    // The wait has begun by then; where it hasn't, the server is gone and the test fails.
    std::thread::sleep(Duration::from_secs(1));
    server.terminate();
    let (status, body) = waiter.join().unwrap().expect("an answer");
    assert_eq!((status, &body["complete"]), (200, &serde_json::json!(false)), "{body}");
    let log = std::fs::read_to_string(folder.log()).unwrap();
    assert!(!log.contains("still running"), "{log}");
}

#[test]
fn it_ends_with_its_standard_input_where_it_is_told_to() {
    let mut server = Command::new(env!("CARGO_BIN_EXE_onfile"))
        .args(["--ephemeral", "--port", "0", "--print-json", "--log", "warn"])
        .arg("--until-stdin-ends")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input = server.stdin.take().unwrap();
    let mut said = BufReader::new(server.stdout.take().unwrap());
    said.read_line(&mut String::new()).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    assert!(server.try_wait().unwrap().is_none(), "it ended although somebody was there");
    drop(input);
    let (ended, wait) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        // What it says ends when it does.
        said.read_to_string(&mut String::new()).unwrap();
        ended.send(()).ok();
    });
    if wait.recv_timeout(Duration::from_secs(30)).is_err() {
        server.kill().unwrap();
        panic!("it runs on, and nobody is there");
    }
    assert!(server.wait().unwrap().success());
}

#[test]
fn it_listens_on_loopback_only() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onfile"));
    let said = fails(command.args(["--ephemeral", "--port", "0", "--host", "0.0.0.0"]));
    assert!(said.contains("not loopback") && said.contains("hint: --test-only"), "{said}");
}

#[test]
fn a_full_world_names_the_variable_that_bounds_it() {
    let variable = "ONFILE_ROWS_PER_WORLD";
    let folder = Folder::new("rows");
    let server = Running::start_with(&folder, &[(variable, "1")]);
    let make = || server.client().ask("POST", "/v1/customers", "", "").unwrap();
    assert_eq!(make().0, 200);
    let (status, body) = make();
    assert_eq!(status, 400, "{body}");
    let message = body["error"]["message"].as_str().unwrap();
    assert!(message.contains(variable), "{message}");
}

#[test]
fn it_explains_codes_and_plays_the_tour() {
    let run = |words: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_onfile")).args(words).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (done, said) = run(&["explain", "authentication_required"]);
    assert!(done && said.starts_with("authentication_required\n"), "{said}");
    let (done, said) = run(&["explain", "S11"]);
    assert!(done && said.contains("no transaction that the bank knows"), "{said}");
    assert!(!run(&["explain", "nonsense"]).0);
    let (done, said) = run(&["tour"]);
    assert!(done, "{said}");
    assert!(said.contains("succeeded by charge"), "{said}");
    assert!(said.contains("6. A bank that says no"), "{said}");
    assert!(said.contains("S23  The bank approves."), "{said}");
    assert!(!said.contains("Not explained"), "{said}");
}
