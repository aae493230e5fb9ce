//! Makes a world from a file: objects with ids that the file chooses, and a history.
//!
//! A fixture is played, not loaded: its steps are calls of the API, with the clock moved in
//! between, so that everything in the world (ledger, events, agreements, what the banks remember)
//! is there as if it had happened. `docs/guides/testing.md` describes the file.

mod ids;

use std::sync::Arc;

use onfile_domain::time::WorldTime;
use onfile_wire::error::WireError;
use onfile_wire::form::{self, Hash};
use onfile_wire::params::Args;
use onfile_wire::params::control::Move;
use onfile_wire::version::Version;
use onfile_wire::view::Audience;
use onfile_wire::views::control as views;
use serde_json::Value;

use crate::app::App;
use crate::call::{Call, place};
use crate::clock;
use crate::limits;
use crate::pipeline::perform;
use crate::render;
use crate::routes::{self, Does, Found};
use crate::stop::Stop;
use crate::worlds::World;
use ids::fixed;

/// The fixtures that come with the server.
const SHIPPED: &[(&str, &str)] = &[("shop", include_str!("../fixtures/shop.json"))];

/// A file, read.
struct Fixture {
    /// Where the clock stands at first; `None` leaves it.
    clock: Option<WorldTime>,
    steps: Vec<Step>,
}

/// One step.
enum Step {
    /// A call.
    Call(Box<Made>),
    /// The clock is moved.
    Move(Move),
}

/// A call of a fixture.
struct Made {
    method: hyper::Method,
    path: String,
    form: Hash,
    ids: Vec<String>,
    status: u64,
}

/// Plays the file that a call brings or names.
pub(crate) async fn play(app: &Arc<App>, call: &Call, args: &Args) -> Result<Vec<u8>, Stop> {
    let text = match (args.text("name"), args.text("file")) {
        (Some(name), None) => SHIPPED.iter().find(|(known, _)| *known == name).map(|it| it.1),
        (None, Some(file)) => Some(file),
        (Some(_), Some(_)) | (None, None) => None,
    };
    let text = text.ok_or_else(|| {
        let message = "Exactly one of the following params should be provided for this request: \
                       file or name.";
        WireError::invalid(message)
    })?;
    let fixture = read(text).map_err(|what| wrong(&what))?;
    let world = call.world.as_ref().ok_or(Stop::Broken("a fixture has no world"))?;
    if world.rows() > 0 {
        let message = "This world isn't empty. Reset it first (POST /onfile/v1/test/reset), or use \
                       another key.";
        return Err(WireError::invalid(message).into());
    }
    world.number_from(limits::FIXED_SEQS);
    if let Some(at) = fixture.clock {
        clock::set_empty(app, world, at).await?;
    }
    for (at, step) in fixture.steps.into_iter().enumerate() {
        let played = match step {
            Step::Move(by) => clock::advance(app, world, by, None).await.map(|_| Ok(())),
            Step::Call(made) => one(app, call, world, *made).await,
        };
        if let Err(what) = played? {
            return Err(wrong(&format!("step {}: {what}", at + 1)).into());
        }
    }
    Ok(views::world(&world.account().id, world.now(app.surroundings.wall())))
}

fn wrong(what: &str) -> WireError {
    // What a call answered has a stop of its own.
    let what = what.trim_end_matches('.');
    WireError::invalid(format!("The fixture can't be played: {what}.")).param("file")
}

/// Makes one call; the inner error says what is wrong with it.
async fn one(
    app: &Arc<App>,
    call: &Call,
    world: &World,
    made: Made,
) -> Result<Result<(), String>, Stop> {
    let Found::Route(route, ids) = routes::find(&made.method, &made.path) else {
        return Ok(Err(format!("{} {} is not served", made.method, made.path)));
    };
    let Does::Perform(operation) = route.does else {
        return Ok(Err(format!("{} {} can't be a step", made.method, made.path)));
    };
    let (there, account, now) = place(app, &call.key);
    let base = call.base.clone();
    let call = Call {
        request: format!("req_{}", app.letters(14)),
        path: made.path,
        ids,
        form: made.form,
        version: Version::DEFAULT,
        audience: Audience::Secret,
        key: call.key,
        masked_key: call.masked_key.clone(),
        idempotency: None,
        fixed: made.ids.clone(),
        base: base.clone(),
        account,
        world: there,
        now,
    };
    let (status, body) = match perform(app, call, operation).await {
        Ok(reply) => (u64::from(reply.status), reply.body),
        Err(Stop::Wire(error)) => (u64::from(error.status), error.to_json(&base)),
        Err(stop) => return Err(stop),
    };
    if status != made.status {
        let body = String::from_utf8_lossy(&body);
        let message: Value = serde_json::from_str(&body).unwrap_or_default();
        let message = message["error"]["message"].as_str().unwrap_or_default();
        return Ok(Err(format!("it answers {status} in place of {}: {message}", made.status)));
    }
    let account = world.account();
    for id in made.ids {
        let now = world.now(app.surroundings.wall());
        let scene = render::Scene { world: Some(world.id), account: &account, now };
        if render::find(app, scene, &id).await?.is_none() {
            return Ok(Err(format!("it makes nothing that could be called {id}")));
        }
    }
    Ok(Ok(()))
}

