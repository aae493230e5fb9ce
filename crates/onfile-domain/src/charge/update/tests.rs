use super::*;
use crate::charge::{ChargeResult, ChargeRisk, ChargedCard, HoldTerms};
use crate::contact::{BillingDetails, Metadata};
use crate::id::PaymentIntentId;
use crate::money::{Currency, Money};
use crate::rehearsal::{World, shown};

fn charge(world: &mut World, customer: Option<CustomerId>) -> Charge {
    let method = world.method();
    let card = method.card;
    let charge = Charge {
        id: ChargeId::new(800_000, *b"abcdefghijklmnop"),
        created: world.now,
        amount: Money::new(1_099, Currency::USD),
        result: ChargeResult::Held { capture_before: world.now.plus(60) },
        terms: HoldTerms::default(),
        payment_intent: PaymentIntentId::new(800_001, *b"abcdefghijklmnop"),
        payment_method: method.id,
        customer,
        billing_details: BillingDetails::default(),
        description: None,
        metadata: Metadata::new(),
        receipt_email: None,
        shipping: None,
        statement_descriptor_suffix: None,
        transfer_group: None,
        user_report: None,
        risk: ChargeRisk { score: card.facts.risk_score, level: card.facts.risk },
        card: ChargedCard {
            other_network: None,
            facts: card.facts,
            expiry: card.expiry,
            fingerprint: card.fingerprint,
            checks: card.checks,
            authorization_code: None,
            network_transaction_id: None,
            eci: None,
            three_d_secure: None,
            moto: false,
            setup_credential_usage: None,
            stored_credential_usage: None,
        },
    };
    world.set(charge.clone());
    charge
}

fn update(world: &mut World, id: ChargeId, update: Update) -> Result<Charge, Why> {
    let id = Ref::new(id.to_string());
    let answer = world.run(|case| update.clone().decide(case, &id));
    answer.map(|answer| shown(&answer)).map_err(|refusal| refusal.why)
}

#[test]
fn notes_change_and_are_told_with_what_was() {
    let mut world = World::new();
    let before = charge(&mut world, None);
    let change = Update {
        description: Patch::Set("a bicycle".to_owned()),
        user_report: Patch::Set(FraudReport::Safe),
        metadata: MetadataPatch(Patch::Set(vec![("a".to_owned(), "b".to_owned())])),
        receipt_email: Patch::Set("jenny@example.com".to_owned()),
        ..Update::default()
    };
    let after = update(&mut world, before.id, change).unwrap();
    assert_eq!(after.description.as_deref(), Some("a bicycle"));
    assert_eq!(after.user_report, Some(FraudReport::Safe));
    assert_eq!((after.amount, after.result.clone()), (before.amount, before.result.clone()));
    let [event] = &world.events[..] else { panic!("{:?}", world.events) };
    assert_eq!(event.event_type, EventType::ChargeUpdated);
    assert_eq!(event.previous, Some(before.into()));
    world.told();
    assert_eq!(update(&mut world, after.id, Update::default()), Ok(after));
    assert_eq!(world.told(), [""; 0]);
}

#[test]
fn a_customer_is_given_once() {
    let mut world = World::new();
    let (first, second) = (world.customer(), world.customer());
    let id = charge(&mut world, None).id;
    let with = |customer: CustomerId| Update {
        customer: Some(Ref::new(customer.to_string())),
        ..Update::default()
    };
    for (customer, expected) in [
        (first, Ok(Some(first))),
        (first, Ok(Some(first))),
        (second, Err(Why::Payment(PaymentRefused::ChargeHasCustomer))),
    ] {
        let after = update(&mut world, id, with(customer)).map(|charge| charge.customer);
        assert_eq!(after, expected);
    }
}

#[test]
fn what_is_not_the_charges_own_is_refused() {
    let mut world = World::new();
    let charge = charge(&mut world, None);
    let change = Update { transfer_group: Patch::Set("group".to_owned()), ..Update::default() };
    let why = Why::Payment(PaymentRefused::TransferGroupOfIntent(charge.payment_intent));
    assert_eq!(update(&mut world, charge.id, change), Err(why));
    let nowhere = ChargeId::new(1, *b"abcdefghijklmnop");
    let refused = update(&mut world, nowhere, Update::default());
    assert!(matches!(refused, Err(Why::Missing { noun: Noun::Charge, .. })), "{refused:?}");
}
