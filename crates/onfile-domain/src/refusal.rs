//! Our rules' no. Each reason by name; the words for the wire live in `onfile-wire`.

use crate::account::Mode;
use crate::id::{ChargeId, CustomerId, PaymentIntentId, PaymentMethodId};
use crate::money::{Currency, Money};
use crate::object::Object;
use crate::payment_intent::Status;
use crate::time::WorldTime;

/// A refusal, and the intent that its error carries as it stands after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub why: Why,
    /// The intent that was touched.
    pub about: Option<Object>,
}

impl From<Why> for Refusal {
    fn from(why: Why) -> Refusal {
        Refusal { why, about: None }
    }
}

impl Why {
    /// This refusal, with the intent that it is about.
    pub fn about(self, object: impl Into<Object>) -> Refusal {
        Refusal { why: self, about: Some(object.into()) }
    }
}

/// Where an id stood that leads nowhere: it decides the status and the parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the path: 404.
    Path,
    /// In a parameter: 400.
    Param(&'static str),
}

/// What wasn't found, in the spelling of `stripe-api.md` 1.7.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    /// `charge`.
    Charge,
    /// `customer`.
    Customer,
    /// `payment_intent`.
    PaymentIntent,
    /// `setupintent`.
    SetupIntent,
    /// `PaymentMethod`, with its long advice.
    PaymentMethod,
    /// `balance transaction`.
    BalanceTransaction,
    /// `event`.
    Event,
    /// `refund`.
    Refund,
    /// `mandate`.
    Mandate,
    /// `setupattempt`.
    SetupAttempt,
    /// `billingclock`.
    TestClock,
    /// `webhook endpoint`.
    WebhookEndpoint,
    /// `delivery`.
    Delivery,
}

/// What an update of an intent would have changed.
pub type Field = &'static str;

