//! The parameters of test clocks (`stripe-api.md` 11.1).

use onfile_domain::test_clock::advance::Advance;
use onfile_domain::test_clock::create::Create;
use onfile_domain::time::WorldTime;

use super::{Args, EXPAND, Kind, ListFilter, Param, ParamError, ParseCx, list as lists};
use crate::error::WireError;

/// The longest name, in characters.
const NAME_CHARS: usize = 300;

const FROZEN_TIME: Param = Param::new("frozen_time", Kind::Timestamp).required();

/// `POST /v1/test_helpers/test_clocks`.
pub const CREATE: &[Param] =
    &[Param::refused("customer", &[]), EXPAND, FROZEN_TIME, Param::text("name", NAME_CHARS)];

/// `POST /v1/test_helpers/test_clocks/:id/advance`.
pub const ADVANCE: &[Param] = &[EXPAND, FROZEN_TIME];

/// `GET /v1/test_helpers/test_clocks/:id`.
pub const RETRIEVE: &[Param] = &[EXPAND];

/// `DELETE /v1/test_helpers/test_clocks/:id`.
pub const DELETE: &[Param] = &[EXPAND];

/// `GET /v1/test_helpers/test_clocks`.
pub const LIST: &[Param] = lists::PAGE;

/// Reads [`CREATE`].
///
/// # Errors
/// A frozen time of another age.
pub fn create(args: &Args, _cx: &mut ParseCx<'_>) -> Result<Create, WireError> {
    Ok(Create { frozen_time: frozen_time(args)?, name: args.string("name") })
}

/// Reads [`ADVANCE`].
///
/// # Errors
/// As [`create`].
pub fn advance(args: &Args, _cx: &mut ParseCx<'_>) -> Result<Advance, WireError> {
    Ok(Advance { frozen_time: frozen_time(args)? })
}

/// Reads [`LIST`].
///
/// # Errors
/// None beyond the table's.
pub fn list(args: &Args) -> Result<ListFilter, WireError> {
    ListFilter::parse(args)
}

fn frozen_time(args: &Args) -> Result<WorldTime, ParamError> {
    let at = args.time("frozen_time").ok_or_else(|| ParamError::Missing("frozen_time".into()))?;
    if (WorldTime(0)..=super::control::LAST_INSTANT).contains(&at) {
        return Ok(at);
    }
    Err(ParamError::rule("frozen_time", "The frozen time must lie between 1970 and 9999."))
}
