//! The parameters of payment methods (`stripe-api.md` 3.4, 7.2).

use onfile_domain::command::{MethodChoice, Ref};
use onfile_domain::payment_method::attach::Attach;
use onfile_domain::payment_method::create::Create;
use onfile_domain::payment_method::detach::Detach;
use onfile_domain::payment_method::update::Update;

use super::method::{self, DATA, REDISPLAY};
use super::{
    Args, EXPAND, Kind, ListFilter, METADATA, Param, ParseCx, TEXT_CHARS, card, contact, joined,
    list as lists,
};
use crate::error::{Place, Thing, WireError};

/// `POST /v1/payment_methods`.
pub const CREATE: &[Param] = joined!(
    DATA,
    &[
        EXPAND,
        Param::refused("custom", &[]),
        // Refused by a rule, with the reason.
        Param::new("customer", Kind::Id),
        Param::refused("payment_method", &[]),
    ],
);

const CARD_UPDATE: &[Param] = &[
    Param::new("exp_month", Kind::Integer { least: None }),
    Param::new("exp_year", Kind::Integer { least: None }),
    Param::hash("networks", card::NETWORKS),
];

/// `POST /v1/payment_methods/:id`.
pub const UPDATE: &[Param] = &[
    Param::new("allow_redisplay", Kind::Word(REDISPLAY)),
    Param::hash("billing_details", contact::BILLING_DETAILS),
    Param::hash("card", CARD_UPDATE),
    EXPAND,
    METADATA,
    Param::refused("payto", &[]),
    Param::refused("us_bank_account", &[]),
];

/// `POST /v1/payment_methods/:id/attach`.
pub const ATTACH: &[Param] =
    &[Param::new("customer", Kind::Id), Param::refused("customer_account", &[]), EXPAND];

/// `POST /v1/payment_methods/:id/detach`.
pub const DETACH: &[Param] = &[EXPAND];

/// `GET /v1/payment_methods/:id`.
pub const RETRIEVE: &[Param] = &[EXPAND];

/// `GET /v1/payment_methods`.
pub const LIST: &[Param] = joined!(
    &[
        Param::new("allow_redisplay", Kind::Word(REDISPLAY)),
        Param::new("customer", Kind::Id),
        Param::refused("customer_account", &[]),
        Param::text("type", TEXT_CHARS),
    ],
    lists::PAGE,
);

/// Reads [`CREATE`].
///
/// # Errors
/// A customer, another kind than a card, or a card that is none.
pub fn create(args: &Args, cx: &mut ParseCx<'_>) -> Result<Create, WireError> {
    if args.has("customer") {
        let message = "You cannot attach a PaymentMethod to a Customer during PaymentMethod \
                       creation. Please instead create the PaymentMethod and then attach it \
                       using the attachment method of the PaymentMethods API.";
        return Err(WireError::invalid(message));
    }
    Ok(Create { new: method::new_method(args, "", cx)? })
}

/// Reads [`UPDATE`].
///
/// # Errors
/// An expiry that can't be.
pub fn update(args: &Args, cx: &mut ParseCx<'_>) -> Result<Update, WireError> {
    let card = args.hash("card");
    let (month, year) = match card {
        Some(card) => expiry(card, cx)?,
        None => (None, None),
    };
    let networks = card.and_then(|card| card.hash("networks"));
    Ok(Update {
        method: Ref::new(cx.id),
        allow_redisplay: args.word("allow_redisplay"),
        billing_details: args.hash("billing_details").map(contact::billing_patch),
        exp_month: month,
        exp_year: year,
        preferred_network: networks
            .map(|networks| networks.patch_string("preferred"))
            .unwrap_or_default(),
        metadata: args.metadata("metadata"),
    })
}

/// Reads [`ATTACH`].
///
/// # Errors
/// No customer, or a test card of a later issue.
pub fn attach(args: &Args, cx: &mut ParseCx<'_>) -> Result<Attach, WireError> {
    let Some(customer) = args.text("customer") else {
        let message = "Must provide customer or customer_account.";
        return Err(WireError::invalid(message).code("parameter_missing"));
    };
    let method = method::by_id(cx.id, "payment_method", cx)?;
    Ok(Attach { method, customer: Ref::new(customer) })
}

/// Reads [`DETACH`].
///
/// # Errors
/// None beyond the table's.
pub fn detach(_args: &Args, cx: &mut ParseCx<'_>) -> Result<Detach, WireError> {
    Ok(Detach { method: Ref::new(cx.id) })
}

/// What `GET /v1/payment_methods/pm_card_visa` makes: a method of that alias; `None` where the
/// path names no alias.
///
/// # Errors
/// An alias that nobody knows, or of a later issue.
pub fn of_alias(cx: &mut ParseCx<'_>) -> Result<Option<Create>, WireError> {
    if !cx.id.starts_with("pm_card_") {
        return Ok(None);
    }
    match method::by_id(cx.id, "payment_method", cx)? {
        MethodChoice::New(new) => Ok(Some(Create { new: *new })),
        MethodChoice::Known(known) => {
            Err(WireError::no_such(Thing::PaymentMethod, &known.text, Place::Path))
        }
    }
}

/// Reads [`LIST`].
///
/// # Errors
/// None beyond the table's.
pub fn list(args: &Args) -> Result<ListFilter, WireError> {
    ListFilter::parse(args)
}

/// Half an expiry is checked for what it says; the rest stays as it was.
fn expiry(card: &Args, cx: &ParseCx<'_>) -> Result<(Option<u8>, Option<i64>), WireError> {
    let (this_year, _) = cx.now.year_month();
    match (card.int("exp_month"), card.int("exp_year")) {
        (None, None) => Ok((None, None)),
        (Some(month), Some(year)) => {
            let expiry = card::expiry(month, year, cx.now)?;
            Ok((Some(expiry.month), Some(expiry.year)))
        }
        (Some(month), None) => Ok((Some(card::expiry(month, this_year + 1, cx.now)?.month), None)),
        (None, Some(year)) => Ok((None, Some(card::expiry(12, year, cx.now)?.year))),
    }
}
