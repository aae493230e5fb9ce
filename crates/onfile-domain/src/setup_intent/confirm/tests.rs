use super::*;
use crate::agreement::{AgreementState, Level, Usage};
use crate::attempt::{AuthenticationState, challenge as page};
use crate::card::ThreeDs;
use crate::contact::Metadata;
use crate::failure::Cause;
use crate::network::{AuthenticationReply, ChallengeAnswer, Question, Reply, TransStatus};
use crate::payment_intent::{CardOptions, MethodTypes};
use crate::payment_method::Standing;
use crate::rehearsal::{World, approved, card, declined};
use crate::setup_intent::create::Create;
use crate::setup_intent::{SetupAttempt, SetupAttemptStatus};

fn new(world: &mut World, with_customer: bool, three_ds: ThreeDs) -> Create {
    let customer = world.customer();
    let mut method = card();
    method.facts.three_ds = three_ds;
    Create {
        customer: with_customer.then(|| Ref::new(customer.to_string())),
        method: Some(MethodChoice::New(Box::new(method))),
        usage: Usage::OffSession,
        methods: MethodTypes::Listed,
        card_options: CardOptions::default(),
        mandate_currency: None,
        attach_to_self: None,
        flow_directions: None,
        description: None,
        metadata: Metadata::new(),
        confirm: Some(Confirm::default()),
    }
}

fn authentication(status: TransStatus) -> Reply {
    let value = "AQIAAAAAAAAAAAAAAAAAAAAAAAA=".to_owned();
    Reply::Authentication(AuthenticationReply {
        status,
        ds_trans_id: "00000000-0000-4000-8000-000000000000".to_owned(),
        authentication_value: (status == TransStatus::Authenticated).then_some(value),
        rules: Vec::new(),
    })
}

fn challenging(question: &Question) -> Reply {
    match question {
        Question::Authenticate(_) => authentication(TransStatus::ChallengeNeeded),
        Question::Challenge(it) if it.answer == ChallengeAnswer::Completed => {
            authentication(TransStatus::Authenticated)
        }
        Question::Challenge(_) => authentication(TransStatus::Denied),
        Question::Authorize(_) => approved(),
    }
}

fn statuses(world: &World) -> Vec<SetupAttemptStatus> {
    world.all::<SetupAttempt>().iter().map(|attempt| attempt.status).collect()
}

fn newest(world: &World) -> SetupIntent {
    world.all::<SetupIntent>().pop().expect("one was made")
}

fn answer(world: &mut World, given: ChallengeAnswer) -> Answer {
    let open = world.all::<Authentication>().pop().expect("the customer was asked");
    assert_eq!(open.state, AuthenticationState::Open);
    let id = Ref::new(open.id.to_string());
    world.pass(|case| page::answer(case, &id, &open.secret, given))
}

#[test]
fn an_approved_check_saves_the_card() {
    for (with_customer, events, state) in [
        (
            true,
            vec!["setup_intent.created", "payment_method.attached", "setup_intent.succeeded"],
            AgreementState::Active,
        ),
        (false, vec!["setup_intent.created", "setup_intent.succeeded"], AgreementState::Dormant),
    ] {
        let mut world = World::new();
        let create = new(&mut world, with_customer, ThreeDs::NotEnrolled);
        world.pass(|case| create.clone().decide(case));
        assert_eq!(world.told(), events);
        let method = world.all::<PaymentMethod>().pop().unwrap();
        assert_eq!(method.customer().is_some(), with_customer);
        assert_eq!(method.standing == Standing::SetUp, !with_customer);
        let agreement = world.all::<Agreement>().pop().unwrap();
        assert_eq!((agreement.level, agreement.state), (Level::OffSession, state));
        assert_eq!(statuses(&world), [SetupAttemptStatus::Succeeded]);
        assert_eq!(newest(&world).latest_attempt, Some(world.all::<SetupAttempt>()[0].id));
    }
}

#[test]
fn a_declined_check_saves_nothing() {
    let mut world = World::new();
    let create = new(&mut world, true, ThreeDs::NotEnrolled);
    world.network = |_| declined("51");
    let told = world.pass(|case| create.clone().decide(case));
    assert!(matches!(told, Answer::Failed { .. }));
    assert_eq!(world.told(), ["setup_intent.created", "setup_intent.setup_failed"]);
    assert_eq!(newest(&world).payment_method(), None);
    assert!(newest(&world).last_setup_error.is_some());
    assert!(world.all::<Agreement>().is_empty());
    assert_eq!(statuses(&world), [SetupAttemptStatus::Failed]);
}

