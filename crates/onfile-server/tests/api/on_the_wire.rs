//! What others do while a payment is on the wire: it is charged as it was decided, or reversed.
//! The bank never holds what nobody charged.

use onfile_store::Options;

use crate::app::{Road, TestApp, id, until};
use crate::bank::Mood;
use crate::client::{Answer, Call};
use crate::payments::{charge_later, charges, pay, saved};

/// Sends a call, does something else while it is on the wire, and lets it be answered.
#[track_caller]
pub fn meanwhile(app: &TestApp, call: Call, does: impl FnOnce()) -> Answer {
    let before = app.bank.authorized();
    app.bank.set(Mood::Slow);
    std::thread::scope(|scope| {
        let sent = scope.spawn(move || call.send());
        until("it is on the wire", || app.bank.authorized() > before);
        does();
        app.bank.set(Mood::Answers);
        sent.join().expect("it is answered")
    })
}

fn off_session(app: &TestApp, customer: &str, card: &str) -> Call {
    app.call("POST", "/v1/payment_intents").form(&[
        ("amount", "700"),
        ("currency", "usd"),
        ("customer", customer),
        ("payment_method", card),
        ("off_session", "true"),
        ("confirm", "true"),
    ])
}

/// The answer is that of silence, and whatever the bank held for it is let go.
#[track_caller]
fn is_reversed(app: &TestApp, answer: &Answer, spent_before: i64) {
    let error = answer.refused(402, "processing_error");
    assert_eq!(error["payment_intent"]["status"], "requires_payment_method", "{error}");
    until("the reversal is heard", || app.open_attempts() == 0);
    assert_eq!(app.bank.spent(), spent_before);
    let path = format!("/v1/payment_intents/{}", id(&error["payment_intent"]));
    assert_eq!(app.got(&path)["status"], "requires_payment_method");
}

#[test]
fn a_method_that_is_detached() {
    let app = TestApp::patient();
    let (customer, card) = saved(&app, "pm_card_visa");
    let before = app.bank.spent();
    let call = || off_session(&app, &customer, &card).named("detached");
    let answer = meanwhile(&app, call(), || {
        app.made(&format!("/v1/payment_methods/{card}/detach"), &[]);
    });
    is_reversed(&app, &answer, before);
    assert_eq!(call().send().body, answer.body, "the name stands for what was answered");
}

#[test]
fn a_customer_that_is_deleted() {
    let app = TestApp::patient();
    let (customer, card) = saved(&app, "pm_card_visa");
    let before = app.bank.spent();
    let answer = meanwhile(&app, off_session(&app, &customer, &card), || {
        let path = format!("/v1/customers/{customer}");
        app.call("DELETE", &path).send().expect(200);
    });
    is_reversed(&app, &answer, before);
}

/// The customer with two cards, the first of them the default, and an intent without a method.
fn with_default(app: &TestApp) -> (String, [String; 2], String) {
    let (customer, first) = saved(app, "pm_card_visa");
    let second = app.card("tok_mastercard");
    app.made(&format!("/v1/payment_methods/{second}/attach"), &[("customer", &customer)]);
    set_default(app, &customer, &first);
    let form = [("amount", "700"), ("currency", "usd"), ("customer", customer.as_str())];
    let intent = id(&app.made("/v1/payment_intents", &form));
    (customer, [first, second], format!("/v1/payment_intents/{intent}"))
}

fn set_default(app: &TestApp, customer: &str, card: &str) {
    let form = [("invoice_settings[default_payment_method]", card)];
    app.made(&format!("/v1/customers/{customer}"), &form);
}

#[test]
fn another_default_is_not_given_the_first_one_s_approval() {
    let app = TestApp::patient();
    let (customer, [first, second], path) = with_default(&app);
    let call = app.call("POST", &format!("{path}/confirm"));
    let answer = meanwhile(&app, call, || set_default(&app, &customer, &second));
    let paid = answer.expect(200);
    assert_eq!(paid["status"], "succeeded");
    assert_eq!(
        paid["payment_method"],
        first.as_str(),
        "the card that was asked is the one charged"
    );
    assert_eq!(charges(&app)[0]["payment_method"], first.as_str());
}

