//! What the network is owed: each thing is told until it is acknowledged, and none waits for
//! another charge's.

use onfile_domain::case::Decision;
use onfile_domain::id::{ChargeId, PaymentMethodId};
use onfile_domain::money::{Currency, Money};
use onfile_domain::network::Followup;

use crate::app::{Road, TestApp, id, until};
use crate::bank::Mood;
use crate::payments::pay;

/// So many captures of charges that are nowhere: a bug's, or a broken row's.
fn nobodys(count: u64) -> Decision {
    let capture = |seq| Followup::Capture {
        charge: ChargeId::new(1_000_000 + seq, [b'c'; 16]),
        method: PaymentMethodId::new(2_000_000, [b'm'; 16]),
        amount: Money::new(1, Currency::USD),
        total: Money::new(1, Currency::USD),
    };
    Decision { followups: (0..count).map(capture).collect(), ..Decision::default() }
}

#[test]
fn what_can_not_be_told_is_in_nobodys_way() {
    let mut app = TestApp::start(Road::Remote);
    app.owes_for_ever = true;
    app.customer();
    app.decided(nobodys(450));
    let paid = pay(&app, &[("payment_method", "pm_card_visa")]).expect(200);
    assert_eq!(paid["status"], "succeeded");
    until("the capture is told", || app.bank.captured().get("usd") == Some(&1099));
    until("and forgotten", || app.owed() == 450);
}

#[test]
fn a_capture_and_the_rest_of_its_hold_are_told_in_order_and_once() {
    let app = TestApp::start(Road::Remote);
    let held = pay(&app, &[("payment_method", "pm_card_visa"), ("capture_method", "manual")]);
    let held = held.expect(200);
    app.bank.be_deaf(true);
    let path = format!("/v1/payment_intents/{}/capture", id(&held));
    app.made(&path, &[("amount_to_capture", "500")]);
    until("the capture is told again and again", || app.bank.advised() >= 3);
    assert_eq!(app.owed(), 2);
    assert_eq!(app.bank.reversals(), 0, "the reversal waits for its capture");
    app.bank.be_deaf(false);
    until("the network was told", || app.owed() == 0);
    assert_eq!(app.bank.captured()["usd"], 500);
    assert_eq!(app.bank.reversals(), 1);
}

#[test]
fn a_stop_does_not_wait_for_what_is_being_told() {
    let mut app = TestApp::patient();
    let held = pay(&app, &[("payment_method", "pm_card_visa"), ("capture_method", "manual")]);
    let held = held.expect(200);
    app.bank.be_mute(true);
    app.made(&format!("/v1/payment_intents/{}/capture", id(&held)), &[]);
    until("it is being told", || app.bank.advised() > 0);
    let started = tokio::time::Instant::now();
    app.stop();
    assert!(started.elapsed().as_secs() < 8, "{:?}", started.elapsed());
    app.bank.be_mute(false);
    app.bank.set(Mood::Answers);
    app.rise();
    until("it is told after all", || app.owed() == 0);
    assert_eq!(app.bank.captured()["usd"], 1099);
}
