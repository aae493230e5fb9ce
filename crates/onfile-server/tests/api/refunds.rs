//! Money given back, and what the account has, on both roads.

use serde_json::Value;

use crate::app::{Road, TestApp, id, on_both_roads, until};
use crate::client::Answer;
use crate::payments::pay;

/// A payment of 10.99, and its charge.
fn paid(app: &TestApp, card: &str) -> (String, String) {
    let intent = pay(app, &[("payment_method", card), ("capture_method", "automatic")]).expect(200);
    assert_eq!(intent["status"], "succeeded", "{intent}");
    (id(&intent), intent["latest_charge"].as_str().expect("a charge").to_owned())
}

fn refund(app: &TestApp, form: &[(&str, &str)]) -> Answer {
    app.post("/v1/refunds", form)
}

/// The newest events' types, the oldest first.
fn events(app: &TestApp, count: usize) -> Vec<String> {
    let events = app.got(&format!("/v1/events?limit={count}"));
    let types = events["data"].as_array().expect("a list").iter().rev();
    types.map(|event| event["type"].as_str().expect("a type").to_owned()).collect()
}

/// Available and pending, in cents.
fn balance(app: &TestApp) -> (i64, i64) {
    let balance = app.got("/v1/balance");
    let sum = |name: &str| balance[name][0]["amount"].as_i64().expect("an amount");
    (sum("available"), sum("pending"))
}

/// Moves the clock past what the network does later, and waits for it.
fn settled(app: &TestApp, refund: &str) -> Value {
    let path = format!("/v1/refunds/{refund}");
    let before = app.got(&path);
    app.advance(2);
    until("the network is done", || app.got(&path) != before);
    app.got(&path)
}

/// 10.99 less 2.9 % and 30 cents.
const NET: i64 = 1_099 - 62;

#[test]
fn money_is_given_back_in_parts() {
    on_both_roads(|app| {
        let (intent, charge) = paid(app, "pm_card_visa");
        let first = refund(app, &[("charge", &charge), ("amount", "400"), ("reason", "duplicate")]);
        let first = first.expect(200);
        assert_eq!(
            (&first["status"], &first["reason"]),
            (&"succeeded".into(), &"duplicate".into())
        );
        assert_eq!(first["destination_details"]["card"]["reference_status"], "pending");
        assert_eq!(events(app, 2), ["refund.created", "charge.refunded"]);
        assert_eq!(balance(app), (0, NET - 400));
        let named = settled(app, &id(&first));
        let card = &named["destination_details"]["card"];
        assert_eq!(card["reference_status"], "available");
        assert_eq!(card["reference"].as_str().map(str::len), Some(16));
        assert_eq!(events(app, 2), ["refund.updated", "charge.refund.updated"]);

        let error = refund(app, &[("payment_intent", &intent), ("amount", "700")]).refused(400, "");
        let left = "Refund amount ($7.00) is greater than unrefunded amount on charge ($6.99)";
        assert_eq!((&error["message"], &error["param"]), (&left.into(), &"amount".into()));
        let rest = refund(app, &[("payment_intent", &intent), ("expand[]", "charge")]).expect(200);
        assert_eq!(rest["amount"], 699);
        assert_eq!(
            (&rest["charge"]["refunded"], &rest["charge"]["amount_refunded"]),
            (&true.into(), &1_099.into())
        );
        refund(app, &[("charge", &charge)]).refused(400, "charge_already_refunded");
        assert_eq!(balance(app), (0, NET - 1_099));
        until("the network was told", || app.owed() == 0);
        if app.road() == Road::Remote {
            assert_eq!((app.bank.spent(), app.bank.credits()), (0, 2));
        }
    });
}

