//! The issuers' and the ACS's rules, a line each: who asks what of whom, and what is answered.

use onfile_domain::bank::{
    AccountStatus, Availability, Credential, IssuedValue, ScaPolicy, StopOrder, Strength,
};
use onfile_domain::card::{Brand, Expiry, ThreeDs};
use onfile_domain::country::Country;
use onfile_domain::id::{ChargeId, PaymentMethodId};
use onfile_domain::money::{Currency, Money};
use onfile_domain::network::*;
use onfile_domain::payment_method::Check;

use super::profile::{Acs, Challenge, Scope, Script, Verdicts};
use super::*;

const PAR: &str = "PAR00000000000000000000000001";
const MERCHANT: &str = "acct_1";
const VALUE: &str = "AQIAAAAAAAAAAAAAAAAAAAAAAAA=";
const KEY: &str = "a-link-of-the-network";
/// 1 June 2026.
const NOW: WorldTime = WorldTime(1_780_272_000);

fn pan() -> Pan {
    Pan::parse("4000002760000016").unwrap()
}

fn entropy() -> Entropy {
    Entropy { key: [7; 32], random: std::array::from_fn(|at| at as u8) }
}

fn german() -> Profile {
    Profile::of("DE".parse().unwrap(), ThreeDs::Enrolled)
}

fn american() -> Profile {
    Profile::of(Country::US, ThreeDs::NotEnrolled)
}

/// A customer's payment of 20 EUR, typed, at a German shop.
fn payment() -> Authorization {
    Authorization {
        method: PaymentMethodId::new(1, [b'a'; 16]),
        network: Brand::Visa,
        amount: Money::new(2_000, Currency::EUR),
        adds_to: None,
        expiry: Expiry { year: 2030, month: 12 },
        mcc: "5999",
        acquirer_country: "DE".parse().unwrap(),
        entry_mode: EntryMode::Manual,
        condition: Condition::Ecommerce,
        merchant: MERCHANT.to_owned(),
        eci: "07",
        authentication_value: None,
        imported_value: false,
        cof: None,
        mit: None,
        original: None,
        series: None,
        recurring_indicator: None,
        cvc: CvcField::Absent,
        line1_given: false,
        postal_code_given: false,
    }
}

fn nti() -> Nti {
    let link = Some(KEY.to_owned());
    Nti { network: Brand::Visa, kind: NtiKind::Tid, value: "1".repeat(15), link }
}

/// A merchant's charge of 20 EUR under an agreement.
fn merchants() -> Authorization {
    Authorization {
        entry_mode: EntryMode::CredentialOnFile,
        mit: Some(MitType::Unscheduled),
        original: Some(nti()),
        ..payment()
    }
}

fn proven(eci: &'static str) -> Authorization {
    Authorization { eci, authentication_value: Some(VALUE.to_owned()), ..payment() }
}

fn value(strength: Strength) -> IssuedValue {
    IssuedValue {
        value: VALUE.to_owned(),
        par: PAR.to_owned(),
        merchant: MERCHANT.to_owned(),
        amount: Money::new(100_000, Currency::EUR),
        ds_trans_id: "ds".to_owned(),
        strength,
        issued_at: NOW,
        used: false,
    }
}

fn credential(strength: Strength, marker: Option<CofMarker>) -> Credential {
    Credential {
        nti: KEY.to_owned(),
        kind: NtiKind::Tid,
        network: Brand::Visa,
        par: PAR.to_owned(),
        merchant: MERCHANT.to_owned(),
        strength,
        marker,
    }
}

/// A message that is answered, step by step: `bank(…).knows(…).hears(…)`.
struct Bank {
    profile: Option<Profile>,
    state: BankState,
}

fn bank(profile: Profile) -> Bank {
    Bank { profile: Some(profile), state: BankState::default() }
}

impl Bank {
    fn with(mut self, set: impl FnOnce(&mut BankState)) -> Bank {
        set(&mut self.state);
        self
    }

    fn saved(self, strength: Strength) -> Bank {
        self.with(|it| it.credential = Some(credential(strength, Some(CofMarker::General))))
    }

    fn issued(self, strength: Strength) -> Bank {
        self.with(|it| it.value = Some(value(strength)))
    }

    fn hears(&self, question: Question) -> (Reply, Vec<BankChange>) {
        let pan = pan();
        let card = BankCard { pan: &pan, par: PAR, profile: self.profile.clone() };
        answer(&question, &card, &self.state, NOW, &entropy())
    }

    fn authorizes(&self, message: Authorization) -> (AuthorizationReply, Vec<BankChange>) {
        match self.hears(Question::Authorize(message)) {
            (Reply::Authorization(reply), changes) => (reply, changes),
            other => panic!("not an answer to an authorization: {other:?}"),
        }
    }

    fn authenticates(
        &self,
        request: AuthenticationRequest,
    ) -> (AuthenticationReply, Vec<BankChange>) {
        match self.hears(Question::Authenticate(request)) {
            (Reply::Authentication(reply), changes) => (reply, changes),
            other => panic!("not an answer to an authentication: {other:?}"),
        }
    }
}

/// `rules: Visa's answer | Mastercard's answer`, the advice behind a plus.
#[track_caller]
fn check(bank: &Bank, message: Authorization, told: &str) {
    let say = |network| {
        let reply = bank.authorizes(Authorization { network, ..message.clone() }).0;
        let advice = reply.advice.map(|advice| format!("+{advice}")).unwrap_or_default();
        (reply.rules.join(" "), format!("{}{advice}", reply.code))
    };
    let (rules, visa) = say(Brand::Visa);
    let (_, mastercard) = say(Brand::Mastercard);
    assert_eq!(format!("{rules}: {visa} | {mastercard}"), told);
}

