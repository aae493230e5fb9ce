//! Bad input: each is refused in Stripe's shape, none is a bare error of ours.

use onfile_server::limits;

use crate::app::{Road, TestApp, id};
use crate::client::exchange;
use crate::payments::charges;

/// A form that is refused with 400.
#[track_caller]
fn check(body: impl Into<Vec<u8>>, code: &str, param: Option<&str>) {
    let app = TestApp::start(Road::Local);
    let error = app.call("POST", "/v1/payment_intents").body(body).send().refused(400, code);
    assert_eq!(error["type"], "invalid_request_error", "{error}");
    if let Some(param) = param {
        assert_eq!(error["param"], param, "{error}");
    }
    assert_eq!(app.got("/v1/payment_intents")["data"].as_array().map(Vec::len), Some(0));
}

#[test]
fn forms_that_are_wrong() {
    check("", "parameter_missing", Some("amount"));
    check("amount=1099", "parameter_missing", Some("currency"));
    check("amount=ten&currency=usd", "parameter_invalid_integer", Some("amount"));
    check("amount=1.5&currency=usd", "parameter_invalid_integer", Some("amount"));
    check("amount[]=1&currency=usd", "", None);
    check("amount[a]=1&currency=usd", "", None);
    check("amount=1099&currency=usd&colour=red", "parameter_unknown", Some("colour"));
    check("amount=1099&currency=usd&confirm=perhaps", "", Some("confirm"));
    check("amount=1099&currency=xxx", "", Some("currency"));
    check("amount=99999999999999999999999999&currency=usd", "parameter_invalid_integer", None);
    check("amount=-5&currency=usd", "parameter_invalid_integer", None);
    check("amount=1099&currency=usd&description=%ff%fe", "", None);
    check(b"amount=1099&currency=usd&description=\xff\xfe".to_vec(), "", None);
    check("amount=1099&currency=usd&description=%zz", "", None);
    check("amount=1099&currency=usd&description=a%00b", "", None);
    check("amount=1099&currency=usd&metadata[a][b][c][d][e][f][g][h]=1", "", None);
    check("amount=1099&currency=usd&metadata[a=1", "parameter_unknown", Some("metadata[a"));
    let deep = format!("amount=1099&currency=usd&metadata{}=1", "[a]".repeat(5_000));
    check(deep, "", None);
    let many: Vec<String> = (0..1_001).map(|n| format!("metadata[k{n}]=v")).collect();
    check(format!("amount=1099&currency=usd&{}", many.join("&")), "", None);
    let some: Vec<String> = (0..51).map(|n| format!("metadata[k{n}]=v")).collect();
    check(format!("amount=1099&currency=usd&{}", some.join("&")), "", None);
}

#[test]
fn requests_that_are_too_large() {
    let app = TestApp::start(Road::Local);
    let post = || app.call("POST", "/v1/customers");
    let largest = format!("description={}", "a".repeat(limits::BODY_BYTES - 12));
    let answer = post().body(largest.clone()).send();
    assert_ne!(answer.status, 413, "{}", answer.text());
    let larger = format!("{largest}a");
    post().body(larger.clone()).send().refused(413, "");
    // One that says it is small, piece by piece.
    let mut raw = format!(
        "POST /v1/customers HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer sk_test_api\r\n\
         Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        app.address
    )
    .into_bytes();
    raw.extend_from_slice(format!("{:x}\r\n{larger}\r\n0\r\n\r\n", larger.len()).as_bytes());
    exchange(app.address, &raw).expect("it is answered").refused(413, "");
    for bytes in [limits::HEAD_BYTES, 3 * limits::HEAD_BYTES] {
        post().header("X-Large", &"a".repeat(bytes)).send().refused(431, "");
    }
    let far = format!("/v1/customers?email={}", "a".repeat(limits::HEAD_BYTES));
    app.get(&far).refused(414, "");
    // So much that the HTTP library doesn't read on.
    let beyond = "a".repeat(2 * limits::HEAD_BUFFER_BYTES);
    post().header("X-Large", &beyond).send().refused(431, "");
    app.get(&format!("/v1/customers?email={beyond}")).refused(431, "");
    app.customer();
}

/// What the HTTP library itself refuses is told in our words too, or not at all.
#[test]
fn what_is_no_http() {
    let app = TestApp::start(Road::Local);
    for raw in [
        &b"\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"NONSENSE / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"POST /v1/customers HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/customers HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
    ] {
        let status = {
            use std::io::{Read, Write};
            let mut stream = std::net::TcpStream::connect(app.address).expect("it listens");
            stream.write_all(raw).expect("it reads");
            drop(stream.shutdown(std::net::Shutdown::Write));
            let mut told = Vec::new();
            drop(stream.read_to_end(&mut told));
            String::from_utf8_lossy(&told).into_owned()
        };
        if status.is_empty() {
            continue;
        }
        assert!(status.starts_with("HTTP/1.1 4"), "{raw:?}: {status}");
        let (head, body) = status.split_once("\r\n\r\n").expect("an answer");
        assert!(head.contains("request-id: req_"), "{head}");
        let error: serde_json::Value = serde_json::from_str(body).expect("JSON");
        assert_eq!(error["error"]["type"], "invalid_request_error", "{error}");
    }
    app.customer();
}

