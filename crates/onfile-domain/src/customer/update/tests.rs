use super::*;
use crate::money::Currency;
use crate::payment_method::Standing;
use crate::rehearsal::{World, shown};

fn update(world: &mut World, id: CustomerId, update: Update) -> Result<Customer, Why> {
    let id = Ref::new(id.to_string());
    let answer = world.run(|case| update.clone().decide(case, &id));
    answer.map(|answer| shown(&answer)).map_err(|refusal| refusal.why)
}

fn set(text: &str) -> Patch<String> {
    Patch::Set(text.to_owned())
}

#[test]
fn what_is_named_changes_and_is_told_with_what_was() {
    let mut world = World::new();
    let id = world.customer();
    let before: Customer = world.get(id);
    let change = Update {
        email: set("jenny@example.com"),
        name: set("Jenny Rosen"),
        preferred_locales: Patch::Set(vec!["fr".to_owned()]),
        tax_exempt: Patch::Set(TaxExempt::Exempt),
        metadata: MetadataPatch(Patch::Set(vec![("order".to_owned(), "6735".to_owned())])),
        next_invoice_sequence: Some(7),
        ..Update::default()
    };
    let after = update(&mut world, id, change).unwrap();
    assert_eq!(after.email.as_deref(), Some("jenny@example.com"));
    assert_eq!((after.tax_exempt, after.next_invoice_sequence), (TaxExempt::Exempt, 7));
    assert_eq!(world.get::<Customer>(id), after);
    let [event] = &world.events[..] else { panic!("{:?}", world.events) };
    assert_eq!(event.event_type, EventType::CustomerUpdated);
    assert_eq!(event.previous, Some(before.into()));

    let back = Update {
        name: Patch::Unset,
        preferred_locales: Patch::Unset,
        tax_exempt: Patch::Unset,
        metadata: MetadataPatch(Patch::Unset),
        ..Update::default()
    };
    let after = update(&mut world, id, back).unwrap();
    assert_eq!((after.name, after.tax_exempt), (None, TaxExempt::None));
    assert!(after.preferred_locales.is_empty() && after.metadata.is_empty());
    assert_eq!(after.email.as_deref(), Some("jenny@example.com"));
}

#[test]
fn a_change_of_nothing_is_not_told() {
    let mut world = World::new();
    let id = world.customer();
    let before: Customer = world.get(id);
    assert_eq!(update(&mut world, id, Update::default()), Ok(before));
    assert_eq!(world.told(), [""; 0]);
}

#[test]
fn addresses_and_parcels_are_merged_leaf_by_leaf() {
    let mut world = World::new();
    let id = world.customer();
    let city = |city: &str| AddressPatch { city: set(city), ..AddressPatch::default() };
    let line1 = |line1| AddressPatch { line1, ..AddressPatch::default() };
    let shipping = |address, phone| {
        let shipping = ShippingPatch { address: Some(address), name: set("Jenny"), phone };
        Patch::Set(shipping)
    };
    let first = Update {
        address: Patch::Set(city("Paris")),
        shipping: shipping(city("Lyon"), set("+33")),
        ..Update::default()
    };
    update(&mut world, id, first).unwrap();
    let second = Update {
        address: Patch::Set(line1(set("1 rue"))),
        shipping: shipping(line1(set("2 rue")), Patch::Absent),
        ..Update::default()
    };
    let after = update(&mut world, id, second).unwrap();
    let address = after.address.unwrap();
    assert_eq!((address.city.as_deref(), address.line1.as_deref()), (Some("Paris"), Some("1 rue")));
    let parcel = after.shipping.unwrap();
    assert_eq!(parcel.phone.as_deref(), Some("+33"));
    assert_eq!(parcel.address.city.as_deref(), Some("Lyon"));
    assert_eq!(parcel.address.line1.as_deref(), Some("2 rue"));

    let gone = Update { address: Patch::Unset, shipping: Patch::Unset, ..Update::default() };
    let after = update(&mut world, id, gone).unwrap();
    assert_eq!((after.address, after.shipping), (None, None));
}

#[test]
fn the_first_balance_stamps_the_currency_for_good() {
    let mut world = World::new();
    let id = world.customer();
    for (balance, account, stamped) in [
        (0, Currency::USD, None),
        (250, Currency::USD, Some(Currency::USD)),
        (-250, Currency::EUR, Some(Currency::USD)),
        (0, Currency::EUR, Some(Currency::USD)),
    ] {
        world.account.default_currency = account;
        let change = Update { balance: Some(balance), ..Update::default() };
        let after = update(&mut world, id, change).unwrap();
        assert_eq!((after.balance, after.currency), (balance, stamped));
    }
}

#[test]
fn only_an_attached_method_can_be_the_default() {
    let mut world = World::new();
    let id = world.customer();
    let other = world.customer();
    let mut method = |standing| {
        let method = PaymentMethod { standing, ..world.method() };
        world.set(method.clone());
        method.id.to_string()
    };
    let own = method(Standing::Attached(id));
    let others = method(Standing::Attached(other));
    let fresh = method(Standing::Fresh);
    for text in [others, fresh, "pm_nobody".to_owned()] {
        let default_method = Patch::Set(Ref::new(text.clone()));
        let refused = update(&mut world, id, Update { default_method, ..Update::default() });
        let why =
            Why::Method(MethodRefused::DefaultNotAttached { method: text, param: DEFAULT_METHOD });
        assert_eq!(refused, Err(why));
    }
    let default_method = Patch::Set(Ref::new(own.clone()));
    let after = update(&mut world, id, Update { default_method, ..Update::default() }).unwrap();
    assert_eq!(after.default_payment_method.map(|it| it.to_string()), Some(own));
    let default_method = Patch::Unset;
    let after = update(&mut world, id, Update { default_method, ..Update::default() }).unwrap();
    assert_eq!(after.default_payment_method, None);
}

#[test]
fn a_customer_that_is_gone_is_nowhere() {
    let mut world = World::new();
    let id = world.customer();
    world.set(Customer { deleted: true, ..world.get(id) });
    let refused = update(&mut world, id, Update::default());
    assert!(matches!(refused, Err(Why::Missing { place: Place::Path, .. })), "{refused:?}");
}
