//! Makes an endpoint. Its secret is shown with it, this once.

use crate::case::{Case, Halt, Need};
use crate::command::Answer;
use crate::id::WebhookEndpointId;
use crate::object::Kind;
use crate::refusal::Why;
use crate::webhook_endpoint::{
    EndpointStatus, MOST, Notes, SecretSeed, WebhookEndpoint, WebhookUrl,
};

/// A new endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Create {
    /// Where.
    pub url: WebhookUrl,
    /// See [`WebhookEndpoint::enabled_events`].
    pub enabled_events: Vec<String>,
    /// See [`WebhookEndpoint::api_version`].
    pub api_version: Option<String>,
    /// Description and metadata.
    pub notes: Notes,
}

impl Create {
    /// Makes it, enabled.
    ///
    /// # Errors
    /// When there are [`MOST`] of them, or too much metadata.
    pub fn decide(self, case: &mut Case<'_>) -> Result<Answer, Halt> {
        let known: Vec<WebhookEndpoint> = case.all(Need::Children(Kind::WebhookEndpoint, 0))?;
        if known.iter().filter(|it| !it.deleted).count() >= MOST {
            let mode = case.account().mode;
            return Err(Why::TooManyEndpoints { mode }.into());
        }
        let mut endpoint = WebhookEndpoint {
            id: case.mint.id(WebhookEndpointId::new),
            created: case.now(),
            deleted: false,
            url: self.url,
            enabled_events: self.enabled_events,
            api_version: self.api_version,
            description: None,
            metadata: Default::default(),
            status: EndpointStatus::Enabled,
            seed: SecretSeed(case.mint.text::<24>()),
            former: Vec::new(),
        };
        self.notes.description.apply(&mut endpoint.description);
        self.notes.metadata.apply(&mut endpoint.metadata)?;
        case.put(endpoint.clone());
        Ok(Answer::Revealed(Box::new(endpoint)))
    }
}