#[test]
fn addresses_and_methods() {
    let app = TestApp::start(Road::Local);
    for (method, path) in [
        ("PUT", "/v1/customers"),
        ("PATCH", "/v1/payment_intents/pi_1"),
        ("DELETE", "/v1/charges/ch_1"),
        ("BREW", "/v1/customers"),
        ("POST", "/v1/events"),
    ] {
        let error = app.call(method, path).send().refused(405, "");
        let message = error["message"].as_str().expect("a text");
        assert!(message.contains(method) && message.contains(path), "{message}");
    }
    for path in
        ["/v1/foo", "/", "/v1", "/v1/customers/", "/v1/customers/cus_1/foo/bar/baz/x", "/%ff"]
    {
        let error = app.get(path).expect(404)["error"].clone();
        assert_eq!(error["type"], "invalid_request_error", "{path}: {error}");
    }
    for path in ["/v1/foo", "/onfile/v1/foo", "/onfile/v1/test/foo"] {
        let error = app.get(path).refused(404, "");
        let message = error["message"].as_str().expect("a text");
        let begins = format!("Unrecognized request URL (GET: {path}).");
        assert!(message.starts_with(&begins), "{message}");
        assert!(message.ends_with("/docs/coverage.md."), "{message}");
    }
    for path in ["/v1/disputes", "/v1/customers/search?query=x", "/v1/subscriptions/sub_1"] {
        let error = app.get(path).refused(404, "");
        let message = error["message"].as_str().expect("a text");
        assert!(message.contains("docs/coverage.md"), "{message}");
    }
    assert_eq!(app.call("OPTIONS", "/v1/customers").send().status, 204);
    let head = app.call("HEAD", "/v1/customers").send();
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[test]
fn objects_that_are_not_there_and_worlds_that_are_others() {
    let app = TestApp::start(Road::Local);
    let customer = app.customer();
    let card = app.card("tok_visa");
    let form = [("amount", "1099"), ("currency", "usd"), ("payment_method", card.as_str())];
    let intent = id(&app.made("/v1/payment_intents", &form));
    let other = app.with_key("sk_test_other");
    other.made("/v1/customers", &[]);
    for (method, path, form) in [
        ("GET", format!("/v1/customers/{customer}"), &[][..]),
        ("POST", format!("/v1/customers/{customer}"), &[("name", "x")]),
        ("DELETE", format!("/v1/customers/{customer}"), &[]),
        ("GET", format!("/v1/payment_intents/{intent}"), &[]),
        ("POST", format!("/v1/payment_intents/{intent}/confirm"), &[]),
        ("POST", format!("/v1/payment_intents/{intent}/cancel"), &[]),
        ("GET", format!("/v1/payment_methods/{card}"), &[]),
        ("GET", "/v1/customers/cus_nothing".to_owned(), &[]),
        ("GET", format!("/v1/customers/{intent}"), &[]),
        ("GET", "/v1/customers/%00%ff".to_owned(), &[]),
        ("GET", format!("/v1/customers/{}", "c".repeat(5_000)), &[]),
        ("GET", "/v1/charges/..%2f..%2fetc".to_owned(), &[]),
        ("GET", "/v1/mandates/mandate_1".to_owned(), &[]),
    ] {
        let call = other.call(method, &path).form(form);
        call.send().refused(404, "resource_missing");
    }
    for (name, value) in [("customer", &customer), ("payment_method", &card)] {
        let form = [("amount", "1099"), ("currency", "usd"), (name, value.as_str())];
        let error = other.post("/v1/payment_intents", &form).refused(400, "resource_missing");
        assert_eq!(error["param"], name);
    }
    let list = other.get(&format!("/v1/payment_methods?customer={customer}"));
    list.refused(400, "resource_missing");
    assert_eq!(other.got("/v1/payment_intents")["data"].as_array().map(Vec::len), Some(0));
    other
        .get(&format!("/v1/payment_intents?starting_after={intent}"))
        .refused(400, "resource_missing");
    assert_eq!(app.got(&format!("/v1/payment_intents/{intent}"))["id"], intent.as_str());
    assert!(charges(&app).is_empty());
}

#[test]
fn bodies_that_are_no_forms_and_versions_that_are_none() {
    let app = TestApp::start(Road::Local);
    let json = app.call("POST", "/v1/customers").header("Content-Type", "application/json");
    json.body("{\"email\": \"a@b.c\"}").send().refused(400, "");
    let kind = "application/x-www-form-urlencoded; charset=utf-8";
    let form = app.call("POST", "/v1/customers").header("Content-Type", kind);
    form.body("email=a@b.c").send().expect(200);
    let version = app.call("GET", "/v1/customers").header("Stripe-Version", "2999-01-01.moon");
    assert_eq!(version.send().status, 400);
    let version = app.call("GET", "/v1/customers").header("Stripe-Version", "");
    assert_eq!(version.send().status, 400);
}
