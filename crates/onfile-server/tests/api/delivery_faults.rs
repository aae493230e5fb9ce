//! Deliveries that go wrong on purpose, and events whose arrival is waited for.

use std::time::Duration;

use onfile_store::Options;
use serde_json::{Value, json};

use crate::app::{Road, TestApp, id, on_both_roads, until};
use crate::payments::pay;
use crate::sink::{FINE, Say, Sink, text};
use crate::webhooks::endpoint;

const FAULTS: &str = "/onfile/v1/test/faults";
const CREATED: &[&str] = &["customer.created"];

/// The deliveries, newest first.
fn deliveries(app: &TestApp) -> Vec<Value> {
    app.got("/onfile/v1/deliveries?limit=100")["data"].as_array().expect("a list").clone()
}

/// The customers whose events a sink heard of, in its order.
fn customers(sink: &Sink) -> Vec<String> {
    sink.heard().iter().map(|it| id(&it.json()["data"]["object"])).collect()
}

/// Of each try: what it was answered with, and which fault made it.
fn tries(delivery: &Value) -> Vec<(Option<i64>, Option<&str>)> {
    let tries = delivery["tries"].as_array().expect("a list");
    tries.iter().map(|it| (it["http_status"].as_i64(), it["fault"].as_str())).collect()
}

fn hits(app: &TestApp) -> Vec<i64> {
    let all = app.got(FAULTS);
    let all = all["data"].as_array().expect("a list");
    all.iter().map(|it| it["hits"].as_i64().expect("a number")).collect()
}

#[test]
fn a_try_fails_without_being_made() {
    on_both_roads(|app| {
        let sink = Sink::new();
        endpoint(app, &sink.url(), CREATED);
        let form = [("kind", "fail"), ("status", "503"), ("count", "2"), ("type", "customer.*")];
        let fault = app.made(FAULTS, &form);
        let expected = json!({"id": id(&fault), "object": "fault", "count": 2, "delay": null,
            "hits": 0, "kind": "fail", "method": null, "path": "*", "rate": null,
            "seconds": null, "status": 503, "type": "customer.*", "webhook_endpoint": null});
        assert_eq!(fault, expected);
        app.customer();
        app.quiet();
        for seconds in [400, 2_000] {
            assert_eq!(deliveries(app)[0]["status"], "pending");
            assert_eq!(sink.heard().len(), 0);
            app.made("/onfile/v1/test/clock", &[("advance", &seconds.to_string())]);
        }
        assert_eq!(sink.heard().len(), 1);
        let log = &deliveries(app)[0];
        assert_eq!(
            tries(log),
            [(Some(503), Some("fail")), (Some(503), Some("fail")), (Some(200), None)]
        );
        assert_eq!((&log["status"], &log["faults"]), (&json!("delivered"), &json!(["fail"])));
        assert_eq!(hits(app), [2]);
        // The next one is none of its business.
        app.customer();
        until("it arrives", || sink.heard().len() == 2);
    });
}

#[test]
fn a_fault_that_says_gone_disables_its_endpoint() {
    let app = TestApp::start(Road::Local);
    let sink = Sink::new();
    let made = endpoint(&app, &sink.url(), CREATED);
    app.made(FAULTS, &[("kind", "fail"), ("status", "410")]);
    app.customer();
    let path = format!("/v1/webhook_endpoints/{}", id(&made));
    until("it is disabled", || app.got(&path)["status"] == "disabled");
    assert_eq!(sink.heard().len(), 0);
}

