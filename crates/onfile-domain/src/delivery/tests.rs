use super::*;
use crate::command::{Answer, Ref};
use crate::event::{EventType, LIFE};
use crate::id::{EventId, WebhookEndpointId};
use crate::refusal::{Refusal, Why};
use crate::rehearsal::World;
use crate::webhook_endpoint::disable;

const ID: DeliveryId = DeliveryId { event: 7, endpoint: 3 };

fn failed(at: i64, reason: TryReason) -> Try {
    let result = TryResult::Answered(500);
    Try { at: WorldTime(at), took_ms: 12, reason, result, answer: None, fault: None }
}

/// The waits, in seconds, of a delivery whose every try fails at once.
fn waits(mode: Mode, jitter: i64) -> Vec<i64> {
    let mut delivery = Delivery::new(ID, WorldTime(0));
    let (mut now, mut waits) = (0, Vec::new());
    loop {
        delivery = delivery.after(failed(now, TryReason::Due), mode, jitter);
        match delivery.state {
            State::Waiting { until } => {
                waits.push(until.0 - now);
                now = until.0;
            }
            State::GivenUp => return waits,
            State::Due | State::Delivered | State::Canceled => panic!("{delivery:?}"),
        }
    }
}

#[test]
fn the_schedule() {
    assert_eq!(waits(Mode::Test, 0), [300, 1_800, 7_200]);
    assert_eq!(waits(Mode::Test, JITTER), [330, 1_980, 7_920]);
    assert_eq!(waits(Mode::Test, -JITTER), [270, 1_620, 6_480]);
    let live = waits(Mode::Live, 0);
    assert_eq!(live, [300, 1_800, 7_200, 18_000, 36_000, 43_200, 43_200, 43_200, 43_200]);
    // Whatever the jitter, nothing is tried past 72 hours, and no wait is further off than it may.
    for jitter in -JITTER..=JITTER {
        let live = waits(Mode::Live, jitter);
        assert!(live.iter().sum::<i64>() <= 72 * HOUR, "{jitter}: {live:?}");
        assert!(live.len() >= 8, "{jitter}: {live:?}");
        let table = LIVE.iter().copied().chain(std::iter::repeat(LIVE_FURTHER));
        let is_near = |(wait, exact): (&i64, i64)| (wait - exact).abs() * 10 <= exact;
        assert!(live.iter().zip(table).all(is_near), "{jitter}: {live:?}");
    }
}

#[test]
fn what_counts_as_taken() {
    for (status, taken) in [
        (199, false),
        (200, true),
        (204, true),
        (299, true),
        (301, false),
        (302, false),
        (304, false),
        (400, false),
        (410, false),
        (500, false),
    ] {
        assert_eq!(TryResult::Answered(status).is_acknowledged(), taken, "{status}");
    }
    for failure in TryFailure::ALL {
        assert!(!TryResult::Failed(*failure).is_acknowledged());
    }
}

#[test]
fn a_try_that_was_asked_for_uses_nothing_up_and_undoes_nothing() {
    let first = Delivery::new(ID, WorldTime(0)).after(failed(0, TryReason::Due), Mode::Test, 0);
    let asked = first.after(failed(10, TryReason::Asked), Mode::Test, 0);
    assert_eq!(asked.state, State::Waiting { until: WorldTime(310) });
    assert!(asked.is_pending());

    let taken = Try { result: TryResult::Answered(200), ..failed(20, TryReason::Due) };
    let delivered = asked.after(taken, Mode::Test, 0);
    assert_eq!(delivered.state, State::Delivered);
    let again = delivered.after(failed(30, TryReason::Asked), Mode::Test, 0);
    assert_eq!((again.state, again.is_pending()), (State::Delivered, false));
}

#[test]
fn what_was_taken_stays_so_when_its_endpoint_is_turned_off() {
    let delivery = Delivery { asked: true, ..Delivery::new(ID, WorldTime(0)) };
    let canceled = delivery.clone().canceled();
    assert_eq!((canceled.state, canceled.asked), (State::Canceled, false));
    let taken = Delivery { acknowledged: true, ..delivery }.canceled();
    assert_eq!((taken.state, taken.asked), (State::Delivered, false));
}

