//! Gives an endpoint a new secret. The former ones sign beside it for a while, so that receivers
//! can be changed over one by one.

use crate::case::{Case, Halt};
use crate::command::{Answer, Ref};
use crate::id::WebhookEndpointId;
use crate::refusal::Place;
use crate::webhook_endpoint::{FormerSecret, SECRETS, SecretSeed, WebhookEndpoint};

/// A new secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roll {
    /// How long the former one still signs, in seconds; 0 ends it at once.
    pub expires_in: i64,
}

impl Roll {
    /// Rolls it. Secrets that were rolled before keep their time, unless it is longer than the
    /// one that is given now: who ends a secret at once means every secret that may be known.
    ///
    /// # Errors
    /// When there is no such endpoint.
    pub fn decide(self, case: &mut Case<'_>, id: &Ref<WebhookEndpointId>) -> Result<Answer, Halt> {
        let mut endpoint: WebhookEndpoint = id.endpoint(case, Place::Path)?;
        let until = case.now().plus(self.expires_in);
        let seed = SecretSeed(case.mint.text::<24>());
        let before = std::mem::replace(&mut endpoint.seed, seed);
        for former in &mut endpoint.former {
            former.until = former.until.min(until);
        }
        endpoint.former.insert(0, FormerSecret { seed: before, until });
        endpoint.former.retain(|former| case.now() < former.until);
        endpoint.former.truncate(SECRETS - 1);
        case.put(endpoint.clone());
        Ok(Answer::Revealed(Box::new(endpoint)))
    }
}
