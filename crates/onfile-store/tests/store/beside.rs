//! The suite for every store, continued: what is kept beside rows, and what a restart looks for.

use onfile_domain::account::Account;
use onfile_domain::attempt::{Attempt, AttemptState};
use onfile_domain::balance::available_at;
use onfile_domain::bank::BankChange;
use onfile_domain::card::TestEffect;
use onfile_domain::case::{Case, Decision, Dossier, Mint, Need, Write};
use onfile_domain::id::{ChargeId, PaymentMethodId};
use onfile_domain::money::{Currency, Money};
use onfile_domain::network::Followup;
use onfile_domain::object::Kind;
use onfile_store::{AccountChange, Committed, WriteSet};

use crate::conformance::{done, everywhere};
use crate::made::{NOW, account, attempt, moved, set, wait, world};

/// What a write set carries beside rows is kept with it, or not at all.
#[test]
fn what_goes_with_rows_is_kept_with_them() {
    everywhere(|store| {
        let [here, other] = [1, 2].map(|name| world(store, name).id);
        let method = PaymentMethodId::new(3, [b'm'; 16]);
        let followup = Followup::Reverse {
            charge: ChargeId::new(4, [b'c'; 16]),
            method,
            amount: Money::new(5, Currency::EUR),
            total: Money::new(7, Currency::EUR),
        };
        let moved_to = Account { country: "FR".parse().unwrap(), ..account() };
        let carries = |relied_on| WriteSet {
            sealed: vec![(method, b"sealed".to_vec())],
            account: Some(AccountChange { from: account(), to: moved_to.clone() }),
            ..set(here, Decision { followups: vec![followup], relied_on, ..Decision::default() })
        };
        let moved = carries(vec![(Kind::Customer, 1, 1)]);
        assert_eq!(wait(store.commit(moved)).unwrap(), Committed::Moved);
        assert_eq!(wait(store.sealed(here, 3)).unwrap(), None);
        assert_eq!(wait(store.owed_followups(0, 9)).unwrap(), []);

        done(store, carries(Vec::new()));
        assert_eq!(wait(store.sealed(here, 3)).unwrap(), Some(b"sealed".to_vec()));
        assert_eq!(wait(store.sealed(other, 3)).unwrap(), None);
        assert_eq!(wait(store.world_by_id(here)).unwrap().unwrap().account, moved_to);
        let owed = wait(store.owed_followups(0, 9)).unwrap();
        assert_eq!(
            owed.iter().map(|it| (it.world, it.followup.clone())).collect::<Vec<_>>(),
            [(here, Ok(followup))]
        );
        wait(store.acknowledge(&[owed[0].number])).unwrap();
        assert_eq!(wait(store.owed_followups(0, 9)).unwrap(), []);
    });
}

/// Of two that change an account as they read it, the second is told to look again.
#[test]
fn an_account_that_moved_is_not_written_over() {
    everywhere(|store| {
        let here = world(store, 1).id;
        let [german, french] =
            ["DE", "FR"].map(|code| Account { country: code.parse().unwrap(), ..account() });
        let change = |from: &Account, to: &Account| WriteSet {
            account: Some(AccountChange { from: from.clone(), to: to.clone() }),
            ..set(here, Decision::default())
        };
        let kept = || wait(store.world_by_id(here)).unwrap().unwrap().account;
        done(store, change(&account(), &german));
        let late = change(&account(), &french);
        assert_eq!(wait(store.commit(late)).unwrap(), Committed::Moved);
        assert_eq!(kept(), german);
        done(store, change(&german, &french));
        assert_eq!(kept(), french);
    });
}

/// A limit binds the first money that is spent too.
#[test]
fn what_is_spent_stays_within_its_limit() {
    everywhere(|store| {
        let here = world(store, 1).id;
        let spend = |amount, most| {
            let par = "PAR1".to_owned();
            let bank = vec![BankChange::Spend { par, amount, most }];
            wait(store.commit(WriteSet { bank, ..set(here, Decision::default()) })).unwrap()
        };
        let is_kept = |committed| matches!(committed, Committed::Done(_));
        for (amount, most, kept) in [
            (101, Some(100), false),
            (100, Some(100), true),
            (1, Some(100), false),
            (-50, Some(100), true),
            (50, Some(100), true),
            (1, None, true),
        ] {
            assert_eq!(is_kept(spend(amount, most)), kept, "{amount} of {most:?}");
        }
    });
}

