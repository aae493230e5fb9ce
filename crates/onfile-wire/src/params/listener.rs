//! The parameters of those who listen: Stripe's command line, and our own `onfile listen`
//! (`stripe-api.md` 8.6).

use super::{Args, EXPAND, Kind, Param, ParamError, TEXT_CHARS};
use crate::error::WireError;

/// Features that Stripe's command line knows; it asks for one, or for webhooks and thin events.
const FEATURES: usize = 4;
/// The longest name of a device: a host's name is shorter.
const DEVICE_CHARS: usize = 255;

/// What is said where thin events alone are asked for.
const THIN_EVENTS: &str = "Thin events (`v2_events`) are not supported by this server. Use \
`stripe listen --all-snapshot`, or ask for `webhooks` in `websocket_features`.";

/// `POST /v1/stripecli/sessions`. The addresses that a client forwards to
/// are its own business; since 1.52 Stripe's command line names all four whatever it listens to.
pub const SESSION: &[Param] = &[
    Param::text("device_name", DEVICE_CHARS).required(),
    EXPAND,
    Param::text("filters", TEXT_CHARS),
    Param::text("forward_connect_to_url", TEXT_CHARS).kept(),
    Param::text("forward_thin_connect_to_url", TEXT_CHARS).kept(),
    Param::text("forward_thin_to_url", TEXT_CHARS).kept(),
    Param::text("forward_to_url", TEXT_CHARS).kept(),
    Param::list("websocket_features", &Kind::Text(TEXT_CHARS), FEATURES).required(),
];

/// What somebody listens to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// Events, as they happen.
    Webhooks,
    /// Requests, as they are answered.
    RequestLogs,
}

impl Feature {
    /// The wire's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Feature::Webhooks => "webhooks",
            Feature::RequestLogs => "request_logs",
        }
    }

    /// Reads [`SESSION`]: what of the asked is granted, which the answer says. Stripe's command
    /// line asks for thin events beside webhooks where nothing is chosen; thin events are not
    /// built, and it does with webhooks alone.
    ///
    /// # Errors
    /// Thin events alone; anything else that is not served, or two things at once.
    pub fn parse(args: &Args) -> Result<Feature, WireError> {
        let param = "websocket_features".to_owned();
        match args.texts("websocket_features").as_slice() {
            ["webhooks"] | ["webhooks", "v2_events"] | ["v2_events", "webhooks"] => {
                Ok(Feature::Webhooks)
            }
            ["request_logs"] => Ok(Feature::RequestLogs),
            asked if asked.contains(&"v2_events") => {
                let (message, code) = (THIN_EVENTS.to_owned(), Some("parameter_unsupported"));
                Err(ParamError::Rule { message, code, param: Some(param) }.into())
            }
            _ => Err(ParamError::Word { param, words: &["request_logs", "webhooks"] }.into()),
        }
    }
}
