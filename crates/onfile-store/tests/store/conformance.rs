//! What every store must do, over whichever is given.

use onfile_domain::bank::{BankChange, BankQuery, IssuedValue, Strength};
use onfile_domain::case::{Decision, Dossier, Need, Timer, TimerKind, Write};
use onfile_domain::customer::Customer;
use onfile_domain::event::EventType;
use onfile_domain::money::{Currency, Money};
use onfile_domain::object::{Kind, Object};
use onfile_domain::time::WorldTime;
use onfile_store::{
    Changes, Claim, ClaimState, ClockMove, Committed, Cursor, DueTimer, EventQuery, KeyHash,
    ListQuery, Mover, OnWire, Options, Store, WorldId, WriteSet,
};

use crate::made::{NOW, account, claim, customer, set, told, wait, world};

/// Runs one part of the suite over every store.
pub fn everywhere(part: impl Fn(&Store)) {
    part(&Store::open_ephemeral().unwrap());
    let folder = tempfolder();
    part(&Store::open(&folder, Options::default()).unwrap());
    std::fs::remove_dir_all(&folder).unwrap();
}

pub fn tempfolder() -> std::path::PathBuf {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder =
        std::env::temp_dir().join(format!("onfile-store-test-{}-{number}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

pub fn insert(world: WorldId, seq: u64) -> WriteSet {
    let it = customer(seq);
    set(
        world,
        Decision {
            writes: vec![Write::Insert(it.clone().into())],
            events: vec![told(EventType::CustomerCreated, it)],
            ..Decision::default()
        },
    )
}

fn update(world: WorldId, it: Customer, expected: i64) -> WriteSet {
    let writes = vec![Write::Update { object: it.into(), expected }];
    set(world, Decision { writes, ..Decision::default() })
}

pub fn done(store: &Store, set: WriteSet) {
    let answer = wait(store.commit(set)).unwrap();
    assert!(matches!(answer, Committed::Done(_)), "{answer:?}");
}

pub fn found(store: &Store, world: WorldId, seq: u64) -> Option<(i64, Object)> {
    let mut dossier = Dossier::new(NOW, account());
    wait(store.load(world, &[Need::Row(Kind::Customer, seq)], &mut dossier)).unwrap();
    dossier.row(Kind::Customer, seq).map(|row| (row.version, row.object.clone()))
}

#[test]
fn a_world_is_made_once() {
    everywhere(|store| {
        assert_eq!(wait(store.world(KeyHash([1; 32]))).unwrap(), None);
        let first = world(store, 1);
        let second = world(store, 2);
        assert_ne!(first.id, second.id);
        assert_eq!(first.account, account());
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| assert_eq!(world(store, 1).id, first.id));
            }
        });
        assert_eq!(wait(store.worlds()).unwrap(), [first, second]);
    });
}

#[test]
fn a_row_is_found_as_it_was_written() {
    everywhere(|store| {
        let [one, two] = [1, 2].map(|name| world(store, name).id);
        done(store, insert(one, 7));
        assert_eq!(found(store, one, 7), Some((1, customer(7).into())));
        assert_eq!(found(store, two, 7), None, "worlds don't see one another");
        assert_eq!(found(store, one, u64::MAX), None);
        let changed = Customer { name: Some("N".to_owned()), ..customer(7) };
        done(store, update(one, changed.clone(), 1));
        assert_eq!(found(store, one, 7), Some((2, changed.into())));
        let world = wait(store.world_by_id(one)).unwrap().unwrap();
        assert_eq!((world.next_seq, world.rows), (8, 1));
    });
}

