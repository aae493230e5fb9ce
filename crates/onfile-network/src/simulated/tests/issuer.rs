//! The issuer's list, rule by rule (`card-network.md` 6.7).

use onfile_domain::bank::{Availability, StopOrder};
use onfile_domain::payment_method::Check;

use super::super::profile::{Scope, Script, Verdicts};
use super::*;

#[test]
fn rules_of_the_account() {
    let us = || bank(american());
    let status = |status| us().with(|it| it.profile.status = Some(status));
    check(&us(), payment(), "S23: 00 | 00");
    check(&us(), of(0, payment()), "S23: 85 | 85");
    check(&Bank { profile: None, ..us() }, payment(), "S1: 14 | 14");
    check(&status(AccountStatus::Open), payment(), "S23: 00 | 00");
    check(&status(AccountStatus::Closed), payment(), "S2: 46 | 79+03");
    check(&status(AccountStatus::Lost), payment(), "S3: 41 | 83+03");
    check(&status(AccountStatus::Stolen), payment(), "S3: 43 | 83+03");
    check(&status(AccountStatus::PickUp), payment(), "S3: 04 | 83+03");
    check(&status(AccountStatus::PickUpFraud), payment(), "S3: 07 | 83+03");

    let expiry = Expiry { year: 2026, month: 4 };
    check(&us(), Authorization { expiry, ..payment() }, "S4: 54 | 79+01");
    let expiry = Expiry { year: 2026, month: 5 };
    check(&us(), Authorization { expiry, ..payment() }, "S23: 00 | 00"); // until noon UTC

    let stop = |order| us().saved(Strength::None).with(|it| it.profile.stop_order = Some(order));
    check(&stop(StopOrder::Payment), merchants(), "S5: R0 | 05+21");
    check(&stop(StopOrder::Agreement), merchants(), "S5: R1 | 05+21");
    check(&stop(StopOrder::Merchant), merchants(), "S5: R3 | 05+21");
    check(&stop(StopOrder::Merchant), payment(), "S23: 00 | 00");

    let down = us().with(|it| it.profile.availability = Some(Availability::Down));
    check(&down, payment(), "S7: 91 | 91");

    let wrong = Verdicts { cvc: Check::Fail, ..Verdicts::PASS };
    let given = Authorization { cvc: CvcField::Given, ..payment() };
    let strict = Profile { checks: wrong, ..american() };
    check(&bank(strict.clone()), given.clone(), "S9: N7 | 82");
    check(&bank(strict.clone()), payment(), "S23: 00 | 00");
    check(&bank(Profile { named: true, ..strict }), given, "S23: 00 | 00");
}

