//! The life of a refund: what each charge takes, and what is written and told on the way.

use proptest::prelude::*;

use super::*;
use crate::balance_transaction::{BalanceTransaction, MovementKind, MovementSource};
use crate::card::TestEffect;
use crate::case::TimerKind;
use crate::charge::{Charge, ChargeResult};
use crate::command::{Answer, MetadataPatch, MethodChoice, Patch, Ref};
use crate::money::Currency;
use crate::network::Followup;
use crate::payment_intent::cancel::Cancel as CancelPayment;
use crate::payment_intent::capture::Capture;
use crate::payment_intent::confirm::Confirm;
use crate::payment_intent::{self, CaptureMethod, PaymentIntent};
use crate::refund::create::{Create, Of, RefundCharge};
use crate::refusal::{Noun, RefundRefused, Why};
use crate::rehearsal::{World, card, declined, payment, shown};

/// A payment of 20.00 by a card with this effect, confirmed.
fn pay(world: &mut World, effect: Option<TestEffect>, capture_method: CaptureMethod) {
    let mut new = card();
    new.facts.effect = effect;
    let create = payment_intent::create::Create {
        method: Some(MethodChoice::New(Box::new(new))),
        capture_method,
        description: Some("a bicycle".to_owned()),
        confirm: Some(Confirm::default()),
        ..payment(2_000)
    };
    world.pass(|case| create.clone().decide(case));
    world.told();
    world.timers.clear();
    world.followups.clear();
}

fn paid(effect: Option<TestEffect>) -> World {
    let mut world = World::new();
    pay(&mut world, effect, CaptureMethod::Automatic);
    world
}

fn charge(world: &World) -> Charge {
    world.all::<Charge>().pop().expect("there is a charge")
}

fn intent(world: &World) -> Ref<PaymentIntentId> {
    Ref::new(world.all::<PaymentIntent>().pop().expect("there is an intent").id.to_string())
}

fn wish(amount: Option<i64>) -> Wish {
    Wish { amount, ..Wish::default() }
}

fn refund(world: &mut World, amount: Option<i64>) -> Result<Refund, Why> {
    let of = Of::Charge(Ref::new(charge(world).id.to_string()));
    ask(world, Create { of, wish: wish(amount) })
}

fn ask(world: &mut World, create: Create) -> Result<Refund, Why> {
    let answer = world.run(|case| create.clone().decide(case));
    answer.map(|answer| shown(&answer)).map_err(|refusal| refusal.why)
}

/// Plays the timer of the newest refund.
fn settle(world: &mut World) {
    let newest = world.all::<Refund>().pop().expect("there is a refund").id;
    world.now = world.now.plus(settle::SECONDS);
    world.pass(|case| {
        settle::settle(case, newest.seq)?;
        Ok(Answer::shown(case.get::<Refund>(newest)?))
    });
}

/// Given back, on its way back, and the net of everything that moved.
fn counts(world: &World) -> (i64, i64, i64) {
    let ChargeResult::Captured { refunded, refunding, .. } = charge(world).result else {
        panic!("not captured");
    };
    let net = world.all::<BalanceTransaction>().iter().map(BalanceTransaction::net).sum();
    (refunded, refunding, net)
}

/// 20.00 less 2.9 % and 30 cents.
const NET: i64 = 1_912;

