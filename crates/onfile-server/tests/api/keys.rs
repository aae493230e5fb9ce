//! Who may call, from where, and what a browser may see.

use crate::app::{Road, TestApp, id};

#[test]
fn keys_that_are_refused() {
    let app = TestApp::start(Road::Local);
    let bare = || app.call("GET", "/v1/customers").without("Authorization");
    let answer = bare().send();
    let error = answer.refused(401, "");
    assert!(error["message"].as_str().is_some_and(|it| it.starts_with("You did not provide")));
    assert!(answer.header("www-authenticate").is_some());
    for key in [
        "sk_live_51abc",
        "pk_live_51abc",
        "rk_test_51abc",
        "rk_live_51abc",
        "ek_test_51abc",
        "sk_test_invalid",
        "sk_test_",
        "sk_test",
        "whsec_1",
        "nonsense",
        "sk_test_a b",
    ] {
        let answer = bare().header("Authorization", &format!("Bearer {key}")).send();
        let error = answer.refused(401, "");
        let message = error["message"].as_str().expect("a text");
        assert!(message.starts_with("Invalid API Key provided"), "{key}: {message}");
        assert!(answer.header("www-authenticate").is_some(), "{key}");
    }
    for header in ["", "Bearer", "Bearer ", "Basic", "Basic !!!", "Digest x", "sk_test_api"] {
        bare().header("Authorization", header).send().refused(401, "");
    }
    // curl's way: the key as a user without a password.
    let basic = bare().header("Authorization", "Basic c2tfdGVzdF9hcGk6").send();
    assert_eq!(basic.status, 200, "{}", basic.text());
    // A secret key in a form is not looked at.
    let form = app.call("POST", "/v1/customers").without("Authorization");
    form.body("key=sk_test_api").send().refused(401, "");
    bare_get(&app, "/v1/customers?key=sk_test_api");
}

#[track_caller]
fn bare_get(app: &TestApp, path: &str) {
    app.call("GET", path).without("Authorization").send().refused(401, "");
}

#[test]
fn hosts_and_origins() {
    let app = TestApp::start(Road::Local);
    for host in ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "10.0.0.1", "", "["] {
        let answer = app.call("GET", "/v1/customers").header("Host", host).send();
        let error = answer.refused(403, "");
        assert_eq!(error["type"], "invalid_request_error", "{host}");
        let page = "/onfile/3ds/payatt_1?merchant=acct_1&secret=x";
        let page = app.call("GET", page).without("Authorization").header("Host", host).send();
        page.refused(403, "");
    }
    for host in ["localhost", "127.0.0.1:4242", "[::1]:1", "api.localhost"] {
        let answer = app.call("GET", "/v1/customers").header("Host", host).send();
        assert_eq!(answer.status, 200, "{host}: {}", answer.text());
    }
    for origin in ["https://evil.example", "http://localhost:3000", "null"] {
        let call = || app.call("GET", "/v1/customers").header("Origin", origin);
        call().send().refused(403, "");
        let card = [
            ("type", "card"),
            ("card[number]", "4242424242424242"),
            ("card[exp_month]", "12"),
            ("card[exp_year]", "2030"),
        ];
        let browser = app.with_key("pk_test_api").call("POST", "/v1/payment_methods");
        let made = browser.header("Origin", origin).form(&card).send();
        assert_eq!(made.status, 200, "{}", made.text());
        assert_eq!(made.header("access-control-allow-origin"), Some("*"));
    }
}

#[test]
fn what_a_browser_may_do() {
    let app = TestApp::start(Road::Local);
    let browser = app.with_key("pk_test_api");
    let form = [("amount", "1099"), ("currency", "usd"), ("description", "inward")];
    let intent = app.made("/v1/payment_intents", &form);
    let secret = intent["client_secret"].as_str().expect("a secret");
    let path = format!("/v1/payment_intents/{}", id(&intent));
    let seen = browser.got(&format!("{path}?client_secret={secret}"));
    assert_eq!(seen["id"], intent["id"]);
    for hidden in ["customer", "metadata", "latest_charge", "application", "review"] {
        assert!(seen.get(hidden).is_none(), "{hidden} is seen by a browser");
    }
    let wrong = format!("{path}?client_secret={}_secret_wrong", id(&intent));
    assert_eq!(browser.get(&wrong).status, 400);
    assert_eq!(browser.get(&path).status, 400);
    browser.get(&format!("{path}?client_secret={secret}&expand[]=customer")).expect(400);
    // Another world's key does not open it.
    let stranger = app.with_key("pk_test_stranger");
    let stranger = stranger.get(&format!("{path}?client_secret={secret}"));
    assert!([400, 404].contains(&stranger.status), "{}", stranger.text());

    for (method, path) in [
        ("POST", path.clone()),
        ("POST", format!("{path}/capture")),
        ("POST", format!("{path}/cancel")),
        ("GET", "/v1/customers".to_owned()),
        ("GET", "/v1/payment_intents".to_owned()),
    ] {
        let answer = browser.call(method, &path).form(&[("client_secret", secret)]).send();
        answer.refused(401, "secret_key_required");
    }
    let confirm = [("client_secret", secret), ("payment_method", "pm_card_visa")];
    let confirm_path = format!("{path}/confirm");
    browser.post(&confirm_path, &confirm[1..]).expect(400);
    let off = [confirm[0], confirm[1], ("off_session", "true")];
    browser.post(&confirm_path, &off).expect(400);
    let number = app.card("tok_visa");
    let paid = browser.made(&confirm_path, &[confirm[0], ("payment_method", &number)]);
    assert_eq!(paid["status"], "succeeded");
    assert!(paid.get("latest_charge").is_none());
    // The key in the form, as Stripe.js sends it.
    let form = format!("key=pk_test_api&client_secret={secret}");
    let call = browser.call("GET", &format!("{path}?{form}")).without("Authorization");
    assert_eq!(call.send().expect(200)["status"], "succeeded");
}
