//! What steers a test: worlds that are emptied, kept and brought back, what changed, events that
//! are waited for, answers that fail on purpose, worlds from a file.

use std::time::{Duration, Instant};

use onfile_store::Options;
use serde_json::{Value, json};

use crate::app::{Road, TestApp, id, until};
use crate::client::Client;
use crate::payments::{charge_later, charges, pay, saved};

const SNAPSHOTS: &str = "/onfile/v1/test/snapshots";
const FAULTS: &str = "/onfile/v1/test/faults";

#[expect(clippy::disallowed_methods, reason = "some of these promise how long they take")]
fn now() -> Instant {
    Instant::now()
}

fn ids(list: &Value) -> Vec<String> {
    list.as_array().expect("a list").iter().map(id).collect()
}

fn snapshot(app: &TestApp) -> String {
    let taken = app.made(SNAPSHOTS, &[]);
    assert_eq!(taken["object"], "snapshot");
    id(&taken)
}

fn restore(app: &TestApp, snapshot: &str) {
    let back = app.made(&format!("{SNAPSHOTS}/{snapshot}/restore"), &[]);
    assert_eq!(id(&back), snapshot);
    app.check();
}

/// Everything that a world shows.
fn shown(app: &TestApp) -> Vec<Value> {
    let paths = ["customers", "payment_intents", "setup_intents", "charges", "events", "account"];
    let more = |path: &&str| if *path == "account" { "" } else { "?limit=100" };
    let mut all: Vec<Value> =
        paths.iter().map(|path| app.got(&format!("/v1/{path}{}", more(path)))).collect();
    all.push(app.got("/onfile/v1/test/clock"));
    all
}

#[test]
fn a_world_is_brought_back_as_it_stood() {
    let app = TestApp::start(Road::Local);
    let (customer, card) = saved(&app, "pm_card_visa");
    app.made("/onfile/v1/test/account", &[("country", "DE")]);
    let before = shown(&app);
    let taken = snapshot(&app);
    assert_eq!(app.got(SNAPSHOTS)["data"][0]["id"], taken.as_str());

    let made = ids(&app.got("/v1/events?limit=100")["data"]);
    let lost = charge_later(&app, &customer, &card).expect(200);
    app.call("DELETE", &format!("/v1/customers/{customer}")).send().expect(200);
    app.made("/onfile/v1/test/account", &[("country", "FR")]);
    app.made("/onfile/v1/test/clock", &[("advance", "864000")]);
    let told = ids(&app.got("/v1/events?limit=100")["data"]);
    restore(&app, &taken);
    assert_eq!(shown(&app), before);
    app.get(&format!("/v1/payment_intents/{}", id(&lost))).refused(404, "resource_missing");

    // It goes on as if nothing had been, under numbers that nobody has seen.
    let again = charge_later(&app, &customer, &card).expect(200);
    assert_eq!(again["status"], "succeeded");
    assert!(id(&again) > id(&lost), "{} {}", id(&again), id(&lost));
    let fresh = ids(&app.got("/v1/events?limit=100")["data"]);
    for event in fresh.iter().filter(|event| !made.contains(event)) {
        assert!(*event > told[0], "{event} {}", told[0]);
    }
    // The timer of the second charge comes to its end as it would have.
    app.made("/onfile/v1/test/clock", &[("advance", "1")]);
    assert_eq!(app.got("/v1/events?type=charge.updated")["data"].as_array().map(Vec::len), Some(2));
    app.check();
}

#[test]
fn the_key_of_a_snapshot_is_not_in_it() {
    let app = TestApp::start(Road::Local);
    app.customer();
    let take = || app.call("POST", SNAPSHOTS).named("before each test").send();
    let first = id(&take().expect(200));
    assert_eq!(id(&take().expect(200)), first, "the same call again");
    restore(&app, &first);
    assert_ne!(id(&take().expect(200)), first, "the call had not been made then");
}

