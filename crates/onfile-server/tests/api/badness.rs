//! Bad days: nobody answers, the server dies, the disk is full.

use onfile_store::Options;

use crate::app::{Road, TestApp, id, on_both_roads, until};
use crate::around::Disk;
use crate::bank::Mood;
use crate::client::{Answer, Call};
use crate::payments::{charge_later, charges, pay, saved};

const FORM: &[(&str, &str)] = &[
    ("amount", "700"),
    ("currency", "usd"),
    ("payment_method", "pm_card_visa"),
    ("confirm", "true"),
];

fn named(app: &TestApp, name: &str) -> Call {
    app.call("POST", "/v1/payment_intents").form(FORM).named(name)
}

/// What a payment comes to that nobody answered.
#[track_caller]
fn is_lost(answer: &Answer) {
    let error = answer.refused(402, "processing_error");
    assert_eq!(error["type"], "card_error");
    let intent = &error["payment_intent"];
    assert_eq!(intent["status"], "requires_payment_method", "{error}");
    assert_eq!(intent["last_payment_error"]["code"], "processing_error");
}

#[test]
fn silence_is_an_outcome_and_is_reversed_until_it_is_heard() {
    let app = TestApp::start(Road::Remote);
    app.bank.set(Mood::Silent);
    app.bank.be_deaf(true);
    let lost = named(&app, "lost").send();
    is_lost(&lost);
    // The bank holds the money, and did not hear that it should let go.
    assert!(app.bank.spent() > 0);
    until("it is told again and again", || app.bank.reversals() >= 2);
    assert_eq!(app.open_attempts(), 1);
    assert_eq!(named(&app, "lost").send().body, lost.body);

    app.bank.set(Mood::Answers);
    app.bank.be_deaf(false);
    until("it is heard", || app.open_attempts() == 0);
    assert_eq!(app.bank.spent(), 0);
    assert_eq!(app.bank.authorized(), 1, "nothing is ever sent again");
    let told = app.bank.reversals();
    app.bank.set(Mood::Silent);
    is_lost(&named(&app, "another").send());
    app.bank.set(Mood::Answers);
    until("another is heard", || app.open_attempts() == 0);
    assert_eq!(app.bank.reversals(), told + 1, "what was acknowledged is not told again");

    // The same intent pays, once.
    let intent = id(&lost.json()["error"]["payment_intent"]);
    let path = format!("/v1/payment_intents/{intent}/confirm");
    let paid = app.made(&path, &[("payment_method", "pm_card_visa")]);
    assert_eq!(paid["status"], "succeeded");
    let succeeded = |charge: &&serde_json::Value| charge["status"] == "succeeded";
    assert_eq!(charges(&app).iter().filter(succeeded).count(), 1);
}

#[test]
fn without_a_connection_nothing_is_charged() {
    let app = TestApp::start(Road::Remote);
    app.bank.set(Mood::Unreachable);
    let unsent = named(&app, "unsent").send();
    is_lost(&unsent);
    // Nothing went out, so that there is nothing to show and nothing to take back.
    assert_eq!(unsent.json()["error"]["payment_intent"]["latest_charge"], serde_json::Value::Null);
    assert!(charges(&app).is_empty());
    assert_eq!(app.open_attempts(), 0);
    app.bank.set(Mood::Answers);
    assert_eq!((app.bank.authorized(), app.bank.spent(), app.bank.reversals()), (0, 0, 0));
    assert_eq!(named(&app, "unsent").send().body, unsent.body);
}

#[test]
fn silence_at_a_set_up_and_later() {
    let app = TestApp::start(Road::Remote);
    let (customer, card) = saved(&app, "pm_card_visa");
    let before = app.bank.spent();
    app.bank.set(Mood::Silent);
    is_lost(&charge_later(&app, &customer, &card));
    let form =
        [("customer", customer.as_str()), ("payment_method", "pm_card_visa"), ("confirm", "true")];
    let error = app.post("/v1/setup_intents", &form).refused(402, "processing_error");
    assert_eq!(error["setup_intent"]["status"], "requires_payment_method");
    app.bank.set(Mood::Answers);
    until("the reversals are heard", || app.open_attempts() == 0);
    assert_eq!(app.bank.spent(), before);
    assert_eq!(charge_later(&app, &customer, &card).expect(200)["status"], "succeeded");
}

