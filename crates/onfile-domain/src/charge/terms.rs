//! What may be done with a hold beyond one capture of it (`stripe-api.md` 2.6, `card-network.md`
//! 8.2): raised, taken in parts, taken beyond its amount, kept for longer.
//!
//! Each is there where the payment asked for it (`if_available`), holds the money instead of taking
//! it, and its network knows it; the simulated networks do for merchants of any trade.

use crate::card::Brand;
use crate::gateway::Initiator;
use crate::id::{AgreementId, BalanceTransactionId};
use crate::money::Money;
use crate::network::Nti;
use crate::payment_intent::{CardOptions, IfAvailable};

/// How often an increment may be tried, declined ones too.
pub const INCREMENTS: i64 = 10;
/// How many captures one hold may have.
pub const CAPTURES: usize = 50;
/// Up to how many times the first amount increments may go.
const INCREMENT_FACTOR: i64 = 5;
/// How far a capture may go beyond the hold, in hundredths of it.
const OVERCAPTURE_PERCENT: i64 = 115;
/// How long an extended hold may be captured.
pub const EXTENDED_SECONDS: i64 = 30 * 86_400;
/// The same over Visa: 29 days and 18 hours.
pub const VISA_EXTENDED_SECONDS: i64 = EXTENDED_SECONDS - 6 * 3_600;

/// What was agreed on a hold, and what was done with it since. The default is a hold that can be
/// captured once, up to its amount.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HoldTerms {
    /// The total that the issuer authorized, in minor units, where it isn't the charge's amount:
    /// the hold was lowered, or more than it was taken.
    pub authorized: Option<i64>,
    /// What the first message asked for, where increments raised the charge's amount since.
    pub first: Option<i64>,
    /// Increments tried, declined ones too.
    pub increments: Option<i64>,
    /// The movements of the captures before the newest one, oldest first.
    pub earlier: Vec<BalanceTransactionId>,
    /// It is kept for longer.
    pub extended: bool,
    /// It can be raised.
    pub incremental: bool,
    /// It can be taken in parts.
    pub multicapture: bool,
    /// More than it can be taken.
    pub overcapture: bool,
    /// The network's id of the first message, which increments name; kept where there may be any.
    pub original: Option<Nti>,
    /// The agreement that the merchant charged under, whose limits increments must keep too; kept
    /// where there may be any.
    pub agreement: Option<AgreementId>,
}

impl HoldTerms {
    /// What a new hold over this network is given of what the payment asked for. An extended hold
    /// is the customer's only: Visa keeps a merchant-initiated one for less than a week
    /// (`card-network.md` 8.1).
    pub fn granted(options: &CardOptions, network: Brand, begun_by: Initiator) -> HoldTerms {
        let asked = |wish: Option<IfAvailable>| wish == Some(IfAvailable::IfAvailable);
        let large = knows_parts(network);
        let short = begun_by == Initiator::Merchant && network == Brand::Visa;
        HoldTerms {
            extended: asked(options.request_extended_authorization) && large && !short,
            incremental: asked(options.request_incremental_authorization)
                && (large || network == Brand::Unionpay),
            multicapture: asked(options.request_multicapture) && large,
            overcapture: asked(options.request_overcapture) && large,
            ..HoldTerms::default()
        }
    }

    /// Increments tried so far.
    pub fn tried(&self) -> i64 {
        self.increments.unwrap_or(0)
    }
}

/// The networks that take several captures, larger ones and later ones.
fn knows_parts(network: Brand) -> bool {
    match network {
        Brand::Amex | Brand::Discover | Brand::Mastercard | Brand::Visa => true,
        Brand::CartesBancaires
        | Brand::Diners
        | Brand::EftposAu
        | Brand::Jcb
        | Brand::Unionpay
        | Brand::Unknown => false,
    }
}

/// The most that may be taken of a hold that allows more than it: rounded down.
pub(super) fn overcapture_limit(authorized: Money) -> Money {
    authorized.with_minor(authorized.minor() * OVERCAPTURE_PERCENT / 100)
}

/// The highest total that increments of a hold may reach.
pub fn increment_limit(first: Money) -> Money {
    first.with_minor(first.minor() * INCREMENT_FACTOR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn networks_grant_what_they_know_and_was_asked_for() {
        use Initiator::{Customer, Merchant};

        let wish = Some(IfAvailable::IfAvailable);
        let all = CardOptions {
            request_extended_authorization: wish,
            request_incremental_authorization: wish,
            request_multicapture: wish,
            request_overcapture: wish,
            ..CardOptions::default()
        };
        let never =
            CardOptions { request_overcapture: Some(IfAvailable::Never), ..CardOptions::default() };
        for (options, network, begun_by, granted) in [
            (&all, Brand::Visa, Customer, [true, true, true, true]),
            (&all, Brand::Visa, Merchant, [false, true, true, true]),
            (&all, Brand::Mastercard, Merchant, [true, true, true, true]),
            (&all, Brand::Amex, Customer, [true, true, true, true]),
            (&all, Brand::Discover, Customer, [true, true, true, true]),
            (&all, Brand::Unionpay, Customer, [false, true, false, false]),
            (&all, Brand::Jcb, Customer, [false; 4]),
            (&all, Brand::Diners, Customer, [false; 4]),
            (&never, Brand::Visa, Customer, [false; 4]),
        ] {
            let terms = HoldTerms::granted(options, network, begun_by);
            let given = [terms.extended, terms.incremental, terms.multicapture, terms.overcapture];
            assert_eq!(given, granted, "{network:?} {begun_by:?}");
        }
    }

    #[test]
    fn limits_are_rounded_down() {
        let limit = |minor| overcapture_limit(Money::new(minor, Currency::USD)).minor();
        assert_eq!([limit(1_000), limit(1_099), limit(99)], [1_150, 1_263, 113]);
        assert_eq!(increment_limit(Money::new(1_000, Currency::USD)).minor(), 5_000);
    }
}
