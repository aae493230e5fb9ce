use super::*;
use crate::agreement::Usage;
use crate::card::Funding;
use crate::gateway::ImportedAuthentication;
use crate::gateway::inputs::example::{agreement, off_session, payment, set_up};
use crate::gateway::{initiator, zone};

fn check(inputs: &Inputs) -> (&'static str, &'static str, &'static str) {
    let (_, class) = initiator::class(inputs);
    let zone = zone::zone(inputs.facts().country, inputs.acquirer_country);
    let (rule, plan) = need(inputs, class, zone);
    let says = match plan {
        Plan::Plain => "plain",
        Plan::Imported(_) => "imported",
        Plan::Authenticate(indicator) => indicator.as_str(),
        Plan::StepUp => "step up",
        Plan::NotSent => "not sent",
    };
    (zone.as_str(), rule, says)
}

fn between(mut inputs: Inputs, issuer: &str, acquirer: &str) -> Inputs {
    inputs.method.card.facts.country = issuer.parse().unwrap();
    inputs.acquirer_country = acquirer.parse().unwrap();
    inputs
}

fn with(mut inputs: Inputs, change: impl FnOnce(&mut Inputs)) -> Inputs {
    change(&mut inputs);
    inputs
}

fn saving(usage: Usage) -> Inputs {
    with(payment(), |it| it.usage = Some(usage))
}

fn asking(wanted: RequestThreeDSecure) -> Inputs {
    with(payment(), |it| it.options.request_three_d_secure = Some(wanted))
}

fn importing(status: &str) -> Inputs {
    with(payment(), |it| {
        it.options.three_d_secure = Some(ImportedAuthentication {
            ares_trans_status: Some(status.to_owned()),
            cryptogram: "AAAAAAAAAAAAAAAAAAAAAAAAAAA=".to_owned(),
            eci: None,
            exemption_indicator: None,
            transaction_id: "00000000-0000-4000-8000-000000000000".to_owned(),
            version: "2.2.0".to_owned(),
        });
    })
}

fn three_ds(inputs: Inputs, three_ds: ThreeDs) -> Inputs {
    with(inputs, |it| it.method.card.facts.three_ds = three_ds)
}

#[test]
fn each_zone_asks_the_customer_in_its_way() {
    let on_session_setup = || with(set_up(), |it| it.usage = Some(Usage::OnSession));
    for (inputs, expected) in [
        (between(payment(), "US", "US"), ("Z8", "N17", "plain")),
        (between(payment(), "FR", "US"), ("Z4", "N17", "plain")),
        (between(payment(), "DE", "DE"), ("Z1", "N14", "01")),
        (between(payment(), "GB", "GB"), ("Z2", "N14", "01")),
        (between(payment(), "GB", "FR"), ("Z3", "N15", "01")),
        (between(payment(), "US", "FR"), ("Z5", "N15", "01")),
        (between(payment(), "ZA", "ZA"), ("Z8", "N15", "01")),
        (between(payment(), "CH", "CH"), ("Z4", "N17", "plain")),
        (between(set_up(), "US", "US"), ("Z8", "N17", "plain")),
        (between(set_up(), "FR", "US"), ("Z4", "N17", "plain")),
        (between(set_up(), "DE", "DE"), ("Z1", "N6", "04")),
        (between(set_up(), "DE", "GB"), ("Z3", "N6", "04")),
        (between(set_up(), "US", "FR"), ("Z5", "N15", "01")),
        (between(on_session_setup(), "DE", "DE"), ("Z1", "N14", "01")),
        (between(saving(Usage::OffSession), "GB", "GB"), ("Z2", "N6", "04")),
        (between(saving(Usage::OnSession), "GB", "GB"), ("Z2", "N14", "01")),
        (between(off_session(), "DE", "DE"), ("Z1", "N3", "plain")),
    ] {
        assert_eq!(check(&inputs), expected, "{:?}", inputs.subject);
    }
}

#[test]
fn the_first_rule_wins() {
    let soft = |inputs| with(inputs, |it: &mut Inputs| it.soft = Some("1A".to_owned()));
    let moto = |inputs| with(inputs, |it: &mut Inputs| it.options.moto = Some(true));
    let risky = |inputs, risk| with(inputs, |it: &mut Inputs| it.method.card.facts.risk = risk);
    let (any, challenge) = (RequestThreeDSecure::Any, RequestThreeDSecure::Challenge);
    for (inputs, expected) in [
        (moto(importing("Y")), ("Z8", "N1", "imported")),
        (importing("C"), ("Z8", "N1", "imported")),
        (importing("N"), ("Z8", "N17", "plain")),
        (moto(soft(payment())), ("Z8", "N2", "plain")),
        (soft(off_session()), ("Z8", "N3", "plain")),
        (soft(asking(challenge)), ("Z8", "N4", "step up")),
        (asking(challenge), ("Z8", "N5", "03")),
        (between(asking(challenge), "DE", "DE"), ("Z1", "N5", "04")),
        (between(asking(challenge), "DE", "GB"), ("Z3", "N5", "03")),
        (between(asking(any), "DE", "DE"), ("Z1", "N8", "01")),
        (asking(RequestThreeDSecure::Automatic), ("Z8", "N17", "plain")),
        (three_ds(payment(), ThreeDs::Required), ("Z8", "N16", "01")),
        (risky(payment(), Risk::Elevated), ("Z8", "N16", "03")),
        (risky(payment(), Risk::Highest), ("Z8", "N16", "03")),
        (three_ds(between(payment(), "US", "DE"), ThreeDs::None), ("Z5", "N15", "plain")),
        (three_ds(payment(), ThreeDs::NotEnrolled), ("Z8", "N17", "plain")),
    ] {
        assert_eq!(check(&inputs), expected);
    }
}

#[test]
fn a_card_that_must_be_authenticated_is_charged_alone_only_after_a_challenge() {
    for (level, says) in [
        (None, "not sent"),
        (Some(Level::OffSession), "not sent"),
        (Some(Level::Frictionless), "not sent"),
        (Some(Level::Challenged), "plain"),
    ] {
        let mut inputs = three_ds(off_session(), ThreeDs::Required);
        inputs.agreement = level.map(agreement);
        assert_eq!(check(&inputs), ("Z8", "N3", says), "{level:?}");
    }
}

#[test]
fn brazil_asks_for_debit_only() {
    for (funding, rule) in [(Funding::Debit, "N15"), (Funding::Credit, "N17")] {
        let mut inputs = between(payment(), "BR", "BR");
        inputs.method.card.facts.funding = funding;
        assert_eq!(check(&inputs).1, rule);
    }
}
