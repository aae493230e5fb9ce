//! Authentication: who is waved through, who is asked, and what comes of it
//! (`card-network.md` 6.8).

use super::super::profile::{Acs, Challenge};
use super::*;

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