#[test]
fn a_world_is_brought_back_again_and_again() {
    let app = TestApp::start(Road::Local);
    for _ in 0..30 {
        pay(&app, &[("payment_method", "pm_card_visa")]).expect(200);
    }
    let taken = snapshot(&app);
    let before = shown(&app);
    for _ in 0..20 {
        pay(&app, &[("payment_method", "pm_card_visa")]).expect(200);
        app.made(&format!("{SNAPSHOTS}/{taken}/restore"), &[]);
    }
    assert_eq!(shown(&app), before);
    assert_eq!(charges(&app).len(), 30);
}

#[test]
fn a_snapshot_outlives_the_server_and_a_reset() {
    let mut app = TestApp::kept(Road::Local, Options::default());
    let (customer, card) = saved(&app, "pm_card_visa");
    let before = shown(&app);
    let taken = snapshot(&app);
    let reset = app.made("/onfile/v1/test/reset", &[]);
    assert_eq!(reset["object"], "world");
    assert_eq!(charges(&app), [json!(null); 0]);
    app.get(&format!("/v1/customers/{customer}")).refused(404, "resource_missing");
    let other = app.customer();
    assert!(other > customer, "numbers go on");
    app.die();
    app.rise();
    restore(&app, &taken);
    assert_eq!(shown(&app), before);
    charge_later(&app, &customer, &card).expect(200);
    app.made("/onfile/v1/test/reset", &[]);
    app.check();
}

#[test]
fn a_reset_is_for_one_world_and_all_of_it() {
    let app = TestApp::start(Road::Local);
    let other = app.with_key("sk_test_neighbour");
    let stays = id(&other.made("/v1/customers", &[]));
    app.made("/onfile/v1/test/account", &[("country", "DE")]);
    app.made("/onfile/v1/test/clock", &[("advance", "1000")]);
    app.made(FAULTS, &[("kind", "rate_limit"), ("rate", "100")]);
    let named = || app.call("POST", "/onfile/v1/test/reset").named("once").send().expect(200);
    let reset = named();
    assert_eq!(reset, named());
    let account = app.got("/v1/account");
    assert_eq!((&account["country"], &account["id"]), (&json!("US"), &reset["account"]));
    let clocks =
        [&app.got("/onfile/v1/test/clock")["now"], &other.got("/onfile/v1/test/clock")["now"]];
    assert_eq!(clocks[0], clocks[1]);
    assert_eq!(app.got("/v1/events")["data"], json!([]));
    other.got(&format!("/v1/customers/{stays}"));
}

#[test]
fn what_changed_since_a_snapshot() {
    let app = TestApp::start(Road::Local);
    let [kept, gone] = [app.customer(), app.customer()];
    let since = snapshot(&app);
    let changes = || app.got(&format!("/onfile/v1/test/changes?since={since}"));
    let none = json!({
        "object": "changes", "created": [], "deleted": [], "since": since, "updated": [],
    });
    assert_eq!(changes(), none);
    let paid = pay(&app, &[("payment_method", "pm_card_visa"), ("customer", &kept)]).expect(200);
    app.made(&format!("/v1/customers/{kept}"), &[("name", "Jenny"), ("email", "")]);
    app.call("DELETE", &format!("/v1/customers/{gone}")).send().expect(200);
    let found = changes();
    let created: Vec<&str> = found["created"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| it["object"].as_str().expect("a name"))
        .collect();
    for object in ["payment_intent", "payment_method", "charge", "balance_transaction"] {
        assert!(created.contains(&object), "{object}: {created:?}");
    }
    assert!(ids(&found["created"]).contains(&id(&paid)));
    assert_eq!(ids(&found["deleted"]), [gone.as_str()]);
    let updated = &found["updated"].as_array().expect("a list");
    let [one] = &updated[..] else { panic!("{found}") };
    assert_eq!((&one["object"]["id"], &one["object"]["name"]), (&json!(kept), &json!("Jenny")));
    let before = json!({"name": null, "email": "jenny@example.com"});
    assert_eq!(one["previous_attributes"], before);
    app.made("/onfile/v1/test/reset", &[]);
    assert_eq!(ids(&changes()["deleted"]).len(), 2, "what a reset took away is gone");
    restore(&app, &since);
    assert_eq!(changes(), none);
}

