//! What the test controls answer with: ours, under `/onfile/v1/test`.

use onfile_domain::time::WorldTime;

use crate::json::{Json, Layout};

/// A world's clock.
pub fn clock(now: WorldTime) -> Vec<u8> {
    let mut json = Json::new(Layout::Pretty);
    json.object(|o| {
        o.text("object", "clock");
        o.int("now", now.0);
    });
    json.into_bytes()
}