#[test]
fn what_was_taken_comes_twice() {
    on_both_roads(|app| {
        let sink = Sink::new();
        let made = endpoint(app, &sink.url(), CREATED);
        // A try that isn't taken is not what this fault is about.
        let mut first = true;
        sink.says(move |_| match std::mem::take(&mut first) {
            true => Say::Status(500, ""),
            false => FINE,
        });
        app.made(FAULTS, &[("kind", "twice"), ("webhook_endpoint", &id(&made))]);
        app.customer();
        app.quiet();
        assert_eq!((sink.heard().len(), hits(app)), (1, vec![0]));
        app.made("/onfile/v1/test/clock", &[("advance", "400")]);
        let heard = sink.heard();
        assert_eq!(heard.len(), 3);
        assert!(heard.iter().all(|it| it.body == heard[0].body), "it is the same event");
        let log = &deliveries(app)[0];
        assert_eq!(tries(log), [(Some(500), None), (Some(200), None), (Some(200), Some("twice"))]);
        assert_eq!((&log["status"], &log["faults"]), (&json!("delivered"), &json!(["twice"])));
        // Taken at once, it comes with the very same bytes all the same.
        app.made(FAULTS, &[("kind", "twice"), ("rate", "100"), ("path", "/hook")]);
        for count in 1..=5 {
            app.customer();
            app.quiet();
            let heard = sink.heard();
            assert_eq!(heard.len(), 3 + 2 * count);
            assert_eq!(heard[heard.len() - 1].body, heard[heard.len() - 2].body);
        }
        assert_eq!(hits(app), [5], "what has struck as often as it should makes room");
        // What is sent again because somebody asks for it comes as often as they ask.
        let again = format!("/onfile/v1/deliveries/{}/resend", id(&deliveries(app)[0]));
        app.made(&again, &[]);
        app.quiet();
        assert_eq!(sink.heard().len(), 14);
    });
}

#[test]
fn what_is_late_comes_by_the_worlds_clock_even_after_a_crash() {
    let mut app = TestApp::kept(Road::Local, Options::default());
    let sink = Sink::new();
    endpoint(&app, &sink.url(), CREATED);
    app.made(FAULTS, &[("kind", "late"), ("seconds", "3600")]);
    let [late, prompt] = [app.customer(), app.customer()];
    app.quiet();
    assert_eq!(customers(&sink), [prompt.as_str()]);
    let log = &deliveries(&app)[1];
    assert_eq!((&log["status"], &log["faults"]), (&json!("pending"), &json!(["late"])));
    assert_eq!(
        (tries(log), log["next_try_at"].as_i64()),
        (vec![], log["created"].as_i64().map(|it| it + 3_600))
    );
    app.made("/onfile/v1/test/clock", &[("advance", "3599")]);
    app.die();
    app.rise();
    app.quiet();
    assert_eq!(sink.heard().len(), 1);
    app.made("/onfile/v1/test/clock", &[("advance", "1")]);
    assert_eq!(customers(&sink), [prompt, late]);
    let log = &deliveries(&app)[1];
    assert_eq!((&log["status"], &log["faults"]), (&json!("delivered"), &json!(["late"])));
    app.check();
}

#[test]
fn what_is_out_of_order_is_overtaken_by_the_next_one() {
    on_both_roads(|app| {
        let (sink, other) = (Sink::new(), Sink::new());
        let made = endpoint(app, &sink.url(), CREATED);
        endpoint(app, &other.url(), CREATED);
        let form = [("kind", "out_of_order"), ("rate", "100"), ("webhook_endpoint", &id(&made))];
        app.made(FAULTS, &form);
        let [one, two, three, four] = [(); 4].map(|()| {
            let customer = app.customer();
            app.quiet();
            customer
        });
        app.quiet();
        let expected = [two.clone(), one.clone(), four.clone(), three.clone()];
        assert_eq!(customers(&sink), expected);
        assert_eq!(customers(&other), [one, two, three, four]);
        assert_eq!(hits(app), [2]);
        let suffered: Vec<Value> = deliveries(app)
            .into_iter()
            .filter(|it| it["webhook_endpoint"] == made["id"])
            .map(|it| it["faults"].clone())
            .collect();
        let [held, free] = [json!(["out_of_order"]), json!([])];
        assert_eq!(suffered, [free.clone(), held.clone(), free, held]);
    });
}

