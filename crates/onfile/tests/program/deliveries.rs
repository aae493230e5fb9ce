//! Events to sinks that fail and hang, from a server that is killed again and again: none is lost,
//! and none comes twice but what was on its way.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::client::{Client, id};
use crate::running::{Folder, Running};
use crate::sink::Sink;
use onfile_store::{Options, Store};

/// Events that happen.
const EVENTS: u64 = 2_000;
/// How often the server is killed meanwhile.
const KILLS: u64 = 4;
/// Clients that make them happen.
const CLIENTS: usize = 8;
/// Deliveries to one endpoint that may be on their way when the server is killed, or sent and not
/// yet written down: what one kill may have sent twice (`limits.rs`: 16 and 64).
const ON_THEIR_WAY: usize = 80;
/// Seconds past every wait of test mode, jitter included.
const PAST_ALL_TRIES: &str = "advance=12000";
/// Variables of every server: an endpoint may take 200 ms.
const VARIABLES: &[(&str, &str)] = &[("ONFILE_WEBHOOK_TIMEOUT_MS", "200")];

/// Makes things happen, each with a number.
fn happen(client: Client, numbers: Range<u64>) {
    let next = AtomicU64::new(numbers.start);
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= numbers.end {
                        return;
                    }
                    let key = format!("customer-{number}");
                    let form = format!("name=Jenny+{number}");
                    let answer = client.ask("POST", "/v1/customers", &key, &form);
                    assert!(answer.is_some_and(|(status, _)| status == 200), "{key}");
                }
            });
        }
    });
}

/// What of this list is not in that state.
fn not_yet(client: Client) -> Vec<String> {
    let all = client.all("/onfile/v1/deliveries");
    let open = all.into_iter().filter(|it| it["status"] != "delivered");
    open.map(|it| id(&it)).collect()
}

#[test]
fn sinks_that_fail_and_hang_lose_nothing() {
    let folder = Folder::new("deliveries");
    let sinks = [Sink::new(1), Sink::new(2)];
    let mut server = Running::start_with(&folder, VARIABLES);
    for sink in &sinks {
        let url = format!("url=http://{}/hook", sink.address);
        let form = format!("{url}&enabled_events[]=customer.created");
        server.client().post("/v1/webhook_endpoints", &form);
    }
    for kill in 1..=KILLS {
        happen(server.client(), EVENTS * (kill - 1) / KILLS..EVENTS * kill / KILLS);
        // A moment of its own for each, so that the kill meets other instants.
        std::thread::sleep(Duration::from_millis(90 * kill));
        server.kill();
        server = Running::start_with(&folder, VARIABLES);
    }
    let client = server.client();
    client.post("/onfile/v1/test/clock", PAST_ALL_TRIES);
    // A third fails each time, so a few were given up: those are sent again by request.
    for _ in 0..30 {
        let open = not_yet(client);
        if open.is_empty() {
            break;
        }
        for delivery in open {
            client.post(&format!("/onfile/v1/deliveries/{delivery}/resend"), "");
        }
        client.post("/onfile/v1/test/clock", PAST_ALL_TRIES);
    }
    assert_eq!(not_yet(client), Vec::<String>::new());

    let events = client.all("/v1/events");
    let happened: Vec<String> =
        events.iter().filter(|event| event["type"] == "customer.created").map(id).collect();
    assert_eq!(happened.len() as u64, EVENTS);
    assert!(events.iter().all(|event| event["pending_webhooks"] == 0));
    for sink in &sinks {
        let taken: BTreeMap<String, usize> = sink.taken();
        let missing = happened.iter().filter(|event| !taken.contains_key(*event)).count();
        assert_eq!(missing, 0, "lost");
        assert_eq!(taken.len(), happened.len(), "what never happened was told");
        let again: usize = taken.values().map(|times| times - 1).sum();
        assert!(again <= ON_THEIR_WAY * KILLS as usize, "{again} came twice");
        let (failed, hung) = sink.refused();
        assert!(failed > 300 && hung > 40, "{failed} {hung}: the sink was too kind");
        assert!(sink.most_at_once() <= 16, "{}", sink.most_at_once());
    }
    server.terminate();
    let store = Store::open(&folder.data(), Options::default()).expect("the store opens");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime starts");
    let violations = runtime.block_on(store.check()).expect("the store can be read");
    assert!(violations.is_empty(), "{violations:?}");
    let log = std::fs::read_to_string(folder.log()).expect("there is a log");
    assert!(!log.contains("ERROR"), "{log}");
}
