//! The parameters of deliveries: ours, under `/onfile/v1`.

use onfile_domain::delivery::{Resend, Status};

use super::{Args, EXPAND, Kind, Param, ParseCx, joined, list as lists};
use crate::error::WireError;
use crate::page::Page;

/// `GET /onfile/v1/deliveries`.
pub const LIST: &[Param] = joined!(
    &[
        Param::new("event", Kind::Id),
        Param::new("status", Kind::Word(&["canceled", "delivered", "failed", "pending"])),
        Param::new("webhook_endpoint", Kind::Id),
    ],
    lists::PAGE,
);

/// `GET /onfile/v1/deliveries/:id`.
pub const RETRIEVE: &[Param] = &[EXPAND];

/// `POST /onfile/v1/deliveries/:id/resend`.
pub const RESEND: &[Param] = &[EXPAND];

/// Which deliveries a list is to show.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Of this event.
    pub event: Option<String>,
    /// That have come so far.
    pub status: Option<Status>,
    /// To this endpoint.
    pub endpoint: Option<String>,
    /// Which part of them.
    pub page: Page,
}

/// Reads [`LIST`].
pub fn list(args: &Args) -> Filter {
    Filter {
        event: args.string("event"),
        status: args.word("status"),
        endpoint: args.string("webhook_endpoint"),
        page: Page::parse(args),
    }
}

/// Reads [`RESEND`].
///
/// # Errors
/// None beyond the table's.
pub fn resend(_args: &Args, _cx: &mut ParseCx<'_>) -> Result<Resend, WireError> {
    Ok(Resend)
}
