use super::*;
use crate::account::{Account, Mode};
use crate::agreement::{AmountType, Interval, Level, MandateOptions};
use crate::card::Expiry;
use crate::case::{Dossier, Mint};
use crate::country::Country;
use crate::gateway::inputs::example::{agreement, off_session, payment, set_up};
use crate::money::{Currency, Money};

const NOW: WorldTime = WorldTime(1_800_000_000);

/// The guard that answers, a refusal, or nothing.
fn told(inputs: &Inputs) -> &'static str {
    let account = Account {
        id: "acct_1234567890abcdef".to_owned(),
        created: NOW,
        country: Country::US,
        default_currency: Currency::USD,
        mode: Mode::Test,
    };
    let dossier = Dossier::new(NOW, account);
    let case = Case::new(&dossier, Mint::new(1, 0, Vec::new()));
    match check(&case, inputs) {
        Ok(Some(stop)) => stop.rule,
        Ok(None) => "nothing",
        Err(Halt::Refused(refusal))
            if refusal.why == Why::Payment(PaymentRefused::MandateInvalid) =>
        {
            "G6"
        }
        Err(halt) => panic!("{halt:?}"),
    }
}

fn named(mut inputs: Inputs) -> Inputs {
    inputs.method.card.facts.named = true;
    inputs
}

#[test]
fn an_expired_card_is_sent_only_for_its_holder() {
    let (year, month) = NOW.year_month();
    let last = Expiry { year: year - 1, month };
    for (inputs, expiry, rule) in [
        (off_session(), last, "G1"),
        (off_session(), Expiry { year, month }, "nothing"),
        (payment(), last, "nothing"),
        (set_up(), last, "nothing"),
    ] {
        let mut inputs = named(inputs);
        inputs.method.card.expiry = expiry;
        assert_eq!(told(&inputs), rule, "{expiry:?}");
    }
}

#[test]
fn a_mandate_binds_charges_alone() {
    let options = |change: &dyn Fn(&mut MandateOptions)| {
        let mut options = MandateOptions {
            amount: 2_000,
            amount_type: AmountType::Maximum,
            description: None,
            end_date: None,
            interval: Interval::Sporadic,
            interval_count: None,
            reference: "reference".to_owned(),
            start_date: NOW,
            supported_types: None,
        };
        change(&mut options);
        options
    };
    for (options, currency, rule) in [
        (options(&|_| {}), Currency::USD, "nothing"),
        (options(&|it| it.amount = 1_999), Currency::USD, "G6"),
        (options(&|_| {}), Currency::EUR, "G6"),
        (options(&|it| it.start_date = NOW.plus(1)), Currency::USD, "G6"),
        (options(&|it| it.end_date = Some(NOW)), Currency::USD, "nothing"),
        (options(&|it| it.end_date = Some(NOW.plus(-1))), Currency::USD, "G6"),
    ] {
        let limit = Money::new(options.amount, currency);
        let mut agreement = agreement(Level::Challenged);
        agreement.mandate = Some((options, limit));
        let mut alone = named(off_session());
        alone.agreement = Some(agreement.clone());
        assert_eq!(told(&alone), rule, "{:?}", agreement.mandate);
        let mut present = named(payment());
        present.agreement = Some(agreement);
        assert_eq!(told(&present), "nothing", "the customer is there");
    }
}

#[test]
fn what_looks_too_risky_is_blocked_at_payments_only() {
    for (inputs, rule) in [(payment(), "radar"), (off_session(), "radar"), (set_up(), "nothing")] {
        let mut inputs = named(inputs);
        inputs.method.card.facts.radar_block = true;
        assert_eq!(told(&inputs), rule);
    }
}
