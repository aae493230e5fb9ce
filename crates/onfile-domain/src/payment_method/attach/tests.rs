use super::*;
use crate::agreement::MandateOptions;
use crate::attempt::{Attempt, AttemptState, Subject};
use crate::customer::Customer;
use crate::event::EventType;
use crate::failure::Cause;
use crate::gateway::PastDecline;
use crate::id::{AgreementId, PaymentMethodId};
use crate::network::{Condition, CvcField, EntryMode, Question, Reply};
use crate::payment_method::Check;
use crate::rehearsal::{Network, World, card, declined, shown};

fn known(id: PaymentMethodId) -> MethodChoice {
    MethodChoice::Known(Ref::new(id.to_string()))
}

fn attach_to(
    world: &mut World,
    method: MethodChoice,
    customer: impl ToString,
) -> Result<Answer, Why> {
    let attach = Attach { method, customer: Ref::new(customer.to_string()) };
    world.run(|case| attach.clone().decide(case)).map_err(|refusal| refusal.why)
}

#[test]
fn a_good_card_is_attached_for_charges_on_session() {
    let mut world = World::new();
    let customer = world.customer();
    let method = world.method();
    assert_eq!(method.card.checks.cvc, Some(Check::Unchecked));

    let answer = attach_to(&mut world, known(method.id), customer).unwrap();
    let attached: PaymentMethod = shown(&answer);
    assert_eq!(attached.standing, Standing::Attached(customer));
    assert_eq!(attached.card.checks.cvc, Some(Check::Pass));
    assert_eq!(world.get::<PaymentMethod>(method.id), attached);
    assert_eq!(world.told(), ["payment_method.attached"]);

    let agreement = &world.all::<Agreement>()[..];
    let [agreement] = agreement else { panic!("one agreement: {agreement:?}") };
    assert_eq!(agreement.payment_method, method.id);
    assert_eq!((agreement.kind, agreement.usage), (AgreementKind::Unspecified, Usage::OnSession));
    assert_eq!((agreement.level, agreement.state), (Level::OnSession, AgreementState::Active));
    assert!(agreement.initial.is_some() && !agreement.has_consent());

    let attempts = world.all::<Attempt>();
    let [attempt] = &attempts[..] else { panic!("one attempt: {attempts:?}") };
    assert_eq!(attempt.subject, Subject::Method(method.id));
    assert_eq!((attempt.state, &attempt.trace[..]), (AttemptState::Done, &["S23".to_owned()][..]));
}

#[test]
fn the_check_asks_for_nothing_and_saves_nothing() {
    let mut world = World::new();
    let customer = world.customer();
    let method = world.method();
    attach_to(&mut world, known(method.id), customer).unwrap();
    let [Question::Authorize(message)] = &world.asked[..] else {
        panic!("one authorization: {:?}", world.asked)
    };
    assert_eq!((message.amount.minor(), message.condition), (0, Condition::Verification));
    assert_eq!((message.cof, message.mit, message.entry_mode), (None, None, EntryMode::Manual));
    assert_eq!((message.cvc, message.eci), (CvcField::Given, "07"));
}

#[test]
fn again_to_the_same_customer_changes_nothing() {
    let mut world = World::new();
    let customer = world.customer();
    let method = world.method();
    attach_to(&mut world, known(method.id), customer).unwrap();
    world.told();
    let again = attach_to(&mut world, known(method.id), customer).unwrap();
    assert_eq!(shown::<PaymentMethod>(&again), world.get(method.id));
    assert_eq!(world.told(), [""; 0]);
    assert_eq!(world.asked.len(), 1, "the card was checked once");
}

#[test]
fn a_declined_card_stays_unattached_without_a_charge() {
    let answers: [(Network, &str, usize); 4] = [
        (|_| declined("51"), "card_declined", 1),
        (|_| declined("54"), "expired_card", 1),
        (|_| declined("1A"), "card_declined", 1),
        (|_| Reply::Silence, "processing_error", 0),
    ];
    for (network, code, counted) in answers {
        let mut world = World::new();
        let customer = world.customer();
        let method = world.method();
        world.network = network;
        let answer = attach_to(&mut world, known(method.id), customer).unwrap();
        let Answer::Failed { failure, about: None } = answer else { panic!("{answer:?}") };
        let Cause::Declined(decline) = failure.cause else { panic!("{:?}", failure.cause) };
        assert_eq!(decline.code, code);
        assert_eq!((failure.charge, failure.payment_method.id), (None, method.id));
        assert_eq!(world.get::<PaymentMethod>(method.id).standing, Standing::Fresh);
        assert_eq!(world.told(), [""; 0]);
        assert_eq!(world.all::<Agreement>(), []);
        assert_eq!(world.all::<PastDecline>().len(), counted, "{code}");
        assert_eq!(world.all::<Attempt>().len(), 1);
        assert_eq!(world.asked.len(), 1, "there is no second try");
    }
}

#[test]
fn a_card_that_will_never_pass_is_not_asked_about_again() {
    let mut world = World::new();
    let customer = world.customer();
    world.network = |_| declined("41");
    for asked in [1, 1] {
        let new = MethodChoice::New(Box::new(card()));
        let answer = attach_to(&mut world, new, customer).unwrap();
        assert!(matches!(answer, Answer::Failed { .. }), "{answer:?}");
        assert_eq!(world.asked.len(), asked);
    }
    let traces = world.all::<Attempt>();
    assert_eq!(traces[1].trace, ["G2"]);
}