#[test]
fn when_an_endpoint_is_hopeless() {
    let since = WorldTime(1_000);
    for (result, after, why) in [
        (TryResult::Answered(410), 0, Some(Hopeless::Gone)),
        (TryResult::Answered(410), 72 * HOUR, Some(Hopeless::Gone)),
        (TryResult::Answered(500), 72 * HOUR - 1, None),
        (TryResult::Answered(500), 72 * HOUR, Some(Hopeless::Failing)),
        (TryResult::Failed(TryFailure::TimedOut), 72 * HOUR, Some(Hopeless::Failing)),
        (TryResult::Answered(404), 0, None),
    ] {
        assert_eq!(hopeless(result, since, since.plus(after)), why, "{result:?} {after}");
    }
}

#[test]
fn ids() {
    let id = DeliveryId { event: 3_844, endpoint: 61 };
    assert_eq!(id.to_string(), "dlv_0000100000000z");
    assert_eq!(id.to_string().parse(), Ok(id));
    for text in ["", "dlv_", "dlv_0000100000000", "dlv_0000100000000é", "evt_0000100000000z"] {
        assert!(text.parse::<DeliveryId>().is_err(), "{text}");
    }
}

/// A world with one event of an endpoint, as its commit left it.
fn told() -> (World, WebhookEndpointId, EventId) {
    let mut world = World::new();
    let endpoint = world.endpoint("*");
    let event = EventId::new(7, *b"abcdefghijklmnop");
    world.happen(event);
    let id = DeliveryId { event: 7, endpoint: endpoint.seq };
    world.posted(Delivery::new(id, WorldTime(0)));
    (world, endpoint, event)
}

#[test]
fn events_go_to_who_asked_for_them() {
    let mut world = World::new();
    let all = world.endpoint("*");
    let customers = world.endpoint("customer.created");
    let gone = world.endpoint("onfile.webhook_endpoint.disabled");
    let endpoints: Vec<WebhookEndpoint> = world.all();
    let tell =
        |event_type| NewEvent { event_type, object: endpoints[0].clone().into(), previous: None };
    let events = [
        tell(EventType::CustomerCreated),
        tell(EventType::ChargeSucceeded),
        tell(EventType::WebhookEndpointDisabled),
    ];
    let told = fan_out(endpoints.iter(), &events);
    assert_eq!(told, [(0, all.seq), (0, customers.seq), (1, all.seq), (2, gone.seq)]);
    let off = WebhookEndpoint { deleted: true, ..endpoints[0].clone() };
    assert_eq!(fan_out([off].iter(), &events), []);
}

#[test]
fn what_waits_falls_due() {
    let (mut world, endpoint, _) = told();
    let id = DeliveryId { event: 7, endpoint: endpoint.seq };
    let until = world.now.plus(300);
    world.posted(Delivery { state: State::Waiting { until }, ..Delivery::new(id, WorldTime(0)) });
    let fall = |world: &mut World| {
        world.pass(|case| fall_due(case, 7).map(|()| Answer::Event(EventId::new(7, [b'a'; 16]))));
        world.delivery(id).state
    };
    assert_eq!(fall(&mut world), State::Waiting { until });
    world.now = until;
    assert_eq!(fall(&mut world), State::Due);
}

#[test]
fn sending_again() {
    let (mut world, endpoint, event) = told();
    let id = DeliveryId { event: 7, endpoint: endpoint.seq };
    let delivery = Ref::<DeliveryId>::new(id.to_string());
    world.posted(Delivery { state: State::GivenUp, ..Delivery::new(id, world.now) });
    world.pass(|case| Resend.decide(case, &delivery));
    assert_eq!((world.delivery(id).state, world.delivery(id).asked), (State::Due, true));

    let to = |endpoint: WebhookEndpointId| ResendEvent {
        to: Hearers::Endpoint(Ref::new(endpoint.to_string())),
    };
    let named = Ref::<EventId>::new(event.to_string());
    let other = world.endpoint("customer.created");
    world.pass(|case| to(other).decide(case, &named));
    let made = world.delivery(DeliveryId { event: 7, endpoint: other.seq });
    assert_eq!((made.state, made.asked), (State::Due, true));

    let stranger = Ref::<EventId>::new(EventId::new(7, [b'z'; 16]).to_string());
    let refused = world.run(|case| to(other).decide(case, &stranger));
    assert!(matches!(refused.unwrap_err().why, Why::Missing { .. }));
    world.posted(Delivery { state: State::GivenUp, ..Delivery::new(id, world.now) });
    for (to, state) in [(Hearers::Listeners, State::GivenUp), (Hearers::All, State::Due)] {
        world.pass(|case| ResendEvent { to: to.clone() }.decide(case, &named));
        assert_eq!(world.delivery(id).state, state, "{to:?}");
    }
    world.pass(|case| disable(case, other.seq).map(|_| Answer::Event(event)));
    let refused = world.run(|case| to(other).decide(case, &named));
    assert_eq!(refused.unwrap_err().why, Why::EndpointClosed);

    // A month later there is no such event, and no such delivery.
    world.now = world.now.plus(LIFE);
    world.pass(|case| Resend.decide(case, &delivery));
    world.now = world.now.plus(1);
    let late = |refused: Result<Answer, Box<Refusal>>| {
        assert!(matches!(refused.unwrap_err().why, Why::Missing { .. }));
    };
    late(world.run(|case| Resend.decide(case, &delivery)));
    late(world.run(|case| ResendEvent { to: Hearers::All }.decide(case, &named)));
}

