//! Whatever ends a request early, and the one place where a fault is logged.

use std::error::Error;

use onfile_store::{Claim, StoreError};
use onfile_vault::VaultFault;
use onfile_wire::error::WireError;
use tokio::task::JoinError;

/// Why a request, or a worker's work, ends before it is done.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// It is said to the caller.
    #[error("{}", .0.message)]
    Wire(Box<WireError>),
    /// The idempotency key was used before; a key that nobody sent can't have been.
    #[error("a key is taken that was not sent")]
    Taken(Box<Claim>),
    /// Others wrote first, again and again.
    #[error("others wrote first, again and again")]
    Locked,
    /// The store broke, or can't write now.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault broke.
    #[error(transparent)]
    Vault(#[from] VaultFault),
    /// Something that must hold does not.
    #[error("{0}")]
    Broken(&'static str),
    /// A task of its own panicked.
    #[error("{what} ended in a panic")]
    Panicked {
        /// What the task did.
        what: &'static str,
        /// The panic's own words.
        source: JoinError,
    },
}

impl From<WireError> for Stop {
    fn from(error: WireError) -> Stop {
        Stop::Wire(Box::new(error))
    }
}

impl Stop {
    /// A task that did not come to its end.
    pub(crate) fn panicked(what: &'static str) -> impl FnOnce(JoinError) -> Stop {
        move |source| Stop::Panicked { what, source }
    }

    /// Whom it concerns.
    pub(crate) fn concern(&self) -> Concern {
        match self {
            Stop::Locked => Concern::Nobody,
            Stop::Wire(_) | Stop::Store(StoreError::Unavailable(_)) => Concern::Operator,
            Stop::Store(
                StoreError::Corrupt { .. }
                | StoreError::Held { .. }
                | StoreError::TooNew { .. }
                | StoreError::Failed(_),
            )
            | Stop::Vault(_)
            | Stop::Taken(_)
            | Stop::Broken(_)
            | Stop::Panicked { .. } => Concern::Us,
        }
    }

    /// What the caller is told; the log is told what broke, here and nowhere else.
    pub(crate) fn told(self, request: &str) -> WireError {
        match (self.concern(), self) {
            (_, Stop::Wire(error)) => *error,
            (Concern::Nobody, _) => WireError::locked(),
            (Concern::Operator, stop) => {
                tracing::warn!(request.id = request, "{}", chain(&stop));
                WireError::unavailable()
            }
            (Concern::Us, stop) => {
                tracing::error!(request.id = request, "{}", chain(&stop));
                WireError::fault()
            }
        }
    }
}

/// Who can do something about a stop, and so how loudly it is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Concern {
    /// It passes by itself.
    Nobody,
    /// Whoever runs the server: a disk, a setting.
    Operator,
    /// Us: it is a fault.
    Us,
}

/// An error with its sources, on one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(deeper) = source {
        text.push_str(": ");
        text.push_str(&deeper.to_string());
        source = deeper.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> StoreError {
        StoreError::Unavailable("disk full".into())
    }

    #[test]
    fn a_stop_says_its_part_and_its_sources_theirs() {
        for (stop, text) in [
            (Stop::from(full()), "the store can't write now: disk full"),
            (Stop::from(VaultFault::NotSealed), "the sealed card number is not readable"),
            (Stop::Broken("a method has no number"), "a method has no number"),
            (Stop::from(WireError::locked()), &*WireError::locked().message),
        ] {
            assert_eq!(chain(&stop), text);
        }
    }

    #[test]
    fn what_the_caller_hears() {
        let failed = StoreError::Failed("a row too many".into());
        for (stop, status) in [
            (Stop::Locked, 429),
            (Stop::from(full()), 503),
            (Stop::from(failed), 500),
            (Stop::from(VaultFault::WrongRow), 500),
            (Stop::Broken("a bug"), 500),
            (Stop::from(WireError::unavailable()), 503),
        ] {
            assert_eq!(stop.told("req_1").status, status);
        }
    }

    #[tokio::test]
    async fn a_panic_keeps_its_words() {
        let ended = tokio::spawn(async { panic!("the scale is broken") }).await;
        let stop = ended.map_err(Stop::panicked("weighing")).expect_err("it panics");
        let text = chain(&stop);
        assert!(text.starts_with("weighing ended in a panic: "), "{text}");
        assert!(text.contains("the scale is broken"), "{text}");
    }
}
