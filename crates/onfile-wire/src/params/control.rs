//! The parameters of the test controls: ours, under `/onfile/v1/test`.

use onfile_domain::time::WorldTime;

use super::{Args, EXPAND, Kind, Param, ParamError};
use crate::error::WireError;

/// The last instant that a clock can be moved to: the end of the year 9999, which is as far as
/// clients' dates go.
pub const LAST_INSTANT: WorldTime = WorldTime(253_402_300_799);

/// A control that takes nothing.
pub const NOTHING: &[Param] = &[EXPAND];

/// `POST /onfile/v1/test/clock`.
pub const CLOCK: &[Param] = &[
    Param::new("advance", Kind::Integer { least: Some(0) }),
    Param::new("to", Kind::Timestamp),
    EXPAND,
];

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
