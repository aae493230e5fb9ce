use super::*;
use crate::agreement::Agreement;

fn paying(create: Create) -> Create {
    Create { method: create.method.or_else(good), confirm: Some(Confirm::default()), ..create }
}

#[test]
fn what_is_told_of_a_payment_and_in_which_order() {
    let created = "payment_intent.created";
    let approved: fn(&Question) -> Reply = |_| approved();
    let declining: fn(&Question) -> Reply = |_| declined("51");
    let saves = Some(Usage::OffSession);
    let manual = CaptureMethod::Manual;
    for (network, capture_method, usage, events) in [
        (
            approved,
            CaptureMethod::Automatic,
            None,
            vec![created, "charge.succeeded", "payment_intent.succeeded"],
        ),
        (
            approved,
            CaptureMethod::Automatic,
            saves,
            vec![
                created,
                "charge.succeeded",
                "payment_method.attached",
                "payment_intent.succeeded",
            ],
        ),
        (
            approved,
            manual,
            None,
            vec![created, "charge.succeeded", "payment_intent.amount_capturable_updated"],
        ),
        (declining, manual, saves, vec![created, "charge.failed", "payment_intent.payment_failed"]),
    ] {
        let mut world = World::new();
        let customer = world.customer();
        world.network = network;
        let customer = Some(Ref::new(customer.to_string()));
        make(
            &mut world,
            paying(Create { customer, capture_method, setup_future_usage: usage, ..new() }),
        );
        assert_eq!(world.told(), events);
    }
}

#[test]
fn a_hold_is_told_with_what_was_before() {
    let mut world = World::new();
    make(&mut world, Create { capture_method: CaptureMethod::Manual, ..paying(new()) });
    let told = |event: &&crate::event::NewEvent| {
        event.event_type.as_str() == "payment_intent.amount_capturable_updated"
    };
    let event = world.events.iter().find(told).expect("it was told");
    let (Object::PaymentIntent(after), Some(Object::PaymentIntent(before))) =
        (&event.object, &event.previous)
    else {
        panic!("{event:?}");
    };
    assert_eq!(before.status(), Status::RequiresConfirmation);
    assert_eq!((before.latest_charge, after.status()), (None, Status::RequiresCapture));
    let others = world.events.iter().filter(|event| !told(event));
    assert!(others.into_iter().all(|event| event.previous.is_none()));
}

#[test]
fn money_is_booked_at_once_and_shown_when_the_capture_method_says() {
    let [available, shown] = [TimerKind::BalanceAvailable, TimerKind::ShowBalanceTransaction];
    for (capture_method, shown_after, timers) in [
        (CaptureMethod::Automatic, 0, vec![available]),
        (CaptureMethod::AutomaticAsync, 1, vec![available, shown]),
    ] {
        let mut world = World::new();
        make(&mut world, paying(Create { capture_method, ..new() }));
        let charge = world.all::<Charge>().pop().unwrap();
        let ChargeResult::Captured { shown_at, capture_before, .. } = charge.result else {
            panic!("{:?}", charge.result);
        };
        assert_eq!((shown_at.since(world.now), capture_before), (shown_after, None));
        assert_eq!(world.timers.iter().map(|it| it.kind).collect::<Vec<_>>(), timers);
        let movement = world.all::<BalanceTransaction>().pop().unwrap();
        assert_eq!((movement.amount.minor(), movement.fee), (2_000, 88));
    }
}

#[test]
fn a_hold_has_its_end() {
    let on_session = Presence::OnSession;
    let off_session = Presence::OffSession(OffSession::OneOff);
    for (presence, seconds) in [(on_session, 604_800), (off_session, 410_400)] {
        let mut world = World::new();
        let confirm = Some(Confirm { presence, ..Confirm::default() });
        let capture_method = CaptureMethod::Manual;
        make(&mut world, Create { method: good(), confirm, capture_method, ..new() });
        let State::RequiresCapture { expires_at, .. } = newest(&world).state else { panic!() };
        assert_eq!(expires_at.since(world.now), seconds);
        assert_eq!(world.timers[0].kind, TimerKind::ExpireHold);
        assert!(world.all::<BalanceTransaction>().is_empty());
        let (held, charge) = (newest(&world), world.all::<Charge>().pop().unwrap());
        let intent = held.id;
        world.now = expires_at.plus(-1);
        let capture = |world: &mut World| {
            let id = Ref::new(intent.to_string());
            world.run(|case| Capture::default().decide(case, &id)).map_err(|refused| refused.why)
        };
        assert!(capture(&mut world).is_ok(), "until its last second");
        world.set(held);
        world.set(charge);
        world.now = expires_at;
        assert_eq!(
            capture(&mut world),
            Err(Why::Hold(HoldRefused::CaptureExpired)),
            "and not from then on"
        );
        world.told();
        world.pass(|case| {
            expire::expire_hold(case, intent.seq)?;
            Ok(Answer::shown(case.get::<PaymentIntent>(intent)?))
        });
        assert_eq!(world.told(), ["charge.expired", "payment_intent.canceled"]);
    }
}