#[test]
fn snapshots_that_there_are_not() {
    let app = TestApp::start(Road::Local);
    app.customer();
    let taken = snapshot(&app);
    let path = format!("{SNAPSHOTS}/{taken}");
    let other = app.with_key("sk_test_neighbour");
    other.made("/v1/customers", &[]);
    other.post(&format!("{path}/restore"), &[]).refused(404, "resource_missing");
    let changes = format!("/onfile/v1/test/changes?since={taken}");
    let missing = other.get(&changes).refused(400, "resource_missing");
    assert_eq!(missing["message"], format!("No such snapshot: '{taken}'"));
    assert_eq!(app.call("DELETE", &path).send().expect(200)["deleted"], true);
    app.call("DELETE", &path).send().refused(404, "resource_missing");
    app.post(&format!("{path}/restore"), &[]).refused(404, "resource_missing");
    app.get("/onfile/v1/test/changes").refused(400, "parameter_missing");
    for _ in 0..256 {
        snapshot(&app);
    }
    let full = app.post(SNAPSHOTS, &[]).refused(400, "");
    assert!(full["message"].as_str().is_some_and(|it| it.contains("256 snapshots")), "{full}");
}

#[test]
fn where_the_issuers_are_elsewhere_nothing_is_brought_back() {
    let app = TestApp::start(Road::Remote);
    app.customer();
    for path in [SNAPSHOTS, "/onfile/v1/test/reset"] {
        let refused = app.post(path, &[]).refused(400, "");
        assert!(
            refused["message"].as_str().is_some_and(|it| it.contains("elsewhere")),
            "{refused}"
        );
    }
}

#[test]
fn events_are_waited_for() {
    let app = TestApp::start(Road::Local);
    let wait =
        |client: &Client, query: &str| client.got(&format!("/onfile/v1/test/events/wait?{query}"));
    let nothing = wait(&app, "count=1&timeout=0");
    assert_eq!((&nothing["complete"], &nothing["last"]), (&json!(false), &Value::Null));

    // From the first event on, and behind one.
    pay(&app, &[("payment_method", "pm_card_visa")]).expect(200);
    let first = wait(&app, "timeout=0&after=&type=payment_intent.*");
    assert_eq!(first["data"].as_array().map(Vec::len), Some(1), "one where nothing is said");
    assert_eq!(first["data"][0]["type"], "payment_intent.created");
    let last = first["last"].as_str().expect("an event").to_owned();
    let rest = wait(&app, &format!("count=2&timeout=0&after={last}"));
    assert_eq!(rest["data"][0]["type"], "charge.succeeded");
    assert_eq!(rest["data"][1]["type"], "payment_intent.succeeded");
    assert_eq!(rest["complete"], true);
    let last = rest["last"].as_str().expect("an event").to_owned();
    let late = wait(&app, &format!("count=1&timeout=0&after={last}&type=charge.updated"));
    assert_eq!((&late["complete"], &late["last"]), (&json!(false), &json!(last)));

    // From now on: the call ends with the second of them, long before its time is over.
    let begun = now();
    let client = app.with_key(&app.key);
    let waiting = std::thread::spawn(move || {
        wait(&client, "count=2&timeout=60&types[]=customer.created&types[]=customer.deleted")
    });
    let mut made = Vec::new();
    while !waiting.is_finished() && begun.elapsed() < Duration::from_secs(30) {
        made.push(app.customer());
        std::thread::sleep(Duration::from_millis(10));
    }
    let came = waiting.join().expect("it answers");
    assert_eq!(came["complete"], true);
    let [one, two] = [0, 1].map(|at| id(&came["data"][at]["data"]["object"]));
    let at = made.iter().position(|it| *it == one).expect("one that was made");
    assert_eq!(made.get(at + 1), Some(&two), "none is missed between the two");
    assert!(begun.elapsed() < Duration::from_secs(30));

    for (query, code, param) in [
        ("count=0", "parameter_invalid_integer", "count"),
        ("count=101", "", "count"),
        ("count=1&timeout=61", "", "timeout"),
        ("count=1&after=evt_1", "resource_missing", "after"),
        ("count=1&type=a&types[]=b", "parameters_exclusive", "type"),
        ("type=custmer.created", "", "type"),
        ("type=*.created", "", "type"),
        ("type=invoice.*", "", "type"),
        ("types[]=charge.*&types[]=created", "", "types[1]"),
    ] {
        let error = app.get(&format!("/onfile/v1/test/events/wait?{query}")).refused(400, code);
        assert_eq!(error["param"], param, "{query}");
    }
    let error = app.get("/onfile/v1/test/events/wait?after=evt_1").refused(400, "resource_missing");
    assert_eq!(error["message"], "No such event: 'evt_1'");
    // A list is what Stripe's is.
    assert_eq!(app.got("/v1/events?type=custmer.created")["data"], json!([]));
}

