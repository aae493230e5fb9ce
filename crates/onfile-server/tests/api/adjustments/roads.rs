//! One road after the other.

use super::*;
use crate::app::{Road, on_both_roads, until};
use crate::payments::charges;

#[test]
fn what_is_not_paid_yet_asks_for_the_new_total() {
    on_both_roads(|app| {
        let form = [("amount", "1099"), ("currency", "usd")];
        let open = id(&app.made("/v1/payment_intents", &form));
        let it = adjusted(app, &open, "1500", "succeeded update");
        assert_eq!(it["previous_amount"], 1099);
        assert_eq!(totals(&it), [0, 0, 0, 1500]);
        assert_eq!(it["payment_intents"].to_string(), "[]");
        assert_eq!(payment(app, &open)["amount"], 1500);
        let same = adjusted(app, &open, "1500", "succeeded none");
        assert_eq!(same["chain"]["adjustments"].as_array().map(Vec::len), Some(2));
        adjust(app, &open, "0").refused(400, "amount_too_small");
        assert_eq!(payment(app, &open)["amount"], 1500);
    });
}

#[test]
fn more_is_charged_with_nobody_present() {
    on_both_roads(|app| {
        let order = order(app, &[("description", "Two socks"), ("metadata[order]", "6735")]);
        let before = newest_event(app);
        let it = adjusted(app, &order, "1549", "succeeded charge");
        assert_eq!(totals(&it), [0, 1549, 0, 0]);
        assert_eq!((&it["previous_amount"], &it["currency"]), (&1099.into(), &"usd".into()));
        let made = made(&it);
        assert_eq!(it["chain"]["payment_intents"][0], order.as_str());
        assert_eq!(it["chain"]["payment_intents"][1], made.as_str());
        assert_eq!(it["chain"]["adjustments"][0]["id"], it["id"]);
        let difference = payment(app, &made);
        assert_eq!(
            (&difference["amount"], &difference["status"]),
            (&450.into(), &"succeeded".into())
        );
        assert_eq!(difference["description"], "Two socks");
        assert_eq!(difference["metadata"]["order"], "6735");
        assert_eq!(
            told_since(app, &before),
            ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]
        );
        assert_eq!(payment(app, &order)["amount"], 1099);
        // By the rules of a merchant-initiated transaction.
        let attempts = app.got(&format!("/onfile/v1/attempts?payment_intent={made}"));
        assert_eq!(attempts["data"][0]["trace"][0], "I4", "{attempts}");

        // The same total again moves nothing, by whatever payment of the order it is named.
        let same = adjusted(app, &made, "1549", "succeeded none");
        assert_eq!(same["payment_intent"], order.as_str());
        assert_eq!(charges(app).len(), 3);
        for named in [&order, &made] {
            let list = app.got(&format!("{PATH}?payment_intent={named}"));
            let listed: Vec<&Value> = list["data"].as_array().expect("a list").iter().collect();
            assert_eq!(listed.len(), 2);
            assert_eq!((&listed[0]["id"], &listed[1]["id"]), (&same["id"], &it["id"]));
            assert_eq!(totals(listed[1]), [0, 1549, 0, 0]);
        }
    });
}

#[test]
fn a_hold_is_joined_by_a_second_one() {
    on_both_roads(|app| {
        let order = order(app, &[("capture_method", "manual")]);
        let it = adjusted(app, &order, "1600", "succeeded authorize");
        assert_eq!(totals(&it), [1600, 0, 0, 0]);
        let second = made(&it);
        for (held, amount) in [(&order, 1099), (&second, 501)] {
            let shown = payment(app, held);
            assert_eq!(
                (&shown["status"], &shown["amount_capturable"]),
                (&"requires_capture".into(), &amount.into(),)
            );
            app.made(&format!("/v1/payment_intents/{held}/capture"), &[]);
        }
        let after = app.got(&format!("{PATH}/{}", id(&it)));
        assert_eq!(totals(&after), [0, 1600, 0, 0]);
        adjusted(app, &order, "1700", "succeeded charge");
    });
}

#[test]
fn nothing_wanted_of_a_hold_lets_it_go() {
    on_both_roads(|app| {
        let order = order(app, &[("capture_method", "manual")]);
        let second = made(&adjusted(app, &order, "1600", "succeeded authorize"));
        let it = adjusted(app, &order, "0", "succeeded reverse");
        assert_eq!(totals(&it), [0, 0, 0, 0]);
        for gone in [&order, &second] {
            assert_eq!(payment(app, gone)["status"], "canceled");
        }
        until("the network was told", || app.owed() == 0);
        // The adjustment that authorized it did succeed.
        let statuses: Vec<&Value> =
            (0..2).map(|at| &it["chain"]["adjustments"][at]["status"]).collect();
        assert_eq!(statuses, ["succeeded", "succeeded"]);
        adjust(app, &order, "500").refused(400, "payment_intent_unexpected_state");
    });
}

#[test]
fn only_details_change() {
    on_both_roads(|app| {
        let order = order(app, &[]);
        let form = [
            ("payment_intent", order.as_str()),
            ("amount", "1099"),
            ("reason", "wrong house"),
            ("metadata[agent]", "7"),
            ("shipping[name]", "Jenny"),
            ("shipping[address][line1]", "Elm Street 5"),
        ];
        let it = app.made(PATH, &form);
        assert_eq!(went(&it), "succeeded none");
        assert_eq!((&it["reason"], &it["metadata"]["agent"]), (&"wrong house".into(), &"7".into()));
        assert_eq!(it["shipping"]["address"]["line1"], "Elm Street 5");
        assert_eq!(payment(app, &order)["shipping"]["name"], "Jenny");
        assert_eq!(charges(app).len(), 2);
    });
}

