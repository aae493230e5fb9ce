//! What errors carry and where they point, and the headers around answers (`stripe-api.md` 1).

use serde_json::Value;

use crate::app::{Road, TestApp, id, on_both_roads};
use crate::client::Call;
use crate::payments::saved;

#[test]
fn our_own_codes_point_to_a_page_of_this_server() {
    let app = TestApp::start(Road::Local);
    let form = [("amount", "1099"), ("currency", "usd"), ("transfer_data[destination]", "acct_1")];
    for host in [app.address.to_string(), "localhost:4242".to_owned()] {
        let call = app.call("POST", "/v1/payment_intents").form(&form).header("Host", &host);
        let error = call.send().refused(400, "parameter_unsupported");
        assert_eq!(error["doc_url"], format!("http://{host}/docs/coverage.md"));
    }
    let error = app.get("/v1/customers/cus_nope").refused(404, "resource_missing");
    assert_eq!(error["doc_url"], "https://stripe.com/docs/error-codes/resource-missing");
    let unbuilt = app.get("/v1/refunds/nothing/at/all").expect(404);
    let message = unbuilt["error"]["message"].as_str().expect("a text");
    assert!(message.contains(&format!("http://{}/docs/coverage.md", app.address)), "{message}");

    for (page, title) in [("coverage", "# Coverage"), ("errors", "# Error codes")] {
        let path = format!("/docs/{page}.md");
        let answer = app.call("GET", &path).without("Authorization").send();
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some("text/markdown; charset=utf-8"));
        assert!(answer.text().starts_with(title), "{path}");
        app.call("GET", &path).header("Host", "evil.example").send().refused(403, "");
    }
    app.get("/docs/nothing.md").refused(404, "");
}

/// The intent that an error carries; null where it carries none.
fn carried(error: &Value) -> &Value {
    match error.get("payment_intent") {
        Some(intent) => intent,
        None => &error["setup_intent"],
    }
}

#[test]
fn an_error_of_an_operation_on_an_intent_carries_it() {
    let app = TestApp::start(Road::Local);
    let payment = [("amount", "1099"), ("currency", "usd")];
    let payment = format!("/v1/payment_intents/{}", id(&app.made("/v1/payment_intents", &payment)));
    let setup = format!("/v1/setup_intents/{}", id(&app.made("/v1/setup_intents", &[])));
    let pay_by_transfer = ("transfer_data[destination]", "acct_1");
    for (path, form, code) in [
        (payment.clone(), ("colour", "red"), "parameter_unknown"),
        (payment.clone(), ("amount", "ten"), "parameter_invalid_integer"),
        (payment.clone(), ("amount", "0"), "parameter_invalid_integer"),
        (payment.clone(), ("currency", ""), "parameter_invalid_empty"),
        (payment.clone(), pay_by_transfer, "parameter_unsupported"),
        (payment.clone(), ("statement_descriptor", "SHOP"), ""),
        (format!("{payment}/confirm"), ("off_session", "perhaps"), ""),
        (format!("{payment}/confirm"), ("return_url", "nowhere"), "url_invalid"),
        (
            format!("{payment}/confirm"),
            ("payment_method_data[type]", "link"),
            "parameter_unsupported",
        ),
        (format!("{payment}/capture"), ("amount_to_capture", "x"), "parameter_invalid_integer"),
        (format!("{payment}/cancel"), ("cancellation_reason", "bored"), ""),
        (setup.clone(), ("colour", "red"), "parameter_unknown"),
        (format!("{setup}/confirm"), ("return_url", "nowhere"), "url_invalid"),
        (format!("{setup}/cancel"), ("cancellation_reason", "fraudulent"), ""),
    ] {
        let error = app.post(&path, &[form]).refused(400, code);
        assert!(path.contains(carried(&error)["id"].as_str().expect("an intent")), "{error}");
        assert_eq!(carried(&error)["status"], "requires_payment_method");
    }
    // A card that is none is refused with 402, and the intent is still there.
    let number = [
        ("payment_method_data[type]", "card"),
        ("payment_method_data[card][number]", "4242424242424241"),
        ("payment_method_data[card][exp_month]", "12"),
        ("payment_method_data[card][exp_year]", "2034"),
    ];
    let error = app.post(&format!("{payment}/confirm"), &number).refused(402, "incorrect_number");
    assert_eq!(carried(&error)["status"], "requires_payment_method");

    // Nothing exists yet, or nothing of the name.
    let error = app.post("/v1/payment_intents", &[("amount", "ten")]).expect(400);
    assert_eq!(*carried(&error["error"]), Value::Null);
    let error = app.post("/v1/payment_intents/pi_nope", &[("colour", "red")]).expect(400);
    assert_eq!(*carried(&error["error"]), Value::Null);
    // Another world's intent is nobody's business.
    let other = app.with_key("sk_test_other").post(&payment, &[("colour", "red")]).expect(400);
    assert_eq!(*carried(&other["error"]), Value::Null);
}

