//! What is past its life is no longer told, and is taken off the disk a while later.

use onfile_domain::event::LIFE;
use serde_json::json;

use crate::app::{Road, TestApp, id, on_both_roads, until};
use crate::listening::{Listener, session};
use crate::payments::pay;
use crate::sink::{Say, Sink};
use crate::webhooks::endpoint;

#[test]
fn a_month_later_nothing_is_told_of_an_event() {
    on_both_roads(|app| {
        let sink = Sink::new();
        endpoint(app, &sink.url(), &["customer.created"]);
        app.customer();
        app.settled();
        let event = id(&app.got("/v1/events")["data"][0]);
        let delivery = id(&app.got("/onfile/v1/deliveries")["data"][0]);
        app.advance(LIFE);
        app.got(&format!("/v1/events/{event}"));
        app.got(&format!("/onfile/v1/deliveries/{delivery}"));
        app.made(&format!("/onfile/v1/deliveries/{delivery}/resend"), &[]);
        app.settled();
        assert_eq!(app.kept_events(), [1]);

        app.advance(1);
        let again = format!("/v1/events/{event}/retry");
        let delivery = format!("/onfile/v1/deliveries/{delivery}");
        app.get(&format!("/v1/events/{event}")).refused(404, "resource_missing");
        app.post(&again, &[]).refused(404, "resource_missing");
        app.get(&delivery).refused(404, "resource_missing");
        app.post(&format!("{delivery}/resend"), &[]).refused(404, "resource_missing");
        for path in ["/v1/events?", "/onfile/v1/deliveries?"] {
            assert_eq!(app.got(path)["data"], json!([]), "{path}");
        }
        for query in [
            format!("/v1/events?starting_after={event}"),
            format!("/v1/events?ending_before={event}"),
            format!("/onfile/v1/deliveries?event={event}"),
            format!("/onfile/v1/test/events/wait?count=1&timeout=0&after={event}"),
        ] {
            app.get(&query).refused(400, "resource_missing");
        }
        // A wait begins with the first event that is still told of, and names no other.
        let wait = |query: &str| {
            let path = format!("/onfile/v1/test/events/wait?timeout=0&count=1&{query}");
            app.got(&path)
        };
        for query in ["", "after="] {
            let nothing = wait(query);
            let said = (&nothing["complete"], &nothing["data"], &nothing["last"]);
            assert_eq!(said, (&json!(false), &json!([]), &json!(null)), "{query}");
        }
        until("it is off the disk", || app.kept_events() == [0]);
        app.customer();
        assert_eq!(wait("after=")["data"][0]["type"], "customer.created");
        assert_eq!(app.got("/v1/events")["data"].as_array().map(Vec::len), Some(1));
    });
}

/// Hundreds, whatever is made meanwhile; and a world is not touched by what another one forgets.
#[test]
fn what_is_past_its_life_is_taken_off_the_disk() {
    let app = TestApp::start(Road::Local);
    let other = app.with_key("sk_test_other");
    for _ in 0..250 {
        app.customer();
    }
    other.made("/v1/customers", &[]);
    let now = app.got("/onfile/v1/test/clock")["now"].as_i64().expect("a time");
    app.made("/onfile/v1/test/clock", &[("to", &(now + LIFE + 1).to_string())]);
    pay(&app, &[("payment_method", "pm_card_visa")]).expect(200);
    app.settled();
    let left = app.got("/v1/events")["data"].as_array().map(Vec::len);
    until("the old ones are gone", || app.kept_events()[0] < 10);
    app.settled();
    assert_eq!(app.got("/v1/events")["data"].as_array().map(Vec::len), left);
    assert_eq!(app.kept_events()[1], 1);
    app.check();
}

/// Worlds are looked at in their order, so what the last one has lost the first one would have.
#[test]
fn what_is_still_to_be_sent_or_told_stays() {
    let app = TestApp::start(Road::Local);
    let sink = Sink::new();
    sink.says(|_| Say::Status(500, ""));
    endpoint(&app, &sink.url(), &["customer.created"]);
    let listening = app.with_key("sk_test_listening");
    listening.made("/v1/customers", &[]);
    let heard = session(&listening, "webhooks", &[]);
    let last = app.with_key("sk_test_last");
    app.customer();
    for key in [&listening, &last] {
        key.made("/v1/customers", &[]);
    }
    app.settled();
    app.advance(LIFE + 1);
    app.settled();
    until("the last world has forgotten", || app.kept_events()[2] == 0);
    // The try that was due failed again, which turned the endpoint off: that is told.
    assert_eq!(app.kept_events(), [2, 1, 0]);
    let told = app.got("/v1/events");
    assert_eq!(told["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(told["data"][0]["type"], "onfile.webhook_endpoint.disabled");

    let mut listener = Listener::connect(&listening, &heard);
    assert_eq!(listener.event(&heard["secret"])["type"], "customer.created");
    // Its next try is canceled, and then nothing holds the event.
    app.advance(3_600);
    app.settled();
    assert_eq!(sink.heard().len(), 2);
    until("nothing holds them", || app.kept_events() == [1, 0, 0]);
}
