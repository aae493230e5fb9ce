//! Only a refund that waits for its customer can be canceled, and one of a card never does
//! (`stripe-api.md` 6.6).

use crate::case::{Case, Halt};
use crate::command::{Answer, Ref};
use crate::id::RefundId;
use crate::refund::{Refund, RefundState};
use crate::refusal::{Noun, Place, RefundRefused, Why};

/// A cancellation.
#[derive(Debug, Clone, Copy)]
pub struct Cancel;

impl Cancel {
    /// Refuses.
    ///
    /// # Errors
    /// Always.
    pub fn decide(self, case: &mut Case<'_>, id: &Ref<RefundId>) -> Result<Answer, Halt> {
        let refund: Refund = id.find(case, Noun::Refund, Place::Path)?;
        match refund.state {
            RefundState::Pending { .. }
            | RefundState::Succeeded { .. }
            | RefundState::Failed { .. } => Err(Why::Refund(RefundRefused::Cancel).into()),
        }
    }
}