#[test]
fn a_world_that_is_not_made_yet_is_waited_for() {
    let app = TestApp::start(Road::Local);
    let client = app.with_key(&app.key);
    let waiting = std::thread::spawn(move || {
        client.got("/onfile/v1/test/events/wait?count=1&timeout=60&type=customer.created")
    });
    until("it waits", || app.waiting() == 1);
    let made = app.customer();
    assert_eq!(
        waiting.join().expect("it answers")["data"][0]["data"]["object"]["id"],
        made.as_str()
    );
}

#[test]
fn answers_fail_on_purpose() {
    let app = TestApp::start(Road::Local);
    let create = || app.call("POST", "/v1/customers");
    let fault =
        app.made(FAULTS, &[("kind", "rate_limit"), ("path", "/v1/customers"), ("count", "2")]);
    assert_eq!(fault["object"], "fault");
    app.got("/v1/payment_intents");
    for _ in 0..2 {
        create().send().refused(429, "rate_limit");
    }
    create().send().expect(200);
    assert_eq!(app.got(FAULTS)["data"][0]["hits"], 2);
    assert_eq!(app.got("/v1/customers")["data"].as_array().map(Vec::len), Some(1));

    // Lost after the commit: sending it again finds what was done.
    app.made(FAULTS, &[("kind", "lost"), ("method", "POST"), ("path", "/v1/customers")]);
    let named = || create().named("a lost answer");
    assert!(named().try_send().is_none(), "no answer comes");
    let again = named().send();
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let made = id(&again.expect(200));
    assert_eq!(ids(&app.got("/v1/customers")["data"])[0], made);
    assert_eq!(app.got("/v1/customers")["data"].as_array().map(Vec::len), Some(2));

    // Slow, for good, until it is taken away.
    let slow = [("kind", "slow"), ("delay", "80"), ("path", "*/customers"), ("rate", "100")];
    let slow = id(&app.made(FAULTS, &slow));
    let begun = now();
    create().send().expect(200);
    assert!(begun.elapsed() >= Duration::from_millis(80));
    let gone = app.call("DELETE", &format!("{FAULTS}/{slow}")).send().expect(200);
    assert_eq!(gone, json!({"id": slow, "object": "fault", "deleted": true}));
    app.call("DELETE", &format!("{FAULTS}/{slow}")).send().refused(404, "resource_missing");

    // Half of them.
    app.made(FAULTS, &[("kind", "rate_limit"), ("path", "/v1/charges"), ("rate", "50")]);
    let refused = (0..100).filter(|_| app.get("/v1/charges").status == 429).count();
    assert!((25..=75).contains(&refused), "{refused}");
    // Another world is left alone, and so are the controls.
    app.made(FAULTS, &[("kind", "rate_limit"), ("rate", "100")]);
    app.get("/v1/account").refused(429, "rate_limit");
    app.with_key("sk_test_neighbour").got("/v1/account");
    app.made("/onfile/v1/test/reset", &[]);
    app.got("/v1/account");
}

