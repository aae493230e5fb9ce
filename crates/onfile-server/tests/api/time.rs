//! What the world's clock brings by itself.

use serde_json::{Value, json};

use onfile_domain::case::{Decision, Timer, TimerKind};
use onfile_domain::time::WorldTime;
use onfile_server::surroundings::Surroundings;
use onfile_store::Options;

use crate::app::{Road, TestApp, id, on_both_roads, until};
use crate::client::Client;
use crate::payments::{charge_later, charges, pay, saved};
use crate::sink::{FINE, Say, Sink};
use crate::webhooks::endpoint;

fn types(events: &Value) -> Vec<String> {
    let events = events["data"].as_array().expect("a list").iter();
    events.map(|event| event["type"].as_str().expect("a type").to_owned()).collect()
}

#[test]
fn a_balance_transaction_comes_to_light_a_second_later() {
    on_both_roads(|app| {
        let paid = pay(app, &[("payment_method", "pm_card_visa")]).expect(200);
        let charge = paid["latest_charge"].as_str().expect("a charge").to_owned();
        let shown = || app.got(&format!("/v1/charges/{charge}"))["balance_transaction"].clone();
        assert_eq!(shown(), Value::Null);
        let updated = || {
            let events = app.got("/v1/events?type=charge.updated");
            types(&events).len()
        };
        assert_eq!(updated(), 0);
        app.advance(1);
        until("it is shown", || shown().is_string());
        until("it is told", || updated() == 1);
        let movement = shown().as_str().expect("an id").to_owned();
        let movement = app.got(&format!("/v1/balance_transactions/{movement}"));
        assert_eq!(movement["source"], charge.as_str());
        assert_eq!(movement["amount"], 1099);
        app.advance(100);
        app.settled();
        assert_eq!(updated(), 1);
    });
}

#[test]
fn money_that_can_be_paid_out_is_told_of_once_a_day() {
    on_both_roads(|app| {
        let told = || app.got("/v1/events?type=balance.available")["data"].clone();
        let [one, two] = [(); 2].map(|()| pay(app, &[("payment_method", "pm_card_visa")]));
        let movement = |paid: &Value| {
            let charge = paid["latest_charge"].as_str().expect("a charge");
            let path = format!("/v1/balance_transactions?source={charge}");
            app.got(&path)["data"][0].clone()
        };
        let first = movement(&one.expect(200));
        let on = first["available_on"].as_i64().expect("a time");
        moved(app, "to", &(on - 1).to_string());
        assert_eq!(told(), json!([]));
        moved(app, "advance", "864000");
        let all = told();
        let [event] = &all.as_array().expect("a list")[..] else { panic!("{all}") };
        assert_eq!((&event["created"], &event["request"]["id"]), (&json!(on), &Value::Null));
        let object = &event["data"]["object"];
        assert_eq!(*object, app.got("/v1/balance"));
        let net = first["net"].as_i64().expect("an amount");
        assert_eq!(movement(&two.expect(200))["net"], net);
        assert_eq!(object["available"][0]["amount"], 2 * net);

        // What is given back before it could be paid out adds nothing.
        let paid = pay(app, &[("payment_method", "pm_card_visa")]).expect(200);
        app.made("/v1/refunds", &[("payment_intent", &id(&paid))]);
        moved(app, "advance", "864000");
        assert_eq!(told().as_array().map(Vec::len), Some(1));
    });
}

#[test]
fn money_that_never_had_to_wait_is_told_of_at_once() {
    on_both_roads(|app| {
        let sink = Sink::new();
        endpoint(app, &sink.url(), &["balance.available"]);
        for count in 1..=2 {
            pay(app, &[("payment_method", "pm_card_bypassPending")]).expect(200);
            until("it is told", || sink.heard().len() == count);
            let told = sink.heard()[count - 1].json();
            assert_eq!(told["data"]["object"], app.got("/v1/balance"));
            assert!(told["data"].get("previous_attributes").is_none(), "{told}");
        }
    });
}

#[test]
fn timers_that_can_not_be_settled_are_in_nobodys_way() {
    let app = TestApp::start(Road::Local);
    let timer =
        |subject| Timer { due_at: WorldTime(now(&app) - 1), kind: TimerKind::ExpireHold, subject };
    // More than are worked off at once, due earlier than anything else.
    let timers = (0..600).map(timer).collect();
    app.decided_nowhere(Decision { timers, ..Decision::default() });
    pay(&app, &[("payment_method", "pm_card_visa")]).expect(200);
    app.advance(1);
    let updated = || types(&app.got("/v1/events?type=charge.updated")).len();
    until("the balance transaction is told", || updated() == 1);
}