/// Rows that make no sense together move no money.
#[test]
#[should_panic(expected = "nothing is held")]
fn what_was_let_go_is_not_taken() {
    let mut world = standing_at(Status::RequiresCapture);
    let charge = world.all::<Charge>().pop().unwrap();
    let ChargeResult::Held { capture_before } = charge.result else { panic!("{charge:?}") };
    world.set(Charge { result: ChargeResult::Released { capture_before }, ..charge });
    let id = Ref::new(newest(&world).id.to_string());
    let _ = world.run(|case| Capture::default().decide(case, &id));
}

#[test]
#[should_panic(expected = "minor: 2000")]
fn no_more_is_taken_than_was_authorized() {
    let mut world = standing_at(Status::RequiresCapture);
    let charge = world.all::<Charge>().pop().unwrap();
    let amount = Money::new(1_999, Currency::USD);
    world.set(Charge { amount, ..charge });
    let id = Ref::new(newest(&world).id.to_string());
    let _ = world.run(|case| Capture::default().decide(case, &id));
}

#[test]
fn what_becomes_of_an_unattached_method() {
    let approving: fn(&Question) -> Reply = |_| approved();
    let declining: fn(&Question) -> Reply = |_| declined("51");
    let saves = Some(Usage::OffSession);
    for (network, with_customer, usage, consumed, agreements) in [
        (approving, false, None, Some(Standing::Consumed), 0),
        (approving, true, None, Some(Standing::Consumed), 0),
        (approving, false, saves, Some(Standing::SetUp), 1),
        (approving, true, saves, None, 1),
        (declining, false, saves, Some(Standing::Consumed), 0),
        (declining, true, saves, Some(Standing::Fresh), 0),
    ] {
        let mut world = World::new();
        let customer = world.customer();
        world.network = network;
        let named = with_customer.then(|| Ref::new(customer.to_string()));
        make(&mut world, paying(Create { customer: named, setup_future_usage: usage, ..new() }));
        let method = world.all::<PaymentMethod>().pop().unwrap();
        let expected = consumed.unwrap_or(Standing::Attached(customer));
        assert_eq!(method.standing, expected, "{with_customer} {usage:?}");
        assert_eq!(world.all::<Agreement>().len(), agreements);
    }
}

#[test]
fn a_decline_is_kept_and_the_next_success_clears_it() {
    let mut world = World::new();
    world.network = |_| declined("51");
    let (code, intent) = failed(&make(&mut world, paying(new())));
    assert_eq!(code, "card_declined/insufficient_funds");
    assert_eq!(intent.payment_method(), None);
    let charge = world.all::<Charge>().pop().unwrap();
    assert_eq!(intent.latest_charge, Some(charge.id));
    assert!(!charge.is_paid());
    world.network = |_| approved();
    confirm(&mut world, Confirm { method: good(), ..Confirm::default() }).unwrap();
    assert_eq!(newest(&world).last_payment_error, None);
    assert_eq!(newest(&world).status(), Status::Succeeded);
}

#[test]
fn silence_is_reversed_and_told_as_an_error() {
    let mut world = World::new();
    world.network = |_| Reply::Silence;
    let create = paying(new());
    let (code, intent) = failed(&make(&mut world, create));
    assert_eq!(code, "processing_error/processing_error");
    let attempt = world.all::<Attempt>().pop().unwrap();
    assert_eq!((attempt.state, attempt.charge), (AttemptState::Reversing, intent.latest_charge));
}

/// An attempt of the newest intent that is on the wire.
fn on_the_wire(world: &mut World) -> Attempt {
    let intent = newest(world);
    let method = world.method().id;
    Attempt {
        id: crate::id::AttemptId::new(900_000, [b'a'; 16]),
        created: world.now,
        subject: crate::attempt::Subject::Payment(intent.id),
        payment_method: intent.payment_method().unwrap_or(method),
        amount: Some(intent.amount),
        state: AttemptState::Sent,
        trace: Vec::new(),
        warnings: Vec::new(),
        charge: Some(crate::id::ChargeId::new(900_001, [b'a'; 16])),
    }
}

