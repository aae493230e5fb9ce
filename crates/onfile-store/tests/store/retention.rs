//! The suite for every store, continued: events past their life are forgotten.

use onfile_domain::case::{Decision, Timer, TimerKind};
use onfile_domain::delivery::{Delivery, DeliveryId, Post, State};
use onfile_domain::time::WorldTime;
use onfile_store::{
    Committed, Cursor, DeliveryCursor, DeliveryQuery, EventQuery, Store, WorldId, WriteSet,
};

use crate::conformance::{done, everywhere, insert};
use crate::made::{NOW, set, wait, world};

const ENDPOINT: u64 = 7;

/// What is left of a world: the numbers of its events, and of the events of its deliveries.
fn left(store: &Store, world: WorldId) -> (Vec<u64>, Vec<u64>) {
    let all = EventQuery {
        types: Vec::new(),
        from: None,
        to: None,
        delivered: None,
        cursor: Cursor::Before(0),
        limit: 100,
    };
    let events = wait(store.list_events(world, &all)).unwrap().items;
    let all = DeliveryQuery {
        event: None,
        endpoint: None,
        status: None,
        from: None,
        cursor: DeliveryCursor::Newest,
        limit: 100,
    };
    let deliveries = wait(store.list_deliveries(world, &all)).unwrap().items;
    let mut numbers = (
        events.iter().map(|event| event.id.seq).collect::<Vec<_>>(),
        deliveries.iter().map(|it| it.posted.delivery.id.event).collect::<Vec<_>>(),
    );
    numbers.0.sort_unstable();
    numbers.1.sort_unstable();
    numbers
}

/// Events, one a second, each told to one endpoint and at this state.
fn happen(store: &Store, world: WorldId, states: &[State]) {
    for (number, state) in (1..).zip(states) {
        let at = NOW.plus(number as i64);
        let told = vec![(0, ENDPOINT)];
        done(store, WriteSet { at, told, ..insert(world, number) });
        go_on(store, world, number, *state, 1);
    }
}

fn go_on(store: &Store, world: WorldId, event: u64, state: State, expected: i64) {
    let id = DeliveryId { event, endpoint: ENDPOINT };
    let acknowledged = state == State::Delivered;
    let delivery = Delivery { state, acknowledged, ..Delivery::new(id, NOW.plus(event as i64)) };
    let mut decision = Decision::default();
    if let State::Waiting { until } = state {
        let kind = TimerKind::RetryDelivery;
        decision.timers.push(Timer { due_at: until, kind, subject: event });
    }
    decision.posts.push(Post { delivery, expected: Some(expected), bytes: None });
    done(store, set(world, decision));
}

fn forget(store: &Store, world: WorldId, before: WorldTime, last: u64, most: usize) -> usize {
    let gone = wait(store.forget_events(world, before, last, most)).unwrap();
    assert_eq!(wait(store.check()).unwrap(), [], "nothing that must hold is broken");
    gone
}

const LATE: WorldTime = WorldTime(NOW.0 + 1_000);

#[test]
fn the_oldest_are_forgotten_with_their_deliveries_and_no_others() {
    everywhere(|store| {
        let [here, other] = [1, 2].map(|name| world(store, name).id);
        let states = [State::Delivered, State::GivenUp, State::Canceled, State::Delivered];
        happen(store, here, &states);
        happen(store, other, &states);
        assert_eq!(forget(store, here, NOW.plus(1), u64::MAX, 9), 0, "none happened before");
        assert_eq!(forget(store, here, NOW.plus(2), u64::MAX, 9), 1);
        assert_eq!(left(store, here), (vec![2, 3, 4], vec![2, 3, 4]));
        assert_eq!(forget(store, here, LATE, 2, 9), 1, "none behind the number");
        assert_eq!(forget(store, here, LATE, 1, 9), 0, "it is gone already");
        assert_eq!(forget(store, here, LATE, u64::MAX, 1), 1, "no more than so many");
        assert_eq!(left(store, here), (vec![4], vec![4]));
        assert_eq!(forget(store, here, LATE, u64::MAX, 9), 1);
        assert_eq!(left(store, here), (vec![], vec![]));
        assert_eq!(forget(store, here, LATE, u64::MAX, 9), 0);
        assert_eq!(left(store, other), (vec![1, 2, 3, 4], vec![1, 2, 3, 4]));
        // Numbers go on, and rows are counted without events.
        done(store, insert(here, 9));
        assert_eq!(left(store, here).0, [5]);
        assert_eq!(wait(store.world_by_id(here)).unwrap().unwrap().rows, 5);
        assert_eq!(wait(store.check()).unwrap(), []);
    });
}

