//! What is shown: a line for a person, or a JSON object for a program.

use std::io::Write;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::socket::Heard;

/// One thing that happened.
pub(super) enum Line {
    /// It is connected.
    Ready {
        /// The server.
        base_url: String,
        /// The app, as it was named.
        forward_to: Option<String>,
        /// Signs what comes.
        secret: String,
    },
    /// The server is away, for this reason; it is waited for.
    Away(String),
    /// It is connected again, and is not told what happened in between; this event was heard last.
    Missed(Option<String>),
    /// An event that goes nowhere.
    Event(Heard),
    /// An event that was passed on.
    Delivery {
        /// The event.
        heard: Heard,
        /// Where to.
        url: String,
        /// The status, or why there is none.
        answer: Result<u16, String>,
        /// How long it took.
        took_ms: u64,
    },
}

impl Line {
    /// Writes it; what is no data goes to the standard error.
    ///
    /// # Errors
    /// When nobody reads any more.
    pub(super) fn write(&self, out: &mut dyn Write, as_json: bool) -> Result<()> {
        if let Line::Away(_) | Line::Missed(_) = self {
            eprintln!("{}", self.text());
            return Ok(());
        }
        let text = if as_json { self.json().to_string() } else { self.text() };
        writeln!(out, "{text}").and_then(|()| out.flush()).context("showing an event")
    }

    fn text(&self) -> String {
        match self {
            Line::Ready { base_url, forward_to, secret } => {
                let to = forward_to.as_deref().map(|to| format!(", forwarding to {to}"));
                format!(
                    "Listening on {base_url}{}. The signing secret is {secret} (^C to end)",
                    to.unwrap_or_default()
                )
            }
            Line::Away(why) => format!("The server is away ({why}); waiting for it."),
            Line::Missed(last) => {
                let behind = last.as_deref().map(|last| format!("?ending_before={last}"));
                format!(
                    "Events in between were not forwarded: GET /v1/events{} has them, and POST \
                     /v1/events/{{id}}/retry with for_stripecli=true sends one here.",
                    behind.unwrap_or_default()
                )
            }
            Line::Event(heard) => format!("{}  {}", heard.id, heard.event_type),
            Line::Delivery { heard, answer: Ok(status), took_ms, .. } => {
                format!("{}  {}  {status}  {took_ms} ms", heard.id, heard.event_type)
            }
            Line::Delivery { heard, answer: Err(why), .. } => {
                format!("{}  {}  failed: {why}", heard.id, heard.event_type)
            }
        }
    }

    fn json(&self) -> Value {
        let event = |heard: &Heard| {
            let whole: Value = serde_json::from_str(&heard.body).unwrap_or_default();
            json!({"id": heard.id, "type": heard.event_type, "event": whole})
        };
        match self {
            Line::Ready { base_url, forward_to, secret } => {
                json!({"base_url": base_url, "forward_to": forward_to, "secret": secret})
            }
            Line::Away(why) => json!({ "away": why }),
            Line::Missed(last) => json!({ "missed_after": last }),
            Line::Event(heard) => event(heard),
            Line::Delivery { heard, url, answer, took_ms } => {
                let mut line = event(heard);
                line["forward_to"] = json!(url);
                line["took_ms"] = json!(took_ms);
                match answer {
                    Ok(status) => line["status"] = json!(status),
                    Err(why) => line["error"] = json!(why),
                }
                line
            }
        }
    }
}
