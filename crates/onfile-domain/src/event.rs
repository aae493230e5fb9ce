//! What happened, told in Stripe's words and order (`stripe-api.md` 8).

use crate::object::Object;
use crate::time::WorldTime;
use crate::words::words;

/// How long an event is told of, and sent again when it is asked for, in seconds by the world's
/// clock (`stripe-api.md` 8.1: 30 days). Its deliveries are there as long.
pub const LIFE: i64 = 30 * 24 * 3_600;

/// Whether what happened then is still told of.
pub fn is_told(created: WorldTime, now: WorldTime) -> bool {
    now.since(created) <= LIFE
}

/// Whether a type is meant by what someone asks for: its name, or the beginning of it with a `*`
/// behind (`charge.*`).
pub fn is_meant(asked: &str, event_type: &str) -> bool {
    match asked.strip_suffix('*') {
        Some(beginning) => event_type.starts_with(beginning),
        None => event_type == asked,
    }
}

words! {
    /// An event's type.
    EventType {
        /// More of the account's money can be paid out.
        BalanceAvailable = "balance.available",
        /// Money of a hold was taken.
        ChargeCaptured = "charge.captured",
        /// A hold ended before it was captured.
        ChargeExpired = "charge.expired",
        /// The issuer said no.
        ChargeFailed = "charge.failed",
        /// Something about a refund changed.
        ChargeRefundUpdated = "charge.refund.updated",
        /// Money of a charge was given back.
        ChargeRefunded = "charge.refunded",
        /// The issuer said yes.
        ChargeSucceeded = "charge.succeeded",
        /// Something about a charge changed.
        ChargeUpdated = "charge.updated",
        /// A customer was made.
        CustomerCreated = "customer.created",
        /// A customer was deleted.
        CustomerDeleted = "customer.deleted",
        /// Something about a customer changed.
        CustomerUpdated = "customer.updated",
        /// A hold is there, or changed.
        PaymentIntentAmountCapturableUpdated = "payment_intent.amount_capturable_updated",
        /// A payment was given up.
        PaymentIntentCanceled = "payment_intent.canceled",
        /// A payment intent was made.
        PaymentIntentCreated = "payment_intent.created",
        /// An attempt failed.
        PaymentIntentPaymentFailed = "payment_intent.payment_failed",
        /// The customer is asked to act.
        PaymentIntentRequiresAction = "payment_intent.requires_action",
        /// It is paid.
        PaymentIntentSucceeded = "payment_intent.succeeded",
        /// A method got a customer.
        PaymentMethodAttached = "payment_method.attached",
        /// A method lost its customer.
        PaymentMethodDetached = "payment_method.detached",
        /// Something about a method changed.
        PaymentMethodUpdated = "payment_method.updated",
        /// Money is to be given back.
        RefundCreated = "refund.created",
        /// Money could not be given back.
        RefundFailed = "refund.failed",
        /// Something about a refund changed.
        RefundUpdated = "refund.updated",
        /// A set-up was given up.
        SetupIntentCanceled = "setup_intent.canceled",
        /// A setup intent was made.
        SetupIntentCreated = "setup_intent.created",
        /// The customer is asked to act.
        SetupIntentRequiresAction = "setup_intent.requires_action",
        /// A set-up failed.
        SetupIntentSetupFailed = "setup_intent.setup_failed",
        /// A method was saved.
        SetupIntentSucceeded = "setup_intent.succeeded",
        /// A test clock is on its way.
        TestClockAdvancing = "test_helpers.test_clock.advancing",
        /// A test clock was made.
        TestClockCreated = "test_helpers.test_clock.created",
        /// A test clock was deleted.
        TestClockDeleted = "test_helpers.test_clock.deleted",
        /// A test clock stands where it was sent.
        TestClockReady = "test_helpers.test_clock.ready",
        /// An endpoint was turned off by itself. Ours: only who names it hears of it.
        WebhookEndpointDisabled = "onfile.webhook_endpoint.disabled",
    }
}

/// Something that happened. Its id is given by the commit, whose order is the events' order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// What happened.
    pub event_type: EventType,
    /// The object as it was then.
    pub object: Object,
    /// The object before, where the event tells of a change: `previous_attributes` are what
    /// differs.
    pub previous: Option<Object>,
}
