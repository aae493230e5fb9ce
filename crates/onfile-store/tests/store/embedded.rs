//! What only the embedded store can go through: full disks, second openers, sudden ends, and
//! hands in the file.

use std::path::Path;

use onfile_domain::case::{Decision, Dossier, Need, Write};
use onfile_domain::id::{ChargeId, PaymentMethodId};
use onfile_domain::money::{Currency, Money};
use onfile_domain::network::Followup;
use onfile_domain::object::Kind;
use onfile_domain::payment_intent::{PaymentIntent, State};
use onfile_domain::time::WorldTime;
use onfile_store::check::Law;
use onfile_store::{Claim, ClaimState, Committed, Options, Store, StoreError, WriteSet};
use rusqlite::Connection;

use crate::conformance::{done, found, insert, tempfolder};
use crate::made::{NOW, account, claim, intent, moved, set, wait, world};

/// Runs a test with a folder of its own.
fn in_folder(test: impl FnOnce(&Path)) {
    let folder = tempfolder();
    test(&folder);
    std::fs::remove_dir_all(&folder).unwrap();
}

fn open(folder: &Path) -> Store {
    Store::open(folder, Options::default()).unwrap()
}

/// Does something to the file behind the store's back.
fn by_hand(folder: &Path, sql: &str) {
    Connection::open(folder.join("onfile.db")).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn a_second_opener_is_told_who_holds_the_folder() {
    in_folder(|folder| {
        let first = open(folder);
        match Store::open(folder, Options::default()) {
            Err(StoreError::Held { holder }) => {
                assert_eq!(holder, std::process::id().to_string());
            }
            other => panic!("{:?}", other.err()),
        }
        drop(first);
        open(folder);
    });
}

#[test]
fn a_later_schema_is_left_alone() {
    in_folder(|folder| {
        drop(open(folder));
        by_hand(folder, "PRAGMA user_version = 99");
        match Store::open(folder, Options::default()) {
            Err(error @ StoreError::TooNew { found: 99, known: 5.. }) => {
                assert!(error.to_string().contains("hint: "), "{error}");
            }
            other => panic!("{:?}", other.err()),
        }
    });
}

#[test]
fn what_was_answered_is_there_after_a_stop() {
    in_folder(|folder| {
        let store = open(folder);
        let here = world(&store, 1);
        done(&store, insert(here.id, 1));
        drop(store);
        let store = open(folder);
        assert_eq!(world(&store, 1).id, here.id);
        assert!(found(&store, here.id, 1).is_some());
        assert_eq!(wait(store.check()).unwrap(), []);
    });
}

/// The files as they are while the store is open are all that a power cut leaves.
#[test]
fn what_was_answered_is_there_after_a_crash() {
    in_folder(|folder| {
        let store = open(folder);
        let here = world(&store, 1);
        for seq in 1..=50 {
            done(&store, insert(here.id, seq));
        }
        in_folder(|left| {
            std::fs::create_dir_all(left).unwrap();
            // The log first: a checkpoint between the two only writes what the log has.
            for file in ["onfile.db-wal", "onfile.db"] {
                std::fs::copy(folder.join(file), left.join(file)).unwrap();
            }
            let again = open(left);
            for seq in 1..=50 {
                assert!(found(&again, here.id, seq).is_some(), "{seq}");
            }
            assert_eq!(wait(again.check()).unwrap(), []);
        });
    });
}

/// Bytes that nothing makes fewer.
fn noise(seed: u64, count: usize) -> Vec<u8> {
    let step = |state: &mut u64| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040);
        Some((*state >> 56) as u8)
    };
    std::iter::repeat(()).scan(seed, |state, ()| step(state)).take(count).collect()
}

