//! The life of a setup intent but for its confirm: create, update, cancel.

use super::*;
use crate::agreement::Usage;
use crate::attempt::Subject;
use crate::card::Brand;
use crate::command::Caller;
use crate::contact::Metadata;
use crate::country::Country;
use crate::gateway::Pending;
use crate::id::{AttemptId, AuthenticationId, PaymentMethodId, SetupAttemptId};
use crate::money::{Currency, Money};
use crate::network::{AuthenticationPurpose, AuthenticationRequest, ChallengeIndicator};
use crate::payment_intent::CardOptions;
use crate::payment_method::Standing;
use crate::refusal::MethodRefused;
use crate::rehearsal::{World, card, shown};
use crate::setup_intent::cancel::Cancel;
use crate::setup_intent::confirm::Confirm;
use crate::setup_intent::create::Create;
use crate::setup_intent::{
    SetupAttempt, SetupAttemptStatus, SetupCancelReason, SetupState as State,
};

const TAIL: &[u8; 16] = b"abcdefghijklmnop";

fn new() -> Create {
    Create {
        customer: None,
        method: None,
        usage: Usage::OffSession,
        methods: MethodTypes::Listed,
        card_options: CardOptions::default(),
        mandate_currency: None,
        attach_to_self: None,
        flow_directions: None,
        description: None,
        metadata: Metadata::new(),
        confirm: None,
    }
}

fn create(world: &mut World, create: Create) -> Result<SetupIntent, Why> {
    let answer = world.run(|case| create.clone().decide(case));
    answer.map(|answer| shown(&answer)).map_err(|refusal| refusal.why)
}

fn update(world: &mut World, id: SetupIntentId, update: Update) -> Result<SetupIntent, Why> {
    let id = Ref::new(id.to_string());
    let answer = world.run(|case| update.clone().decide(case, &id));
    answer.map(|answer| shown(&answer)).map_err(|refusal| {
        let carried = refusal.about.expect("an update's refusal carries the intent");
        assert_eq!(carried.id_text(), id.text);
        refusal.why
    })
}

fn cancel(world: &mut World, id: SetupIntentId) -> Result<SetupIntent, Why> {
    let id = Ref::new(id.to_string());
    let cancel = Cancel { reason: Some(SetupCancelReason::Abandoned) };
    let answer = world.run(|case| cancel.clone().decide(case, &id));
    answer.map(|answer| shown(&answer)).map_err(|refusal| {
        let carried = refusal.about.as_ref().map(|object| object.id_text());
        assert!(refusal.why == Why::Locked || carried == Some(id.text.clone()));
        refusal.why
    })
}

fn known(id: PaymentMethodId) -> MethodChoice {
    MethodChoice::Known(Ref::new(id.to_string()))
}

/// An intent in each state, with a method of nobody's; the challenge's rows where it has one.
fn standing(world: &mut World, status: &str) -> SetupIntent {
    let method = world.method().id;
    let mut intent = create(world, new()).unwrap();
    intent.state = match status {
        "requires_payment_method" => State::RequiresPaymentMethod,
        "requires_confirmation" => State::RequiresConfirmation { method },
        "requires_action" => challenged(world, &mut intent, method),
        "succeeded" => State::Succeeded { method },
        "canceled" => State::Canceled { reason: None, method: Some(method) },
        other => panic!("no such status: {other}"),
    };
    world.set(intent.clone());
    world.told();
    intent
}

fn challenged(world: &mut World, intent: &mut SetupIntent, method: PaymentMethodId) -> State {
    let attempt = SetupAttempt {
        other_network: None,
        id: SetupAttemptId::new(600_000, *TAIL),
        created: world.now,
        setup_intent: intent.id,
        customer: None,
        payment_method: method,
        card: world.method().card,
        status: SetupAttemptStatus::RequiresAction,
        error: None,
        three_d_secure: None,
        moto: false,
        usage: intent.usage,
        attach_to_self: None,
        flow_directions: None,
    };
    let request = AuthenticationRequest {
        method,
        network: Brand::Visa,
        amount: Money::new(0, Currency::USD),
        indicator: ChallengeIndicator::Mandated,
        purpose: AuthenticationPurpose::AddCard,
        merchant: world.account.id.clone(),
        acquirer_country: Country::US,
    };
    let pending = Pending {
        request,
        ds_trans_id: "ds".to_owned(),
        after_soft_decline: false,
        trace: Vec::new(),
        passed: None,
    };
    let question = Authentication {
        id: AuthenticationId::new(600_001, *TAIL),
        created: world.now,
        subject: Subject::Setup(intent.id),
        payment_method: method,
        setup_attempt: Some(attempt.id),
        pending,
        return_url: None,
        secret: "secret".to_owned(),
        state: AuthenticationState::Open,
    };
    intent.latest_attempt = Some(attempt.id);
    let action =
        NextAction { authentication: question.id, secret: "secret".to_owned(), return_url: None };
    world.set(attempt);
    world.set(question);
    State::RequiresAction { method, action }
}

