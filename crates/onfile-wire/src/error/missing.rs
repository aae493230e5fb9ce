//! `No such …`: the spellings that Stripe uses, inconsistent as they are (`stripe-api.md` 1.7).

use super::{ErrorType, WireError};
use crate::params::echo;

/// Where an id stood that leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// In the path: 404, and the kind of thing decides which parameter is named.
    Path,
    /// In this parameter: 400.
    Param(&'a str),
}

macro_rules! things {
    ($($name:ident, $word:literal, $param:literal;)*) => {
        /// A kind of thing that wasn't found.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Thing { $(#[doc = concat!("`No such ", $word, "`.")] $name,)* }

        impl Thing {
            /// Every kind.
            pub const ALL: &'static [Thing] = &[$(Thing::$name,)*];

            /// The word in the message.
            pub fn word(self) -> &'static str {
                match self { $(Thing::$name => $word,)* }
            }

            /// The parameter that is named when the id stood in the path.
            pub fn path_param(self) -> &'static str {
                match self { $(Thing::$name => $param,)* }
            }
        }
    };
}

things! {
    Adjustment, "adjustment", "id";
    BalanceTransaction, "balance transaction", "id";
    Charge, "charge", "id";
    Customer, "customer", "id";
    Delivery, "delivery", "id";
    Dispute, "dispute", "dispute";
    Event, "event", "id";
    // What makes answers fail on purpose: ours.
    Fault, "fault", "id";
    Mandate, "mandate", "mandate";
    // What an event is called as the cursor of a list.
    Notification, "notification", "id";
    PaymentIntent, "payment_intent", "intent";
    PaymentMethod, "PaymentMethod", "payment_method";
    Payout, "payout", "payout";
    Refund, "refund", "refund";
    SetupAttempt, "setupattempt", "id";
    SetupIntent, "setupintent", "intent";
    // A world as it stood: ours.
    Snapshot, "snapshot", "id";
    TestClock, "billingclock", "test_clock";
    Token, "token", "token";
    WebhookEndpoint, "webhook endpoint", "webhook_endpoint";
}

impl WireError {
    /// An id that leads nowhere in this world.
    pub fn no_such(thing: Thing, id: &str, place: Place<'_>) -> WireError {
        let short: String = id.chars().take(255).collect();
        let advice = match thing {
            Thing::PaymentMethod => {
                "; It's possible this PaymentMethod exists on one of your connected accounts, in \
                 which case you should retry this request on that connected account. Learn more \
                 at https://stripe.com/docs/connect/authentication"
            }
            Thing::Adjustment
            | Thing::BalanceTransaction
            | Thing::Charge
            | Thing::Customer
            | Thing::Delivery
            | Thing::Dispute
            | Thing::Event
            | Thing::Fault
            | Thing::Mandate
            | Thing::Notification
            | Thing::PaymentIntent
            | Thing::Payout
            | Thing::Refund
            | Thing::SetupAttempt
            | Thing::SetupIntent
            | Thing::Snapshot
            | Thing::TestClock
            | Thing::Token
            | Thing::WebhookEndpoint => "",
        };
        let message = format!("No such {}: '{}'{advice}", thing.word(), echo(&short));
        let (status, param) = match place {
            Place::Path => (404, thing.path_param().to_owned()),
            Place::Param(param) => (400, param.to_owned()),
        };
        WireError::new(status, ErrorType::InvalidRequest, message)
            .code("resource_missing")
            .param(param)
    }
}
