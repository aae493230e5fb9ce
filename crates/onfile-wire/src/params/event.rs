//! The parameters of events (`stripe-api.md` 8.1).

use onfile_domain::command::Ref;
use onfile_domain::delivery::{Hearers, ResendEvent};

use super::{
    Args, EXPAND, Kind, ListFilter, Param, ParamError, ParseCx, TEXT_CHARS, joined, list as lists,
};
use crate::error::WireError;
use crate::page;

/// How many types one list may name.
const TYPES: usize = 20;

/// `GET /v1/events/:id`.
pub const RETRIEVE: &[Param] = &[EXPAND];

/// `POST /v1/events/:id/retry`: what `stripe events resend` calls.
pub const RETRY: &[Param] = &[
    Param::refused("account", &[]),
    EXPAND,
    Param::new("for_stripecli", Kind::Boolean),
    Param::new("webhook_endpoint", Kind::Id),
];

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

/// Reads [`RETRY`].
///
/// # Errors
/// None beyond the table's.
pub fn retry(args: &Args, _cx: &mut ParseCx<'_>) -> Result<ResendEvent, WireError> {
    let to = match (args.text("webhook_endpoint"), args.flag("for_stripecli")) {
        (Some(endpoint), _) => Hearers::Endpoint(Ref::new(endpoint)),
        (None, Some(true)) => Hearers::Listeners,
        (None, Some(false) | None) => Hearers::All,
    };
    Ok(ResendEvent { to })
}