#[test]
fn rules_of_proof() {
    let de = || bank(german());
    // S8: what a value is worth, at a bank that asks for one.
    let proven = || proven("05");
    check(&de().issued(Strength::Challenge), proven(), "S23: 00 | 00");
    check(&de().issued(Strength::Frictionless), proven(), "S23: 00 | 00");
    check(&de(), proven(), "S8 S14: 1A | 65");
    type Spoil = fn(&mut IssuedValue);
    let spoils: [(&str, Spoil); 6] = [
        ("used", |it| it.used = true),
        ("old", |it| it.issued_at = NOW.plus(-90 * 86_400 - 1)),
        ("amount", |it| it.amount = it.amount.with_minor(1_999)),
        ("currency", |it| it.amount.currency = Currency::USD),
        ("merchant", |it| it.merchant = "acct_2".to_owned()),
        ("card", |it| it.par = "another".to_owned()),
    ];
    for (what, spoil) in spoils {
        let mut spoiled = value(Strength::Challenge);
        spoil(&mut spoiled);
        let reply = de().with(|it| it.value = Some(spoiled)).authorizes(proven()).0;
        assert_eq!(reply.rules, ["S8", "S14"], "{what}");
    }
    let imported = || Authorization { imported_value: true, ..proven() };
    check(&de(), imported(), "S23: 00 | 00");
    check(
        &de().with(|it| it.value = Some(IssuedValue { used: true, ..value(Strength::Challenge) })),
        imported(),
        "S8 S14: 1A | 65",
    );
    let short = Authorization { authentication_value: Some("AQ==".to_owned()), ..imported() };
    check(&de(), short, "S8 S14: 1A | 65");

    // S14.
    check(&de(), payment(), "S14: 1A | 65");
    check(&de().issued(Strength::Challenge), super::proven("07"), "S14: 1A | 65");
    check(&de(), at("US", payment()), "S23: 00 | 00");
    check(&de(), of(0, payment()), "S23: 85 | 85"); // an attach
    let storing = Authorization { cof: Some(CofMarker::General), ..payment() };
    check(&de(), of(0, storing), "S14: 1A | 65");
    let moto = || Authorization { condition: Condition::Moto, ..payment() };
    check(&de(), moto(), "S23: 00 | 00");

    // S13, and S14 where the policy is `always`.
    let always = || bank(Profile { sca_policy: Some(ScaPolicy::Always), ..american() });
    check(&always().saved(Strength::Challenge), merchants(), "S13: 1A | 65");
    check(&always(), merchants(), "S11 S14: 1A | 65");
    check(&always(), moto(), "S13: 1A | 65");
    check(&always(), payment(), "S14: 1A | 65");
    check(&always().issued(Strength::None), super::proven("06"), "S14: 1A | 65");
    check(&always().issued(Strength::Frictionless), proven(), "S23: 00 | 00");

    // S19: attempts, up to 250 EUR.
    let attempt = || super::proven("06");
    let tried = || de().issued(Strength::None);
    check(&tried(), attempt(), "S23: 00 | 00");
    check(&tried(), of(25_000, attempt()), "S23: 00 | 00");
    check(&tried(), of(25_001, attempt()), "S19: 1A | 65");
    check(&de(), attempt(), "S8 S14: 1A | 65"); // an indicator alone is no proof
    check(&tried(), proven(), "S14: 1A | 65"); // nor is an attempt under another
}

#[test]
fn rules_of_merchants_charges() {
    let de = || bank(german());
    let us = || bank(american());
    // S11.
    check(&de(), merchants(), "S11 S14: 1A | 65");
    check(&de(), Authorization { original: None, ..merchants() }, "S11 S14: 1A | 65");
    check(&us(), merchants(), "S11 S23: 00 | 00");
    check(&de(), at("US", of(5_000, merchants())), "S11 S23: 00 | 00");
    check(&de(), at("US", of(5_001, merchants())), "S11 S14: 1A | 65");
    for (what, other) in [
        (
            "merchant",
            Credential { merchant: "acct_2".to_owned(), ..credential(Strength::Challenge, None) },
        ),
        ("card", Credential { par: "another".to_owned(), ..credential(Strength::Challenge, None) }),
        ("key", Credential { nti: "another".to_owned(), ..credential(Strength::Challenge, None) }),
    ] {
        let reply = de().with(|it| it.credential = Some(other)).authorizes(merchants()).0;
        assert_eq!(reply.rules, ["S11", "S14"], "{what}");
    }
    let seeded = || bank(Profile { pre_seeded: true, ..german() });
    check(&seeded(), Authorization { original: None, ..merchants() }, "S23: 00 | 00");
    check(&seeded(), of(90_000, merchants()), "S23: 00 | 00");
    // A mark without storage is no merchant's charge (S10).
    let typed = Authorization { entry_mode: EntryMode::Manual, ..merchants() };
    check(&de().saved(Strength::Challenge), typed, "S14: 1A | 65");

    // S15.
    check(&de().saved(Strength::Challenge), of(90_000, merchants()), "S23: 00 | 00");
    check(&de().saved(Strength::Moto), of(50_000, merchants()), "S23: 00 | 00");
    check(&de().saved(Strength::Frictionless), of(5_000, merchants()), "S23: 00 | 00");
    check(&de().saved(Strength::Frictionless), of(5_001, merchants()), "S15: 1A | 65");
    check(&de().saved(Strength::None), of(100, merchants()), "S15: 1A | 65");
    check(&de().saved(Strength::None), at("US", of(5_000, merchants())), "S23: 00 | 00");
    check(&de().saved(Strength::None), at("US", of(5_001, merchants())), "S15: 1A | 65");
    check(&us().saved(Strength::None), of(90_000, merchants()), "S23: 00 | 00");

    // S16.
    let typed = |marker, mit, told: &str| {
        let entry = credential(Strength::Challenge, Some(marker));
        let bank = de().with(|it| it.credential = Some(entry));
        check(&bank, Authorization { mit: Some(mit), ..merchants() }, told);
    };
    typed(CofMarker::General, MitType::StandingOrder, "S23: 00 | 00");
    typed(CofMarker::StandingOrder, MitType::StandingOrder, "S23: 00 | 00");
    typed(CofMarker::StandingOrder, MitType::Unscheduled, "S16: 1A | 65");
    typed(CofMarker::Subscription, MitType::Installment, "S16: 1A | 65");
    typed(CofMarker::Installment, MitType::Installment, "S23: 00 | 00");
    typed(CofMarker::Installment, MitType::Subscription, "S16: 1A | 65");
    let named = bank(Profile { named: true, ..german() }).with(|it| {
        it.credential = Some(credential(Strength::Challenge, Some(CofMarker::Subscription)))
    });
    check(&named, merchants(), "S23: 00 | 00");
}

