use super::*;
use crate::expand::ExpandError;
use crate::form::FormError;

/// An error as its status and the members of its object but the message.
fn shown(error: &WireError) -> (u16, String, String) {
    let body: serde_json::Value =
        serde_json::from_slice(&error.to_json("http://127.0.0.1:12111")).unwrap();
    let object = body["error"].as_object().unwrap();
    let rest = object.iter().filter(|(name, _)| *name != "message" && *name != "doc_url");
    let rest: Vec<_> = rest.map(|(name, v)| format!("{name}={}", v.as_str().unwrap())).collect();
    (error.status, rest.join(" "), object["message"].as_str().unwrap().to_owned())
}

fn check(error: WireError, status: u16, rest: &str, message: &str) {
    assert_eq!(shown(&error), (status, rest.to_owned(), message.to_owned()));
}

#[test]
fn the_whole_object() {
    let mut error = WireError::card("card_declined", "Your card has insufficient funds.")
        .decline_code("insufficient_funds");
    error.carried.charge = Some("ch_1".to_owned());
    error.carried.payment_intent = Some(br#"{"id":"pi_1","metadata":{}}"#.to_vec());
    error.carried.advice_code = Some("try_again_later".into());
    error.carried.network_decline_code = Some("51".into());
    let body = String::from_utf8(error.to_json("http://127.0.0.1:12111")).unwrap();
    assert_eq!(
        body,
        r#"{
  "error": {
    "advice_code": "try_again_later",
    "charge": "ch_1",
    "code": "card_declined",
    "decline_code": "insufficient_funds",
    "doc_url": "https://stripe.com/docs/error-codes/card-declined",
    "message": "Your card has insufficient funds.",
    "network_decline_code": "51",
    "payment_intent": {
      "id": "pi_1",
      "metadata": {}
    },
    "type": "card_error"
  }
}"#
    );
}

#[test]
fn errors_of_parameters() {
    let invalid = "type=invalid_request_error";
    check(
        ParamError::Missing("amount".to_owned()).into(),
        400,
        "code=parameter_missing param=amount type=invalid_request_error",
        "Missing required param: amount.",
    );
    check(
        ParamError::Expand(ExpandError::Unknown("foo".to_owned())).into(),
        400,
        invalid,
        "This property cannot be expanded (foo).",
    );
    let deep = WireError::from(ParamError::Expand(ExpandError::TooDeep("a.b.c.d.e".to_owned())));
    assert_eq!(deep.code, Some("property_expansion_max_depth"));
    assert!(
        !String::from_utf8(deep.to_json("http://127.0.0.1:12111")).unwrap().contains("doc_url")
    );
    check(
        ParamError::Form(FormError::Utf8).into(),
        400,
        invalid,
        "Invalid request: the parameters must be valid UTF-8.",
    );
    let ours = WireError::from(ParamError::Unsupported("transfer_data".to_owned()));
    let body = String::from_utf8(ours.to_json("http://127.0.0.1:12111")).unwrap();
    assert!(body.contains(r#""doc_url": "http://127.0.0.1:12111/docs/coverage.md""#), "{body}");
}

#[test]
fn things_that_are_not_there() {
    let missing = |thing, id| WireError::no_such(thing, id, Place::Path);
    for (thing, param, message) in [
        (Thing::Charge, "id", "No such charge: 'X'"),
        (Thing::Customer, "id", "No such customer: 'X'"),
        (Thing::PaymentIntent, "intent", "No such payment_intent: 'X'"),
        (Thing::SetupIntent, "intent", "No such setupintent: 'X'"),
        (Thing::BalanceTransaction, "id", "No such balance transaction: 'X'"),
        (Thing::Event, "id", "No such event: 'X'"),
        (Thing::Mandate, "mandate", "No such mandate: 'X'"),
        (Thing::TestClock, "test_clock", "No such billingclock: 'X'"),
    ] {
        let rest = format!("code=resource_missing param={param} type=invalid_request_error");
        check(missing(thing, "X"), 404, &rest, message);
    }
    check(
        WireError::no_such(Thing::PaymentMethod, "X", Place::Param("payment_method")),
        400,
        "code=resource_missing param=payment_method type=invalid_request_error",
        "No such PaymentMethod: 'X'; It's possible this PaymentMethod exists on one of your \
         connected accounts, in which case you should retry this request on that connected \
         account. Learn more at https://stripe.com/docs/connect/authentication",
    );
    check(
        WireError::no_such(Thing::Notification, "evt_1", Place::Param("starting_after")),
        400,
        "code=resource_missing param=starting_after type=invalid_request_error",
        "No such notification: 'evt_1'",
    );
    let long = missing(Thing::Charge, &"x".repeat(10_000));
    assert!(long.message.len() < 300);
}

#[test]
fn keys_hosts_and_addresses() {
    let invalid = "type=invalid_request_error";
    check(
        WireError::key_invalid("sk_test_4eC39HqLyjWDarjtT1zdp7dc"),
        401,
        invalid,
        "Invalid API Key provided: sk_test_********************p7dc",
    );
    assert_eq!(WireError::key_missing().status, 401);
    assert_eq!(WireError::secret_key_required().status, 401);
    assert_eq!(WireError::account_invalid("sk_test_1", "acct_1").status, 403);
    assert_eq!(shown(&WireError::host_foreign("evil.example")).1, invalid);
    assert_eq!(shown(&WireError::origin_with_secret_key()).0, 403);
    check(
        WireError::url_unknown("GET", "/v1/foo", "http://127.0.0.1:12111"),
        404,
        invalid,
        "Unrecognized request URL (GET: /v1/foo). If you are trying to list objects, remove the \
         trailing slash. If you are trying to retrieve an object, make sure you passed a valid \
         (non-empty) identifier in your code. What this server serves is listed at \
         http://127.0.0.1:12111/docs/coverage.md.",
    );
    assert_eq!(WireError::method_not_allowed("PUT", "/v1/charges").status, 405);
    assert_eq!(WireError::body_too_large(1).status, 413);
    check(
        WireError::version_unknown("not-a-real-version"),
        400,
        invalid,
        "Invalid Stripe API version: not-a-real-version",
    );
}

#[test]
fn what_to_send_again() {
    for (error, post, get) in [
        (WireError::locked(), Some(true), Some(true)),
        (WireError::unavailable(), Some(true), Some(true)),
        (WireError::key_in_use("k"), Some(true), Some(true)),
        (WireError::rate_limited(), None, None),
        (WireError::fault(), Some(false), None),
        (WireError::card("card_declined", "x"), Some(false), None),
        (WireError::invalid("x"), Some(false), None),
        (WireError::key_with_other_params("k"), Some(false), None),
        (WireError::key_with_other_endpoint("k", "/v1/a", "/v1/b"), Some(false), None),
    ] {
        assert_eq!(error.should_retry(Verb::Post), post, "{error:?}");
        assert_eq!(error.should_retry(Verb::Other), get, "{error:?}");
    }
}

#[test]
fn idempotency_errors() {
    check(
        WireError::key_in_use("k"),
        409,
        "code=idempotency_key_in_use type=idempotency_error",
        "There is currently another in-progress request using this Idempotent Key (that probably \
         means you submitted twice, and the other request is still going through): k. Please try \
         again later.",
    );
    check(
        WireError::key_with_other_params("k"),
        400,
        "type=idempotency_error",
        "Keys for idempotent requests can only be used with the same parameters they were first \
         used with. Try using a key other than 'k' if you meant to execute a different request.",
    );
    check(
        WireError::key_malformed(),
        400,
        "type=invalid_request_error",
        "Idempotency Key must be a non-empty string.",
    );
}
