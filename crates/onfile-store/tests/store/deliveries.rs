//! The suite for every store, continued: deliveries, from the commit of their event on.

use onfile_domain::case::Decision;
use onfile_domain::delivery::{
    Delivery, DeliveryId, Post, Posted, State, Status, Try, TryFailure, TryReason, TryResult,
};
use onfile_store::{
    Committed, Cursor, DeliveryCursor, DeliveryQuery, EventQuery, Failing, Store, WorldId, WriteSet,
};

use crate::conformance::{done, everywhere, insert};
use crate::made::{NOW, set, wait, world};

const ALL: DeliveryQuery = DeliveryQuery {
    event: None,
    endpoint: None,
    status: None,
    from: None,
    cursor: DeliveryCursor::Newest,
    limit: 10,
};

fn id(event: u64, endpoint: u64) -> DeliveryId {
    DeliveryId { event, endpoint }
}

/// An event that these endpoints are told of.
fn happens(store: &Store, world: WorldId, seq: u64, told: &[u64]) {
    let told = told.iter().map(|endpoint| (0, *endpoint)).collect();
    done(store, WriteSet { told, ..insert(world, seq) });
}

/// A delivery after a try with this result, where the test leaves it.
fn post(delivery: Delivery, state: State, expected: i64) -> Post {
    let made = Try {
        at: NOW,
        took_ms: 3,
        reason: TryReason::Due,
        result: TryResult::Failed(TryFailure::TimedOut),
        answer: None,
        fault: None,
    };
    let acknowledged = state == State::Delivered;
    let delivery = Delivery { state, acknowledged, tries: vec![made], ..delivery };
    Post { delivery, expected: Some(expected), bytes: Some(b"bytes".to_vec()) }
}

fn commit(store: &Store, world: WorldId, post: Post) -> Committed {
    let decision = Decision { posts: vec![post], ..Decision::default() };
    wait(store.commit(set(world, decision))).unwrap()
}

fn due(store: &Store, world: WorldId, endpoint: u64) -> Vec<DeliveryId> {
    let due = wait(store.due_deliveries(world, endpoint, 0, 10)).unwrap();
    due.iter().map(|due| due.posted.delivery.id).collect()
}

#[test]
fn a_delivery_is_written_with_its_event() {
    everywhere(|store| {
        let [here, other] = [1, 2].map(|name| world(store, name).id);
        assert!(!wait(store.any_delivery_due(here)).unwrap());
        happens(store, here, 1, &[7, 9]);
        happens(store, here, 2, &[]);
        happens(store, here, 3, &[9]);
        assert_eq!(due(store, here, 7), [id(1, 7)]);
        assert_eq!(due(store, here, 9), [id(1, 9), id(3, 9)]);
        assert_eq!(due(store, other, 9), []);
        assert_eq!(wait(store.due_endpoints()).unwrap(), [(here, 7), (here, 9)]);
        assert!(wait(store.any_delivery_due(here)).unwrap());
        assert!(!wait(store.any_delivery_due(other)).unwrap());
        let first = &wait(store.due_deliveries(here, 7, 0, 10)).unwrap()[0];
        assert_eq!(first.posted, Posted { version: 1, delivery: Delivery::new(id(1, 7), NOW) });
        assert_eq!((first.event.id.seq, first.pending, &first.bytes), (1, 2, &None));
        let of = |world, event| {
            let of_event = wait(store.deliveries_of(world, event)).unwrap();
            of_event.iter().map(|it| it.delivery.id).collect::<Vec<_>>()
        };
        assert_eq!((of(here, 1), of(here, 2)), (vec![id(1, 7), id(1, 9)], vec![]));
        assert_eq!(of(other, 1), []);
        // What is refused leaves no delivery behind.
        let refused = WriteSet { told: vec![(0, 7)], event_tails: Vec::new(), ..insert(here, 4) };
        assert!(wait(store.commit(refused)).is_err());
        assert_eq!(due(store, here, 7).len(), 1);
        assert_eq!(wait(store.check()).unwrap(), []);
    });
}