/// Sends a call that nobody will answer, and kills the server while it is on the wire.
pub fn dies_during(app: &mut TestApp, call: Call) {
    let before = app.bank.authorized();
    app.bank.set(Mood::Slow);
    std::thread::scope(|scope| {
        let sent = scope.spawn(move || call.try_send());
        until("it is on the wire", || app.bank.authorized() > before);
        app.die();
        assert!(sent.join().expect("it ends").is_none(), "a dead server answers nothing");
    });
    app.bank.set(Mood::Answers);
}

#[test]
fn death_between_the_commits_ends_as_silence_does() {
    let mut app = TestApp::kept(Road::Remote, Options::default());
    let call = named(&app, "dies");
    dies_during(&mut app, call);
    assert!(app.bank.spent() > 0);
    app.rise();

    let told = named(&app, "dies").send();
    is_lost(&told);
    assert_eq!(named(&app, "dies").send().body, told.body);
    assert_eq!(told.header("idempotent-replayed"), Some("true"));
    until("the reversal is heard", || app.open_attempts() == 0);
    assert_eq!(app.bank.spent(), 0);
    assert_eq!(app.bank.authorized(), 1);
    let succeeded = |charge: &&serde_json::Value| charge["status"] == "succeeded";
    assert_eq!(charges(&app).iter().filter(succeeded).count(), 0);

    let intent = id(&told.json()["error"]["payment_intent"]);
    let path = format!("/v1/payment_intents/{intent}/confirm");
    let paid = app.made(&path, &[("payment_method", "pm_card_visa")]);
    assert_eq!(paid["status"], "succeeded");
}

#[test]
fn death_during_a_confirm_of_something_that_was_there() {
    let mut app = TestApp::kept(Road::Remote, Options::default());
    let (customer, card) = saved(&app, "pm_card_visa");
    let before = app.bank.spent();
    let form = [
        ("amount", "700"),
        ("currency", "usd"),
        ("customer", &customer),
        ("payment_method", &card),
    ];
    let path =
        format!("/v1/payment_intents/{}/confirm", id(&app.made("/v1/payment_intents", &form)));
    let call = app.call("POST", &path).named("confirm");
    dies_during(&mut app, call);
    // Twice: what a stop cut off is finished, or begins anew, and never both.
    app.rise();
    app.die();
    app.rise();
    let told = app.call("POST", &path).named("confirm").send();
    is_lost(&told);
    until("the reversal is heard", || app.open_attempts() == 0);
    assert_eq!(app.bank.spent(), before);
    let set_up =
        [("customer", customer.as_str()), ("payment_method", "pm_card_visa"), ("confirm", "true")];
    let call = app.call("POST", "/v1/setup_intents").form(&set_up).named("set up");
    dies_during(&mut app, call);
    app.rise();
    let told = app.call("POST", "/v1/setup_intents").form(&set_up).named("set up").send();
    told.refused(402, "processing_error");
}

#[test]
fn death_without_a_name_leaves_an_intent_that_can_be_paid() {
    let mut app = TestApp::kept(Road::Remote, Options::default());
    let call = app.call("POST", "/v1/payment_intents").form(FORM);
    dies_during(&mut app, call);
    app.rise();
    let list = app.got("/v1/payment_intents");
    let intent = &list["data"][0];
    assert_eq!(intent["status"], "requires_payment_method", "{list}");
    assert_eq!(intent["last_payment_error"]["code"], "processing_error");
    until("the reversal is heard", || app.open_attempts() == 0);
    assert_eq!(app.bank.spent(), 0);
}

