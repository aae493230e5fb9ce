//! The parameters of balance transactions (`stripe-api.md` 1.9, 6.5).

use super::{Args, EXPAND, Kind, ListFilter, Param, TEXT_CHARS, joined, list as lists};
use crate::error::WireError;
use crate::page;

/// `GET /v1/balance_transactions/:id`.
pub const RETRIEVE: &[Param] = &[EXPAND];

/// `GET /v1/balance_transactions`. What `currency` and `type` may be is not looked at: a text that
/// is neither finds nothing.
pub const LIST: &[Param] = joined!(
    &[
        page::CREATED,
        Param::text("currency", TEXT_CHARS),
        Param::new("payout", Kind::Id),
        Param::new("source", Kind::Id),
        Param::text("type", TEXT_CHARS),
    ],
    lists::PAGE,
);

/// Reads [`LIST`].
///
/// # Errors
/// None beyond the table's.
pub fn list(args: &Args) -> Result<ListFilter, WireError> {
    ListFilter::parse(args)
}