#[test]
fn the_events_of_one_call_come_out_of_order() {
    let app = TestApp::start(Road::Local);
    let sink = Sink::new();
    endpoint(&app, &sink.url(), &["payment_intent.created", "charge.succeeded"]);
    app.made(FAULTS, &[("kind", "out_of_order"), ("type", "payment_intent.created")]);
    pay(&app, &[("payment_method", "pm_card_visa")]).expect(200);
    app.quiet();
    assert_eq!(sink.types(), ["charge.succeeded", "payment_intent.created"]);
}

#[test]
fn what_nothing_overtakes_comes_a_minute_later() {
    let mut app = TestApp::kept(Road::Local, Options::default());
    let sink = Sink::new();
    endpoint(&app, &sink.url(), CREATED);
    let hold = |app: &TestApp| {
        app.made(FAULTS, &[("kind", "out_of_order")]);
        let held = app.customer();
        app.quiet();
        assert_eq!(deliveries(app)[0]["faults"], json!(["out_of_order"]));
        held
    };
    let first = hold(&app);
    app.made("/onfile/v1/test/clock", &[("advance", "59")]);
    assert_eq!(sink.heard().len(), 0);
    app.made("/onfile/v1/test/clock", &[("advance", "1")]);
    assert_eq!(customers(&sink), [first.as_str()]);

    // A later one that fails overtakes nothing.
    let second = hold(&app);
    app.made(FAULTS, &[("kind", "fail")]);
    let third = app.customer();
    app.quiet();
    assert_eq!(sink.heard().len(), 1);
    app.made("/onfile/v1/test/clock", &[("advance", "400")]);
    assert_eq!(customers(&sink)[1..], [second, third]);

    // A crash forgets who is waited for, and not that it waits.
    let held = hold(&app);
    app.die();
    app.rise();
    let later = app.customer();
    app.quiet();
    assert_eq!(customers(&sink)[3..], [later.as_str()]);
    app.made("/onfile/v1/test/clock", &[("advance", "60")]);
    assert_eq!(customers(&sink)[3..], [later, held]);
    app.check();
}

#[test]
fn what_is_held_goes_and_comes_with_its_world() {
    let app = TestApp::start(Road::Local);
    let sink = Sink::new();
    endpoint(&app, &sink.url(), CREATED);
    app.made(FAULTS, &[("kind", "out_of_order"), ("rate", "100")]);
    let held = app.customer();
    app.quiet();
    let taken = id(&app.made("/onfile/v1/test/snapshots", &[]));
    app.made("/onfile/v1/test/reset", &[]);
    assert_eq!(app.got(FAULTS)["data"], json!([]));
    app.made(&format!("/onfile/v1/test/snapshots/{taken}/restore"), &[]);
    assert_eq!(sink.heard().len(), 0);
    app.made("/onfile/v1/test/clock", &[("advance", "60")]);
    assert_eq!(customers(&sink), [held]);
}

#[test]
fn faults_strike_whom_they_are_for() {
    let app = TestApp::start(Road::Local);
    let (one, two) = (Sink::new(), Sink::new());
    let first = endpoint(&app, &format!("http://{}/orders/hook?a=b", one.address), &["*"]);
    endpoint(&app, &format!("http://{}/shop/hook", two.address), &["*"]);
    for form in [
        &[("kind", "fail"), ("path", "/orders/*"), ("rate", "100"), ("type", "*.created")][..],
        &[("kind", "fail"), ("path", "/shop/*"), ("type", "charge.*"), ("rate", "100")],
        &[("kind", "fail"), ("type", "charge.*"), ("rate", "100")],
    ] {
        app.made(FAULTS, form);
    }
    let customer = app.customer();
    app.made(&format!("/v1/customers/{customer}"), &[("name", "Jenny")]);
    app.quiet();
    assert_eq!((one.types(), two.types().len()), (vec!["customer.updated".to_owned()], 2));
    assert_eq!(hits(&app), [1, 0, 0]);
    app.made("/onfile/v1/test/reset", &[]);

    // A share of them.
    endpoint(&app, &one.url(), CREATED);
    app.made(FAULTS, &[("kind", "fail"), ("rate", "50")]);
    (0..100).for_each(|_| drop(app.customer()));
    app.quiet();
    let heard = one.heard().len() - 1;
    assert!((25..=75).contains(&heard), "{heard}");

    // Another world, a deleted endpoint, and what is no endpoint.
    let missing = |app: &TestApp, endpoint: &str| {
        let form = [("kind", "twice"), ("webhook_endpoint", endpoint)];
        app.post(FAULTS, &form).refused(400, "resource_missing")["param"].clone()
    };
    for endpoint in [&id(&first), "we_1"] {
        assert_eq!(missing(&app, endpoint), "webhook_endpoint");
    }
}