/// Kills the server while all of these are on the wire.
fn die_during_all(app: &mut TestApp, calls: Vec<Call>) {
    let before = app.bank.authorized();
    app.bank.set(Mood::Slow);
    std::thread::scope(|scope| {
        let count = calls.len() as u64;
        let send = |call: Call| scope.spawn(move || call.try_send());
        let sent: Vec<_> = calls.into_iter().map(send).collect();
        until("all are on the wire", || app.bank.authorized() == before + count);
        app.die();
        for call in sent {
            assert!(call.join().expect("it ends").is_none(), "a dead server answers nothing");
        }
    });
    app.bank.set(Mood::Answers);
}

#[test]
fn after_a_death_each_name_gets_its_own_answer_in_its_own_words() {
    let mut app = TestApp::kept(Road::Remote, Options::default());
    let form = [("amount", "900"), ("currency", "usd"), ("description", "inward")];
    let intent = app.made("/v1/payment_intents", &form);
    let card = app.card("tok_visa");
    let secret = intent["client_secret"].as_str().expect("a secret").to_owned();
    let path = format!("/v1/payment_intents/{}/confirm", id(&intent));
    let by_browser = |app: &TestApp| {
        let form = [("client_secret", secret.as_str()), ("payment_method", card.as_str())];
        app.with_key("pk_test_api").call("POST", &path).form(&form).named("browser")
    };
    let made = |app: &TestApp, amount: &str, version: &str| {
        let form = [("amount", amount), FORM[1], FORM[2], FORM[3]];
        let call = app.call("POST", "/v1/payment_intents").form(&form);
        call.named(&format!("made for {amount}")).header("Stripe-Version", version)
    };
    let old = |app: &TestApp| made(app, "701", "2022-08-01");
    let new = |app: &TestApp| made(app, "702", "2026-08-26.dahlia");
    let calls = vec![by_browser(&app), old(&app), new(&app)];
    die_during_all(&mut app, calls);
    app.rise();

    let seen = by_browser(&app).send();
    let error = seen.refused(402, "processing_error");
    assert_eq!(seen.header("idempotent-replayed"), Some("true"));
    assert_eq!(error["payment_intent"]["id"], intent["id"]);
    for hidden in ["customer", "metadata", "latest_charge", "application"] {
        assert!(error["payment_intent"].get(hidden).is_none(), "{hidden} is seen by a browser");
    }
    for (call, amount, version) in
        [(old(&app), 701, "2022-08-01"), (new(&app), 702, "2026-08-26.dahlia")]
    {
        let told = call.send();
        is_lost(&told);
        let intent = told.json()["error"]["payment_intent"].clone();
        assert_eq!(intent["amount"], amount);
        // Until 2022-11-15 an intent showed its charges.
        assert_eq!(intent.get("charges").is_some(), version == "2022-08-01", "{intent}");
        assert_eq!(told.header("stripe-version"), Some(version));
        assert_eq!(told.header("idempotent-replayed"), Some("true"));
    }
}

/// What an attach was told when the server died under its check.
#[test]
fn death_during_an_attach() {
    let mut app = TestApp::kept(Road::Remote, Options::default());
    let (customer, card) = (app.customer(), app.card("tok_visa"));
    let path = format!("/v1/payment_methods/{card}/attach");
    let attach = |app: &TestApp, name: &str| {
        app.call("POST", &path).form(&[("customer", &customer)]).named(name)
    };
    let call = attach(&app, "dies");
    dies_during(&mut app, call);
    app.rise();
    attach(&app, "dies").send().refused(402, "processing_error");
    assert_eq!(attach(&app, "again").send().expect(200)["customer"], customer.as_str());
}

