//! The parameters of balance transactions (`stripe-api.md` 6.5). Their list is another issue.

use super::{EXPAND, Param};

/// `GET /v1/balance_transactions/:id`.
pub const RETRIEVE: &[Param] = &[EXPAND];
