//! The parameters of the test controls: ours, under `/onfile/v1/test`.

use onfile_domain::command::Patch;
use onfile_domain::event::is_meant;
use onfile_domain::time::WorldTime;

use super::{Args, EXPAND, Kind, Param, ParamError, TEXT_CHARS, event_type};
use crate::error::WireError;

mod fault;

pub use fault::{AnswerFault, DeliveryFault, FAULT, NewFault, Strikes};

/// The last instant that a clock can be moved to: the end of the year 9999, which is as far as
/// clients' dates go.
pub const LAST_INSTANT: WorldTime = WorldTime(253_402_300_799);

/// A control that takes nothing.
pub const NOTHING: &[Param] = &[EXPAND];

/// `POST /onfile/v1/test/clock`.
pub const CLOCK: &[Param] = &[
    Param::new("advance", Kind::Integer { least: Some(0) }).needed("this or `to` is required"),
    Param::new("to", Kind::Timestamp).needed("this or `advance` is required"),
    EXPAND,
];

/// `GET /onfile/v1/test/changes`.
pub const CHANGES: &[Param] = &[Param::new("since", Kind::Id).required(), EXPAND];

/// `GET /onfile/v1/test/events/wait`.
pub const WAIT: &[Param] = &[
    Param::new("after", Kind::Id).unsettable(),
    Param::new("count", Kind::Integer { least: Some(1) }).needed("1 when left out"),
    Param::new("delivered", Kind::Boolean),
    Param::new("timeout", Kind::Integer { least: Some(0) }).needed("10 when left out"),
    Param::text("type", TEXT_CHARS),
    Param::list("types", &Kind::Text(TEXT_CHARS), 20),
    EXPAND,
];

/// `POST /onfile/v1/test/fixture`.
pub const FIXTURE: &[Param] = &[
    EXPAND,
    Param::text("file", FIXTURE_CHARS).needed("this or `name` is required"),
    Param::new("name", Kind::Word(&["shop"])).needed("this or `file` is required"),
];

/// The longest fixture, in characters: a request's body is not longer either.
const FIXTURE_CHARS: usize = 256 * 1024;
/// How many events one call waits for at most.
const MOST_EVENTS: i64 = 100;
/// How long one call waits at most, in seconds, and when nothing is said.
const LONGEST_WAIT: i64 = 60;
const USUAL_WAIT: i64 = 10;

/// What is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// Behind which event: unset from the first on, absent from the moment of the call on.
    pub after: Patch<String>,
    /// How many.
    pub count: usize,
    /// Whether also until every endpoint that is told of them has taken them.
    pub delivered: bool,
    /// How long, in seconds.
    pub timeout: u64,
    /// Of which types; of all when empty.
    pub types: Vec<String>,
}

impl Wait {
    /// Reads [`WAIT`].
    ///
    /// # Errors
    /// Too many or too long; `type` and `types`; or a type that no event has.
    pub fn parse(args: &Args) -> Result<Wait, WireError> {
        if args.has("type") && args.has("types") {
            return Err(ParamError::Exclusive(vec!["type", "types"]).into());
        }
        if let Some(asked) = args.text("type") {
            event_type::check("type", asked, |name| is_meant(asked, name))?;
        }
        for (at, asked) in args.texts("types").into_iter().enumerate() {
            event_type::check(&format!("types[{at}]"), asked, |name| is_meant(asked, name))?;
        }
        let types = args.text("type").into_iter().chain(args.texts("types"));
        Ok(Wait {
            after: args.patch_string("after"),
            count: most(args, "count", MOST_EVENTS)?.unwrap_or(1) as usize,
            delivered: args.flag("delivered") == Some(true),
            timeout: most(args, "timeout", LONGEST_WAIT)?.unwrap_or(USUAL_WAIT) as u64,
            types: types.map(str::to_owned).collect(),
        })
    }
}

fn most(args: &Args, name: &str, most: i64) -> Result<Option<i64>, ParamError> {
    match args.int(name) {
        Some(number) if number > most => {
            let message = format!("This value must be less than or equal to {most}.");
            Err(ParamError::rule(name, message))
        }
        number => Ok(number),
    }
}

/// How far a clock is to be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// By so many seconds.
    By(i64),
    /// To this instant.
    To(WorldTime),
}

impl Move {
    /// Reads [`CLOCK`].
    ///
    /// # Errors
    /// Neither `advance` nor `to`, or both.
    pub fn parse(args: &Args) -> Result<Move, WireError> {
        match (args.int("advance"), args.time("to")) {
            (Some(seconds), None) => Ok(Move::By(seconds)),
            (None, Some(at)) => Ok(Move::To(at)),
            (None, None) => {
                let message = "One of the following params should be provided for this request: \
                               advance or to.";
                Err(WireError::invalid(message))
            }
            (Some(_), Some(_)) => Err(ParamError::Exclusive(vec!["advance", "to"]).into()),
        }
    }

    /// Where it leads a clock that stands at `now`.
    ///
    /// # Errors
    /// Backwards, or out of time.
    pub fn from(self, now: WorldTime) -> Result<WorldTime, WireError> {
        let (param, to) = match self {
            Move::By(seconds) => ("advance", now.plus(seconds)),
            Move::To(at) => ("to", at),
        };
        if to < now {
            let message = format!(
                "A world's clock only moves forward: it stands at {}, which is after {}.",
                now.0, to.0
            );
            return Err(ParamError::rule(param, message).into());
        }
        if to > LAST_INSTANT {
            let message = format!("A world's clock ends at {}.", LAST_INSTANT.0);
            return Err(ParamError::rule(param, message).into());
        }
        Ok(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_move_forward() {
        let now = WorldTime(1_000);
        for (by, expected) in [
            (Move::By(0), Ok(1_000)),
            (Move::By(5), Ok(1_005)),
            (Move::By(i64::MAX), Err("advance")),
            (Move::To(now), Ok(1_000)),
            (Move::To(WorldTime(999)), Err("to")),
            (Move::To(LAST_INSTANT), Ok(LAST_INSTANT.0)),
            (Move::To(LAST_INSTANT.plus(1)), Err("to")),
        ] {
            let found = by.from(now).map(|to| to.0);
            let found = found.map_err(|error| error.param.unwrap_or_default());
            assert_eq!(found, expected.map_err(Into::into), "{by:?}");
        }
    }
}