#[test]
fn a_hold_ends_after_seven_days() {
    on_both_roads(|app| {
        let held = pay(app, &[("payment_method", "pm_card_visa"), ("capture_method", "manual")])
            .expect(200);
        let path = format!("/v1/payment_intents/{}", id(&held));
        app.advance(604_799);
        app.settled();
        assert_eq!(app.got(&path)["status"], "requires_capture");
        app.advance(1);
        until("the hold ends", || app.got(&path)["status"] == "canceled");
        let gone = app.got(&path);
        assert_eq!(gone["cancellation_reason"], "expired");
        app.post(&format!("{path}/capture"), &[]).refused(400, "payment_intent_unexpected_state");
        let charges = charges(app);
        assert_eq!(charges.len(), 1);
        assert_eq!(charges[0]["captured"], false);
        assert_eq!(charges[0]["refunded"], false);
        until("the network was told", || app.owed() == 0);
        assert_eq!(app.bank.spent(), 0);
    });
}

fn now(app: &TestApp) -> i64 {
    let clock = app.got("/onfile/v1/test/clock");
    assert_eq!(clock["object"], "clock");
    clock["now"].as_i64().expect("a time")
}

fn moved(app: &TestApp, by: &str, seconds: &str) -> i64 {
    let clock = app.made("/onfile/v1/test/clock", &[(by, seconds)]);
    assert_eq!(clock["now"], now(app), "the wall's clock of a test stands still");
    now(app)
}

#[test]
fn a_clock_that_is_moved_answers_when_all_is_done() {
    on_both_roads(|app| {
        let paid = pay(app, &[("payment_method", "pm_card_visa")]).expect(200);
        let held = pay(app, &[("payment_method", "pm_card_visa"), ("capture_method", "manual")])
            .expect(200);
        let began = now(app);
        assert_eq!(moved(app, "advance", "604800"), began + 604_800);
        // Nothing is waited for: it is done.
        let held = app.got(&format!("/v1/payment_intents/{}", id(&held)));
        assert_eq!(held["status"], "canceled");
        assert_eq!(held["canceled_at"], began + 604_800);
        let updated = app.got("/v1/events?type=charge.updated");
        assert_eq!(types(&updated).len(), 1);
        assert_eq!(updated["data"][0]["created"], began + 1, "told with the time it was due");
        assert_eq!(updated["data"][0]["data"]["object"]["id"], paid["latest_charge"]);
        assert_eq!(moved(app, "to", &(began + 700_000).to_string()), began + 700_000);
        assert_eq!(moved(app, "advance", "0"), began + 700_000);
        let customer = app.got(&format!("/v1/customers/{}", app.customer()));
        assert_eq!(customer["created"], began + 700_000);
        // Another world has a clock of its own.
        let other = app.with_key("sk_test_elsewhere");
        assert_eq!(other.got("/onfile/v1/test/clock")["now"], began);
    });
}

#[test]
fn what_falls_due_is_told_in_the_order_in_which_it_was_due() {
    on_both_roads(|app| {
        let customer = app.customer();
        let challenge = |after: &str| {
            let form =
                [("payment_method", "pm_card_threeDSecure2Required"), ("customer", &customer)];
            let waiting = pay(app, &form).expect(200);
            assert_eq!(waiting["status"], "requires_action");
            moved(app, "advance", after);
            id(&waiting)
        };
        let began = now(app);
        let waiting = [challenge("200"), challenge("100"), challenge("0")];
        moved(app, "advance", "86400");
        let failed = app.got("/v1/events?type=payment_intent.payment_failed");
        let failed = failed["data"].as_array().expect("a list");
        let told: Vec<(&str, i64)> = failed
            .iter()
            .rev()
            .map(|event| {
                let of = event["data"]["object"]["id"].as_str().expect("an id");
                (of, event["created"].as_i64().expect("a time") - began)
            })
            .collect();
        let [first, second, third] = &waiting;
        assert_eq!(told, [(&**first, 600), (second, 800), (third, 900)]);
    });
}

#[test]
fn a_card_and_a_key_end_by_the_clock() {
    let app = TestApp::start(Road::Local);
    let (customer, card) = saved(&app, "pm_card_visa");
    let form = [("email", "named@example.com")];
    let named = |key: &str| app.call("POST", "/v1/customers").named(key).form(&form).send();
    let first = named("a day").expect(200);
    moved(&app, "advance", "86399");
    assert_eq!(named("a day").expect(200)["id"], first["id"]);
    moved(&app, "advance", "1");
    assert_ne!(named("a day").expect(200)["id"], first["id"]);
    assert_eq!(charge_later(&app, &customer, &card).expect(200)["status"], "succeeded");
    moved(&app, "advance", "63072000");
    charge_later(&app, &customer, &card).refused(402, "expired_card");
}

#[test]
fn a_move_is_made_once_under_its_name() {
    let app = TestApp::start(Road::Local);
    let began = now(&app);
    let week = || {
        let call = app.call("POST", "/onfile/v1/test/clock").named("a week");
        call.form(&[("advance", "604800")]).send()
    };
    let (first, again) = (week(), week());
    assert_eq!((first.status, &first.body), (200, &again.body));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(now(&app), began + 604_800);
}

