//! Whatever ends a request early, and the one place where a fault is logged.

use onfile_store::{Claim, StoreError};
use onfile_vault::VaultFault;
use onfile_wire::error::WireError;

/// Why a request ends before its answer.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It is said to the caller.
    Wire(Box<WireError>),
    /// The idempotency key was used before.
    Taken(Box<Claim>),
    /// Others wrote first, again and again.
    Locked,
    /// The store broke, or can't write now.
    Store(StoreError),
    /// The vault broke.
    Vault(VaultFault),
    /// Something that must hold does not.
    Broken(&'static str),
}

impl From<WireError> for Stop {
    fn from(error: WireError) -> Stop {
        Stop::Wire(Box::new(error))
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Stop {
        Stop::Store(error)
    }
}

impl From<VaultFault> for Stop {
    fn from(error: VaultFault) -> Stop {
        Stop::Vault(error)
    }
}

/// What the caller is told of a broken store; the log is told the rest, here and nowhere else.
pub(crate) fn store_failed(error: &StoreError, request: &str) -> WireError {
    match error {
        StoreError::Unavailable(_) => {
            tracing::warn!(request.id = request, "{}", chain(error));
            WireError::unavailable()
        }
        StoreError::Corrupt { .. }
        | StoreError::Held { .. }
        | StoreError::TooNew { .. }
        | StoreError::Failed(_) => fault(error, request),
    }
}

/// A fault: logged with its chain, told as nothing.
pub(crate) fn fault(error: &dyn std::error::Error, request: &str) -> WireError {
    tracing::error!(request.id = request, "{}", chain(error));
    WireError::fault()
}

/// An error with its sources, on one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(deeper) = source {
        text.push_str(": ");
        text.push_str(&deeper.to_string());
        source = deeper.source();
    }
    text
}