#[test]
fn created_with_and_without_a_method() {
    let mut world = World::new();
    let bare = create(&mut world, new()).unwrap();
    assert_eq!((bare.state.status(), bare.usage), ("requires_payment_method", Usage::OffSession));
    assert_eq!(bare.secret.len(), 31);
    let method = Some(MethodChoice::New(Box::new(card())));
    let usage = Usage::OnSession;
    let with = create(&mut world, Create { method, usage, ..new() }).unwrap();
    assert_eq!((with.state.status(), with.usage), ("requires_confirmation", Usage::OnSession));
    assert_eq!(world.told(), ["setup_intent.created", "setup_intent.created"]);
    assert!(world.asked.is_empty());
}

#[test]
fn created_and_confirmed_in_one_call() {
    let mut world = World::new();
    let customer = Some(Ref::new(world.customer().to_string()));
    let method = Some(MethodChoice::New(Box::new(card())));
    let confirm = Some(Confirm::default());
    let done = create(&mut world, Create { customer, method, confirm, ..new() }).unwrap();
    assert_eq!(done.state.status(), "succeeded");
    let expected = ["setup_intent.created", "payment_method.attached", "setup_intent.succeeded"];
    assert_eq!(world.told(), expected);
}

#[test]
fn a_method_and_a_customer_must_belong_together() {
    let mut world = World::new();
    let (owner, other) = (world.customer(), world.customer());
    let method = PaymentMethod { standing: Standing::Attached(owner), ..world.method() };
    let dead = PaymentMethod { standing: Standing::Detached, ..world.method() };
    world.set(method.clone());
    world.set(dead.clone());
    let reference = |id: CustomerId| Some(Ref::new(id.to_string()));
    let (of_owner, id) = (known(method.id), method.id);
    for (customer, choice, why) in [
        (
            None,
            &of_owner,
            Why::Method(MethodRefused::SetupNeedsCustomer { method: id, customer: owner }),
        ),
        (
            reference(other),
            &of_owner,
            Why::Method(MethodRefused::OfOtherCustomer { method: id, customer: other }),
        ),
        (reference(owner), &known(dead.id), Why::Method(MethodRefused::Consumed)),
    ] {
        let call = Create { customer: customer.clone(), method: Some(choice.clone()), ..new() };
        assert_eq!(create(&mut world, call), Err(why.clone()));
        let bare = create(&mut world, Create { customer, ..new() }).unwrap();
        let change = Update { method: Patch::Set(choice.clone()), ..Update::default() };
        assert_eq!(update(&mut world, bare.id, change), Err(why));
    }
    let customer = reference(owner);
    let fits = create(&mut world, Create { customer, method: Some(of_owner), ..new() }).unwrap();
    let change = Update { customer: Patch::Unset, ..Update::default() };
    let why = Why::Method(MethodRefused::SetupNeedsCustomer { method: id, customer: owner });
    assert_eq!(update(&mut world, fits.id, change), Err(why));
}

#[test]
fn customers_that_are_nowhere_are_refused() {
    let mut world = World::new();
    let customer = Some(Ref::new("cus_nobody"));
    let refused = create(&mut world, Create { customer, ..new() });
    assert!(
        matches!(refused, Err(Why::Missing { place: Place::Param("customer"), .. })),
        "{refused:?}"
    );
}

