//! What a bank remembers of its answers, and what it must be told of them.

use onfile_domain::id::ChargeId;

use super::*;

#[test]
fn what_an_issuer_remembers() {
    let par = || PAR.to_owned();
    let de = || bank(german());
    let spend = || BankChange::Spend { par: par(), amount: 2_000, most: None };
    let used = || BankChange::Use { value: VALUE.to_owned() };
    let remember = |reply: &AuthorizationReply, strength, marker| {
        let nti = reply.nti.as_ref().unwrap().ledger_key().to_owned();
        BankChange::Remember(Credential { nti, ..credential(strength, marker) })
    };

    let (reply, changes) = de()
        .issued(Strength::Challenge)
        .authorizes(Authorization { cof: Some(CofMarker::General), ..proven("05") });
    let entry = remember(&reply, Strength::Challenge, Some(CofMarker::General));
    assert_eq!(changes, [spend(), entry, BankChange::ResetCounters { par: par() }, used()]);

    let (reply, changes) = de().issued(Strength::Frictionless).authorizes(proven("05"));
    let count = || BankChange::Count { par: par(), amount: 2_000 };
    assert_eq!(changes, [spend(), remember(&reply, Strength::Frictionless, None), count(), used()]);

    let (reply, changes) = de().issued(Strength::None).authorizes(proven("06"));
    assert_eq!(changes, [spend(), remember(&reply, Strength::None, None), count(), used()]);

    let marker = Some(CofMarker::Subscription);
    let recurring = Authorization { mit: Some(MitType::Subscription), ..merchants() };
    let (reply, changes) = de()
        .with(|it| it.credential = Some(credential(Strength::Challenge, marker)))
        .authorizes(recurring);
    assert_eq!(changes, [spend(), remember(&reply, Strength::Challenge, marker)]);

    let (_, changes) = bank(american()).authorizes(merchants());
    assert_eq!(changes, [spend()]); // it rests on nothing, so nothing can rest on it

    let moto = Authorization { condition: Condition::Moto, ..payment() };
    let (reply, changes) = de().authorizes(moto);
    assert_eq!(changes, [spend(), remember(&reply, Strength::Moto, None)]);

    let (reply, changes) = de().authorizes(of(0, payment()));
    assert_eq!(changes, [remember(&reply, Strength::None, None)]);

    // A value is used up whatever the answer, and a decline leaves nothing else.
    let poor = bank(Profile { balance: Some(0), ..german() }).issued(Strength::Challenge);
    assert_eq!(poor.authorizes(proven("05")).1, [used()]);
    let imported = Authorization { imported_value: true, ..proven("05") };
    let (_, changes) = bank(Profile { balance: Some(0), ..german() }).authorizes(imported);
    assert!(matches!(&changes[..], [BankChange::Issue(IssuedValue { used: true, .. })]));
}

#[test]
fn what_must_be_loaded() {
    let asked = query(&Question::Authorize(merchants()), PAR);
    assert_eq!(asked.original.as_deref(), Some(KEY));
    assert_eq!((asked.par.as_str(), asked.merchant.as_str()), (PAR, MERCHANT));
    let asked = query(&Question::Authorize(proven("05")), PAR);
    assert_eq!((asked.authentication_value.as_deref(), asked.original), (Some(VALUE), None));
}

#[test]
fn a_bank_knows_at_once_what_it_answered() {
    let mine = || PAR.to_owned();
    let other = || "another".to_owned();
    let query = BankQuery {
        par: mine(),
        merchant: MERCHANT.to_owned(),
        original: Some(KEY.to_owned()),
        authentication_value: Some(VALUE.to_owned()),
        ds_trans_id: None,
    };
    let pending = [
        BankChange::Spend { par: mine(), amount: 700, most: None },
        BankChange::Spend { par: other(), amount: 900, most: None },
        BankChange::Count { par: mine(), amount: 700 },
        BankChange::ResetCounters { par: other() },
        BankChange::Remember(credential(Strength::Challenge, None)),
        BankChange::Remember(Credential { nti: other(), ..credential(Strength::None, None) }),
        BankChange::Issue(IssuedValue { value: other(), ..value(Strength::None) }),
        BankChange::Issue(value(Strength::Frictionless)),
        BankChange::Use { value: VALUE.to_owned() },
        BankChange::Use { value: other() },
    ];
    let told = BankState {
        spent: 1_000,
        count_since_sca: 1,
        sum_since_sca: 700,
        credential: Some(credential(Strength::Challenge, None)),
        value: Some(IssuedValue { used: true, ..value(Strength::Frictionless) }),
        ..BankState::default()
    };
    let loaded = BankState { spent: 300, ..BankState::default() };
    assert_eq!(recall(&query, loaded, &pending), told);
}

#[test]
fn a_hold_names_what_the_account_holds() {
    let rich = bank(Profile { balance: Some(5_000), ..american() });
    let (_, changes) = rich.authorizes(payment());
    let spend = BankChange::Spend { par: PAR.to_owned(), amount: 2_000, most: Some(5_000) };
    assert_eq!(changes[0], spend);
}

#[test]
fn a_reversal_or_a_refund_gives_back_what_was_held() {
    let charge = ChargeId::new(1, [b'a'; 16]);
    let method = PaymentMethodId::new(1, [b'a'; 16]);
    let amount = Money::new(1_100, Currency::USD);
    let total = amount.with_minor(0);
    let told = followup(&Followup::Reverse { charge, method, amount, total }, PAR);
    assert_eq!(told, [BankChange::Spend { par: PAR.to_owned(), amount: -1_000, most: None }]);
    assert_eq!(followup(&Followup::Capture { charge, method, amount, total: amount }, PAR), []);
    let credit = Followup::Refund { charge, method, amount };
    assert_eq!(followup(&credit, PAR), told);
    // In parts, each of which would be rounded up by itself: 0.01 USD is not a cent of a euro.
    let cent = Money::new(1, Currency::USD);
    let mut left = amount;
    let mut freed = 0;
    while left.minor() > 0 {
        left = left.minus(cent);
        let told = Followup::Reverse { charge, method, amount: cent, total: left };
        for change in followup(&told, PAR) {
            let BankChange::Spend { amount, .. } = change else { panic!("{change:?}") };
            freed -= amount;
        }
    }
    assert_eq!(freed, 1_000);
    let more = Money::new(1_155, Currency::USD);
    let told = followup(&Followup::Capture { charge, method, amount: more, total: amount }, PAR);
    assert_eq!(told, [BankChange::Spend { par: PAR.to_owned(), amount: 50, most: None }]);
}
