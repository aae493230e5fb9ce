//! Says what is asked, which rules fired, and what came of it.

use std::io::Write;

use anyhow::{Context, Result, bail};
use onfile_domain::gateway::rules;
use serde_json::Value;

use super::client::Client;

/// The voice of the tour.
pub(super) struct Narrator<'a> {
    out: &'a mut dyn Write,
    base_url: String,
    chapter: usize,
}

impl<'a> Narrator<'a> {
    pub(super) fn new(out: &'a mut dyn Write, base_url: &str) -> Narrator<'a> {
        Narrator { out, base_url: base_url.to_owned(), chapter: 0 }
    }

    /// Where the tour is played.
    pub(super) fn opening(&mut self) -> Result<()> {
        writeln!(self.out, "A tour of onfile, played against {}\n", self.base_url)?;
        Ok(())
    }

    /// A new flow.
    pub(super) fn chapter(&mut self, title: &str, why: &str) -> Result<()> {
        self.chapter += 1;
        writeln!(self.out, "{}. {title}", self.chapter)?;
        writeln!(self.out, "   {why}\n")?;
        Ok(())
    }

    /// A sentence between two calls.
    pub(super) fn say(&mut self, text: &str) -> Result<()> {
        writeln!(self.out, "   {text}\n")?;
        Ok(())
    }

    /// A call: shown, made, and its outcome told. `expected` is what the story goes on from; a
    /// server that answers otherwise ends the tour.
    pub(super) fn call(
        &mut self,
        client: &Client,
        path: &str,
        form: &[(&str, &str)],
        expected: &str,
    ) -> Result<Value> {
        writeln!(self.out, "   > POST {path}")?;
        for (name, value) in form {
            writeln!(self.out, "       {name}={value}")?;
        }
        let (status, json) = client.call("POST", path, form)?;
        let outcome = outcome(&json);
        writeln!(self.out, "   < {status} {outcome}")?;
        if let Some(message) = json["error"]["message"].as_str() {
            writeln!(self.out, "     {message}")?;
        }
        self.rules(client, &json)?;
        writeln!(self.out)?;
        if outcome != expected {
            bail!(
                "the story goes on from {expected:?}, but the server answered {outcome:?}: {json}"
            );
        }
        Ok(json)
    }

    /// Which rules fired in the newest attempt, and what stands beside them.
    fn rules(&mut self, client: &Client, json: &Value) -> Result<()> {
        let intent = [json, &json["error"]["payment_intent"], &json["error"]["setup_intent"]]
            .into_iter()
            .find(|json| {
                matches!(json["object"].as_str(), Some("payment_intent" | "setup_intent"))
            });
        let named = intent.and_then(|json| json["object"].as_str().zip(json["id"].as_str()));
        // An adjustment's attempt is that of the payment which it made.
        let made = json["payment_intents"][0].as_str().map(|id| ("payment_intent", id));
        let Some((object, id)) = named.or(made) else { return Ok(()) };
        let path = format!("/onfile/v1/attempts?{object}={id}&limit=1");
        let (status, list) = client.call("GET", &path, &[])?;
        if status != 200 {
            bail!("GET {path} answered {status}: {list}");
        }
        let words = |value: &Value| -> Vec<String> {
            let list = value.as_array().into_iter().flatten();
            list.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let attempt = &list["data"][0];
        let (trace, warnings) = (words(&attempt["trace"]), words(&attempt["warnings"]));
        for (heading, ids) in [("rules", trace), ("beside them", warnings)] {
            if !ids.is_empty() {
                writeln!(self.out, "     {heading}: {}", ids.join(" "))?;
            }
            for id in ids {
                let meaning = rules::meaning(&id).unwrap_or("Not explained.");
                writeln!(self.out, "       {id:<4} {meaning}")?;
            }
        }
        Ok(())
    }

    /// The customer opens the page that an intent points to, and presses a button.
    pub(super) fn customer(&mut self, client: &Client, intent: &Value, button: &str) -> Result<()> {
        let url = page_of(intent).context("the intent points to no page")?;
        let pressed = match button {
            COMPLETE => "Complete authentication",
            _ => "Fail authentication",
        };
        writeln!(self.out, "   The customer opens {url}")?;
        writeln!(self.out, "   and presses \"{pressed}\".\n")?;
        client.answer_challenge(&url, button)
    }
}

/// The ids of the page's buttons, as Stripe's test page has them.
pub(super) const COMPLETE: &str = "test-source-authorize-3ds";

/// The page of an intent's next action, in either of its forms.
fn page_of(intent: &Value) -> Option<String> {
    let action = &intent["next_action"];
    let redirect = action["redirect_to_url"]["url"].as_str();
    redirect.or(action["use_stripe_sdk"]["stripe_js"].as_str()).map(str::to_owned)
}

/// What an answer comes to in a word or two: its status, an adjustment's with its road, or its
/// error's code and decline code.
fn outcome(json: &Value) -> String {
    let error = &json["error"];
    if error.is_object() {
        let code = error["code"].as_str().or(error["type"].as_str()).unwrap_or("error");
        return match error["decline_code"].as_str() {
            Some(decline) if decline != code => format!("{code} / {decline}"),
            Some(_) | None => code.to_owned(),
        };
    }
    let word = json["status"].as_str().or(json["object"].as_str()).unwrap_or("answered");
    match json["road"].as_str() {
        Some(road) => format!("{word} by {road}"),
        None => word.to_owned(),
    }
}
