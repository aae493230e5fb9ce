//! What is done to a hold between its confirm and its end.

use super::*;
use crate::agreement::{Agreement, AmountType, Interval, MandateOptions};
use crate::charge::terms;
use crate::gateway::PastDecline;
use crate::network::{Followup, MitType};
use crate::payment_intent::capture::{Finality, take};
use crate::payment_intent::increment::{Increment, Raised, raise};
use crate::payment_intent::reverse::lower;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

/// A world with a hold of 20.00 USD, of which everything is asked that there is.
fn held() -> World {
    let wish = Some(IfAvailable::IfAvailable);
    let card_options = CardOptions {
        request_incremental_authorization: wish,
        request_multicapture: wish,
        request_overcapture: wish,
        ..CardOptions::default()
    };
    held_with(card_options)
}

fn held_with(card_options: CardOptions) -> World {
    let mut world = World::new();
    let confirm = Some(Confirm::default());
    let capture_method = CaptureMethod::Manual;
    make(&mut world, Create { method: good(), capture_method, confirm, card_options, ..new() });
    world.told();
    world.asked.clear();
    world
}

fn capture(world: &mut World, capture: Capture) -> Result<Answer, Box<Refusal>> {
    let id = Ref::new(newest(world).id.to_string());
    world.run(|case| capture.clone().decide(case, &id))
}

fn part(amount: i64) -> Capture {
    Capture { amount: Some(amount), finality: Finality::MoreToCome, ..Capture::default() }
}

fn last(amount: i64) -> Capture {
    Capture { amount: Some(amount), ..Capture::default() }
}

fn raise_to(world: &mut World, amount: i64) -> Result<Answer, Box<Refusal>> {
    let id = Ref::new(newest(world).id.to_string());
    let increment = Increment {
        amount,
        description: Patch::Set("More of it".to_owned()),
        metadata: MetadataPatch::default(),
    };
    world.run(|case| increment.clone().decide(case, &id))
}

fn lower_to(world: &mut World, total: i64) -> PaymentIntent {
    let intent = newest(world);
    shown(&world.pass(|case| lower(case, intent.clone(), usd(total)).map(Answer::shown)))
}

fn charge(world: &World) -> Charge {
    world.all::<Charge>().pop().expect("a hold has a charge")
}

/// Amount, authorized, capturable, received, of the newest intent and its charge.
fn sums(world: &World) -> [i64; 4] {
    let (intent, charge) = (newest(world), charge(world));
    assert_eq!(intent.amount, charge.amount);
    let (capturable, received) = match intent.state {
        State::RequiresCapture { capturable, received, .. } => {
            (capturable.minor(), received.minor())
        }
        State::Succeeded { received, .. } => (0, received.minor()),
        ref other => panic!("{other:?}"),
    };
    assert_eq!(charge.captured().minor(), received);
    [intent.amount.minor(), charge.authorized().minor(), capturable, received]
}

/// What the network was told, in short: what is taken, what is let go, and of which total.
fn told(world: &mut World) -> Vec<(&'static str, i64, i64)> {
    let told = world.followups.drain(..).map(|it| match it {
        Followup::Capture { amount, total, .. } => ("take", amount.minor(), total.minor()),
        Followup::Reverse { amount, total, .. } => ("free", amount.minor(), total.minor()),
        Followup::Refund { .. } => panic!("nothing is given back here"),
    });
    told.collect()
}

const UPDATED: [&str; 2] = ["charge.updated", "payment_intent.amount_capturable_updated"];
const CAPTURED: [&str; 2] = ["charge.captured", "payment_intent.succeeded"];

#[test]
fn a_hold_is_taken_in_parts() {
    let mut world = held();
    capture(&mut world, part(500)).unwrap();
    assert_eq!(sums(&world), [2_000, 2_000, 1_500, 500]);
    let previous = |event: &crate::event::NewEvent| event.previous.is_some();
    assert!(world.events.iter().all(previous));
    assert_eq!(world.told(), UPDATED);
    capture(&mut world, part(700)).unwrap();
    assert_eq!(sums(&world), [2_000, 2_000, 800, 1_200]);
    world.told();
    capture(&mut world, last(300)).unwrap();
    assert_eq!(sums(&world), [2_000, 2_000, 0, 1_500]);
    assert_eq!(world.told(), CAPTURED);
    let network =
        [("take", 500, 2_000), ("take", 700, 2_000), ("take", 300, 2_000), ("free", 500, 1_500)];
    assert_eq!(told(&mut world), network);
    let moved = world.all::<BalanceTransaction>();
    assert_eq!(moved.iter().map(|it| it.amount.minor()).collect::<Vec<_>>(), [500, 700, 300]);
    let ChargeResult::Captured { balance_transaction, .. } = charge(&world).result else {
        panic!()
    };
    assert_eq!(balance_transaction, moved[2].id);
    let named: Vec<_> = charge(&world).movements().collect();
    assert_eq!(named, moved.iter().map(|it| it.id).collect::<Vec<_>>());
}

