//! Many at once: exactly one charges, and one name stands for one answer.

use crate::app::{Road, TestApp, id, on_both_roads, until};
use crate::bank::Mood;
use crate::client::{Answer, Call};
use crate::payments::{charges, saved};

/// Sends all of them at once.
pub fn at_once(calls: Vec<Call>) -> Vec<Answer> {
    std::thread::scope(|scope| {
        let sent: Vec<_> = calls.into_iter().map(|call| scope.spawn(move || call.send())).collect();
        sent.into_iter().map(|it| it.join().expect("it is answered")).collect()
    })
}

fn intent(app: &TestApp) -> String {
    let form = [("amount", "1099"), ("currency", "usd"), ("payment_method", "pm_card_visa")];
    id(&app.made("/v1/payment_intents", &form))
}

/// An answer to whoever came second.
#[track_caller]
fn is_second(answer: &Answer) {
    match answer.status {
        400 => drop(answer.refused(400, "payment_intent_unexpected_state")),
        _ => {
            answer.refused(429, "lock_timeout");
            assert_eq!(answer.header("stripe-should-retry"), Some("true"));
        }
    }
}

#[test]
fn of_many_confirms_one_charges() {
    on_both_roads(|app| {
        for _ in 0..5 {
            let before = charges(app).len();
            let path = format!("/v1/payment_intents/{}/confirm", intent(app));
            let answers = at_once((0..8).map(|_| app.call("POST", &path)).collect());
            let (paid, others): (Vec<_>, Vec<_>) =
                answers.into_iter().partition(|answer| answer.status == 200);
            assert_eq!(paid.len(), 1);
            others.iter().for_each(is_second);
            assert_eq!(charges(app).len(), before + 1);
        }
    });
}

#[test]
fn while_one_is_on_the_wire_others_are_locked_out() {
    let app = TestApp::start(Road::Remote);
    let intent = intent(&app);
    let path = format!("/v1/payment_intents/{intent}");
    app.bank.set(Mood::Slow);
    std::thread::scope(|scope| {
        let confirm = app.call("POST", &format!("{path}/confirm"));
        let first = scope.spawn(move || confirm.send());
        until("it is on the wire", || app.bank.authorized() == 1);
        for (verb, form) in [("/confirm", &[][..]), ("/cancel", &[]), ("", &[("amount", "5")])] {
            let answer = app.post(&format!("{path}{verb}"), form);
            answer.refused(429, "lock_timeout");
            assert_eq!(answer.header("stripe-should-retry"), Some("true"));
        }
        // Readers see it as it was.
        assert_eq!(app.got(&path)["status"], "requires_confirmation");
        app.bank.set(Mood::Answers);
        let first = first.join().expect("it is answered").expect(200);
        assert_eq!(first["status"], "succeeded");
    });
    app.post(&format!("{path}/confirm"), &[]).refused(400, "payment_intent_unexpected_state");
    assert_eq!(charges(&app).len(), 1);
    assert_eq!(app.bank.authorized(), 1);
}

#[test]
fn one_that_is_made_and_paid_at_once_is_locked_meanwhile() {
    let app = TestApp::start(Road::Remote);
    app.bank.set(Mood::Slow);
    std::thread::scope(|scope| {
        let form = [
            ("amount", "700"),
            ("currency", "usd"),
            ("payment_method", "pm_card_visa"),
            ("confirm", "true"),
        ];
        let call = app.call("POST", "/v1/payment_intents").form(&form);
        let made = scope.spawn(move || call.send());
        until("it is on the wire", || app.bank.authorized() == 1);
        let list = app.got("/v1/payment_intents");
        let path = format!("/v1/payment_intents/{}", id(&list["data"][0]));
        for verb in ["/cancel", "/confirm"] {
            app.post(&format!("{path}{verb}"), &[]).refused(429, "lock_timeout");
        }
        app.bank.set(Mood::Answers);
        let made = made.join().expect("it is answered").expect(200);
        assert_eq!(made["status"], "succeeded");
    });
    assert_eq!((app.bank.authorized(), charges(&app).len()), (1, 1));
}

#[test]
fn one_name_is_one_charge() {
    on_both_roads(|app| {
        for round in 0..5 {
            let before = charges(app).len();
            let name = format!("once-{round}");
            let form = [
                ("amount", "700"),
                ("currency", "usd"),
                ("payment_method", "pm_card_visa"),
                ("confirm", "true"),
            ];
            let call = || app.call("POST", "/v1/payment_intents").form(&form).named(&name);
            let answers = at_once((0..8).map(|_| call()).collect());
            let first = answers.iter().find(|answer| answer.status == 200).expect("one pays");
            for answer in &answers {
                match answer.status {
                    200 => assert_eq!(answer.body, first.body),
                    _ => {
                        answer.refused(409, "idempotency_key_in_use");
                        assert_eq!(answer.header("stripe-should-retry"), Some("true"));
                        assert_eq!(app.road(), Road::Remote, "nothing runs for long locally");
                    }
                }
            }
            let again = call().send();
            assert_eq!(again.body, first.body);
            assert_eq!(again.header("idempotent-replayed"), Some("true"));
            assert_eq!(charges(app).len(), before + 1);
        }
    });
}

