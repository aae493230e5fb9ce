//! The parameters of refunds (`stripe-api.md` 6.6).

use onfile_domain::command::Ref;
use onfile_domain::refund::Wish;
use onfile_domain::refund::cancel::Cancel;
use onfile_domain::refund::create::{Create, Of, RefundCharge};
use onfile_domain::refund::update::Update;

use super::{
    Args, EXPAND, Floor, Kind, ListFilter, METADATA, Param, ParseCx, joined, list as lists,
};
use crate::error::WireError;
use crate::page;

const REASONS: &[&str] = &["duplicate", "fraudulent", "requested_by_customer"];

/// `POST /v1/charges/:id/refunds`, and `/refund`.
pub const CREATE_OF_CHARGE: &[Param] = &[
    Param::new("amount", Kind::Amount(Floor::One)),
    EXPAND,
    Param::new("instructions_email", Kind::Email).kept(),
    METADATA,
    Param::new("reason", Kind::Word(REASONS)),
    Param::refused("refund_application_fee", &["false"]),
    Param::refused("reverse_transfer", &["false"]),
];

/// `POST /v1/refunds`.
pub const CREATE: &[Param] = joined!(
    &[
        Param::new("charge", Kind::Id).needed("this or `payment_intent` is required"),
        Param::refused("currency", &[]),
        Param::refused("customer", &[]),
        Param::refused("origin", &[]),
        Param::new("payment_intent", Kind::Id).needed("this or `charge` is required"),
    ],
    CREATE_OF_CHARGE,
);

/// `GET /v1/refunds/:id`.
pub const RETRIEVE: &[Param] = &[EXPAND];

/// `POST /v1/refunds/:id`.
pub const UPDATE: &[Param] = &[EXPAND, METADATA];

/// `POST /v1/refunds/:id/cancel`.
pub const CANCEL: &[Param] = &[EXPAND];

/// `GET /v1/refunds`.
pub const LIST: &[Param] = joined!(
    &[Param::new("charge", Kind::Id), page::CREATED, Param::new("payment_intent", Kind::Id)],
    lists::PAGE,
);

/// `GET /v1/charges/:id/refunds`.
pub const LIST_OF_CHARGE: &[Param] = lists::PAGE;

/// Reads [`CREATE`].
///
/// # Errors
/// Neither a charge nor a payment intent is named.
pub fn create(args: &Args, _cx: &mut ParseCx<'_>) -> Result<Create, WireError> {
    let charge = args.text("charge").map(Ref::new);
    let of = match (args.text("payment_intent").map(Ref::new), charge) {
        (Some(intent), charge) => Of::Payment { intent, charge },
        (None, Some(charge)) => Of::Charge(charge),
        (None, None) => {
            let message = "One of the following params should be provided for this request: \
                           payment_intent or charge.";
            return Err(WireError::invalid(message));
        }
    };
    Ok(Create { of, wish: wish(args) })
}

/// Reads [`CREATE_OF_CHARGE`] for the call that answers with the refund.
///
/// # Errors
/// None beyond the table's.
pub fn create_of_charge(args: &Args, cx: &mut ParseCx<'_>) -> Result<Create, WireError> {
    Ok(Create { of: Of::Charge(Ref::new(cx.id)), wish: wish(args) })
}

/// Reads [`CREATE_OF_CHARGE`] for the call that answers with the charge.
///
/// # Errors
/// None beyond the table's.
pub fn refund_charge(args: &Args, _cx: &mut ParseCx<'_>) -> Result<RefundCharge, WireError> {
    Ok(RefundCharge(wish(args)))
}

fn wish(args: &Args) -> Wish {
    Wish {
        amount: args.int("amount"),
        reason: args.word("reason"),
        metadata: args.metadata("metadata"),
        instructions_email: args.string("instructions_email"),
    }
}

/// Reads [`UPDATE`].
///
/// # Errors
/// None beyond the table's.
pub fn update(args: &Args, _cx: &mut ParseCx<'_>) -> Result<Update, WireError> {
    Ok(Update { metadata: args.metadata("metadata") })
}

/// Reads [`CANCEL`].
///
/// # Errors
/// None beyond the table's.
pub fn cancel(_args: &Args, _cx: &mut ParseCx<'_>) -> Result<Cancel, WireError> {
    Ok(Cancel)
}

/// Reads [`LIST`].
///
/// # Errors
/// None beyond the table's.
pub fn list(args: &Args) -> Result<ListFilter, WireError> {
    ListFilter::parse(args)
}
