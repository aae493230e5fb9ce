//! Stores of every schema that ever was are lifted, with what stands in them.

use std::path::Path;

use onfile_domain::case::{Decision, TimerKind, Write};
use onfile_domain::delivery::{Delivery, DeliveryId, Post, State};
use onfile_domain::event::EventType;
use onfile_store::check::Law;
use onfile_store::{ClaimState, DueTimer, Options, Store, WriteSet};
use rusqlite::Connection;

use crate::conformance::{done, found, insert, tempfolder};
use crate::made::{NOW, customer, moved, set, told, wait, world};

/// The schema's steps, in order.
fn steps() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let files = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

/// A folder as the release left it that knew so many steps: one world, a customer, the event of its
/// creation, and a call that was cut off. Rows that every release writes alike come from `like`.
fn made_by(folder: &Path, steps: &[String], like: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let db = Connection::open(folder.join("onfile.db")).unwrap();
    for step in steps {
        db.execute_batch(step).unwrap();
    }
    let key = "01".repeat(32);
    db.execute("ATTACH ?1 AS other", [like.join("onfile.db").to_str()]).unwrap();
    db.execute_batch(&format!(
        "INSERT INTO world (id, key, account, created, country, currency, mode, clock_offset,
             next_seq, next_event, rows)
         SELECT id, key, account, created, country, currency, mode, clock_offset, next_seq,
             next_event, rows FROM other.world;
         INSERT INTO object (id, version, created, customer, parent, mark, body)
         SELECT id, version, created, customer, parent, mark, body FROM other.object;
         INSERT INTO event (id, created, type, tail, body)
         SELECT id, created, type, tail, body FROM other.event;
         INSERT INTO idempotency (world, key, endpoint, params, request, at)
         VALUES (1, 'a key', '/v1/customers', X'{key}', 'req_1', {});
         PRAGMA user_version = {}",
        NOW.0,
        steps.len()
    ))
    .unwrap();
}

#[test]
fn stores_of_every_schema_are_lifted() {
    let like = tempfolder();
    let store = Store::open(&like, Options::default()).unwrap();
    done(&store, insert(world(&store, 1).id, 1));
    drop(store);
    let steps = steps();
    for known in 1..=steps.len() {
        let folder = tempfolder();
        made_by(&folder, &steps[..known], &like);
        let store = Store::open(&folder, Options::default()).unwrap();
        assert_eq!(wait(store.check()).unwrap(), [], "{known}");
        let here = world(&store, 1).id;
        assert_eq!(wait(store.worlds()).unwrap().len(), 1, "{known}");
        assert!(found(&store, here, 1).is_some(), "{known}");
        let running = wait(store.running_claims()).unwrap();
        let [(_, claim)] = &running[..] else { panic!("{known}: {running:?}") };
        assert_eq!((&*claim.key, &claim.state), ("a key", &ClaimState::Running(None)), "{known}");

        // It goes on as any other does.
        done(&store, WriteSet { told: vec![(0, 7)], ..insert(here, 2) });
        let taken = wait(store.take_snapshot(here, "a name", NOW)).unwrap();
        let late = NOW.plus(1_000);
        assert_eq!(wait(store.forget_events(here, late, u64::MAX, 9)).unwrap(), 1, "{known}");
        let id = DeliveryId { event: 2, endpoint: 7 };
        let due = wait(store.delivery(here, id)).unwrap().unwrap().posted;
        let over = Delivery { state: State::Delivered, acknowledged: true, ..due.delivery };
        let mut decision = Decision::default();
        decision.posts.push(Post { delivery: over, expected: Some(due.version), bytes: None });
        done(&store, set(here, decision));
        assert_eq!(wait(store.forget_events(here, late, u64::MAX, 9)).unwrap(), 1, "{known}");
        assert_eq!(wait(store.check()).unwrap(), [], "{known}");
        assert!(wait(store.restore(here, &taken.name, NOW.0, 9)).unwrap().is_some(), "{known}");
        assert!(wait(store.delivery(here, id)).unwrap().is_some(), "{known}");
        assert_eq!(wait(store.check()).unwrap(), [], "{known}");
        drop(store);
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::remove_dir_all(&like).unwrap();
}

/// Money that was pending when a store that tells nothing of it was left is told of at its instant;
/// what could be paid out before is not.
#[test]
fn pending_money_of_an_older_store_has_its_timer() {
    let folder = tempfolder();
    let store = Store::open(&folder, Options::default()).unwrap();
    let day = 86_400;
    let pending = moved(2, NOW, 700, None);
    // Long ago; twice on one day; and a payment that is all fee.
    let movements = [
        moved(1, NOW.plus(-30 * day), 700, None),
        pending.clone(),
        moved(3, NOW, 900, None),
        moved(4, NOW.plus(7 * day), 20, None),
    ];
    let worlds = [1, 2].map(|key| world(&store, key).id);
    for here in worlds {
        let writes = movements.clone().map(|it| Write::Insert(it.into())).to_vec();
        let events = vec![told(EventType::CustomerCreated, customer(1))];
        done(&store, set(here, Decision { writes, events, ..Decision::default() }));
    }
    wait(store.set_clock_offset(worlds[1], day, None)).unwrap();
    let untold = |store: &Store| {
        let broken = wait(store.check()).unwrap();
        broken.iter().filter(|it| it.law == Law::BalancesAreTold).count()
    };
    assert_eq!(untold(&store), worlds.len());
    drop(store);
    let db = Connection::open(folder.join("onfile.db")).unwrap();
    db.execute_batch("PRAGMA user_version = 8").unwrap();
    drop(db);
    let store = Store::open(&folder, Options::default()).unwrap();
    assert_eq!(untold(&store), 0);
    let due_at = pending.available_on;
    for here in worlds {
        let due = wait(store.due_in(here, due_at.plus(30 * day), 9)).unwrap();
        let timer = DueTimer { world: here, due_at, kind: TimerKind::BalanceAvailable, subject: 0 };
        assert_eq!(due, [timer]);
    }
    let wall = |here| if here == worlds[1] { due_at.0 - day } else { due_at.0 };
    for here in worlds {
        let due = wait(store.due(wall(here) - 1, &[], 9)).unwrap();
        assert!(due.iter().all(|it| it.world != here), "{due:?}");
        let due = wait(store.due(wall(here), &[], 9)).unwrap();
        assert!(due.iter().any(|it| it.world == here), "{due:?}");
    }
    drop(store);
    std::fs::remove_dir_all(&folder).unwrap();
}