#[test]
fn a_refund_counts_at_once_and_is_named_later() {
    let mut world = paid(None);
    let made = refund(&mut world, Some(500)).unwrap();
    assert_eq!(counts(&world), (500, 0, NET - 500));
    assert_eq!(world.told(), ["refund.created", "charge.refunded"]);
    assert_eq!(world.timers.pop().map(|it| it.kind), Some(TimerKind::SettleRefund));
    let (charge, method) = (made.charge, made.payment_method);
    let credit = Followup::Refund { charge, method, amount: made.amount };
    assert_eq!(world.followups, [credit]);
    let movement = world.all::<BalanceTransaction>().pop().unwrap();
    assert_eq!(movement.source, MovementSource::Refund(made.id));
    assert_eq!((movement.kind, movement.amount.minor()), (MovementKind::Refund, -500));
    assert_eq!(movement.description.as_deref(), Some("REFUND FOR CHARGE (a bicycle)"));

    settle(&mut world);
    let named = world.get::<Refund>(made.id);
    let RefundState::Succeeded { balance_transaction, reference: Some(reference) } = &named.state
    else {
        panic!("{:?}", named.state);
    };
    assert_eq!(*balance_transaction, movement.id);
    assert_eq!((reference.len(), &reference[..1]), (16, "7"));
    assert_eq!(world.told(), ["refund.updated", "charge.refund.updated"]);
    assert_eq!(counts(&world), (500, 0, NET - 500));
    settle(&mut world);
    assert_eq!((world.told().len(), world.get::<Refund>(made.id)), (0, named));
}

#[test]
fn what_is_told_of_a_charge_says_how_it_was() {
    let mut world = paid(None);
    let before = charge(&world);
    refund(&mut world, None).unwrap();
    let told = world.events.pop().unwrap();
    assert_eq!((told.object, told.previous), (charge(&world).into(), Some(before.into())));
}

#[test]
fn a_pending_refund_counts_when_it_arrives() {
    let mut world = paid(Some(TestEffect::PendingRefund));
    let made = refund(&mut world, Some(1_500)).unwrap();
    assert_eq!(made.state, RefundState::Pending { why: PendingReason::Processing });
    assert_eq!(counts(&world), (0, 1_500, NET));
    assert_eq!(world.told(), ["refund.created"]);
    assert_eq!(world.followups, []);
    let too_much = refund(&mut world, Some(501));
    assert!(
        matches!(too_much, Err(Why::Refund(RefundRefused::TooLarge { again: true, .. }))),
        "{too_much:?}"
    );

    settle(&mut world);
    assert_eq!(world.get::<Refund>(made.id).status(), "succeeded");
    assert_eq!(counts(&world), (1_500, 0, NET - 1_500));
    assert_eq!(world.told(), ["refund.updated", "charge.refund.updated", "charge.refunded"]);
    assert_eq!(world.followups.len(), 1);
    settle(&mut world);
    assert_eq!((world.told().len(), counts(&world).0), (0, 1_500));
}

#[test]
fn a_refund_that_fails_gives_the_money_back_to_the_account() {
    let mut world = paid(Some(TestEffect::RefundFails));
    let made = refund(&mut world, None).unwrap();
    assert_eq!(made.status(), "succeeded");
    assert_eq!(counts(&world), (2_000, 0, NET - 2_000));
    assert_eq!(world.told(), ["refund.created", "charge.refunded"]);
    assert_eq!(
        refund(&mut world, None),
        Err(Why::Refund(RefundRefused::ChargeRefunded(made.charge)))
    );

    settle(&mut world);
    let failed = world.get::<Refund>(made.id);
    let RefundState::Failed { why, failure_balance_transaction, .. } = failed.state else {
        panic!("{:?}", failed.state);
    };
    assert_eq!(why, RefundFailure::ExpiredOrCanceledCard);
    let back = world.get::<BalanceTransaction>(failure_balance_transaction);
    assert_eq!((back.kind, back.amount.minor()), (MovementKind::RefundFailure, 2_000));
    assert_eq!(counts(&world), (0, 0, NET));
    let told = world.told();
    assert_eq!(told, ["refund.failed", "refund.updated", "charge.refund.updated"]);
    // Its bank never had the money, so nothing is told there.
    assert_eq!(world.followups, []);
    assert!(refund(&mut world, None).is_ok());
}

