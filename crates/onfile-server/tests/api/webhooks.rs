//! Webhook endpoints: what is asked of them, and what is sent to them.

use std::sync::mpsc;
use std::time::Duration;

use onfile_store::Options;
use serde_json::{Value, json};

use crate::app::{Road, TestApp, id, on_both_roads, until};
use crate::payments::pay;
use crate::sink::{FINE, Heard, Say, Sink, text};

/// An endpoint at a sink, told of these events.
pub fn endpoint(app: &TestApp, url: &str, events: &[&str]) -> Value {
    let mut form = vec![("url", url)];
    form.extend(events.iter().map(|event| ("enabled_events[]", *event)));
    app.made("/v1/webhook_endpoints", &form)
}

/// The deliveries, newest first.
fn deliveries(app: &TestApp, query: &str) -> Vec<Value> {
    let list = app.got(&format!("/onfile/v1/deliveries?{query}"));
    list["data"].as_array().expect("a list").clone()
}

fn statuses(app: &TestApp) -> Vec<String> {
    deliveries(app, "limit=100").iter().map(|it| text(&it["status"])).collect()
}

fn customer(app: &TestApp) -> String {
    app.customer()
}

#[test]
fn an_endpoint_is_made_changed_and_deleted() {
    let app = TestApp::start(Road::Local);
    let made = app.made(
        "/v1/webhook_endpoints",
        &[
            ("url", "https://example.com/hook"),
            ("enabled_events[0]", "charge.succeeded"),
            ("enabled_events[1]", "invoice.paid"),
            ("api_version", "2023-10-16"),
            ("description", "mine"),
            ("metadata[a]", "b"),
        ],
    );
    let secret = text(&made["secret"]);
    assert!(secret.starts_with("whsec_") && secret.len() == 38, "{secret}");
    let path = format!("/v1/webhook_endpoints/{}", id(&made));
    let mut expected = made.clone();
    expected.as_object_mut().expect("an object").remove("secret");
    assert_eq!(
        expected,
        json!({"id": id(&made), "object": "webhook_endpoint", "api_version": "2023-10-16",
            "application": null, "created": made["created"], "description": "mine",
            "enabled_events": ["charge.succeeded", "invoice.paid"], "livemode": false,
            "metadata": {"a": "b"}, "status": "enabled", "url": "https://example.com/hook"})
    );
    assert_eq!(app.got(&path), expected);

    let changed = app.made(
        &path,
        &[
            ("disabled", "true"),
            ("url", "http://127.0.0.1:1/x"),
            ("description", ""),
            ("enabled_events[]", "*"),
            ("metadata[a]", ""),
        ],
    );
    assert_eq!(changed["secret"], Value::Null);
    for (name, value) in [
        ("status", json!("disabled")),
        ("url", json!("http://127.0.0.1:1/x")),
        ("description", Value::Null),
        ("enabled_events", json!(["*"])),
        ("metadata", json!({})),
        ("api_version", json!("2023-10-16")),
    ] {
        assert_eq!(changed[name], value, "{name}");
    }
    let other = endpoint(&app, "https://example.com/other", &["*"]);
    let list = app.got("/v1/webhook_endpoints");
    let ids: Vec<String> = list["data"].as_array().expect("a list").iter().map(id).collect();
    assert_eq!(ids, [id(&other), id(&made)]);

    let gone = app.call("DELETE", &path).send();
    assert_eq!(gone.header("stripe-should-retry"), None, "it is said of POSTs");
    let gone = gone.expect(200);
    assert_eq!(gone, json!({"id": id(&made), "object": "webhook_endpoint", "deleted": true}));
    for answer in [app.get(&path), app.post(&path, &[]), app.call("DELETE", &path).send()] {
        let error = answer.refused(404, "resource_missing");
        assert_eq!(error["param"], "webhook_endpoint");
        assert_eq!(error["message"], format!("No such webhook endpoint: '{}'", id(&made)));
    }
    assert_eq!(app.got("/v1/webhook_endpoints")["data"].as_array().map(Vec::len), Some(1));
}

