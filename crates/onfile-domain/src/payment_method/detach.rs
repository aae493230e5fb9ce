//! Takes a method off its customer, for good (`stripe-api.md` 3.4).

use crate::command::Ref;
use crate::id::PaymentMethodId;

/// A detach.
#[derive(Debug, Clone)]
pub struct Detach {
    /// What is taken off.
    pub method: Ref<PaymentMethodId>,
}