#[test]
fn what_can_be_given_back() {
    let mut world = paid(None);
    let id = charge(&world).id;
    let money = |minor| Money::new(minor, Currency::USD);
    let too_large = |asked, left, again| {
        Err(Why::Refund(RefundRefused::TooLarge { asked: money(asked), left: money(left), again }))
    };
    for (amount, expected) in [
        (Some(2_001), too_large(2_001, 2_000, false)),
        (Some(500), Ok(500)),
        (Some(1_501), too_large(1_501, 1_500, true)),
        (None, Ok(1_500)),
        (Some(1), Err(Why::Refund(RefundRefused::ChargeRefunded(id)))),
        (None, Err(Why::Refund(RefundRefused::ChargeRefunded(id)))),
    ] {
        let made = refund(&mut world, amount).map(|refund| refund.amount.minor());
        assert_eq!(made, expected, "{amount:?}");
    }
    assert_eq!(counts(&world), (2_000, 0, NET - 2_000));
}

#[test]
fn what_was_captured_in_part_is_given_back_in_part() {
    let mut world = World::new();
    pay(&mut world, None, CaptureMethod::Manual);
    let intent = intent(&world);
    let capture = Capture { amount: Some(700), ..Capture::default() };
    world.pass(|case| capture.clone().decide(case, &intent));
    let most = Money::new(700, Currency::USD);
    let asked = Money::new(701, Currency::USD);
    let why = Why::Refund(RefundRefused::TooLarge { asked, left: most, again: false });
    assert_eq!(refund(&mut world, Some(701)), Err(why));
    assert_eq!(refund(&mut world, None).unwrap().amount, most);
}

#[test]
fn what_was_never_taken_is_not_given_back() {
    let by_intent = |world: &World| Create {
        of: Of::Payment { intent: intent(world), charge: None },
        wish: wish(None),
    };
    let mut held = World::new();
    pay(&mut held, None, CaptureMethod::Manual);
    let id = intent(&held).id.unwrap();
    assert_eq!(refund(&mut held, None), Err(Why::Refund(RefundRefused::Uncaptured(id))));
    let create = by_intent(&held);
    assert_eq!(ask(&mut held, create), Err(Why::Refund(RefundRefused::Uncaptured(id))));
    let canceled = intent(&held);
    held.pass(|case| CancelPayment::default().decide(case, &canceled));
    assert_eq!(refund(&mut held, None), Err(Why::Refund(RefundRefused::NothingToRefund(id))));
    let create = by_intent(&held);
    assert_eq!(ask(&mut held, create), Err(Why::Refund(RefundRefused::NothingToRefund(id))));

    let mut failed = World::new();
    failed.network = |_| declined("51");
    pay(&mut failed, None, CaptureMethod::Automatic);
    let id = intent(&failed).id.unwrap();
    assert_eq!(refund(&mut failed, None), Err(Why::Refund(RefundRefused::NothingToRefund(id))));
    let create = by_intent(&failed);
    assert_eq!(ask(&mut failed, create), Err(Why::Refund(RefundRefused::NothingToRefund(id))));
    assert_eq!(failed.all::<Refund>(), []);
}

#[test]
fn a_refund_is_asked_for_by_charge_or_intent_or_both() {
    let mut world = paid(None);
    let first = (intent(&world), charge(&world).id);
    pay(&mut world, None, CaptureMethod::Automatic);
    let (intent, charge) = (intent(&world), charge(&world).id);
    let named = |charge: ChargeId| Some(Ref::new(charge.to_string()));
    let of = |intent: &Ref<PaymentIntentId>, charge| Of::Payment { intent: intent.clone(), charge };
    let foreign = Why::Refund(RefundRefused::ChargeOfOtherIntent {
        charge: first.1,
        intent: intent.id.unwrap(),
    });
    for (of, expected) in [
        (of(&intent, None), Ok(charge)),
        (of(&intent, named(charge)), Ok(charge)),
        (of(&intent, named(first.1)), Err(foreign)),
        (of(&first.0, None), Ok(first.1)),
    ] {
        let made = ask(&mut world, Create { of: of.clone(), wish: wish(Some(100)) });
        assert_eq!(made.map(|refund| refund.charge), expected, "{of:?}");
    }
    let nowhere = Ref::new("pi_nope");
    let missing = ask(&mut world, Create { of: of(&nowhere, None), wish: wish(None) });
    assert!(matches!(missing, Err(Why::Missing { noun: Noun::PaymentIntent, .. })), "{missing:?}");
    let missing = ask(&mut world, Create { of: Of::Charge(Ref::new("ch_nope")), wish: wish(None) });
    assert!(matches!(missing, Err(Why::Missing { noun: Noun::Charge, .. })), "{missing:?}");
}