/// The booking relies on the first card, which has moved too: decided anew it is about the second.
#[test]
fn another_default_and_a_card_that_changed() {
    let app = TestApp::patient();
    let (customer, [first, second], path) = with_default(&app);
    let before = app.bank.spent();
    let call = app.call("POST", &format!("{path}/confirm"));
    let answer = meanwhile(&app, call, || {
        set_default(&app, &customer, &second);
        let form = [("billing_details[name]", "Jenny Rosen")];
        app.made(&format!("/v1/payment_methods/{first}"), &form);
    });
    is_reversed(&app, &answer, before);
    let succeeded = |charge: &&serde_json::Value| charge["status"] == "succeeded";
    assert_eq!(charges(&app).iter().filter(succeeded).count(), 1);
}

/// A plain card: what its bank declines counts, as it doesn't for a card that is named for it.
const PLAIN: &[(&str, &str)] = &[
    ("payment_method_data[type]", "card"),
    ("payment_method_data[card][number]", "4000001241234566"),
    ("payment_method_data[card][exp_month]", "12"),
    ("payment_method_data[card][exp_year]", "2030"),
    ("payment_method_data[card][cvc]", "123"),
];

/// A customer, and that card saved while paying.
fn plainly_saved(app: &TestApp) -> (String, String) {
    let customer = app.customer();
    let mut form = vec![("customer", customer.as_str()), ("setup_future_usage", "off_session")];
    form.extend_from_slice(PLAIN);
    let paid = pay(app, &form).expect(200);
    let card = paid["payment_method"].as_str().expect("a method").to_owned();
    (customer, card)
}

#[test]
fn a_hard_decline_elsewhere() {
    let app = TestApp::patient();
    let (customer, card) = plainly_saved(&app);
    let answer = meanwhile(&app, off_session(&app, &customer, &card), || {
        app.bank.set(Mood::Closes);
        pay(&app, PLAIN).refused(402, "card_declined");
    });
    assert_eq!(answer.expect(200)["status"], "succeeded", "it was decided before");
    // From here on nobody asks this bank.
    let asked = app.bank.authorized();
    charge_later(&app, &customer, &card).refused(402, "card_declined");
    assert_eq!(app.bank.authorized(), asked);
}

#[test]
fn a_hard_decline_elsewhere_and_a_card_that_changed() {
    let app = TestApp::patient();
    let (customer, card) = plainly_saved(&app);
    let before = app.bank.spent();
    let answer = meanwhile(&app, off_session(&app, &customer, &card), || {
        app.bank.set(Mood::Closes);
        pay(&app, PLAIN).refused(402, "card_declined");
        let form = [("billing_details[name]", "Jenny Rosen")];
        app.made(&format!("/v1/payment_methods/{card}"), &form);
    });
    is_reversed(&app, &answer, before);
}

#[test]
fn an_attach_whose_customer_is_deleted() {
    let app = TestApp::patient();
    let customer = app.customer();
    let card = app.card("tok_visa");
    let path = format!("/v1/payment_methods/{card}/attach");
    let call = || app.call("POST", &path).form(&[("customer", &customer)]).named("attach");
    let answer = meanwhile(&app, call(), || {
        app.call("DELETE", &format!("/v1/customers/{customer}")).send().expect(200);
    });
    answer.refused(402, "processing_error");
    assert_eq!(call().send().body, answer.body);
    until("nothing is open", || app.open_attempts() == 0);
    assert_eq!(
        app.got(&format!("/v1/payment_methods/{card}"))["customer"],
        serde_json::Value::Null
    );
}

