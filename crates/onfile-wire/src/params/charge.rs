//! The parameters of charges (`stripe-api.md` 6.4).

use onfile_domain::charge::update::Update;
use onfile_domain::command::{Patch, Ref};

use super::{
    Args, EXPAND, Kind, ListFilter, METADATA, Param, ParseCx, TEXT_CHARS, contact, joined,
    list as lists,
};
use crate::error::WireError;
use crate::page;

/// The longest description, in characters.
const DESCRIPTION_CHARS: usize = 40_000;

const FRAUD_DETAILS: &[Param] =
    &[Param::new("user_report", Kind::Word(&["fraudulent", "safe"])).required().unsettable()];

/// `POST /v1/charges/:id`.
pub const UPDATE: &[Param] = &[
    Param::new("customer", Kind::Id),
    Param::text("description", DESCRIPTION_CHARS).unsettable(),
    EXPAND,
    Param::hash("fraud_details", FRAUD_DETAILS).kept(),
    METADATA,
    Param::new("receipt_email", Kind::Email).kept().unsettable(),
    Param::hash("shipping", contact::SHIPPING).unsettable(),
    Param::text("transfer_group", TEXT_CHARS).unsettable(),
];

/// `GET /v1/charges/:id`.
pub const RETRIEVE: &[Param] = &[EXPAND];

/// `GET /v1/charges`.
pub const LIST: &[Param] = joined!(
    &[
        page::CREATED,
        Param::new("customer", Kind::Id),
        Param::new("payment_intent", Kind::Id),
        Param::text("transfer_group", TEXT_CHARS),
    ],
    lists::PAGE,
);

/// Reads [`UPDATE`].
///
/// # Errors
/// None beyond the table's.
pub fn update(args: &Args, _cx: &mut ParseCx<'_>) -> Result<Update, WireError> {
    let fraud = args.hash("fraud_details");
    Ok(Update {
        customer: args.text("customer").map(Ref::new),
        description: args.patch_string("description"),
        user_report: fraud.map_or(Patch::Absent, |fraud| fraud.patch_word("user_report")),
        metadata: args.metadata("metadata"),
        receipt_email: args.patch_string("receipt_email"),
        shipping: args.patch_hash("shipping").map(contact::shipping),
        transfer_group: args.patch_string("transfer_group"),
    })
}

/// Reads [`LIST`].
///
/// # Errors
/// None beyond the table's.
pub fn list(args: &Args) -> Result<ListFilter, WireError> {
    ListFilter::parse(args)
}
