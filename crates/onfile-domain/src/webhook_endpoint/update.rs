//! Changes an endpoint; its version and its secret stay as they are.

use crate::case::{Case, Halt};
use crate::command::{Answer, Ref};
use crate::id::WebhookEndpointId;
use crate::refusal::Place;
use crate::webhook_endpoint::{EndpointStatus, Notes, WebhookEndpoint, WebhookUrl};

/// A change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Update {
    /// Where, from here on.
    pub url: Option<WebhookUrl>,
    /// What it is told of, from here on.
    pub enabled_events: Option<Vec<String>>,
    /// Whether it is told at all, from here on.
    pub status: Option<EndpointStatus>,
    /// Description and metadata.
    pub notes: Notes,
}

impl Update {
    /// Changes it. Deliveries that wait for another try go on where it is enabled again before
    /// their time comes, as Stripe does it.
    ///
    /// # Errors
    /// When there is no such endpoint, or too much metadata.
    pub fn decide(self, case: &mut Case<'_>, id: &Ref<WebhookEndpointId>) -> Result<Answer, Halt> {
        let mut endpoint: WebhookEndpoint = id.endpoint(case, Place::Path)?;
        if let Some(url) = self.url {
            endpoint.url = url;
        }
        if let Some(events) = self.enabled_events {
            endpoint.enabled_events = events;
        }
        if let Some(status) = self.status {
            endpoint.status = status;
        }
        self.notes.description.apply(&mut endpoint.description);
        self.notes.metadata.apply(&mut endpoint.metadata)?;
        case.put(endpoint.clone());
        Ok(Answer::shown(endpoint))
    }
}