#[test]
fn a_hold_in_parts_ends_by_taking_nothing_or_by_the_clock() {
    let expire = |world: &mut World| {
        let intent = newest(world);
        world.now = intent.hold().expect("it is held").expires_at;
        world.pass(|case| {
            expire::expire_hold(case, intent.id.seq)?;
            Ok(Answer::shown(case.get::<PaymentIntent>(intent.id)?))
        });
    };
    let closes: [&dyn Fn(&mut World); 3] = [
        &|world| drop(capture(world, last(0)).unwrap()),
        &|world| drop(capture(world, Capture::default()).unwrap()),
        &expire,
    ];
    for (close, received) in closes.into_iter().zip([500, 2_000, 500]) {
        let mut world = held();
        capture(&mut world, part(500)).unwrap();
        world.told();
        told(&mut world);
        close(&mut world);
        assert_eq!(sums(&world), [2_000, 2_000, 0, received]);
        assert_eq!(world.told(), CAPTURED);
        let freed = if received == 500 { ("free", 1_500, 500) } else { ("take", 1_500, 2_000) };
        assert_eq!(told(&mut world), [freed]);
    }
    // All of it is taken, and yet the last capture is still to come.
    let mut world = held();
    capture(&mut world, part(2_000)).unwrap();
    assert_eq!(sums(&world), [2_000, 2_000, 0, 2_000]);
    assert_eq!(newest(&world).status(), Status::RequiresCapture);
    told(&mut world);
    capture(&mut world, Capture::default()).unwrap();
    assert_eq!((newest(&world).status(), told(&mut world)), (Status::Succeeded, vec![]));
}

#[test]
fn more_than_is_held_is_taken_once() {
    let mut world = held();
    capture(&mut world, last(2_300)).unwrap();
    assert_eq!(sums(&world), [2_300, 2_000, 0, 2_300]);
    assert_eq!(told(&mut world), [("take", 2_300, 2_000)]);
    assert_eq!(world.told(), CAPTURED);
}

