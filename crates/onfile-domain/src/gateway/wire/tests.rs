use super::*;
use crate::agreement::{Level, Usage};
use crate::card::Brand;
use crate::gateway::inputs::example::{agreement, off_session, payment, set_up};
use crate::gateway::{after, initiator};
use crate::id::CustomerId;
use crate::network::CofMarker;
use crate::payment_method::Standing;

/// DE22, DE25, ECI, security code, marker, MIT type, original id, series, F60.8.
type Wire = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
    bool,
    Option<&'static str>,
    Option<&'static str>,
);

fn check(inputs: &Inputs, proof: Option<&Proof>) -> Wire {
    let (_, class) = initiator::class(inputs);
    let sent = authorization(inputs, class, proof);
    (
        sent.entry_mode.as_str(),
        sent.condition.as_str(),
        sent.eci,
        sent.cvc.as_str(),
        sent.cof.map(CofMarker::as_str),
        sent.mit.map(MitType::as_str),
        sent.original.is_some(),
        sent.series,
        sent.recurring_indicator,
    )
}

fn with(mut inputs: Inputs, change: impl FnOnce(&mut Inputs)) -> Inputs {
    change(&mut inputs);
    inputs
}

fn over_mastercard(inputs: Inputs) -> Inputs {
    with(inputs, |it| {
        it.method.card.facts.brand = Brand::Mastercard;
        it.method.card.facts.networks = vec![Brand::Mastercard];
    })
}

/// The rows of `card-network.md` 2.6.
#[test]
fn each_scenario_has_its_message() {
    let proven = |inputs: &Inputs| after::challenged(inputs, "id".to_owned(), "av".to_owned());
    let saving = with(payment(), |it| it.usage = Some(Usage::OffSession));
    let saved = with(payment(), |it| {
        it.method.standing = Standing::Attached(CustomerId::new(1, [b'a'; 16]));
        it.method.card.checks.cvc = Some(Check::Pass);
    });
    let moto = with(payment(), |it| it.options.moto = Some(true));
    let agreed = with(off_session(), |it| it.agreement = Some(agreement(Level::Challenged)));
    let part = with(agreed.clone(), |it| {
        it.options.stored_credential_usage = Some(CredentialUsage::Installment);
    });
    let c101 = Some("C101");
    for (inputs, with_proof, expected) in [
        (payment(), true, ("01", "59", "05", "given", None, None, false, None, None)),
        (payment(), false, ("01", "59", "07", "given", None, None, false, None, None)),
        (saving, true, ("01", "59", "05", "given", c101, None, false, None, None)),
        (set_up(), true, ("01", "51", "05", "given", c101, None, false, None, None)),
        (saved, false, ("10", "59", "07", "absent", c101, None, false, None, None)),
        (moto, false, ("01", "08", "07", "given", None, None, false, None, None)),
        (off_session(), false, ("10", "59", "07", "absent", None, Some("M101"), false, None, None)),
        (agreed.clone(), false, ("10", "59", "07", "absent", None, Some("M101"), true, None, None)),
        (
            part.clone(),
            false,
            ("10", "59", "07", "absent", None, Some("M104"), true, None, Some("3")),
        ),
        (
            over_mastercard(payment()),
            true,
            ("81", "59", "02", "given", None, None, false, None, None),
        ),
        (
            over_mastercard(payment()),
            false,
            ("81", "59", "00", "given", None, None, false, None, None),
        ),
        (
            over_mastercard(part),
            false,
            ("10", "59", "07", "absent", None, Some("M104"), true, Some("01"), None),
        ),
    ] {
        let proof = with_proof.then(|| proven(&inputs));
        assert_eq!(check(&inputs, proof.as_ref()), expected, "{:?}", inputs.options);
    }
}

#[test]
fn a_typed_code_goes_with_each_message_of_its_payment() {
    for (standing, check, given) in [
        (Standing::Fresh, Some(Check::Unchecked), "given"),
        // After a challenge that the issuer asked for: it has seen the code once.
        (Standing::Consumed, Some(Check::Pass), "given"),
        (Standing::Consumed, None, "absent"),
        (Standing::Attached(CustomerId::new(1, [b'a'; 16])), Some(Check::Pass), "absent"),
        (Standing::Attached(CustomerId::new(1, [b'a'; 16])), Some(Check::Unchecked), "given"),
    ] {
        let inputs = with(payment(), |it| {
            it.method.standing = standing;
            it.method.card.checks.cvc = check;
        });
        assert_eq!(check_code(&inputs), given, "{standing:?} {check:?}");
        let alone = Inputs { presence: off_session().presence, ..inputs };
        assert_eq!(check_code(&alone), "absent", "{standing:?} {check:?}");
    }
}

fn check_code(inputs: &Inputs) -> &'static str {
    check(inputs, None).3
}

#[test]
fn an_imported_value_stays_off_a_merchants_charge() {
    let inputs = off_session();
    let (_, class) = initiator::class(&inputs);
    let mut imported = after::challenged(&inputs, "id".to_owned(), "av".to_owned());
    imported.imported = true;
    let sent = authorization(&inputs, class, Some(&imported));
    assert_eq!((sent.eci, sent.authentication_value, sent.imported_value), ("07", None, false));
}

#[test]
fn a_value_goes_only_beside_its_own_indicator() {
    let inputs = payment();
    let (_, class) = initiator::class(&inputs);
    let passed = after::challenged(&inputs, "id".to_owned(), "av".to_owned());
    let sent = authorization(&inputs, class, Some(&passed));
    assert_eq!((sent.eci, sent.authentication_value.as_deref()), ("05", Some("av")));
    let sent = authorization(&inputs, class, Some(&after::not_supported()));
    assert_eq!((sent.eci, sent.authentication_value), ("07", None));
}
