//! Reads a request within its limits.

use http_body_util::{BodyExt, Limited};
use hyper::HeaderMap;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE};
use hyper::http::request::Parts as Head;
use onfile_wire::error::{ErrorType, WireError};
use onfile_wire::form::{self, Hash};
use onfile_wire::params::ParamError;

use crate::limits;

/// The part of the address behind its `?`.
pub(crate) fn query(head: &Head) -> &[u8] {
    head.uri.query().unwrap_or_default().as_bytes()
}

/// Reads parts of a form as one.
///
/// # Errors
/// 400 where they are none.
pub(crate) fn read_form(parts: &[&[u8]]) -> Result<Hash, WireError> {
    form::parse_all(parts).map_err(|error| ParamError::from(error).into())
}

/// Reads the body, as far as it may go.
///
/// # Errors
/// 413 where it is too large, 408 where it does not come.
pub(crate) async fn read(headers: &HeaderMap, body: Incoming) -> Result<Bytes, WireError> {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let length = length.and_then(|length| length.parse::<u64>().ok()).unwrap_or_default();
    if length > limits::BODY_BYTES as u64 {
        return Err(WireError::body_too_large(limits::BODY_BYTES));
    }
    let collected = Limited::new(body, limits::BODY_BYTES).collect();
    match tokio::time::timeout(limits::BODY, collected).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            Err(WireError::body_too_large(limits::BODY_BYTES))
        }
        Ok(Err(_)) => Err(WireError::invalid("The request's body broke off.")),
        Err(_) => {
            let message = "The request's body did not come in time.";
            Err(WireError::new(408, ErrorType::InvalidRequest, message))
        }
    }
}

/// A body must be a form.
///
/// # Errors
/// 400 where it says that it is something else.
pub(crate) fn checked(headers: &HeaderMap, body: &[u8]) -> Result<(), WireError> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let is_form = kind.is_empty() || kind.eq_ignore_ascii_case("application/x-www-form-urlencoded");
    if body.is_empty() || is_form { Ok(()) } else { Err(WireError::body_not_a_form()) }
}

/// Holds the request's line and headers against what may be sent (`stripe-api.md` 1.1).
///
/// # Errors
/// 414 for the line alone, 431 for both together.
pub(crate) fn check_head(head: &Head) -> Result<(), WireError> {
    let line = head.uri.path_and_query().map_or(0, |address| address.as_str().len());
    if line > limits::HEAD_BYTES {
        return Err(line_too_large());
    }
    let headers = head.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    if line + headers.sum::<usize>() > limits::HEAD_BYTES { Err(head_too_large()) } else { Ok(()) }
}

/// 414: the request's address is too long.
pub(crate) fn line_too_large() -> WireError {
    let message = format!("The request's address is longer than {} bytes.", limits::HEAD_BYTES);
    WireError::new(414, ErrorType::InvalidRequest, message)
}

/// 431: the request's line and headers are too long together.
pub(crate) fn head_too_large() -> WireError {
    let message =
        format!("The request's line and headers are larger than {} bytes.", limits::HEAD_BYTES);
    WireError::new(431, ErrorType::InvalidRequest, message)
}