/// Reads a file; the error says what is wrong with it.
fn read(text: &str) -> Result<Fixture, String> {
    let file: Value =
        serde_json::from_str(text).map_err(|error| format!("it is no JSON: {error}"))?;
    known(&file, &["clock", "description", "steps"])?;
    let clock = match &file["clock"] {
        Value::Null => None,
        at => Some(WorldTime(at.as_i64().filter(|at| *at > 0).ok_or("`clock` is no Unix time")?)),
    };
    let steps = file["steps"].as_array().ok_or("`steps` is no list")?;
    let mut seen = Vec::new();
    let mut read = Vec::with_capacity(steps.len());
    for (at, value) in steps.iter().enumerate() {
        let step = step(value, &mut seen).map_err(|what| format!("step {}: {what}", at + 1))?;
        read.push(step);
    }
    Ok(Fixture { clock, steps: read })
}

fn step(value: &Value, seen: &mut Vec<(render::Row, String)>) -> Result<Step, String> {
    known(value, &["advance", "delete", "form", "ids", "post", "status"])?;
    let (method, path) = match (&value["advance"], &value["post"], &value["delete"]) {
        (Value::Number(seconds), Value::Null, Value::Null) => {
            known(value, &["advance"])
                .map_err(|what| format!("in a step that moves the clock {what}"))?;
            let seconds = seconds.as_i64().filter(|seconds| *seconds >= 0);
            return Ok(Step::Move(Move::By(seconds.ok_or("`advance` is no number of seconds")?)));
        }
        (Value::Null, Value::String(path), Value::Null) => (hyper::Method::POST, path),
        (Value::Null, Value::Null, Value::String(path)) => (hyper::Method::DELETE, path),
        (..) => return Err("it has not exactly one of `advance`, `post` and `delete`".to_owned()),
    };
    let ids = match &value["ids"] {
        Value::Null => Vec::new(),
        Value::Array(ids) => ids.iter().map(|id| fixed(id, seen)).collect::<Result<_, _>>()?,
        _ => return Err("`ids` is no list".to_owned()),
    };
    let mut pairs = String::new();
    match &value["form"] {
        Value::Null => {}
        form @ Value::Object(_) => encode("", form, &mut pairs),
        _ => return Err("`form` is no object".to_owned()),
    }
    let form = form::parse(pairs.as_bytes()).map_err(|_| "`form` is no form".to_owned())?;
    let status = match &value["status"] {
        Value::Null => 200,
        status => status.as_u64().ok_or("`status` is no number")?,
    };
    Ok(Step::Call(Box::new(Made { method, path: path.clone(), form, ids, status })))
}

/// Writes JSON as SDKs write forms.
fn encode(name: &str, value: &Value, out: &mut String) {
    let inside = |key: &str| match name {
        "" => key.to_owned(),
        _ => format!("{name}[{key}]"),
    };
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| encode(&inside(key), value, out));
        }
        Value::Array(items) => {
            let numbered = items.iter().enumerate();
            numbered.for_each(|(at, value)| encode(&inside(&at.to_string()), value, out));
        }
        Value::Null => pair(name, "", out),
        Value::String(text) => pair(name, text, out),
        Value::Bool(_) | Value::Number(_) => pair(name, &value.to_string(), out),
    }
}

fn pair(name: &str, text: &str, out: &mut String) {
    if !out.is_empty() {
        out.push('&');
    }
    for (at, part) in [name, text].into_iter().enumerate() {
        if at == 1 {
            out.push('=');
        }
        for byte in part.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' | b'.' | b'[' | b']' => {
                    out.push(char::from(byte));
                }
                _ => out.push_str(&format!("%{byte:02X}")),
            }
        }
    }
}

fn known(value: &Value, names: &[&str]) -> Result<(), String> {
    let fields = value.as_object().ok_or("it is no object")?;
    match fields.keys().find(|name| !names.contains(&name.as_str())) {
        Some(stranger) => Err(format!("`{stranger}` is none of {}", names.join(", "))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_none() {
        for (text, expected) in [
            ("", "it is no JSON"),
            ("[]", "it is no object"),
            ("{\"steps\": [], \"stpes\": []}", "`stpes` is none of"),
            ("{\"clock\": \"now\", \"steps\": []}", "`clock` is no Unix time"),
            ("{}", "`steps` is no list"),
            ("{\"steps\": [{}]}", "step 1: it has not exactly one of"),
            ("{\"steps\": [{\"advance\": -1}]}", "step 1: `advance` is no number"),
            ("{\"steps\": [{\"post\": \"/\", \"status\": \"402\"}]}", "`status` is no number"),
            ("{\"steps\": [{\"post\": \"/\", \"ids\": [\"cus_1\"]}]}", "cus_1 is no id"),
            (
                "{\"steps\": [{\"post\": \"/\", \"ids\": [\"cus_zzzzzzjennyros\"]}]}",
                "the counter in cus_zzzzzzjennyros is out of range",
            ),
            (
                "{\"steps\": [{\"post\": \"/\", \"ids\": [\"cus_000001jennyros\", \
                 \"cus_000001otheross\"]}]}",
                "cus_000001otheross has the counter of cus_000001jennyros",
            ),
        ] {
            let found = read(text).err().unwrap_or_default();
            assert!(found.contains(expected), "{text}: {found}");
        }
    }

    #[test]
    fn forms_as_sdks_write_them() {
        let value = serde_json::json!({
            "a": {"b": ["x y", 2, true]}, "n": null, "t": "é&=",
        });
        let mut out = String::new();
        encode("", &value, &mut out);
        assert_eq!(out, "a[b][0]=x%20y&a[b][1]=2&a[b][2]=true&n=&t=%C3%A9%26%3D");
    }

    #[test]
    fn what_is_shipped_can_be_read() {
        for (name, text) in SHIPPED {
            assert_eq!(read(text).err(), None, "{name}");
        }
    }
}
