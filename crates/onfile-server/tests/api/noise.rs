//! Two thousand requests that nobody would send: none is a bare 500, none is out of shape.

use onfile_server::routes::ROUTES;
use onfile_server::surroundings::Surroundings;

use crate::app::{Road, TestApp, id};
use crate::around::Around;

/// Dice with a seed.
struct Dice(Around);

impl Dice {
    fn below(&self, sides: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        (u64::from_le_bytes(bytes) % sides as u64) as usize
    }

    fn pick<'a, T: ?Sized>(&self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

const NAMES: &[&str] = &[
    "amount",
    "currency",
    "customer",
    "payment_method",
    "confirm",
    "off_session",
    "metadata[a]",
    "metadata",
    "card[number]",
    "card[exp_month]",
    "card[token]",
    "type",
    "expand[]",
    "expand",
    "limit",
    "starting_after",
    "ending_before",
    "setup_future_usage",
    "capture_method",
    "payment_method_data[type]",
    "payment_method_options[card][request_three_d_secure]",
    "amount_to_capture",
    "cancellation_reason",
    "client_secret",
    "return_url",
    "created[gte]",
    "mandate_data[customer_acceptance][type]",
    "description",
    "email",
    "address[line1]",
    "country",
    "a[b][c][d]",
    "[",
    "]",
    "a]",
    "a[",
    "",
    "%",
    "%5B%5D",
    "key",
    "_stripe_version",
    "payment_intent",
];

const VALUES: &[&str] = &[
    "",
    "0",
    "1",
    "-1",
    "1099",
    "true",
    "false",
    "usd",
    "eur",
    "jpy",
    "card",
    "automatic",
    "manual",
    "off_session",
    "on_session",
    "99999999999999999999",
    "1e9",
    "NaN",
    "null",
    "[]",
    "{}",
    "pm_card_visa",
    "pm_card_authenticationRequired",
    "tok_visa",
    "4242",
    "%ff",
    "%00",
    "%",
    "%zz",
    "%F0%9F%98%80",
    "customer.default_source",
    "latest_charge.balance_transaction",
    "a.b.c.d.e.f",
    "https://a.example/",
    "javascript:0",
    "requested_by_customer",
    "2030",
    "US",
    "DE",
    "'; DROP TABLE row; --",
    "pi_1_secret_1",
];

/// Calls that pass; a field of noise may still come after them.
const GOOD: &[(&str, &str, &str)] = &[
    ("POST", "/v1/customers", "email=a@b.c"),
    ("POST", "/v1/payment_intents", "amount=1099&currency=usd"),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1099&currency=usd&payment_method=pm_card_visa&confirm=true",
    ),
    ("POST", "/v1/setup_intents", "payment_method=pm_card_visa&confirm=true"),
    ("POST", "/v1/payment_methods", "type=card&card[token]=tok_visa"),
    ("GET", "/v1/payment_intents", "limit=3"),
    ("GET", "/v1/charges", "limit=3"),
    ("GET", "/v1/events", "limit=3"),
];

#[test]
fn two_thousand_requests() {
    let dice = Dice(Around::new(2_000));
    for road in [Road::Local, Road::Remote] {
        let app = TestApp::start(road);
        let customer = app.customer();
        let card = app.card("tok_visa");
        let form = [("amount", "1099"), ("currency", "usd"), ("payment_method", card.as_str())];
        let intent = id(&app.made("/v1/payment_intents", &form));
        let ids = [customer.as_str(), &card, &intent, "x", "%ff", "pi_1", "..", "%2e%2e%2f"];
        let mut passed = 0;
        for _ in 0..1_000 {
            passed += usize::from(send_one(&app, &dice, &ids) == 200);
        }
        assert!(passed > 60, "only {passed} of the requests got as far as a rule");
        app.customer();
    }
}

/// Its status.
fn send_one(app: &TestApp, dice: &Dice, ids: &[&str]) -> u16 {
    let noise = || {
        // Numbers stand only where they belong: what a caller writes elsewhere is kept as it is.
        if dice.below(20) == 0 {
            return format!(
                "card[number]={}",
                dice.pick(&["4242424242424242", "4000000000009995"])
            );
        }
        let value = if dice.below(4) == 0 { dice.pick(ids) } else { dice.pick(VALUES) };
        format!("{}={value}", dice.pick(NAMES))
    };
    let (method, path, form) = match dice.below(3) {
        0 => {
            let (method, path, form) = GOOD[dice.below(GOOD.len())];
            let more = (0..dice.below(3)).map(|_| format!("&{}", noise()));
            (method, path.to_owned(), format!("{form}{}", more.collect::<String>()))
        }
        _ => {
            let path = ROUTES[dice.below(ROUTES.len())].template;
            let path = path.replace("{id}", dice.pick(ids)).replace("{other}", dice.pick(ids));
            let method = dice.pick(&["GET", "POST", "POST", "POST", "DELETE", "PUT"]);
            let fields: Vec<_> = (0..dice.below(7)).map(|_| noise()).collect();
            (method, path, fields.join(dice.pick(&["&", "&", "&", "&&", ";"])))
        }
    };
    let in_query = method == "GET" || dice.below(8) == 0;
    let plain = form.bytes().all(|byte| byte.is_ascii_graphic());
    let mut call = match in_query && plain {
        true => app.call(method, &format!("{path}?{form}")),
        false => app.call(method, &path).body(form.clone()),
    };
    // A name stands for its first answer, in that one's version: the two are not mixed.
    match dice.below(12) {
        0 => {
            let version = dice.pick(&["2024-06-20", "x", "2026-08-26.dahlia"]);
            call = call.header("Stripe-Version", version);
        }
        1..=4 => call = call.named(dice.pick(&["k1", "k2", "", "k 3"])),
        _ => {}
    }
    if dice.below(10) == 0 {
        let key = dice.pick(&["Bearer pk_test_api", "Bearer x", "Basic"]);
        call = call.header("Authorization", key);
    }
    let shown = format!("{method} {path} {form}");
    let answer = call.send();
    assert!(answer.status < 500, "{shown}: {} {}", answer.status, answer.text());
    assert_eq!(answer.header("content-type"), Some("application/json"), "{shown}");
    let json = answer.json();
    match answer.status {
        200 => assert!(json["object"].is_string() || json["deleted"] == true, "{shown}: {json}"),
        _ => {
            let error = &json["error"];
            assert!(error["type"].is_string(), "{shown}: {json}");
            assert!(error["message"].is_string(), "{shown}: {json}");
        }
    }
    answer.status
}