/// Why our rules say no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// An id leads nowhere.
    Missing {
        /// What was looked for.
        noun: Noun,
        /// The id as it was written.
        id: String,
        /// Where it stood.
        place: Place,
    },
    /// Someone else's attempt holds the intent.
    Locked,
    /// More keys than metadata may have.
    TooMuchMetadata {
        /// How many would stand.
        keys: usize,
    },

    /// Confirm: nothing to pay with.
    PaymentMethodMissing {
        /// The intent's customer.
        customer: Option<CustomerId>,
    },
    /// Confirm: it is paid.
    ConfirmSucceeded,
    /// Confirm: not from this status.
    ConfirmStatus(Status),
    /// Confirm: a new method can't be set in this status.
    ConfirmMethodStatus(Status),
    /// Confirm: only the server may, under manual confirmation.
    ConfirmNeedsSecretKey,
    /// Off-session charges can't save a card.
    OffSessionWithSetup,
    /// A stored usage belongs to an off-session confirm without a set-up.
    StoredUsageWithoutOffSession,
    /// The declared usage of a set-up needs a set-up.
    SetupUsageWithoutSetup,
    /// A method is needed when the card is to be saved by `moto` or imported data alone.
    ParametersExclusive {
        /// The first of the two parameters.
        first: Field,
        /// The other.
        second: Field,
    },
    /// The method belongs to another customer.
    MethodOfOtherCustomer {
        /// The method.
        method: PaymentMethodId,
        /// Who was named.
        customer: CustomerId,
    },
    /// The method has a customer and the payment intent names none.
    PaymentNeedsCustomer {
        /// The method.
        method: PaymentMethodId,
        /// Whose it is.
        customer: CustomerId,
    },
    /// The same on a setup intent.
    SetupNeedsCustomer {
        /// The method.
        method: PaymentMethodId,
        /// Whose it is.
        customer: CustomerId,
    },
    /// The method was used once, and may not be again.
    MethodConsumed,
    /// A mandate does not allow this charge (`card-network.md` G6).
    MandateInvalid,
    /// The world's acquirer can't take this currency or network (`card-network.md` G8).
    CurrencyUnsupported,

    /// A field can't change in this status.
    UpdateStatus {
        /// What would have changed.
        field: Field,
        /// The status.
        status: Status,
    },
    /// Below the least that can be charged.
    AmountTooSmall {
        /// The least.
        least: Money,
    },
    /// Below the least that can be charged once it is converted to what the account settles in.
    AmountConvertsTooSmall {
        /// The least.
        least: Money,
        /// What was asked for.
        amount: Money,
        /// The same as the account would see it.
        settled: Money,
    },
    /// Networks take no such fraction of the currency.
    AmountNotDivisible {
        /// The currency.
        currency: Currency,
        /// What amounts in it are multiples of.
        by: i64,
        /// The parameter.
        param: Field,
    },
    /// Above the most that can be charged.
    AmountTooLarge {
        /// The most.
        most: Money,
    },
    /// A publishable key may only raise `on_session` to `off_session`.
    UsageOnlyRaised,

    /// Capture: it is paid, and the rest was let go.
    CaptureSucceeded,
    /// Capture: not from this status.
    CaptureStatus(Status),
    /// Capture: the hold is over.
    CaptureExpired,
    /// Capture: more than is held.
    CaptureTooLarge,
    /// Capture: nothing, or less than nothing.
    CaptureTooSmall {
        /// What was asked for, in minor units.
        asked: i64,
    },
    /// Capture: more captures can't follow, for the hold can be taken only once.
    MulticaptureUnavailable,
    /// Capture: the hold was taken in as many parts as it may be.
    TooManyCaptures,
    /// Cancel: not from this status.
    CancelStatus(Status),
    /// Cancel: part of the hold was captured.
    CancelPartlyCaptured,

    /// Increment: not from this status.
    IncrementStatus(Status),
    /// Increment: the hold can't be raised, for it was not asked for or the network can't.
    IncrementUnavailable,
    /// Increment: part of the hold was captured.
    IncrementCaptured,
    /// Increment: the hold has ended.
    IncrementExpired,
    /// Increment: it was tried as often as it may be.
    TooManyIncrements,
    /// Increment: the new total is not above what is authorized.
    IncrementNotHigher {
        /// What is authorized.
        authorized: Money,
    },
    /// Increment: the new total is too many times the first one.
    IncrementTooLarge {
        /// The highest total.
        limit: Money,
    },

    /// Adjust: the order's first payment was given up.
    AdjustStatus(Status),
    /// Adjust: the caller counts in another currency than the order.
    AdjustCurrency {
        /// What the order counts in.
        counts_in: Currency,
    },
    /// Adjust: the difference is below the least that can be charged.
    DifferenceTooSmall {
        /// What would be charged.
        difference: Money,
        /// The least.
        least: Money,
    },
    /// Adjust: the order has too many payments for one more.
    TooManyPayments {
        /// How many there may be.
        most: usize,
    },
    /// Adjust: what would have to be given back is disputed.
    AdjustDisputed(PaymentIntentId),

    /// Setup intent: nothing to save.
    SetupMethodMissing,
    /// Setup intent: confirmed already.
    SetupConfirmSucceeded,
    /// Setup intent: canceled.
    SetupConfirmCanceled,
    /// Setup intent: cancel of a succeeded one.
    SetupCancelSucceeded,
    /// Setup intent: cancel of a canceled one.
    SetupCancelCanceled,
    /// Setup intent: the method of a succeeded one can't change.
    SetupUpdateSucceeded,
    /// Setup intent: the method of a canceled one can't change.
    SetupUpdateCanceled,

    /// Attach: the method has another customer.
    AttachedElsewhere,
    /// Attach: used or detached before.
    AttachConsumed,
    /// Detach: it has no customer.
    DetachUnattached,
    /// Update: only attached methods can change.
    MethodNotSaved,
    /// Update: the card can't be used on this network.
    NetworkNotOnCard {
        /// The network as it was written.
        network: String,
    },
    /// The customer has no such method.
    DefaultMethodNotAttached {
        /// The method as it was written.
        method: String,
        /// The parameter.
        param: Field,
    },
    /// The method isn't this customer's (404, `Invalid request`).
    MethodOfNobodyHere,
    /// The customer has too many methods.
    TooManyMethods,

    /// The world has as many endpoints as it may have.
    TooManyEndpoints {
        /// Of test or of live mode.
        mode: Mode,
    },
    /// Nothing can be sent to an endpoint that is disabled or deleted.
    EndpointClosed,

    /// No challenge has this id and page secret (404; the page says so in plain words).
    ChallengeMissing,
    /// The client secret belongs to another intent.
    ClientSecretMismatch(SecretOf),
    /// A charge's `transfer_group` is its intent's.
    TransferGroupOfIntent(PaymentIntentId),
    /// A charge's customer can't be exchanged for another.
    ChargeHasCustomer,
    /// Test clock: it is still on its way.
    TestClockAdvancing,
    /// Test clock: it only goes forward.
    TestClockBackwards {
        /// Where it stands.
        stands_at: WorldTime,
    },
    /// Test clock: not so far at once.
    TestClockTooFar {
        /// Where it stands.
        stands_at: WorldTime,
    },

    /// Refund: everything was given back, or is on its way.
    ChargeRefunded(ChargeId),
    /// Refund: more than what is left.
    RefundTooLarge {
        /// What was asked for.
        asked: Money,
        /// What is left.
        left: Money,
        /// Whether something was given back before.
        again: bool,
    },
    /// Refund: the money is only held, and letting go of it is the intent's business.
    RefundUncaptured(PaymentIntentId),
    /// Refund: nothing was ever taken, or the hold was let go.
    NothingToRefund(PaymentIntentId),
    /// Refund: the charge is another intent's.
    ChargeOfOtherIntent {
        /// The charge.
        charge: ChargeId,
        /// The intent that was named.
        intent: PaymentIntentId,
    },
    /// Refund: one of a card can't be canceled.
    RefundCancel,
}

/// Which object's client secret did not match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretOf {
    /// A payment intent's.
    PaymentIntent,
    /// A setup intent's.
    SetupIntent,
}