#[test]
fn what_an_endpoint_is_refused_for() {
    let app = TestApp::start(Road::Local);
    let far = TestApp::far();
    let url = ("url", "https://example.com/hook");
    let all = ("enabled_events[]", "*");
    let refused = |app: &TestApp, form: &[(&str, &str)], code: &str, param: &str| {
        let error = app.post("/v1/webhook_endpoints", form).refused(400, code);
        assert_eq!(error["param"], param, "{error}");
        text(&error["message"])
    };
    refused(&app, &[url], "parameter_missing", "enabled_events");
    refused(&app, &[all], "parameter_missing", "url");
    refused(&app, &[url, ("enabled_events[]", "charge.nope")], "", "enabled_events[0]");
    let family = [url, ("enabled_events[]", "*"), ("enabled_events[]", "charge.*")];
    let message = refused(&app, &family, "", "enabled_events[1]");
    assert!(
        message.starts_with("Invalid enabled_events[1]: must be one of *, account."),
        "{message}"
    );
    assert!(
        message.ends_with("`charge.*` is none of them: name each, or `*` for all."),
        "{message}"
    );
    refused(&app, &[url, ("enabled_events", "*")], "", "enabled_events");
    refused(&app, &[url, all, ("api_version", "1999-01-01")], "", "api_version");
    refused(&app, &[url, all, ("connect", "true")], "parameter_unsupported", "connect");
    for address in ["nope", "ftp://example.com", "http://a:b@example.com/", "http://127.1/"] {
        let message = refused(&app, &[("url", address), all], "url_invalid", "url");
        assert_eq!(message, "Not a valid URL", "{address}");
    }
    for address in [
        "http://localhost/",
        "http://127.0.0.1:1/",
        "https://10.0.0.1/",
        "http://169.254.169.254/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
    ] {
        endpoint(&app, address, &["*"]);
        let message = refused(&far, &[("url", address), all], "url_invalid", "url");
        assert!(message.starts_with("Invalid URL: URL must be publicly accessible."), "{message}");
    }
    for address in ["http://0.0.0.0/", "http://224.0.0.1/", "http://[::]/"] {
        refused(&app, &[("url", address), all], "url_invalid", "url");
    }
    // Six are there; ten more are the most.
    (0..10).for_each(|_| drop(endpoint(&app, "https://example.com/", &["*"])));
    let error = app.post("/v1/webhook_endpoints", &[url, all]).refused(400, "");
    assert_eq!(error["message"], "You have reached the maximum of 16 test webhook endpoints.");
}

#[test]
fn events_arrive_in_their_order_and_exactly_as_they_are_read() {
    on_both_roads(|app| {
        let sink = Sink::new();
        let made = endpoint(app, &sink.url(), &["*"]);
        let form = [("payment_method", "pm_card_visa"), ("setup_future_usage", "off_session")];
        let shopper = customer(app);
        let call = app.call("POST", "/v1/payment_intents").named("an order");
        let mut form = form.to_vec();
        form.extend([("amount", "1099"), ("currency", "usd"), ("confirm", "true")]);
        form.extend([
            ("customer", shopper.as_str()),
            ("automatic_payment_methods[enabled]", "true"),
        ]);
        form.push(("automatic_payment_methods[allow_redirects]", "never"));
        let answer = call.form(&form).send();
        answer.expect(200);
        until("all events arrive", || sink.heard().len() >= 5);
        assert_eq!(
            sink.types()[1..],
            [
                "payment_intent.created",
                "charge.succeeded",
                "payment_method.attached",
                "payment_intent.succeeded"
            ]
        );
        until("all is quiet", || statuses(app).iter().all(|it| it == "delivered"));
        for heard in sink.heard() {
            let told = heard.json();
            let read = app.got(&format!("/v1/events/{}", id(&told)));
            assert_eq!(
                (told["pending_webhooks"].as_i64(), &read["pending_webhooks"]),
                (Some(1), &json!(0))
            );
            let mut told = told;
            told["pending_webhooks"] = json!(0);
            assert_eq!(told, read);
            assert_eq!(heard.target, "/hook");
            for (name, value) in [
                ("Content-Type", "application/json; charset=utf-8"),
                ("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)"),
                ("Accept", "*/*; q=0.5, application/xml"),
                ("Cache-Control", "no-cache"),
                ("Host", &sink.address.to_string()),
            ] {
                assert_eq!(heard.header(name), value, "{name}");
            }
            assert!(heard.body.starts_with(b"{\n  \"id\": \"evt_1"));
        }
        let paid = sink.heard().pop().expect("an event").json();
        assert_eq!(paid["request"]["id"], answer.header("request-id").expect("an id"));
        assert_eq!(paid["request"]["idempotency_key"], "an order");
        assert_eq!(paid["api_version"], "2026-08-26.dahlia");
        assert_eq!(paid["data"]["object"]["status"], "succeeded");

        // An update tells what it was before; each endpoint has its version.
        let old = endpoint(app, &sink.url(), &["customer.updated"]);
        let _ = (made, old);
        app.made(&format!("/v1/customers/{shopper}"), &[("email", "other@example.com")]);
        until("both are told", || sink.heard().len() >= 7);
        let told = sink.heard().pop().expect("an event").json();
        assert_eq!(told["data"]["previous_attributes"], json!({"email": "jenny@example.com"}));
    });
}

