//! Which road takes an order from what it has paid to its new total: a pure function over the
//! money of its payments.
//!
//! More is asked for in the state that the first payment is in: a hold is raised or joined by a
//! second one, money that was taken is joined by a charge. Less is given back where it hurts
//! least: holds first, because the customer has that money at once, then charges; the newest
//! before the older ones, so that the first payment is the last to go.

use std::cmp::Ordering;

use crate::id::PaymentIntentId;
use crate::money::{Currency, Money};
use crate::payment_intent::{Status, amount};
use crate::refusal::{AdjustmentRefused, PaymentRefused, Why};
use crate::words::words;

words! {
    /// How an adjustment reaches the new total.
    Road {
        /// Nothing was paid yet: the payment intent asks for the new total.
        Update = "update",
        /// Holds are lowered or let go.
        Reverse = "reverse",
        /// A hold is raised.
        Increment = "increment",
        /// A second hold for the difference.
        Authorize = "authorize",
        /// A charge of the difference, with nobody present.
        Charge = "charge",
        /// Money is given back.
        Refund = "refund",
        /// The money stands at the total already: only details change.
        None = "none",
    }
}

/// The most payments that the adjustments of one order may make. What they took may have to be
/// given back in one decision, and a decision has a limit.
pub const PAYMENTS: usize = 50;

/// One payment of an order, by what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The payment.
    pub intent: PaymentIntentId,
    /// Its money, in minor units of the order's currency.
    pub stand: Stand,
}

/// What a payment stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stand {
    /// Not paid: what it would take if it were confirmed.
    Open {
        /// What it asks for.
        amount: i64,
    },
    /// Money is held; part of it may have been taken before.
    Held {
        /// What may still be taken.
        capturable: i64,
        /// What was taken.
        taken: Taken,
        /// Up to where the hold may be raised; `None` where network or card don't allow it.
        most: Option<i64>,
    },
    /// Money was taken, and nothing is held any more.
    Captured(Taken),
    /// Given up, or its hold ran out.
    Canceled,
}

/// Money that was taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// All of it.
    pub captured: i64,
    /// What of it was given back, or is on its way back.
    pub refunded: i64,
    /// The cardholder disputes it: it can't be given back.
    pub disputed: bool,
}

impl Taken {
    fn left(&self) -> i64 {
        self.captured - self.refunded
    }
}

impl Stand {
    /// What was taken.
    pub fn taken(&self) -> Taken {
        match self {
            Stand::Held { taken, .. } | Stand::Captured(taken) => *taken,
            Stand::Open { .. } | Stand::Canceled => Taken::default(),
        }
    }

    /// What is held.
    pub fn held(&self) -> i64 {
        match self {
            Stand::Held { capturable, .. } => *capturable,
            Stand::Open { .. } | Stand::Captured(_) | Stand::Canceled => 0,
        }
    }

    fn owed(&self) -> i64 {
        match self {
            Stand::Open { amount } => *amount,
            Stand::Held { .. } | Stand::Captured(_) | Stand::Canceled => 0,
        }
    }

    fn is_open(&self) -> bool {
        matches!(self, Stand::Open { .. })
    }
}

/// The money of an order: its first payment, and those that adjustments added, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Funds {
    /// What all of them count in.
    pub currency: Currency,
    /// What the account settles in, which decides how little may be charged.
    pub settles_in: Currency,
    /// The first payment.
    pub original: Member,
    /// The payments that adjustments made.
    pub others: Vec<Member>,
}

/// What an order's payments come to, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Held, and not taken yet.
    pub authorized: i64,
    /// Taken, whatever was given back since.
    pub captured: i64,
    /// Given back, or on its way back.
    pub refunded: i64,
    /// Asked for by payments that the customer has still to complete.
    pub owed: i64,
}

impl Funds {
    /// Every payment, the first one first.
    pub fn members(&self) -> impl DoubleEndedIterator<Item = &Member> {
        std::iter::once(&self.original).chain(&self.others)
    }

    /// What they come to.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for Member { stand, .. } in self.members() {
            totals.authorized += stand.held();
            totals.captured += stand.taken().captured;
            totals.refunded += stand.taken().refunded;
            totals.owed += stand.owed();
        }
        totals
    }

    /// The total that the order stands at: what is held and what was kept, or what the first
    /// payment asks for while nothing was paid.
    pub fn standing(&self) -> i64 {
        let totals = self.totals();
        match self.original.stand {
            Stand::Open { amount } => amount,
            Stand::Held { .. } | Stand::Captured(_) | Stand::Canceled => {
                totals.authorized + totals.captured - totals.refunded
            }
        }
    }
}

/// One thing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// The payment asks for this total.
    Update {
        /// Which.
        intent: PaymentIntentId,
        /// The new total.
        to: i64,
    },
    /// A hold is lowered.
    Lower {
        /// Whose.
        intent: PaymentIntentId,
        /// By how much.
        by: i64,
    },
    /// A hold is let go.
    Release {
        /// Whose.
        intent: PaymentIntentId,
        /// How much it held.
        held: i64,
    },
    /// A hold is raised.
    Increment {
        /// Whose.
        intent: PaymentIntentId,
        /// By how much.
        by: i64,
    },
    /// A second hold.
    Authorize {
        /// How much.
        amount: i64,
    },
    /// A charge.
    Charge {
        /// How much.
        amount: i64,
    },
    /// Money is given back.
    Refund {
        /// Of which payment.
        intent: PaymentIntentId,
        /// How much.
        amount: i64,
    },
}

