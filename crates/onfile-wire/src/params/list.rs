//! What every list can be narrowed by (`stripe-api.md` 1.9).

use onfile_domain::payment_method::AllowRedisplay;

use super::{Args, EXPAND, Param};
use crate::error::WireError;
use crate::page::{self, Page, Range};

/// What every list takes.
pub(super) const PAGE: &[Param] = &[page::LIMIT, page::STARTING_AFTER, page::ENDING_BEFORE, EXPAND];

/// Which objects a list is to show. What a list doesn't know stays empty; texts stand as they
/// were written.
#[derive(Debug, Clone, Default)]
pub struct ListFilter {
    /// Where saved methods may be offered again.
    pub allow_redisplay: Option<AllowRedisplay>,
    /// Setup intents of the account itself.
    pub attach_to_self: Option<bool>,
    /// Refunds of this charge.
    pub charge: Option<String>,
    /// The currency of movements; one that there isn't shows nothing.
    pub currency: Option<String>,
    /// Whose.
    pub customer: Option<String>,
    /// Events whose deliveries all succeeded, or that have one that did not.
    pub delivery_success: Option<bool>,
    /// The whole address of a customer, to the letter.
    pub email: Option<String>,
    /// Charges or refunds of this payment intent.
    pub payment_intent: Option<String>,
    /// Setup intents that hold this method.
    pub payment_method: Option<String>,
    /// Movements of this payout.
    pub payout: Option<String>,
    /// Attempts of this setup intent.
    pub setup_intent: Option<String>,
    /// Movements of this charge or refund.
    pub source: Option<String>,
    /// Customers of this test clock.
    pub test_clock: Option<String>,
    /// Charges of this group.
    pub transfer_group: Option<String>,
    /// Kinds of movements, methods or events, of which any will do; `customer.*` stands for all
    /// that begin so. Empty for all.
    pub types: Vec<String>,
    /// When they were made.
    pub created: Range,
    /// Which part of them.
    pub page: Page,
    /// What to show in full.
    pub expand: Vec<String>,
}

impl ListFilter {
    /// Reads whatever of it the table declares.
    pub(super) fn parse(args: &Args) -> Result<ListFilter, WireError> {
        let text = |name: &str| args.declares(name).then(|| args.string(name)).flatten();
        let flag = |name: &str| args.declares(name).then(|| args.flag(name)).flatten();
        let list = |name: &str| match args.declares(name) {
            true => args.texts(name).into_iter().map(str::to_owned).collect(),
            false => Vec::new(),
        };
        let redisplay = args.declares("allow_redisplay");
        let types: Vec<String> = text("type").into_iter().chain(list("types")).collect();
        Ok(ListFilter {
            allow_redisplay: redisplay.then(|| args.word("allow_redisplay")).flatten(),
            attach_to_self: flag("attach_to_self"),
            charge: text("charge"),
            currency: text("currency"),
            customer: text("customer"),
            delivery_success: flag("delivery_success"),
            email: text("email"),
            payment_intent: text("payment_intent"),
            payment_method: text("payment_method"),
            payout: text("payout"),
            setup_intent: text("setup_intent"),
            source: text("source"),
            test_clock: text("test_clock"),
            transfer_group: text("transfer_group"),
            types,
            created: match args.declares("created") {
                true => args.range("created"),
                false => Range::default(),
            },
            page: Page::parse(args),
            expand: list("expand"),
        })
    }
}