#[test]
fn what_each_state_allows() {
    for (status, method, notes, canceled) in [
        ("requires_payment_method", Ok("requires_confirmation"), Ok(()), Ok(())),
        ("requires_confirmation", Ok("requires_confirmation"), Ok(()), Ok(())),
        ("requires_action", Ok("requires_confirmation"), Ok(()), Ok(())),
        (
            "succeeded",
            Err(Why::Setup(SetupRefused::UpdateSucceeded)),
            Ok(()),
            Err(Why::Setup(SetupRefused::CancelSucceeded)),
        ),
        (
            "canceled",
            Err(Why::Setup(SetupRefused::UpdateCanceled)),
            Ok(()),
            Err(Why::Setup(SetupRefused::CancelCanceled)),
        ),
    ] {
        let mut world = World::new();
        let intent = standing(&mut world, status);
        let description = Patch::Set("a bicycle".to_owned());
        let change = Update { description, ..Update::default() };
        let noted = update(&mut world, intent.id, change);
        assert_eq!(noted.clone().map(drop), notes, "{status}");
        assert_eq!(noted.map(|it| it.state), Ok(intent.state.clone()), "{status}");

        let choice = known(world.method().id);
        let change = Update { method: Patch::Set(choice), ..Update::default() };
        let changed = update(&mut world, intent.id, change).map(|it| it.state.status());
        assert_eq!(changed, method, "{status}");
        assert_eq!(world.told(), [""; 0], "updates are not told");

        let mut world = World::new();
        let intent = standing(&mut world, status);
        let held = intent.payment_method();
        let end = cancel(&mut world, intent.id);
        assert_eq!(end.clone().map(drop), canceled, "{status}");
        if let Ok(end) = end {
            let reason = Some(SetupCancelReason::Abandoned);
            assert_eq!(end.state, State::Canceled { reason, method: held });
            assert_eq!(world.told(), ["setup_intent.canceled"]);
        }
    }
}

#[test]
fn a_challenge_ends_with_what_it_was_for() {
    for by_cancel in [true, false] {
        let mut world = World::new();
        let intent = standing(&mut world, "requires_action");
        if by_cancel {
            cancel(&mut world, intent.id).unwrap();
        } else {
            let change = Update { method: Patch::Unset, ..Update::default() };
            let after = update(&mut world, intent.id, change).unwrap();
            assert_eq!(after.state, State::RequiresPaymentMethod);
        }
        let questions = world.all::<Authentication>();
        assert!(questions.iter().all(|it| it.state == AuthenticationState::Closed));
        let attempts = world.all::<SetupAttempt>();
        assert!(attempts.iter().all(|it| it.status == SetupAttemptStatus::Abandoned));
        assert_eq!((questions.len(), attempts.len()), (1, 1));
    }
}

#[test]
fn nobody_writes_while_an_attempt_is_on_the_wire() {
    let mut world = World::new();
    let mut intent = standing(&mut world, "requires_confirmation");
    intent.inflight = Some(AttemptId::new(700_000, *TAIL));
    world.set(intent.clone());
    assert_eq!(cancel(&mut world, intent.id), Err(Why::Locked));
    let id = Ref::new(intent.id.to_string());
    let refused = world.run(|case| Update::default().decide(case, &id));
    assert_eq!(refused.map_err(|refusal| refusal.why), Err(Why::Locked));
    let refused = world.run(|case| Confirm::default().decide(case, &id, Caller::Secret));
    assert_eq!(refused.map_err(|refusal| refusal.why), Err(Why::Locked));
}

#[test]
fn an_update_merges_options_and_forgets_the_last_error() {
    let mut world = World::new();
    let intent = standing(&mut world, "requires_payment_method");
    let mut failed = intent.clone();
    failed.last_setup_error = Some(crate::failure::Failure {
        cause: crate::failure::Cause::SetupAuthenticationFailed,
        charge: None,
        payment_method: Box::new(world.method()),
    });
    world.set(failed);
    let options = CardOptionsPatch { moto: Patch::Set(true), ..CardOptionsPatch::default() };
    let change = Update {
        card_options: Some(options),
        mandate_currency: Some("inr".to_owned()),
        flow_directions: Patch::Set(vec!["inbound".to_owned()]),
        metadata: MetadataPatch(Patch::Set(vec![("a".to_owned(), "b".to_owned())])),
        ..Update::default()
    };
    let after = update(&mut world, intent.id, change).unwrap();
    assert_eq!((after.last_setup_error, after.card_options.moto), (None, Some(true)));
    assert_eq!(after.flow_directions, Some(vec!["inbound".to_owned()]));
    assert_eq!(
        (after.metadata["a"].as_str(), after.mandate_currency.as_deref()),
        ("b", Some("inr"))
    );
}
