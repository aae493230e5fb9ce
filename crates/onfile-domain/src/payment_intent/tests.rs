//! The life of a payment intent: what each status takes, and what is written and told on the way.

use super::*;
use crate::attempt::{Attempt, AttemptState, Authentication, AuthenticationState, challenge, lost};
use crate::balance_transaction::BalanceTransaction;
use crate::card::{CardFacts, ThreeDs};
use crate::case::{Case, Halt, TimerKind};
use crate::charge::{Charge, ChargeResult};
use crate::command::{Answer, Caller, MetadataPatch, MethodChoice, Patch, Ref};
use crate::decline::Decline;
use crate::failure::Cause;
use crate::money::Currency;
use crate::network::{AuthenticationReply, ChallengeAnswer, Question, Reply, TransStatus};
use crate::object::Object;
use crate::payment_intent::cancel::Cancel;
use crate::payment_intent::capture::Capture;
use crate::payment_intent::confirm::{Confirm, OffSession, Presence};
use crate::payment_intent::create::Create;
use crate::payment_intent::update::Update;
use crate::payment_method::{PaymentMethod, Standing};
use crate::refusal::{HoldRefused, PaymentRefused, Refusal, Why};
use crate::rehearsal::{World, approved, card, declined, payment, shown};

mod challenges;
mod holds;
mod outcomes;

fn new() -> Create {
    payment(2_000)
}

fn with(facts: impl FnOnce(&mut CardFacts)) -> Option<MethodChoice> {
    let mut new = card();
    facts(&mut new.facts);
    Some(MethodChoice::New(Box::new(new)))
}

fn good() -> Option<MethodChoice> {
    with(|_| {})
}

/// A card that its bank must authenticate.
fn guarded() -> Option<MethodChoice> {
    with(|facts| facts.three_ds = ThreeDs::Required)
}

fn authentication(status: TransStatus, rule: &str) -> Reply {
    let value = "AQIAAAAAAAAAAAAAAAAAAAAAAAA=".to_owned();
    Reply::Authentication(AuthenticationReply {
        status,
        ds_trans_id: "00000000-0000-4000-8000-000000000000".to_owned(),
        authentication_value: (status == TransStatus::Authenticated).then_some(value),
        rules: vec![rule.to_owned()],
    })
}

/// Challenges everybody, believes who completes it, and pays.
fn challenging(question: &Question) -> Reply {
    match question {
        Question::Authenticate(_) => authentication(TransStatus::ChallengeNeeded, "A13"),
        Question::Challenge(it) if it.answer == ChallengeAnswer::Completed => {
            authentication(TransStatus::Authenticated, "A14")
        }
        Question::Challenge(_) => authentication(TransStatus::Denied, "A14"),
        Question::Authorize(_) => approved(),
    }
}

fn make(world: &mut World, create: Create) -> Answer {
    world.pass(|case| create.clone().decide(case))
}

fn newest(world: &World) -> PaymentIntent {
    world.all::<PaymentIntent>().pop().expect("one was made")
}

fn confirm(world: &mut World, confirm: Confirm) -> Result<Answer, Box<Refusal>> {
    let id = Ref::new(newest(world).id.to_string());
    world.run(|case| confirm.clone().decide(case, &id, Caller::Secret))
}

fn answer(world: &mut World, given: ChallengeAnswer) -> Answer {
    let open = world.all::<Authentication>().pop().expect("the customer was asked");
    let id = Ref::new(open.id.to_string());
    world.pass(|case| challenge::answer(case, &id, &open.secret, given))
}

/// The decline of a 402, and the intent in it.
fn failed(answer: &Answer) -> (String, PaymentIntent) {
    let Answer::Failed { failure, about: Some(Object::PaymentIntent(intent)) } = answer else {
        panic!("not a failed payment: {answer:?}");
    };
    let code = match &failure.cause {
        Cause::Declined(Decline { code, decline_code: Some(reason), .. }) => {
            format!("{code}/{reason}")
        }
        Cause::Declined(decline) => decline.code.clone(),
        Cause::PaymentAuthenticationFailed => "payment_intent_authentication_failure".to_owned(),
        Cause::SetupAuthenticationFailed => "setup_intent_authentication_failure".to_owned(),
    };
    assert_eq!(intent.last_payment_error.as_ref(), Some(failure));
    (code, (**intent).clone())
}

/// A world whose newest intent has this status.
fn standing_at(status: Status) -> World {
    let mut world = World::new();
    let paid = |capture_method| Create {
        method: good(),
        capture_method,
        confirm: Some(Confirm::default()),
        ..new()
    };
    match status {
        Status::RequiresPaymentMethod => make(&mut world, new()),
        Status::RequiresConfirmation => make(&mut world, Create { method: good(), ..new() }),
        Status::RequiresAction => {
            world.network = challenging;
            let confirm = Some(Confirm::default());
            make(&mut world, Create { method: guarded(), confirm, ..new() })
        }
        Status::RequiresCapture => make(&mut world, paid(CaptureMethod::Manual)),
        Status::Succeeded => make(&mut world, paid(CaptureMethod::Automatic)),
        Status::Canceled => {
            make(&mut world, new());
            let id = Ref::new(newest(&world).id.to_string());
            world.pass(|case| Cancel::default().decide(case, &id))
        }
    };
    assert_eq!(newest(&world).status(), status);
    world
}

