//! Which requests somebody wants to hear of: what `stripe logs tail` sends as its filters.
//!
//! A request must pass every filter, and passes one that names any of its values
//! (Stripe's command line: `logs tail`).

use std::net::IpAddr;

use onfile_wire::error::WireError;
use serde_json::Value;

use super::message::RequestLog;

/// What is asked of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    /// `self`, or one of Connect's directions, which no request here has.
    Account,
    Address,
    Method,
    /// The whole path.
    Path,
    /// `SUCCEEDED` or `FAILED`.
    Outcome,
    /// `API`, or the dashboard, which there is not.
    Source,
    Status,
    /// `200`, `400` or `500`: where its hundred begins.
    Hundred,
}

/// Every filter's name.
const FIELDS: [(&str, Field); 8] = [
    ("filter_account", Field::Account),
    ("filter_ip_address", Field::Address),
    ("filter_http_method", Field::Method),
    ("filter_request_path", Field::Path),
    ("filter_request_status", Field::Outcome),
    ("filter_source", Field::Source),
    ("filter_status_code", Field::Status),
    ("filter_status_code_type", Field::Hundred),
];

/// Filters, each with the values that pass.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filter(Vec<(Field, Vec<String>)>);

impl Filter {
    /// Reads a JSON object of lists; nothing is filtered where there is none.
    ///
    /// # Errors
    /// 400 where it is none, or names a filter that there is not.
    pub(super) fn parse(text: Option<&str>) -> Result<Filter, WireError> {
        let Some(text) = text else { return Ok(Filter::default()) };
        let wrong = |why: String| WireError::invalid(why).param("filters");
        let read: Value = serde_json::from_str(text)
            .map_err(|_| wrong("The filters must be a JSON object.".to_owned()))?;
        let map = read.as_object();
        let map = map.ok_or_else(|| wrong("The filters must be a JSON object.".to_owned()))?;
        let mut filters = Vec::new();
        for (name, values) in map {
            let field = FIELDS.iter().find(|(known, _)| known == name).map(|(_, field)| *field);
            let field = field.ok_or_else(|| wrong(format!("There is no filter {name:?}.")))?;
            let texts = values.as_array().into_iter().flatten().map(Value::as_str);
            let texts: Option<Vec<String>> = texts.map(|it| it.map(str::to_owned)).collect();
            let texts = texts.filter(|_| values.is_array());
            let texts = texts.ok_or_else(|| wrong(format!("{name} must be a list of texts.")))?;
            filters.push((field, texts));
        }
        Ok(Filter(filters))
    }

    /// Whether a request passes.
    pub(super) fn lets(&self, log: &RequestLog<'_>) -> bool {
        self.0.iter().all(|(field, values)| {
            values.is_empty() || values.iter().any(|value| field.takes(value, log))
        })
    }
}

impl Field {
    fn takes(self, value: &str, log: &RequestLog<'_>) -> bool {
        let is = |word: &str| value.eq_ignore_ascii_case(word);
        match self {
            Field::Account => is("self"),
            Field::Address => value.parse::<IpAddr>().is_ok_and(|address| address == log.peer),
            Field::Method => is(log.method),
            Field::Path => value == log.path,
            Field::Outcome => is(if log.status < 400 { "SUCCEEDED" } else { "FAILED" }),
            Field::Source => is("API"),
            Field::Status => value.parse() == Ok(log.status),
            Field::Hundred => value.parse() == Ok(log.status / 100 * 100),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn check(filters: &str, expected: &str) {
        let log = |method, path, status| RequestLog {
            at: 0,
            method,
            path,
            peer: Ipv4Addr::LOCALHOST.into(),
            request: "req_1",
            status,
            body: b"",
        };
        let passed = Filter::parse(Some(filters)).map(|filter| {
            let all = [
                ("a", log("GET", "/v1/charges", 200)),
                ("b", log("POST", "/v1/charges", 402)),
                ("c", log("DELETE", "/v1/customers/cus_1", 500)),
            ];
            let passed = all.iter().filter(|(_, log)| filter.lets(log));
            passed.map(|(name, _)| *name).collect::<String>()
        });
        let passed = passed.unwrap_or_else(|error| error.message.into_owned());
        assert_eq!(passed, expected, "{filters}");
    }

    #[test]
    fn filters() {
        check("{}", "abc");
        check(r#"{"filter_http_method":["get","DELETE"]}"#, "ac");
        check(r#"{"filter_request_path":["/v1/charges"]}"#, "ab");
        check(r#"{"filter_request_status":["FAILED"]}"#, "bc");
        check(r#"{"filter_status_code":["402"]}"#, "b");
        check(r#"{"filter_status_code_type":["400","500"],"filter_http_method":["POST"]}"#, "b");
        check(r#"{"filter_ip_address":["127.0.0.1"]}"#, "abc");
        check(r#"{"filter_ip_address":["10.0.0.1"]}"#, "");
        check(r#"{"filter_source":["DASHBOARD"]}"#, "");
        check(r#"{"filter_account":["connect_in","self"]}"#, "abc");
        check(r#"{"filter_http_method":[]}"#, "abc");
        check("[]", "The filters must be a JSON object.");
        check("{", "The filters must be a JSON object.");
        check(r#"{"filter_mood":["good"]}"#, "There is no filter \"filter_mood\".");
        check(r#"{"filter_source":"API"}"#, "filter_source must be a list of texts.");
        check(r#"{"filter_source":[1]}"#, "filter_source must be a list of texts.");
    }
}
