//! What the log says of an endpoint: when it begins to fail, when it takes events again, and when
//! and why it is disabled. Each is one line, however many tries are made meanwhile; every try is in
//! the log of deliveries. Of its address the host is named: a path or a query may hold a secret.

use onfile_domain::delivery::{Fault, HOPELESS_AFTER, Hopeless, Try, TryResult};
use onfile_domain::time::WorldTime;
use onfile_domain::webhook_endpoint::WebhookEndpoint;

use crate::worlds::World;

/// Of an endpoint of a world.
#[derive(Clone, Copy)]
pub(super) struct Tidings<'a> {
    pub(super) world: &'a World,
    pub(super) endpoint: &'a WebhookEndpoint,
}

/// Its fields are the same in each.
macro_rules! line {
    ($level:ident, $of:expr, $made:expr, $since:expr, $($message:tt)+) => {
        tracing::$level!(
            account.id = $of.world.account().id,
            webhook_endpoint.id = %$of.endpoint.id,
            webhook_endpoint.host = $of.endpoint.url.authority(),
            webhook_endpoint.failing_since = $since.0,
            http.status = status($made.result),
            delivery.failure = failure($made.result),
            delivery.fault = $made.fault.map(Fault::as_str),
            $($message)+
        )
    };
}

impl Tidings<'_> {
    /// A try failed, and before it none had since the last answer with 2xx.
    pub(super) fn begins_to_fail(self, made: &Try) {
        line!(warn, self, made, made.at, "an endpoint began to fail");
    }

    /// It answered with 2xx, and had failed since then.
    pub(super) fn takes_again(self, made: &Try, since: WorldTime) {
        line!(info, self, made, since, "an endpoint takes events again");
    }

    /// It was turned off by this try.
    pub(super) fn is_disabled(self, made: &Try, since: WorldTime, why: Hopeless) {
        match why {
            Hopeless::Gone => {
                line!(warn, self, made, since, "an endpoint is disabled: it says that it is gone");
            }
            Hopeless::Failing => {
                let hours = HOPELESS_AFTER / 3_600;
                line!(warn, self, made, since, "an endpoint is disabled: no 2xx for {hours} hours");
            }
        }
    }
}

fn status(result: TryResult) -> Option<u16> {
    match result {
        TryResult::Answered(status) => Some(status),
        TryResult::Failed(_) => None,
    }
}

fn failure(result: TryResult) -> Option<&'static str> {
    match result {
        TryResult::Answered(_) => None,
        TryResult::Failed(failure) => Some(failure.as_str()),
    }
}