fn of(amount: i64, message: Authorization) -> Authorization {
    Authorization { amount: Money::new(amount, Currency::EUR), ..message }
}

fn at(country: &str, message: Authorization) -> Authorization {
    Authorization { acquirer_country: country.parse().unwrap(), ..message }
}

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
    check(&de().issued(Strength::Challenge), super::tests::proven("07"), "S14: 1A | 65");
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
    check(&always().issued(Strength::None), super::tests::proven("06"), "S14: 1A | 65");
    check(&always().issued(Strength::Frictionless), proven(), "S23: 00 | 00");

    // S19: attempts, up to 250 EUR.
    let attempt = || super::tests::proven("06");
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

fn request() -> AuthenticationRequest {
    AuthenticationRequest {
        method: PaymentMethodId::new(1, [b'a'; 16]),
        network: Brand::Visa,
        amount: Money::new(20_000, Currency::EUR),
        indicator: ChallengeIndicator::NoPreference,
        purpose: AuthenticationPurpose::Payment,
        merchant: MERCHANT.to_owned(),
        acquirer_country: "DE".parse().unwrap(),
    }
}

#[track_caller]
fn check_acs(bank: &Bank, request: AuthenticationRequest, told: &str) {
    let (reply, changes) = bank.authenticates(request);
    let rules = reply.rules.join(" ");
    assert_eq!(format!("{rules}: {}", reply.status.as_str()), told);
    let proven = matches!(reply.status, TransStatus::Authenticated | TransStatus::Attempted);
    assert_eq!((reply.authentication_value.is_some(), changes.len()), (proven, proven.into()));
}

#[test]
fn rules_of_authentication() {
    use AuthenticationPurpose::{AddCard, Payment, Recurring};
    use ChallengeIndicator::{Mandated, NoPreference, Preferred};

    let de = || bank(german());
    let acs = |acs| bank(Profile { acs, ..german() });
    let habit = |challenge| bank(Profile { challenge, ..german() });
    let asks = |amount, indicator, purpose| AuthenticationRequest {
        amount: Money::new(amount, Currency::EUR),
        indicator,
        purpose,
        ..request()
    };
    let from = |country: &str, request| AuthenticationRequest {
        acquirer_country: country.parse().unwrap(),
        ..request
    };
    check_acs(&bank(american()), request(), "A1: A");
    check_acs(&acs(Acs::Down), request(), "A2: A");
    check_acs(&acs(Acs::Error), request(), "A2: E");
    check_acs(&bank(Profile { three_ds: ThreeDs::None, ..american() }), request(), ": U");
    let lost = de().with(|it| it.profile.status = Some(AccountStatus::Lost));
    check_acs(&lost, request(), "A4: R");

    check_acs(&de(), asks(100, Mandated, Payment), "A6: C");
    check_acs(&de(), asks(0, NoPreference, AddCard), "A6: C");
    check_acs(&de(), asks(0, NoPreference, Recurring), "A6: C");
    check_acs(&de(), from("GB", asks(0, NoPreference, AddCard)), "A12: Y");
    check_acs(&de(), from("US", asks(0, NoPreference, AddCard)), "A12: Y");
    check_acs(&habit(Challenge::Never), asks(0, Mandated, AddCard), "A6: C");
    check_acs(&habit(Challenge::Always), asks(100, NoPreference, Payment), "A7: C");
    check_acs(&de(), asks(100, Preferred, Payment), "A7: C");
    check_acs(&habit(Challenge::Never), asks(90_000, Preferred, Payment), "A8: Y");
    check_acs(&de(), asks(5_000, NoPreference, Payment), "A12: Y");
    check_acs(&de(), asks(5_001, NoPreference, Payment), "A13: C");
    let shillings = Money::new(100, "kes".parse().unwrap());
    check_acs(&de(), AuthenticationRequest { amount: shillings, ..request() }, "A13: C");
}

#[test]
fn a_challenge_ends_with_proof_or_without() {
    let end = |bank: &Bank, answer| {
        let ds_trans_id = "ds".to_owned();
        match bank.hears(Question::Challenge(ChallengeRequest {
            request: request(),
            ds_trans_id,
            answer,
        })) {
            (Reply::Authentication(reply), changes) => (reply, changes),
            other => panic!("not an answer to a challenge: {other:?}"),
        }
    };
    let de = bank(german());
    let (reply, changes) = end(&de, ChallengeAnswer::Completed);
    assert_eq!(
        (reply.status, reply.rules.as_slice()),
        (TransStatus::Authenticated, &["A14".to_owned()][..])
    );
    let [BankChange::Issue(issued)] = &changes[..] else { panic!("{changes:?}") };
    assert_eq!(reply.authentication_value.as_ref(), Some(&issued.value));
    assert_eq!((issued.value.len(), issued.strength), (28, Strength::Challenge));
    assert_eq!((issued.amount, issued.used), (request().amount, false));

    // The proof is good for the payment that it was asked for.
    let message = Authorization {
        eci: "05",
        authentication_value: reply.authentication_value,
        ..of(20_000, payment())
    };
    let knows = bank(german()).with(|it| it.value = Some(issued.clone()));
    assert_eq!(knows.authorizes(message).0.rules, ["S23"]);

    // Told twice, the bank answers the same and issues nothing more.
    let (again, changes) = end(&knows, ChallengeAnswer::Completed);
    assert_eq!((again.authentication_value, changes), (Some(issued.value.clone()), vec![]));

    for answer in [ChallengeAnswer::Failed, ChallengeAnswer::TimedOut] {
        let (reply, changes) = end(&de, answer);
        assert_eq!((reply.status, changes), (TransStatus::Denied, vec![]));
        assert_eq!((reply.rules, reply.authentication_value), (vec!["A14".to_owned()], None));
    }
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