/// Killed on the way, it is finished by the next process, and whoever asks again under its name
/// hears of that.
#[test]
fn a_move_that_is_cut_off_is_finished_and_not_made_again() {
    for (by, more) in [("advance", 604_800), ("to", 0)] {
        let mut app = TestApp::kept(Road::Local, Options::default());
        let sink = Sink::new();
        sink.says(|_| Say::Hang);
        endpoint(&app, &sink.url(), &["customer.created"]);
        app.customer();
        app.quiet();
        let goal = now(&app) + 604_800;
        let seconds = if more > 0 { more } else { goal }.to_string();
        let week = |client: &Client| {
            let call = client.call("POST", "/onfile/v1/test/clock").named("a week");
            call.form(&[(by, &seconds)]).try_send()
        };
        let client = app.with_key(&app.key);
        std::thread::scope(|scope| {
            let cut_off = scope.spawn(|| week(&client));
            until("the clock is on its way", || sink.heard().len() == 2);
            app.die();
            assert!(cut_off.join().expect("it ends").is_none_or(|answer| answer.status != 200));
        });
        // Nobody looks at the clock for a minute.
        app.around.advance(60);
        app.rise();
        let again = || week(&app).expect("it answers");
        until("it is finished", || again().status != 409);
        let finished = again();
        assert_eq!(finished.expect(200)["now"], goal + 60, "{by}");
        assert_eq!(finished.header("idempotent-replayed"), Some("true"));
        assert_eq!(now(&app), goal + 60, "{by}");
        // What was due was done before it was answered: the try that was cut off was made again.
        let tries = &app.got("/onfile/v1/deliveries")["data"][0]["tries"];
        assert_eq!(tries.as_array().map(Vec::len), Some(2), "{tries}");
    }
}

/// A world that was emptied before its turn came has not asked to be moved; nobody else waits for
/// it.
#[test]
fn a_move_that_is_cut_off_is_not_finished_in_a_world_that_was_emptied() {
    let mut app = TestApp::kept(Road::Local, Options::default());
    let sink = Sink::new();
    sink.says(|_| Say::Hang);
    let keys = ["sk_test_first", "sk_test_emptied", "sk_test_last"];
    let url = sink.url();
    for key in keys {
        let form = [("url", &*url), ("enabled_events[]", "customer.created")];
        app.with_key(key).made("/v1/webhook_endpoints", &form);
        app.with_key(key).made("/v1/customers", &[]);
    }
    app.quiet();
    let week = |client: &Client| {
        let call = client.call("POST", "/onfile/v1/test/clock").named("a week");
        call.form(&[("advance", "604800")]).try_send()
    };
    let clients = keys.map(|key| app.with_key(key));
    std::thread::scope(|scope| {
        for (at, client) in clients.iter().enumerate() {
            scope.spawn(|| week(client));
            until("the clock is on its way", || sink.heard().len() == keys.len() + at + 1);
        }
        app.die();
    });
    app.rise();
    // The first one's move waits for the sink, and the others' for the first one's.
    let [first, emptied, last] = keys.map(|key| app.with_key(key));
    let began = app.around.wall();
    emptied.made("/onfile/v1/test/reset", &[]);
    sink.says(|_| FINE);
    for client in [&first, &last] {
        until("it is finished", || week(client).is_some_and(|answer| answer.status == 200));
        assert_eq!(client.got("/onfile/v1/test/clock")["now"], began + 604_800);
    }
    assert_eq!(emptied.got("/onfile/v1/test/clock")["now"], began);
    let again = week(&emptied).expect("it answers");
    assert_eq!(again.expect(200)["now"], began + 604_800);
    assert_eq!(again.header("idempotent-replayed"), None);
}

#[test]
fn moves_that_there_are_not() {
    let app = TestApp::start(Road::Local);
    let began = now(&app);
    for (form, code, param) in [
        (&[][..], "", Value::Null),
        (&[("advance", "1"), ("to", "1900000000")], "parameters_exclusive", "advance".into()),
        (&[("advance", "-1")], "parameter_invalid_integer", "advance".into()),
        (&[("advance", "soon")], "parameter_invalid_integer", "advance".into()),
        (&[("advance", "9223372036854775807")], "", "advance".into()),
        (&[("to", "1")], "", "to".into()),
        (&[("to", "253402300800")], "", "to".into()),
        (&[("by", "1")], "parameter_unknown", "by".into()),
    ] {
        let error = app.post("/onfile/v1/test/clock", form).refused(400, code);
        assert_eq!(error["param"], param, "{form:?}: {error}");
        assert_eq!(now(&app), began, "{form:?}");
    }
}

#[test]
fn a_clock_stays_moved() {
    let mut app = TestApp::kept(Road::Local, Options::default());
    let began = now(&app);
    app.customer();
    moved(&app, "advance", "1000");
    app.die();
    app.rise();
    assert_eq!(now(&app), began + 1_000);
}
