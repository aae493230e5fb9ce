//! A walk over every row of the API.

use onfile_server::routes::{Access, Does, ROUTES, Route, Verb};

use crate::app::{Road, TestApp, on_both_roads};

fn method(route: &Route) -> &'static str {
    match route.verb {
        Verb::Get => "GET",
        Verb::Post => "POST",
        Verb::Delete => "DELETE",
    }
}

fn path(route: &Route) -> String {
    route.template.replace("{id}", "x_1").replace("{other}", "y_1")
}

#[test]
fn every_row_needs_a_key_of_the_right_kind() {
    let app = TestApp::start(Road::Local);
    for route in ROUTES {
        let (method, path) = (method(route), path(route));
        let call = || app.call(method, &path);
        call().without("Authorization").send().refused(401, "");
        for key in ["sk_live_1", "pk_live_1", "rk_test_1", "sk_test_invalid"] {
            call().header("Authorization", &format!("Bearer {key}")).send().refused(401, "");
        }
        call().header("Host", "evil.example").send().refused(403, "");
        call().header("Origin", "https://evil.example").send().refused(403, "");
        call().header("Stripe-Version", "yesterday").send().expect(400);
        let account = call().header("Stripe-Account", "acct_another").send();
        account.refused(403, "account_invalid");
        let browser = app.with_key("pk_test_api").call(method, &path).send();
        match route.access {
            Access::Secret => drop(browser.refused(401, "secret_key_required")),
            Access::Browser => assert_ne!(browser.status, 401, "{method} {path}"),
        }
    }
}

#[test]
fn every_row_answers_in_shape() {
    on_both_roads(|app| {
        for route in ROUTES {
            let (method, path) = (method(route), path(route));
            let answer = app.call(method, &path).send();
            assert!(answer.status < 500, "{method} {path}: {}", answer.text());
            assert_eq!(answer.header("content-type"), Some("application/json"), "{path}");
            let json = answer.json();
            match answer.status {
                200 => assert!(json["object"].is_string(), "{method} {path}: {json}"),
                _ => assert!(json["error"]["type"].is_string(), "{method} {path}: {json}"),
            }
            if let (Does::Unbuilt, 404) = (&route.does, answer.status) {
                assert!(answer.text().contains("docs/coverage.md"), "{path}");
            }
        }
    });
}

#[test]
fn every_post_answers_the_same_under_the_same_name() {
    on_both_roads(|app| {
        let mut kept = 0;
        for route in ROUTES.iter().filter(|route| route.verb == Verb::Post) {
            let path = path(route);
            let call = || app.call("POST", &path).named(&format!("walk {path}"));
            let (first, again) = (call().send(), call().send());
            assert_eq!(first.status, again.status, "{path}");
            assert_eq!(first.header("idempotency-key"), Some(format!("walk {path}").as_str()));
            let is_replay = again.header("idempotent-replayed") == Some("true");
            let is_kept = first.status == 200 || first.text().contains("resource_missing");
            assert_eq!(is_replay, is_kept, "{path}: {}", first.text());
            if is_kept {
                assert_eq!(first.body, again.body, "{path}");
                assert_eq!(again.header("original-request"), first.header("request-id"));
                kept += 1;
            }
        }
        assert!(kept > 5, "{kept}");
    });
}
