//! A customer, and what is left of a deleted one (`stripe-api.md` 7.1).

use onfile_domain::contact::Shipping;
use onfile_domain::customer::Customer;
use onfile_domain::id::CustomerId;

use super::contact::{address, metadata};
use crate::json::{Json, Object};
use crate::version::Change;
use crate::view::{Show, ViewCx};

impl Show for Customer {
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        if self.deleted { show_deleted(self.id, w) } else { show_whole(self, w, cx) }
    }
}

/// Writes that a customer is deleted, and nothing else.
pub fn show_deleted(customer: CustomerId, w: &mut Json) {
    w.map(|o| {
        o.entry("id").id(customer);
        o.entry("object").text("customer");
        o.entry("deleted").flag(true);
    });
}

/// Writes a customer as it was, deleted or not: what `customer.deleted` carries.
pub fn show_whole(customer: &Customer, w: &mut Json, cx: &mut ViewCx<'_>) {
    let version = cx.frame.version;
    w.object(|o| {
        o.id("id", customer.id);
        o.text("object", "customer");
        match &customer.address {
            Some(it) => address(it, o.field("address")),
            None => o.null("address"),
        }
        o.int("balance", customer.balance);
        if let Some(name) = &customer.business_name {
            o.text("business_name", name);
        }
        if cx.expand.wants("cash_balance").is_some() {
            o.null("cash_balance");
        }
        o.int("created", customer.created.0);
        o.opt_text("currency", customer.currency.as_ref().map(|it| it.code()));
        if version.has(Change::CustomerAccount) {
            o.null("customer_account");
        }
        o.null("default_source");
        o.flag("delinquent", false);
        o.opt_text("description", customer.description.as_deref());
        o.null("discount");
        o.opt_text("email", customer.email.as_deref());
        if let Some(name) = &customer.individual_name {
            o.text("individual_name", name);
        }
        if cx.expand.wants("invoice_credit_balance").is_some() {
            o.object("invoice_credit_balance", |_| {});
        }
        o.text("invoice_prefix", &customer.invoice_prefix);
        invoice_settings(customer, o, cx);
        o.flag("livemode", cx.frame.livemode);
        metadata(&customer.metadata, o);
        o.opt_text("name", customer.name.as_deref());
        o.int("next_invoice_sequence", customer.next_invoice_sequence);
        o.opt_text("phone", customer.phone.as_deref());
        o.list("preferred_locales", |l| {
            customer.preferred_locales.iter().for_each(|it| l.text(it));
        });
        shipping(customer.shipping.as_ref(), o);
        included_lists(customer, Lists::UpToT, o, cx);
        if cx.expand.wants("tax").is_some() {
            o.object("tax", tax);
        }
        o.text("tax_exempt", customer.tax_exempt.as_str());
        included_lists(customer, Lists::TaxIds, o, cx);
        cx.reference(o, "test_clock", customer.test_clock);
    });
}

/// No taxes are counted here, so where a customer lives is never looked up.
fn tax(o: &mut Object<'_>) {
    o.text("automatic_tax", "not_collecting");
    o.null("ip_address");
    o.null("location");
    o.text("provider", "stripe");
}

fn invoice_settings(customer: &Customer, o: &mut Object<'_>, cx: &mut ViewCx<'_>) {
    let mut cx = cx.inside(cx.expand.inside("invoice_settings"));
    o.object("invoice_settings", |o| {
        o.null("custom_fields");
        let method = customer.default_payment_method;
        cx.reference(o, "default_payment_method", method);
        o.opt_text("footer", customer.invoice_footer.as_deref());
        o.null("rendering_options");
    });
}

/// A customer's address for goods has no parcel.
fn shipping(shipping: Option<&Shipping>, o: &mut Object<'_>) {
    let Some(shipping) = shipping else {
        return o.null("shipping");
    };
    o.object("shipping", |o| {
        address(&shipping.address, o.field("address"));
        o.opt_text("name", shipping.name.as_deref());
        o.opt_text("phone", shipping.phone.as_deref());
    });
}

/// Which of the lists stand at a place of the alphabet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lists {
    /// `sources` and `subscriptions`.
    UpToT,
    /// `tax_ids`.
    TaxIds,
}

/// Lists of things that this server has none of: part of each customer in old versions, and
/// later where they are expanded.
fn included_lists(customer: &Customer, which: Lists, o: &mut Object<'_>, cx: &ViewCx<'_>) {
    let names: &[&'static str] = match which {
        Lists::UpToT => &["sources", "subscriptions"],
        Lists::TaxIds => &["tax_ids"],
    };
    let always = !cx.frame.version.has(Change::ListsNotExpanded);
    for name in names {
        if always || cx.expand.wants(name).is_some() {
            empty_list(o.field(name), format_args!("/v1/customers/{}/{name}", customer.id));
        }
    }
}

/// A list of what there is none of.
fn empty_list(w: &mut Json, url: std::fmt::Arguments<'_>) {
    w.object(|o| {
        o.text("object", "list");
        o.list("data", |_| {});
        o.flag("has_more", false);
        o.int("total_count", 0);
        o.id("url", url);
    });
}
