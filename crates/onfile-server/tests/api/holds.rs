//! What is done to a hold before it is taken: parts, more, less, longer; on both roads.

use serde_json::Value;

use crate::app::{Road, TestApp, id, on_both_roads, until};
use crate::badness::dies_during;
use crate::bank::Mood;
use crate::payments::pay;

const ALL: [(&str, &str); 4] = [
    ("payment_method_options[card][request_extended_authorization]", "if_available"),
    ("payment_method_options[card][request_incremental_authorization]", "if_available"),
    ("payment_method_options[card][request_multicapture]", "if_available"),
    ("payment_method_options[card][request_overcapture]", "if_available"),
];

/// A hold of 10.99 USD that asks for everything that there is.
#[track_caller]
fn hold(app: &TestApp, card: &str) -> Hold {
    let mut form = vec![("payment_method", card), ("capture_method", "manual")];
    form.extend(ALL);
    let held = pay(app, &form).expect(200);
    assert_eq!(held["status"], "requires_capture", "{held}");
    Hold { intent: id(&held), charge: held["latest_charge"].as_str().expect("one").to_owned() }
}

struct Hold {
    intent: String,
    charge: String,
}

impl Hold {
    fn path(&self, call: &str) -> String {
        format!("/v1/payment_intents/{}/{call}", self.intent)
    }

    fn charge(&self, app: &TestApp) -> Value {
        app.got(&format!("/v1/charges/{}", self.charge))
    }

    /// What the intent says of its money.
    fn sums(&self, app: &TestApp) -> Value {
        let intent = app.got(&format!("/v1/payment_intents/{}", self.intent));
        sums(&intent)
    }
}

fn sums(intent: &Value) -> Value {
    let of = |name: &str| intent[name].clone();
    let sums =
        [of("status"), of("amount"), of("amount_capturable"), of("amount_received")].to_vec();
    Value::Array(sums)
}

/// What the banks hold and took is what our charges say, once they were told.
#[track_caller]
fn agreed(app: &TestApp, spent: i64) {
    until("the network was told", || app.owed() == 0 && app.open_attempts() == 0);
    app.check();
    if app.road() == Road::Remote {
        assert_eq!(app.bank.spent(), spent);
    }
}

fn movements(app: &TestApp, charge: &Value) -> String {
    let shown = charge["balance_transaction"].as_str().expect("it moved").to_owned();
    let movement = app.got(&format!("/v1/balance_transactions/{shown}"));
    assert_eq!(movement["source"], charge["id"]);
    format!("{} {}", movement["type"].as_str().unwrap_or_default(), movement["amount"])
}

#[test]
fn a_hold_says_what_may_be_done_with_it() {
    let app = TestApp::start(Road::Local);
    for (card, [extended, incremental, multicapture, overcapture], days) in [
        ("pm_card_visa", ["enabled", "available", "available", "available"], 2_570_400),
        ("pm_card_mastercard", ["enabled", "available", "available", "available"], 2_592_000),
        ("pm_card_amex", ["enabled", "available", "available", "available"], 2_592_000),
        ("pm_card_discover", ["enabled", "available", "available", "available"], 2_592_000),
        ("pm_card_unionpay", ["disabled", "available", "unavailable", "unavailable"], 604_800),
        ("pm_card_jcb", ["disabled", "unavailable", "unavailable", "unavailable"], 604_800),
        ("pm_card_diners", ["disabled", "unavailable", "unavailable", "unavailable"], 604_800),
    ] {
        let charge = hold(&app, card).charge(&app);
        let shown = &charge["payment_method_details"]["card"];
        assert_eq!(shown["extended_authorization"]["status"], extended, "{card}");
        assert_eq!(shown["incremental_authorization"]["status"], incremental, "{card}");
        assert_eq!(shown["multicapture"]["status"], multicapture, "{card}");
        assert_eq!(shown["overcapture"]["status"], overcapture, "{card}");
        let most = if overcapture == "available" { 1_263 } else { 1_099 };
        assert_eq!(shown["overcapture"]["maximum_amount_capturable"], most, "{card}");
        assert_eq!(shown["amount_authorized"], 1_099, "{card}");
        let (before, made) = (shown["capture_before"].as_i64(), charge["created"].as_i64());
        assert_eq!(before.expect("a hold ends") - made.expect("a time"), days, "{card}");
    }
    // Nobody asked, or nothing is held.
    for form in [
        [("payment_method", "pm_card_visa"), ("capture_method", "manual")],
        [("payment_method", "pm_card_visa"), ("capture_method", "automatic")],
    ] {
        let mut form = form.to_vec();
        if form[1].1 == "automatic" {
            form.extend(ALL);
        }
        let paid = pay(&app, &form).expect(200);
        let charge = paid["latest_charge"].as_str().expect("a charge").to_owned();
        let charge = app.got(&format!("/v1/charges/{charge}"));
        let shown = &charge["payment_method_details"]["card"];
        assert_eq!(shown["extended_authorization"]["status"], "disabled");
        for name in ["incremental_authorization", "multicapture", "overcapture"] {
            assert_eq!(shown[name]["status"], "unavailable", "{name}");
        }
    }
}

