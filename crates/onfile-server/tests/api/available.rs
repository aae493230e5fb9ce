//! `balance.available`: more of an account's money can be paid out, on both roads.

use onfile_store::Options;
use serde_json::{Value, json};

use crate::app::{Road, TestApp, id, on_both_roads, until};
use crate::payments::pay;
use crate::sink::{Sink, text};
use crate::webhooks::endpoint;

const TYPE: &str = "balance.available";
const DAY: i64 = 86_400;
/// 10.99 less 2.9 % and 30 cents.
const NET: i64 = 1_099 - 62;

/// What was told, the oldest first.
fn told(app: &TestApp) -> Vec<Value> {
    let list = app.got(&format!("/v1/events?type={TYPE}&limit=100"));
    list["data"].as_array().expect("a list").iter().rev().cloned().collect()
}

/// When it was told, and what of it was available and pending then.
fn sums(told: &[Value]) -> Vec<(i64, i64, i64)> {
    let one = |event: &Value| {
        let balance = &event["data"]["object"];
        let sum = |name: &str| balance[name][0]["amount"].as_i64().expect("an amount");
        (event["created"].as_i64().expect("a time"), sum("available"), sum("pending"))
    };
    told.iter().map(one).collect()
}

fn paid(app: &TestApp, card: &str) -> String {
    let form = [("payment_method", card), ("capture_method", "automatic")];
    text(&pay(app, &form).expect(200)["latest_charge"])
}

fn move_on(app: &TestApp, seconds: i64) -> i64 {
    let clock = app.made("/onfile/v1/test/clock", &[("advance", &seconds.to_string())]);
    clock["now"].as_i64().expect("a time")
}

#[test]
fn it_is_told_once_for_each_instant_at_which_money_comes() {
    on_both_roads(|app| {
        // 2026-03-01 is a Sunday: what is paid then and on Monday can be paid out on Tuesday and
        // on Wednesday.
        let sunday = move_on(app, 0);
        paid(app, "pm_card_visa");
        move_on(app, 3_600);
        paid(app, "pm_card_visa");
        move_on(app, DAY);
        let refunded = paid(app, "pm_card_visa");
        assert_eq!(told(app), [json!(null); 0]);
        move_on(app, 2 * DAY);
        let events = told(app);
        let (tuesday, wednesday) = (sunday + 2 * DAY, sunday + 3 * DAY);
        assert_eq!(sums(&events), [(tuesday, 2 * NET, NET), (wednesday, 3 * NET, 0)]);
        assert_eq!(events[1]["data"]["object"], app.got("/v1/balance"));
        for event in &events {
            assert_eq!(event["request"], json!({"id": null, "idempotency_key": null}));
            assert_eq!(event["data"].as_object().map(serde_json::Map::len), Some(1));
        }
        paid(app, "pm_card_visa");
        app.made("/v1/refunds", &[("charge", &refunded)]);
        move_on(app, 30 * DAY - 1 - 3 * DAY - 3_600);
        assert_eq!(told(app), events, "a day on which more was given back tells nothing");
        assert_eq!(app.got("/v1/balance")["available"][0]["amount"], 4 * NET - 1_099);
    });
}

#[test]
fn money_that_never_waits_is_told_behind_its_payment() {
    on_both_roads(|app| {
        paid(app, "pm_card_visa");
        let charge = paid(app, "pm_card_bypassPending");
        until("it is told", || told(app).len() == 1);
        let now = move_on(app, 0);
        let first = told(app);
        assert_eq!(sums(&first), [(now, NET, NET)]);
        assert_eq!(first[0]["data"]["object"], app.got("/v1/balance"));
        let list = app.got("/v1/events?limit=4");
        let types: Vec<String> =
            list["data"].as_array().expect("a list").iter().map(|it| text(&it["type"])).collect();
        let expected =
            [TYPE, "payment_intent.succeeded", "charge.succeeded", "payment_intent.created"];
        assert_eq!(types, expected);

        let held =
            pay(app, &[("payment_method", "pm_card_bypassPending"), ("capture_method", "manual")]);
        app.settled();
        assert_eq!(told(app).len(), 1, "a hold moves nothing");
        app.made(&format!("/v1/payment_intents/{}/capture", id(&held.expect(200))), &[]);
        until("it is told", || told(app).len() == 2);
        assert_eq!(sums(&told(app))[1], (now, 2 * NET, NET));
        app.made("/v1/refunds", &[("charge", &charge)]);
        app.settled();
        assert_eq!(told(app).len(), 2, "giving back tells nothing");
        assert_eq!(told(app)[0], first[0], "what was told stays as it was");
    });
}

#[test]
fn what_is_told_of_many_at_once_is_in_order() {
    on_both_roads(|app| {
        let here = &*app;
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| paid(here, "pm_card_bypassPending"));
            }
        });
        until("all are told", || told(app).len() == 8);
        let told: Vec<i64> = sums(&told(app)).iter().map(|it| it.1).collect();
        assert_eq!(told.last(), Some(&(8 * NET)), "what is told last has all of them");
        assert!(told.is_sorted(), "{told:?}");
    });
}

#[test]
fn endpoints_hear_of_it_by_its_name_and_by_all_names() {
    let app = TestApp::start(Road::Local);
    let [named, all, other] = [(); 3].map(|()| Sink::new());
    let form = [("url", &*named.url()), ("enabled_events[]", TYPE), ("api_version", "2017-02-14")];
    app.made("/v1/webhook_endpoints", &form);
    endpoint(&app, &all.url(), &["*"]);
    endpoint(&app, &other.url(), &["charge.succeeded"]);
    paid(&app, "pm_card_visa");
    let goal = move_on(&app, 2 * DAY);
    app.quiet();
    assert_eq!(named.types(), [TYPE]);
    assert_eq!(all.types().iter().filter(|it| *it == TYPE).count(), 1);
    assert_eq!(other.types(), ["charge.succeeded"]);
    let heard = named.heard()[0].json();
    assert_eq!(sums(std::slice::from_ref(&heard)), [(goal, NET, 0)]);
    assert_eq!((&heard["api_version"], &heard["request"]), (&json!("2017-02-14"), &json!(null)));
    assert_eq!(heard["data"], told(&app)[0]["data"]);
}

#[test]
fn it_is_told_after_a_restart_and_again_in_a_world_that_was_brought_back() {
    let mut app = TestApp::kept(Road::Local, Options::default());
    paid(&app, "pm_card_visa");
    let taken = id(&app.made("/onfile/v1/test/snapshots", &[]));
    app.die();
    app.rise();
    let goal = move_on(&app, 5 * DAY);
    let once = sums(&told(&app));
    assert_eq!(once, [(goal - 3 * DAY, NET, 0)]);
    app.made(&format!("/onfile/v1/test/snapshots/{taken}/restore"), &[]);
    assert_eq!(told(&app), [json!(null); 0]);
    move_on(&app, 5 * DAY);
    assert_eq!(sums(&told(&app)), once);
    app.made("/onfile/v1/test/reset", &[]);
    move_on(&app, 5 * DAY);
    assert_eq!(told(&app), [json!(null); 0]);
    app.check();
}
