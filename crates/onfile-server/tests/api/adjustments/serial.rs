//! Many at once, the same again, and what a dead server leaves.

use onfile_store::Options;

use super::*;
use crate::app::{Road, on_both_roads, until};
use crate::badness::dies_during;
use crate::bank::Mood;
use crate::payments::charges;
use crate::together::at_once;

/// What the order has taken.
fn taken(app: &TestApp) -> i64 {
    charges(app)
        .iter()
        .filter(|charge| charge["status"] == "succeeded")
        .map(|charge| {
            let number = |name: &str| charge[name].as_i64().expect("an amount");
            number("amount_captured") - number("amount_refunded")
        })
        .sum()
}

#[test]
fn of_many_at_once_each_is_planned_after_the_other() {
    on_both_roads(|app| {
        let order = order(app, &[]);
        let before = taken(app) - 1099;
        let calls = (1..=6).map(|at| {
            let amount = (1099 + at * 100).to_string();
            app.call("POST", PATH).form(&[("payment_intent", order.as_str()), ("amount", &amount)])
        });
        let mut passed = 0;
        for answer in at_once(calls.collect()) {
            match answer.status {
                200 => passed += 1,
                429 => drop(answer.refused(429, "lock_timeout")),
                // Less than the total that another one has reached meanwhile.
                _ => drop(answer.refused(400, "")),
            }
        }
        assert!(passed > 0);
        // Each began where the one before it ended, whoever asked first; the last is the total.
        let any = app.got(&format!("{PATH}?payment_intent={order}&limit=1"));
        let all = any["data"][0]["chain"]["adjustments"].as_array().expect("a list").clone();
        assert_eq!(all.len(), passed);
        let number = |it: &Value, name: &str| it[name].as_i64().expect("an amount");
        let mut stands_at = 1099;
        for it in &all {
            assert_eq!(number(it, "previous_amount"), stands_at);
            stands_at = number(it, "amount");
        }
        assert_eq!(taken(app) - before, stands_at);
    });
}

#[test]
fn the_same_again_is_one_charge() {
    on_both_roads(|app| {
        let order = order(app, &[]);
        let call = || {
            app.call("POST", PATH)
                .form(&[("payment_intent", order.as_str()), ("amount", "1549")])
                .named("more socks")
        };
        let answers = at_once((0..6).map(|_| call()).collect());
        let first = call().send();
        assert_eq!(first.header("idempotent-replayed"), Some("true"));
        for answer in answers {
            match answer.status {
                200 => assert_eq!(answer.body, first.body),
                _ => drop(answer.refused(409, "idempotency_key_in_use")),
            }
        }
        assert_eq!(charges(app).len(), 3);
        let other = app
            .call("POST", PATH)
            .form(&[("payment_intent", order.as_str()), ("amount", "1550")])
            .named("more socks");
        other.send().refused(400, "");
    });
}

#[test]
fn while_the_difference_is_on_the_wire_the_order_is_locked() {
    let app = TestApp::start(Road::Remote);
    let order = order(&app, &[]);
    let before = app.bank.authorized();
    app.bank.set(Mood::Slow);
    std::thread::scope(|scope| {
        let call =
            app.call("POST", PATH).form(&[("payment_intent", order.as_str()), ("amount", "1549")]);
        let first = scope.spawn(move || call.send());
        until("it is on the wire", || app.bank.authorized() > before);
        let answer = adjust(&app, &order, "1600");
        answer.refused(429, "lock_timeout");
        assert_eq!(answer.header("stripe-should-retry"), Some("true"));
        let list = app.got(&format!("{PATH}?payment_intent={order}"));
        assert_eq!(went(&list["data"][0]), "processing charge");
        app.bank.set(Mood::Answers);
        let first = first.join().expect("it is answered").expect(200);
        assert_eq!(went(&first), "succeeded charge");
    });
    assert_eq!(app.bank.authorized(), before + 1);
    adjusted(&app, &order, "1600", "succeeded charge");
}

#[test]
fn death_between_the_commits_charges_nobody_twice() {
    let mut app = TestApp::kept(Road::Remote, Options::default());
    let order = order(&app, &[]);
    let (spent, authorized) = (app.bank.spent(), app.bank.authorized());
    let form = [("payment_intent", order.as_str()), ("amount", "1549")];
    let call = app.call("POST", PATH).form(&form).named("dies");
    dies_during(&mut app, call);
    app.rise();
    let told = app.call("POST", PATH).form(&form).named("dies").send();
    let it = told.expect(200);
    assert_eq!(went(&it), "declined charge");
    assert_eq!(it["last_payment_error"]["code"], "processing_error");
    assert_eq!(told.header("idempotent-replayed"), Some("true"));
    assert_eq!(totals(&it), [0, 1099, 0, 450]);
    until("the reversal is heard", || app.open_attempts() == 0);
    assert_eq!((app.bank.spent(), app.bank.authorized()), (spent, authorized + 1));
    // The customer pays the difference, or the same total is asked for again: never both.
    let again = adjusted(&app, &order, "1549", "succeeded charge");
    assert_eq!(totals(&again), [0, 1549, 0, 0]);
    assert_eq!(payment(&app, &made(&it))["status"], "canceled");
}

#[test]
fn death_while_another_total_waits() {
    let mut app = TestApp::kept(Road::Remote, Options::default());
    let order = order(&app, &[]);
    app.bank.set(Mood::Declines);
    let waits = adjusted(&app, &order, "1549", "declined charge");
    let form = [("payment_intent", order.as_str()), ("amount", "1700")];
    let call = app.call("POST", PATH).form(&form);
    app.bank.set(Mood::Answers);
    dies_during(&mut app, call);
    app.rise();
    // The one that waited was given up before anything was sent.
    assert_eq!(payment(&app, &made(&waits))["status"], "canceled");
    let list = app.got(&format!("{PATH}?payment_intent={order}"));
    let [newest, older] = [0, 1].map(|at| went(&list["data"][at]));
    assert_eq!((newest.as_str(), older.as_str()), ("declined charge", "declined charge"));
    assert_eq!(totals(&list["data"][0]), [0, 1099, 0, 601]);
}

#[test]
fn silence_is_an_outcome() {
    let app = TestApp::start(Road::Remote);
    let order = order(&app, &[]);
    let before = app.bank.spent();
    app.bank.set(Mood::Silent);
    let it = adjusted(&app, &order, "1549", "declined charge");
    assert_eq!(it["last_payment_error"]["code"], "processing_error");
    app.bank.set(Mood::Answers);
    until("the reversal is heard", || app.open_attempts() == 0);
    assert_eq!(app.bank.spent(), before);
}