#[test]
fn a_hold_is_taken_in_parts() {
    on_both_roads(|app| {
        let hold = hold(app, "pm_card_visa");
        let capture = hold.path("capture");
        let first = [("amount_to_capture", "400"), ("final_capture", "false")];
        let part = app.made(&capture, &first);
        assert_eq!(sums(&part), serde_json::json!(["requires_capture", 1099, 699, 400]));
        let charge = hold.charge(app);
        assert_eq!((&charge["captured"], &charge["amount_captured"]), (&false.into(), &400.into()));
        assert_eq!(movements(app, &charge), "charge 400");
        let error = app.post(&hold.path("cancel"), &[]);
        error.refused(400, "payment_intent_unexpected_state");
        let error = app.post(&hold.path("increment_authorization"), &[("amount", "2000")]);
        error.refused(400, "payment_intent_unexpected_state");
        app.made(&capture, &[("amount_to_capture", "300"), ("final_capture", "false")]);
        agreed(app, 1_000);
        let closed = app.made(&capture, &[("amount_to_capture", "0")]);
        assert_eq!(sums(&closed), serde_json::json!(["succeeded", 1099, 0, 700]));
        let charge = hold.charge(app);
        assert_eq!((&charge["captured"], &charge["amount_captured"]), (&true.into(), &700.into()));
        assert_eq!(charge["amount_refunded"], 0);
        let all = app.got(&format!("/v1/balance_transactions?source={}", hold.charge));
        let amounts: Vec<_> = all["data"].as_array().expect("a list").iter().collect();
        let amounts: Vec<_> = amounts.iter().map(|it| it["amount"].as_i64()).collect();
        assert_eq!(amounts, [Some(300), Some(400)]);
        // What was taken in parts is given back as one.
        let back = app.made("/v1/refunds", &[("payment_intent", &hold.intent)]);
        assert_eq!(back["amount"], 700);
        agreed(app, 0);
    });
}

#[test]
fn what_is_taken_in_parts_settles_as_one() {
    on_both_roads(|app| {
        app.made("/onfile/v1/test/account", &[("country", "FR")]);
        let hold = hold(app, "pm_card_visa");
        for _ in 0..3 {
            let form = [("amount_to_capture", "53"), ("final_capture", "false")];
            app.made(&hold.path("capture"), &form);
        }
        app.made(&hold.path("capture"), &[("amount_to_capture", "0")]);
        let settled = || {
            let list = app.got("/v1/balance_transactions");
            let all = list["data"].as_array().expect("a list").clone();
            all.iter().filter_map(|it| it["amount"].as_i64()).sum::<i64>()
        };
        // 0.53 USD are 0.48 EUR, but 1.59 USD are 1.45 EUR.
        assert_eq!(settled(), 145);
        let error = app.post("/v1/refunds", &[("payment_intent", &hold.intent), ("amount", "160")]);
        assert_eq!(error.status, 400);
        app.made("/v1/refunds", &[("payment_intent", &hold.intent)]);
        assert_eq!(settled(), 0);
        agreed(app, 0);
    });
}

#[test]
fn more_in_parts_than_the_bank_was_asked_for_never_goes() {
    on_both_roads(|app| {
        let hold = hold(app, "pm_card_visa");
        let form = [("amount_to_capture", "700"), ("final_capture", "false")];
        app.made(&hold.path("capture"), &form);
        // While it can still be captured, it is captured, not given back.
        let error = app.post("/v1/refunds", &[("payment_intent", &hold.intent)]);
        assert_eq!(error.status, 400, "{}", error.text());
        app.post(&hold.path("capture"), &[("amount_to_capture", "400")])
            .refused(400, "amount_too_large");
        app.made(&hold.path("capture"), &[("amount_to_capture", "0")]);
        agreed(app, 637);
    });
}

