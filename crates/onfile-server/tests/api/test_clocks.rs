//! Stripe's test clocks: frozen times that belong to customers.

use serde_json::{Value, json};

use crate::app::{Road, TestApp, id, on_both_roads, until};
use crate::payments::pay;

const CLOCKS: &str = "/v1/test_helpers/test_clocks";
const WEEK: i64 = 7 * 86_400;

fn now(app: &TestApp) -> i64 {
    app.got("/onfile/v1/test/clock")["now"].as_i64().expect("a time")
}

fn clock(app: &TestApp, frozen_time: i64) -> String {
    id(&app.made(CLOCKS, &[("frozen_time", &frozen_time.to_string())]))
}

fn advance(app: &TestApp, clock: &str, to: i64) -> crate::client::Answer {
    app.post(&format!("{CLOCKS}/{clock}/advance"), &[("frozen_time", &to.to_string())])
}

fn ready(app: &TestApp, clock: &str) -> Value {
    let stands = || app.got(&format!("{CLOCKS}/{clock}"));
    until("the clock is ready", || stands()["status"] == "ready");
    stands()
}

fn hold(app: &TestApp, customer: &str) -> String {
    let manual = ("capture_method", "manual");
    let form = [("customer", customer), ("payment_method", "pm_card_visa"), manual];
    let held = pay(app, &form).expect(200);
    assert_eq!(held["status"], "requires_capture");
    id(&held)
}

fn told(app: &TestApp) -> Vec<String> {
    let events = app.got("/v1/events?type=test_helpers.test_clock.*");
    let types = events["data"].as_array().expect("a list").iter().rev();
    types
        .map(|event| {
            event["type"].as_str().expect("a type")["test_helpers.test_clock.".len()..].to_owned()
        })
        .collect()
}

#[test]
fn a_clock_ends_the_holds_of_its_customers() {
    on_both_roads(|app| {
        let began = now(app);
        let clock = clock(app, began);
        let theirs = id(&app.made("/v1/customers", &[("test_clock", &clock)]));
        let holds = [hold(app, &theirs), hold(app, &app.customer())];
        let status = |hold: &str| app.got(&format!("/v1/payment_intents/{hold}"))["status"].clone();

        let under_way = advance(app, &clock, began + WEEK).expect(200);
        assert_eq!(under_way["status"], "advancing");
        let target = json!({"advancing": {"target_frozen_time": began + WEEK}});
        assert_eq!(under_way["status_details"], target);
        let stands = ready(app, &clock);
        assert_eq!(stands["frozen_time"], began + WEEK);
        assert_eq!(stands["status_details"], json!({}));
        assert_eq!([status(&holds[0]), status(&holds[1])], ["canceled", "requires_capture"]);
        assert_eq!(now(app), began, "the world's own clock stands where it stood");
        assert_eq!(told(app), ["created", "advancing", "ready"]);
    });
}

#[test]
fn a_clock_is_shown_listed_and_deleted_with_its_customers() {
    let app = TestApp::start(Road::Local);
    let began = now(&app);
    let form = [("frozen_time", "1577836800"), ("name", "the year 2020")];
    let made = app.made(CLOCKS, &form);
    let clock = id(&made);
    assert_eq!(made["object"], "test_helpers.test_clock");
    assert_eq!((&made["name"], &made["status"]), (&json!("the year 2020"), &json!("ready")));
    assert_eq!(made["deletes_after"], began + 30 * 86_400);
    assert_eq!(app.got(&format!("{CLOCKS}/{clock}")), made);
    assert_eq!(app.got(CLOCKS)["data"], json!([made]));

    let customer = app.made("/v1/customers", &[("test_clock", &clock)]);
    assert_eq!(customer["test_clock"], clock.as_str());
    let path = format!("/v1/customers/{}", id(&customer));
    assert_eq!(app.got(&format!("{path}?expand[]=test_clock"))["test_clock"], made);
    app.customer();
    let of_clock = app.got(&format!("/v1/customers?test_clock={clock}"));
    assert_eq!(of_clock["data"], json!([customer]));

    let gone = app.call("DELETE", &format!("{CLOCKS}/{clock}")).send().expect(200);
    let stub = json!({"id": clock, "object": "test_helpers.test_clock", "deleted": true});
    assert_eq!(gone, stub);
    assert_eq!(app.got(&path)["deleted"], true);
    assert_eq!(app.got(CLOCKS)["data"], json!([]));
    let missing = app.get(&format!("{CLOCKS}/{clock}")).refused(404, "resource_missing");
    assert_eq!(missing["message"], format!("No such billingclock: '{clock}'"));
    assert_eq!(missing["param"], "test_clock");
    app.call("DELETE", &format!("{CLOCKS}/{clock}")).send().refused(404, "resource_missing");
    let late = app.post("/v1/customers", &[("test_clock", &clock)]);
    assert_eq!(late.refused(400, "resource_missing")["param"], "test_clock");
    assert_eq!(told(&app), ["created", "deleted"]);
}

#[test]
fn a_clock_ends_by_itself_after_thirty_days() {
    let app = TestApp::start(Road::Local);
    let clock = clock(&app, now(&app));
    app.made("/onfile/v1/test/clock", &[("advance", "2591999")]);
    app.got(&format!("{CLOCKS}/{clock}"));
    app.made("/onfile/v1/test/clock", &[("advance", "1")]);
    app.get(&format!("{CLOCKS}/{clock}")).refused(404, "resource_missing");
}

#[test]
fn where_a_clock_can_not_go() {
    let app = TestApp::start(Road::Local);
    let began = now(&app);
    let clock = clock(&app, began);
    for to in [began, began - 1, began + 3 * 366 * 86_400, -1, 253_402_300_800] {
        let error = advance(&app, &clock, to).refused(400, "");
        assert_eq!(error["param"], "frozen_time", "{to}: {error}");
    }
    let path = format!("{CLOCKS}/{clock}/advance");
    app.post(&path, &[]).refused(400, "parameter_missing");
    app.post(CLOCKS, &[("frozen_time", "soon")]).refused(400, "parameter_invalid_integer");
    app.post(CLOCKS, &[]).refused(400, "parameter_missing");
    let customer = app.customer();
    let form = [("frozen_time", "1577836800"), ("customer", &*customer)];
    app.post(CLOCKS, &form).refused(400, "parameter_unsupported");
    advance(&app, "clock_1", began + 1).refused(404, "resource_missing");
    assert_eq!(told(&app), ["created"]);
}