#[test]
fn refunds_are_read_listed_and_changed() {
    on_both_roads(|app| {
        let (intent, charge) = paid(app, "pm_card_visa");
        let (_, other) = paid(app, "pm_card_visa");
        let of_charge = format!("/v1/charges/{charge}/refunds");
        let first = id(&app.made(&of_charge, &[("amount", "100")]));
        let shown = app.made(
            &format!("/v1/charges/{charge}/refund"),
            &[("amount", "200"), ("expand[]", "refunds.data.balance_transaction")],
        );
        assert_eq!((&shown["object"], &shown["amount_refunded"]), (&"charge".into(), &300.into()));
        assert_eq!(shown["refunds"]["total_count"], 2);
        assert_eq!(shown["refunds"]["data"][0]["balance_transaction"]["amount"], -200);
        assert_eq!(shown["refunds"]["data"][1]["id"], first.as_str());
        let foreign = id(&refund(app, &[("charge", &other)]).expect(200));

        let all = app.got("/v1/refunds?limit=2");
        assert_eq!((&all["count"], &all["has_more"]), (&2.into(), &true.into()));
        assert_eq!(all["data"][0]["id"], foreign.as_str());
        let keys: Vec<&String> = all.as_object().expect("a list").keys().collect();
        assert!(keys.contains(&&"count".to_owned()));
        for path in [
            format!("/v1/refunds?charge={charge}"),
            format!("/v1/refunds?payment_intent={intent}"),
            format!("/v1/refunds?payment_intent={intent}&charge={charge}"),
            of_charge.clone(),
        ] {
            let list = app.got(&path);
            assert_eq!(list["data"].as_array().map(Vec::len), Some(2), "{path}");
            assert_eq!(list["data"][1]["id"], first.as_str(), "{path}");
            assert_eq!(list.get("count").is_some(), path.starts_with("/v1/refunds"), "{path}");
        }
        let neither = app.got(&format!("/v1/refunds?payment_intent={intent}&charge={other}"));
        assert_eq!(neither["count"], 0);
        app.get("/v1/refunds?charge=ch_nope").refused(400, "resource_missing");
        app.get("/v1/charges/ch_nope/refunds").refused(404, "resource_missing");

        assert_eq!(id(&app.got(&format!("{of_charge}/{first}"))), first);
        let error = app.get(&format!("{of_charge}/{foreign}")).refused(404, "resource_missing");
        assert_eq!(error["message"], format!("No such refund: '{foreign}'"));
        assert_eq!(error["param"], "refund");
        let path = format!("/v1/refunds/{first}");
        let changed = app.made(&path, &[("metadata[order]", "6735")]);
        assert_eq!(changed["metadata"]["order"], "6735");
        assert_eq!(events(app, 2), ["charge.refund.updated", "refund.updated"]);
        app.post(&path, &[("amount", "5")]).refused(400, "parameter_unknown");
        let error = app.post(&format!("{path}/cancel"), &[]).refused(400, "");
        assert_eq!(error["message"], "Canceling this refund is unsupported.");
        let whole = app.got(&format!("{path}?expand[]=balance_transaction.source"));
        assert_eq!(whole["balance_transaction"]["source"]["id"], first.as_str());
    });
}

#[test]
fn a_pending_refund_arrives_later() {
    on_both_roads(|app| {
        let (intent, charge) = paid(app, "pm_card_pendingRefund");
        let made = refund(app, &[("payment_intent", &intent)]).expect(200);
        assert_eq!(
            (&made["status"], &made["pending_reason"]),
            (&"pending".into(), &"processing".into())
        );
        assert_eq!(made["balance_transaction"], Value::Null);
        assert_eq!(events(app, 1), ["refund.created"]);
        let path = format!("/v1/charges/{charge}");
        assert_eq!(app.got(&path)["amount_refunded"], 0);
        assert_eq!(balance(app), (0, NET));
        refund(app, &[("charge", &charge)]).refused(400, "charge_already_refunded");

        let arrived = settled(app, &id(&made));
        assert_eq!(arrived["status"], "succeeded");
        assert_eq!(arrived["destination_details"]["card"]["reference_status"], "available");
        assert!(arrived.get("pending_reason").is_none());
        assert_eq!(events(app, 3), ["refund.updated", "charge.refund.updated", "charge.refunded"]);
        assert_eq!((&app.got(&path)["refunded"], balance(app)), (&true.into(), (0, NET - 1_099)));
        until("the network was told", || app.owed() == 0);
        assert_eq!(app.bank.spent(), 0);
    });
}