#[test]
fn when_a_fault_may_strike() {
    let new = Delivery::new(ID, WorldTime(0));
    let held = |fault| {
        let held = new.clone().held(fault, WorldTime(9));
        Delivery { state: State::Due, ..held }
    };
    let tried = new.clone().after(failed(0, TryReason::Due), Mode::Test, 0);
    let taken = Try { result: TryResult::Answered(200), ..failed(0, TryReason::Due) };
    let delivered = new.clone().after(taken, Mode::Test, 0);
    for (delivery, suffers) in [
        (new.clone(), "fail twice late out_of_order"),
        (held(Fault::Late), "fail twice out_of_order"),
        (held(Fault::OutOfOrder), "fail twice late"),
        (Delivery { state: State::Due, ..tried }, "fail twice"),
        (Delivery { asked: true, ..new.clone() }, ""),
        (delivered.clone().once_more(), ""),
    ] {
        let may = Fault::ALL.iter().filter(|fault| delivery.may_suffer(**fault));
        let may: Vec<&str> = may.map(|fault| fault.as_str()).collect();
        assert_eq!(may.join(" "), suffers, "{delivery:?}");
    }
}

#[test]
fn what_a_fault_leaves_in_a_delivery() {
    let new = Delivery::new(ID, WorldTime(0));
    let fail = Try { fault: Some(Fault::Fail), ..failed(0, TryReason::Due) };
    let twice = new.clone().after(fail.clone(), Mode::Test, 0).after(fail, Mode::Test, 0);
    assert_eq!((twice.faults, twice.tries.len()), (vec![Fault::Fail], 2));

    let taken =
        |fault| Try { result: TryResult::Answered(200), fault, ..failed(0, TryReason::Due) };
    let again = new.clone().after(taken(None), Mode::Test, 0).once_more();
    assert_eq!((again.state, again.sent_by()), (State::Due, Some(Fault::Twice)));
    assert!(!again.has_arrived() && !again.is_pending());
    let over = again.after(taken(Some(Fault::Twice)), Mode::Test, 0);
    assert_eq!((&over.faults, over.has_arrived()), (&vec![Fault::Twice], true));
    // Asked for, it is nobody's doing but theirs.
    let asked = Delivery { state: State::Due, asked: true, ..over };
    assert_eq!(asked.sent_by(), None);

    // What somebody changed meanwhile is not held, and what failed meanwhile does not go again.
    for state in [State::Delivered, State::GivenUp, State::Canceled] {
        let other = Delivery { state, ..new.clone() };
        assert_eq!(other.clone().held(Fault::Late, WorldTime(9)), other);
    }
    let waits = new.after(failed(0, TryReason::Due), Mode::Test, 0);
    assert_eq!(waits.clone().once_more(), waits);
}

#[test]
fn what_is_held_for_others_is_let_go() {
    let (new, until) = (Delivery::new(ID, WorldTime(0)), WorldTime(60));
    let held = |fault| new.clone().held(fault, until);
    let let_go = held(Fault::OutOfOrder).let_go().expect("it is held");
    assert_eq!((let_go.state, &let_go.faults), (State::Due, &vec![Fault::OutOfOrder]));
    assert_eq!(let_go.clone().let_go(), None);
    assert_eq!(held(Fault::Late).let_go(), None);
    // Its first try failed: it waits for the next one like any other.
    assert_eq!(let_go.after(failed(0, TryReason::Due), Mode::Test, 0).let_go(), None);
}
