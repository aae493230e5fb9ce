//! The page where a customer proves to be there, and what an answer does.

use serde_json::Value;

use crate::app::{TestApp, id, on_both_roads, until};
use crate::client::Answer;
use crate::payments::{charge_later, charges, pay};

const FAIL: &[(&str, &str)] = &[("answer", "failed")];
const COMPLETE: &[(&str, &str)] = &[("answer", "completed")];
const ASKS: &str = "pm_card_authenticationRequiredOnSetup";

/// An intent that waits for its customer, and the path of the page.
#[track_caller]
fn challenged(app: &TestApp, more: &[(&str, &str)]) -> (Value, String) {
    let mut form = vec![("payment_method", "pm_card_authenticationRequired")];
    form.extend_from_slice(more);
    let intent = pay(app, &form).expect(200);
    let page = page_of(&intent);
    (intent, page)
}

/// The path of an intent's page.
#[track_caller]
pub fn page_of(intent: &Value) -> String {
    assert_eq!(intent["status"], "requires_action", "{intent}");
    let action = &intent["next_action"];
    let address = action["redirect_to_url"]["url"]
        .as_str()
        .or_else(|| action["use_stripe_sdk"]["stripe_js"].as_str())
        .unwrap_or_else(|| panic!("no page in {action}"));
    let at = address.find("/onfile/3ds/").unwrap_or_else(|| panic!("{address} is no page"));
    assert!(address.starts_with("http://127.0.0.1:"), "{address}");
    address[at..].to_owned()
}

/// A customer has no key.
fn visit(app: &TestApp, page: &str) -> Answer {
    app.call("GET", page).without("Authorization").send()
}

pub fn answer(app: &TestApp, page: &str, form: &[(&str, &str)]) -> Answer {
    app.call("POST", page).without("Authorization").form(form).send()
}

/// An intent after its customer proved to be there.
pub fn complete(app: &TestApp, asked: &Value) -> Value {
    answer(app, &page_of(asked), COMPLETE);
    intent(app, asked)
}

fn intent(app: &TestApp, of: &Value) -> Value {
    app.got(&format!("/v1/payment_intents/{}", id(of)))
}

#[test]
fn completed_it_pays_and_sends_the_customer_back() {
    on_both_roads(|app| {
        let (made, page) =
            challenged(app, &[("return_url", "https://shop.example/back?order=6#x")]);
        assert_eq!(made["next_action"]["type"], "redirect_to_url");
        assert_eq!(made["latest_charge"], Value::Null);
        let shown = visit(app, &page);
        assert_eq!(shown.status, 200);
        assert!(shown.text().contains("test-source-authorize-3ds"));
        assert!(shown.text().contains("$10.99 USD"));

        let done = answer(app, &page, COMPLETE);
        assert_eq!(done.status, 303, "{}", done.text());
        let back = done.header("location").expect("an address");
        let secret = made["client_secret"].as_str().expect("a secret");
        assert_eq!(
            back,
            format!(
                "https://shop.example/back?order=6&payment_intent={}&\
                 payment_intent_client_secret={secret}&redirect_status=succeeded#x",
                id(&made)
            )
        );
        assert_eq!(intent(app, &made)["status"], "succeeded");
        assert_eq!(charges(app).len(), 1);
        let over = visit(app, &page);
        assert_eq!(over.status, 200);
        assert!(over.text().contains("Nothing left to do"), "{}", over.text());
    });
}

#[test]
fn failed_it_asks_for_another_method() {
    on_both_roads(|app| {
        let (made, page) = challenged(app, &[]);
        assert_eq!(made["next_action"]["type"], "use_stripe_sdk");
        let done = answer(app, &page, FAIL);
        assert_eq!(done.status, 200);
        assert!(done.text().contains("Authentication failed"), "{}", done.text());
        let failed = intent(app, &made);
        assert_eq!(failed["status"], "requires_payment_method");
        let code = &failed["last_payment_error"]["code"];
        assert_eq!(code, "payment_intent_authentication_failure");
        assert_eq!(charges(app).len(), 0);
    });
}

#[test]
fn posted_twice_it_pays_once() {
    on_both_roads(|app| {
        let (made, page) = challenged(app, &[("return_url", "https://shop.example/")]);
        let first = answer(app, &page, COMPLETE);
        let second = answer(app, &page, COMPLETE);
        let late = answer(app, &page, FAIL);
        assert_eq!(first.status, 303);
        for again in [second, late] {
            assert_eq!(again.status, 303, "{}", again.text());
            assert_eq!(again.header("location"), first.header("location"));
        }
        assert_eq!(intent(app, &made)["status"], "succeeded");
        assert_eq!(charges(app).len(), 1);
    });
}

#[test]
fn posted_by_many_at_once_it_pays_once() {
    on_both_roads(|app| {
        let (made, page) = challenged(app, &[]);
        let clients: Vec<_> = (0..6).map(|_| (*app).clone()).collect();
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let visits = clients.iter().map(|client| {
                let call = client.call("POST", &page).without("Authorization").form(COMPLETE);
                scope.spawn(move || call.send().status)
            });
            let visits: Vec<_> = visits.collect();
            visits.into_iter().map(|visit| visit.join().expect("it ends")).collect()
        });
        assert!(statuses.iter().all(|status| [200, 429].contains(status)), "{statuses:?}");
        assert!(statuses.contains(&200), "{statuses:?}");
        assert_eq!(intent(app, &made)["status"], "succeeded");
        assert_eq!(charges(app).len(), 1);
    });
}