#[test]
fn a_refund_that_fails_comes_back() {
    on_both_roads(|app| {
        let (_, charge) = paid(app, "pm_card_refundFail");
        let made = refund(app, &[("charge", &charge)]).expect(200);
        assert_eq!(made["status"], "succeeded");
        assert_eq!(balance(app), (0, NET - 1_099));
        let failed = settled(app, &id(&made));
        assert_eq!(
            (&failed["status"], &failed["failure_reason"]),
            (&"failed".into(), &"expired_or_canceled_card".into())
        );
        assert_eq!(events(app, 3), ["refund.failed", "refund.updated", "charge.refund.updated"]);
        let shown = app.got(&format!("/v1/charges/{charge}"));
        assert_eq!((&shown["amount_refunded"], &shown["refunded"]), (&0.into(), &false.into()));
        assert_eq!(balance(app), (0, NET));
        let moved = app.got(&format!("/v1/balance_transactions?source={}", id(&made)));
        let types: Vec<&Value> =
            moved["data"].as_array().expect("a list").iter().map(|it| &it["type"]).collect();
        assert_eq!(types, ["refund_failure", "refund"]);
        assert_eq!(moved["data"][0]["id"], failed["failure_balance_transaction"]);
        assert_eq!(moved["data"][0]["net"], 1_099);
        until("the network was told", || app.owed() == 0);
        if app.road() == Road::Remote {
            assert_eq!(app.bank.credits(), 0);
        }
    });
}

#[test]
fn what_is_not_given_back_is_refused_as_stripe_refuses_it() {
    on_both_roads(|app| {
        let held = pay(app, &[("payment_method", "pm_card_visa"), ("capture_method", "manual")]);
        let held = held.expect(200);
        let (intent, charge) = (id(&held), held["latest_charge"].as_str().expect("a charge"));
        let uncaptured =
            format!("This uncaptured Charge was created by a PaymentIntent ({intent}). You must");
        for form in [[("charge", charge)], [("payment_intent", &intent)]] {
            let error = refund(app, &form).refused(400, "");
            assert!(error["message"].as_str().is_some_and(|it| it.starts_with(&uncaptured)));
        }
        app.made(&format!("/v1/payment_intents/{intent}/cancel"), &[]);
        let nothing =
            format!("This PaymentIntent ({intent}) does not have a successful charge to refund.");
        for form in [[("charge", charge)], [("payment_intent", &intent)]] {
            assert_eq!(refund(app, &form).refused(400, "")["message"], nothing.as_str());
        }
        let error = refund(app, &[("charge", "ch_nope")]).refused(404, "resource_missing");
        assert_eq!(error["param"], "id");
        let error = refund(app, &[("payment_intent", "pi_no")]).refused(400, "resource_missing");
        assert_eq!(error["param"], "payment_intent");
        let (_, charge) = paid(app, "pm_card_visa");
        let error = refund(app, &[("charge", &charge), ("amount", "1100")]).refused(400, "");
        let text = "Refund amount ($11.00) is greater than charge amount ($10.99)";
        assert_eq!(error["message"], text);
        until("the network was told", || app.owed() == 0);
        assert_eq!(app.got("/v1/refunds")["count"], 0);
    });
}

#[test]
fn a_key_gives_back_once() {
    on_both_roads(|app| {
        let (_, charge) = paid(app, "pm_card_visa");
        let form = [("charge", charge.as_str()), ("amount", "500")];
        let call = || app.call("POST", "/v1/refunds").named("back").form(&form).send();
        let (first, second) = (call(), call());
        assert_eq!(first.body, second.body);
        assert_eq!(app.got(&format!("/v1/charges/{charge}"))["amount_refunded"], 500);
    });
}

#[test]
fn two_at_once_give_back_no_more_than_was_taken() {
    on_both_roads(|app| {
        let (_, charge) = paid(app, "pm_card_visa");
        let answers = std::thread::scope(|scope| {
            let ask = || refund(app, &[("charge", &charge), ("amount", "400")]).status;
            let asked: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
            asked.into_iter().map(|it| it.join().expect("it answers")).collect::<Vec<u16>>()
        });
        let passed = answers.iter().filter(|status| **status == 200).count();
        assert_eq!(passed, 2, "{answers:?}");
        assert_eq!(app.got(&format!("/v1/charges/{charge}"))["amount_refunded"], 800);
    });
}

