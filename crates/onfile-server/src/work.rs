//! What is to be done, and what came of it.

use onfile_domain::account::Account;
use onfile_domain::case::{Case, Halt};
use onfile_domain::command::Answer;
use onfile_domain::refusal::Refusal;
use onfile_domain::time::WorldTime;
use onfile_store::{Cause, Claim, ClaimState, DueTimer};
use onfile_wire::expand::Expand;
use onfile_wire::version::Version;
use onfile_wire::view::Audience;

use crate::hand::Hand;

/// What a rule came to.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// An answer of the domain.
    Answer(Box<Answer>),
    /// The account as it is from here on.
    Account(Box<Account>),
    /// Nothing that anybody waits for.
    Silent,
}

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Outcome {
        Outcome::Answer(Box::new(answer))
    }
}

/// A rule with its command: run as often as it takes, so it leaves the command whole.
pub(crate) type Rule = Box<dyn Fn(&mut Case<'_>) -> Result<Outcome, Halt> + Send + Sync>;

/// A rule that answers with an object.
pub(crate) fn rule(
    decide: impl Fn(&mut Case<'_>) -> Result<Answer, Halt> + Send + Sync + 'static,
) -> Rule {
    Box::new(move |case| decide(case).map(Outcome::from))
}

/// One thing to decide and to commit.
pub(crate) struct Work<'a> {
    /// Decides.
    pub(crate) rule: &'a Rule,
    /// The call's cards.
    pub(crate) hand: Hand<'a>,
    /// Who is named as the cause of its events.
    pub(crate) cause: Cause,
    /// The timer that it settles.
    pub(crate) settles: Option<DueTimer>,
    /// How the answer is written; `None` where nobody waits for one.
    pub(crate) shown: Option<Shown<'a>>,
    /// What is kept under the caller's key.
    pub(crate) key: Option<Key>,
    /// How much it may make.
    pub(crate) size: Size,
}

/// How many rows a piece of work may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// A few.
    Usual,
    /// As many as an order has payments.
    Large,
}

/// How an answer is written.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    /// In which version.
    pub(crate) version: Version,
    /// For whom.
    pub(crate) audience: Audience,
    /// This server, as the request reached it.
    pub(crate) base: &'a str,
    /// What is shown in full.
    pub(crate) expand: &'a Expand,
}

/// An idempotency key with what it stands for.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    /// As the caller wrote it.
    pub(crate) text: String,
    /// The path, with its ids.
    pub(crate) endpoint: String,
    /// A MAC over the parameters.
    pub(crate) params: [u8; 32],
    /// The request.
    pub(crate) request: String,
}

impl Key {
    /// The key, used at this moment, with what it stands for.
    pub(crate) fn claim(&self, at: WorldTime, state: ClaimState) -> Claim {
        Claim {
            key: self.text.clone(),
            endpoint: self.endpoint.clone(),
            params: self.params,
            request: self.request.clone(),
            at,
            state,
        }
    }
}

/// What was decided and committed.
#[derive(Debug)]
pub(crate) struct Settled {
    /// What the rule came to, or why it refused.
    pub(crate) outcome: Result<Outcome, Box<Refusal>>,
    /// The answer's status and body, where it is written.
    pub(crate) written: Option<Written>,
}

/// An answer's bytes.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// HTTP.
    pub(crate) status: u16,
    /// JSON.
    pub(crate) body: Vec<u8>,
    /// Whether to send the same again.
    pub(crate) should_retry: Option<bool>,
    /// Whether it is kept under the caller's key.
    pub(crate) kept: bool,
}
