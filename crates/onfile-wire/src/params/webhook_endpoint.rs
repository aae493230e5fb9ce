//! The parameters of webhook endpoints (`stripe-api.md` 8.4).

use onfile_domain::account::Mode;
use onfile_domain::webhook_endpoint::{
    Create, Delete, EndpointStatus, Notes, ROLL_SECONDS, Roll, Update, WebhookUrl,
};

use super::{
    Args, EXPAND, Kind, ListFilter, METADATA, Param, ParamError, ParseCx, TEXT_CHARS, joined,
    list as lists,
};
use crate::error::WireError;
use crate::version::LISTED;

mod events;

pub use events::NAMES;

const EVENTS: Param = Param::list("enabled_events", &Kind::Word(NAMES), NAMES.len());
const URL: Param = Param::new("url", Kind::Url);

const BOTH: &[Param] = &[Param::text("description", TEXT_CHARS).unsettable(), EXPAND, METADATA];

/// `POST /v1/webhook_endpoints`.
pub const CREATE: &[Param] = joined!(
    &[
        Param::new("api_version", Kind::Word(LISTED)),
        Param::refused("connect", &["false"]),
        EVENTS.required(),
        URL.required(),
    ],
    BOTH,
);

/// `POST /v1/webhook_endpoints/:id`.
pub const UPDATE: &[Param] = joined!(&[Param::new("disabled", Kind::Boolean), EVENTS, URL], BOTH);

/// `GET /v1/webhook_endpoints/:id`.
pub const RETRIEVE: &[Param] = &[EXPAND];

/// `DELETE /v1/webhook_endpoints/:id`.
pub const DELETE: &[Param] = &[EXPAND];

/// `GET /v1/webhook_endpoints`.
pub const LIST: &[Param] = lists::PAGE;

/// `POST /onfile/v1/webhook_endpoints/:id/roll_secret`.
pub const ROLL: &[Param] = &[EXPAND, Param::new("expires_in", Kind::Integer { least: Some(0) })];

/// Reads [`CREATE`].
///
/// # Errors
/// An address that is none, or that events may not be sent to.
pub fn create(args: &Args, cx: &mut ParseCx<'_>) -> Result<Create, WireError> {
    let url = url(args, cx)?.ok_or_else(|| ParamError::Missing("url".to_owned()))?;
    Ok(Create {
        url,
        enabled_events: events(args),
        api_version: args.string("api_version"),
        notes: notes(args),
    })
}

/// Reads [`UPDATE`].
///
/// # Errors
/// As [`create`].
pub fn update(args: &Args, cx: &mut ParseCx<'_>) -> Result<Update, WireError> {
    Ok(Update {
        url: url(args, cx)?,
        enabled_events: args.has("enabled_events").then(|| events(args)),
        status: args.flag("disabled").map(|disabled| match disabled {
            true => EndpointStatus::Disabled,
            false => EndpointStatus::Enabled,
        }),
        notes: notes(args),
    })
}

/// Reads [`DELETE`].
///
/// # Errors
/// None beyond the table's.
pub fn delete(_args: &Args, _cx: &mut ParseCx<'_>) -> Result<Delete, WireError> {
    Ok(Delete)
}

/// Reads [`LIST`].
///
/// # Errors
/// None beyond the table's.
pub fn list(args: &Args) -> Result<ListFilter, WireError> {
    ListFilter::parse(args)
}

/// Reads [`ROLL`].
///
/// # Errors
/// An overlap longer than Stripe's longest.
pub fn roll(args: &Args, _cx: &mut ParseCx<'_>) -> Result<Roll, WireError> {
    let expires_in = args.int("expires_in").unwrap_or(ROLL_SECONDS);
    if expires_in > ROLL_SECONDS {
        let message = format!("This value must be less than or equal to {ROLL_SECONDS}.");
        return Err(ParamError::rule("expires_in", message).into());
    }
    Ok(Roll { expires_in })
}

fn notes(args: &Args) -> Notes {
    Notes { description: args.patch_string("description"), metadata: args.metadata("metadata") }
}

fn events(args: &Args) -> Vec<String> {
    args.texts("enabled_events").into_iter().map(str::to_owned).collect()
}

/// The address, as far as its writing tells: what a name leads to is looked at when something is
/// sent there.
fn url(args: &Args, cx: &ParseCx<'_>) -> Result<Option<WebhookUrl>, WireError> {
    let Some(text) = args.text("url") else { return Ok(None) };
    let refused =
        |message: String| Err(WireError::invalid(message).code("url_invalid").param("url"));
    let Ok(url) = text.parse::<WebhookUrl>() else {
        return Err(ParamError::Url("url".to_owned()).into());
    };
    if cx.account.mode == Mode::Live && !url.is_https() {
        let message = "URLs in livemode must begin with \"https://\"";
        return refused(format!("Invalid URL: {}. {message}", super::echo(text)));
    }
    if !cx.reach.allows_endpoint(cx.account.mode, &url) {
        return refused(
            "Invalid URL: URL must be publicly accessible. Consider using a tool like the Stripe \
             CLI to test webhooks locally: https://github.com/stripe/stripe-cli."
                .to_owned(),
        );
    }
    Ok(Some(url))
}