#[test]
fn what_is_still_to_be_sent_stays() {
    let waiting = State::Waiting { until: LATE };
    for open in [State::Due, waiting] {
        everywhere(|store| {
            let here = world(store, 1).id;
            happen(store, here, &[State::Delivered, open, State::Delivered]);
            assert_eq!(forget(store, here, LATE, u64::MAX, 9), 1);
            assert_eq!(left(store, here).0, [2, 3], "{open:?}");
            assert_eq!(forget(store, here, LATE, u64::MAX, 9), 0);
            go_on(store, here, 2, State::GivenUp, 2);
            assert_eq!(forget(store, here, LATE, u64::MAX, 9), 2, "{open:?}");
        });
    }
    everywhere(|store| {
        let here = world(store, 1).id;
        happen(store, here, &[State::Delivered]);
        // Sent again after it was acknowledged.
        let id = DeliveryId { event: 1, endpoint: ENDPOINT };
        let again = Delivery { acknowledged: true, ..Delivery::new(id, NOW) };
        let posts = vec![Post { delivery: again, expected: Some(2), bytes: None }];
        done(store, set(here, Decision { posts, ..Decision::default() }));
        assert_eq!(forget(store, here, LATE, u64::MAX, 9), 0);
    });
}

#[test]
fn an_event_that_is_forgotten_gets_no_delivery() {
    everywhere(|store| {
        let here = world(store, 1).id;
        done(store, insert(here, 1));
        let post = |endpoint| {
            let delivery = Delivery::new(DeliveryId { event: 1, endpoint }, NOW);
            let posts = vec![Post { delivery, expected: None, bytes: None }];
            wait(store.commit(set(here, Decision { posts, ..Decision::default() }))).unwrap()
        };
        assert_eq!(post(1), Committed::Done(vec![]));
        assert_eq!(forget(store, here, LATE, u64::MAX, 9), 0);
        let id = DeliveryId { event: 1, endpoint: 1 };
        let over = Delivery { state: State::Canceled, ..Delivery::new(id, NOW) };
        let posts = vec![Post { delivery: over, expected: Some(1), bytes: None }];
        done(store, set(here, Decision { posts, ..Decision::default() }));
        assert_eq!(forget(store, here, LATE, u64::MAX, 9), 1);
        assert_eq!(post(2), Committed::Moved);
        assert_eq!(wait(store.check()).unwrap(), []);
    });
}

#[test]
fn a_snapshot_keeps_what_its_world_forgot() {
    everywhere(|store| {
        let here = world(store, 1).id;
        happen(store, here, &[State::Delivered; 4]);
        assert_eq!(forget(store, here, LATE, 1, 9), 1);
        wait(store.take_snapshot(here, "snap_1", NOW)).unwrap();
        assert_eq!(forget(store, here, LATE, u64::MAX, 9), 3);
        wait(store.restore(here, "snap_1", NOW.0, 1)).unwrap().unwrap();
        assert_eq!(left(store, here), (vec![2, 3, 4], vec![2, 3, 4]));
        assert_eq!(wait(store.check()).unwrap(), []);
        assert_eq!(forget(store, here, LATE, u64::MAX, 9), 3);
        // One that has no events, and one that is emptied.
        wait(store.take_snapshot(here, "snap_2", NOW)).unwrap();
        done(store, insert(here, 9));
        wait(store.restore(here, "snap_2", NOW.0, 1)).unwrap().unwrap();
        done(store, insert(here, 10));
        assert_eq!(wait(store.check()).unwrap(), []);
        assert_eq!(forget(store, here, LATE, u64::MAX, 9), 1);
        wait(store.reset(here, crate::made::account(), 1)).unwrap().unwrap();
        done(store, insert(here, 11));
        assert_eq!(wait(store.check()).unwrap(), []);
    });
}
