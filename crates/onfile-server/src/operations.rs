//! What each POST and DELETE is: its table of parameters, its parser, its rule.

use onfile_domain::adjustment::preview;
use onfile_domain::command::Ref;
use onfile_wire::expand::{Answer, Resource};
use onfile_wire::params::{
    self, account, adjustment, charge, customer, delivery, event, payment_intent, payment_method,
    refund, setup_intent, test_clock, webhook_endpoint,
};

use crate::pipeline::Operation;
use crate::work::{Outcome, Size, rule};

const CUSTOMER: Answer = Answer::Object(Resource::Customer);
const METHOD: Answer = Answer::Object(Resource::PaymentMethod);
const PAYMENT: Answer = Answer::Object(Resource::PaymentIntent);
const SETUP: Answer = Answer::Object(Resource::SetupIntent);
const CLOCK: Answer = Answer::Object(Resource::TestClock);
const ENDPOINT: Answer = Answer::Object(Resource::WebhookEndpoint);
const DELIVERY: Answer = Answer::Object(Resource::Delivery);
const EVENT: Answer = Answer::Object(Resource::Event);
const CHARGE: Answer = Answer::Object(Resource::Charge);
const ADJUSTMENT: Answer = Answer::Object(Resource::Adjustment);
const REFUND: Answer = Answer::Object(Resource::Refund);

/// An operation whose command holds everything.
macro_rules! whole {
    ($($name:ident = $params:path, $answer:expr, $parse:path;)*) => {$(
        #[doc = concat!("[`", stringify!($parse), "`]")]
        pub(crate) static $name: Operation = Operation {
            params: $params,
            answer: $answer,
            size: Size::Usual,
            parse: |args, cx| {
                let command = $parse(args, cx)?;
                Ok(rule(move |case| command.clone().decide(case)))
            },
        };
    )*};
}

/// An operation on the object that the path names.
macro_rules! on_one {
    ($($name:ident = $params:path, $answer:expr, $parse:path;)*) => {$(
        #[doc = concat!("[`", stringify!($parse), "`]")]
        pub(crate) static $name: Operation = Operation {
            params: $params,
            answer: $answer,
            size: Size::Usual,
            parse: |args, cx| {
                let command = $parse(args, cx)?;
                let id = Ref::new(cx.id);
                Ok(rule(move |case| command.clone().decide(case, &id)))
            },
        };
    )*};
}

/// An operation on the object that the path names, which minds who calls.
macro_rules! by_caller {
    ($($name:ident = $params:path, $answer:expr, $parse:path;)*) => {$(
        #[doc = concat!("[`", stringify!($parse), "`]")]
        pub(crate) static $name: Operation = Operation {
            params: $params,
            answer: $answer,
            size: Size::Usual,
            parse: |args, cx| {
                let command = $parse(args, cx)?;
                let (id, caller) = (Ref::new(cx.id), cx.caller);
                Ok(rule(move |case| command.clone().decide(case, &id, caller)))
            },
        };
    )*};
}

whole! {
    CREATE_CUSTOMER = customer::CREATE, CUSTOMER, customer::create;
    CREATE_METHOD = payment_method::CREATE, METHOD, payment_method::create;
    UPDATE_METHOD = payment_method::UPDATE, METHOD, payment_method::update;
    ATTACH_METHOD = payment_method::ATTACH, METHOD, payment_method::attach;
    DETACH_METHOD = payment_method::DETACH, METHOD, payment_method::detach;
    CREATE_PAYMENT = payment_intent::CREATE, PAYMENT, payment_intent::create;
    CREATE_SETUP = setup_intent::CREATE, SETUP, setup_intent::create;
    CREATE_TEST_CLOCK = test_clock::CREATE, CLOCK, test_clock::create;
    CREATE_REFUND = refund::CREATE, REFUND, refund::create;
    CREATE_REFUND_OF_CHARGE = refund::CREATE_OF_CHARGE, REFUND, refund::create_of_charge;
    CREATE_ENDPOINT = webhook_endpoint::CREATE, ENDPOINT, webhook_endpoint::create;
}

