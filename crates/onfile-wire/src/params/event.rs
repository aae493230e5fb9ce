//! The parameters of events (`stripe-api.md` 8.1).

use super::{Args, EXPAND, Kind, ListFilter, Param, ParamError, TEXT_CHARS, joined, list as lists};
use crate::error::WireError;
use crate::page;

/// How many types one list may name.
const TYPES: usize = 20;

/// `GET /v1/events/:id`.
pub const RETRIEVE: &[Param] = &[EXPAND];

/// `GET /v1/events`.
pub const LIST: &[Param] = joined!(
    &[
        page::CREATED,
        Param::new("delivery_success", Kind::Boolean),
        Param::text("type", TEXT_CHARS),
        Param::list("types", &Kind::Text(TEXT_CHARS), TYPES),
    ],
    lists::PAGE,
);

/// Reads [`LIST`].
///
/// # Errors
/// One type and several were named.
pub fn list(args: &Args) -> Result<ListFilter, WireError> {
    if args.has("type") && args.has("types") {
        return Err(ParamError::Exclusive(vec!["type", "types"]).into());
    }
    ListFilter::parse(args)
}
