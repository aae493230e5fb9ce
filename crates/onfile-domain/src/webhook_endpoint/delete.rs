//! Deletes an endpoint: nothing is told to it again, and no call finds it.

use crate::case::{Case, Halt};
use crate::command::{Answer, Gone, Ref};
use crate::id::WebhookEndpointId;
use crate::refusal::Place;
use crate::webhook_endpoint::WebhookEndpoint;

/// A deletion.
#[derive(Debug, Clone, Copy, Default)]
pub struct Delete;

impl Delete {
    /// Deletes it.
    ///
    /// # Errors
    /// When there is no such endpoint, or no more.
    pub fn decide(self, case: &mut Case<'_>, id: &Ref<WebhookEndpointId>) -> Result<Answer, Halt> {
        let endpoint: WebhookEndpoint = id.endpoint(case, Place::Path)?;
        let id = endpoint.id;
        case.put(WebhookEndpoint { deleted: true, ..endpoint });
        Ok(Answer::Deleted(Gone::WebhookEndpoint(id)))
    }
}