#[test]
fn faults_that_there_are_not() {
    let app = TestApp::start(Road::Local);
    for (form, code, param) in [
        (&[][..], "parameter_missing", "kind"),
        (&[("kind", "broken")], "", "kind"),
        (&[("kind", "slow")], "parameter_missing", "delay"),
        (&[("kind", "slow"), ("delay", "60001")], "", "delay"),
        (&[("kind", "lost"), ("delay", "1")], "", "delay"),
        (&[("kind", "lost"), ("rate", "101")], "", "rate"),
        (&[("kind", "lost"), ("rate", "0")], "parameter_invalid_integer", "rate"),
        (&[("kind", "lost"), ("count", "0")], "parameter_invalid_integer", "count"),
        (&[("kind", "lost"), ("method", "PUT")], "", "method"),
        (&[("kind", "lost"), ("path", "****")], "", "path"),
        (&[("kind", "lost"), ("path", "v1/customers")], "", "path"),
        (&[("kind", "lost"), ("path", "/v1/nosuch")], "", "path"),
        (&[("kind", "lost"), ("path", "/v1/charges/*"), ("method", "DELETE")], "", "path"),
        (&[("kind", "lost"), ("path", "/onfile/v1/test/*")], "", "path"),
        (&[("kind", "lost"), ("after", "1")], "parameter_unknown", "after"),
    ] {
        let error = app.post(FAULTS, form).refused(400, code);
        assert_eq!(error["param"], param, "{form:?}: {error}");
    }
    assert_eq!(app.got(FAULTS)["data"], json!([]));
}

const FIXTURE: &str = "/onfile/v1/test/fixture";

#[test]
fn a_world_is_made_from_a_file() {
    let shop = || {
        let app = TestApp::start(Road::Local);
        let made = app.made(FIXTURE, &[("name", "shop")]);
        assert_eq!(made["object"], "world");
        (app.got("/v1/customers?limit=100"), app)
    };
    let ((one, app), (two, _other)) = (shop(), shop());
    assert_eq!(
        ids(&one["data"]),
        ["cus_00000Cadalovel", "cus_000007samsmith", "cus_000001jennyros"]
    );
    assert_eq!(ids(&one["data"]), ids(&two["data"]));
    assert_eq!(one["data"][2]["created"], 1_767_225_600);
    let all: Vec<(Value, Value)> = charges(&app)
        .into_iter()
        .map(|charge| (charge["id"].clone(), charge["status"].clone()))
        .collect();
    let expected = [
        ("ch_3000000Eadashold00000001", "succeeded"),
        ("ch_3000000Bjennysmonth00003", "succeeded"),
        ("ch_30000009samsorder0000001", "failed"),
        ("ch_30000006jennysmonth00002", "succeeded"),
        ("ch_30000003jennysorder00001", "succeeded"),
    ];
    assert_eq!(all, expected.map(|(id, status)| (json!(id), json!(status))));
    let hold = app.got("/v1/payment_intents/pi_3000000Dadashold00000001");
    assert_eq!(hold["status"], "requires_capture");
    // Its history goes on.
    let card = "pm_10000004jennyscard000001";
    charge_later(&app, "cus_000001jennyros", card).expect(200);
    app.made("/onfile/v1/test/clock", &[("advance", "604800")]);
    assert_eq!(app.got("/v1/payment_intents/pi_3000000Dadashold00000001")["status"], "canceled");
}

#[test]
fn a_file_of_ones_own() {
    let app = TestApp::start(Road::Local);
    let file = json!({"clock": 1_700_000_000, "steps": [
        {"post": "/v1/customers", "ids": ["cus_000001mycustmr"], "form": {"metadata": {"a": "é &"}}},
        {"advance": 60},
        {"post": "/v1/customers/cus_000001mycustmr", "form": {"name": "Changed"}},
        {"delete": "/v1/customers/cus_000001mycustmr"},
        {"post": "/v1/customers/cus_nobody", "status": 404},
    ]});
    let made = app.made(FIXTURE, &[("file", &file.to_string())]);
    assert_eq!(made["now"], 1_700_000_060);
    let events = app.got("/v1/events");
    let told: Vec<(&Value, i64)> = events["data"]
        .as_array()
        .expect("a list")
        .iter()
        .rev()
        .map(|it| (&it["type"], it["created"].as_i64().unwrap_or_default()))
        .collect();
    let expected = [
        (&json!("customer.created"), 1_700_000_000),
        (&json!("customer.updated"), 1_700_000_060),
        (&json!("customer.deleted"), 1_700_000_060),
    ];
    assert_eq!(told, expected);
    assert_eq!(events["data"][2]["data"]["object"]["metadata"]["a"], "é &");
    // A world that has something in it is not overwritten.
    let full = app.post(FIXTURE, &[("name", "shop")]).refused(400, "");
    assert!(full["message"].as_str().is_some_and(|it| it.contains("isn't empty")), "{full}");
    app.made("/onfile/v1/test/reset", &[]);
    app.made(FIXTURE, &[("name", "shop")]);
}

