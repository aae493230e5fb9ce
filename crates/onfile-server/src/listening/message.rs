//! What is written to those who listen: one JSON object a message (`stripe-api.md` 8.6).

use std::net::IpAddr;

use serde_json::{Map, Value, json};

/// What of an error stands in a request's log: what it says of a card is nobody's who only reads
/// along.
const SHOWN: [&str; 6] = ["charge", "code", "decline_code", "message", "param", "type"];

/// A letter in its envelope.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letter<'a> {
    /// The version it is written in; `None` for the account's default.
    pub(super) version: Option<&'a str>,
    /// The event, as it was signed.
    pub(super) bytes: &'a str,
    /// The headers that the receiver passes on with it.
    pub(super) headers: &'a [(&'a str, &'a str)],
    /// One of this telling, and one of all versions of it.
    pub(super) names: (&'a str, &'a str),
}

impl Letter<'_> {
    /// Writes it.
    pub(super) fn write(&self) -> String {
        let headers: Map<String, Value> = self
            .headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
            .collect();
        json!({
            "type": "webhook_event",
            "endpoint": { "api_version": self.version },
            "event_payload": self.bytes,
            "http_headers": headers,
            "webhook_conversation_id": self.names.0,
            "webhook_id": self.names.1,
        })
        .to_string()
    }
}

/// A request that was answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestLog<'a> {
    /// When, by the wall's clock.
    pub(crate) at: i64,
    /// HTTP.
    pub(crate) method: &'a str,
    /// Its path, without a query.
    pub(crate) path: &'a str,
    /// Where it came from.
    pub(crate) peer: IpAddr,
    /// `req_…`.
    pub(crate) request: &'a str,
    /// HTTP.
    pub(crate) status: u16,
    /// The answer.
    pub(crate) body: &'a [u8],
}

/// Writes it.
pub(super) fn request_log(log: &RequestLog<'_>) -> String {
    let mut payload = json!({
        "created_at": log.at,
        "livemode": false,
        "method": log.method,
        "request_id": log.request,
        "status": log.status,
        "url": log.path,
    });
    if log.status >= 400 {
        payload["error"] = Value::Object(error(log.body));
    }
    json!({
        "type": "request_log_event",
        "request_log_id": log.request.replacen("req", "resp", 1),
        "event_payload": payload.to_string(),
    })
    .to_string()
}

fn error(body: &[u8]) -> Map<String, Value> {
    let read: Value = serde_json::from_slice(body).unwrap_or_default();
    let shown = SHOWN.iter().filter_map(|name| {
        let value = read["error"].get(*name).filter(|value| value.is_string())?;
        Some(((*name).to_owned(), value.clone()))
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn a_request_that_failed() {
        let body = br#"{"error": {"code": "card_declined", "charge": "ch_1",
            "payment_method": {"card": {"last4": "0002"}}, "type": "card_error"}}"#;
        let log = RequestLog {
            at: 1_790_000_000,
            method: "POST",
            path: "/v1/payment_intents",
            peer: Ipv4Addr::LOCALHOST.into(),
            request: "req_7",
            status: 402,
            body,
        };
        let message: Value = serde_json::from_str(&request_log(&log)).unwrap();
        assert_eq!(message["request_log_id"], "resp_7");
        let payload: Value =
            serde_json::from_str(message["event_payload"].as_str().unwrap()).unwrap();
        let error = json!({"charge": "ch_1", "code": "card_declined", "type": "card_error"});
        assert_eq!(payload["error"], error);
        assert_eq!((&payload["status"], &payload["url"]), (&json!(402), &json!(log.path)));
    }
}
