//! Everything that is kept, by one name.

use crate::adjustment::Adjustment;
use crate::agreement::Agreement;
use crate::attempt::{AgreementUse, Attempt, Authentication, Subject};
use crate::balance::Statement;
use crate::balance_transaction::BalanceTransaction;
use crate::card::par_key;
use crate::charge::Charge;
use crate::customer::Customer;
use crate::gateway::PastDecline;
use crate::id::{
    AdjustmentId, AgreementId, AgreementUseId, AttemptId, AuthenticationId, BalanceTransactionId,
    ChargeId, CustomerId, PastDeclineId, PaymentIntentId, PaymentMethodId, RefundId,
    SetupAttemptId, SetupIntentId, StatementId, TestClockId, WebhookEndpointId,
};
use crate::payment_intent::PaymentIntent;
use crate::payment_method::PaymentMethod;
use crate::refund::Refund;
use crate::setup_intent::{SetupAttempt, SetupIntent};
use crate::test_clock::TestClock;
use crate::time::WorldTime;
use crate::webhook_endpoint::WebhookEndpoint;

/// Where rows hang. `Need::Children(kind, parent)` lists by these, oldest first: the agreements of
/// a payment method, the charges, attempts and authentications of an intent, the attempts of a
/// setup intent, the refunds of a charge, the past declines of a card (`card::par_key`), the
/// customers of a test clock, the adjustments of an order (its first payment); the endpoints of a
/// world below 0. Nothing lists the uses of an agreement.
/// `Need::OfCustomer` lists what names a customer.
impl Object {
    /// The row that this one hangs under.
    pub fn parent(&self) -> Option<u64> {
        let of_subject = |subject: Subject| match subject {
            Subject::Payment(id) | Subject::Increment(id) => id.seq,
            Subject::Setup(id) => id.seq,
            Subject::Method(id) => id.seq,
        };
        match self {
            Object::SetupAttempt(it) => Some(it.setup_intent.seq),
            Object::Charge(it) => Some(it.payment_intent.seq),
            Object::Agreement(it) => Some(it.payment_method.seq),
            Object::Attempt(it) => Some(of_subject(it.subject)),
            Object::Authentication(it) => Some(of_subject(it.subject)),
            Object::PastDecline(it) => Some(par_key(&it.par)),
            Object::Customer(it) => it.test_clock.map(|clock| clock.seq),
            Object::Adjustment(it) => Some(it.payment_intent.seq),
            Object::Refund(it) => Some(it.charge.seq),
            Object::WebhookEndpoint(_) => Some(0),
            Object::PaymentMethod(_)
            | Object::PaymentIntent(_)
            | Object::SetupIntent(_)
            | Object::BalanceTransaction(_)
            | Object::AgreementUse(_)
            | Object::Statement(_)
            | Object::TestClock(_) => None,
        }
    }

    /// The customer that it names, where it is listed by it.
    pub fn customer(&self) -> Option<CustomerId> {
        match self {
            Object::PaymentMethod(it) => it.customer(),
            Object::PaymentIntent(it) => it.customer,
            Object::SetupIntent(it) => it.customer,
            Object::Charge(it) => it.customer,
            Object::Customer(_)
            | Object::SetupAttempt(_)
            | Object::BalanceTransaction(_)
            | Object::Agreement(_)
            | Object::AgreementUse(_)
            | Object::Attempt(_)
            | Object::Authentication(_)
            | Object::PastDecline(_)
            | Object::Statement(_)
            | Object::TestClock(_)
            | Object::Adjustment(_)
            | Object::Refund(_)
            | Object::WebhookEndpoint(_) => None,
        }
    }