#[test]
fn a_full_disk_loses_nothing_and_passes_by_itself() {
    in_folder(|folder| {
        let max_pages = Some(120);
        let store = Store::open(folder, Options { max_pages }).unwrap();
        let here = world(&store, 1).id;
        let with_key = |seq: u64| {
            let mut kept = claim(&seq.to_string(), "req", true);
            let ClaimState::Answered(answer) = &mut kept.state else { panic!("it is answered") };
            answer.body = noise(seq, 20_000);
            WriteSet { idempotency: Some(kept), ..insert(here, seq) }
        };
        let full = (1..100)
            .find(|seq| match wait(store.commit(with_key(*seq))) {
                Ok(answer) => {
                    assert!(matches!(answer, Committed::Done(_)), "{answer:?}");
                    false
                }
                Err(StoreError::Unavailable(_)) => true,
                Err(other) => panic!("{other:?}"),
            })
            .unwrap();
        assert!(full > 3, "there was room for {full}");
        // Many at once: the whole batch hears of it.
        std::thread::scope(|scope| {
            for seq in 200..208 {
                let store = &store;
                scope.spawn(move || match wait(store.commit(with_key(seq))) {
                    Err(StoreError::Unavailable(_)) => {}
                    other => panic!("{other:?}"),
                });
            }
        });
        assert_eq!(found(&store, here, full), None);
        assert!(found(&store, here, full - 1).is_some());
        assert_eq!(wait(store.check()).unwrap(), []);

        let later = NOW.plus(Claim::LIFE).0;
        assert!(wait(store.purge_idempotency(later, 100)).unwrap() > 0);
        done(&store, with_key(full));
        assert_eq!(wait(store.check()).unwrap(), []);
    });
}

/// Each hand in the file breaks the law beside it.
#[test]
fn the_checker_sees_what_is_wrong() {
    for (sql, law) in [
        ("UPDATE object SET body = '{}' WHERE seq = 1", Law::RowsDecode),
        ("UPDATE event SET type = 'x' WHERE number = 1", Law::RowsDecode),
        ("UPDATE object SET customer = 5 WHERE seq = 1", Law::ColumnsAgree),
        ("DELETE FROM event WHERE number = 2", Law::EventsWithoutGaps),
        ("INSERT INTO bank_account (world, par, spent) VALUES (1, 'P', 5)", Law::BanksAgree),
        ("INSERT INTO balance VALUES (1, 'usd', 0, 5)", Law::BalancesAgree),
        ("INSERT INTO balance VALUES (1, 'xyz', 0, 0)", Law::RowsDecode),
        ("INSERT INTO claim VALUES (1, 'of 4242424242424242')", Law::NoCardNumbers),
    ] {
        in_folder(|folder| {
            let store = open(folder);
            let here = world(&store, 1).id;
            for seq in 1..=3 {
                done(&store, insert(here, seq));
            }
            assert_eq!(wait(store.check()).unwrap(), []);
            drop(store);
            by_hand(folder, sql);
            let found = wait(open(folder).check()).unwrap();
            assert_eq!(found.iter().map(|it| it.law).collect::<Vec<_>>(), [law], "{sql}");
        });
    }
}

#[test]
fn a_row_that_makes_no_sense_is_named() {
    in_folder(|folder| {
        let store = open(folder);
        let here = world(&store, 1).id;
        done(&store, insert(here, 7));
        drop(store);
        by_hand(folder, "UPDATE object SET body = '{\"v\":1}'");
        let store = open(folder);
        let mut dossier = Dossier::new(WorldTime(0), account());
        let needs = [Need::Row(Kind::Customer, 7)];
        let fault = wait(store.load(here, &needs, &mut dossier)).unwrap_err().to_string();
        assert!(fault.starts_with("table object, row "), "{fault}");
        assert!(fault.contains("kind 1, seq 7, world 1: id is missing"), "{fault}");
        // A write set after it is none the worse.
        done(&store, set(here, Decision::default()));
    });
}

/// A store that kept no balances is lifted: its movements are added up, its charges have nothing on
/// the way.
#[test]
fn a_store_without_balances_gets_them() {
    in_folder(|folder| {
        let store = open(folder);
        let here = world(&store, 1).id;
        let inserts = (1..=2).map(|seq| Write::Insert(moved(seq, NOW, 1_000, None).into()));
        let decision = Decision { writes: inserts.collect(), ..Decision::default() };
        done(&store, set(here, decision));
        let before = wait(store.balance(here)).unwrap();
        assert_eq!(before.iter().map(|it| it.amount).collect::<Vec<_>>(), [2 * (1_000 - 59)]);
        drop(store);
        by_hand(folder, BEFORE_DELIVERIES);
        by_hand(folder, "DROP TABLE balance; PRAGMA user_version = 2");
        let store = open(folder);
        assert_eq!(wait(store.balance(here)).unwrap(), before);
    });
}

/// What migrations 5 to 7 made, for stores of before.
const BEFORE_DELIVERIES: &str = "DROP TABLE delivery; DROP TABLE failing; \
     ALTER TABLE world DROP COLUMN forgotten; ALTER TABLE idempotency DROP COLUMN clock_to";