#[test]
fn a_total_may_be_a_sum() {
    on_both_roads(|app| {
        let order = order(app, &[]);
        let form = [
            ("payment_intent", order.as_str()),
            ("line_items[0][quantity]", "3"),
            ("line_items[0][unit_amount]", "450"),
            ("line_items[1][unit_amount]", "-100"),
            ("shipping_cost", "300"),
            ("tax", "95"),
        ];
        let it = app.made(PATH, &form);
        assert_eq!(went(&it), "succeeded charge");
        assert_eq!(it["amount"], 3 * 450 - 100 + 300 + 95);
        assert_eq!(it["line_items"][0]["quantity"], 3);
        assert_eq!(it["line_items"][1]["unit_amount"], -100);
        assert_eq!((&it["shipping_cost"], &it["tax"]), (&300.into(), &95.into()));
    });
}

#[test]
fn it_can_be_looked_at_before() {
    on_both_roads(|app| {
        let order = order(app, &[]);
        let look = |amount: &str| {
            let form = [("payment_intent", order.as_str()), ("amount", amount)];
            app.made(&format!("{PATH}/preview"), &form)
        };
        let more = look("1549");
        assert_eq!(
            (&more["object"], &more["road"]),
            (&"adjustment_preview".into(), &"charge".into())
        );
        assert_eq!((&more["previous_amount"], &more["difference"]), (&1099.into(), &450.into()));
        assert_eq!(more["moves"][0]["type"], "charge");
        assert_eq!(more["moves"][0]["amount"], 450);
        let codes: Vec<&Value> =
            more["could_refuse"].as_array().expect("a list").iter().map(|it| &it["code"]).collect();
        assert_eq!(codes, ["authentication_required", "card_declined"]);
        assert_eq!(look("1099")["road"], "none");
        let less = look("1000");
        assert_eq!((&less["road"], &less["moves"][0]["amount"]), (&"refund".into(), &99.into()));
        assert_eq!(less["moves"][0]["payment_intent"], order.as_str());
        // Nothing happened.
        assert_eq!(charges(app).len(), 2);
        let list = app.got(&format!("{PATH}?payment_intent={order}"));
        assert_eq!(list["data"].to_string(), "[]");
        let form = [("payment_intent", order.as_str()), ("amount", "1100")];
        app.post(&format!("{PATH}/preview"), &form).refused(400, "amount_too_small");
    });
}

#[test]
fn what_is_too_much_is_given_back_newest_first() {
    on_both_roads(|app| {
        let order = order(app, &[]);
        let second = made(&adjusted(app, &order, "1549", "succeeded charge"));
        let before = newest_event(app);
        let it = adjusted(app, &order, "900", "succeeded refund");
        assert_eq!(totals(&it), [0, 1549, 649, 0]);
        let refunds = it["refunds"].as_array().expect("a list");
        let told: Vec<(Value, Value)> = refunds
            .iter()
            .map(|id| app.got(&format!("/v1/refunds/{}", id.as_str().expect("an id"))))
            .map(|refund| (refund["payment_intent"].clone(), refund["amount"].clone()))
            .collect();
        assert_eq!(
            told,
            [(second.as_str().into(), 450.into()), (order.as_str().into(), 199.into()),]
        );
        let events = ["refund.created", "charge.refunded"];
        assert_eq!(told_since(app, &before), [events, events].concat());
        // What was given back by a call of its own counts too.
        app.made("/v1/refunds", &[("payment_intent", &order), ("amount", "100")]);
        adjusted(app, &order, "800", "succeeded none");
        let all = adjusted(app, &order, "0", "succeeded refund");
        assert_eq!(totals(&all), [0, 1549, 1549, 0]);
        // And what was given back whole can be charged again.
        adjusted(app, &order, "500", "succeeded charge");
        adjust(app, &order, "530").refused(400, "amount_too_small");
    });
}

#[test]
fn a_refund_may_take_its_time() {
    on_both_roads(|app| {
        let form = [("payment_method", "pm_card_pendingRefund")];
        let order = id(&pay(app, &form).expect(200));
        let it = adjusted(app, &order, "700", "processing refund");
        assert_eq!(totals(&it), [0, 1099, 399, 0]);
        // It is on its way: it is not given back a second time.
        adjusted(app, &order, "700", "succeeded none");
        app.advance(2);
        let now = || app.got(&format!("{PATH}/{}", id(&it)));
        until("it arrives", || went(&now()) == "succeeded refund");
        assert_eq!(totals(&now()), [0, 1099, 399, 0]);
    });
}

#[test]
fn a_refund_may_come_back() {
    on_both_roads(|app| {
        let order = id(&pay(app, &[("payment_method", "pm_card_refundFail")]).expect(200));
        for total in ["700", "1000"] {
            let it = adjusted(app, &order, total, "succeeded refund");
            assert_eq!(it["previous_amount"], 1099);
            app.advance(2);
            let now = || app.got(&format!("{PATH}/{}", id(&it)));
            until("it comes back", || went(&now()) == "declined refund");
            assert_eq!(totals(&now()), [0, 1099, 0, 0]);
        }
    });
}

#[test]
fn a_long_order_is_given_back_in_one_call() {
    let app = TestApp::start(Road::Local);
    let order = order(&app, &[]);
    for at in 1..=50 {
        adjust(&app, &order, &(1099 + at * 50).to_string()).expect(200);
    }
    let full = adjust(&app, &order, "9000").refused(400, "");
    assert_eq!(full["param"], "amount");
    let it = adjusted(&app, &order, "0", "succeeded refund");
    assert_eq!(it["refunds"].as_array().map(Vec::len), Some(51));
    assert_eq!(totals(&it), [0, 3599, 3599, 0]);
}
