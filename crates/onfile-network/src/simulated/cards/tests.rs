use std::collections::HashSet;

use onfile_domain::bank::ScaPolicy;
use onfile_domain::pan::passes_luhn;
use onfile_domain::payment_method::Check;

use super::*;
use crate::simulated::profile::{Accepts, Acs, Challenge, Scope, Script, Verdicts};

fn pan(number: &str) -> Pan {
    Pan::parse(number).unwrap_or_else(|error| panic!("{number}: {error}"))
}

#[test]
fn every_listed_card_can_be_read() {
    let mut numbers = HashSet::new();
    for card in rows() {
        assert!(passes_luhn(card.number.as_bytes()), "{}", card.number);
        assert!(numbers.insert(card.number), "{} is listed twice", card.number);
        if !card.traits.served {
            assert_eq!(facts(&pan(card.number)), Err(UnknownCard::NotServed));
            assert_eq!(profile(&pan(card.number)), Err(UnknownCard::NotServed));
            continue;
        }
        let facts = facts(&pan(card.number)).unwrap();
        assert!(facts.networks.contains(&facts.brand), "{}", card.number);
        assert!(card.number.ends_with(&facts.last4));
        assert_eq!(facts.country, profile(&pan(card.number)).unwrap().country);
        assert_eq!(facts.three_ds, profile(&pan(card.number)).unwrap().three_ds);
        if facts.brand == Brand::Unknown {
            assert_eq!(card.number, "5062210000000009", "only Carnet has no word");
        }
    }
}

#[test]
fn a_country_card_carries_its_country() {
    for card in countries::CARDS.iter().filter(|card| card.number.starts_with("400000")) {
        let listed = facts(&pan(card.number)).unwrap();
        let unlisted = by_country(card.number).expect("its digits name a country");
        assert_eq!(listed.country, unlisted.country(), "{}", card.number);
        assert_eq!(Ok(unlisted.profile()), profile(&pan(card.number)));
        assert!(!listed.named);
    }
}

#[test]
fn names_lead_to_numbers_and_back() {
    let mut names = HashSet::new();
    for card in rows() {
        for name in card.aliases() {
            let expected = Named { number: card.number, served: card.traits.served };
            assert_eq!(named(&name), Some(expected), "{name}");
            assert!(names.insert(name.clone()), "{name} is given twice");
        }
    }
    for (name, number) in [
        ("pm_card_visa", Some("4242424242424242")),
        ("tok_us", Some("4242424242424242")),
        ("tok_chargeDeclined", Some("4000000000000002")),
        ("pm_card_visa_chargeDeclined", Some("4000000000000002")),
        ("tok_threeDSecure2Required", Some("4000000000003220")),
        ("pm_card_threeDSecureOptional", Some("4000000000003055")),
        ("pm_card_th_debit", Some("4000057640000008")),
        ("tok_createDispute", Some("4000000000000259")),
        ("pm_card_amex_threeDSecureNotSupported", Some("378282246310005")),
        ("tok_amex_threeDSecureNotSupported", None),
        ("tok_authenticationRequired", None),
        ("pm_card_visa_createDispute", None),
        ("pm_card_visa_chargeDeclinedFraudulent", None),
        ("pm_card_", None),
        ("visa", None),
        ("pm_card_nobody", None),
    ] {
        assert_eq!(named(name).map(|it| it.number), number, "{name}");
    }
}

#[test]
fn facts_of_cards() {
    use Brand::{Amex, CartesBancaires, Diners, EftposAu, Jcb, Mastercard, Unionpay, Visa};
    use Funding::{Credit, Debit, Prepaid};
    for (number, brand, networks, funding, country) in [
        ("4242424242424242", Visa, vec![Visa], Credit, "US"),
        ("4000056655665556", Visa, vec![Visa], Debit, "US"),
        ("2223003122003222", Mastercard, vec![Mastercard], Credit, "US"),
        ("5105105105105100", Mastercard, vec![Mastercard], Prepaid, "US"),
        ("378282246310005", Amex, vec![Amex], Credit, "US"),
        ("36227206271667", Diners, vec![Diners], Credit, "US"),
        ("6205500000000000004", Unionpay, vec![Unionpay], Credit, "CN"),
        ("4000002500001001", Visa, vec![CartesBancaires, Visa], Credit, "FR"),
        ("5555552500001001", Mastercard, vec![CartesBancaires, Mastercard], Credit, "FR"),
        ("5555050360000080", Mastercard, vec![EftposAu, Mastercard], Debit, "AU"),
        ("4000058260000005", Visa, vec![Visa], Debit, "GB"),
        ("5555558265554449", Mastercard, vec![Mastercard], Credit, "GB"),
        ("3530111333300000", Jcb, vec![Jcb], Credit, "JP"),
        ("4000002500003155", Visa, vec![Visa], Credit, "FR"),
        ("4000000000003220", Visa, vec![Visa], Credit, "IE"),
    ] {
        let facts = facts(&pan(number)).unwrap();
        assert_eq!(
            (facts.brand, facts.networks, facts.funding, facts.country.code()),
            (brand, networks, funding, country),
            "{number}"
        );
    }
}

