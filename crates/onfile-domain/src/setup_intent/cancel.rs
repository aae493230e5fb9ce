//! Gives a set-up up (`stripe-api.md` 4.4).

use crate::setup_intent::SetupCancelReason;

/// A cancellation.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    /// Why, if the caller says.
    pub reason: Option<SetupCancelReason>,
}