#[test]
fn the_older_call_answers_with_the_charge() {
    let mut world = paid(None);
    let id = Ref::new(charge(&world).id.to_string());
    let answer = world.pass(|case| RefundCharge(wish(None)).decide(case, &id));
    assert_eq!(shown::<Charge>(&answer).refundable(), Some(0));
}

#[test]
fn several_in_one_decision_see_one_another() {
    let mut world = paid(None);
    let id = charge(&world).id;
    let answer = world.pass(|case| {
        give_back(case, id, wish(Some(600)))?;
        let again = give_back(case, id, wish(None))?;
        Ok(Answer::shown(again))
    });
    assert_eq!(shown::<Refund>(&answer).amount.minor(), 1_400);
    assert_eq!((counts(&world), world.all::<Refund>().len()), ((2_000, 0, NET - 2_000), 2));
}

#[test]
fn notes_change_and_nothing_can_be_canceled() {
    let mut world = paid(None);
    let metadata = |key: &str| MetadataPatch(Patch::Set(vec![(key.to_owned(), "b".to_owned())]));
    let of = Of::Charge(Ref::new(charge(&world).id.to_string()));
    let asked = Wish {
        reason: Some(RefundReason::Duplicate),
        metadata: metadata("a"),
        instructions_email: Some("jenny@example.com".to_owned()),
        ..Wish::default()
    };
    let made = ask(&mut world, Create { of, wish: asked }).unwrap();
    assert_eq!(made.reason, Some(RefundReason::Duplicate));
    assert_eq!(made.metadata, Metadata::from([("a".to_owned(), "b".to_owned())]));
    world.told();
    let id = Ref::new(made.id.to_string());
    let update = update::Update { metadata: metadata("c") };
    let after: Refund = shown(&world.pass(|case| update.clone().decide(case, &id)));
    assert_eq!(after.metadata.len(), 2);
    assert_eq!(world.told(), ["charge.refund.updated", "refund.updated"]);
    world.pass(|case| update.clone().decide(case, &id));
    assert_eq!(world.told(), [""; 0]);
    let refused = world.run(|case| cancel::Cancel.decide(case, &id));
    assert_eq!(refused.unwrap_err().why, Why::Refund(RefundRefused::Cancel));
    let nowhere = Ref::new("re_nope");
    let refused = world.run(|case| cancel::Cancel.decide(case, &nowhere)).unwrap_err();
    assert!(matches!(refused.why, Why::Missing { noun: Noun::Refund, .. }), "{refused:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever is asked for, and whenever the network is done: no more is given back than was
    /// taken, the charge counts what its refunds say, and the ledger holds what is left.
    #[test]
    fn money_is_neither_made_nor_lost(
        effect in prop::sample::select(vec![
            None, Some(TestEffect::PendingRefund), Some(TestEffect::RefundFails),
        ]),
        steps in prop::collection::vec(prop::option::of(1i64..1_500), 1..12),
    ) {
        let mut world = paid(effect);
        for step in steps {
            match step {
                Some(amount) => drop(refund(&mut world, Some(amount))),
                None if world.all::<Refund>().is_empty() => {}
                None => settle(&mut world),
            }
            let (mut refunded, mut refunding) = (0, 0);
            for it in world.all::<Refund>() {
                match it.state {
                    RefundState::Pending { .. } => refunding += it.amount.minor(),
                    RefundState::Succeeded { .. } => refunded += it.amount.minor(),
                    RefundState::Failed { .. } => {}
                }
            }
            prop_assert!(refunded + refunding <= 2_000);
            prop_assert_eq!(counts(&world), (refunded, refunding, NET - refunded));
            for movement in world.all::<BalanceTransaction>() {
                let sum: i64 = movement.lines.iter().map(|line| line.amount).sum();
                prop_assert_eq!(sum, 0);
            }
        }
    }
}
