//! What an account has (`stripe-api.md` 11.2). All of it came from cards.

use onfile_domain::balance::{Balance, Statement};
use onfile_domain::money::Money;

use crate::json::{Json, Object};
use crate::view::{Show, ViewCx};

impl Show for Balance {
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        write((&self.available, &self.pending), w, cx);
    }
}

impl Show for Statement {
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        write((&self.available, &self.pending), w, cx);
    }
}

fn write((available, pending): (&[Money], &[Money]), w: &mut Json, cx: &ViewCx<'_>) {
    w.object(|o| {
        o.text("object", "balance");
        by_source("available", available, o);
        o.flag("livemode", cx.frame.livemode);
        by_source("pending", pending, o);
        o.object("refund_and_dispute_prefunding", |o| {
            nothing("available", available, o);
            nothing("pending", pending, o);
        });
    });
}

fn by_source(name: &'static str, sums: &[Money], o: &mut Object<'_>) {
    o.list(name, |l| {
        for sum in sums {
            l.item().object(|o| {
                o.int("amount", sum.minor());
                o.text("currency", sum.currency.code());
                o.object("source_types", |o| o.int("card", sum.minor()));
            });
        }
    });
}

/// Nobody puts money aside for refunds here.
fn nothing(name: &'static str, sums: &[Money], o: &mut Object<'_>) {
    o.list(name, |l| {
        for sum in sums {
            l.item().object(|o| {
                o.int("amount", 0);
                o.text("currency", sum.currency.code());
            });
        }
    });
}