#[test]
fn a_browser_sees_the_intent_in_an_error_only_with_its_secret() {
    let app = TestApp::start(Road::Local);
    let form = [("amount", "1099"), ("currency", "usd"), ("metadata[inward]", "yes")];
    let intent = app.made("/v1/payment_intents", &form);
    let secret = intent["client_secret"].as_str().expect("a secret");
    let confirm = format!("/v1/payment_intents/{}/confirm", id(&intent));
    let browser = app.with_key("pk_test_api");
    let colour = ("colour", "red");
    for form in [&[colour][..], &[colour, ("client_secret", "pi_1_secret_2")]] {
        let error = browser.post(&confirm, form).refused(400, "parameter_unknown");
        assert_eq!(*carried(&error), Value::Null, "{error}");
    }
    let error = browser.post(&confirm, &[colour, ("client_secret", secret)]).expect(400);
    let seen = carried(&error["error"]);
    assert_eq!(seen["id"], intent["id"]);
    assert!(seen.get("metadata").is_none(), "{seen}");
}

#[test]
fn a_wrong_client_secret_is_named() {
    let app = TestApp::start(Road::Local);
    let form = [("amount", "1099"), ("currency", "usd")];
    let payment = id(&app.made("/v1/payment_intents", &form));
    let setup = id(&app.made("/v1/setup_intents", &[]));
    let browser = app.with_key("pk_test_api");
    for (path, code) in [
        (format!("/v1/payment_intents/{payment}"), "payment_intent_invalid_parameter"),
        (format!("/v1/setup_intents/{setup}"), "setup_intent_invalid_parameter"),
    ] {
        let read = browser.get(&format!("{path}?client_secret=wrong")).refused(400, code);
        let confirm = format!("{path}/confirm");
        let form = [("client_secret", "wrong"), ("payment_method", "pm_card_visa")];
        let write = browser.post(&confirm, &form).refused(400, code);
        for error in [read, write] {
            assert_eq!(error["param"], "client_secret");
            assert_eq!(*carried(&error), Value::Null, "{error}");
        }
    }
}

#[test]
fn accounts_that_a_call_is_for() {
    let app = TestApp::start(Road::Local);
    app.customer();
    let own = app.got("/v1/account")["id"].as_str().expect("an id").to_owned();
    let customers = || app.call("GET", "/v1/customers");
    let answer = customers().header("Stripe-Account", &own).send();
    assert_eq!((answer.status, answer.header("stripe-account")), (200, Some(own.as_str())));
    customers().header("Stripe-Context", &own).send().expect(200);
    for name in ["Stripe-Account", "Stripe-Context"] {
        let answer = customers().header(name, "acct_another").send();
        let error = answer.refused(403, "account_invalid");
        let message = error["message"].as_str().expect("a text");
        assert!(message.contains("'acct_another'"), "{message}");
    }
    let refused = customers().header("Stripe-Account", "acct_another").send();
    assert_eq!(refused.header("stripe-account"), Some("acct_another"));

    // A browser says it in the form.
    let browser = |account: &str| {
        let form = [("type", "card"), ("card[token]", "tok_visa"), ("_stripe_account", account)];
        app.with_key("pk_test_api").post("/v1/payment_methods", &form)
    };
    browser(&own).expect(200);
    browser("acct_another").refused(403, "account_invalid");

    assert_eq!(app.got(&format!("/v1/accounts/{own}"))["id"], own.as_str());
    app.get("/v1/accounts/acct_another").refused(403, "account_invalid");
}

#[test]
fn errors_repeat_what_the_request_carried() {
    let app = TestApp::start(Road::Local);
    let named = |call: Call| call.named("again").send();
    let form = [("colour", "red")];
    for answer in [
        named(app.call("POST", "/v1/customers").form(&form)),
        named(app.with_key("sk_test_invalid").call("POST", "/v1/customers")),
        named(app.with_key("pk_test_api").call("POST", "/v1/customers")),
        named(app.call("POST", "/v1/customers").header("Stripe-Version", "yesterday")),
    ] {
        assert!(answer.status >= 400);
        assert_eq!(answer.header("idempotency-key"), Some("again"), "{answer:?}");
        assert_eq!(answer.header("original-request"), answer.header("request-id"));
    }
}

#[test]
fn calls_that_are_not_built_say_so() {
    let app = TestApp::start(Road::Local);
    let form = [("amount", "1099"), ("currency", "usd"), ("source", "tok_visa")];
    let error = app.post("/v1/charges", &form).refused(404, "");
    let message = error["message"].as_str().expect("a text");
    assert!(message.starts_with("This server does not serve POST /v1/charges."), "{message}");
}

#[test]
fn calls_of_our_own_are_found_where_stripe_would_have_them() {
    let app = TestApp::start(Road::Local);
    let error = app.post("/v1/webhook_endpoints/we_1/roll_secret", &[]).refused(404, "");
    assert_eq!(
        error["message"],
        "This server does not serve POST /v1/webhook_endpoints/we_1/roll_secret. The call is this \
         server's own: POST /onfile/v1/webhook_endpoints/we_1/roll_secret."
    );
}