/// How an order gets from where it stands to its new total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The total that it stood at.
    pub previous: i64,
    /// The road.
    pub road: Road,
    /// What is done, in order.
    pub moves: Vec<Move>,
    /// Payments of earlier adjustments that nobody completed. They are given up, or the customer
    /// could still pay a difference that is no longer asked for.
    pub superseded: Vec<PaymentIntentId>,
}

/// Plans the road to a new total.
///
/// # Errors
/// What makes it impossible before anything is tried: the first payment was given up; the total
/// is above the most that can be charged; the order has too many payments for one more; what would
/// have to be charged is below the least; a dispute keeps what would have to be given back.
pub fn plan(funds: &Funds, total: i64) -> Result<Plan, Why> {
    assert!(total >= 0, "the edge refuses totals below nothing");
    let money = |minor| Money::new(minor, funds.currency);
    let previous = funds.standing();
    if let Stand::Canceled = funds.original.stand {
        return Err(Why::Adjustment(AdjustmentRefused::Status(Status::Canceled)));
    }
    let most = money(funds.currency.maximum_charge());
    if !most.covers(money(total)) {
        return Err(Why::Payment(PaymentRefused::AmountTooLarge { most }));
    }
    amount::check_steps(money(total), "amount")?;
    let (road, moves) = match (&funds.original.stand, total.cmp(&previous)) {
        (_, Ordering::Equal) => (Road::None, Vec::new()),
        (Stand::Open { .. }, Ordering::Less | Ordering::Greater) => {
            amount::check(money(total), funds.settles_in)?;
            (Road::Update, vec![Move::Update { intent: funds.original.intent, to: total }])
        }
        (_, Ordering::Greater) => more(funds, total - previous)?,
        (_, Ordering::Less) => less(funds, total, previous - total)?,
    };
    let open = funds.others.iter().filter(|member| member.stand.is_open());
    let superseded = open.map(|member| member.intent).collect();
    Ok(Plan { previous, road, moves, superseded })
}

/// A difference is asked for.
fn more(funds: &Funds, difference: i64) -> Result<(Road, Vec<Move>), Why> {
    let original_holds = match funds.original.stand {
        Stand::Held { .. } => true,
        Stand::Open { .. } | Stand::Captured(_) | Stand::Canceled => false,
    };
    let reaches = |member: &&Member| match member.stand {
        Stand::Held { capturable, most: Some(most), .. } => capturable + difference <= most,
        Stand::Held { most: None, .. }
        | Stand::Open { .. }
        | Stand::Captured(_)
        | Stand::Canceled => false,
    };
    if original_holds && let Some(member) = funds.members().find(reaches) {
        let increment = Move::Increment { intent: member.intent, by: difference };
        return Ok((Road::Increment, vec![increment]));
    }
    if funds.others.len() >= PAYMENTS {
        return Err(Why::Adjustment(AdjustmentRefused::TooManyPayments { most: PAYMENTS }));
    }
    let charged = Money::new(difference, funds.currency);
    amount::check(charged, funds.settles_in).map_err(|why| {
        if let Why::Payment(PaymentRefused::AmountTooSmall { least }) = why {
            Why::Adjustment(AdjustmentRefused::DifferenceTooSmall { difference: charged, least })
        } else {
            why
        }
    })?;
    Ok(if original_holds {
        (Road::Authorize, vec![Move::Authorize { amount: difference }])
    } else {
        (Road::Charge, vec![Move::Charge { amount: difference }])
    })
}

/// A difference is given back.
fn less(funds: &Funds, total: i64, difference: i64) -> Result<(Road, Vec<Move>), Why> {
    let mut rest = difference;
    let mut moves = Vec::new();
    for member in funds.members().rev() {
        let held = member.stand.held();
        let mut by = held.min(rest);
        let ends = by == held && member.stand.taken().captured == 0;
        if ends && member.intent == funds.original.intent {
            // While the order lives, so does its first payment: it keeps what it can of the total.
            by = held - held.min(total);
        }
        rest -= by;
        if by > 0 {
            let intent = member.intent;
            moves.push(if by == held {
                Move::Release { intent, held }
            } else {
                Move::Lower { intent, by }
            });
        }
    }
    for member in funds.members().rev() {
        let taken = member.stand.taken();
        let amount = if taken.disputed { 0 } else { taken.left().min(rest) };
        rest -= amount;
        if amount > 0 {
            moves.push(Move::Refund { intent: member.intent, amount });
        }
    }
    if rest > 0 {
        let disputed = funds.members().find(|member| member.stand.taken().disputed);
        let disputed = disputed.expect("an order can give back all that it stands at");
        return Err(Why::Adjustment(AdjustmentRefused::Disputed(disputed.intent)));
    }
    let refunds = moves.iter().any(|it| matches!(it, Move::Refund { .. }));
    Ok((if refunds { Road::Refund } else { Road::Reverse }, moves))
}

#[cfg(test)]
mod tests;
