//! What those who listen are told when they begin (`stripe-api.md` 8.6).

use crate::json::{Json, Layout};
use crate::params::listener::Feature;
use crate::version::Version;

/// How somebody is to connect.
#[derive(Debug, Clone, Copy)]
pub struct Session<'a> {
    /// Names the session when its client connects.
    pub id: &'a str,
    /// What it hears.
    pub feature: Feature,
    /// Signs what it is sent.
    pub secret: &'a str,
    /// Where to connect.
    pub url: &'a str,
    /// Names the device.
    pub device: &'a str,
    /// After how many seconds the client begins a new connection by itself.
    pub reconnect_delay: i64,
}

impl Session<'_> {
    /// The answer that it is.
    pub fn answer(&self) -> Vec<u8> {
        let mut json = Json::new(Layout::Pretty);
        json.object(|o| {
            o.text("default_version", Version::DEFAULT.as_str());
            o.text("device_token", self.device);
            o.flag("display_connect_filter_warning", false);
            o.text("latest_version", Version::LATEST.as_str());
            o.int("reconnect_delay", self.reconnect_delay);
            o.text("secret", self.secret);
            o.text("websocket_authorized_feature", self.feature.as_str());
            o.text("websocket_id", self.id);
            o.text("websocket_url", self.url);
        });
        json.into_bytes()
    }
}