on_one! {
    UPDATE_CUSTOMER = customer::UPDATE, CUSTOMER, customer::update;
    DELETE_CUSTOMER = customer::DELETE, CUSTOMER, delete_customer;
    CAPTURE_PAYMENT = payment_intent::CAPTURE, PAYMENT, payment_intent::capture;
    INCREMENT_PAYMENT = payment_intent::INCREMENT, PAYMENT, payment_intent::increment;
    CANCEL_PAYMENT = payment_intent::CANCEL, PAYMENT, payment_intent::cancel;
    UPDATE_SETUP = setup_intent::UPDATE, SETUP, setup_intent::update;
    CANCEL_SETUP = setup_intent::CANCEL, SETUP, setup_intent::cancel;
    UPDATE_CHARGE = charge::UPDATE, CHARGE, charge::update;
    ADVANCE_TEST_CLOCK = test_clock::ADVANCE, CLOCK, test_clock::advance;
    DELETE_TEST_CLOCK = test_clock::DELETE, CLOCK, delete_test_clock;
    REFUND_CHARGE = refund::CREATE_OF_CHARGE, CHARGE, refund::refund_charge;
    UPDATE_REFUND = refund::UPDATE, REFUND, refund::update;
    CANCEL_REFUND = refund::CANCEL, REFUND, refund::cancel;
    UPDATE_ENDPOINT = webhook_endpoint::UPDATE, ENDPOINT, webhook_endpoint::update;
    DELETE_ENDPOINT = webhook_endpoint::DELETE, ENDPOINT, webhook_endpoint::delete;
    ROLL_SECRET = webhook_endpoint::ROLL, ENDPOINT, webhook_endpoint::roll;
    RESEND_DELIVERY = delivery::RESEND, DELIVERY, delivery::resend;
    RETRY_EVENT = event::RETRY, EVENT, event::retry;
}

by_caller! {
    UPDATE_PAYMENT = payment_intent::UPDATE, PAYMENT, payment_intent::update;
    CONFIRM_PAYMENT = payment_intent::CONFIRM, PAYMENT, payment_intent::confirm;
    CONFIRM_SETUP = setup_intent::CONFIRM, SETUP, setup_intent::confirm;
}

/// Moves an order to its new total.
pub(crate) static CREATE_ADJUSTMENT: Operation = Operation {
    params: adjustment::CREATE,
    answer: ADJUSTMENT,
    size: Size::Large,
    parse: |args, cx| {
        let command = adjustment::create(args, cx)?;
        Ok(rule(move |case| command.clone().decide(case)))
    },
};

/// What an adjustment would do.
pub(crate) static PREVIEW_ADJUSTMENT: Operation = Operation {
    params: adjustment::CREATE,
    answer: ADJUSTMENT,
    size: Size::Large,
    parse: |args, cx| {
        let command = adjustment::create(args, cx)?;
        Ok(rule(move |case| preview::decide(&command, case)))
    },
};

/// Moves a test account to another country, or to another currency.
pub(crate) static UPDATE_ACCOUNT: Operation = Operation {
    params: account::UPDATE,
    answer: Answer::Object(Resource::Account),
    size: Size::Usual,
    parse: |args, cx| {
        let update = account::update(args, cx)?;
        Ok(Box::new(move |case| {
            let mut account = case.account().clone();
            update.apply(&mut account);
            Ok(Outcome::Account(Box::new(account)))
        }))
    },
};

/// A method of an alias, made by asking for it (`GET /v1/payment_methods/pm_card_visa`).
pub(crate) static METHOD_OF_ALIAS: Operation = Operation {
    params: payment_method::RETRIEVE,
    answer: METHOD,
    size: Size::Usual,
    parse: |_, cx| match payment_method::of_alias(cx)? {
        Some(command) => Ok(rule(move |case| command.clone().decide(case))),
        None => Err(onfile_wire::error::WireError::fault()),
    },
};

fn delete_customer(
    _args: &params::Args,
    _cx: &mut params::ParseCx<'_>,
) -> Result<onfile_domain::customer::delete::Delete, onfile_wire::error::WireError> {
    Ok(onfile_domain::customer::delete::Delete)
}

fn delete_test_clock(
    _args: &params::Args,
    _cx: &mut params::ParseCx<'_>,
) -> Result<onfile_domain::test_clock::delete::Delete, onfile_wire::error::WireError> {
    Ok(onfile_domain::test_clock::delete::Delete)
}
