//! Events: who caused them, and the object before and after.

use onfile_domain::object::Object;

use super::macros::record;
use crate::contract::Cause;

/// What an event's row holds besides its columns.
pub(crate) struct EventBody {
    /// Who caused it.
    pub(crate) cause: Cause,
    /// The object as it was then.
    pub(crate) object: Object,
    /// The object before.
    pub(crate) previous: Option<Object>,
}

record!(EventBody v 1 { cause, object, previous });
record!(Cause or default { request, idempotency_key });
