//! The parameters of adjustments: ours, under `/onfile/v1`.

use onfile_domain::adjustment::create::Create;
use onfile_domain::adjustment::{LineItem, Lines};
use onfile_domain::command::Ref;

use super::{
    Arg, Args, EXPAND, Floor, Kind, ListFilter, METADATA, Param, ParamError, ParseCx, TEXT_CHARS,
    contact, joined, list as lists,
};
use crate::error::WireError;
use crate::page;

/// How many lines an order may have.
const LINES: usize = 250;

/// One line of an order.
const LINE: Kind = Kind::Hash(&[
    Param::new("quantity", Kind::Integer { least: Some(0) }),
    Param::new("unit_amount", Kind::Amount(Floor::Nothing)).required(),
]);

/// `POST /onfile/v1/adjustments`, and `…/preview`.
pub const CREATE: &[Param] = &[
    Param::new("payment_intent", Kind::Id).required(),
    Param::new("amount", Kind::Amount(Floor::Zero)).needed("this or `line_items` is required"),
    Param::new("currency", Kind::Currency),
    Param::list("line_items", &LINE, LINES).needed("this or `amount` is required"),
    METADATA,
    Param::text("reason", TEXT_CHARS),
    Param::hash("shipping", contact::SHIPPING).unsettable(),
    Param::new("shipping_cost", Kind::Amount(Floor::Zero)),
    Param::new("tax", Kind::Amount(Floor::Zero)),
    EXPAND,
];

/// `GET /onfile/v1/adjustments/:id`.
pub const RETRIEVE: &[Param] = &[EXPAND];

/// `GET /onfile/v1/adjustments`.
pub const LIST: &[Param] =
    joined!(&[Param::new("payment_intent", Kind::Id), page::CREATED], lists::PAGE);

/// Reads [`CREATE`].
///
/// # Errors
/// Where the total is said twice, not at all, or is below nothing.
pub fn create(args: &Args, _cx: &mut ParseCx<'_>) -> Result<Create, WireError> {
    let payment_intent = args.text("payment_intent").unwrap_or_default();
    let lines = lines(args)?;
    let total = match (&lines, args.int("amount")) {
        (None, None) => return Err(ParamError::Missing("amount".to_owned()).into()),
        (None, Some(amount)) => amount,
        // No amount is that large: the rule says so.
        (Some(lines), _) => lines.total().unwrap_or(i64::MAX),
    };
    if total < 0 {
        return Err(ParamError::Negative("line_items".to_owned()).into());
    }
    Ok(Create {
        payment_intent: Ref::new(payment_intent),
        total,
        lines,
        currency: args.currency("currency"),
        shipping: args.patch_hash("shipping").map(contact::shipping),
        reason: args.string("reason"),
        metadata: contact::metadata(args),
    })
}

/// What the total is the sum of, where the call says so.
fn lines(args: &Args) -> Result<Option<Lines>, ParamError> {
    let parts = ["line_items", "shipping_cost", "tax"];
    let Some(given) = parts.into_iter().find(|part| args.has(part)) else { return Ok(None) };
    if args.has("amount") {
        return Err(ParamError::Exclusive(vec!["amount", given]));
    }
    if !args.has("line_items") {
        // A cost alone would be taken for the whole order.
        return Err(ParamError::Missing("line_items".to_owned()));
    }
    let items = args.list("line_items").iter().filter_map(|arg| match arg {
        Arg::Hash(line) => Some(LineItem {
            quantity: line.int("quantity").unwrap_or(1),
            unit_amount: line.int("unit_amount").unwrap_or_default(),
        }),
        _ => None,
    });
    Ok(Some(Lines {
        items: items.collect(),
        shipping_cost: args.int("shipping_cost").unwrap_or_default(),
        tax: args.int("tax").unwrap_or_default(),
    }))
}

/// Reads [`LIST`].
///
/// # Errors
/// None beyond the table's.
pub fn list(args: &Args) -> Result<ListFilter, WireError> {
    ListFilter::parse(args)
}