#[test]
fn unanswered_it_expires_after_ten_minutes() {
    on_both_roads(|app| {
        let (made, page) = challenged(app, &[]);
        app.advance(599);
        app.settled();
        assert_eq!(intent(app, &made)["status"], "requires_action");
        app.advance(1);
        until("the challenge expires", || {
            intent(app, &made)["status"] == "requires_payment_method"
        });
        let code = &intent(app, &made)["last_payment_error"]["code"];
        assert_eq!(code, "payment_intent_authentication_failure");
        let late = answer(app, &page, COMPLETE);
        assert_eq!(late.status, 200);
        assert_eq!(intent(app, &made)["status"], "requires_payment_method");
        assert_eq!(charges(app).len(), 0);
    });
}

#[test]
fn a_page_needs_its_secret_and_its_words() {
    on_both_roads(|app| {
        let (made, page) = challenged(app, &[]);
        let (path, query) = page.split_once('?').expect("a query");
        let wrong = page.replace("secret=", "secret=x");
        let nobody = page.replace("merchant=acct_", "merchant=acct_x");
        for page in [path, &wrong, &nobody, "/onfile/3ds/nothing"] {
            assert_eq!(visit(app, page).status, 404, "{page}");
            assert_eq!(answer(app, page, COMPLETE).status, 404, "{page}");
        }
        assert_eq!(answer(app, &page, &[("answer", "perhaps")]).status, 400);
        assert_eq!(answer(app, &page, &[]).status, 400);
        let put = app.call("PUT", &page).without("Authorization").send();
        put.refused(405, "");
        assert!(query.contains("secret="));
        assert_eq!(intent(app, &made)["status"], "requires_action");
    });
}

/// V4: the same intent confirmed on session, with and without the wish to save.
#[test]
fn v4_an_upgrade_on_session() {
    on_both_roads(|app| {
        for upgrades in [true, false] {
            let customer = app.customer();
            let card = app.card("tok_visa");
            let attach = format!("/v1/payment_methods/{card}/attach");
            app.made(&attach, &[("customer", &customer)]);
            // A card whose bank asks, saved without its customer's consent.
            let card = asking_card(app);
            let attach = format!("/v1/payment_methods/{card}/attach");
            app.made(&attach, &[("customer", &customer)]);
            let refused =
                charge_later(app, &customer, &card).refused(402, "authentication_required");
            let stuck = refused["payment_intent"].clone();
            assert_eq!(stuck["status"], "requires_payment_method");

            let mut form = vec![("payment_method", card.as_str()), ("off_session", "false")];
            if upgrades {
                form.push(("setup_future_usage", "off_session"));
            }
            let path = format!("/v1/payment_intents/{}/confirm", id(&stuck));
            let asked = app.made(&path, &form);
            answer(app, &page_of(&asked), COMPLETE);
            assert_eq!(intent(app, &stuck)["status"], "succeeded");

            let later = charge_later(app, &customer, &card);
            match upgrades {
                true => assert_eq!(later.expect(200)["status"], "succeeded"),
                false => drop(later.refused(402, "authentication_required")),
            }
        }
    });
}

fn asking_card(app: &TestApp) -> String {
    id(&app.made(
        "/v1/payment_methods",
        &[
            ("type", "card"),
            ("card[number]", "4000002500003155"),
            ("card[exp_month]", "12"),
            ("card[exp_year]", "2030"),
            ("card[cvc]", "123"),
        ],
    ))
}

/// V2: a European account and a European card, saved on session and off session.
#[test]
fn v2_a_european_card_saved_for_either_session() {
    on_both_roads(|app| {
        app.made("/onfile/v1/test/account", &[("country", "DE")]);
        for (usage, passes) in [("on_session", false), ("off_session", true)] {
            let customer = app.customer();
            let form = [
                ("customer", customer.as_str()),
                ("amount", "1099"),
                ("currency", "eur"),
                ("payment_method", "pm_card_de"),
                ("setup_future_usage", usage),
                ("confirm", "true"),
            ];
            let mut paid = app.made("/v1/payment_intents", &form);
            if paid["status"] == "requires_action" {
                answer(app, &page_of(&paid), COMPLETE);
                paid = intent(app, &paid);
            }
            assert_eq!(paid["status"], "succeeded", "{paid}");
            let card = paid["payment_method"].as_str().expect("a method");
            let form = [
                ("customer", customer.as_str()),
                ("amount", "6000"),
                ("currency", "eur"),
                ("payment_method", card),
                ("off_session", "true"),
                ("confirm", "true"),
            ];
            let later = app.post("/v1/payment_intents", &form);
            match passes {
                true => assert_eq!(later.expect(200)["status"], "succeeded"),
                false => drop(later.refused(402, "authentication_required")),
            }
        }
    });
}

#[test]
fn a_set_up_asks_too() {
    on_both_roads(|app| {
        let customer = app.customer();
        let form = [
            ("customer", customer.as_str()),
            ("payment_method", ASKS),
            ("confirm", "true"),
            ("return_url", "https://shop.example/"),
        ];
        let set_up = app.made("/v1/setup_intents", &form);
        let done = answer(app, &page_of(&set_up), COMPLETE);
        assert_eq!(done.status, 303);
        assert!(done.header("location").is_some_and(|to| to.contains("setup_intent=seti_")));
        let set_up = app.got(&format!("/v1/setup_intents/{}", id(&set_up)));
        assert_eq!(set_up["status"], "succeeded");
        let card = set_up["payment_method"].as_str().expect("a method");
        assert_eq!(charge_later(app, &customer, card).expect(200)["status"], "succeeded");
    });
}
