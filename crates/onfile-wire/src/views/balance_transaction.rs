//! A movement of an account's money (`stripe-api.md` 6.5). It alone has no `livemode`.

use onfile_domain::balance_transaction::BalanceTransaction;

use crate::json::{Json, Object};
use crate::view::{Show, ViewCx};

impl Show for BalanceTransaction {
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        w.object(|o| {
            o.id("id", self.id);
            o.text("object", "balance_transaction");
            o.int("amount", self.amount.minor());
            o.int("available_on", self.available_on.0);
            o.text("balance_type", "payments");
            o.int("created", self.created.0);
            o.text("currency", self.amount.currency.code());
            o.opt_text("description", self.description.as_deref());
            match self.exchange_rate_e6 {
                Some(rate) => o.field("exchange_rate").millionths(rate),
                None => o.null("exchange_rate"),
            }
            o.int("fee", self.fee);
            fee_details(self, o);
            o.int("net", self.amount.minor() - self.fee);
            // For these kinds of movements the category is called as the kind is.
            o.text("reporting_category", self.kind.as_str());
            cx.reference(o, "source", Some(self.source));
            let available = self.available_on <= cx.frame.now;
            o.text("status", if available { "available" } else { "pending" });
            o.text("type", self.kind.as_str());
        });
    }
}

fn fee_details(movement: &BalanceTransaction, o: &mut Object<'_>) {
    o.list("fee_details", |l| {
        if movement.fee != 0 {
            l.item().object(|o| {
                o.int("amount", movement.fee);
                o.null("application");
                o.text("currency", movement.amount.currency.code());
                o.text("description", "Stripe processing fees");
                o.text("type", "stripe_fee");
            });
        }
    });
}
