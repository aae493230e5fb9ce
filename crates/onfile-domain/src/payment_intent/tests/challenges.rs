use super::*;

/// An intent that waits for its customer.
fn asked(create: Create) -> World {
    let mut world = World::new();
    world.network = challenging;
    make(&mut world, Create { method: guarded(), confirm: Some(Confirm::default()), ..create });
    assert_eq!(world.told(), ["payment_intent.created", "payment_intent.requires_action"]);
    world
}

#[test]
fn a_passed_challenge_goes_on_by_itself() {
    let mut world = asked(new());
    let timer = world.timers.pop().unwrap();
    assert_eq!(timer.kind, TimerKind::ExpireChallenge);
    assert_eq!(timer.due_at, world.now.plus(600));
    answer(&mut world, ChallengeAnswer::Completed);
    assert_eq!(newest(&world).status(), Status::Succeeded);
    assert_eq!(world.told(), ["charge.succeeded", "payment_intent.succeeded"]);
    let attempt = world.all::<Attempt>().pop().unwrap();
    assert_eq!(attempt.trace.join(" "), "I9 Z8 N16 A13 A14 F3 S23");
    let charge = world.all::<Charge>().pop().unwrap();
    assert_eq!(charge.card.eci.as_deref(), Some("05"));
    // Answered again, and too late: it shows how the payment stands.
    let again = answer(&mut world, ChallengeAnswer::Failed);
    assert_eq!(shown::<PaymentIntent>(&again).status(), Status::Succeeded);
    assert_eq!(world.told(), [""; 0]);
}

#[test]
fn a_failed_challenge_and_one_that_time_ended_fail_the_payment() {
    for by_clock in [false, true] {
        let mut world = asked(new());
        if by_clock {
            let id = world.all::<Authentication>().pop().unwrap().id;
            let expire = |case: &mut Case<'_>| {
                challenge::expire(case, id.seq)?;
                Ok(Answer::shown(newest_of(case, id)?))
            };
            world.now = world.now.plus(599);
            world.pass(expire);
            assert_eq!(newest(&world).status(), Status::RequiresAction, "too early");
            world.now = world.now.plus(1);
            world.pass(expire);
        } else {
            let (code, _) = failed(&answer(&mut world, ChallengeAnswer::Failed));
            assert_eq!(code, "payment_intent_authentication_failure");
        }
        let intent = newest(&world);
        assert_eq!(intent.status(), Status::RequiresPaymentMethod);
        assert_eq!(intent.latest_charge, None);
        let error = intent.last_payment_error.unwrap();
        assert_eq!(error.cause, Cause::PaymentAuthenticationFailed);
        assert_eq!(world.told(), ["payment_intent.payment_failed"]);
        let attempt = world.all::<Attempt>().pop().unwrap();
        assert_eq!(attempt.trace.join(" "), "I9 Z8 N16 A13 A14 F4");
    }
}

/// The intent that an authentication is about.
fn newest_of(case: &Case<'_>, id: crate::id::AuthenticationId) -> Result<PaymentIntent, Halt> {
    match case.get::<Authentication>(id)?.subject {
        crate::attempt::Subject::Payment(id) => case.get(id),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_wrong_secret_is_no_challenge() {
    let mut world = asked(new());
    let id = Ref::new(world.all::<Authentication>().pop().unwrap().id.to_string());
    let given = ChallengeAnswer::Completed;
    let answer = world.run(|case| challenge::answer(case, &id, "wrong", given));
    assert_eq!(answer.unwrap_err().why, Why::ChallengeMissing);
    let nowhere = Ref::new("payatt_nowhere");
    let answer = world.run(|case| challenge::answer(case, &nowhere, "wrong", given));
    assert_eq!(answer.unwrap_err().why, Why::ChallengeMissing);
}

#[test]
fn manual_confirmation_waits_for_the_second_confirm() {
    let manual = Create { confirmation_method: ConfirmationMethod::Manual, ..new() };
    for (amount, trace) in [
        (None, "I9 Z8 N16 A13 A14 F3 S23"),
        // Another amount was not authenticated: the customer is asked again.
        (Some(3_000), "I9 Z8 N16 A13"),
    ] {
        let mut world = asked(manual.clone());
        answer(&mut world, ChallengeAnswer::Completed);
        assert_eq!(newest(&world).status(), Status::RequiresConfirmation);
        assert!(world.all::<Charge>().is_empty());
        if let Some(amount) = amount {
            let id = Ref::new(newest(&world).id.to_string());
            let update = Update { amount: Some(amount), ..Update::default() };
            world.pass(|case| update.clone().decide(case, &id, Caller::Secret));
        }
        confirm(&mut world, Confirm::default()).unwrap();
        let attempt = world.all::<Attempt>().pop().unwrap();
        assert_eq!(attempt.trace.join(" "), trace);
        let by_browser =
            Confirm { client_secret: Some(newest(&world).client_secret()), ..Confirm::default() };
        let id = Ref::new(newest(&world).id.to_string());
        let answer = world.run(|case| by_browser.clone().decide(case, &id, Caller::Publishable));
        assert_eq!(answer.unwrap_err().why, Why::Payment(PaymentRefused::ConfirmNeedsSecretKey));
    }
}

#[test]
fn a_new_confirm_closes_the_old_question() {
    let mut world = asked(new());
    confirm(&mut world, Confirm::default()).unwrap();
    let questions = world.all::<Authentication>();
    let states: Vec<_> = questions.iter().map(|question| question.state).collect();
    assert_eq!(states, [AuthenticationState::Closed, AuthenticationState::Open]);
}

#[test]
fn error_on_requires_action_asks_nobody() {
    let mut world = World::new();
    world.network = challenging;
    let confirm = Confirm { error_on_requires_action: true, ..Confirm::default() };
    let answer = make(&mut world, Create { method: guarded(), confirm: Some(confirm), ..new() });
    let (code, intent) = failed(&answer);
    assert_eq!(code, "authentication_required/authentication_not_handled");
    assert_eq!(intent.latest_charge, None);
    assert!(world.all::<Authentication>().is_empty());
}