#[test]
fn more_than_is_held_is_taken() {
    on_both_roads(|app| {
        let hold = hold(app, "pm_card_mastercard");
        let capture = hold.path("capture");
        let error = app.post(&capture, &[("amount_to_capture", "1264")]);
        let error = error.refused(400, "amount_too_large");
        assert_eq!(error["payment_intent"]["status"], "requires_capture");
        let taken = app.made(&capture, &[("amount_to_capture", "1263")]);
        assert_eq!(sums(&taken), serde_json::json!(["succeeded", 1263, 0, 1263]));
        let charge = hold.charge(app);
        assert_eq!((&charge["amount"], &charge["amount_captured"]), (&1263.into(), &1263.into()));
        let shown = &charge["payment_method_details"]["card"];
        assert_eq!(shown["amount_authorized"], 1099);
        assert_eq!(movements(app, &charge), "charge 1263");
        agreed(app, 1_149);
    });
}

#[test]
fn a_hold_that_asked_for_nothing_is_taken_once_and_not_raised() {
    let app = TestApp::start(Road::Local);
    let form = [("payment_method", "pm_card_visa"), ("capture_method", "manual")];
    let held = pay(&app, &form).expect(200);
    let path = format!("/v1/payment_intents/{}", id(&held));
    let capture = format!("{path}/capture");
    let error = app.post(&capture, &[("amount_to_capture", "1"), ("final_capture", "false")]);
    let error = error.refused(400, "payment_intent_invalid_parameter");
    assert_eq!(error["param"], "final_capture");
    app.post(&capture, &[("amount_to_capture", "1100")]).refused(400, "amount_too_large");
    let increment = format!("{path}/increment_authorization");
    let error = app.post(&increment, &[("amount", "1200")]);
    let error = error.refused(400, "payment_intent_unexpected_state");
    assert_eq!(error["payment_intent"]["amount_capturable"], 1099);
    app.post(&increment, &[]).refused(400, "parameter_missing");
    app.post(&increment, &[("amount", "x")]).refused(400, "parameter_invalid_integer");
    app.made(&capture, &[("amount_to_capture", "1"), ("final_capture", "true")]);
    app.post(&increment, &[("amount", "1200")]).refused(400, "payment_intent_unexpected_state");
    let missing = app.post("/v1/payment_intents/pi_x/increment_authorization", &[("amount", "1")]);
    missing.refused(404, "resource_missing");
}

#[test]
fn a_hold_is_raised() {
    on_both_roads(|app| {
        let hold = hold(app, "pm_card_visa");
        let increment = hold.path("increment_authorization");
        for (amount, code) in [
            ("1099", "payment_intent_invalid_parameter"),
            ("5496", "amount_too_large"),
            ("0", "parameter_invalid_integer"),
        ] {
            let error = app.post(&increment, &[("amount", amount)]).refused(400, code);
            assert_eq!(error["param"], "amount", "{amount}");
        }
        let form = [("amount", "1500"), ("description", "and a hat"), ("metadata[hats]", "1")];
        let call = || app.call("POST", &increment).form(&form).named("a hat");
        let raised = call().send().expect(200);
        assert_eq!(sums(&raised), serde_json::json!(["requires_capture", 1500, 1500, 0]));
        assert_eq!(raised["description"], "and a hat");
        assert_eq!(raised["metadata"]["hats"], "1");
        assert_eq!(call().send().json(), raised, "the same name, the same answer");
        let charge = hold.charge(app);
        assert_eq!(charge["amount"], 1500);
        assert_eq!(charge["payment_method_details"]["card"]["amount_authorized"], 1500);
        let events = app.got("/v1/events?limit=2");
        let previous = |at: usize| events["data"][at]["data"]["previous_attributes"].clone();
        assert_eq!(events["data"][1]["type"], "payment_intent.amount_capturable_updated");
        assert_eq!(previous(1)["amount_capturable"], 1099);
        assert_eq!(events["data"][0]["type"], "charge.updated");
        assert_eq!(previous(0)["amount"], 1099);
        agreed(app, 1_364);
        let taken = app.made(&hold.path("capture"), &[]);
        assert_eq!(sums(&taken), serde_json::json!(["succeeded", 1500, 0, 1500]));
        agreed(app, 1_364);
    });
}

#[test]
fn an_increment_that_is_declined_leaves_the_hold() {
    let app = TestApp::start(Road::Remote);
    let hold = hold(&app, "pm_card_visa");
    let before = hold.charge(&app);
    app.bank.set(Mood::Declines);
    let increment = hold.path("increment_authorization");
    let error = app.post(&increment, &[("amount", "1500")]).refused(402, "card_declined");
    assert_eq!(error["type"], "card_error");
    assert_eq!(error["payment_intent"]["status"], "requires_capture");
    assert_eq!(error["payment_intent"]["last_payment_error"], Value::Null);
    assert_eq!(error.get("charge"), None);
    assert_eq!(hold.charge(&app), before);
    app.bank.set(Mood::Answers);
    let taken = app.made(&hold.path("capture"), &[]);
    assert_eq!(sums(&taken), serde_json::json!(["succeeded", 1099, 0, 1099]));
    agreed(&app, 1_000);
}