#[test]
fn files_that_can_not_be_played() {
    for (step, expected) in [
        (json!({"post": "/v1/nothing"}), "step 1: POST /v1/nothing is not served"),
        (
            json!({"post": "/onfile/v1/test/reset"}),
            "step 1: POST /onfile/v1/test/reset can't be a step",
        ),
        (json!({"post": "/v1/payment_intents"}), "step 1: it answers 400 in place of 200: Missing"),
        (
            json!({"post": "/v1/customers", "ids": ["ch_30000001nothingofthekind"]}),
            "step 1: it makes nothing that could be called ch_30000001nothingofthekind",
        ),
        (json!({"post": "/v1/customers", "ids": ["x"]}), "step 1: x is no id"),
        (json!({"advance": 1, "form": {"to": 2}}), "step 1: in a step that moves the clock `form`"),
        (json!({"advance": 1, "ids": []}), "step 1: in a step that moves the clock `ids`"),
        (json!({"advance": 1, "status": 400}), "step 1: in a step that moves the clock `status`"),
    ] {
        let app = TestApp::start(Road::Local);
        let file = json!({"steps": [step]}).to_string();
        let error = app.post(FIXTURE, &[("file", &file)]).refused(400, "");
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.contains(expected), "{message}");
        assert!(message.ends_with('.') && !message.ends_with(".."), "{message}");
        assert_eq!(error["param"], "file");
    }
    let app = TestApp::start(Road::Local);
    app.post(FIXTURE, &[]).refused(400, "");
    app.post(FIXTURE, &[("name", "shop"), ("file", "{}")]).refused(400, "");
    app.post(FIXTURE, &[("name", "shopping")]).refused(400, "");
}

#[test]
fn a_world_is_brought_back_under_whoever_uses_it() {
    let app = TestApp::start(Road::Local);
    let (customer, card) = saved(&app, "pm_card_visa");
    let taken = snapshot(&app);
    let client = app.with_key(&app.key);
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let form = [
                    ("amount", "1099"),
                    ("currency", "usd"),
                    ("customer", &*customer),
                    ("payment_method", &*card),
                    ("off_session", "true"),
                    ("confirm", "true"),
                ];
                while !done.load(std::sync::atomic::Ordering::SeqCst) {
                    let answer = client.post("/v1/payment_intents", &form);
                    let passes = matches!(answer.status, 200 | 429);
                    assert!(passes, "{}", answer.text());
                }
            });
        }
        for at in 0..30 {
            app.made(&format!("{SNAPSHOTS}/{taken}/restore"), &[]);
            if at % 10 == 0 {
                app.made("/onfile/v1/test/clock", &[("advance", "2")]);
            }
        }
        done.store(true, std::sync::atomic::Ordering::SeqCst);
    });
    restore(&app, &taken);
    assert_eq!(charges(&app).len(), 1);
}

#[test]
fn a_clock_passes_hundreds_of_dues() {
    let app = TestApp::start(Road::Local);
    for _ in 0..300 {
        let form = [("payment_method", "pm_card_visa"), ("capture_method", "manual")];
        pay(&app, &form).expect(200);
    }
    let begun = now();
    app.made("/onfile/v1/test/clock", &[("advance", "604800")]);
    eprintln!("300 holds ended in {:?}", begun.elapsed());
    let waited = "/onfile/v1/test/events/wait?timeout=0&after=&type=charge.expired&count=";
    assert_eq!(app.got(&format!("{waited}100"))["complete"], true);
    let open = app.got("/v1/payment_intents?limit=100");
    let open = open["data"].as_array().expect("a list").iter();
    assert_eq!(open.filter(|it| it["status"] != "canceled").count(), 0);
}
