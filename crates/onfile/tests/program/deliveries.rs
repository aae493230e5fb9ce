//! Events to sinks that fail and hang, from a server that is killed again and again, while they
//! happen and while the clock is moved: none is lost, and none comes twice but what was on its way.
//!
//! `ONFILE_EVENTS` makes it longer: `cargo xtask proof deliveries` plays 100,000.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use onfile_store::{Options, Store};

use crate::client::{Client, id};
use crate::running::{Folder, Running};
use crate::sink::Sink;
use crate::tally::Tally;

/// Events that happen, unless the environment says otherwise.
const EVENTS: u64 = 2_000;
/// The fewest kills while they happen; half as many more come while the clock is moved.
const KILLS: u64 = 4;
/// Where many events happen, one kill for so many.
const EVENTS_A_KILL: u64 = 5_000;
/// Clients that make them happen.
const CLIENTS: usize = 8;
/// Moves the clock.
const CLOCK: &str = "/onfile/v1/test/clock";
/// Variables of every server: an endpoint may take 200 ms.
const VARIABLES: &[(&str, &str)] = &[("ONFILE_WEBHOOK_TIMEOUT_MS", "200")];
/// Moves of the clock, of five minutes each, behind which no try comes by itself: twice as many as
/// the waits of test mode add up to.
const MOVES: u32 = 80;
/// How often what was given up is sent again: a third of it fails each time.
const ROUNDS: u32 = 40;
/// How often something that must come is looked for, [`PAUSE`] apart: ten minutes.
const LOOKS: u32 = 120_000;
const PAUSE: Duration = Duration::from_millis(5);

/// A server that is killed and comes back, with what it sends to.
struct Stage {
    folder: Folder,
    server: Running,
    sinks: [Sink; 2],
    kills: u64,
}

impl Stage {
    fn new() -> Stage {
        let folder = Folder::new("deliveries");
        let server = Running::start_with(&folder, VARIABLES);
        let sinks = [1, 2].map(|seed| {
            let sink = Sink::new(seed);
            let url = format!("url=http://{}/hook", sink.address);
            let form = format!("{url}&enabled_events[]=customer.created");
            let made = server.client().post("/v1/webhook_endpoints", &form);
            sink.named(&id(&made))
        });
        Stage { folder, server, sinks, kills: 0 }
    }

    /// `kill -9`, and another one begins with what it left.
    fn kill(&mut self) {
        self.server.kill();
        self.server = Running::start_with(&self.folder, VARIABLES);
        self.kills += 1;
    }

    /// Requests that came to the sinks.
    fn came(&self) -> u64 {
        self.sinks.iter().map(Sink::came).sum()
    }

    /// Makes so many things happen, and kills the server meanwhile.
    fn happen(&mut self, events: u64, kills: u64) {
        let (next, server) = (AtomicU64::new(0), Mutex::new(self.server.client()));
        std::thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= events {
                            return;
                        }
                        make(&server, number);
                    }
                });
            }
            for kill in 1..=kills {
                let at = events * kill / (kills + 1);
                until("it goes on", || next.load(Ordering::Relaxed) >= at);
                self.kill();
                *server.lock().expect("nobody panics with it") = self.server.client();
            }
        });
    }

    /// Moves the clock to where tries come again, and kills the server on the way.
    fn killed_on_the_move(&mut self, kills: u64) {
        // The first wait is 300 seconds, give or take a tenth.
        self.server.client().post(CLOCK, "advance=270");
        for kill in 1..=kills {
            let (client, came) = (self.server.client(), self.came());
            std::thread::scope(|scope| {
                let moving = scope.spawn(|| client.ask("POST", CLOCK, "", "advance=20"));
                // Each at another number of tries.
                let some = 20 + 7 * kill;
                until("it sends", || moving.is_finished() || self.came() >= came + some);
                self.kill();
            });
        }
    }

    /// Moves the clock until no try is to come by itself.
    fn wait_out(&self) {
        let (client, mut moves) = (self.server.client(), 0);
        until("every try is made", || {
            moves += 1;
            assert!(moves <= MOVES, "a try is still to come");
            client.post(CLOCK, "advance=300");
            client.first("/onfile/v1/deliveries?status=pending").is_none()
        });
    }

    /// What was given up is sent again by request, until it arrives: how many those were, and in
    /// how many requests.
    fn resend(&self) -> (u64, u64) {
        let client = self.server.client();
        let (mut given_up, mut asked, mut rounds) = (0, 0, 0);
        until("what was given up arrives", || {
            rounds += 1;
            assert!(rounds <= ROUNDS, "it is given up again and again");
            let failed = client.all("/onfile/v1/deliveries?status=failed");
            for delivery in &failed {
                client.post(&format!("/onfile/v1/deliveries/{}/resend", id(delivery)), "");
            }
            // The clock moves when what is due was sent.
            client.post(CLOCK, "advance=1");
            let count = failed.len() as u64;
            (given_up, asked) = (given_up.max(count), asked + count);
            failed.is_empty()
        });
        (given_up, asked)
    }
}

/// Makes a thing happen, once: under its key it can be asked for as often as it takes.
fn make(server: &Mutex<Client>, number: u64) {
    let (key, form) = (format!("customer-{number}"), format!("name=Jenny+{number}"));
    until(&key, || {
        let client = *server.lock().expect("nobody panics with it");
        // Who was killed says nothing; whoever answers says yes.
        let answer = client.ask("POST", "/v1/customers", &key, &form);
        answer.is_some_and(|(status, body)| {
            assert_eq!(status, 200, "{key}: {body}");
            true
        })
    });
}

#[track_caller]
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..LOOKS {
        if is_so() {
            return;
        }
        std::thread::sleep(PAUSE);
    }
    panic!("not in {} s: {what}", (LOOKS * PAUSE).as_secs());
}

#[test]
fn sinks_that_fail_and_hang_lose_nothing() {
    let events = std::env::var("ONFILE_EVENTS");
    let events = events.map_or(EVENTS, |count| count.parse().expect("ONFILE_EVENTS is a number"));
    let kills = KILLS.max(events / EVENTS_A_KILL);
    let mut stage = Stage::new();
    stage.happen(events, kills);
    stage.killed_on_the_move(kills / 2);
    stage.wait_out();
    let (given_up, asked) = stage.resend();
    assert!(given_up > 0, "the sinks were too kind");

    let client = stage.server.client();
    let tally = Tally::of(client, &stage.sinks);
    assert_eq!(tally.events, events);
    tally.check(stage.kills);
    until("what hung is let go of", || stage.sinks.iter().all(|sink| sink.hanging() == 0));
    let Tally { deliveries, tries, failed, hung, twice, .. } = tally;
    let kills = stage.kills;
    eprintln!(
        "| {events} | {deliveries} | {kills} | {tries} | {failed} | {hung} | {twice} | {given_up} \
         | {asked} |"
    );
    let Stage { folder, server, .. } = stage;
    server.terminate();
    let store = Store::open(&folder.data(), Options::default()).expect("the store opens");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime starts");
    let violations = runtime.block_on(store.check()).expect("the store can be read");
    assert!(violations.is_empty(), "{violations:?}");
    let log = std::fs::read_to_string(folder.log()).expect("there is a log");
    assert!(!log.contains("ERROR"), "{log}");
}
