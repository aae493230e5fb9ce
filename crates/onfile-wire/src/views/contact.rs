//! Addresses, notes and other parts that many objects have.

use onfile_domain::contact::{Address, BillingDetails, Metadata, Shipping};
use onfile_domain::payment_method::{Check, Checks};

use crate::json::{Json, Object};
use crate::version::{Change, Version};

/// An address with all of its keys.
pub(super) fn address(address: &Address, w: &mut Json) {
    w.object(|o| {
        o.opt_text("city", address.city.as_deref());
        o.opt_text("country", address.country.as_deref());
        o.opt_text("line1", address.line1.as_deref());
        o.opt_text("line2", address.line2.as_deref());
        o.opt_text("postal_code", address.postal_code.as_deref());
        o.opt_text("state", address.state.as_deref());
    });
}

/// `billing_details`.
pub(super) fn billing_details(details: &BillingDetails, o: &mut Object<'_>, version: Version) {
    o.object("billing_details", |o| {
        address(&details.address, o.field("address"));
        o.opt_text("email", details.email.as_deref());
        o.opt_text("name", details.name.as_deref());
        o.opt_text("phone", details.phone.as_deref());
        if version.has(Change::AddedFields) {
            o.opt_text("tax_id", details.tax_id.as_deref());
        }
    });
}

/// `shipping` of intents and charges.
pub(super) fn shipping(shipping: Option<&Shipping>, o: &mut Object<'_>) {
    let Some(shipping) = shipping else {
        return o.null("shipping");
    };
    o.object("shipping", |o| {
        address(&shipping.address, o.field("address"));
        o.opt_text("carrier", shipping.carrier.as_deref());
        o.opt_text("name", shipping.name.as_deref());
        o.opt_text("phone", shipping.phone.as_deref());
        o.opt_text("tracking_number", shipping.tracking_number.as_deref());
    });
}

/// `metadata`.
pub(super) fn metadata(metadata: &Metadata, o: &mut Object<'_>) {
    o.map("metadata", |o| {
        for (key, value) in metadata {
            o.entry(key).text(value);
        }
    });
}

/// `checks` of a card.
pub(super) fn checks(checks: &Checks, o: &mut Object<'_>) {
    o.object("checks", |o| {
        let word = |check: Option<Check>| check.map(Check::as_str);
        o.opt_text("address_line1_check", word(checks.address_line1));
        o.opt_text("address_postal_code_check", word(checks.address_postal_code));
        o.opt_text("cvc_check", word(checks.cvc));
    });
}

/// `customer_account` beside a customer's id; no customer here has one.
pub(super) fn customer_account(o: &mut Object<'_>, version: Version) {
    if version.has(Change::AddedFields) {
        o.null("customer_account");
    }
}