#[test]
fn a_set_up_whose_method_is_detached() {
    let app = TestApp::patient();
    let (customer, card) = saved(&app, "pm_card_visa");
    let form =
        [("customer", customer.as_str()), ("payment_method", card.as_str()), ("confirm", "true")];
    let call = app.call("POST", "/v1/setup_intents").form(&form);
    let answer = meanwhile(&app, call, || {
        app.made(&format!("/v1/payment_methods/{card}/detach"), &[]);
    });
    let error = answer.refused(402, "processing_error");
    assert_eq!(error["setup_intent"]["status"], "requires_payment_method");
    until("nothing is open", || app.open_attempts() == 0);
}

/// A soft decline, a customer's bank that asks for nothing, and a second message in one call: each
/// is an attempt of its own.
#[test]
fn a_second_authorization_in_one_call() {
    let app = TestApp::start(Road::Remote);
    for round in 1..=3 {
        app.bank.decline_next("1A");
        let call = || named_payment(&app, &format!("stepped up {round}"));
        let paid = call().send();
        assert_eq!(paid.expect(200)["status"], "succeeded");
        assert_eq!(call().send().body, paid.body);
        assert_eq!(app.bank.authorized(), 2 * round);
        assert_eq!(charges(&app).len() as u64, round);
        assert_eq!(app.open_attempts(), 0);
    }
    let path = format!("/v1/payment_intents/{}/confirm", unpaid(&app));
    app.bank.decline_next("1A");
    assert_eq!(app.made(&path, &[])["status"], "succeeded");
}

fn named_payment(app: &TestApp, name: &str) -> Call {
    let form = [
        ("amount", "700"),
        ("currency", "usd"),
        ("payment_method", "pm_card_visa"),
        ("confirm", "true"),
    ];
    app.call("POST", "/v1/payment_intents").form(&form).named(name)
}

fn unpaid(app: &TestApp) -> String {
    let form = [("amount", "700"), ("currency", "usd"), ("payment_method", "pm_card_visa")];
    id(&app.made("/v1/payment_intents", &form))
}

#[test]
fn a_second_authorization_that_nobody_answers() {
    let app = TestApp::start(Road::Remote);
    app.bank.set(Mood::Silent);
    app.bank.decline_next("1A");
    let answer = named_payment(&app, "silent").send();
    app.bank.set(Mood::Answers);
    is_reversed(&app, &answer, 0);
    assert_eq!((app.bank.authorized(), app.bank.reversals()), (2, 1));
}

#[test]
fn a_second_authorization_and_a_card_that_is_detached() {
    let app = TestApp::patient();
    let (customer, card) = saved(&app, "pm_card_visa");
    let before = app.bank.spent();
    let form = [
        ("amount", "700"),
        ("currency", "usd"),
        ("customer", customer.as_str()),
        ("payment_method", card.as_str()),
        ("confirm", "true"),
    ];
    let call = app.call("POST", "/v1/payment_intents").form(&form);
    app.bank.decline_next("1A");
    let asked = app.bank.authorized();
    app.bank.set(Mood::Slow);
    let answer = std::thread::scope(|scope| {
        let sent = scope.spawn(move || call.send());
        until("the second is on the wire", || app.bank.authorized() == asked + 2);
        app.made(&format!("/v1/payment_methods/{card}/detach"), &[]);
        app.bank.set(Mood::Answers);
        sent.join().expect("it is answered")
    });
    is_reversed(&app, &answer, before);
}

#[test]
fn a_second_authorization_and_a_death() {
    let mut app = TestApp::kept(Road::Remote, Options::default());
    app.bank.set(Mood::Slow);
    app.bank.decline_next("1A");
    let call = named_payment(&app, "dies");
    std::thread::scope(|scope| {
        let sent = scope.spawn(move || call.try_send());
        until("the second is on the wire", || app.bank.authorized() == 2);
        app.die();
        assert!(sent.join().expect("it ends").is_none(), "a dead server answers nothing");
    });
    app.bank.set(Mood::Answers);
    app.rise();
    let answer = named_payment(&app, "dies").send();
    is_reversed(&app, &answer, 0);
    assert_eq!((app.bank.authorized(), app.bank.reversals()), (2, 1));
}
