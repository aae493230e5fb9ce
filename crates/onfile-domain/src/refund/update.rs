//! Changes a refund's notes: nothing else of it can change (`stripe-api.md` 6.6).

use crate::case::{Case, Halt};
use crate::command::{Answer, MetadataPatch, Ref};
use crate::event::EventType;
use crate::id::RefundId;
use crate::refund::Refund;
use crate::refusal::{Noun, Place};

/// A change of a refund.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// The caller's notes.
    pub metadata: MetadataPatch,
}

impl Update {
    /// Changes the refund.
    ///
    /// # Errors
    /// When there is no such refund, or too many notes.
    pub fn decide(self, case: &mut Case<'_>, id: &Ref<RefundId>) -> Result<Answer, Halt> {
        let before: Refund = id.find(case, Noun::Refund, Place::Path)?;
        let mut after = before.clone();
        self.metadata.apply(&mut after.metadata)?;
        if after != before {
            case.put(after.clone());
            case.tell_change(EventType::ChargeRefundUpdated, &before, &after);
            case.tell_change(EventType::RefundUpdated, &before, &after);
        }
        Ok(Answer::shown(after))
    }
}
