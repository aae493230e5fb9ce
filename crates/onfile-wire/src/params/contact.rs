//! Addresses, parcels and billing details, as several resources take them.

use onfile_domain::command::Patch;
use onfile_domain::contact::{Address, BillingDetails, Metadata, Shipping};
use onfile_domain::customer::update::{AddressPatch, ShippingPatch};
use onfile_domain::payment_method::update::BillingDetailsPatch;

use super::{Args, Kind, Param, TEXT_CHARS, joined, open};
use crate::version::Change;

/// A postal address.
pub(super) const ADDRESS: &[Param] = &open([
    Param::text("city", TEXT_CHARS).unsettable(),
    Param::text("country", TEXT_CHARS).unsettable(),
    Param::text("line1", TEXT_CHARS).unsettable(),
    Param::text("line2", TEXT_CHARS).unsettable(),
    Param::text("postal_code", TEXT_CHARS).unsettable(),
    Param::text("state", TEXT_CHARS).unsettable(),
]);

/// Where a customer's goods go.
pub(super) const CUSTOMER_SHIPPING: &[Param] = &open([
    Param::hash("address", ADDRESS).required(),
    Param::text("name", TEXT_CHARS).required(),
    Param::text("phone", TEXT_CHARS).unsettable(),
]);

/// Where a payment's goods go.
pub(super) const SHIPPING: &[Param] = joined!(
    CUSTOMER_SHIPPING,
    &open([
        Param::text("carrier", TEXT_CHARS).unsettable(),
        Param::text("tracking_number", TEXT_CHARS).unsettable(),
    ]),
);

/// Who is billed.
pub(super) const BILLING_DETAILS: &[Param] = &open([
    Param::hash("address", ADDRESS).unsettable(),
    Param::new("email", Kind::Email).unsettable(),
    Param::text("name", TEXT_CHARS).unsettable(),
    Param::text("phone", TEXT_CHARS).unsettable(),
    Param::text("tax_id", TEXT_CHARS).unsettable().since(Change::TaxId),
]);

/// Reads [`ADDRESS`] whole.
pub(super) fn address(args: &Args) -> Address {
    Address {
        city: args.string("city"),
        country: args.string("country"),
        line1: args.string("line1"),
        line2: args.string("line2"),
        postal_code: args.string("postal_code"),
        state: args.string("state"),
    }
}

/// Reads [`ADDRESS`] leaf by leaf.
pub(super) fn address_patch(args: &Args) -> AddressPatch {
    AddressPatch {
        city: args.patch_string("city"),
        country: args.patch_string("country"),
        line1: args.patch_string("line1"),
        line2: args.patch_string("line2"),
        postal_code: args.patch_string("postal_code"),
        state: args.patch_string("state"),
    }
}

/// Reads [`CUSTOMER_SHIPPING`] or [`SHIPPING`].
pub(super) fn shipping(args: &Args) -> Shipping {
    let parcel = |name| args.declares(name).then(|| args.string(name)).flatten();
    Shipping {
        address: args.hash("address").map(address).unwrap_or_default(),
        carrier: parcel("carrier"),
        name: args.string("name"),
        phone: args.string("phone"),
        tracking_number: parcel("tracking_number"),
    }
}

/// Reads [`CUSTOMER_SHIPPING`] leaf by leaf.
pub(super) fn shipping_patch(args: &Args) -> ShippingPatch {
    ShippingPatch {
        address: args.hash("address").map(address_patch),
        name: args.patch_string("name"),
        phone: args.patch_string("phone"),
    }
}

/// Reads [`BILLING_DETAILS`] whole.
pub(super) fn billing_details(args: &Args) -> BillingDetails {
    BillingDetails {
        address: args.hash("address").map(address).unwrap_or_default(),
        email: args.string("email"),
        name: args.string("name"),
        phone: args.string("phone"),
        tax_id: args.string("tax_id"),
    }
}

/// Reads [`BILLING_DETAILS`] leaf by leaf.
pub(super) fn billing_patch(args: &Args) -> BillingDetailsPatch {
    BillingDetailsPatch {
        address: args.patch_hash("address").map(address),
        email: args.patch_string("email"),
        name: args.patch_string("name"),
        phone: args.patch_string("phone"),
        tax_id: args.patch_string("tax_id"),
    }
}

/// The metadata of something new.
pub(super) fn metadata(args: &Args) -> Metadata {
    match args.metadata("metadata").0 {
        Patch::Absent | Patch::Unset => Metadata::new(),
        Patch::Set(pairs) => pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
    }
}
