//! Turns an endpoint off that says it is gone, or that answered nothing for too long.

use crate::case::{Case, Halt};
use crate::event::EventType;
use crate::webhook_endpoint::{EndpointStatus, WebhookEndpoint};

/// Disables the endpoint in this row, tells of it, and answers with it; one that is off, or
/// deleted, stays as it is, and `None` says so.
///
/// # Errors
/// Only [`Halt::Need`].
pub fn disable(case: &mut Case<'_>, endpoint: u64) -> Result<Option<WebhookEndpoint>, Halt> {
    let Some(before) = case.by_seq::<WebhookEndpoint>(endpoint)? else { return Ok(None) };
    if before.deleted || before.status == EndpointStatus::Disabled {
        return Ok(None);
    }
    let after = WebhookEndpoint { status: EndpointStatus::Disabled, ..before };
    case.put(after.clone());
    case.tell(EventType::WebhookEndpointDisabled, after.clone());
    Ok(Some(after))
}