#[test]
fn each_endpoint_reads_in_its_own_version() {
    let app = TestApp::start(Road::Local);
    let (now, old, ancient) = (Sink::new(), Sink::new(), Sink::new());
    endpoint(&app, &now.url(), &["payment_intent.created"]);
    let form = [
        ("url", old.url()),
        ("api_version", "2022-08-01".to_owned()),
        ("enabled_events[]", "payment_intent.created".to_owned()),
    ];
    let form: Vec<(&str, &str)> =
        form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    app.made("/v1/webhook_endpoints", &form);
    let created =
        app.call("POST", "/v1/payment_intents").header("Stripe-Version", "2026-10-28.endive");
    created.form(&[("amount", "100"), ("currency", "usd")]).send().expect(200);
    until("both are told", || now.heard().len() + old.heard().len() == 2);
    let (now, old) = (now.heard()[0].json(), old.heard()[0].json());
    assert_eq!(now["api_version"], "2026-08-26.dahlia");
    assert_eq!(old["api_version"], "2022-08-01");
    let object = |event: &Value, name: &str| event["data"]["object"].get(name).is_some();
    assert!(object(&now, "latest_charge") && !object(&now, "charges"));
    assert!(object(&old, "charges"));
    // Older still, the request was its id and nothing else.
    let form = [
        ("url", ancient.url()),
        ("api_version", "2016-07-06".to_owned()),
        ("enabled_events[]", "customer.created".to_owned()),
    ];
    let form: Vec<(&str, &str)> =
        form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    app.made("/v1/webhook_endpoints", &form);
    let made = app.post("/v1/customers", &[]);
    until("it is told", || ancient.heard().len() == 1);
    let told = ancient.heard()[0].json();
    assert_eq!(told["request"].as_str(), made.header("request-id"));
    assert_eq!(now["pending_webhooks"].as_i64().map(|it| it <= 2), Some(true));
}

/// Says `status` to the first `count` requests, and yes from then on.
fn failing(count: usize, status: u16) -> impl FnMut(&Heard) -> Say + Send {
    let mut left = count;
    move |_| {
        if left == 0 {
            return FINE;
        }
        left -= 1;
        Say::Status(status, "")
    }
}

#[test]
fn what_fails_is_tried_again_by_the_worlds_clock() {
    on_both_roads(|app| {
        let sink = Sink::new();
        sink.says(failing(3, 500));
        endpoint(app, &sink.url(), &["customer.created"]);
        customer(app);
        for (tries, wait) in [(1, 300), (2, 1_800), (3, 7_200)] {
            until("a try is written down", || {
                let all = deliveries(app, "");
                all[0]["tries"].as_array().map(Vec::len) == Some(tries)
            });
            let delivery = &deliveries(app, "")[0];
            assert_eq!(delivery["status"], "pending");
            let last = &delivery["tries"][tries - 1];
            assert_eq!((&last["http_status"], &last["failure"]), (&json!(500), &Value::Null));
            let due = delivery["next_try_at"].as_i64().expect("an instant");
            let waits = due - last["at"].as_i64().expect("an instant");
            assert!((wait - wait / 10..=wait + wait / 10).contains(&waits), "{waits}");
            app.advance(waits - 1);
            app.quiet();
            assert_eq!(sink.heard().len(), tries);
            app.advance(1);
        }
        until("it arrives", || statuses(app) == ["delivered"]);
        let heard = sink.heard();
        assert_eq!(heard.len(), 4, "no try comes before its time");
        assert!(heard.iter().all(|it| it.body == heard[0].body), "the bytes are the same");
        let read = app.got("/v1/events");
        assert_eq!(read["data"][0]["pending_webhooks"], 0);
    });
}

