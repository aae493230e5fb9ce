//! The parameters of setup attempts: there is a list only (`stripe-api.md` 4.5).

use super::{Args, Kind, ListFilter, Param, joined, list as lists};
use crate::error::WireError;
use crate::page;

/// `GET /v1/setup_attempts`.
pub const LIST: &[Param] =
    joined!(&[Param::new("setup_intent", Kind::Id).required(), page::CREATED], lists::PAGE,);

/// Reads [`LIST`].
///
/// # Errors
/// None beyond the table's.
pub fn list(args: &Args) -> Result<ListFilter, WireError> {
    ListFilter::parse(args)
}
