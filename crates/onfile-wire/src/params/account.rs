//! The parameters of the key's own account (`stripe-api.md` 11.2), and of `onfile`'s own call
//! that moves a test account to another country.

use onfile_domain::account::Update;
use onfile_domain::country::Country;

use super::{Args, EXPAND, Kind, Param, ParamError, ParseCx};
use crate::error::WireError;

/// `GET /v1/account`.
pub const RETRIEVE: &[Param] = &[EXPAND];

/// `POST /onfile/v1/test/account`.
pub const UPDATE: &[Param] = &[
    Param::text("country", 2),
    Param::new("default_currency", Kind::Currency),
    EXPAND,
];

/// Reads [`UPDATE`].
///
/// # Errors
/// No country.
pub fn update(args: &Args, _cx: &mut ParseCx<'_>) -> Result<Update, WireError> {
    let country = match args.text("country") {
        None => None,
        Some(code) => Some(country(code)?),
    };
    Ok(Update {
        country,
        default_currency: args.currency("default_currency"),
    })
}

fn country(code: &str) -> Result<Country, ParamError> {
    code.to_ascii_uppercase().parse().map_err(|_| {
        let message = format!(
            "Country '{}' is unknown. Try using a 2-character \
                               alphanumeric country code instead, such as 'US', 'EG', or 'GB'.",
            super::echo(code)
        );
        ParamError::rule("country", message)
    })
}