#[test]
fn captures_that_are_refused() {
    let asked_for_nothing = || held_with(CardOptions::default());
    let in_parts = || {
        let mut world = held();
        capture(&mut world, part(500)).unwrap();
        world
    };
    type Ground<'a> = &'a dyn Fn() -> World;
    let grounds: [(Ground<'_>, Capture, Why); 12] = [
        (&asked_for_nothing, last(2_001), Why::Hold(HoldRefused::CaptureTooLarge)),
        (&asked_for_nothing, last(0), Why::Hold(HoldRefused::CaptureTooSmall { asked: 0 })),
        (&asked_for_nothing, last(-1), Why::Hold(HoldRefused::CaptureTooSmall { asked: -1 })),
        (&asked_for_nothing, part(500), Why::Hold(HoldRefused::MulticaptureUnavailable)),
        (&held, last(2_301), Why::Hold(HoldRefused::CaptureTooLarge)),
        (&held, last(0), Why::Hold(HoldRefused::CaptureTooSmall { asked: 0 })),
        // Only the last capture may go beyond the hold,
        (&held, part(2_001), Why::Hold(HoldRefused::CaptureTooLarge)),
        // and only the first.
        (&in_parts, last(1_501), Why::Hold(HoldRefused::CaptureTooLarge)),
        (&in_parts, part(1_501), Why::Hold(HoldRefused::CaptureTooLarge)),
        (&in_parts, part(0), Why::Hold(HoldRefused::CaptureTooSmall { asked: 0 })),
        (&in_parts, last(-1), Why::Hold(HoldRefused::CaptureTooSmall { asked: -1 })),
        (&in_parts, part(-1), Why::Hold(HoldRefused::CaptureTooSmall { asked: -1 })),
    ];
    for (ground, tried, why) in grounds {
        let mut world = ground();
        let before = sums(&world);
        let refusal = capture(&mut world, tried.clone()).expect_err("refused");
        assert_eq!(refusal.why, why, "{tried:?}");
        assert!(refusal.about.is_some());
        assert_eq!(sums(&world), before);
    }
}

#[test]
fn fifty_captures_are_enough() {
    let mut world = held();
    for _ in 0..terms::CAPTURES {
        capture(&mut world, part(1)).unwrap();
    }
    for tried in [part(1), last(1), Capture::default()] {
        assert_eq!(
            capture(&mut world, tried).expect_err("refused").why,
            Why::Hold(HoldRefused::TooManyCaptures)
        );
    }
    capture(&mut world, last(0)).unwrap();
    assert_eq!(sums(&world), [2_000, 2_000, 0, 50]);
}

#[test]
fn what_was_taken_is_not_given_up() {
    let mut world = held();
    capture(&mut world, part(500)).unwrap();
    let id = Ref::new(newest(&world).id.to_string());
    let refusal = world.run(|case| Cancel::default().decide(case, &id)).expect_err("refused");
    assert_eq!(refusal.why, Why::Hold(HoldRefused::CancelPartlyCaptured));
    assert!(refusal.about.is_some());
}

#[test]
fn a_hold_is_lowered() {
    let mut world = held();
    let intent = lower_to(&mut world, 1_200);
    assert_eq!(intent, newest(&world));
    assert_eq!(sums(&world), [2_000, 1_200, 1_200, 0]);
    assert!(world.events.iter().all(|event| event.previous.is_some()));
    assert_eq!(world.told(), ["payment_intent.amount_capturable_updated", "charge.updated"]);
    lower_to(&mut world, 1_000);
    assert_eq!(told(&mut world), [("free", 800, 1_200), ("free", 200, 1_000)]);
    assert_eq!(world.asked, []);
    // More than is left can't be taken, but for what a capture may go beyond it.
    let why = capture(&mut world, last(1_151)).expect_err("refused").why;
    assert_eq!(why, Why::Hold(HoldRefused::CaptureTooLarge));
    capture(&mut world, Capture::default()).unwrap();
    assert_eq!(sums(&world), [2_000, 1_000, 0, 1_000]);
    assert_eq!(told(&mut world), [("take", 1_000, 1_000)]);
}

#[test]
fn a_lowered_hold_goes_on_as_any_other() {
    let mut world = held();
    lower_to(&mut world, 1_000);
    told(&mut world);
    capture(&mut world, last(1_100)).unwrap();
    // Beyond the hold, and still below what was asked for first.
    assert_eq!(sums(&world), [2_000, 1_000, 0, 1_100]);
    assert_eq!(told(&mut world), [("take", 1_100, 1_000)]);

    let mut world = held();
    lower_to(&mut world, 1_000);
    told(&mut world);
    let id = Ref::new(newest(&world).id.to_string());
    world.pass(|case| Cancel::default().decide(case, &id));
    assert_eq!(told(&mut world), [("free", 1_000, 0)]);

    let mut world = held();
    lower_to(&mut world, 1_000);
    raise_to(&mut world, 1_500).unwrap();
    assert_eq!(sums(&world), [1_500, 1_500, 1_500, 0]);
    let Some(Question::Authorize(message)) = world.asked.last() else { panic!() };
    assert_eq!((message.amount, message.adds_to), (usd(500), Some(usd(1_000))));
    // Five times what was asked for first, whatever it was lowered to meanwhile.
    raise_to(&mut world, 10_000).unwrap();

    let mut world = held();
    capture(&mut world, part(500)).unwrap();
    told(&mut world);
    lower_to(&mut world, 900);
    assert_eq!(sums(&world), [2_000, 900, 400, 500]);
    lower_to(&mut world, 500);
    assert_eq!(told(&mut world), [("free", 1_100, 900), ("free", 400, 500)]);
    capture(&mut world, Capture::default()).unwrap();
    assert_eq!(sums(&world), [2_000, 500, 0, 500]);
}

#[test]
#[should_panic(expected = "to Money { minor: 2000, currency: usd }")]
fn a_hold_is_not_lowered_to_what_it_is() {
    lower_to(&mut held(), 2_000);
}

#[test]
fn a_hold_is_raised() {
    let mut world = held();
    let first = charge(&world).terms.original.expect("kept for increments");
    let told_before = newest(&world).hold().unwrap().expires_at;
    raise_to(&mut world, 2_600).unwrap();
    assert_eq!(sums(&world), [2_600, 2_600, 2_600, 0]);
    assert_eq!(newest(&world).description.as_deref(), Some("More of it"));
    assert_eq!(newest(&world).hold().unwrap().expires_at, told_before);
    assert!(world.events.iter().all(|event| event.previous.is_some()));
    assert_eq!(world.told(), ["payment_intent.amount_capturable_updated", "charge.updated"]);
    let [Question::Authorize(message)] = &world.asked[..] else { panic!("{:?}", world.asked) };
    assert_eq!(message.amount, usd(600));
    assert_eq!(message.adds_to, Some(usd(2_000)));
    assert_eq!(message.mit, Some(MitType::Incremental));
    assert_eq!(message.original.as_ref(), Some(&first));
    let attempt = world.all::<Attempt>().pop().unwrap();
    assert_eq!(attempt.subject, crate::attempt::Subject::Increment(newest(&world).id));
    assert_eq!((attempt.amount, attempt.state), (Some(usd(600)), AttemptState::Done));
    capture(&mut world, Capture::default()).unwrap();
    assert_eq!(told(&mut world), [("take", 2_600, 2_600)]);
}

#[test]
fn an_increment_that_is_declined_leaves_everything() {
    let declining: fn(&Question) -> Reply = |_| declined("51");
    let silent: fn(&Question) -> Reply = |_| Reply::Silence;
    let unsent: fn(&Question) -> Reply = |_| Reply::NotSent;
    for (network, reason, state) in [
        (declining, "insufficient_funds", AttemptState::Done),
        (silent, "processing_error", AttemptState::Reversing),
        (unsent, "processing_error", AttemptState::Done),
    ] {
        let mut world = held();
        let before = newest(&world);
        world.network = network;
        let answer = raise_to(&mut world, 2_600).unwrap();
        let Answer::Failed { failure, about } = answer else { panic!("{answer:?}") };
        let Cause::Declined(decline) = failure.cause else { panic!("{:?}", failure.cause) };
        assert_eq!(decline.decline_code.as_deref(), Some(reason));
        assert_eq!((failure.charge, about), (None, Some(before.clone().into())));
        assert_eq!(newest(&world), before);
        assert_eq!(world.told(), [""; 0]);
        let attempt = world.all::<Attempt>().pop().unwrap();
        assert_eq!((attempt.state, attempt.amount), (state, Some(usd(600))));
        // Counted against the networks' limits as a merchant's.
        let counted = world.all::<PastDecline>();
        assert_eq!(counted.len(), usize::from(reason == "insufficient_funds"));
        world.network = |_| approved();
        raise_to(&mut world, 2_600).unwrap();
        assert_eq!(sums(&world), [2_600, 2_600, 2_600, 0]);
    }
}

#[test]
fn an_increment_that_is_lost_with_the_process_leaves_everything() {
    let mut world = held();
    let (before, held) = (newest(&world), charge(&world));
    let attempt = crate::id::AttemptId::new(9_000, [b'a'; 16]);
    world.set(PaymentIntent { inflight: Some(attempt), ..before.clone() });
    world.set(Attempt {
        id: attempt,
        created: world.now,
        subject: crate::attempt::Subject::Increment(before.id),
        payment_method: held.payment_method,
        amount: Some(usd(600)),
        state: AttemptState::Sent,
        trace: Vec::new(),
        warnings: Vec::new(),
        charge: Some(held.id),
    });
    let answer = world.pass(|case| {
        let answer = lost::finish(case, attempt.seq)?;
        Ok(answer.expect("somebody waits for it"))
    });
    assert!(matches!(answer, Answer::Failed { .. }), "{answer:?}");
    assert_eq!(newest(&world), before);
    assert_eq!(world.get::<Attempt>(attempt).state, AttemptState::Reversing);
    assert_eq!(sums(&world), [2_000, 2_000, 2_000, 0]);
}

#[test]
fn increments_that_are_refused() {
    let tried_out = || {
        let mut world = held();
        world.network = |_| declined("05");
        for amount in 0..terms::INCREMENTS {
            raise_to(&mut world, 2_100 + amount).unwrap();
        }
        world
    };
    let in_parts = || {
        let mut world = held();
        capture(&mut world, part(500)).unwrap();
        world
    };
    let most = |world: &World| increment::most(&newest(world), &charge(world));
    assert_eq!(most(&held()), Some(usd(10_000)));
    for world in [held_with(CardOptions::default()), in_parts(), tried_out()] {
        assert_eq!(most(&world), None);
    }
    let not_higher = Why::Hold(HoldRefused::IncrementNotHigher { authorized: usd(2_000) });
    type Ground<'a> = &'a dyn Fn() -> World;
    let grounds: [(Ground<'_>, i64, Why); 6] = [
        (
            &|| held_with(CardOptions::default()),
            2_100,
            Why::Hold(HoldRefused::IncrementUnavailable),
        ),
        (&held, 2_000, not_higher.clone()),
        (&held, 1_999, not_higher),
        (&held, 10_001, Why::Hold(HoldRefused::IncrementTooLarge { limit: usd(10_000) })),
        (&in_parts, 2_100, Why::Hold(HoldRefused::IncrementCaptured)),
        (&tried_out, 2_500, Why::Hold(HoldRefused::TooManyIncrements)),
    ];
    for (ground, amount, why) in grounds {
        let mut world = ground();
        let refusal = raise_to(&mut world, amount).expect_err("refused");
        assert_eq!(refusal.why, why, "{amount}");
        assert!(refusal.about.is_some());
    }
}

#[test]
fn a_hold_that_ended_is_not_raised() {
    let mut world = held();
    world.now = newest(&world).hold().unwrap().expires_at;
    assert_eq!(
        raise_to(&mut world, 2_100).expect_err("refused").why,
        Why::Hold(HoldRefused::IncrementExpired)
    );
    assert_eq!(world.asked, []);
}

#[test]
fn increments_pass_the_guards() {
    let mut world = held();
    world.network = |_| declined("41");
    raise_to(&mut world, 2_100).unwrap();
    world.asked.clear();
    // The card is lost: nothing is sent any more.
    let answer = raise_to(&mut world, 2_100).unwrap();
    let Answer::Failed { failure, .. } = answer else { panic!("{answer:?}") };
    let Cause::Declined(decline) = failure.cause else { panic!("{:?}", failure.cause) };
    assert_eq!(decline.decline_code.as_deref(), Some("do_not_try_again"));
    assert_eq!(world.asked, []);
    assert_eq!(world.all::<Attempt>().pop().unwrap().trace, ["G2"]);
    assert_eq!(sums(&world), [2_000, 2_000, 2_000, 0]);
}

#[test]
fn increments_keep_within_what_was_agreed() {
    let mut world = World::new();
    let customer = world.customer();
    let named = || Some(Ref::new(customer.to_string()));
    let mandate_options = Some(MandateOptions {
        reference: "ref".to_owned(),
        amount: 3_000,
        amount_type: AmountType::Maximum,
        interval: Interval::Sporadic,
        interval_count: None,
        start_date: world.now,
        end_date: None,
        supported_types: None,
        description: None,
    });
    let card_options = CardOptions { mandate_options, ..CardOptions::default() };
    let (setup_future_usage, confirm) = (Some(Usage::OffSession), Some(Confirm::default()));
    let saving = Create { customer: named(), setup_future_usage, card_options, ..new() };
    make(&mut world, Create { method: good(), confirm, ..saving });
    let agreement = world.all::<Agreement>().pop().expect("it was saved");
    let presence = Presence::OffSession(OffSession::OneOff);
    let wish = Some(IfAvailable::IfAvailable);
    let later = Create {
        customer: named(),
        method: Some(MethodChoice::Known(Ref::new(agreement.payment_method.to_string()))),
        capture_method: CaptureMethod::Manual,
        card_options: CardOptions {
            request_incremental_authorization: wish,
            ..CardOptions::default()
        },
        confirm: Some(Confirm { presence, ..Confirm::default() }),
        ..new()
    };
    make(&mut world, later);
    assert_eq!(charge(&world).terms.agreement, Some(agreement.id));
    assert_eq!(
        raise_to(&mut world, 3_001).expect_err("refused").why,
        Why::Payment(PaymentRefused::MandateInvalid)
    );
    raise_to(&mut world, 3_000).unwrap();
}

#[test]
fn an_outer_rule_does_several_things_in_one_decision() {
    let mut world = held();
    let before = newest(&world);
    world.pass(|case| {
        let Raised::Held(intent) = raise(case, before.clone(), usd(2_500))? else { panic!() };
        let intent = take(case, intent, Some(400), Finality::MoreToCome)?;
        let intent = lower(case, intent, usd(900))?;
        take(case, intent, None, Finality::Final).map(Answer::shown)
    });
    assert_eq!(sums(&world), [2_500, 900, 0, 900]);
    let network = [("take", 400, 2_500), ("free", 1_600, 900), ("take", 500, 900)];
    assert_eq!(told(&mut world), network);
}
