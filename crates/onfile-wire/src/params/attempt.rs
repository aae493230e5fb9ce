//! The parameters of attempts: ours, under `/onfile/v1`. There is a list only.

use super::{Args, Kind, ListFilter, Param, joined, list as lists};
use crate::error::WireError;
use crate::page;

/// `GET /onfile/v1/attempts`.
pub const LIST: &[Param] = joined!(
    &[
        Param::new("payment_intent", Kind::Id).needed("this or `setup_intent` is required"),
        Param::new("setup_intent", Kind::Id).needed("this or `payment_intent` is required"),
        page::CREATED,
    ],
    lists::PAGE,
);

/// Reads [`LIST`].
///
/// # Errors
/// Where it names neither intent, or both.
pub fn list(args: &Args) -> Result<ListFilter, WireError> {
    let filter = ListFilter::parse(args)?;
    match (&filter.payment_intent, &filter.setup_intent) {
        (Some(_), None) | (None, Some(_)) => Ok(filter),
        (None, None) => {
            let message = "One of the following params should be provided for this request: \
                           payment_intent or setup_intent.";
            Err(WireError::invalid(message))
        }
        (Some(_), Some(_)) => {
            Err(super::ParamError::Exclusive(vec!["payment_intent", "setup_intent"]).into())
        }
    }
}
