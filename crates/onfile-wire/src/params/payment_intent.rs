//! The parameters of payment intents (`stripe-api.md` 2.2, 2.4 to 2.6).

mod parse;

pub(super) use parse::{automatic_or_given, given_types};
pub use parse::{cancel, capture, confirm, create, increment, list, update};

use super::method::{METHOD, METHOD_DATA, SOURCE};
use super::{
    EXPAND, Floor, Kind, METADATA, Param, TEXT_CHARS, card_options, contact, joined, list as lists,
    mandate,
};
use crate::page;
use crate::version::Change;

/// `off_session` says more than `true` with these.
const OFF_SESSION: &[&str] = &["one_off", "recurring"];
const USAGE: Kind = Kind::Word(&["off_session", "on_session"]);
const CAPTURE_METHOD: Kind = Kind::Word(&["automatic", "automatic_async", "manual"]);
const AMOUNT: Param = Param::new("amount", Kind::Amount(Floor::Charge));
const CURRENCY: Param = Param::new("currency", Kind::Currency);
const SUFFIX: Param = Param::text("statement_descriptor_suffix", TEXT_CHARS).unsettable();
/// Refused by a rule: an account here takes cards only.
const DESCRIPTOR: Param = Param::text("statement_descriptor", TEXT_CHARS).unsettable();
const DESCRIPTION: Param = Param::text("description", 1_000).unsettable();
const RECEIPT: Param = Param::new("receipt_email", Kind::Email).kept().unsettable().publishable();
const SHIPPING: Param = Param::hash("shipping", contact::SHIPPING).unsettable().publishable();
const SETUP: Param = Param::new("setup_future_usage", USAGE).unsettable().publishable();
const CUSTOMER: Param = Param::new("customer", Kind::Id);
const GROUP: Param = Param::text("transfer_group", TEXT_CHARS).unsettable();

/// What may pay.
pub(super) const TYPES: &[Param] = &[
    Param::list("allowed_payment_method_types", &Kind::Text(TEXT_CHARS), 100)
        .since(Change::AllowedMethodTypes),
    Param::list("payment_method_types", &Kind::Text(TEXT_CHARS), 100).until(Change::NoMethodTypes),
    Param::refused("excluded_payment_method_types", &[]),
];

/// `automatic_payment_methods`.
pub(super) const AUTOMATIC: Param = Param::hash(
    "automatic_payment_methods",
    &[
        Param::new("enabled", Kind::Boolean).required(),
        Param::new("allow_redirects", Kind::Word(&["always", "never"])),
    ],
);

/// What no call here serves: other accounts, taxes, lines of an order.
const UNSERVED: &[Param] = &[
    Param::refused("amount_details", &[]),
    Param::refused("hooks", &[]),
    Param::refused("payment_details", &[]),
];

/// Refused wherever an intent is made or changed.
const UNSERVED_MAKING: &[Param] = &[
    Param::refused("application_fee_amount", &["0"]),
    Param::refused("customer_account", &[]),
    Param::refused("payment_method_configuration", &[]),
    Param::refused("transfer_data", &[]),
];

/// What may come only with a confirmation.
const CONFIRMING: &[Param] = &[
    Param::new("error_on_requires_action", Kind::Boolean),
    Param::new("mandate", Kind::Id),
    mandate::MANDATE_DATA.publishable(),
    Param::new("off_session", Kind::BooleanOr(OFF_SESSION)),
    Param::new("return_url", Kind::Url).publishable(),
    Param::new("use_stripe_sdk", Kind::Boolean).publishable(),
    Param::refused("confirmation_token", &[]),
    Param::refused("radar_options", &[]),
];

/// What a payment may say of itself when it is made and when it is changed, behind its method.
const DETAILS: &[Param] = &[
    METHOD_DATA,
    SOURCE,
    card_options::OPTIONS,
    RECEIPT,
    SETUP,
    SHIPPING,
    DESCRIPTOR,
    SUFFIX,
    GROUP,
    EXPAND,
];

/// `POST /v1/payment_intents`.
pub const CREATE: &[Param] = joined!(
    &[
        AMOUNT.required(),
        CURRENCY.required(),
        AUTOMATIC,
        Param::new("capture_method", CAPTURE_METHOD),
        Param::new("confirm", Kind::Boolean),
        Param::new("confirmation_method", Kind::Word(&["automatic", "manual"])),
        CUSTOMER.unsettable(),
        DESCRIPTION,
        METADATA,
        METHOD,
    ],
    DETAILS,
    &[Param::refused("on_behalf_of", &[]), Param::refused("save_payment_method", &["false"])],
    TYPES,
    CONFIRMING,
    UNSERVED,
    UNSERVED_MAKING,
);

/// `POST /v1/payment_intents/:id`.
pub const UPDATE: &[Param] = joined!(
    &[
        AMOUNT,
        CURRENCY,
        Param::new("capture_method", CAPTURE_METHOD),
        CUSTOMER.unsettable(),
        DESCRIPTION,
        METADATA,
        METHOD.unsettable(),
    ],
    DETAILS,
    &[Param::refused("save_payment_method", &["false"])],
    TYPES,
    UNSERVED,
    UNSERVED_MAKING,
);

/// `POST /v1/payment_intents/:id/confirm`.
pub const CONFIRM: &[Param] = joined!(
    &[
        Param::refused("amount_to_confirm", &[]).since(Change::AmountToConfirm),
        Param::new("capture_method", CAPTURE_METHOD),
        Param::new("client_secret", Kind::Id).publishable(),
        METHOD,
        METHOD_DATA,
        SOURCE,
        card_options::OPTIONS,
        RECEIPT,
        SETUP,
        SHIPPING,
        EXPAND,
    ],
    TYPES,
    CONFIRMING,
    UNSERVED,
);

/// `POST /v1/payment_intents/:id/capture`.
pub const CAPTURE: &[Param] = joined!(
    &[
        Param::new("amount_to_capture", Kind::Amount(Floor::Nothing)),
        Param::refused("application_fee_amount", &["0"]),
        Param::new("final_capture", Kind::Boolean),
        METADATA,
        DESCRIPTOR,
        SUFFIX,
        Param::refused("transfer_data", &[]),
        EXPAND,
    ],
    UNSERVED,
);

/// `POST /v1/payment_intents/:id/increment_authorization`.
pub const INCREMENT: &[Param] = joined!(
    &[
        // The new total.
        Param::new("amount", Kind::Amount(Floor::One)).required(),
        Param::refused("application_fee_amount", &["0"]),
        DESCRIPTION,
        METADATA,
        DESCRIPTOR,
        Param::refused("transfer_data", &[]),
        EXPAND,
    ],
    UNSERVED,
);

/// `POST /v1/payment_intents/:id/cancel`.
pub const CANCEL: &[Param] = &[
    Param::new(
        "cancellation_reason",
        Kind::Word(&["abandoned", "duplicate", "fraudulent", "requested_by_customer"]),
    )
    .unsettable(),
    EXPAND,
];

/// `GET /v1/payment_intents/:id`.
pub const RETRIEVE: &[Param] = &[Param::new("client_secret", Kind::Id).publishable(), EXPAND];

/// `GET /v1/payment_intents`.
pub const LIST: &[Param] = joined!(
    &[page::CREATED, Param::new("customer", Kind::Id), Param::refused("customer_account", &[])],
    lists::PAGE,
);