#[test]
fn numbers_of_countries_are_cards_and_others_are_not() {
    for (number, country, named) in [
        ("4000007920000001", "TR", false),
        ("4000008400000001", "US", true),
        ("4000000040000001", "AF", false),
    ] {
        let number = with_check_digit(number);
        let facts = facts(&pan(&number)).unwrap();
        assert_eq!((facts.country.code(), facts.named), (country, named), "{number}");
        let three_ds = if named { ThreeDs::NotEnrolled } else { ThreeDs::Enrolled };
        assert_eq!(facts.three_ds, three_ds);
    }
    for number in ["4000000000777001", "4000009990000001", "4111111111111111", "4012000000000001"] {
        let number = with_check_digit(number);
        assert_eq!(facts(&pan(&number)), Err(UnknownCard::NotATestCard), "{number}");
    }
    assert_eq!(facts(&pan(&with_check_digit("4000002500000"))), Err(UnknownCard::NotATestCard));
}

/// The same number with its last digit made right.
fn with_check_digit(number: &str) -> String {
    let head = &number[..number.len() - 1];
    let complete = (0..10).map(|digit| format!("{head}{digit}"));
    complete.into_iter().find(|it| passes_luhn(it.as_bytes())).unwrap()
}

#[test]
fn profiles_of_the_named_cards() {
    let base = |country: &str, three_ds| Profile {
        named: true,
        ..Profile::of(country.parse().unwrap(), three_ds)
    };
    let strict = |country, three_ds| Profile {
        sca_policy: Some(ScaPolicy::Strict),
        accepts: Accepts::Nothing,
        challenge: Challenge::Always,
        ..base(country, three_ds)
    };
    let us = || base("US", ThreeDs::NotEnrolled);
    let scripted = |code, scope| Some(Script { code, scope });
    for (number, expected) in [
        ("4242424242424242", us()),
        ("4000002500003155", strict("FR", ThreeDs::Enrolled)),
        (
            "4000002760003184",
            Profile {
                sca_policy: Some(ScaPolicy::Always),
                challenge: Challenge::Always,
                ..base("DE", ThreeDs::Enrolled)
            },
        ),
        ("4000008260003178", Profile { balance: Some(0), ..strict("GB", ThreeDs::Enrolled) }),
        ("4000003800000446", Profile { pre_seeded: true, ..strict("IT", ThreeDs::Enrolled) }),
        ("4000000000003220", strict("IE", ThreeDs::Required)),
        ("4000008400000027", strict("US", ThreeDs::Required)),
        (
            "4000008400001629",
            Profile { script: scripted("01", Scope::Payments), ..strict("US", ThreeDs::Required) },
        ),
        ("4000008400001280", Profile { acs: Acs::Error, ..strict("US", ThreeDs::Required) }),
        (
            "4000000032200000",
            Profile {
                sca_policy: Some(ScaPolicy::Always),
                challenge: Challenge::Never,
                ..base("US", ThreeDs::Required)
            },
        ),
        (
            "4000000000003055",
            Profile { challenge: Challenge::Always, ..base("US", ThreeDs::Enrolled) },
        ),
        ("4000000000003097", Profile { acs: Acs::Error, ..base("US", ThreeDs::Enrolled) }),
        ("378282246310005", base("US", ThreeDs::None)),
        ("4000582600000102", strict("IE", ThreeDs::Required)),
        ("4000000000000341", Profile { script: scripted("01", Scope::Payments), ..us() }),
        ("4000000000000069", Profile { script: scripted("54", Scope::EveryMessage), ..us() }),
        (
            "4000000000000010",
            Profile {
                checks: Verdicts { line1: Check::Fail, postal_code: Check::Fail, ..Verdicts::PASS },
                ..us()
            },
        ),
        (
            "4000000000000101",
            Profile { checks: Verdicts { cvc: Check::Fail, ..Verdicts::PASS }, ..us() },
        ),
    ] {
        assert_eq!(profile(&pan(number)), Ok(expected), "{number}");
    }
}

#[test]
fn risk_and_blocks() {
    for (number, risk, blocked) in [
        ("4100000000000019", Risk::Highest, true),
        ("4000000000004954", Risk::Highest, false),
        ("4000000000009235", Risk::Elevated, false),
        ("4000058400306072", Risk::Elevated, false),
        ("4242424242424242", Risk::Normal, false),
    ] {
        let facts = facts(&pan(number)).unwrap();
        assert_eq!((facts.risk, facts.radar_block), (risk, blocked), "{number}");
    }
}

#[test]
fn what_becomes_of_money() {
    use onfile_domain::card::TestEffect::{BypassPending, PendingRefund, RefundFails};
    for (name, effect, country) in [
        ("pm_card_pendingRefund", Some(PendingRefund), "US"),
        ("pm_card_refundFail", Some(RefundFails), "US"),
        ("pm_card_bypassPending", Some(BypassPending), "US"),
        ("tok_bypassPendingInternational", Some(BypassPending), "IE"),
        ("pm_card_visa", None, "US"),
    ] {
        let card = named(name).unwrap();
        let facts = facts(&pan(card.number)).unwrap();
        assert_eq!((facts.effect, facts.country.code()), (effect, country), "{name}");
        assert!(card.served && facts.named, "{name}");
    }
}