#[test]
fn a_challenge_makes_the_strongest_agreement_or_none() {
    for (given, status, level) in [
        (ChallengeAnswer::Completed, SetupAttemptStatus::Succeeded, Some(Level::Challenged)),
        (ChallengeAnswer::Failed, SetupAttemptStatus::Failed, None),
        (ChallengeAnswer::TimedOut, SetupAttemptStatus::Failed, None),
    ] {
        let mut world = World::new();
        let create = new(&mut world, true, ThreeDs::Required);
        world.network = challenging;
        world.pass(|case| create.clone().decide(case));
        assert_eq!(world.told(), ["setup_intent.created", "setup_intent.requires_action"]);
        assert_eq!(statuses(&world), [SetupAttemptStatus::RequiresAction]);
        answer(&mut world, given);
        assert_eq!(statuses(&world), [status]);
        let agreements = world.all::<Agreement>();
        assert_eq!(agreements.first().map(|agreement| agreement.level), level);
        if level.is_none() {
            let error = newest(&world).last_setup_error.expect("it failed");
            assert_eq!(error.cause, Cause::SetupAuthenticationFailed);
            assert_eq!(world.told(), ["setup_intent.setup_failed"]);
        }
    }
}

#[test]
fn a_new_confirm_abandons_the_attempt_that_waited() {
    let mut world = World::new();
    let create = new(&mut world, true, ThreeDs::Required);
    world.network = challenging;
    world.pass(|case| create.clone().decide(case));
    let id = Ref::new(newest(&world).id.to_string());
    world.pass(|case| Confirm::default().decide(case, &id, Caller::Secret));
    let expected = [SetupAttemptStatus::Abandoned, SetupAttemptStatus::RequiresAction];
    assert_eq!(statuses(&world), expected);
    answer(&mut world, ChallengeAnswer::Completed);
    let expected = [SetupAttemptStatus::Abandoned, SetupAttemptStatus::Succeeded];
    assert_eq!(statuses(&world), expected);
    let again = world.run(|case| Confirm::default().decide(case, &id, Caller::Secret));
    let refused = again.unwrap_err();
    assert_eq!(refused.why, Why::Setup(SetupRefused::ConfirmSucceeded));
    assert_eq!(refused.about, Some(newest(&world).into()));
}

#[test]
fn a_missing_method_is_told_before_the_status() {
    let mut world = World::new();
    let mut create = new(&mut world, true, ThreeDs::NotEnrolled);
    (create.method, create.confirm) = (None, None);
    world.pass(|case| create.clone().decide(case));
    let mut intent = newest(&world);
    let id = Ref::new(intent.id.to_string());
    intent.state = SetupState::Canceled { reason: None, method: None };
    world.set(intent);
    let refused = world.run(|case| Confirm::default().decide(case, &id, Caller::Secret));
    assert_eq!(refused.unwrap_err().why, Why::Setup(SetupRefused::MethodMissing));
}

/// What was lost changes only the set-up that waits for it, and owes nothing: it holds no money.
#[test]
fn a_lost_attempt_fails_the_set_up_that_waits_for_it() {
    for waits in [false, true] {
        let mut world = World::new();
        let create = new(&mut world, true, ThreeDs::NotEnrolled);
        world.pass(|case| create.clone().decide(case));
        let done = newest(&world);
        let attempt = Attempt {
            id: crate::id::AttemptId::new(900_000, [b'a'; 16]),
            created: world.now,
            subject: Subject::Setup(done.id),
            payment_method: done.payment_method().unwrap(),
            amount: Some(Money::new(0, crate::money::Currency::USD)),
            state: attempt::AttemptState::Sent,
            trace: Vec::new(),
            warnings: Vec::new(),
            charge: None,
        };
        let inflight = waits.then_some(attempt.id);
        let state = match waits {
            true => SetupState::RequiresPaymentMethod,
            false => done.state.clone(),
        };
        let before = SetupIntent { inflight, state, ..done };
        world.set(before.clone());
        world.set(attempt.clone());
        world.pass(|case| Ok(attempt::lost::finish(case, attempt.id.seq)?.expect("it was sent")));
        assert_eq!(newest(&world) == before, !waits);
        assert_eq!(newest(&world).inflight, None);
        assert_eq!(newest(&world).last_setup_error.is_some(), waits);
        assert_eq!(world.get::<Attempt>(attempt.id).state, attempt::AttemptState::Done);
    }
}

/// The check of an attach that nobody answered is told as what it is.
#[test]
fn a_lost_check_of_an_attach_is_told_as_silence() {
    let mut world = World::new();
    let method = world.method();
    let attempt = Attempt {
        id: crate::id::AttemptId::new(900_000, [b'a'; 16]),
        created: world.now,
        subject: Subject::Method(method.id),
        payment_method: method.id,
        amount: Some(Money::new(0, crate::money::Currency::USD)),
        state: attempt::AttemptState::Sent,
        trace: Vec::new(),
        warnings: Vec::new(),
        charge: None,
    };
    world.set(attempt.clone());
    let told =
        world.pass(|case| Ok(attempt::lost::finish(case, attempt.id.seq)?.expect("it was sent")));
    let Answer::Failed { failure, about: None } = told else { panic!("{told:?}") };
    let Cause::Declined(decline) = failure.cause else { panic!("{:?}", failure.cause) };
    assert_eq!(decline.code, "processing_error");
    assert_eq!(world.get::<Attempt>(attempt.id).state, attempt::AttemptState::Done);
    assert_eq!(world.get::<PaymentMethod>(method.id), method);
}