#[test]
fn what_is_owed_is_read_in_pages() {
    everywhere(|store| {
        let here = world(store, 1).id;
        let reverse = |seq| Followup::Reverse {
            charge: ChargeId::new(seq, [b'c'; 16]),
            method: PaymentMethodId::new(3, [b'm'; 16]),
            amount: Money::new(5, Currency::EUR),
            total: Money::new(5, Currency::EUR),
        };
        let followups = (1..=5).map(reverse).collect();
        done(store, set(here, Decision { followups, ..Decision::default() }));
        let first = wait(store.owed_followups(0, 2)).unwrap();
        let second = wait(store.owed_followups(first[1].number, 2)).unwrap();
        let third = wait(store.owed_followups(second[1].number, 2)).unwrap();
        let all: Vec<Followup> = [first, second, third]
            .iter()
            .flatten()
            .map(|it| it.followup.clone().unwrap())
            .collect();
        assert_eq!(all, (1..=5).map(reverse).collect::<Vec<_>>());
    });
}

#[test]
fn the_vaults_keys_are_kept_as_they_were_last() {
    everywhere(|store| {
        assert_eq!(wait(store.wrapped_keys()).unwrap(), None);
        for keys in [b"one".to_vec(), b"two".to_vec()] {
            wait(store.put_wrapped_keys(keys.clone())).unwrap();
            assert_eq!(wait(store.wrapped_keys()).unwrap(), Some(keys));
        }
    });
}

#[test]
fn attempts_hang_under_their_intent_until_they_are_over() {
    everywhere(|store| {
        let here = world(store, 1).id;
        let insert = |attempt: Attempt| {
            let writes = vec![Write::Insert(attempt.into())];
            done(store, set(here, Decision { writes, ..Decision::default() }));
        };
        insert(attempt(1, 10, AttemptState::Done));
        insert(attempt(3, 10, AttemptState::Sent));
        insert(attempt(2, 10, AttemptState::Reversing));
        insert(attempt(4, 11, AttemptState::Reversed));
        let below = |parent| {
            let need = Need::Children(Kind::Attempt, parent);
            let mut dossier = Dossier::new(NOW, account());
            wait(store.load(here, &[need], &mut dossier)).unwrap();
            let case = Case::new(&dossier, Mint::new(1, 0, Vec::new()));
            let all: Vec<Attempt> = case.all(need).unwrap();
            all.iter().map(|it| it.id.seq).collect::<Vec<_>>()
        };
        assert_eq!(below(10), [1, 2, 3], "oldest first");
        assert_eq!(below(12), [] as [u64; 0]);
        let open = || {
            let open = wait(store.open_attempts()).unwrap();
            open.iter().map(|it| (it.attempt.id.seq, it.version)).collect::<Vec<_>>()
        };
        assert_eq!(open(), [(2, 1), (3, 1)]);
        let object = attempt(3, 10, AttemptState::Done).into();
        let writes = vec![Write::Update { object, expected: 1 }];
        done(store, set(here, Decision { writes, ..Decision::default() }));
        assert_eq!(open(), [(2, 1)]);
        assert_eq!(wait(store.check()).unwrap(), []);
    });
}

/// Whoever tells what can be paid out tells what can be when it is committed; what is pending may
/// move meanwhile.
#[test]
fn what_is_told_to_be_available_is() {
    everywhere(|store| {
        let [here, other] = [1, 2].map(|name| world(store, name).id);
        let at_once = Some(TestEffect::BypassPending);
        let pays = |world, seq, effect| {
            let writes = vec![Write::Insert(moved(seq, NOW, 900, effect).into())];
            done(store, set(world, Decision { writes, ..Decision::default() }));
        };
        let read = || {
            let mut dossier = Dossier::new(NOW, account());
            wait(store.load(here, &[Need::Balance], &mut dossier)).unwrap();
            let mut case = Case::new(&dossier, Mint::new(1, 1, Vec::new()));
            case.rely_on_available().unwrap();
            case.finish()
        };
        let nothing = read();
        assert_eq!(nothing.available, Some(Vec::new()));
        pays(here, 1, None);
        pays(other, 1, at_once);
        done(store, set(here, nothing));
        let nothing = read();
        pays(here, 2, at_once);
        assert_eq!(wait(store.commit(set(here, nothing))).unwrap(), Committed::Moved);
        let some = read();
        let all = wait(store.balance(here)).unwrap();
        assert_eq!((some.available.clone(), all.len()), (Some(available_at(NOW, &all)), 2));
        done(store, set(here, some));
        // By then the first has come, and one that comes late counts with it.
        let late = NOW.plus(30 * 86_400);
        let both = || {
            let decision = Decision { available: Some(all.clone()), ..Decision::default() };
            WriteSet { at: late, ..set(here, decision) }
        };
        done(store, both());
        pays(here, 3, None);
        assert_eq!(wait(store.commit(both())).unwrap(), Committed::Moved);
    });
}