/// Two decisions on one snapshot: the bank's money is spent once, and a proof is good once.
#[test]
fn a_bank_that_moved_is_asked_again() {
    everywhere(|store| {
        let here = world(store, 1).id;
        let par = || "PAR00000000000000000000000001".to_owned();
        let spend = |amount, most| BankChange::Spend { par: par(), amount, most };
        let value = IssuedValue {
            value: "AQIAAAAAAAAAAAAAAAAAAAAAAAA=".to_owned(),
            par: par(),
            merchant: "acct_1".to_owned(),
            amount: Money::new(100, Currency::EUR),
            ds_trans_id: "ds".to_owned(),
            strength: Strength::Challenge,
            issued_at: NOW,
            used: false,
        };
        let uses = || BankChange::Use { value: value.value.clone() };
        for (what, change, passes) in [
            ("all of it", spend(1_000, Some(1_000)), true),
            ("a cent too much", spend(1, Some(1_000)), false),
            ("an account without end", spend(1, None), true),
            ("some of it back", spend(-601, None), true),
            ("what is there again", spend(600, Some(1_000)), true),
            ("and no more", spend(1, Some(1_000)), false),
            ("a value nobody knows", uses(), false),
            ("a new value", BankChange::Issue(value.clone()), true),
            ("the same one again", BankChange::Issue(value.clone()), false),
            ("used", uses(), true),
            ("used twice", uses(), false),
            ("nothing to count anew", BankChange::ResetCounters { par: "other".to_owned() }, true),
        ] {
            let set = WriteSet { bank: vec![change], ..set(here, Decision::default()) };
            let answer = wait(store.commit(set)).unwrap();
            assert_eq!(answer != Committed::Moved, passes, "{what}: {answer:?}");
        }
        let query = BankQuery {
            par: par(),
            merchant: "acct_1".to_owned(),
            original: None,
            authentication_value: Some(value.value.clone()),
            ds_trans_id: None,
        };
        let state = wait(store.load_bank(here, &query)).unwrap();
        assert_eq!((state.spent, state.value.map(|it| it.used)), (1_000, Some(true)));
    });
}