#[test]
fn what_fails_for_good_is_given_up_and_can_be_sent_again() {
    let app = TestApp::start(Road::Local);
    let sink = Sink::new();
    sink.says(|_| Say::Status(500, ""));
    let made = endpoint(&app, &sink.url(), &["customer.created"]);
    customer(&app);
    for tries in 1..=4 {
        until("a try is made", || sink.heard().len() == tries);
        until("it is written down", || {
            deliveries(&app, "")[0]["tries"].as_array().map(Vec::len) == Some(tries)
        });
        app.advance(8_000);
    }
    until("it is given up", || statuses(&app) == ["failed"]);
    assert_eq!(deliveries(&app, "status=failed").len(), 1);
    let elsewhere = ["canceled", "delivered", "pending"].map(|it| format!("status={it}"));
    assert!(elsewhere.iter().all(|query| deliveries(&app, query).is_empty()));
    app.get("/onfile/v1/deliveries?status=late").refused(400, "");
    let failed = app.got("/v1/events?delivery_success=false");
    assert_eq!(failed["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(failed["data"][0]["pending_webhooks"], 1);
    assert_eq!(app.got("/v1/events?delivery_success=true")["data"], json!([]));

    let delivery = id(&deliveries(&app, "")[0]);
    let again = format!("/onfile/v1/deliveries/{delivery}/resend");
    sink.says(|_| FINE);
    assert_eq!(app.made(&again, &[])["status"], "pending");
    until("it arrives", || statuses(&app) == ["delivered"]);
    let log = app.got(&format!("/onfile/v1/deliveries/{delivery}"));
    assert_eq!(log["tries"][4]["reason"], "requested");
    assert_eq!(log["tries"][4]["succeeded"], true);
    assert_eq!(log["webhook_endpoint"], made["id"]);

    // The command line's way, to one endpoint or to all that were told.
    let event = text(&log["event"]);
    let retry = format!("/v1/events/{event}/retry");
    let answer = app.made(&retry, &[("webhook_endpoint", &id(&made))]);
    assert_eq!((&answer["id"], &answer["object"]), (&json!(event), &json!("event")));
    until("it arrives again", || sink.heard().len() == 6);
    app.quiet();
    app.made(&retry, &[]);
    until("and again", || sink.heard().len() == 7);
    let other = endpoint(&app, &sink.url(), &["charge.succeeded"]);
    app.made(&retry, &[("webhook_endpoint", &id(&other))]);
    until("who was not told is told now", || sink.heard().len() == 8);
    app.post("/v1/events/evt_1/retry", &[]).refused(404, "resource_missing");
    app.post(&retry, &[("webhook_endpoint", "we_1")]).refused(400, "resource_missing");
    app.made(&format!("/v1/webhook_endpoints/{}", id(&made)), &[("disabled", "true")]);
    app.quiet();
    app.post(&again, &[]).refused(400, "");
    app.post(&again.replace("dlv_", "dlv_z"), &[]).refused(404, "resource_missing");
}

#[test]
fn an_endpoint_that_is_gone_is_disabled_and_who_named_it_hears() {
    on_both_roads(|app| {
        let (sink, watcher) = (Sink::new(), Sink::new());
        sink.says(|_| Say::Status(410, ""));
        let made = endpoint(app, &sink.url(), &["*"]);
        endpoint(app, &watcher.url(), &["onfile.webhook_endpoint.disabled"]);
        let everything = Sink::new();
        endpoint(app, &everything.url(), &["*"]);
        customer(app);
        until("it is told", || watcher.heard().len() == 1);
        let told = watcher.heard()[0].json();
        assert_eq!(told["type"], "onfile.webhook_endpoint.disabled");
        assert_eq!(told["data"]["object"]["id"], made["id"]);
        assert_eq!(told["data"]["object"]["status"], "disabled");
        assert!(told["data"]["object"].get("secret").is_none());
        let path = format!("/v1/webhook_endpoints/{}", id(&made));
        assert_eq!(app.got(&path)["status"], "disabled");
        customer(app);
        app.quiet();
        assert_eq!((sink.heard().len(), everything.types().len()), (1, 2));
        // What waited is canceled when its time comes.
        app.advance(400);
        until("it is canceled", || statuses(app).contains(&"canceled".to_owned()));
        // Turned on again, it is told again, and begins with a clean record.
        sink.says(|_| FINE);
        app.made(&path, &[("disabled", "false")]);
        customer(app);
        until("it is told again", || sink.heard().len() == 2);
    });
}

#[test]
fn an_endpoint_that_answers_nothing_for_three_days_is_disabled() {
    let app = TestApp::start(Road::Local);
    let sink = Sink::new();
    sink.says(|_| Say::Status(302, "Location: /elsewhere\r\n"));
    let made = endpoint(&app, &sink.url(), &["customer.created"]);
    let path = format!("/v1/webhook_endpoints/{}", id(&made));
    customer(&app);
    app.quiet();
    app.advance(72 * 3_600 - 1);
    app.settled();
    customer(&app);
    app.quiet();
    assert_eq!(app.got(&path)["status"], "enabled");
    app.advance(1);
    customer(&app);
    until("it is disabled", || app.got(&path)["status"] == "disabled");
    assert!(sink.heard().iter().all(|it| it.target == "/hook"), "redirects are not followed");
}

/// One 2xx, and the 72 hours begin anew; a restart forgets neither.
#[test]
fn one_answer_with_2xx_keeps_an_endpoint() {
    const HOUR: i64 = 3_600;
    let mut app = TestApp::kept(Road::Local, Options::default());
    let sink = Sink::new();
    let made = endpoint(&app, &sink.url(), &["customer.created"]);
    let path = format!("/v1/webhook_endpoints/{}", id(&made));
    let tell = |app: &TestApp, status: u16| {
        sink.says(move |_| Say::Status(status, ""));
        customer(app);
        app.settled();
        text(&app.got(&path)["status"])
    };
    assert_eq!(tell(&app, 500), "enabled");
    app.advance(71 * HOUR);
    assert_eq!(tell(&app, 204), "enabled");
    app.advance(2 * HOUR);
    assert_eq!(tell(&app, 503), "enabled", "it took one 2 hours ago");
    app.die();
    app.rise();
    app.advance(71 * HOUR);
    assert_eq!(tell(&app, 404), "enabled");
    app.advance(HOUR);
    assert_eq!(tell(&app, 404), "disabled");
}

#[test]
fn redirects_are_not_followed() {
    let app = TestApp::start(Road::Local);
    let (sink, elsewhere) = (Sink::new(), Sink::new());
    endpoint(&app, &sink.url(), &["customer.created"]);
    for status in [301, 302, 303, 307, 308] {
        let head = format!("HTTP/1.1 {status} X\r\nLocation: {}\r\n", elsewhere.url());
        let answer = format!("{head}Content-Length: 0\r\n\r\n").into_bytes();
        sink.says(move |_| Say::Raw(answer.clone()));
        customer(&app);
        app.quiet();
        let made = &deliveries(&app, "limit=1")[0];
        assert_eq!((&made["status"], &made["next_try_at"].is_i64()), (&json!("pending"), &true));
        let made = &made["tries"][0];
        assert_eq!((&made["http_status"], &made["succeeded"]), (&json!(status), &json!(false)));
    }
    assert_eq!(elsewhere.connections(), 0);
}

/// Of an answer without an end a little is read, and then its connection is closed; one whose
/// headers have no end is none.
#[test]
fn answers_are_read_to_a_limit() {
    let app = TestApp::start(Road::Local);
    let sink = Sink::new();
    endpoint(&app, &sink.url(), &["customer.created"]);
    sink.says(|_| Say::Endless(200));
    customer(&app);
    app.quiet();
    assert_eq!(statuses(&app), ["delivered"]);
    // What two sockets hold, and not what a second brings.
    let most = 16 << 20;
    assert!(sink.endless() < most, "{} bytes", sink.endless());

    let head = format!("HTTP/1.1 200 OK\r\nX-Long: {}\r\n\r\n", "x".repeat(64 * 1_024));
    sink.says(move |_| Say::Raw(head.clone().into_bytes()));
    customer(&app);
    app.quiet();
    let made = &deliveries(&app, "limit=1")[0]["tries"][0];
    assert_eq!(made["failure"], "not_http", "{made}");
}

/// The time that an endpoint has is for its status: what it says behind that decides nothing.
#[test]
fn an_answer_whose_end_does_not_come_is_an_answer() {
    let app = TestApp::hasty();
    let sink = Sink::new();
    endpoint(&app, &sink.url(), &["customer.created"]);
    for (status, expected) in [(200, "delivered"), (500, "pending")] {
        sink.says(move |_| Say::Unended(status));
        customer(&app);
        app.quiet();
        let delivery = &deliveries(&app, "limit=1")[0];
        assert_eq!(delivery["status"], expected, "{delivery}");
        assert_eq!(delivery["tries"][0]["http_status"], status);
    }
    assert_eq!(deliveries(&app, "limit=1")[0]["tries"][0]["response"], "well");
}

#[test]
fn what_answers_badly_is_a_failure_with_its_name() {
    let app = TestApp::start(Road::Local);
    let sink = Sink::new();
    endpoint(&app, &sink.url(), &["customer.created"]);
    for (say, expected) in [
        (Say::Hang, "timed_out"),
        (Say::Raw(b"SSH-2.0-x\r\n".to_vec()), "not_http"),
        (Say::Close, "connection_failed"),
    ] {
        sink.says(move |_| say.clone());
        customer(&app);
        app.quiet();
        let delivery = &deliveries(&app, "limit=1")[0];
        assert_eq!(delivery["tries"][0]["failure"], expected, "{delivery}");
        assert_eq!(delivery["tries"][0]["http_status"], Value::Null);
    }
    // An answer without an end is an answer.
    for (status, expected) in [(200, "delivered"), (500, "pending")] {
        sink.says(move |_| Say::Endless(status));
        customer(&app);
        app.quiet();
        assert_eq!(deliveries(&app, "limit=1")[0]["status"], expected);
    }
    let nobody = endpoint(&app, "http://127.0.0.1:9/", &["customer.created"]);
    let nowhere = endpoint(&app, "http://onfile.invalid/", &["customer.created"]);
    customer(&app);
    app.quiet();
    for (endpoint, expected) in [(nobody, "connection_failed"), (nowhere, "name_not_found")] {
        let log = deliveries(&app, &format!("webhook_endpoint={}", id(&endpoint)));
        assert_eq!(log[0]["tries"][0]["failure"], expected, "{log:?}");
    }
}

/// What an endpoint said to a try that failed is in the log, its beginning; and nothing of what it
/// said to one that it took.
#[test]
fn the_log_shows_what_was_answered() {
    let app = TestApp::start(Road::Local);
    let sink = Sink::new();
    endpoint(&app, &sink.url(), &["customer.created"]);
    let gzip = "Content-Encoding: gzip\r\n";
    let long = "é".repeat(400);
    for (say, shown) in [
        (Say::Body(200, "", b"thank you".to_vec()), None),
        (Say::Status(500, ""), None),
        (Say::Body(400, "", b"No signatures found\n".to_vec()), Some("No signatures found")),
        (Say::Body(302, "Location: /x\r\n", b"elsewhere".to_vec()), Some("elsewhere")),
        (Say::Body(500, "", long.clone().into_bytes()), Some(&long[..500])),
        (Say::Body(500, gzip, b"\x1f\x8b\x08".to_vec()), None),
        (Say::Endless(503), Some(&"x".repeat(500)[..])),
        (Say::Hang, None),
        (Say::Body(500, "", b"for 4242 4242 4242 4242".to_vec()), Some("for **** **** **** ****")),
    ] {
        sink.says({
            let say = say.clone();
            move |_| say.clone()
        });
        customer(&app);
        app.quiet();
        let delivery = id(&deliveries(&app, "limit=1")[0]);
        let made = &app.got(&format!("/onfile/v1/deliveries/{delivery}"))["tries"][0];
        assert_eq!(made["response"].as_str(), shown, "{say:?}: {made}");
        assert!(made["took_ms"].as_i64().is_some_and(|took| took >= 0), "{made}");
    }
    // Another try has another answer, and the first one stays.
    sink.says(failing(0, 500));
    app.made("/onfile/v1/test/clock", &[("advance", "400")]);
    let tries = deliveries(&app, "limit=1")[0]["tries"].clone();
    assert_eq!(tries[0]["response"], "for **** **** **** ****");
    assert_eq!((&tries[1]["response"], &tries[1]["http_status"]), (&Value::Null, &json!(200)));
}

/// Where addresses nearby are forbidden, they stay so when a name leads to them.
#[test]
fn a_name_that_leads_here_is_guarded() {
    let app = TestApp::far();
    let sink = Sink::new();
    // The system's own names of this machine, and none of them `localhost`.
    let names = ["ip6-localhost", "ip6-loopback", "127.0.0.1.nip.io"];
    for name in names {
        endpoint(&app, &format!("http://{name}:{}/", sink.address.port()), &["customer.created"]);
    }
    customer(&app);
    app.quiet();
    let log = deliveries(&app, "");
    assert_eq!(log.len(), names.len());
    for delivery in log {
        let failure = text(&delivery["tries"][0]["failure"]);
        let guarded = ["address_forbidden", "name_not_found", "timed_out"];
        assert!(guarded.contains(&failure.as_str()), "{delivery}");
    }
    assert_eq!(sink.connections(), 0);
}

#[test]
fn a_hanging_endpoint_slows_nobody() {
    let app = TestApp::start(Road::Local);
    let (hanging, good) = (Sink::new(), Sink::new());
    hanging.says(|_| Say::Hang);
    endpoint(&app, &hanging.url(), &["customer.created"]);
    endpoint(&app, &good.url(), &["customer.created"]);
    for count in 1..=40 {
        customer(&app);
        until("the good one is told", || good.heard().len() == count);
    }
    assert!(hanging.connections() <= 16, "{}", hanging.connections());
    // A connection is used again.
    assert!(good.connections() <= 16, "{}", good.connections());
    assert!(hanging.heard().len() < 40);
}

/// A moment, and not as long as the one before has time to answer.
#[test]
fn events_wait_a_moment_for_those_before() {
    let app = TestApp::start(Road::Local);
    let sink = Sink::new();
    sink.says(|_| Say::Hang);
    endpoint(&app, &sink.url(), &["customer.created"]);
    customer(&app);
    until("the first is on its way", || sink.heard().len() == 1);
    (0..2).for_each(|_| drop(customer(&app)));
    until("all are on their way", || sink.heard().len() == 3);
    assert_eq!(deliveries(&app, "")[2]["tries"], json!([]));
}

#[test]
fn a_secret_is_rolled_with_an_overlap() {
    let app = TestApp::start(Road::Local);
    let sink = Sink::new();
    let made = endpoint(&app, &sink.url(), &["customer.created"]);
    let signatures = |count: usize| {
        customer(&app);
        until("it is told", || sink.heard().len() == count);
        let heard = sink.heard().pop().expect("an event");
        let header = heard.header("Stripe-Signature").to_owned();
        header.matches(",v1=").count()
    };
    assert_eq!(signatures(1), 1);
    let roll = format!("/onfile/v1/webhook_endpoints/{}/roll_secret", id(&made));
    let rolled = app.made(&roll, &[("expires_in", "3600")]);
    let secret = text(&rolled["secret"]);
    assert!(secret.starts_with("whsec_") && secret != text(&made["secret"]), "{secret}");
    assert_eq!(signatures(2), 2);
    app.advance(3_600);
    assert_eq!(signatures(3), 1);
    let error = app.post(&roll, &[("expires_in", "86401")]).refused(400, "");
    assert_eq!(error["param"], "expires_in");
    app.made(&roll, &[]);
    assert_eq!(signatures(4), 2);
    app.made(&roll, &[("expires_in", "0")]);
    assert_eq!(signatures(5), 1);
}

#[test]
fn nothing_is_told_across_worlds() {
    let app = TestApp::start(Road::Local);
    let sink = Sink::new();
    let made = endpoint(&app, &sink.url(), &["*"]);
    let other = app.with_key("sk_test_other");
    other.made("/v1/customers", &[]);
    other.get(&format!("/v1/webhook_endpoints/{}", id(&made))).refused(404, "resource_missing");
    customer(&app);
    until("ours is told", || sink.heard().len() == 1);
    app.quiet();
    assert_eq!(sink.types(), ["customer.created"]);
    let delivery = id(&deliveries(&app, "")[0]);
    other.get(&format!("/onfile/v1/deliveries/{delivery}")).refused(404, "resource_missing");
    assert_eq!(other.got("/onfile/v1/deliveries")["data"], json!([]));
}

/// A world that is brought back has the endpoints and the deliveries that it had, and goes on with
/// them.
#[test]
fn what_waits_is_brought_back_with_its_world() {
    let app = TestApp::start(Road::Local);
    let sink = Sink::new();
    sink.says(|_| Say::Status(500, ""));
    let made = endpoint(&app, &sink.url(), &["customer.created"]);
    customer(&app);
    app.quiet();
    let snapshot = id(&app.made("/onfile/v1/test/snapshots", &[]));
    app.made("/onfile/v1/test/reset", &[]);
    assert_eq!(app.got("/v1/webhook_endpoints")["data"], json!([]));
    customer(&app);
    app.quiet();
    assert_eq!((sink.heard().len(), deliveries(&app, "").len()), (1, 0));

    app.made(&format!("/onfile/v1/test/snapshots/{snapshot}/restore"), &[]);
    assert_eq!(app.got("/v1/webhook_endpoints")["data"][0]["id"], made["id"]);
    assert_eq!(statuses(&app), ["pending"]);
    sink.says(|_| FINE);
    app.made("/onfile/v1/test/clock", &[("advance", "400")]);
    assert_eq!(statuses(&app), ["delivered"]);
    customer(&app);
    app.quiet();
    assert_eq!(sink.heard().len(), 3);
}

/// What was read of a world before it was brought back is not sent from it any more.
#[test]
fn what_is_gone_with_its_world_is_not_sent() {
    let app = TestApp::start(Road::Local);
    let sink = Sink::new();
    sink.says(|_| Say::Hang);
    endpoint(&app, &sink.url(), &["customer.created"]);
    let snapshot = id(&app.made("/onfile/v1/test/snapshots", &[]));
    (0..40).for_each(|_| drop(customer(&app)));
    until("some are on their way", || sink.heard().len() >= 8);
    app.made(&format!("/onfile/v1/test/snapshots/{snapshot}/restore"), &[]);
    let before = sink.heard().len();
    sink.says(|_| FINE);
    customer(&app);
    app.quiet();
    let heard: Vec<String> = sink.heard()[before..].iter().map(|it| id(&it.json())).collect();
    let known: Vec<String> =
        app.got("/v1/events")["data"].as_array().expect("a list").iter().map(id).collect();
    let gone = heard.iter().filter(|it| !known.contains(it)).count();
    // As many as go at once may have been on their way to the sink; 48 are read ahead.
    assert!(gone <= 16 && heard.contains(&known[0]), "{gone} of {heard:?}");
}

/// Neither are the later events of a call whose first one was on its way.
#[test]
fn the_rest_of_a_call_is_not_sent_from_a_world_that_is_gone() {
    let mut app = TestApp::start(Road::Local);
    let sink = Sink::new();
    let ((came, first), (release, held)) = (mpsc::channel(), mpsc::channel::<()>());
    sink.says(move |_| {
        came.send(()).ok();
        held.recv().ok();
        FINE
    });
    endpoint(&app, &sink.url(), &["*"]);
    let snapshot = id(&app.made("/onfile/v1/test/snapshots", &[]));
    pay(&app, &[("payment_method", "pm_card_visa")]).expect(200);
    first.recv_timeout(Duration::from_secs(30)).expect("the first is on its way");
    app.made(&format!("/onfile/v1/test/snapshots/{snapshot}/restore"), &[]);
    drop(release);
    until("the first is answered", || !sink.heard().is_empty());
    // What a lane is at is done before the server ends.
    app.stop();
    assert_eq!(sink.types(), ["payment_intent.created"]);
}

/// What is taken is written down at once, while the call's next event is on its way.
#[test]
fn what_is_taken_does_not_wait_for_the_rest_of_its_call() {
    let app = TestApp::start(Road::Local);
    let sink = Sink::new();
    let ((came, second), (release, held)) = (mpsc::channel(), mpsc::channel::<()>());
    let mut heard = 0;
    sink.says(move |_| {
        heard += 1;
        if heard == 2 {
            came.send(()).ok();
            held.recv().ok();
        }
        FINE
    });
    endpoint(&app, &sink.url(), &["payment_intent.created", "payment_intent.succeeded"]);
    pay(&app, &[("payment_method", "pm_card_visa")]).expect(200);
    second.recv_timeout(Duration::from_secs(30)).expect("the second is on its way");
    until("the first is written down", || statuses(&app).contains(&"delivered".to_owned()));
    assert_eq!(statuses(&app), ["pending", "delivered"], "newest first");
    drop(release);
    app.quiet();
    assert_eq!(statuses(&app), ["delivered", "delivered"]);
}

/// What a call asks for under its key is answered the same, the secret too; nothing is made twice.
#[test]
fn an_endpoint_is_made_once_under_its_key() {
    on_both_roads(|app| {
        let call = || {
            let call = app.call("POST", "/v1/webhook_endpoints").named("the one");
            call.form(&[("url", "https://example.com/"), ("enabled_events[]", "*")]).send()
        };
        let (first, again) = (call(), call());
        assert_eq!(first.body, again.body);
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(app.got("/v1/webhook_endpoints")["data"].as_array().map(Vec::len), Some(1));
    });
}
