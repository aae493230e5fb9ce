//! A clock that is moved while endpoints fail: retries come together, and no later than they may.

use serde_json::Value;

use crate::app::{Road, TestApp};
use crate::payments::pay;
use crate::sink::{FINE, Say, Sink};
use crate::webhooks::endpoint;

const CREATED: &[&str] = &["customer.created"];

/// The deliveries, newest first.
fn deliveries(app: &TestApp) -> Vec<Value> {
    app.got("/onfile/v1/deliveries?limit=100")["data"].as_array().expect("a list").clone()
}

/// Of each delivery's so many tries, when the one of this number was made, in the events' order.
fn instants(app: &TestApp, count: usize, number: usize) -> Vec<i64> {
    let at = |delivery: &Value| {
        let tries = delivery["tries"].as_array().expect("a list");
        assert_eq!(tries.len(), count, "{delivery}");
        tries[number - 1]["at"].as_i64().expect("an instant")
    };
    deliveries(app).iter().rev().map(at).collect()
}

fn advance(app: &TestApp, seconds: i64) {
    app.made("/onfile/v1/test/clock", &[("advance", &seconds.to_string())]);
}

/// What hangs costs a move one timeout for each wait of the schedule, however many events wait.
#[test]
fn retries_to_an_endpoint_that_hangs_are_made_at_one_instant_and_side_by_side() {
    const EVENTS: usize = 40;
    let app = TestApp::hasty();
    let sink = Sink::new();
    sink.says(|_| Say::Hang);
    endpoint(&app, &sink.url(), CREATED);
    (0..EVENTS).for_each(|_| drop(app.customer()));
    for (number, wait) in [(2, 300), (3, 1_800), (4, 7_200)] {
        advance(&app, wait + wait / 10);
        // The wall's clock of a test stands still: what failed, failed at the same instant.
        let (before, last) = (instants(&app, number, number - 1), instants(&app, number, number));
        assert_eq!(last.len(), EVENTS);
        assert!(last.iter().all(|at| *at == last[0]), "{last:?}");
        let waited = last[0] - before[0];
        assert!((wait - wait / 10..=wait + wait / 10).contains(&waited), "{waited}");
    }
    assert!(sink.most_hanging() > 16, "{}", sink.most_hanging());
}

/// The clock stands where something else is due, and no retry that is due before it is made after.
#[test]
fn retries_go_past_nothing_else() {
    let app = TestApp::start(Road::Local);
    let sink = Sink::new();
    sink.says(|_| Say::Status(500, ""));
    endpoint(&app, &sink.url(), CREATED);
    let began = app.got("/onfile/v1/test/clock")["now"].as_i64().expect("a time");
    // A challenge ends after 600 seconds, in the middle of the retries.
    let form = [("payment_method", "pm_card_threeDSecure2Required")];
    assert_eq!(pay(&app, &form).expect(200)["status"], "requires_action");
    advance(&app, 300);
    (0..30).for_each(|_| drop(app.customer()));
    app.quiet();
    let due: Vec<i64> = deliveries(&app)
        .iter()
        .rev()
        .map(|it| it["next_try_at"].as_i64().expect("an instant") - began)
        .collect();
    assert!(due.iter().any(|at| *at < 600) && due.iter().any(|at| *at > 600), "{due:?}");
    advance(&app, 400);
    let failed = app.got("/v1/events?type=payment_intent.payment_failed");
    assert_eq!(failed["data"][0]["created"], began + 600);
    let last_before = due.iter().copied().filter(|at| *at < 600).max();
    let last = due.iter().copied().max();
    for (due, at) in due.iter().zip(instants(&app, 2, 2)) {
        let expected = match *due {
            600 => Some(600),
            ..600 => last_before,
            601.. => last,
        };
        assert_eq!(Some(at - began), expected, "it was due at {due}");
    }
}

/// What is held back for so many seconds comes then, whatever is tried again around it.
#[test]
fn what_is_held_back_has_its_own_instant() {
    let app = TestApp::start(Road::Local);
    let sink = Sink::new();
    sink.says(|_| Say::Status(500, ""));
    endpoint(&app, &sink.url(), CREATED);
    (0..20).for_each(|_| drop(app.customer()));
    app.quiet();
    sink.says(|_| FINE);
    for seconds in ["295", "305"] {
        let form = [("kind", "late"), ("seconds", seconds), ("type", "customer.created")];
        app.made("/onfile/v1/test/faults", &form);
        app.customer();
        app.quiet();
    }
    let created = app.got("/onfile/v1/test/clock")["now"].as_i64().expect("a time");
    advance(&app, 400);
    let held = deliveries(&app);
    let at = |delivery: &Value| delivery["tries"][0]["at"].as_i64().map(|at| at - created);
    assert_eq!([at(&held[1]), at(&held[0])], [Some(295), Some(305)]);
    let again = held[2..].iter().map(|it| it["tries"][1]["at"].as_i64().expect("an instant"));
    assert!(again.map(|at| at - created).all(|at| (270..=330).contains(&at)));
}
