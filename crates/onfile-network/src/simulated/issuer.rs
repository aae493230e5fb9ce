//! The issuers' authorization rules (`card-network.md` 6.7), in their order; the first that
//! answers ends it.
//!
//! A soft decline comes before funds: an issuer that wants to see the customer has not looked at
//! the balance.

use onfile_domain::bank::{BankChange, BankState};
use onfile_domain::network::{Authorization, AuthorizationReply, CvcField};
use onfile_domain::payment_method::Check;
use onfile_domain::time::WorldTime;

use crate::simulated::nti;
use crate::simulated::{BankCard, Entropy};

mod account;
mod authentication;
mod ledger;
mod message;

use message::{Message, Response};

/// What a rule says of a message.
enum Ruling {
    /// Its condition doesn't hold.
    Silent,
    /// It holds, and the next rules answer.
    Noted,
    /// It answers.
    Answers(Response),
}

type Rule = fn(&mut Message<'_>) -> Ruling;

/// Every rule with its id, in order.
const RULES: &[(&str, Rule)] = &[
    ("S1", account::unknown_number), // Network tokens that aren't active come with the tokens.
    ("S2", account::closed),         // A successor (MAC 01) comes with the account updater.
    ("S3", account::out_of_its_holders_hands),
    ("S4", account::expired),
    ("S5", account::stopped),
    // S6, a product that its trade doesn't take: no simulated card is so limited.
    ("S7", account::unreachable), // Stand-in comes later: until then it always answers 91.
    ("S8", authentication::void_value),
    ("S9", account::wrong_security_code),
    // S10 classifies, and is not listed: `message::Class::of`.
    ("S11", authentication::unknown_original),
    // S12, the rules of India, come with India.
    ("S13", authentication::always_asked),
    ("S14", authentication::unauthenticated_customer),
    ("S15", authentication::weak_set_up),
    ("S16", authentication::other_type),
    // S17, ceilings of mandates, and S18, exemptions beyond their limits, come later.
    ("S19", authentication::large_attempt),
    ("S20", account::scripted),
    // S21, velocity: no simulated card has such a limit of its own.
    ("S22", account::short_of_funds),
    ("S23", account::approved),
];

/// Answers a 0100.
pub(super) fn authorize(
    authorization: &Authorization,
    card: &BankCard<'_>,
    state: &BankState,
    now: WorldTime,
    entropy: &Entropy,
) -> (AuthorizationReply, Vec<BankChange>) {
    let mut message = Message::read(authorization, card, state, now);
    let mut rules = Vec::with_capacity(2);
    for (id, rule) in RULES {
        match rule(&mut message) {
            Ruling::Silent => {}
            Ruling::Noted => rules.push((*id).to_owned()),
            Ruling::Answers(response) => {
                rules.push((*id).to_owned());
                return reply(message, response, rules, entropy);
            }
        }
    }
    unreachable!("S23 answers every message")
}

fn reply(
    message: Message<'_>,
    response: Response,
    rules: Vec<String>,
    entropy: &Entropy,
) -> (AuthorizationReply, Vec<BankChange>) {
    let (head, tail) = entropy.random.split_at(8);
    let tail = tail.first_chunk().expect("forty bytes less eight are thirty-two");
    let (network, pan) = (message.wire.network, message.card.pan);
    let nti = nti::mint(network, pan, message.now, entropy.order, tail);
    let reached = response.code != "91";
    let given = |given: bool, check: fn(&Message<'_>) -> Check| {
        given.then(|| if reached { check(&message) } else { Check::Unavailable })
    };
    let wire = message.wire;
    let cvc = given(wire.cvc == CvcField::Given, |message| message.verdicts().cvc);
    let reply = AuthorizationReply {
        approval_code: reached.then(|| approval_code(head)),
        nti: Some(nti.clone()),
        advice: response.advice.map(str::to_owned),
        cvc: if response.blames_code() { cvc.map(|_| Check::Fail) } else { cvc },
        line1: given(wire.line1_given, |message| message.verdicts().line1),
        postal_code: given(wire.postal_code_given, |message| message.verdicts().postal_code),
        code: response.code.to_string(),
        rules,
    };
    (reply, ledger::changes(message, &response, &nti))
}

/// DE38: six digits, on declines too.
fn approval_code(random: &[u8]) -> String {
    let value = random.iter().fold(0u64, |value, byte| (value << 8) | u64::from(*byte));
    format!("{:06}", value % 1_000_000)
}