/// Whatever goes wrong with how much, every event arrives, and comes twice where it should.
#[test]
fn nothing_is_lost() {
    let app = TestApp::start(Road::Local);
    let sinks = [Sink::new(), Sink::new()];
    sinks.iter().for_each(|sink| drop(endpoint(&app, &sink.url(), CREATED)));
    for (kind, rate, more) in [
        ("late", "20", ("seconds", "90")),
        ("out_of_order", "30", ("seconds", "30")),
        ("fail", "20", ("status", "500")),
        ("twice", "40", ("type", "customer.*")),
    ] {
        app.made(FAULTS, &[("kind", kind), ("rate", rate), more]);
    }
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..60).for_each(|_| drop(app.customer())));
        }
    });
    // Three waits at most; of 1,000 deliveries fewer than two fail four times.
    app.made("/onfile/v1/test/clock", &[("advance", "20000")]);
    let mut cursor = String::new();
    let (mut all, mut failed, mut twice) = (0, 0, 0);
    loop {
        let page = app.got(&format!("/onfile/v1/deliveries?limit=100{cursor}"));
        let items = page["data"].as_array().expect("a list");
        all += items.len();
        let suffers = |it: &Value, fault: &str| {
            it["faults"].as_array().is_some_and(|faults| faults.contains(&json!(fault)))
        };
        for it in items {
            let taken = tries(it).iter().filter(|(status, _)| *status == Some(200)).count();
            let expected = match (it["status"].as_str(), suffers(it, "twice")) {
                (Some("delivered"), false) => 1,
                (Some("delivered"), true) => 2,
                (Some("failed"), false) => 0,
                _ => panic!("{it}"),
            };
            assert_eq!(taken, expected, "{it}");
            failed += usize::from(expected == 0);
            twice += usize::from(expected == 2);
        }
        if page["has_more"] == false {
            break;
        }
        cursor = format!("&starting_after={}", id(&items[items.len() - 1]));
    }
    assert_eq!(all, 480);
    assert!(failed < 10 && twice > 100, "{failed} {twice}");
    let heard: usize = sinks.iter().map(|sink| sink.heard().len()).sum();
    assert_eq!(heard, all - failed + twice);
}

#[test]
fn delivery_faults_that_there_are_not() {
    let app = TestApp::start(Road::Local);
    endpoint(&app, "http://127.0.0.1:9/hook?a=b", CREATED);
    let gone = endpoint(&app, "http://127.0.0.1:9/gone", CREATED);
    app.call("DELETE", &format!("/v1/webhook_endpoints/{}", id(&gone))).send().expect(200);
    for (form, code, param) in [
        (&[("kind", "late")][..], "parameter_missing", "seconds"),
        (&[("kind", "late"), ("seconds", "0")], "parameter_invalid_integer", "seconds"),
        (&[("kind", "late"), ("seconds", "2592001")], "", "seconds"),
        (&[("kind", "late"), ("seconds", "1"), ("delay", "1")], "", "delay"),
        (&[("kind", "twice"), ("seconds", "1")], "", "seconds"),
        (&[("kind", "twice"), ("status", "500")], "", "status"),
        (&[("kind", "twice"), ("method", "POST")], "", "method"),
        (&[("kind", "fail"), ("status", "200")], "parameter_invalid_integer", "status"),
        (&[("kind", "fail"), ("status", "600")], "", "status"),
        (&[("kind", "fail"), ("type", "****")], "", "type"),
        (&[("kind", "fail"), ("path", "****")], "", "path"),
        (&[("kind", "fail"), ("type", "custmer.*")], "", "type"),
        (&[("kind", "fail"), ("type", "*.craeted")], "", "type"),
        (&[("kind", "late"), ("seconds", "1"), ("type", "invoice.paid")], "", "type"),
        (&[("kind", "fail"), ("path", "hook")], "", "path"),
        (&[("kind", "fail"), ("path", "/nowhere")], "", "path"),
        (&[("kind", "fail"), ("path", "/gone")], "", "path"),
        (&[("kind", "slow"), ("delay", "1"), ("seconds", "1")], "", "seconds"),
        (&[("kind", "lost"), ("type", "charge.*")], "", "type"),
        (&[("kind", "lost"), ("webhook_endpoint", "we_1")], "", "webhook_endpoint"),
    ] {
        let error = app.post(FAULTS, form).refused(400, code);
        assert_eq!(error["param"], param, "{form:?}: {error}");
    }
    assert_eq!(app.got(FAULTS)["data"], json!([]));
}

