//! An adjustment with its whole order, and what one would do: ours, under `/onfile/v1`.

use std::borrow::Cow;

use onfile_domain::adjustment::Lines;
use onfile_domain::adjustment::plan::{Move, Totals};
use onfile_domain::adjustment::preview::{Obstacle, Preview};
use onfile_domain::adjustment::report::{Link, Report};

use super::contact::{metadata, shipping};
use super::failure::{self, last_error};
use crate::answer;
use crate::json::{Json, List, Object};
use crate::view::{Show, ViewCx};

impl Show for Report {
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        let it = &self.adjustment;
        w.object(|o| {
            o.id("id", it.id);
            o.text("object", "adjustment");
            o.int("amount", it.amount.minor());
            totals(&self.totals, o);
            o.object("chain", |o| {
                o.list("adjustments", |l| {
                    self.adjustments.iter().for_each(|link| show_link(link, l));
                });
                o.list("payment_intents", |l| {
                    self.payments.iter().for_each(|id| l.item().id(id));
                });
            });
            o.int("created", it.created.0);
            o.text("currency", it.amount.currency.code());
            last_error("last_payment_error", self.last_payment_error.as_ref(), o, cx);
            line_items(it.lines.as_ref(), o);
            o.flag("livemode", cx.frame.livemode);
            metadata(&it.metadata, o);
            cx.reference(o, "payment_intent", Some(it.payment_intent));
            o.list("payment_intents", |l| it.made.iter().for_each(|id| l.item().id(id)));
            o.int("previous_amount", it.plan.previous);
            o.opt_text("reason", it.reason.as_deref());
            o.list("refunds", |l| it.refunds.iter().for_each(|id| l.item().id(id)));
            o.text("road", it.plan.road.as_str());
            shipping(it.shipping.as_ref(), o);
            o.opt_int("shipping_cost", it.lines.as_ref().map(|lines| lines.shipping_cost));
            o.text("status", self.status.as_str());
            o.opt_int("tax", it.lines.as_ref().map(|lines| lines.tax));
        });
    }
}

/// What the order has paid.
fn totals(totals: &Totals, o: &mut Object<'_>) {
    o.int("amount_authorized", totals.authorized);
    o.int("amount_captured", totals.captured);
    o.int("amount_owed", totals.owed);
    o.int("amount_refunded", totals.refunded);
}

fn show_link(link: &Link, l: &mut List<'_>) {
    l.item().object(|o| {
        o.id("id", link.id);
        o.int("amount", link.amount);
        o.int("previous_amount", link.previous);
        o.text("road", link.road.as_str());
        o.text("status", link.status.as_str());
    });
}

fn line_items(lines: Option<&Lines>, o: &mut Object<'_>) {
    let Some(lines) = lines else { return o.null("line_items") };
    o.list("line_items", |l| {
        for item in &lines.items {
            l.item().object(|o| {
                o.int("quantity", item.quantity);
                o.int("unit_amount", item.unit_amount);
            });
        }
    });
}

impl Show for Preview {
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        w.object(|o| {
            o.text("object", "adjustment_preview");
            o.int("amount", self.amount.minor());
            totals(&self.totals, o);
            o.list("could_refuse", |l| {
                for refusal in could_refuse(self.obstacle.as_ref(), cx) {
                    refusal.show(l);
                }
            });
            o.text("currency", self.amount.currency.code());
            o.int("difference", self.amount.minor() - self.previous);
            o.flag("livemode", cx.frame.livemode);
            o.list("moves", |l| self.moves.iter().for_each(|step| show_move(step, l)));
            cx.reference(o, "payment_intent", Some(self.payment_intent));
            o.int("previous_amount", self.previous);
            o.text("road", self.road.as_str());
        });
    }
}

/// One step of the road.
fn show_move(step: &Move, l: &mut List<'_>) {
    let (word, amount, intent) = match step {
        Move::Update { intent, to } => ("update", to, Some(intent)),
        Move::Lower { intent, by } => ("reverse", by, Some(intent)),
        Move::Release { intent, held } => ("cancel", held, Some(intent)),
        Move::Increment { intent, by } => ("increment", by, Some(intent)),
        Move::Authorize { amount } => ("authorize", amount, None),
        Move::Charge { amount } => ("charge", amount, None),
        Move::Refund { intent, amount } => ("refund", amount, Some(intent)),
    };
    l.item().object(|o| {
        o.int("amount", *amount);
        match intent {
            Some(intent) => o.id("payment_intent", intent),
            None => o.null("payment_intent"),
        }
        o.text("type", word);
    });
}

/// Something that could refuse an adjustment.
struct Refusing {
    by: &'static str,
    certain: bool,
    code: Option<&'static str>,
    message: Cow<'static, str>,
}

impl Refusing {
    fn show(&self, l: &mut List<'_>) {
        l.item().object(|o| {
            o.text("by", self.by);
            o.flag("certain", self.certain);
            o.opt_text("code", self.code);
            o.text("message", &self.message);
        });
    }
}

fn could_refuse(obstacle: Option<&Obstacle>, cx: &ViewCx<'_>) -> Vec<Refusing> {
    let certain = |error: crate::error::WireError| {
        vec![Refusing { by: "onfile", certain: true, code: error.code, message: error.message }]
    };
    let issuer = |code, message| Refusing {
        by: "issuer",
        certain: false,
        code: Some(code),
        message: Cow::Borrowed(message),
    };
    match obstacle {
        None => Vec::new(),
        Some(Obstacle::Rules(refusal)) => certain(answer::refusal(refusal, cx.frame)),
        Some(Obstacle::Fails(_, failure)) => certain(failure::error(failure, cx.frame.version)),
        Some(Obstacle::Bank) => vec![
            issuer(
                "authentication_required",
                "The card's bank may want the customer: the adjustment is then \
                 `requires_customer`.",
            ),
            issuer(
                "card_declined",
                "The card's bank may say no: the adjustment is then `declined`.",
            ),
        ],
    }
}