#[test]
fn rules_of_scripts_and_funds() {
    let script = |code, scope| Some(Script { code, scope });
    let scripted = |scope| bank(Profile { script: script("05", scope), ..american() });
    check(&scripted(Scope::EveryMessage), of(0, payment()), "S20: 05 | 05");
    check(&scripted(Scope::Payments), of(0, payment()), "S23: 85 | 85");
    check(&scripted(Scope::Payments), payment(), "S20: 05 | 05");
    let set = bank(american()).with(|it| it.profile.script = Some("61".to_owned()));
    check(&set, of(0, payment()), "S20: 61 | 61");

    let holds = |balance| bank(Profile { balance: Some(balance), ..american() });
    check(&holds(2_000), payment(), "S23: 00 | 00");
    check(&holds(1_999), payment(), "S22: 51 | 51");
    check(&holds(0), of(0, payment()), "S23: 85 | 85");
    check(&holds(3_000).with(|it| it.spent = 1_001), payment(), "S22: 51 | 51");
    check(&holds(0).with(|it| it.profile.balance = Some(2_000)), payment(), "S23: 00 | 00");
    let shillings = Money::new(100, "kes".parse().unwrap());
    check(&holds(9_000_000), Authorization { amount: shillings, ..payment() }, "S22: 51 | 51");
    // A bank that wants to see its customer has not looked at the balance.
    let strict = bank(Profile { balance: Some(0), ..german() });
    check(&strict, payment(), "S14: 1A | 65");
}

#[test]
fn what_stands_in_an_answer() {
    let all = Authorization {
        cvc: CvcField::Given,
        line1_given: true,
        postal_code_given: true,
        ..payment()
    };
    let mixed = Verdicts { line1: Check::Fail, postal_code: Check::Unavailable, ..Verdicts::PASS };
    let us = bank(Profile { checks: mixed, ..american() });
    let (reply, _) = us.authorizes(all.clone());
    assert_eq!(reply.cvc, Some(Check::Pass));
    assert_eq!((reply.line1, reply.postal_code), (Some(Check::Fail), Some(Check::Unavailable)));
    let code = reply.approval_code.unwrap();
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");

    let (reply, _) = us.authorizes(payment());
    assert_eq!((reply.cvc, reply.line1, reply.postal_code), (None, None, None));

    let script = Some(Script { code: "N7", scope: Scope::EveryMessage });
    let (reply, _) = bank(Profile { script, ..american() }).authorizes(all);
    assert_eq!(reply.cvc, Some(Check::Fail));
    assert!(reply.approval_code.is_some() && reply.nti.is_some(), "on declines too");
}
