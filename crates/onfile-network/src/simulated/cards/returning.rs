//! `stripe-api.md` 5.5, without its disputes: cards whose refunds take longer or fail, and cards
//! whose payments can be paid out at once. To their banks they are plain cards.

use onfile_domain::card::TestEffect::{BypassPending, PendingRefund, RefundFails};

use super::traits::card;
use super::*;

const INTERNATIONAL: Traits = Traits::US.from("IE");

#[rustfmt::skip]
pub(super) const CARDS: &[TestCard] = &[
    card("4000000000007726", &["pendingRefund"], Traits::US.with(PendingRefund)),
    card("4000000000005126", &["refundFail"], Traits::US.with(RefundFails)),
    card("4000000000000077", &["bypassPending"], Traits::US.with(BypassPending)),
    card("4000003720000278", &["bypassPendingInternational"], INTERNATIONAL.with(BypassPending)),
];