    /// The intent, where it is one.
    pub fn intent(&self) -> Option<Intent<'_>> {
        match self {
            Object::PaymentIntent(it) => Some(Intent::Payment(it)),
            Object::SetupIntent(it) => Some(Intent::Setup(it)),
            Object::Customer(_)
            | Object::PaymentMethod(_)
            | Object::SetupAttempt(_)
            | Object::Charge(_)
            | Object::BalanceTransaction(_)
            | Object::Agreement(_)
            | Object::AgreementUse(_)
            | Object::Attempt(_)
            | Object::Authentication(_)
            | Object::PastDecline(_)
            | Object::Statement(_)
            | Object::TestClock(_)
            | Object::Adjustment(_)
            | Object::Refund(_)
            | Object::WebhookEndpoint(_) => None,
        }
    }

    /// When it was made.
    pub fn created(&self) -> WorldTime {
        match self {
            Object::Customer(it) => it.created,
            Object::PaymentMethod(it) => it.created,
            Object::PaymentIntent(it) => it.created,
            Object::SetupIntent(it) => it.created,
            Object::SetupAttempt(it) => it.created,
            Object::Charge(it) => it.created,
            Object::BalanceTransaction(it) => it.created,
            Object::Agreement(it) => it.created,
            Object::AgreementUse(it) => it.created,
            Object::Attempt(it) => it.created,
            Object::Authentication(it) => it.created,
            Object::PastDecline(it) => it.created,
            Object::Statement(it) => it.created,
            Object::TestClock(it) => it.created,
            Object::Adjustment(it) => it.created,
            Object::Refund(it) => it.created,
            Object::WebhookEndpoint(it) => it.created,
        }
    }
}

/// What a customer's card is asked for: to pay, or to be kept.
#[derive(Debug, Clone, Copy)]
pub enum Intent<'a> {
    /// To pay.
    Payment(&'a PaymentIntent),
    /// To be kept.
    Setup(&'a SetupIntent),
}

/// A kind of thing that is kept, with an id and a version.
pub trait Entity: Clone + Into<Object> {
    /// Its id.
    type Id: Copy + Eq;
    /// Which kind.
    const KIND: Kind;
    /// The id.
    fn id(&self) -> Self::Id;
    /// The id's row number.
    fn seq(id: Self::Id) -> u64;
    /// The entity inside an object, where it is of this kind.
    fn of(object: &Object) -> Option<&Self>;
}

macro_rules! objects {
    ($($name:ident, $id:ident, $doc:literal;)*) => {
        /// The kinds of things that are kept.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $(#[doc = $doc] $name,)* }

        /// A thing that is kept.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Object { $(#[doc = $doc] $name(Box<$name>),)* }

        impl Object {
            /// Which kind of thing.
            pub fn kind(&self) -> Kind {
                match self { $(Object::$name(_) => Kind::$name,)* }
            }

            /// Its row number inside its world.
            pub fn seq(&self) -> u64 {
                match self { $(Object::$name(it) => it.id.seq,)* }
            }

            /// Its id, as the wire shows it.
            pub fn id_text(&self) -> String {
                match self { $(Object::$name(it) => it.id.to_string(),)* }
            }
        }

        $(
            impl Entity for $name {
                type Id = $id;
                const KIND: Kind = Kind::$name;

                fn id(&self) -> $id {
                    self.id
                }

                fn seq(id: $id) -> u64 {
                    id.seq
                }

                fn of(object: &Object) -> Option<&$name> {
                    if let Object::$name(it) = object { Some(it) } else { None }
                }
            }

            impl From<$name> for Object {
                fn from(it: $name) -> Object {
                    Object::$name(Box::new(it))
                }
            }
        )*
    };
}

objects! {
    Customer, CustomerId, "A customer.";
    PaymentMethod, PaymentMethodId, "A payment method.";
    PaymentIntent, PaymentIntentId, "A payment intent.";
    SetupIntent, SetupIntentId, "A setup intent.";
    SetupAttempt, SetupAttemptId, "One confirmation of a setup intent.";
    Charge, ChargeId, "A charge.";
    BalanceTransaction, BalanceTransactionId, "A movement of an account's money.";
    Agreement, AgreementId, "A customer's leave to charge a saved card.";
    AgreementUse, AgreementUseId, "A charge made under an agreement.";
    Attempt, AttemptId, "A try to move money.";
    Authentication, AuthenticationId, "A question to the customer's bank.";
    PastDecline, PastDeclineId, "A decline that counts against the networks' limits.";
    TestClock, TestClockId, "A frozen time of its own for some customers.";
    Adjustment, AdjustmentId, "An order's new total.";
    Refund, RefundId, "Money given back.";
    WebhookEndpoint, WebhookEndpointId, "An address that is told of events.";
    Statement, StatementId, "What an account had when it was told; in events alone.";
}