#[test]
fn an_increment_that_nobody_answers_is_reversed_and_leaves_the_hold() {
    for mood in [Mood::Silent, Mood::Unreachable] {
        let app = TestApp::start(Road::Remote);
        let hold = hold(&app, "pm_card_visa");
        app.bank.set(mood);
        let increment = hold.path("increment_authorization");
        let error = app.post(&increment, &[("amount", "1500")]).refused(402, "processing_error");
        assert_eq!(error["payment_intent"]["amount_capturable"], 1099);
        app.bank.set(Mood::Answers);
        agreed(&app, 1_000);
        let raised = app.made(&increment, &[("amount", "1500")]);
        assert_eq!(sums(&raised), serde_json::json!(["requires_capture", 1500, 1500, 0]));
        agreed(&app, 1_364);
    }
}

#[test]
fn an_increment_is_cut_off_and_finished_by_the_next_start() {
    let mut app = TestApp::kept(Road::Remote, onfile_store::Options::default());
    let hold = hold(&app, "pm_card_visa");
    let increment = hold.path("increment_authorization");
    let call =
        |app: &TestApp| app.call("POST", &increment).form(&[("amount", "1500")]).named("cut off");
    let cut_off = call(&app);
    dies_during(&mut app, cut_off);
    app.rise();
    let error = call(&app).send().refused(402, "processing_error");
    assert_eq!(error["payment_intent"]["amount_capturable"], 1099);
    assert_eq!(hold.sums(&app), serde_json::json!(["requires_capture", 1099, 1099, 0]));
    agreed(&app, 1_000);
    app.made(&hold.path("capture"), &[]);
}

#[test]
fn an_increment_keeps_others_off_the_hold() {
    let app = TestApp::start(Road::Remote);
    let hold = hold(&app, "pm_card_visa");
    app.bank.set(Mood::Slow);
    let increment = hold.path("increment_authorization");
    let call = app.call("POST", &increment).form(&[("amount", "1500")]);
    std::thread::scope(|scope| {
        let raised = scope.spawn(move || call.send());
        until("it is on the wire", || app.open_attempts() == 1);
        app.post(&hold.path("capture"), &[]).refused(429, "lock_timeout");
        app.post(&hold.path("cancel"), &[]).refused(429, "lock_timeout");
        assert_eq!(hold.sums(&app), serde_json::json!(["requires_capture", 1099, 1099, 0]));
        app.bank.set(Mood::Answers);
        raised.join().expect("it is answered").expect(200);
    });
    assert_eq!(hold.sums(&app), serde_json::json!(["requires_capture", 1500, 1500, 0]));
    agreed(&app, 1_364);
}

#[test]
fn a_bank_that_always_asks_takes_no_increment() {
    let app = TestApp::start(Road::Local);
    // Authenticated by its customer, and raised by nobody's leave: S13.
    let form = [
        ("payment_method", "pm_card_authenticationRequired"),
        ("capture_method", "manual"),
        ALL[1],
    ];
    let asked = pay(&app, &form).expect(200);
    let held = crate::challenges::complete(&app, &asked);
    assert_eq!(held["status"], "requires_capture");
    let increment = format!("/v1/payment_intents/{}/increment_authorization", id(&held));
    let error = app.post(&increment, &[("amount", "1500")]).refused(402, "authentication_required");
    assert_eq!(error["payment_intent"]["status"], "requires_capture");
    assert_eq!(error["payment_intent"]["amount"], 1099);
}

#[test]
fn a_hold_in_parts_ends_paid() {
    on_both_roads(|app| {
        let hold = hold(app, "pm_card_unionpay");
        let visa = self::hold(app, "pm_card_visa");
        let form = [("amount_to_capture", "400"), ("final_capture", "false")];
        app.made(&visa.path("capture"), &form);
        app.advance(604_800);
        until("it is given up", || hold.sums(app)[0] == "canceled");
        assert_eq!(visa.sums(app)[0], "requires_capture", "its hold is extended");
        app.advance(2_570_400 - 604_800);
        until("it is paid", || visa.sums(app)[0] == "succeeded");
        assert_eq!(visa.sums(app), serde_json::json!(["succeeded", 1099, 0, 400]));
        let newest = &app.got("/v1/events?limit=2")["data"];
        assert_eq!(newest[1]["type"], "charge.captured");
        assert_eq!(newest[0]["type"], "payment_intent.succeeded");
        agreed(app, 364);
    });
}