#[test]
fn while_a_name_runs_it_is_in_use() {
    let app = TestApp::start(Road::Remote);
    let form = [
        ("amount", "700"),
        ("currency", "usd"),
        ("payment_method", "pm_card_visa"),
        ("confirm", "true"),
    ];
    let call = || app.call("POST", "/v1/payment_intents").form(&form).named("runs");
    app.bank.set(Mood::Slow);
    std::thread::scope(|scope| {
        let first = call();
        let first = scope.spawn(move || first.send());
        until("it is on the wire", || app.bank.authorized() == 1);
        let second = call().send();
        second.refused(409, "idempotency_key_in_use");
        assert_eq!(second.header("stripe-should-retry"), Some("true"));
        let other = app.call("POST", "/v1/payment_intents").form(&form[..2]).named("runs").send();
        other.refused(400, "");
        app.bank.set(Mood::Answers);
        let first = first.join().expect("it is answered");
        assert_eq!(first.status, 200);
        assert_eq!(call().send().body, first.body);
    });
    assert_eq!(app.bank.authorized(), 1);
}

#[test]
fn one_saved_card_is_charged_by_many_at_once() {
    on_both_roads(|app| {
        let (customer, card) = saved(app, "pm_card_visa");
        let form = [
            ("amount", "300"),
            ("currency", "usd"),
            ("customer", customer.as_str()),
            ("payment_method", card.as_str()),
            ("off_session", "true"),
            ("confirm", "true"),
        ];
        let calls = (0..16).map(|_| app.call("POST", "/v1/payment_intents").form(&form));
        for answer in at_once(calls.collect()) {
            assert_eq!(answer.expect(200)["status"], "succeeded");
        }
        assert_eq!(charges(app).len(), 17);
    });
}

#[test]
fn what_a_name_stands_for() {
    on_both_roads(|app| {
        let form = [("amount", "700"), ("currency", "usd")];
        let call = || app.call("POST", "/v1/payment_intents").form(&form).named("a name");
        let first = call().send();
        assert_eq!(first.status, 200);
        assert_eq!(first.header("idempotent-replayed"), None);
        let again = call().send();
        assert_eq!((again.status, &again.body), (200, &first.body));
        assert_eq!(again.header("original-request"), first.header("request-id"));

        let other = app.call("POST", "/v1/payment_intents").form(&[("amount", "701"), form[1]]);
        let error = other.named("a name").send().refused(400, "");
        assert_eq!(error["type"], "idempotency_error");
        let elsewhere = app.call("POST", "/v1/customers").form(&form).named("a name").send();
        assert_eq!(elsewhere.status, 400, "{}", elsewhere.text());
        // Another world's names are its own.
        let stranger = app.with_key("sk_test_stranger");
        let theirs =
            stranger.call("POST", "/v1/payment_intents").form(&form).named("a name").send();
        assert_ne!(theirs.expect(200)["id"], first.json()["id"]);

        app.advance(24 * 3_600 - 1);
        assert_eq!(call().send().body, first.body);
        app.advance(2);
        let later = call().send();
        assert_eq!(later.status, 200);
        assert_ne!(later.json()["id"], first.json()["id"]);
    });
}

#[test]
fn what_is_kept_under_a_name_and_what_is_not() {
    on_both_roads(|app| {
        let call = |form: &[(&str, &str)]| {
            app.call("POST", "/v1/payment_intents").form(form).named("kept?").send()
        };
        // A form that is wrong takes no name.
        call(&[("amount", "x"), ("currency", "usd")]).refused(400, "parameter_invalid_integer");
        let declined = [
            ("amount", "700"),
            ("currency", "usd"),
            ("payment_method", "pm_card_visa_chargeDeclined"),
            ("confirm", "true"),
        ];
        let first = call(&declined);
        first.refused(402, "card_declined");
        let again = call(&declined);
        assert_eq!(again.body, first.body);
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(charges(app).len(), 1);

        let path = "/v1/payment_intents/pi_nothing/confirm";
        let [first, again] = [1, 2].map(|_| app.call("POST", path).named("missing").send());
        first.refused(404, "resource_missing");
        assert_eq!(again.body, first.body);
        for bad in ["", &"k".repeat(256)] {
            let answer = app.call("POST", "/v1/customers").named(bad).send();
            assert_eq!(answer.status, 400, "{}", answer.text());
        }
    });
}

#[test]
fn two_changes_of_an_account_are_both_kept() {
    on_both_roads(|app| {
        app.customer();
        let countries = ["DE", "FR", "US"];
        for round in 0..30 {
            let country = countries[round % 3];
            let email = format!("merchant-{round}@example.com");
            let calls = [("country", country), ("default_currency", "gbp")].map(|field| {
                app.call("POST", "/onfile/v1/test/account")
                    .form(&[field])
                    .named(&format!("{round} {} {email}", field.0))
            });
            for answer in at_once(calls.into()) {
                answer.expect(200);
            }
            let account = app.got("/v1/account");
            assert_eq!(account["country"], country, "round {round}");
        }
    });
}
