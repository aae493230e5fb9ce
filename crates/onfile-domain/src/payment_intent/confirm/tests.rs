use super::*;
use crate::charge::Charge;
use crate::command::MethodChoice;
use crate::id::PaymentIntentId;
use crate::money::Money;
use crate::payment_intent::AllowRedirects;
use crate::payment_intent::capture::Capture;
use crate::payment_intent::create::Create;
use crate::refusal::{HoldRefused, PaymentRefused, Refusal};
use crate::rehearsal::{World, card, payment, shown};

fn create(methods: MethodTypes, confirm: Option<Confirm>) -> Create {
    Create {
        method: Some(MethodChoice::New(Box::new(card()))),
        capture_method: CaptureMethod::Manual,
        methods,
        confirm,
        ..payment(2_000)
    }
}

fn why(refused: Result<Answer, Box<Refusal>>) -> Option<Why> {
    refused.err().map(|refusal| refusal.why)
}

#[test]
fn dynamic_methods_can_not_be_kept_from_asking() {
    let confirm = || Confirm { error_on_requires_action: true, ..Confirm::default() };
    let refusal = Why::ParametersExclusive {
        first: "automatic_payment_methods",
        second: "error_on_requires_action",
    };
    let automatic = MethodTypes::Automatic { allow_redirects: AllowRedirects::Never };
    for (methods, expected) in [
        (automatic, Some(refusal)),
        (MethodTypes::Listed, None),
        (MethodTypes::Allowed(vec!["card".to_owned()]), None),
    ] {
        let mut world = World::new();
        let made = create(methods, Some(confirm()));
        let answer = world.run(|case| made.clone().decide(case));
        assert_eq!(why(answer), expected);
    }
}

#[test]
fn less_than_one_is_not_captured() {
    let mut world = World::new();
    let made = create(MethodTypes::Listed, Some(Confirm::default()));
    let held: PaymentIntent = shown(&world.run(|case| made.clone().decide(case)).unwrap());
    let id = Ref::<PaymentIntentId>::new(held.id.to_string());
    for asked in [0, -1] {
        let capture = Capture { amount: Some(asked), ..Capture::default() };
        let answer = world.run(|case| capture.clone().decide(case, &id));
        assert_eq!(why(answer), Some(Why::Hold(HoldRefused::CaptureTooSmall { asked })));
    }
    let answer = world.run(|case| Capture::default().decide(case, &id));
    assert_eq!(why(answer), None);
}

#[test]
fn the_statement_shows_what_the_capture_says() {
    for (patch, shown) in [
        (Patch::Absent, Some("ORDER 1")),
        (Patch::Set("ORDER 2".to_owned()), Some("ORDER 2")),
        (Patch::Unset, None),
    ] {
        let mut world = World::new();
        let made = Create {
            statement_descriptor_suffix: Some("ORDER 1".to_owned()),
            ..create(MethodTypes::Listed, Some(Confirm::default()))
        };
        let held: PaymentIntent = shown_of(world.run(|case| made.clone().decide(case)));
        let id = Ref::<PaymentIntentId>::new(held.id.to_string());
        let capture = Capture { statement_descriptor_suffix: patch, ..Capture::default() };
        let taken: PaymentIntent = shown_of(world.run(|case| capture.clone().decide(case, &id)));
        assert_eq!(taken.statement_descriptor_suffix.as_deref(), shown);
        let charge = world.all::<Charge>().pop().expect("it was held");
        assert_eq!(charge.statement_descriptor_suffix.as_deref(), shown);
    }
}

fn shown_of(answer: Result<Answer, Box<Refusal>>) -> PaymentIntent {
    shown(&answer.expect("it is no refusal"))
}

#[test]
fn a_capture_takes_no_fraction_that_networks_have_not() {
    let mut world = World::new();
    let made = Create {
        amount: Money::new(5_120, "kwd".parse().unwrap()),
        ..create(MethodTypes::Listed, Some(Confirm::default()))
    };
    let held = shown_of(world.run(|case| made.clone().decide(case)));
    let id = Ref::<PaymentIntentId>::new(held.id.to_string());
    let part = |amount| Capture { amount: Some(amount), ..Capture::default() };
    let refused = world.run(|case| part(5_111).decide(case, &id));
    let currency = held.amount.currency;
    let expected = Why::Payment(PaymentRefused::AmountNotDivisible {
        currency,
        by: 10,
        param: "amount_to_capture",
    });
    assert_eq!(why(refused), Some(expected));
    assert_eq!(why(world.run(|case| part(5_110).decide(case, &id))), None);
}
