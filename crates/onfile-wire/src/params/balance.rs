//! The parameters of the balance (`stripe-api.md` 11.2).

use super::{EXPAND, Param};

/// `GET /v1/balance`.
pub const RETRIEVE: &[Param] = &[EXPAND];
