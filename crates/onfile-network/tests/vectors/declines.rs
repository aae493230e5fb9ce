//! The declining cards of `stripe-api.md` 5.3 at an American account, and that every other card
//! that is served can be attached and charged there with its customer present.

use onfile_domain::command::{Answer, MethodChoice, Ref};
use onfile_domain::customer::{self, Customer};
use onfile_domain::failure::Cause;
use onfile_domain::payment_intent::CardOptions;
use onfile_domain::payment_method::attach::Attach;
use onfile_network::simulated::cards;

use crate::calls::Shop;
use crate::usd;
use crate::world::{Plastic, World};

/// Number, decline at attach, decline of a payment, DE39.
const TABLE: &str = "
    4000000000000002  card_declined/generic_decline         same                              01
    4000000000009995  card_declined/insufficient_funds      same                              51
    4000000000009987  card_declined/lost_card               same                              41
    4000000000009979  card_declined/stolen_card             same                              43
    4000000000000069  expired_card                          same                              54
    4000000000000127  incorrect_cvc                         same                              N7
    4000000000000119  processing_error                      same                              06
    4000000000006975  card_declined/card_velocity_exceeded  same                              61
    4000000000000341  -                                     card_declined/generic_decline     01
    4000008409000010  card_declined/fraudulent              same                              59
    4000008409000028  -                                     card_declined/lost_card           41
    4000008409000036  -                                     card_declined/stolen_card         43
    4100000000000019  -                                     card_declined/fraudulent          -
";

/// What an attach comes to: `-`, or code and decline code.
fn attach(card: &Plastic) -> (String, Option<String>) {
    let mut world = World::new("US", card.clone());
    let made = world.run(|case| customer::create::Create::default().decide(case));
    made.expect("a customer");
    let customer = Ref::new(world.only::<Customer>().id.to_string());
    let method = MethodChoice::New(Box::new(card.typed()));
    let call = Attach { method, customer };
    let answer = world.run(|case| call.clone().decide(case));
    match answer.expect("an answer") {
        Answer::Shown(_) => ("-".to_owned(), None),
        Answer::Failed { failure, about: None } => {
            assert_eq!(failure.charge, None);
            let Cause::Declined(decline) = failure.cause else { panic!("{:?}", failure.cause) };
            let told = match decline.decline_code {
                Some(word) if word != decline.code => format!("{}/{word}", decline.code),
                Some(_) | None => decline.code,
            };
            (told, decline.network_decline_code)
        }
        other => panic!("{other:?}"),
    }
}

fn pay(card: &Plastic) -> String {
    Shop::new("US", card.clone()).pay(usd(2_000), None, CardOptions::default())
}

fn lines() -> impl Iterator<Item = Vec<&'static str>> {
    TABLE
        .lines()
        .map(|line| line.split_whitespace().collect())
        .filter(|row: &Vec<_>| row.len() == 4)
}

#[test]
fn declining_cards_at_attach_and_at_a_payment() {
    assert_eq!(lines().count(), 13);
    for row in lines() {
        let [number, at_attach, at_payment, code] = row[..] else { panic!("{row:?}") };
        let card = Plastic::test(number);
        let (told, network_code) = attach(&card);
        assert_eq!(told, at_attach, "{number} attached");
        if told != "-" {
            assert_eq!(network_code.as_deref(), Some(code), "{number}");
        }
        let at_payment = if at_payment == "same" { at_attach } else { at_payment };
        let charge = if code == "-" { "blocked" } else { "failed" };
        let end = format!(": requires_payment_method {at_payment}, {charge} charge");
        let told = pay(&card);
        assert!(told.ends_with(&end), "{number}: {told}");
    }
}

#[test]
fn every_other_card_is_attached_and_charged() {
    let mut charged = 0;
    for card in cards::rows().filter(|card| card.traits.served) {
        if lines().any(|row| row[0] == card.number) {
            continue;
        }
        let plastic = Plastic::test(card.number);
        assert_eq!(attach(&plastic).0, "-", "{}", card.number);
        let told = pay(&plastic);
        let asked = told.ends_with(": requires_action, no charge");
        let errs = card.number == "4000008400001280";
        assert!(told.ends_with(": succeeded, charge") || asked || errs, "{}: {told}", card.number);
        charged += usize::from(told.ends_with(": succeeded, charge"));
        if asked {
            assert!(plastic.facts.named, "{}: only a card of 5.6 asks here", card.number);
        }
    }
    assert!(charged > 90, "{charged}");
}