#[test]
fn setup_intents_of_a_method() {
    let app = TestApp::start(Road::Local);
    let card = app.card("tok_visa");
    let setup = app.made("/v1/setup_intents", &[("payment_method", &card)]);
    app.made("/v1/setup_intents", &[]);
    let of = |method: &str| app.get(&format!("/v1/setup_intents?payment_method={method}"));
    let page = of(&card).expect(200);
    assert_eq!(page["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(page["data"][0]["id"], setup["id"]);
    let error = of("pm_nope").refused(400, "resource_missing");
    assert_eq!(error["param"], "payment_method");
    assert_eq!(of("pm_card_visa").expect(200)["data"].as_array().map(Vec::len), Some(0));
}

#[test]
fn what_a_customer_includes_when_asked() {
    let app = TestApp::start(Road::Local);
    let customer = app.customer();
    let included =
        ["cash_balance", "invoice_credit_balance", "sources", "subscriptions", "tax", "tax_ids"];
    let plain = app.got(&format!("/v1/customers/{customer}"));
    let asked: Vec<String> = included.iter().map(|name| format!("expand[]={name}")).collect();
    let whole = app.got(&format!("/v1/customers/{customer}?{}", asked.join("&")));
    for name in included {
        assert!(plain.get(name).is_none() && whole.get(name).is_some(), "{name}: {whole}");
    }
    assert_eq!(whole["tax"]["automatic_tax"], "not_collecting");
}

#[test]
fn a_blocked_payment_names_the_rule_that_blocked_it() {
    on_both_roads(|app| {
        let form = [
            ("amount", "1099"),
            ("currency", "usd"),
            ("payment_method", "pm_card_radarBlock"),
            ("confirm", "true"),
        ];
        let error = app.post("/v1/payment_intents", &form).refused(402, "card_declined");
        let charge = app.got(&format!("/v1/charges/{}", error["charge"].as_str().expect("one")));
        assert_eq!(charge["outcome"]["rule"], "block_if_high_risk", "{charge}");
        assert_eq!(charge["outcome"]["type"], "blocked");
        let form = [("payment_method", "pm_card_visa"), form[0], form[1], form[3]];
        let paid = app.made("/v1/payment_intents", &form);
        let charge = paid["latest_charge"].as_str().expect("a charge");
        assert!(app.got(&format!("/v1/charges/{charge}"))["outcome"].get("rule").is_none());
    });
}

#[test]
fn a_list_by_time_or_by_what_no_index_knows() {
    let app = TestApp::start(Road::Local);
    let (customer, _) = saved(&app, "pm_card_visa");
    let now = app.got(&format!("/v1/customers/{customer}"))["created"].as_i64().expect("a time");
    let count = |path: String| app.got(&path)["data"].as_array().map_or(0, Vec::len);
    for (list, found) in [("customers", 1), ("charges", 1), ("payment_intents", 1)] {
        assert_eq!(count(format!("/v1/{list}?created[gte]={}", now - 5)), found, "{list}");
        assert_eq!(count(format!("/v1/{list}?created[lt]={}", now - 5)), 0, "{list}");
    }
    assert!(count(format!("/v1/events?created[gte]={}", now - 5)) > 3);
    assert_eq!(count(format!("/v1/events?created[gt]={}", now + 500)), 0);
    assert_eq!(count("/v1/events?type=payment_intent.*".to_owned()), 2);
    assert_eq!(count("/v1/events?types[]=charge.succeeded&types[]=customer.created".to_owned()), 2);
    assert_eq!(count("/v1/customers?email=nobody@example.com".to_owned()), 0);
}

#[test]
fn a_co_branded_card_names_the_network_it_went_over() {
    on_both_roads(|app| {
        const CHOICE: &str = "payment_method_options[card][network]";
        let pay = |card: &str, network: Option<&str>| {
            let mut form = vec![
                ("amount", "1099"),
                ("currency", "eur"),
                ("payment_method", card),
                ("confirm", "true"),
                ("expand[]", "latest_charge"),
            ];
            form.extend(network.map(|network| (CHOICE, network)));
            let paid = app.made("/v1/payment_intents", &form);
            paid["latest_charge"]["payment_method_details"]["card"].clone()
        };
        let shown = pay("pm_card_visa_cartesBancaires", None);
        assert_eq!(shown["network"], shown["brand"]);
        for network in ["visa", "cartes_bancaires"] {
            let shown = pay("pm_card_visa_cartesBancaires", Some(network));
            assert_eq!(shown["network"], network, "{shown}");
        }
        // A network that the card isn't on is no choice.
        assert_eq!(pay("pm_card_visa", Some("mastercard"))["network"], "visa");
        let form = [
            ("payment_method", "pm_card_visa_cartesBancaires"),
            ("confirm", "true"),
            (CHOICE, "cartes_bancaires"),
            ("expand[]", "latest_attempt"),
        ];
        let set_up = app.made("/v1/setup_intents", &form);
        let shown = &set_up["latest_attempt"]["payment_method_details"]["card"];
        assert_eq!(shown["network"], "cartes_bancaires", "{set_up}");
    });
}
