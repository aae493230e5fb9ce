//! What holds for every message, whatever its bank is like.

use onfile_domain::bank::{Credential, IssuedValue, ScaPolicy, Strength};
use onfile_domain::card::{Brand, Expiry, ThreeDs};
use onfile_domain::id::PaymentMethodId;
use onfile_domain::money::{Currency, Money};
use onfile_domain::network::*;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

const VALUE: &str = "AQIAAAAAAAAAAAAAAAAAAAAAAAA=";
const NOW: WorldTime = WorldTime(1_780_272_000);

prop_compose! {
    fn message()(
        network in select(Brand::ALL),
        amount in prop_oneof![Just(0i64), 1i64..60_000],
        year in 2025i64..2030,
        acquirer in select(vec!["DE", "GB", "US", "CH"]),
        entry_mode in select(EntryMode::ALL),
        condition in select(Condition::ALL),
        eci in select(vec!["05", "06", "07", "02", "01", "00"]),
        value in any::<bool>(),
        imported_value in any::<bool>(),
        cof in proptest::option::of(select(CofMarker::ALL)),
        mit in proptest::option::of(select(MitType::ALL)),
        original in any::<bool>(),
        cvc in select(CvcField::ALL),
    ) -> Authorization {
        Authorization {
            method: PaymentMethodId::new(1, [b'a'; 16]),
            network,
            amount: Money::new(amount, Currency::EUR),
            adds_to: None,
            expiry: Expiry { year, month: 12 },
            mcc: "5999",
            acquirer_country: acquirer.parse().expect("a country"),
            entry_mode,
            condition,
            merchant: "acct_1".to_owned(),
            eci,
            authentication_value: value.then(|| VALUE.to_owned()),
            imported_value,
            cof,
            mit,
            original: original.then(|| Nti {
                network,
                kind: NtiKind::Opaque,
                value: "1".repeat(15),
                link: Some("key".to_owned()),
            }),
            series: None,
            recurring_indicator: None,
            cvc,
            line1_given: false,
            postal_code_given: true,
        }
    }
}

prop_compose! {
    fn profile()(
        country in select(vec!["DE", "GB", "US", "CH", "IN"]),
        sca_policy in proptest::option::of(select(ScaPolicy::ALL)),
        balance in proptest::option::of(0i64..60_000),
        pre_seeded in any::<bool>(),
        named in any::<bool>(),
    ) -> Profile {
        let country = country.parse().expect("a country");
        let plain = Profile::of(country, ThreeDs::Enrolled);
        Profile { sca_policy, balance, pre_seeded, named, ..plain }
    }
}

prop_compose! {
    fn memory()(
        spent in 0i64..60_000,
        strengths in (select(Strength::ALL), select(Strength::ALL)),
        marker in proptest::option::of(select(CofMarker::ALL)),
        known in (any::<bool>(), any::<bool>()),
        used in any::<bool>(),
    ) -> BankState {
        let credential = Credential {
            nti: "key".to_owned(),
            kind: NtiKind::Opaque,
            network: Brand::Visa,
            par: "par".to_owned(),
            merchant: "acct_1".to_owned(),
            strength: strengths.0,
            marker,
        };
        let value = IssuedValue {
            value: VALUE.to_owned(),
            par: "par".to_owned(),
            merchant: "acct_1".to_owned(),
            amount: Money::new(30_000, Currency::EUR),
            ds_trans_id: "ds".to_owned(),
            strength: strengths.1,
            issued_at: NOW,
            used,
        };
        BankState {
            spent,
            credential: known.0.then_some(credential),
            value: known.1.then_some(value),
            ..BankState::default()
        }
    }
}

fn ask(message: &Authorization, profile: &Profile, state: &BankState) -> (Reply, Vec<BankChange>) {
    let pan = Pan::parse("4000002760000016").expect("a card number");
    let card = BankCard { pan: &pan, par: "par", profile: Some(profile.clone()) };
    let entropy = Entropy { key: [7; 32], random: [9; 40], order: 1 };
    answer(&Question::Authorize(message.clone()), &card, state, NOW, &entropy)
}

proptest! {
    #[test]
    fn every_message_is_answered_once(
        message in message(), profile in profile(), state in memory()
    ) {
        let (reply, changes) = ask(&message, &profile, &state);
        prop_assert_eq!(ask(&message, &profile, &state), (reply.clone(), changes.clone()));
        let Reply::Authorization(reply) = reply else { panic!("{reply:?}") };

        // The last rule answers, and an approval is S23's alone.
        let approved = matches!(reply.code.as_str(), "00" | "85");
        prop_assert_eq!(reply.rules.last().map(String::as_str) == Some("S23"), approved);
        prop_assert_eq!(reply.code.as_str() == "85", approved && message.amount.minor() == 0);

        // Money moves with an approval only, and never beyond what is there.
        let held: i64 = changes
            .iter()
            .map(|change| if let BankChange::Spend { amount, .. } = change { *amount } else { 0 })
            .sum();
        prop_assert_eq!(held, if approved { message.amount.minor() } else { 0 });
        if let Some(balance) = profile.balance {
            prop_assert!(held == 0 || held + state.spent <= balance);
        }

        // A decline leaves nothing in the ledger.
        let remembers = changes.iter().any(|change| matches!(change, BankChange::Remember(_)));
        prop_assert!(approved || !remembers);
    }

    /// A value that was used proves nothing again.
    #[test]
    fn a_value_is_good_once(message in message(), profile in profile(), state in memory()) {
        let (_, changes) = ask(&message, &profile, &state);
        let query = query(&Question::Authorize(message.clone()), "par");
        let after = recall(&query, state, &changes);
        let (_, again) = ask(&message, &profile, &after);
        let uses = again.iter().any(|change| {
            matches!(change, BankChange::Use { .. } | BankChange::Issue(_))
        });
        let used = changes.iter().any(|change| {
            matches!(change, BankChange::Use { .. } | BankChange::Issue(_))
        });
        prop_assert!(!(used && uses));
    }
}
