//! The parameters of customers (`stripe-api.md` 7.1).

use onfile_domain::command::{Patch, Ref};
use onfile_domain::customer::create::{Create, DefaultMethod};
use onfile_domain::customer::update::Update;

use super::method::{self, METHOD, REDISPLAY};
use super::{
    Args, EXPAND, Kind, ListFilter, METADATA, Param, ParamError, ParseCx, TEXT_CHARS, contact,
    joined, list as lists,
};
use crate::error::WireError;
use crate::page;

/// The longest email address, in characters.
const EMAIL_CHARS: usize = 512;

const INVOICE_SETTINGS: &[Param] = &[
    Param::refused("custom_fields", &[]),
    Param::new("default_payment_method", Kind::Id).unsettable(),
    Param::text("footer", TEXT_CHARS).kept().unsettable(),
    Param::refused("rendering_options", &[]),
];

const BOTH: &[Param] = &[
    Param::hash("address", contact::ADDRESS).unsettable(),
    Param::new("balance", Kind::Integer { least: None }).kept(),
    Param::text("business_name", 150).unsettable(),
    Param::refused("cash_balance", &[]),
    Param::text("description", TEXT_CHARS).unsettable(),
    Param::new("email", Kind::Email).unsettable(),
    EXPAND,
    Param::text("individual_name", 150).unsettable(),
    Param::text("invoice_prefix", 12).kept(),
    Param::hash("invoice_settings", INVOICE_SETTINGS),
    METADATA,
    Param::text("name", 256).unsettable(),
    Param::new("next_invoice_sequence", Kind::Integer { least: Some(1) }).kept(),
    Param::text("phone", 20).unsettable(),
    Param::list("preferred_locales", &Kind::Text(TEXT_CHARS), 100).unsettable(),
    Param::hash("shipping", contact::CUSTOMER_SHIPPING).unsettable(),
    Param::refused("source", &[]),
    Param::refused("tax", &[]),
    Param::new("tax_exempt", Kind::Word(&["exempt", "none", "reverse"])).kept().unsettable(),
];

/// `POST /v1/customers`.
pub const CREATE: &[Param] = joined!(
    BOTH,
    &[METHOD, Param::refused("tax_id_data", &[]), Param::new("test_clock", Kind::Id)],
);

/// `POST /v1/customers/:id`.
pub const UPDATE: &[Param] = joined!(
    BOTH,
    &[
        Param::refused("bank_account", &[]),
        Param::refused("card", &[]),
        Param::refused("default_alipay_account", &[]),
        Param::refused("default_bank_account", &[]),
        Param::refused("default_card", &[]),
        Param::refused("default_source", &[]),
    ],
);

/// `GET /v1/customers/:id`.
pub const RETRIEVE: &[Param] = &[EXPAND];

/// `DELETE /v1/customers/:id`.
pub const DELETE: &[Param] = &[EXPAND];

/// `GET /v1/customers`.
pub const LIST: &[Param] = joined!(
    &[page::CREATED, Param::text("email", EMAIL_CHARS), Param::new("test_clock", Kind::Id)],
    lists::PAGE,
);

/// `GET /v1/customers/:id/payment_methods`.
pub const LIST_METHODS: &[Param] = joined!(
    &[Param::new("allow_redisplay", Kind::Word(REDISPLAY)), Param::text("type", TEXT_CHARS)],
    lists::PAGE,
);

/// Reads [`CREATE`].
///
/// # Errors
/// A test card of a later issue.
pub fn create(args: &Args, cx: &mut ParseCx<'_>) -> Result<Create, WireError> {
    let settings = args.hash("invoice_settings");
    let attached = args.text("payment_method");
    let default = settings.and_then(|settings| settings.text("default_payment_method"));
    let method = match attached {
        None => None,
        Some(id) => Some(method::by_id(id, "payment_method", cx)?),
    };
    Ok(Create {
        address: args.hash("address").map(contact::address),
        balance: args.int("balance").unwrap_or(0),
        business_name: args.string("business_name"),
        description: args.string("description"),
        email: args.string("email"),
        individual_name: args.string("individual_name"),
        invoice_prefix: prefix(args)?,
        invoice_footer: settings.and_then(|settings| settings.string("footer")),
        default_method: default.map(|id| match attached {
            Some(attached) if attached == id => DefaultMethod::TheAttached,
            Some(_) | None => DefaultMethod::Other(id.to_owned()),
        }),
        metadata: contact::metadata(args),
        name: args.string("name"),
        next_invoice_sequence: args.int("next_invoice_sequence"),
        method,
        phone: args.string("phone"),
        preferred_locales: locales(args),
        shipping: args.hash("shipping").map(contact::shipping),
        tax_exempt: args.word("tax_exempt"),
        test_clock: args.text("test_clock").map(Ref::new),
    })
}

/// Reads [`UPDATE`].
///
/// # Errors
/// A prefix that invoices can't have.
pub fn update(args: &Args, _cx: &mut ParseCx<'_>) -> Result<Update, WireError> {
    let settings = args.hash("invoice_settings");
    let setting = |name| match settings {
        Some(settings) => settings.patch_string(name),
        None => Patch::Absent,
    };
    Ok(Update {
        address: args.patch_hash("address").map(contact::address_patch),
        balance: args.int("balance"),
        business_name: args.patch_string("business_name"),
        description: args.patch_string("description"),
        email: args.patch_string("email"),
        individual_name: args.patch_string("individual_name"),
        invoice_prefix: prefix(args)?,
        invoice_footer: setting("footer"),
        default_method: setting("default_payment_method").map(Ref::new),
        metadata: args.metadata("metadata"),
        name: args.patch_string("name"),
        next_invoice_sequence: args.int("next_invoice_sequence"),
        phone: args.patch_string("phone"),
        preferred_locales: args.patch_list("preferred_locales").map(|_| locales(args)),
        shipping: args.patch_hash("shipping").map(contact::shipping_patch),
        tax_exempt: args.patch_word("tax_exempt"),
    })
}

/// Reads [`LIST`].
///
/// # Errors
/// None beyond the table's.
pub fn list(args: &Args) -> Result<ListFilter, WireError> {
    ListFilter::parse(args)
}

/// Reads [`LIST_METHODS`].
///
/// # Errors
/// None beyond the table's.
pub fn list_methods(args: &Args) -> Result<ListFilter, WireError> {
    ListFilter::parse(args)
}

fn locales(args: &Args) -> Vec<String> {
    args.texts("preferred_locales").into_iter().map(str::to_owned).collect()
}

/// The head of invoice numbers: 3 to 12 capital letters or digits.
fn prefix(args: &Args) -> Result<Option<String>, ParamError> {
    let Some(prefix) = args.string("invoice_prefix") else {
        return Ok(None);
    };
    let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    if prefix.len() < 3 || !prefix.chars().all(plain) {
        let message = "The invoice prefix must be 3 to 12 uppercase letters or numbers.";
        return Err(ParamError::rule("invoice_prefix", message));
    }
    Ok(Some(prefix))
}