#[test]
fn a_delivery_is_written_by_who_read_it_last() {
    everywhere(|store| {
        let here = world(store, 1).id;
        happens(store, here, 1, &[7]);
        let new = || Delivery::new(id(1, 7), NOW);
        assert_eq!(commit(store, here, post(new(), State::GivenUp, 2)), Committed::Moved);
        assert_eq!(commit(store, here, post(new(), State::GivenUp, 1)), Committed::Done(vec![]));
        assert_eq!(commit(store, here, post(new(), State::GivenUp, 1)), Committed::Moved);
        assert_eq!(due(store, here, 7), []);
        assert_eq!(wait(store.pending_deliveries(here, 1)).unwrap(), 1);

        // Due again, it has the bytes that were sent at first.
        let again = Post { bytes: Some(b"other".to_vec()), ..post(new(), State::Due, 2) };
        assert_eq!(commit(store, here, again), Committed::Done(vec![]));
        let first = &wait(store.due_deliveries(here, 7, 0, 10)).unwrap()[0];
        assert_eq!(first.bytes.as_deref(), Some(&b"bytes"[..]));
        assert_eq!(first.posted.delivery.tries.len(), 1);

        commit(store, here, post(new(), State::Delivered, 3));
        assert_eq!(wait(store.pending_deliveries(here, 1)).unwrap(), 0);
        let twice = Post { expected: None, ..post(new(), State::Due, 0) };
        assert_eq!(commit(store, here, twice), Committed::Moved);
        assert_eq!(wait(store.check()).unwrap(), []);
        // One that waits must have its timer.
        commit(store, here, post(new(), State::Waiting { until: NOW }, 4));
        assert_eq!(wait(store.check()).unwrap().len(), 1);
    });
}

#[test]
fn deliveries_are_listed_newest_first() {
    everywhere(|store| {
        let here = world(store, 1).id;
        for seq in 1..=4 {
            happens(store, here, seq, &[7, 9]);
        }
        commit(store, here, post(Delivery::new(id(4, 7), NOW), State::Delivered, 1));
        commit(store, here, post(Delivery::new(id(4, 9), NOW), State::Delivered, 1));
        let list = |query: DeliveryQuery| {
            let page = wait(store.list_deliveries(here, &query)).unwrap();
            let ids: Vec<_> = page.items.iter().map(|it| it.posted.delivery.id).collect();
            (ids, page.has_more)
        };
        let three = DeliveryQuery { limit: 3, ..ALL };
        assert_eq!(list(three), (vec![id(4, 9), id(4, 7), id(3, 9)], true));
        let after = DeliveryQuery { cursor: DeliveryCursor::After(id(3, 9)), ..ALL };
        assert_eq!(list(after), (vec![id(3, 7), id(2, 9), id(2, 7), id(1, 9), id(1, 7)], false));
        let before = DeliveryQuery { cursor: DeliveryCursor::Before(id(2, 7)), ..three };
        assert_eq!(list(before), (vec![id(3, 9), id(3, 7), id(2, 9)], true));
        let of_event = DeliveryQuery { event: Some(2), ..ALL };
        assert_eq!(list(of_event), (vec![id(2, 9), id(2, 7)], false));
        let to_one = DeliveryQuery { endpoint: Some(7), limit: 2, ..ALL };
        assert_eq!(list(to_one), (vec![id(4, 7), id(3, 7)], true));
        let so_far = |status| DeliveryQuery { status: Some(status), limit: 2, ..ALL };
        assert_eq!(list(so_far(Status::Delivered)), (vec![id(4, 9), id(4, 7)], false));
        assert_eq!(list(so_far(Status::Pending)), (vec![id(3, 9), id(3, 7)], true));
        let at = |cursor| DeliveryQuery { cursor, ..so_far(Status::Pending) };
        let after = at(DeliveryCursor::After(id(3, 7)));
        assert_eq!(list(after), (vec![id(2, 9), id(2, 7)], true));
        let before = at(DeliveryCursor::Before(id(2, 7)));
        assert_eq!(list(before), (vec![id(3, 7), id(2, 9)], true));
        assert_eq!(list(so_far(Status::Failed)), (vec![], false));
        let events = |delivered| {
            let query = EventQuery {
                types: Vec::new(),
                from: None,
                to: None,
                delivered,
                cursor: Cursor::Newest,
                limit: 10,
            };
            let page = wait(store.list_events(here, &query)).unwrap();
            page.items.iter().map(|event| event.id.seq).collect::<Vec<_>>()
        };
        assert_eq!(events(Some(true)), [4]);
        assert_eq!(events(Some(false)), [3, 2, 1]);
        let found = wait(store.delivery(here, id(4, 7))).unwrap().unwrap();
        assert_eq!(found.posted.delivery.state, State::Delivered);
        assert_eq!(wait(store.delivery(here, id(4, 8))).unwrap(), None);
        assert_eq!(wait(store.delivery(here, id(u64::MAX, u64::MAX))).unwrap(), None);
    });
}

#[test]
fn since_when_an_endpoint_fails() {
    everywhere(|store| {
        let here = world(store, 1).id;
        let say = |since| {
            let failing = Some(Failing { endpoint: 7, since });
            done(store, WriteSet { failing, ..set(here, Decision::default()) });
            wait(store.failing()).unwrap().iter().map(|(_, it)| it.since).collect::<Vec<_>>()
        };
        assert_eq!(say(Some(NOW)), [Some(NOW)]);
        assert_eq!(say(Some(NOW.plus(9))), [Some(NOW)]);
        assert_eq!(say(None), []);
    });
}