/// Each of these finds something in its way, and leaves nothing.
#[test]
fn what_was_written_first_moves_the_other() {
    everywhere(|store| {
        let here = world(store, 1).id;
        let taken = Decision { claims: vec!["name".to_owned()], ..Decision::default() };
        done(store, set(here, taken));
        done(store, insert(here, 1));
        let timer =
            |subject| DueTimer { world: here, due_at: NOW, kind: TimerKind::ExpireHold, subject };
        type Case = (&'static str, fn(&mut WriteSet));
        let in_the_way: [Case; 5] = [
            ("a newer version", |set| {
                let object = customer(1).into();
                set.decision.writes.push(Write::Update { object, expected: 2 });
            }),
            ("a row that is gone", |set| {
                let object = customer(99).into();
                set.decision.writes.push(Write::Update { object, expected: 1 });
            }),
            ("a row relied on", |set| set.decision.relied_on.push((Kind::Customer, 1, 2))),
            ("a claimed name", |set| set.decision.claims.push("name".to_owned())),
            ("a claim of its own twice", |set| {
                set.decision.claims.extend(["new".to_owned(), "new".to_owned()]);
            }),
        ];
        for (what, put) in in_the_way {
            let mut set = insert(here, 50);
            put(&mut set);
            assert_eq!(wait(store.commit(set)).unwrap(), Committed::Moved, "{what}");
            assert_eq!(found(store, here, 50), None, "{what}");
        }
        let settles = Some(timer(1));
        let repeat = WriteSet { settles, ..insert(here, 50) };
        assert_eq!(wait(store.commit(repeat)).unwrap(), Committed::Moved, "a timer that is gone");
        assert_eq!(found(store, here, 50), None);

        let relied_on = vec![(Kind::Customer, 1, 1)];
        let releases = vec!["name".to_owned()];
        let claims = vec!["name".to_owned()];
        done(store, set(here, Decision { relied_on, releases, claims, ..Decision::default() }));
    });
}

#[test]
fn a_key_stands_for_its_first_call() {
    everywhere(|store| {
        let here = world(store, 1).id;
        let commit = |seq, idempotency: Claim| {
            wait(store.commit(WriteSet { idempotency: Some(idempotency), ..insert(here, seq) }))
                .unwrap()
        };
        let running = claim("k", "req_1", false);
        assert!(matches!(commit(1, running.clone()), Committed::Done(_)));
        let taken = Committed::Taken(Box::new(running.clone()));
        assert_eq!(commit(2, claim("k", "req_2", true)), taken);
        assert_eq!(found(store, here, 2), None);
        assert_eq!(wait(store.running_claims()).unwrap(), [(here, running)]);
        // The second commit of the same call answers it.
        assert!(matches!(commit(3, claim("k", "req_1", true)), Committed::Done(_)));
        let answered = claim("k", "req_1", true);
        assert_eq!(wait(store.idempotency(here, "k")).unwrap(), Some(answered.clone()));
        assert_eq!(wait(store.running_claims()).unwrap(), []);
        assert_eq!(commit(4, claim("k", "req_1", true)), Committed::Taken(Box::new(answered)));
        // What a call has on the wire is known until it is answered, and is its last message.
        let on_wire = |attempt| Claim {
            state: ClaimState::Running(Some(OnWire {
                attempt,
                version: "2026-08-26.dahlia".to_owned(),
                audience: "publishable".to_owned(),
                base: "http://127.0.0.1:1".to_owned(),
            })),
            ..claim("w", "req_8", false)
        };
        for (seq, attempt) in [(8, 80), (9, 90)] {
            assert!(matches!(commit(seq, on_wire(attempt)), Committed::Done(_)));
            assert_eq!(wait(store.running_claims()).unwrap(), [(here, on_wire(attempt))]);
            assert_eq!(wait(store.idempotency(here, "w")).unwrap(), Some(on_wire(attempt)));
        }
        assert!(matches!(commit(10, claim("w", "req_8", true)), Committed::Done(_)));
        let answered = wait(store.idempotency(here, "w")).unwrap();
        assert_eq!(answered, Some(claim("w", "req_8", true)));
        // A day later the key is free.
        let late = Claim { at: NOW.plus(Claim::LIFE), ..claim("k", "req_5", true) };
        assert!(matches!(commit(5, late.clone()), Committed::Done(_)));
        assert_eq!(wait(store.idempotency(here, "k")).unwrap(), Some(late));
        assert_eq!(wait(store.idempotency(here, "other")).unwrap(), None);
        // A running key is freed by its own call only.
        assert!(matches!(commit(6, claim("r", "req_6", false)), Committed::Done(_)));
        wait(store.release(here, "r", "req_7")).unwrap();
        assert!(wait(store.idempotency(here, "r")).unwrap().is_some());
        wait(store.release(here, "r", "req_6")).unwrap();
        assert_eq!(wait(store.idempotency(here, "r")).unwrap(), None);
    });
}

/// The key of a call that moves a clock says where to, from the very commit that moves it.
#[test]
fn a_key_says_where_its_call_takes_the_clock() {
    everywhere(|store| {
        let here = world(store, 1).id;
        let keep = |idempotency: Claim| {
            let idempotency = Some(idempotency);
            done(store, WriteSet { idempotency, ..set(here, Decision::default()) });
        };
        keep(claim("m", "req_1", false));
        keep(claim("n", "req_2", true));
        let takes =
            |seconds| ClockMove { to: NOW.plus(seconds), version: "2026-08-26.dahlia".to_owned() };
        let by = |key: &str, request: &str, seconds| Mover {
            key: key.to_owned(),
            request: request.to_owned(),
            takes: takes(seconds),
        };
        let moves = |by: Mover| {
            wait(store.set_clock_offset(here, by.takes.to.0 - NOW.0, Some(&by))).unwrap();
            wait(store.world_by_id(here)).unwrap().unwrap().clock_offset
        };
        let stands = |seconds| Claim {
            state: ClaimState::Moving(takes(seconds)),
            ..claim("m", "req_1", false)
        };
        assert_eq!(moves(by("m", "req_1", 100)), 100);
        assert_eq!(wait(store.idempotency(here, "m")).unwrap(), Some(stands(100)));
        assert_eq!(wait(store.running_claims()).unwrap(), [(here, stands(100))]);
        // Another request's key, and one that is answered, stay as they are.
        assert_eq!(moves(by("m", "req_9", 200)), 200);
        assert_eq!(moves(by("n", "req_2", 300)), 300);
        assert_eq!(wait(store.idempotency(here, "m")).unwrap(), Some(stands(100)));
        assert_eq!(wait(store.idempotency(here, "n")).unwrap(), Some(claim("n", "req_2", true)));
        // By a commit of its own it is the same.
        keep(stands(400));
        assert_eq!(wait(store.idempotency(here, "m")).unwrap(), Some(stands(400)));
        keep(claim("m", "req_1", true));
        assert_eq!(wait(store.idempotency(here, "m")).unwrap(), Some(claim("m", "req_1", true)));
        keep(Claim { key: "o".to_owned(), ..stands(500) });
        let made = wait(store.idempotency(here, "o")).unwrap().unwrap();
        assert_eq!(made.state, ClaimState::Moving(takes(500)));
        assert_eq!(wait(store.check()).unwrap(), []);
    });
}

#[test]
fn keys_past_their_life_are_forgotten() {
    everywhere(|store| {
        let [here, ahead] = [1, 2].map(|name| world(store, name).id);
        wait(store.set_clock_offset(ahead, 3_600, None)).unwrap();
        for (world, key) in [(here, "a"), (ahead, "b"), (here, "c")] {
            let at = if key == "c" { NOW.plus(100) } else { NOW };
            let idempotency = Some(Claim { at, ..claim(key, key, true) });
            done(store, WriteSet { idempotency, ..set(world, Decision::default()) });
        }
        let purge = |after| wait(store.purge_idempotency(NOW.plus(after).0, 10)).unwrap();
        assert_eq!(purge(Claim::LIFE - 3_601), 0);
        assert_eq!(purge(Claim::LIFE - 3_600), 1, "the world whose clock is ahead");
        assert_eq!(purge(Claim::LIFE), 1);
        assert!(wait(store.idempotency(here, "c")).unwrap().is_some());
    });
}

#[test]
fn pages_go_both_ways() {
    everywhere(|store| {
        let [here, other] = [1, 2].map(|name| world(store, name).id);
        for seq in 1..=7 {
            done(store, insert(here, seq));
        }
        done(store, insert(other, 3));
        done(store, update(here, Customer { deleted: true, ..customer(4) }, 1));
        let page = |cursor, limit, from: Option<u64>, to: Option<u64>| {
            let time = |seq: u64| NOW.plus(seq as i64);
            let (from, to) = (from.map(time), to.map(time));
            let kind = Kind::Customer;
            let query = ListQuery { kind, customer: None, parent: None, from, to, cursor, limit };
            let page = wait(store.list(here, &query)).unwrap();
            let seqs: Vec<u64> = page.items.iter().map(|row| row.object.seq()).collect();
            (seqs, page.has_more)
        };
        assert_eq!(page(Cursor::Newest, 3, None, None), (vec![7, 6, 5], true));
        assert_eq!(page(Cursor::After(5), 3, None, None), (vec![3, 2, 1], false));
        assert_eq!(page(Cursor::After(4), 2, None, None), (vec![3, 2], true), "a deleted cursor");
        assert_eq!(page(Cursor::Before(3), 2, None, None), (vec![6, 5], true));
        assert_eq!(page(Cursor::Before(5), 2, None, None), (vec![7, 6], false));
        assert_eq!(page(Cursor::Newest, 9, Some(2), Some(5)), (vec![5, 3, 2], false));
        assert_eq!(page(Cursor::Before(u64::MAX), 9, None, None), (vec![], false));
    });
}

#[test]
fn events_are_numbered_in_the_order_of_commits() {
    everywhere(|store| {
        let here = world(store, 1).id;
        done(store, insert(here, 9));
        let unnamed = WriteSet { event_tails: Vec::new(), ..insert(here, 10) };
        wait(store.commit(unnamed)).expect_err("an event without a tail for its id");
        let mut moved = insert(here, 10);
        moved.decision.relied_on.push((Kind::Customer, 9, 5));
        assert_eq!(wait(store.commit(moved)).unwrap(), Committed::Moved);
        let mut more = insert(here, 2);
        more.decision.events.push(told(EventType::ChargeUpdated, customer(2)));
        more.event_tails = vec![[b'e'; 16], [b'f'; 16]];
        let Committed::Done(ids) = wait(store.commit(more)).unwrap() else { panic!("not done") };
        assert_eq!(ids.iter().map(|id| id.seq).collect::<Vec<_>>(), [2, 3]);

        let list = |types: &[&str], cursor| {
            let types = types.iter().map(|it| (*it).to_owned()).collect();
            let query =
                EventQuery { types, from: None, to: None, cursor, delivered: None, limit: 2 };
            let page = wait(store.list_events(here, &query)).unwrap();
            let numbers: Vec<u64> = page.items.iter().map(|event| event.id.seq).collect();
            (numbers, page.has_more)
        };
        assert_eq!(list(&[], Cursor::Newest), (vec![3, 2], true));
        assert_eq!(list(&[], Cursor::After(2)), (vec![1], false));
        assert_eq!(list(&["customer.*"], Cursor::Newest), (vec![2, 1], false));
        assert_eq!(list(&["charge.updated", "x"], Cursor::Newest), (vec![3], false));
        assert_eq!(list(&["customer.*"], Cursor::Before(1)), (vec![2], false));
        let event = wait(store.event(here, ids[0])).unwrap().unwrap();
        assert_eq!(event.object, customer(2).into());
        assert_eq!(event.cause.request.as_deref(), Some("req_1"));
        assert_eq!(event.created, NOW);
    });
}

#[test]
fn timers_of_one_subject_move_with_the_clock_either_way() {
    everywhere(|store| {
        let here = world(store, 1).id;
        let instants = [100, 101, 102, 103];
        let timers = instants.map(|after| Timer {
            due_at: NOW.plus(after),
            kind: TimerKind::RetryDelivery,
            subject: 1,
        });
        done(store, set(here, Decision { timers: timers.to_vec(), ..Decision::default() }));
        for offset in [1, 3, 2, 0, -2, 2] {
            wait(store.set_clock_offset(here, offset, None)).unwrap();
            let due = |wall: i64| wait(store.due(NOW.plus(wall).0, &[], 10)).unwrap().len();
            assert_eq!([99, 100, 103].map(|after| due(after - offset)), [0, 1, 4], "{offset}");
        }
    });
}

#[test]
fn timers_are_due_by_their_worlds_clock() {
    everywhere(|store| {
        let [here, ahead] = [1, 2].map(|name| world(store, name).id);
        let timer = |after, subject| Timer {
            due_at: NOW.plus(after),
            kind: TimerKind::ExpireHold,
            subject,
        };
        let set_timer = |world, timer| {
            done(store, set(world, Decision { timers: vec![timer], ..Decision::default() }));
        };
        set_timer(here, timer(100, 1));
        set_timer(ahead, timer(200, 2));
        wait(store.set_clock_offset(ahead, 150, None)).unwrap();
        set_timer(ahead, timer(160, 3));
        let due = |after: i64| wait(store.due(NOW.plus(after).0, &[], 10)).unwrap();
        let next = |after: i64| wait(store.next_due(NOW.plus(after).0)).unwrap();
        let instants = [10, 50, 100].map(|after| NOW.plus(after).0);
        assert_eq!([next(9), next(10), next(99)], instants.map(Some));
        assert_eq!(next(100), None);
        assert_eq!(due(9), []);
        let subjects: Vec<u64> = due(100).iter().map(|due| due.subject).collect();
        assert_eq!(subjects, [3, 2, 1]);
        let elsewhere = wait(store.due(NOW.plus(100).0, &[ahead], 10)).unwrap();
        assert_eq!(elsewhere.iter().map(|due| due.subject).collect::<Vec<_>>(), [1]);
        let due_ahead = |until: i64, most| {
            let due = wait(store.due_in(ahead, NOW.plus(until), most)).unwrap();
            due.iter().map(|due| due.subject).collect::<Vec<_>>()
        };
        assert_eq!(due_ahead(159, 10), [0; 0]);
        assert_eq!(due_ahead(199, 10), [3]);
        assert_eq!(due_ahead(200, 10), [3, 2]);
        assert_eq!(due_ahead(200, 1), [3]);
        let first = due(10)[0];
        assert_eq!((first.world, first.due_at), (ahead, WorldTime(NOW.0 + 160)));
        let settles = || WriteSet { settles: Some(first), ..set(ahead, Decision::default()) };
        done(store, settles());
        assert_eq!(wait(store.commit(settles())).unwrap(), Committed::Moved);
        assert_eq!(due(10), []);
    });
}

#[test]
fn a_world_is_kept_and_brought_back() {
    everywhere(|store| {
        let [here, other] = [1, 2].map(|name| world(store, name).id);
        for world in [here, other] {
            done(store, insert(world, 1));
            let due_at = NOW.plus(50);
            let timer = Timer { due_at, kind: TimerKind::ExpireHold, subject: 1 };
            done(store, set(world, Decision { timers: vec![timer], ..Decision::default() }));
        }
        let taken = wait(store.take_snapshot(here, "snap_1", NOW.plus(10))).unwrap();
        assert_eq!(wait(store.snapshots(here)).unwrap(), [taken]);
        assert_eq!(wait(store.snapshots(other)).unwrap(), []);
        let changed = Customer { name: Some("N".to_owned()), ..customer(1) };
        done(store, update(here, changed.clone(), 1));
        done(store, insert(here, 2));
        let changes = wait(store.changes(here, "snap_1")).unwrap();
        assert_eq!(changes.created, [customer(2).into()]);
        assert_eq!(changes.updated, [(customer(1).into(), changed.clone().into())]);
        assert_eq!(changes.deleted, []);

        // Brought back an hour later: its clock stands where it stood, and its timers with it.
        let later = NOW.plus(3_600).0;
        let back = wait(store.restore(here, "snap_1", later, 5_000)).unwrap().unwrap();
        assert_eq!((back.clock_offset, back.rows), (NOW.0 + 10 - later, 1));
        assert!(back.next_seq >= 5_000, "{}", back.next_seq);
        let (version, object) = found(store, here, 1).unwrap();
        assert_eq!(object, customer(1).into());
        assert_eq!(found(store, here, 2), None);
        assert_eq!(wait(store.changes(here, "snap_1")).unwrap(), Changes::default());
        let stale = wait(store.commit(update(here, changed.clone(), 2))).unwrap();
        assert_eq!(stale, Committed::Moved, "what was decided before is not written over it");
        done(store, update(here, changed, version));
        let due = |at| wait(store.due(at, &[other], 10)).unwrap().len();
        assert_eq!((due(later + 39), due(later + 40)), (0, 1));

        let fresh = wait(store.reset(here, account(), 9_000)).unwrap().unwrap();
        assert_eq!((fresh.clock_offset, fresh.rows), (0, 0));
        assert!(fresh.next_seq >= 9_000, "{}", fresh.next_seq);
        assert_eq!(found(store, here, 1), None);
        assert_eq!(wait(store.changes(here, "snap_1")).unwrap().deleted, [customer(1).into()]);
        assert!(found(store, other, 1).is_some(), "another world is left alone");
        done(store, insert(here, fresh.next_seq));
        wait(store.forget_snapshot(here, "snap_1")).unwrap();
        assert_eq!(wait(store.snapshots(here)).unwrap(), []);
        assert_eq!(wait(store.check()).unwrap(), []);
    });
}

#[test]
fn many_threads_lose_nothing() {
    everywhere(|store| {
        let here = world(store, 1).id;
        done(store, insert(here, 0));
        std::thread::scope(|scope| {
            for thread in 0..8u64 {
                scope.spawn(move || {
                    for at in 0..25 {
                        done(store, insert(here, 1 + thread * 25 + at));
                        count_up(store, here);
                    }
                });
            }
        });
        let (version, object) = found(store, here, 0).unwrap();
        let Object::Customer(counter) = object else { panic!("not a customer") };
        assert_eq!((version, counter.balance), (201, 200), "each saw the one before");
        assert_eq!(wait(store.world_by_id(here)).unwrap().unwrap().rows, 201);
        assert_eq!(wait(store.check()).unwrap(), []);
    });
}

/// Adds one to a customer's balance, deciding again as often as it takes.
fn count_up(store: &Store, world: WorldId) {
    loop {
        let (version, object) = found(store, world, 0).unwrap();
        let Object::Customer(mut it) = object else { panic!("not a customer") };
        it.balance += 1;
        match wait(store.commit(update(world, *it, version))).unwrap() {
            Committed::Done(_) => return,
            Committed::Moved => {}
            Committed::Taken(_) => panic!("there is no key"),
        }
    }
}