#[test]
fn events_are_waited_for_until_they_arrive() {
    let app = TestApp::start(Road::Local);
    let (sink, other) = (Sink::new(), Sink::new());
    endpoint(&app, &sink.url(), CREATED);
    endpoint(&app, &other.url(), CREATED);
    let wait = |query: &str| {
        app.got(&format!("/onfile/v1/test/events/wait?type=customer.created&after=&{query}"))
    };
    app.customer();
    let came = wait("count=1&delivered=true");
    assert_eq!(
        (&came["complete"], &came["data"][0]["pending_webhooks"]),
        (&json!(true), &json!(0))
    );
    assert_eq!((sink.heard().len(), other.heard().len()), (1, 1));
    // Nobody is told of what nobody wants to hear.
    let updated = "/onfile/v1/test/events/wait?type=customer.updated&after=&count=1&delivered=true";
    let path = format!("/v1/customers/{}", customers(&sink)[0]);
    app.made(&path, &[("name", "Jenny")]);
    assert_eq!(app.got(updated)["complete"], true);

    // One that is held at one endpoint has not arrived; without `delivered` it is there.
    app.made(FAULTS, &[("kind", "late"), ("seconds", "600")]);
    app.customer();
    assert_eq!(wait("count=2&timeout=0")["complete"], true);
    app.quiet();
    let pending = wait("count=2&timeout=0&delivered=true");
    assert_eq!(pending["complete"], false);
    let left: Vec<&Value> =
        [0, 1].iter().map(|at| &pending["data"][at]["pending_webhooks"]).collect();
    assert_eq!(left, [&json!(0), &json!(1)]);
    assert_eq!(pending["last"], pending["data"][1]["id"]);

    // The call ends with its arrival.
    let client = app.with_key(&app.key);
    let waiting = std::thread::spawn(move || {
        let query = "type=customer.created&after=&count=2&delivered=true&timeout=60";
        client.got(&format!("/onfile/v1/test/events/wait?{query}"))
    });
    std::thread::sleep(Duration::from_millis(50));
    assert!(!waiting.is_finished());
    app.made("/onfile/v1/test/clock", &[("advance", "600")]);
    let came = waiting.join().expect("it answers");
    assert_eq!(
        (&came["complete"], &came["data"][1]["pending_webhooks"]),
        (&json!(true), &json!(0))
    );

    // What was taken and comes once more has arrived when it has come.
    app.made(FAULTS, &[("kind", "twice"), ("count", "2")]);
    app.customer();
    assert_eq!(wait("count=3&delivered=true")["complete"], true);
    assert_eq!(sink.heard().len() + other.heard().len(), 4 + 4);

    // What is given up has not.
    sink.says(|_| Say::Status(500, ""));
    app.customer();
    app.quiet();
    app.made("/onfile/v1/test/clock", &[("advance", "10800")]);
    assert_eq!(text(&deliveries(&app)[1]["status"]), "failed");
    assert_eq!(wait("count=4&timeout=0&delivered=true")["complete"], false);
}