#[test]
fn a_deaf_network_is_told_again_and_books_it_once() {
    let app = TestApp::start(Road::Remote);
    let (_, charge) = paid(&app, "pm_card_visa");
    until("the network was told", || app.owed() == 0);
    let held = app.bank.spent();
    app.bank.be_deaf(true);
    refund(&app, &[("charge", &charge)]).expect(200);
    until("it was told and did not hear", || app.bank.credits() > 0);
    assert_eq!(app.bank.spent(), held);
    app.bank.be_deaf(false);
    app.advance(1);
    until("the network was told", || app.owed() == 0);
    assert_eq!(app.bank.spent(), 0);
}

#[test]
fn money_becomes_available_by_the_clock() {
    on_both_roads(|app| {
        assert_eq!(balance(app), (0, 0));
        let (_, charge) = paid(app, "pm_card_visa");
        assert_eq!(balance(app), (0, NET));
        let at_once = pay(app, &[("payment_method", "pm_card_bypassPending")]).expect(200);
        assert_eq!(balance(app), (NET, NET));
        let source = at_once["latest_charge"].as_str().expect("a charge");
        let moved = app.got(&format!("/v1/balance_transactions?source={source}"));
        let moved = &moved["data"][0];
        assert_eq!(
            (&moved["status"], &moved["available_on"]),
            (&"available".into(), &moved["created"])
        );
        // 2026-03-01 is a Sunday: two business days end with Tuesday's midnight.
        app.advance(2 * 86_400 - 1);
        assert_eq!(balance(app), (NET, NET));
        app.advance(1);
        assert_eq!(balance(app), (2 * NET, 0));
        refund(app, &[("charge", &charge), ("amount", "99")]).expect(200);
        assert_eq!(balance(app), (2 * NET, -99));
    });
}

#[test]
fn movements_are_listed_by_what_moved_them() {
    let app = TestApp::start(Road::Local);
    let (_, charge) = paid(&app, "pm_card_visa");
    let back = refund(&app, &[("charge", &charge), ("amount", "100")]).expect(200);
    app.advance(60);
    let (_, later) = paid(&app, "pm_card_visa");
    let listed = |query: &str| {
        let list = app.got(&format!("/v1/balance_transactions{query}"));
        let items = list["data"].as_array().expect("a list");
        items
            .iter()
            .map(|it| it["source"].as_str().expect("a source").to_owned())
            .collect::<Vec<_>>()
    };
    let back = id(&back);
    let created = app.got(&format!("/v1/charges/{later}"))["created"].as_i64().expect("a time");
    let newest = app.got("/v1/balance_transactions?limit=1")["data"][0]["id"].clone();
    let newest = newest.as_str().expect("an id");
    for (query, expected) in [
        (String::new(), vec![&later, &back, &charge]),
        ("?type=refund".to_owned(), vec![&back]),
        ("?type=charge&currency=usd".to_owned(), vec![&later, &charge]),
        ("?type=payout".to_owned(), vec![]),
        ("?type=bogus".to_owned(), vec![]),
        ("?currency=zzz".to_owned(), vec![]),
        (format!("?source={charge}"), vec![&charge]),
        (format!("?source={charge}&type=refund"), vec![]),
        (format!("?source={back}"), vec![&back]),
        ("?source=du_1".to_owned(), vec![]),
        (format!("?source={charge}&created[gte]={created}"), vec![]),
        (format!("?created[gte]={created}"), vec![&later]),
        (format!("?starting_after={newest}"), vec![&back, &charge]),
        (format!("?starting_after={newest}&source={back}"), vec![&back]),
        (format!("?ending_before={newest}&source={back}"), vec![]),
        ("?limit=2".to_owned(), vec![&later, &back]),
    ] {
        assert_eq!(listed(&query).iter().collect::<Vec<_>>(), expected, "{query}");
    }
    let error = app.get("/v1/balance_transactions?payout=po_nope").refused(400, "resource_missing");
    assert_eq!(
        (&error["param"], &error["message"]),
        (&"payout".into(), &"No such payout: 'po_nope'".into())
    );
    app.get("/v1/balance_transactions?starting_after=txn_nope").refused(400, "resource_missing");
}