/// Another attempt's end, the intent's own by a second process, or a bug: whatever it was that
/// took the mark away, a payment that doesn't wait for this attempt is nothing it may change.
#[test]
fn a_lost_attempt_changes_no_intent_that_waits_for_another() {
    let other = Some(crate::id::AttemptId::new(900_002, [b'b'; 16]));
    for status in STATUSES {
        for inflight in [None, other] {
            let mut world = standing_at(status);
            let attempt = on_the_wire(&mut world);
            let before = PaymentIntent { inflight, ..newest(&world) };
            world.set(before.clone());
            world.set(attempt.clone());
            let charges = world.all::<Charge>();
            world.told();
            let answer = world.pass(|case| {
                let answer = lost::finish(case, attempt.id.seq)?;
                Ok(answer.expect("it was still on the wire"))
            });
            assert_eq!(shown::<PaymentIntent>(&answer), before);
            assert_eq!(newest(&world), before, "{status:?}");
            assert_eq!(world.all::<Charge>(), charges, "{status:?}");
            assert_eq!(world.told(), [""; 0]);
            assert_eq!(world.get::<Attempt>(attempt.id).state, AttemptState::Reversing);
        }
    }
}

#[test]
fn what_was_not_sent_makes_no_charge_and_owes_nothing() {
    let mut world = World::new();
    world.network = |_| Reply::NotSent;
    let (code, intent) = failed(&make(&mut world, paying(new())));
    assert_eq!(code, "processing_error/processing_error");
    assert_eq!(intent.latest_charge, None);
    assert!(world.all::<Charge>().is_empty());
    let attempt = world.all::<Attempt>().pop().unwrap();
    assert_eq!((attempt.state, attempt.charge), (AttemptState::Done, None));
    assert_eq!(world.told(), ["payment_intent.created", "payment_intent.payment_failed"]);
    // Nobody saw the card: it may pay after all.
    assert_eq!(world.all::<PaymentMethod>().pop().unwrap().standing, Standing::Fresh);
}

#[test]
fn an_attempt_that_was_lost_ends_as_silence_does() {
    let mut world = World::new();
    make(&mut world, Create { method: good(), ..new() });
    let mut intent = newest(&world);
    let attempt = on_the_wire(&mut world);
    intent.inflight = Some(attempt.id);
    world.set(intent);
    world.set(attempt.clone());
    let locked = confirm(&mut world, Confirm::default()).unwrap_err();
    assert_eq!(locked.why, Why::Locked);
    let answer = world.pass(|case| {
        let answer = lost::finish(case, attempt.id.seq)?;
        Ok(answer.expect("it was still on the wire"))
    });
    let (code, intent) = failed(&answer);
    assert_eq!(code, "processing_error/processing_error");
    assert_eq!((intent.inflight, intent.latest_charge), (None, attempt.charge));
    let attempt = world.get::<Attempt>(attempt.id);
    assert_eq!(attempt.state, AttemptState::Reversing);
}

#[test]
fn an_off_session_charge_saves_nothing() {
    let mut world = World::new();
    let presence = Presence::OffSession(OffSession::OneOff);
    let confirm = Some(Confirm { presence, ..Confirm::default() });
    let setup_future_usage = Some(Usage::OnSession);
    let create = Create { method: good(), confirm, setup_future_usage, ..new() };
    let refused = world.run(|case| create.clone().decide(case)).unwrap_err();
    assert_eq!(refused.why, Why::Payment(PaymentRefused::OffSessionWithSetup));
    assert!(world.all::<PaymentIntent>().is_empty(), "a refusal writes nothing");
}

#[test]
fn a_stored_usage_and_a_set_up_exclude_each_other() {
    let card_options = CardOptions {
        stored_credential_usage: Some(CredentialUsage::Recurring),
        ..CardOptions::default()
    };
    let mut world = World::new();
    let both = Create {
        setup_future_usage: Some(Usage::OffSession),
        card_options: card_options.clone(),
        ..new()
    };
    let refused = world.run(|case| both.clone().decide(case)).unwrap_err();
    assert_eq!(refused.why, Why::Payment(PaymentRefused::StoredUsageWithoutOffSession));
    make(&mut world, Create { card_options, ..new() });
    let id = Ref::new(newest(&world).id.to_string());
    let update = Update { setup_future_usage: Patch::Set(Usage::OffSession), ..Update::default() };
    let refused = world.run(|case| update.clone().decide(case, &id, Caller::Secret)).unwrap_err();
    assert_eq!(refused.why, Why::Payment(PaymentRefused::StoredUsageWithoutOffSession));
    let notes = Update { description: Patch::Set("notes".to_owned()), ..Update::default() };
    world.pass(|case| notes.clone().decide(case, &id, Caller::Secret));
}

#[test]
fn a_payment_too_risky_is_blocked() {
    let mut world = World::new();
    let method = with(|facts| facts.radar_block = true);
    let (code, _) = failed(&make(&mut world, paying(Create { method, ..new() })));
    assert_eq!(code, "card_declined/fraudulent");
    assert!(world.asked.is_empty());
    let charge = world.all::<Charge>().pop().unwrap();
    let ChargeResult::Failed { decline, by } = charge.result else { panic!() };
    assert_eq!(by, crate::charge::FailedBy::Blocked);
    assert_eq!(decline.reason.as_deref(), Some("highest_risk_level"));
}
