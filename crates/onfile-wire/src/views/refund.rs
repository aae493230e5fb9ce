//! A refund (`stripe-api.md` 6.6). Like a balance transaction it has no `livemode`.

use onfile_domain::refund::{Refund, RefundState};

use super::contact::metadata;
use crate::json::{Json, Object};
use crate::version::Change;
use crate::view::{Show, ViewCx};

impl Show for Refund {
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        let version = cx.frame.version;
        w.object(|o| {
            o.id("id", self.id);
            o.text("object", "refund");
            o.int("amount", self.amount.minor());
            balance_transaction(self, o, cx);
            cx.reference(o, "charge", Some(self.charge));
            o.int("created", self.created.0);
            o.text("currency", self.amount.currency.code());
            if version.has(Change::RefundCustomer) {
                cx.reference(o, "customer", self.customer);
                o.null("customer_account");
            }
            destination(self, o);
            failure(self, o, cx);
            if let Some(email) = &self.instructions_email {
                o.text("instructions_email", email);
            }
            metadata(&self.metadata, o);
            cx.reference(o, "payment_intent", Some(self.payment_intent));
            if version.has(Change::RefundCustomer) {
                o.id("payment_method", self.payment_method);
            }
            match self.state {
                RefundState::Pending { why } if version.has(Change::PendingReason) => {
                    o.text("pending_reason", why.as_str());
                }
                RefundState::Pending { .. }
                | RefundState::Succeeded { .. }
                | RefundState::Failed { .. } => {}
            }
            o.opt_text("reason", self.reason.map(|reason| reason.as_str()));
            o.null("receipt_number");
            o.null("source_transfer_reversal");
            o.text("status", self.status());
            o.null("transfer_reversal");
        });
    }
}

/// The movement that took the money out; a pending refund has none yet.
fn balance_transaction(refund: &Refund, o: &mut Object<'_>, cx: &mut ViewCx<'_>) {
    let movement = match refund.state {
        RefundState::Pending { .. } => None,
        RefundState::Succeeded { balance_transaction, .. }
        | RefundState::Failed { balance_transaction, .. } => Some(balance_transaction),
    };
    cx.reference(o, "balance_transaction", movement);
}

/// Where the money goes, and by which number its receiver's bank can be asked for it. That a
/// failed one's number is `unavailable` is ours: nothing is recorded of it.
fn destination(refund: &Refund, o: &mut Object<'_>) {
    let (kind, reference, status) = match &refund.state {
        RefundState::Pending { .. } => ("pending", None, "pending"),
        RefundState::Succeeded { reference: None, .. } => ("refund", None, "pending"),
        RefundState::Succeeded { reference, .. } => ("refund", reference.as_deref(), "available"),
        RefundState::Failed { .. } => ("refund", None, "unavailable"),
    };
    o.object("destination_details", |o| {
        o.object("card", |o| {
            if let Some(reference) = reference {
                o.text("reference", reference);
            }
            o.text("reference_status", status);
            o.text("reference_type", "acquirer_reference_number");
            o.text("type", kind);
        });
        o.text("type", "card");
    });
}

/// Why the money came back, and by which movement.
fn failure(refund: &Refund, o: &mut Object<'_>, cx: &mut ViewCx<'_>) {
    match refund.state {
        RefundState::Pending { .. } | RefundState::Succeeded { .. } => {}
        RefundState::Failed { why, failure_balance_transaction, .. } => {
            let movement = Some(failure_balance_transaction);
            cx.reference(o, "failure_balance_transaction", movement);
            o.text("failure_reason", why.as_str());
        }
    }
}