/// What is gone without having been forgotten is missed.
#[test]
fn events_that_are_lost_are_missed() {
    in_folder(|folder| {
        let store = open(folder);
        let here = world(&store, 1).id;
        for seq in 1..=4 {
            done(&store, insert(here, seq));
        }
        assert_eq!(wait(store.forget_events(here, NOW.plus(1), u64::MAX, 1)).unwrap(), 1);
        drop(store);
        for number in [4, 2, 3] {
            by_hand(folder, &format!("DELETE FROM event WHERE number = {number}"));
            let broken = wait(open(folder).check()).unwrap();
            assert!(broken.iter().all(|it| it.law == Law::EventsWithoutGaps), "{broken:?}");
            assert!(!broken.is_empty(), "without event {number}");
        }
    });
}

/// A store whose holds could be taken only once is lifted: all of a hold can be taken, nothing was.
#[test]
fn a_store_with_plain_holds_says_what_can_be_taken_of_them() {
    in_folder(|folder| {
        let store = open(folder);
        let here = world(&store, 1).id;
        let amount = Money::new(700, Currency::USD);
        let none = amount.with_minor(0);
        let (method, charge) = (PaymentMethodId::new(1, [b'm'; 16]), ChargeId::new(2, [b'c'; 16]));
        let held = PaymentIntent {
            amount,
            state: State::RequiresCapture {
                method,
                charge,
                expires_at: NOW,
                capturable: amount,
                received: none,
            },
            ..intent(3)
        };
        let followups = vec![
            Followup::Capture { charge, method, amount, total: amount },
            Followup::Reverse { charge, method, amount, total: none },
        ];
        let writes = vec![Write::Insert(held.clone().into())];
        let decision = Decision { writes, followups: followups.clone(), ..Decision::default() };
        done(&store, set(here, decision));
        drop(store);
        by_hand(folder, BEFORE_DELIVERIES);
        by_hand(
            folder,
            "UPDATE object SET body = json_remove(body, '$.state.requires_capture.capturable',
                '$.state.requires_capture.received') WHERE id >> 38 & 31 = 3;
             UPDATE followup SET body = json_remove(body, '$.capture.total', '$.reverse.total');
             PRAGMA user_version = 3",
        );
        let store = open(folder);
        let mut dossier = Dossier::new(NOW, account());
        let need = Need::Row(Kind::PaymentIntent, 3);
        wait(store.load(here, &[need], &mut dossier)).unwrap();
        assert_eq!(dossier.row(Kind::PaymentIntent, 3).unwrap().object, held.into());
        let owed = wait(store.owed_followups(0, 9)).unwrap();
        let owed: Vec<_> = owed.into_iter().map(|it| it.followup.unwrap()).collect();
        assert_eq!(owed, followups);
    });
}

/// A store that kept the uses of an agreement below it, for nobody, is lifted.
#[test]
fn a_store_with_more_pages_to_write_is_lifted() {
    in_folder(|folder| {
        let here = world(&open(folder), 1).id;
        let of_kind = |kind: i64| i64::from(here.0) << 43 | kind << 38 | 7;
        let (agreement, its_use) = (of_kind(8), of_kind(9));
        let row = |id| {
            format!(
                "INSERT INTO object (id, version, created, parent, body) VALUES ({id}, 1, 0, 5, '{{}}');"
            )
        };
        by_hand(folder, &(row(agreement) + &row(its_use)));
        by_hand(folder, "PRAGMA user_version = 7");
        drop(open(folder));
        let file = Connection::open(folder.join("onfile.db")).unwrap();
        let parent = |id: i64| -> Option<i64> {
            file.query_row("SELECT parent FROM object WHERE id = ?1", [id], |row| row.get(0))
                .unwrap()
        };
        assert_eq!((parent(agreement), parent(its_use)), (Some(5), None));
        let plan: String = file
            .query_row(
                "EXPLAIN QUERY PLAN SELECT body FROM object \
                 WHERE id >> 43 = ?1 AND customer = ?2 AND id BETWEEN ?3 AND ?4 ORDER BY id",
                [1, 2, 3, 4],
                |row| row.get(3),
            )
            .unwrap();
        assert!(plan.contains("object_of_customer") && plan.contains("id>?"), "{plan}");
    });
}
