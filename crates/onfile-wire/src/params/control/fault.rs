//! Faults that a test asks for: answers and deliveries that go wrong.

use onfile_domain::delivery::Fault;

use super::most;
use crate::error::WireError;
use crate::params::{Args, EXPAND, Kind, Param, ParamError, TEXT_CHARS};

/// `POST /onfile/v1/test/faults`.
pub const FAULT: &[Param] = &[
    Param::new("count", Kind::Integer { least: Some(1) }),
    Param::new("delay", Kind::Integer { least: Some(1) }).needed("required with `kind=slow`"),
    EXPAND,
    Param::new("kind", Kind::Word(KINDS)).required(),
    Param::new("method", Kind::Word(&["DELETE", "GET", "POST"])),
    Param::text("path", TEXT_CHARS),
    Param::new("rate", Kind::Integer { least: Some(1) }),
    Param::new("seconds", Kind::Integer { least: Some(1) }).needed("required with `kind=late`"),
    Param::new("status", Kind::Integer { least: Some(300) }),
    Param::text("type", TEXT_CHARS),
    Param::new("webhook_endpoint", Kind::Id),
];

const KINDS: &[&str] = &["fail", "late", "lost", "out_of_order", "rate_limit", "slow", "twice"];
const OF_ANSWERS: &[&str] = &["lost", "rate_limit", "slow"];
const OF_DELIVERIES: &[&str] = &["fail", "late", "out_of_order", "twice"];
/// Parameters that only some kinds have.
const OF_KINDS: &[(&str, &[&str])] = &[
    ("delay", &["slow"]),
    ("method", OF_ANSWERS),
    ("seconds", &["late", "out_of_order"]),
    ("status", &["fail"]),
    ("type", OF_DELIVERIES),
    ("webhook_endpoint", OF_DELIVERIES),
];

/// How long an answer may be held back, in milliseconds.
const LONGEST_DELAY: i64 = 60_000;
/// How long a delivery may be held back, in seconds: as long as its event can be read.
const LONGEST_HOLD: i64 = 30 * 24 * 3_600;
/// How long one that is to be overtaken is held back at most, when nothing is said.
const USUAL_HOLD: i64 = 60;
/// What an endpoint seems to answer, when nothing is said; and the greatest there is.
const USUAL_STATUS: i64 = 500;
const LAST_STATUS: i64 = 599;

/// What is to go wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFault {
    /// What it strikes, and how.
    pub strikes: Strikes,
    /// On which paths, of calls or of endpoints: `*` stands for anything.
    pub path: String,
    /// How often; for good when `None`.
    pub count: Option<u64>,
    /// How many of a hundred; all when `None`.
    pub rate: Option<u8>,
}

/// What a fault strikes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Strikes {
    /// Answers of the API.
    Answers {
        /// In which way they fail.
        fault: AnswerFault,
        /// Of which method; of all when `None`.
        method: Option<String>,
    },
    /// Deliveries to endpoints.
    Deliveries {
        /// In which way they go wrong.
        fault: DeliveryFault,
        /// Of which types of events: `*` stands for anything.
        event_type: String,
        /// To which endpoint; to all when `None`.
        endpoint: Option<String>,
    },
}

/// In which way an answer fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerFault {
    /// 429, and nothing was done.
    RateLimit,
    /// It was done, and the answer is held back by so many milliseconds.
    Slow(u64),
    /// It was done, and the connection ends without an answer.
    Lost,
}

/// In which way a delivery goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryFault {
    /// A try is not made, and counts as answered with this status.
    Fail(u16),
    /// It is sent once more, although it was acknowledged.
    Twice,
    /// It is held back by so many seconds of the world's clock.
    Late(i64),
    /// The same, or until a later event of its endpoint was taken.
    OutOfOrder(i64),
}

impl DeliveryFault {
    /// What the delivery suffers.
    pub fn suffered(self) -> Fault {
        match self {
            DeliveryFault::Fail(_) => Fault::Fail,
            DeliveryFault::Twice => Fault::Twice,
            DeliveryFault::Late(_) => Fault::Late,
            DeliveryFault::OutOfOrder(_) => Fault::OutOfOrder,
        }
    }
}

impl NewFault {
    /// Reads [`FAULT`]. Without `count` and `rate` it strikes once.
    ///
    /// # Errors
    /// A parameter that its kind doesn't have, or lacks; more than there can be; no path.
    pub fn parse(args: &Args) -> Result<NewFault, WireError> {
        let kind = args.text("kind").unwrap_or_default();
        for (param, kinds) in OF_KINDS {
            if args.has(param) && !kinds.contains(&kind) {
                let message = format!("A fault of the kind `{kind}` has no `{param}`.");
                return Err(ParamError::rule(param, message).into());
            }
        }
        let path = any(args, "path");
        if !path.starts_with(['/', '*']) {
            let message = "Invalid path: it must begin with `/`, or with `*` for anything.";
            return Err(ParamError::rule("path", message).into());
        }
        let strikes = match OF_ANSWERS.contains(&kind) {
            true => answers(kind, args)?,
            false => deliveries(kind, args)?,
        };
        let rate = most(args, "rate", 100)?;
        let count = match (args.int("count"), rate) {
            (None, None) => Some(1),
            (count, _) => count.map(|count| count as u64),
        };
        Ok(NewFault { strikes, path, count, rate: rate.map(|rate| rate as u8) })
    }
}

fn any(args: &Args, name: &str) -> String {
    args.string(name).unwrap_or_else(|| "*".to_owned())
}

fn answers(kind: &str, args: &Args) -> Result<Strikes, ParamError> {
    let fault = match (kind, most(args, "delay", LONGEST_DELAY)?) {
        ("slow", Some(delay)) => AnswerFault::Slow(delay as u64),
        ("slow", None) => return Err(ParamError::Missing("delay".to_owned())),
        ("lost", _) => AnswerFault::Lost,
        (_, _) => AnswerFault::RateLimit,
    };
    Ok(Strikes::Answers { fault, method: args.string("method") })
}

fn deliveries(kind: &str, args: &Args) -> Result<Strikes, ParamError> {
    let seconds = most(args, "seconds", LONGEST_HOLD)?;
    let status = most(args, "status", LAST_STATUS)?.unwrap_or(USUAL_STATUS);
    let fault = match (kind, seconds) {
        ("late", Some(seconds)) => DeliveryFault::Late(seconds),
        ("late", None) => return Err(ParamError::Missing("seconds".to_owned())),
        ("out_of_order", seconds) => DeliveryFault::OutOfOrder(seconds.unwrap_or(USUAL_HOLD)),
        ("twice", _) => DeliveryFault::Twice,
        (_, _) => DeliveryFault::Fail(status as u16),
    };
    let (event_type, endpoint) = (any(args, "type"), args.string("webhook_endpoint"));
    Ok(Strikes::Deliveries { fault, event_type, endpoint })
}
