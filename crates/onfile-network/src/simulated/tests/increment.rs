//! Increments: what they rest on, and what they hold.

use super::*;

/// An increment of a payment by 20 EUR, which names the payment's first message.
fn increment() -> Authorization {
    Authorization {
        mit: Some(MitType::Incremental),
        original: Some(nti()),
        adds_to: Some(Money::new(3_000, Currency::EUR)),
        ..payment()
    }
}

#[test]
fn an_increment_rests_on_its_payment() {
    // Typed or from storage, set up how it may: the payment before it was answered already.
    let strict = Profile { named: false, ..german() };
    for strength in Strength::ALL {
        let typed = credential(*strength, Some(CofMarker::Subscription));
        let bank = bank(strict.clone()).with(|it| it.credential = Some(typed));
        let (reply, changes) = bank.authorizes(increment());
        assert_eq!(reply.rules, ["S23"], "{strength:?}");
        let joins = BankChange::Remember(Credential {
            nti: reply.nti.unwrap().ledger_key().to_owned(),
            ..credential(*strength, Some(CofMarker::Subscription))
        });
        assert!(changes.contains(&joins), "{changes:?}");
        let counts = |change: &BankChange| matches!(change, BankChange::Count { .. });
        assert!(!changes.iter().any(counts));
    }
    // A payment that this bank never saw.
    assert_eq!(bank(strict.clone()).authorizes(increment()).0.rules, ["S11", "S14"]);
    assert_eq!(bank(american()).authorizes(increment()).0.rules, ["S11", "S23"]);
    let always = Profile { sca_policy: Some(ScaPolicy::Always), ..strict };
    let asks = bank(always).saved(Strength::Challenge);
    assert_eq!(asks.authorizes(increment()).0.rules, ["S13"]);
}

#[test]
fn an_increment_holds_what_the_total_is_above_the_old_one() {
    let dollars = |minor| Money::new(minor, Currency::USD);
    // 10.00 USD are 9.10 EUR, rounded up; 10.01 USD are 9.10 EUR too.
    let by_a_cent =
        Authorization { amount: dollars(1), adds_to: Some(dollars(1_000)), ..increment() };
    let poor = |spent| {
        let profile = Profile { balance: Some(5_000), ..american() };
        bank(profile).saved(Strength::None).with(|it| it.spent = spent)
    };
    let (reply, changes) = poor(5_000).authorizes(by_a_cent);
    assert_eq!(reply.code, "00");
    assert!(!changes.iter().any(|change| matches!(change, BankChange::Spend { .. })));
    let (reply, changes) = poor(3_000).authorizes(increment());
    assert_eq!(reply.code, "00");
    let spend = BankChange::Spend { par: PAR.to_owned(), amount: 2_000, most: Some(5_000) };
    assert_eq!(changes[0], spend);
    assert_eq!(poor(3_001).authorizes(increment()).0.code, "51");
}
