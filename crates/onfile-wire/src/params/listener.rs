//! The parameters of those who listen: Stripe's command line, and our own `onfile listen`
//! (`stripe-api.md` 8.6).

use super::{Args, EXPAND, Kind, Param, ParamError, TEXT_CHARS};
use crate::error::WireError;

/// Features that Stripe's command line knows; it asks for one, or for thin events beside webhooks.
const FEATURES: usize = 4;
/// The longest name of a device: a host's name is shorter.
const DEVICE_CHARS: usize = 255;

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

    /// Reads [`SESSION`].
    ///
    /// # Errors
    /// Thin events, which are not built; anything else that is not served, or two things at once.
    pub fn parse(args: &Args) -> Result<Feature, WireError> {
        let asked = args.texts("websocket_features");
        if asked.contains(&"v2_events") {
            return Err(ParamError::Unsupported("websocket_features".to_owned()).into());
        }
        match asked.as_slice() {
            ["webhooks"] => Ok(Feature::Webhooks),
            ["request_logs"] => Ok(Feature::RequestLogs),
            _ => {
                let param = "websocket_features".to_owned();
                Err(ParamError::Word { param, words: &["request_logs", "webhooks"] }.into())
            }
        }
    }
}