#[test]
fn everything_is_there_again_after_a_death() {
    for road in [Road::Local, Road::Remote] {
        let mut app = TestApp::kept(road, Options::default());
        let (customer, card) = saved(&app, "pm_card_visa");
        let first = named(&app, "kept").send();
        let before = charges(&app);
        app.die();
        app.rise();
        assert_eq!(charges(&app), before);
        assert_eq!(named(&app, "kept").send().body, first.body);
        assert_eq!(charge_later(&app, &customer, &card).expect(200)["status"], "succeeded");
        app.check();
    }
}

#[test]
fn a_full_database_refuses_and_recovers() {
    for road in [Road::Local, Road::Remote] {
        let small = Options { max_pages: Some(160) };
        let mut app = TestApp::kept(road, small);
        let mut paid = 0;
        let full = loop {
            let answer = named(&app, &format!("fills-{paid}")).send();
            if answer.status != 200 {
                break answer;
            }
            paid += 1;
            assert!(paid < 2_000, "the database never fills");
        };
        assert!(paid > 0);
        let error = full.refused(503, "");
        assert_eq!(error["type"], "api_error");
        assert_eq!(full.header("stripe-should-retry"), Some("true"));
        // What was kept can be read, and nothing is broken.
        assert!(charges(&app).len() >= paid.min(100));
        app.check();
        let name = format!("fills-{paid}");
        app.die();
        app.set_options(Options::default());
        app.rise();
        let after = named(&app, &name).send();
        assert!([200, 402].contains(&after.status), "{}", after.text());
        if road == Road::Local {
            assert_eq!(after.status, 200);
        }
        until("nothing is open", || app.open_attempts() == 0 && app.owed() == 0);
        assert_eq!(pay(&app, &[("payment_method", "pm_card_visa")]).status, 200);
    }
}

#[test]
fn a_database_that_fills_while_a_payment_is_on_the_wire() {
    let mut app = TestApp::kept(Road::Remote, Options { max_pages: Some(160) });
    app.die();
    app.be_patient();
    app.rise();
    app.bank.set(Mood::Slow);
    std::thread::scope(|scope| {
        let call = named(&app, "squeezed");
        let sent = scope.spawn(move || call.send());
        until("it is on the wire", || app.bank.authorized() == 1);
        let text = "x".repeat(4_000);
        let fills = |size: usize| {
            let form = [("description", &text[..size])];
            (0..2_000).any(|_| app.post("/v1/customers", &form).status == 503)
        };
        assert!(fills(300) && fills(1), "the database never fills");
        app.bank.set(Mood::Answers);
        let answer = sent.join().expect("it is answered");
        answer.refused(503, "");
        assert_eq!(answer.header("stripe-should-retry"), Some("true"));
    });
    // The name is not free: it runs, or ends as silence does where that little still fits.
    let meanwhile = named(&app, "squeezed").send();
    assert!([402, 409].contains(&meanwhile.status), "{}", meanwhile.text());
    app.die();
    app.set_options(Options::default());
    app.rise();
    let told = named(&app, "squeezed").send();
    is_lost(&told);
    until("the reversal is heard", || app.open_attempts() == 0);
    assert_eq!((app.bank.spent(), app.bank.authorized()), (0, 1));
}

#[test]
fn a_nearly_full_disk_refuses_writes_and_serves_reads() {
    on_both_roads(|app| {
        let customer = app.customer();
        app.set_free(1_000_000);
        app.advance(2);
        let refused = app.post("/v1/customers", &[]);
        refused.refused(503, "");
        assert_eq!(refused.header("stripe-should-retry"), Some("true"));
        named(app, "later").send().refused(503, "");
        app.with_key("sk_test_new").post("/v1/customers", &[]).refused(503, "");
        app.got(&format!("/v1/customers/{customer}"));
        // What can't be measured stands as it was measured last, full or free.
        app.set_free(Disk::SILENT);
        app.advance(2);
        app.post("/v1/customers", &[]).refused(503, "");
        app.set_free(u64::MAX);
        app.advance(2);
        app.customer();
        app.set_free(Disk::SILENT);
        app.advance(2);
        app.customer();
        assert_eq!(named(app, "later").send().status, 200);
    });
}
