use super::advance::{Advance, go_on};
use super::create::Create;
use super::delete::{Delete, at_its_end};
use super::*;
use crate::case::{Case, Halt};
use crate::command::{Answer, Gone, MethodChoice, Ref};
use crate::customer::{self, Customer};
use crate::id::CustomerId;
use crate::payment_intent::confirm::Confirm;
use crate::payment_intent::{CaptureMethod, PaymentIntent, Status, create};
use crate::refusal::{TestClockRefused, Why};
use crate::rehearsal::{World, card, payment, shown};

fn clock(world: &mut World, ahead: i64) -> TestClock {
    let frozen_time = world.now.plus(ahead);
    let create = Create { frozen_time, name: None };
    shown(&world.pass(|case| create.clone().decide(case)))
}

fn reference(clock: &TestClock) -> Ref<TestClockId> {
    Ref::new(clock.id.to_string())
}

fn customer_of(world: &mut World, clock: &TestClock) -> CustomerId {
    let test_clock = Some(reference(clock));
    let create = customer::create::Create { test_clock, ..Default::default() };
    shown::<Customer>(&world.pass(|case| create.clone().decide(case))).id
}

fn held(world: &mut World, customer: Option<CustomerId>) -> PaymentIntent {
    let create = create::Create {
        customer: customer.map(|id| Ref::new(id.to_string())),
        method: Some(MethodChoice::New(Box::new(card()))),
        capture_method: CaptureMethod::Manual,
        confirm: Some(Confirm::default()),
        ..payment(1_000)
    };
    let intent: PaymentIntent = shown(&world.pass(|case| create.clone().decide(case)));
    assert_eq!(intent.status(), Status::RequiresCapture);
    intent
}

/// Runs what a timer would.
fn due(world: &mut World, rule: fn(&mut Case<'_>, u64) -> Result<(), Halt>, clock: &TestClock) {
    let seq = clock.id.seq;
    let answer = Answer::Deleted(Gone::TestClock(clock.id));
    world.pass(|case| rule(case, seq).map(|()| answer.clone()));
}

fn status(world: &World, intent: &PaymentIntent) -> Status {
    world.get::<PaymentIntent>(intent.id).status()
}

#[test]
fn a_clock_ends_its_own_customers_holds() {
    let mut world = World::new();
    let clock = clock(&mut world, 0);
    let theirs = customer_of(&mut world, &clock);
    let other = world.customer();
    let holds =
        [held(&mut world, Some(theirs)), held(&mut world, Some(other)), held(&mut world, None)];
    world.told();

    let to = world.now.plus(7 * 86_400);
    let advance = Advance { frozen_time: to };
    let answer = world.pass(|case| advance.decide(case, &reference(&clock)));
    let under_way: TestClock = shown(&answer);
    assert_eq!(under_way.state, ClockState::Advancing { to });
    assert_eq!(under_way.frozen_time, clock.frozen_time);
    let again = world.run(|case| advance.decide(case, &reference(&clock)));
    assert_eq!(again.map_err(|it| it.why), Err(Why::TestClock(TestClockRefused::Advancing)));

    due(&mut world, go_on, &clock);
    let statuses = holds.each_ref().map(|intent| status(&world, intent));
    assert_eq!(statuses, [Status::Canceled, Status::RequiresCapture, Status::RequiresCapture]);
    let stands: TestClock = world.get(clock.id);
    assert_eq!((stands.frozen_time, stands.state), (to, ClockState::Ready));
    let clocks = "test_helpers.test_clock";
    let told = [
        format!("{clocks}.advancing"),
        "charge.expired".to_owned(),
        "payment_intent.canceled".to_owned(),
        format!("{clocks}.ready"),
    ];
    assert_eq!(world.told(), told);
    // A timer that comes twice finds nothing to do.
    due(&mut world, go_on, &clock);
    assert_eq!(world.told(), [""; 0]);
}

#[test]
fn a_hold_whose_time_has_not_come_stays() {
    let mut world = World::new();
    let clock = clock(&mut world, -86_400);
    let customer = customer_of(&mut world, &clock);
    let hold = held(&mut world, Some(customer));
    let advance = Advance { frozen_time: world.now.plus(7 * 86_400 - 1) };
    world.pass(|case| advance.decide(case, &reference(&clock)));
    due(&mut world, go_on, &clock);
    assert_eq!(status(&world, &hold), Status::RequiresCapture);
}

#[test]
fn many_holds_end_in_several_commits() {
    let mut world = World::new();
    let clock = clock(&mut world, 0);
    let customer = customer_of(&mut world, &clock);
    let holds: Vec<_> = (0..40).map(|_| held(&mut world, Some(customer))).collect();
    let advance = Advance { frozen_time: world.now.plus(30 * 86_400) };
    world.pass(|case| advance.decide(case, &reference(&clock)));
    let mut commits = 0;
    while world.get::<TestClock>(clock.id).state != ClockState::Ready {
        due(&mut world, go_on, &clock);
        commits += 1;
    }
    assert_eq!(commits, 3);
    assert!(holds.iter().all(|intent| status(&world, intent) == Status::Canceled));
}

#[test]
fn where_a_clock_can_not_go() {
    let mut world = World::new();
    let clock = clock(&mut world, 0);
    for (seconds, expected) in [
        (-1, Some(Why::TestClock(TestClockRefused::Backwards { stands_at: world.now }))),
        (0, Some(Why::TestClock(TestClockRefused::Backwards { stands_at: world.now }))),
        (FURTHEST + 1, Some(Why::TestClock(TestClockRefused::TooFar { stands_at: world.now }))),
        (FURTHEST, None),
    ] {
        let advance = Advance { frozen_time: world.now.plus(seconds) };
        let found = world.run(|case| advance.decide(case, &reference(&clock)));
        assert_eq!(found.err().map(|it| it.why), expected, "{seconds}");
    }
}

#[test]
fn a_clock_takes_its_customers_along() {
    for by_itself in [false, true] {
        let mut world = World::new();
        let clock = clock(&mut world, 0);
        let [gone, stays] = [customer_of(&mut world, &clock), world.customer()];
        world.told();
        if by_itself {
            due(&mut world, at_its_end, &clock);
            assert!(!world.get::<TestClock>(clock.id).deleted, "its time has not come");
            world.now = world.now.plus(LIFE);
            due(&mut world, at_its_end, &clock);
        } else {
            let answer = world.pass(|case| Delete.decide(case, &reference(&clock)));
            assert_eq!(answer, Answer::Deleted(Gone::TestClock(clock.id)));
        }
        assert!(world.get::<TestClock>(clock.id).deleted);
        assert!(world.get::<Customer>(gone).deleted);
        assert!(!world.get::<Customer>(stays).deleted);
        assert_eq!(world.told(), ["customer.deleted", "test_helpers.test_clock.deleted"]);
        let create =
            customer::create::Create { test_clock: Some(reference(&clock)), ..Default::default() };
        let late = world.run(|case| create.clone().decide(case));
        assert!(matches!(late.map_err(|it| it.why), Err(Why::Missing { .. })));
    }
}