#[test]
fn a_card_whose_payments_are_blocked_can_be_attached() {
    let mut world = World::new();
    let customer = world.customer();
    let mut new = card();
    new.facts.radar_block = true;
    let answer = attach_to(&mut world, MethodChoice::New(Box::new(new)), customer).unwrap();
    assert_eq!(shown::<PaymentMethod>(&answer).customer(), Some(customer));
}

#[test]
fn an_alias_is_a_method_that_comes_with_the_call() {
    let mut world = World::new();
    let customer = world.customer();
    let new = || MethodChoice::New(Box::new(card()));
    for _ in 0..2 {
        attach_to(&mut world, new(), customer).unwrap();
    }
    let methods = world.all::<PaymentMethod>();
    assert_eq!(methods.len(), 2);
    assert!(methods.iter().all(|method| method.customer() == Some(customer)));

    world.network = |_| declined("01");
    let mut named = card();
    named.facts.named = true;
    attach_to(&mut world, MethodChoice::New(Box::new(named)), customer).unwrap();
    assert_eq!(world.all::<PastDecline>(), [], "named cards are not counted");
}

#[test]
fn refusals_come_in_order_the_customer_first() {
    let mut world = World::new();
    let customer = world.customer();
    let other = world.customer();
    let mut standing = |standing| {
        let method = PaymentMethod { standing, ..world.method() };
        world.set(method.clone());
        method.id
    };
    let elsewhere = standing(Standing::Attached(other));
    let consumed = standing(Standing::Consumed);
    let detached = standing(Standing::Detached);
    let nowhere = PaymentMethodId::new(900_000, *b"abcdefghijklmnop");
    let missing = |noun, id: &str, place| Why::Missing { noun, id: id.to_owned(), place };
    let customer = customer.to_string();
    for (method, customer, why) in [
        (elsewhere, customer.as_str(), Why::Method(MethodRefused::AttachedElsewhere)),
        (consumed, &customer, Why::Method(MethodRefused::AttachConsumed)),
        (detached, &customer, Why::Method(MethodRefused::AttachConsumed)),
        (
            nowhere,
            &customer,
            missing(crate::refusal::Noun::PaymentMethod, &nowhere.to_string(), Place::Path),
        ),
        (
            detached,
            "cus_nobody",
            missing(crate::refusal::Noun::Customer, "cus_nobody", Place::Param("customer")),
        ),
    ] {
        assert_eq!(attach_to(&mut world, known(method), customer), Err(why));
    }
    assert_eq!((world.asked.len(), world.told().len()), (0, 0));
}

#[test]
fn a_deleted_customer_is_nowhere() {
    let mut world = World::new();
    let customer = world.customer();
    let deleted = Customer { deleted: true, ..world.get(customer) };
    world.set(deleted);
    let method = world.method();
    let refused = attach_to(&mut world, known(method.id), customer);
    assert!(matches!(refused, Err(Why::Missing { .. })), "{refused:?}");
}

#[test]
fn an_attach_wakes_what_was_set_up_without_a_customer() {
    let mut world = World::new();
    let customer = world.customer();
    let method = PaymentMethod { standing: Standing::SetUp, ..world.method() };
    world.set(method.clone());
    let set_up = SetUp {
        at: world.now,
        payment_method: method.id,
        kind: AgreementKind::Recurring,
        usage: Usage::OffSession,
        level: Level::Challenged,
        mandate: None::<(MandateOptions, _)>,
        sca_proof: None,
        nti: None,
        state: AgreementState::Dormant,
    };
    let dormant = set_up.first(AgreementId::new(500_000, *b"abcdefghijklmnop"));
    world.set(dormant.clone());
    attach_to(&mut world, known(method.id), customer).unwrap();
    let awake = Agreement { state: AgreementState::Active, ..dormant };
    assert_eq!(world.all::<Agreement>(), [awake], "and nothing weaker beside it");
    let [Question::Authorize(message)] = &world.asked[..] else { panic!("{:?}", world.asked) };
    assert_eq!(message.entry_mode, EntryMode::CredentialOnFile);
}

#[test]
fn a_customer_has_at_most_so_many_methods() {
    let mut world = World::new();
    let customer = world.customer();
    let attached = PaymentMethod { standing: Standing::Attached(customer), ..world.method() };
    for seq in 0..METHODS_OF_A_CUSTOMER as u64 {
        let id = PaymentMethodId::new(1_000_000 + seq, *b"abcdefghijklmnop");
        world.set(PaymentMethod { id, ..attached.clone() });
    }
    let one_more = world.method();
    let refused = attach_to(&mut world, known(one_more.id), customer);
    assert_eq!(refused, Err(Why::Method(MethodRefused::TooMany)));
}

#[test]
fn events_of_an_attach_show_the_customer() {
    let mut world = World::new();
    let customer = world.customer();
    let method = world.method();
    attach_to(&mut world, known(method.id), customer).unwrap();
    let [event] = &world.events[..] else { panic!("{:?}", world.events) };
    assert_eq!((event.event_type, &event.previous), (EventType::PaymentMethodAttached, &None));
    assert_eq!(event.object.customer(), Some(customer));
}
