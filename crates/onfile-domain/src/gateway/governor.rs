//! How often a card may be tried again (`card-network.md` 7.3): G2 and G7, over the declines that
//! a card has seen at this account. Named test cards have none (6.9).

use crate::agreement::Agreement;
use crate::card::Brand;
use crate::decline::{self, Class, Decline};
use crate::gateway::{Initiator, PastDecline};
use crate::money::Money;
use crate::time::WorldTime;

/// Declines of one amount and initiator that Visa's rules, and ours below them, let pass.
pub const VISA_CAP: usize = 15;
/// Declines of whatever amount that Mastercard lets pass in a day.
pub const MASTERCARD_DAY_CAP: usize = 8;
/// Declines of one amount that Mastercard lets pass in a month.
pub const MASTERCARD_MONTH_CAP: usize = 30;

const DAY: i64 = 86_400;
const MONTH: i64 = 30 * DAY;

/// What is about to be sent.
#[derive(Debug, Clone, Copy)]
pub struct Try<'a> {
    /// The world's clock.
    pub now: WorldTime,
    /// Whose rules hold: Mastercard's own, or Visa's for all others.
    pub network: Brand,
    /// What is asked for.
    pub amount: Money,
    /// Who begins it.
    pub initiator: Initiator,
    /// The agreement charged under.
    pub agreement: Option<&'a Agreement>,
}

/// Why it may not be sent: the rule, and what the API answers.
pub fn blocks(attempt: Try<'_>, past: &[PastDecline]) -> Option<(&'static str, Decline)> {
    if past.iter().any(is_hard) {
        Some(("G2", previously_declined()))
    } else if reaches_cap(attempt, past) {
        Some(("G2", too_often()))
    } else {
        None
    }
}

/// G7: the customer ended merchant-initiated charges at the bank.
pub fn ends_merchant_charges(
    attempt: Try<'_>,
    past: &[PastDecline],
) -> Option<(&'static str, Decline)> {
    let ended = past.iter().any(|decline| match decline.code.as_str() {
        "R3" | "9G" => true,
        "R1" => attempt.agreement.is_none_or(|it| decline.agreement == Some(it.id)),
        _ => decline.advice.as_deref() == Some("21"),
    });
    ended.then(|| ("G7", previously_declined()))
}

/// Whether it closes the card. R0, R1, R3, 9G and advice 21 close merchant-initiated charges
/// only: G7.
fn is_hard(past: &PastDecline) -> bool {
    let ended = past.advice.as_deref() == Some("21");
    let of_merchant = ended || matches!(past.code.as_str(), "R0" | "R1" | "R3" | "9G");
    let read = decline::read(&past.code, past.advice.as_deref(), past.network);
    !of_merchant && read.class == Class::Hard
}

fn reaches_cap(attempt: Try<'_>, past: &[PastDecline]) -> bool {
    let within = |seconds: i64| {
        past.iter().filter(move |decline| attempt.now.since(decline.created) < seconds)
    };
    let same_amount = |decline: &&PastDecline| {
        // Nothing is nothing in every currency.
        decline.amount == attempt.amount
            || (decline.amount.minor() == 0 && attempt.amount.minor() == 0)
    };
    if attempt.network == Brand::Mastercard {
        within(DAY).count() >= MASTERCARD_DAY_CAP
            || within(MONTH).filter(same_amount).count() >= MASTERCARD_MONTH_CAP
    } else {
        let counted = within(MONTH).filter(same_amount);
        counted.filter(|decline| decline.initiator == attempt.initiator).count() >= VISA_CAP
    }
}

fn previously_declined() -> Decline {
    Decline {
        advice_code: Some("do_not_try_again".to_owned()),
        reason: Some("previously_declined_do_not_retry".to_owned()),
        seller_message: "This payment was not sent: the bank declined this card before in a way \
                         that rules out a retry."
            .to_owned(),
        ..decline::plain("card_declined", Some("do_not_try_again"))
    }
}

fn too_often() -> Decline {
    Decline {
        message: "This card has been declined too many times. You can try to charge this card \
                  again after 24 hours."
            .to_owned(),
        advice_code: Some("try_again_later".to_owned()),
        seller_message: "This payment was not sent: the card was declined as often as its network \
                         lets it be tried."
            .to_owned(),
        ..decline::plain("card_decline_rate_limit_exceeded", None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PastDeclineId;
    use crate::money::Currency;

    const NOW: WorldTime = WorldTime(1_800_000_000);

    fn past(code: &str, advice: Option<&str>, ago: i64, brand: Brand) -> PastDecline {
        PastDecline {
            id: PastDeclineId::new(1, [b'a'; 16]),
            created: NOW.plus(-ago),
            par: "par".to_owned(),
            network: brand,
            amount: Money::new(1_000, Currency::USD),
            initiator: Initiator::Customer,
            agreement: None,
            kind: None,
            code: code.to_owned(),
            advice: advice.map(str::to_owned),
        }
    }

    fn check(network: Brand, initiator: Initiator, minor: i64, past: &[PastDecline]) -> [bool; 2] {
        let amount = Money::new(minor, Currency::USD);
        let attempt = Try { now: NOW, network, amount, initiator, agreement: None };
        [blocks(attempt, past).is_some(), ends_merchant_charges(attempt, past).is_some()]
    }

    #[test]
    fn caps_count_in_a_rolling_window() {
        let visa = |times: usize, ago| vec![past("51", None, ago, Brand::Visa); times];
        let mastercard = |times: usize, ago| vec![past("51", None, ago, Brand::Mastercard); times];
        let (cit, mit) = (Initiator::Customer, Initiator::Merchant);
        for (past, network, initiator, minor, blocked) in [
            (visa(14, 60), Brand::Visa, cit, 1_000, false),
            (visa(15, 60), Brand::Visa, cit, 1_000, true),
            (visa(15, MONTH), Brand::Visa, cit, 1_000, false),
            (visa(15, 60), Brand::Visa, cit, 1_001, false),
            (visa(15, 60), Brand::Visa, mit, 1_000, false),
            (mastercard(7, 60), Brand::Mastercard, cit, 1_000, false),
            (mastercard(8, 60), Brand::Mastercard, mit, 999, true),
            (mastercard(8, DAY), Brand::Mastercard, cit, 1_000, false),
            (mastercard(30, DAY), Brand::Mastercard, cit, 1_000, true),
            (mastercard(30, DAY), Brand::Mastercard, cit, 999, false),
            (mastercard(29, DAY), Brand::Mastercard, cit, 1_000, false),
        ] {
            let answer = check(network, initiator, minor, &past);
            assert_eq!(answer, [blocked, false], "{} {minor} {initiator:?}", past.len());
        }
    }

    #[test]
    fn a_hard_no_closes_the_card_and_a_stop_only_its_merchant_charges() {
        for (code, advice, brand, answer) in [
            ("41", None, Brand::Visa, [true, false]),
            ("51", None, Brand::Visa, [false, false]),
            ("R0", None, Brand::Visa, [false, false]),
            ("R1", None, Brand::Visa, [false, true]),
            ("R3", None, Brand::Visa, [false, true]),
            ("9G", None, Brand::Visa, [false, true]),
            ("05", Some("21"), Brand::Mastercard, [false, true]),
            ("79", Some("03"), Brand::Mastercard, [true, false]),
            ("83", Some("01"), Brand::Mastercard, [false, false]),
        ] {
            let past = [past(code, advice, 365 * DAY, brand)];
            let told = check(brand, Initiator::Merchant, 5, &past);
            assert_eq!(told, answer, "{code} {advice:?}");
        }
    }
}