/// The status that a command leads to, or why not.
fn check(
    status: Status,
    command: impl Fn(&mut Case<'_>, &Ref<PaymentIntentId>) -> Result<Answer, Halt>,
) -> Result<Status, Why> {
    let mut world = standing_at(status);
    let before = newest(&world);
    let id = Ref::new(before.id.to_string());
    match world.run(|case| command(case, &id)) {
        Ok(_) => Ok(newest(&world).status()),
        Err(refusal) => {
            assert_eq!(newest(&world), before, "a refusal changes nothing");
            assert_eq!(refusal.about, Some(before.into()), "and carries the intent");
            Err(refusal.why)
        }
    }
}

const STATUSES: [Status; 6] = [
    Status::RequiresPaymentMethod,
    Status::RequiresConfirmation,
    Status::RequiresAction,
    Status::RequiresCapture,
    Status::Succeeded,
    Status::Canceled,
];

#[test]
fn confirm_in_each_status() {
    use Status::*;
    let missing = Err(Why::Payment(PaymentRefused::MethodMissing { customer: None }));
    for (status, expected) in STATUSES.into_iter().zip([
        missing,
        Ok(Succeeded),
        Ok(RequiresAction),
        Err(Why::Payment(PaymentRefused::ConfirmStatus(RequiresCapture))),
        Err(Why::Payment(PaymentRefused::ConfirmSucceeded)),
        Err(Why::Payment(PaymentRefused::ConfirmStatus(Canceled))),
    ]) {
        let told = check(status, |case, id| Confirm::default().decide(case, id, Caller::Secret));
        assert_eq!(told, expected, "{status:?}");
    }
}

#[test]
fn confirm_with_a_method_in_each_status() {
    use Status::*;
    for (status, expected) in STATUSES.into_iter().zip([
        Ok(Succeeded),
        Ok(Succeeded),
        Ok(Succeeded),
        Err(Why::Payment(PaymentRefused::ConfirmMethodStatus(RequiresCapture))),
        Err(Why::Payment(PaymentRefused::ConfirmSucceeded)),
        Err(Why::Payment(PaymentRefused::ConfirmMethodStatus(Canceled))),
    ]) {
        let told = check(status, |case, id| {
            let confirm = Confirm { method: good(), ..Confirm::default() };
            confirm.decide(case, id, Caller::Secret)
        });
        assert_eq!(told, expected, "{status:?}");
    }
}

#[test]
fn capture_in_each_status() {
    use Status::*;
    for (status, expected) in STATUSES.into_iter().zip([
        Err(Why::Hold(HoldRefused::CaptureStatus(RequiresPaymentMethod))),
        Err(Why::Hold(HoldRefused::CaptureStatus(RequiresConfirmation))),
        Err(Why::Hold(HoldRefused::CaptureStatus(RequiresAction))),
        Ok(Succeeded),
        Err(Why::Hold(HoldRefused::CaptureSucceeded)),
        Err(Why::Hold(HoldRefused::CaptureStatus(Canceled))),
    ]) {
        let told = check(status, |case, id| Capture::default().decide(case, id));
        assert_eq!(told, expected, "{status:?}");
    }
}

#[test]
fn cancel_in_each_status() {
    use Status::*;
    for (status, expected) in STATUSES.into_iter().zip([
        Ok(Canceled),
        Ok(Canceled),
        Ok(Canceled),
        Ok(Canceled),
        Err(Why::Payment(PaymentRefused::CancelStatus(Succeeded))),
        Err(Why::Payment(PaymentRefused::CancelStatus(Canceled))),
    ]) {
        let told = check(status, |case, id| Cancel::default().decide(case, id));
        assert_eq!(told, expected, "{status:?}");
    }
}

#[test]
fn update_in_each_status() {
    use Status::*;
    for (status, expected) in STATUSES.into_iter().zip([
        Ok(RequiresPaymentMethod),
        Ok(RequiresConfirmation),
        Ok(RequiresConfirmation),
        Err(Why::Payment(PaymentRefused::UpdateStatus {
            field: "amount",
            status: RequiresCapture,
        })),
        Err(Why::Payment(PaymentRefused::UpdateStatus { field: "amount", status: Succeeded })),
        Err(Why::Payment(PaymentRefused::UpdateStatus { field: "amount", status: Canceled })),
    ]) {
        let told = check(status, |case, id| {
            let update = Update { amount: Some(3_000), ..Update::default() };
            update.decide(case, id, Caller::Secret)
        });
        assert_eq!(told, expected, "{status:?}");
        let notes = check(status, |case, id| {
            let pairs = vec![("key".to_owned(), "value".to_owned())];
            let metadata = MetadataPatch(Patch::Set(pairs));
            Update { metadata, ..Update::default() }.decide(case, id, Caller::Secret)
        });
        assert_eq!(notes, Ok(status), "{status:?}");
    }
}
