//! What sets a timer, and what it tells.

use super::*;
use crate::balance_transaction::{CapturedCharge, GivenBack};
use crate::card::TestEffect;
use crate::case::Timer;
use crate::command::{Answer, Gone};
use crate::country::Country;
use crate::id::{BalanceTransactionId, ChargeId, CustomerId, RefundId};
use crate::money::{Currency, Money};
use crate::object::Object;
use crate::rehearsal::World;

const DAY: i64 = 86_400;

/// Runs a rule that answers nothing.
fn run(world: &mut World, rule: impl Fn(&mut Case<'_>) -> Result<(), Halt>) {
    let nothing = Answer::Deleted(Gone::Customer(CustomerId::new(1, [b'n'; 16])));
    world.pass(|case| rule(case).map(|()| nothing.clone()));
}

fn paid(world: &mut World, minor: i64, effect: Option<TestEffect>) -> BalanceTransaction {
    run(world, |case| {
        let taken = Money::new(minor, Currency::USD);
        let movement = CapturedCharge {
            id: case.mint.id(BalanceTransactionId::new),
            at: case.now(),
            charge: ChargeId::new(2, [b'c'; 16]),
            taken,
            before: taken.with_minor(0),
            description: None,
            account_country: Country::US,
            card_country: Country::US,
            effect,
            settles_in: Currency::USD,
        };
        let movement = movement.movement();
        announce(case, &movement);
        case.put(movement);
        Ok(())
    });
    world.all::<BalanceTransaction>().pop().unwrap()
}

fn given_back(world: &mut World, charged: &BalanceTransaction, minor: i64) {
    run(world, |case| {
        let amount = Money::new(minor, Currency::USD);
        let movement = GivenBack {
            id: case.mint.id(BalanceTransactionId::new),
            at: case.now(),
            refund: RefundId::new(3, [b'r'; 16]),
            amount,
            before: amount.with_minor(0),
            charged,
            description: None,
            account_country: Country::US,
        };
        let movement = movement.movement();
        announce(case, &movement);
        case.put(movement);
        Ok(())
    });
}

/// Lets a timer's instant come, and says what of the balance is told: available and pending.
fn come(world: &mut World, timer: Timer) -> Option<(i64, i64)> {
    world.now = timer.due_at.max(world.now);
    world.events.clear();
    assert_eq!(timer.kind, TimerKind::BalanceAvailable);
    run(world, |case| become_available(case, timer.due_at, timer.subject));
    let event = world.events.pop()?;
    assert_eq!((event.event_type, event.previous), (EventType::BalanceAvailable, None));
    let Object::Statement(told) = event.object else { panic!("{:?}", event.object) };
    assert_eq!(told.created, world.now);
    Some((told.available[0].minor(), told.pending[0].minor()))
}

#[test]
fn all_of_one_instant_is_one_timer() {
    let mut world = World::new();
    let first = paid(&mut world, 2_000, None);
    world.now = world.now.plus(60);
    paid(&mut world, 1_000, None);
    let timers = std::mem::take(&mut world.timers);
    assert_eq!(timers[0], timers[1]);
    assert_eq!(timers[0].due_at, first.available_on);
    world.now = world.now.plus(DAY);
    paid(&mut world, 500, None);
    let next = world.timers.pop().unwrap();
    assert_eq!(next.due_at, first.available_on.plus(DAY));
    assert_eq!(come(&mut world, timers[0]), Some((1_912 + 941, 455)));
    assert_eq!(come(&mut world, next), Some((1_912 + 941 + 455, 0)));
}

#[test]
fn only_growth_is_told() {
    // Paid, given back of it in the days that follow, and whether a day's movements add up to more.
    for (back, grows) in [(0, true), (1_911, true), (1_912, false), (2_000, false)] {
        let mut world = World::new();
        let charged = paid(&mut world, 2_000, None);
        let timer = world.timers.pop().unwrap();
        if back > 0 {
            given_back(&mut world, &charged, back);
        }
        assert!(world.timers.is_empty(), "what is given back has no timer");
        let told = grows.then_some((1_912 - back, 0));
        assert_eq!(come(&mut world, timer), told, "{back}");
    }
    let mut world = World::new();
    paid(&mut world, 30, None);
    assert!(world.timers.is_empty(), "all of it is fee");
}

#[test]
fn what_never_waits_is_told_each_time() {
    let mut world = World::new();
    paid(&mut world, 2_000, None);
    let waiting = world.timers.pop().unwrap();
    let first = paid(&mut world, 1_000, Some(TestEffect::BypassPending));
    let second = paid(&mut world, 1_000, Some(TestEffect::BypassPending));
    let timers = std::mem::take(&mut world.timers);
    let subjects: Vec<_> = timers.iter().map(|it| (it.due_at, it.subject)).collect();
    assert_eq!(subjects, [(world.now, first.id.seq), (world.now, second.id.seq)]);
    assert_eq!(come(&mut world, timers[0]), Some((941 * 2, 1_912)));
    assert_eq!(come(&mut world, timers[1]), Some((941 * 2, 1_912)));
    assert_eq!(come(&mut world, waiting), Some((941 * 2 + 1_912, 0)));
}

#[test]
fn another_instant_tells_nothing() {
    let mut world = World::new();
    paid(&mut world, 2_000, Some(TestEffect::BypassPending));
    paid(&mut world, 2_000, None);
    let waiting = world.timers.pop().unwrap();
    for due_at in [waiting.due_at.plus(-1), waiting.due_at.plus(1)] {
        assert_eq!(come(&mut world, Timer { due_at, ..waiting }), None, "{due_at:?}");
    }
    assert!(come(&mut world, waiting).is_some());
}
