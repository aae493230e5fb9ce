//! The other end of the wire: the simulated banks over a memory of their own, which can be told
//! to decline, to be slow, to lose their answers and to hear nothing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};

use onfile_domain::bank::{BankChange, BankState};
use onfile_domain::id::{AttemptId, PaymentMethodId};
use onfile_domain::network::{
    AuthenticationReply, AuthenticationRequest, Authorization, AuthorizationReply,
    ChallengeRequest, Followup, Question, Reply,
};
use onfile_domain::time::WorldTime;
use onfile_network::acquirer::{
    Acquirer, Advice, AdviceReference, HoldOf, Pending, Reference, Secrets, Sending, Telling,
};
use onfile_network::simulated::{self, BankCard, Entropy};
use onfile_server::surroundings::Surroundings;
use tokio::sync::watch;

use crate::around::Around;

/// How the wire and the banks behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// As the local ones.
    Answers,
    /// Every authorization is declined with `05`.
    Declines,
    /// The bank does what it is asked, and its answer is lost.
    Silent,
    /// There is no connection.
    Unreachable,
    /// The bank does what it is asked, and answers when the mood changes.
    Slow,
    /// What is on the wire stays there, and everything else is declined with `41`.
    Closes,
    /// What is on the wire stays there, and everything else is answered.
    Passes,
    /// What is on the wire stays unanswered, and everything else is answered.
    Drops,
}

/// A bank at the other end. Clones are the same bank.
#[derive(Clone)]
pub struct Bank {
    around: Around,
    mood: watch::Sender<Mood>,
    memory: Arc<Mutex<Memory>>,
}

#[derive(Default)]
struct Memory {
    /// What changed, in order, in each world.
    changes: HashMap<u32, Vec<BankChange>>,
    answered: HashMap<AttemptId, AuthorizationReply>,
    /// What each attempt holds, as changes that would undo it.
    holds: HashMap<AttemptId, Vec<BankChange>>,
    authorized: u64,
    /// Authorizations that are held on the wire.
    holding: usize,
    /// What the next authorization is declined with, whatever the mood.
    declines_next: Option<String>,
    deaf: bool,
    mute: bool,
    advised: u64,
    reversals: u64,
    /// What was acknowledged: told again, it is not done again.
    told: HashSet<AdviceReference>,
    /// What was captured, in minor units of each currency.
    captured: BTreeMap<String, i64>,
    /// What was told of authorizations that were answered otherwise, or not at all.
    complaints: Vec<String>,
    credits: u64,
}

impl Bank {
    pub fn new(around: Around) -> Bank {
        Bank {
            around,
            mood: watch::Sender::new(Mood::Answers),
            memory: Arc::new(Mutex::new(Memory::default())),
        }
    }

    pub fn set(&self, mood: Mood) {
        self.mood.send_replace(mood);
    }

    /// Whether reversals, captures and refunds are left without an acknowledgement.
    pub fn be_deaf(&self, deaf: bool) {
        self.memory().deaf = deaf;
    }

    /// Whether an authorization is held on the wire.
    pub fn is_holding(&self) -> bool {
        self.memory().holding > 0
    }

    /// Declines the next authorization with this code, at once.
    pub fn decline_next(&self, code: &str) {
        self.memory().declines_next = Some(code.to_owned());
    }

    /// Whether reversals and captures are left without any answer.
    pub fn be_mute(&self, mute: bool) {
        self.memory().mute = mute;
    }

    /// How many reversals and captures were told, answered or not.
    pub fn advised(&self) -> u64 {
        self.memory().advised
    }

    /// How many authorizations arrived.
    pub fn authorized(&self) -> u64 {
        self.memory().authorized
    }

    /// What was captured, in minor units of each currency.
    pub fn captured(&self) -> BTreeMap<String, i64> {
        self.memory().captured.clone()
    }

    /// What was told of holds that nobody knows by that name.
    pub fn complaints(&self) -> Vec<String> {
        self.memory().complaints.clone()
    }

    /// How many reversals were told, acknowledged or not.
    pub fn reversals(&self) -> u64 {
        self.memory().reversals
    }

    /// How many refunds were told, acknowledged or not.
    pub fn credits(&self) -> u64 {
        self.memory().credits
    }

    /// What all accounts together hold and settled, in hundredths of a euro.
    pub fn spent(&self) -> i64 {
        let memory = self.memory();
        let all = memory.changes.values().flatten();
        all.map(|change| match change {
            BankChange::Spend { amount, .. } => *amount,
            BankChange::Count { .. }
            | BankChange::ResetCounters { .. }
            | BankChange::Remember(_)
            | BankChange::Issue(_)
            | BankChange::Use { .. }
            | BankChange::SetProfile { .. } => 0,
        })
        .sum()
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().expect("nobody panics with it")
    }

    fn decide(&self, world: u32, question: &Question, card: Secrets<'_>) -> Reply {
        let query = simulated::query(question, card.par);
        let mut memory = self.memory();
        let scripted = match question {
            Question::Authorize(_) => memory.declines_next.take(),
            Question::Authenticate(_) | Question::Challenge(_) => None,
        };
        let known = memory.changes.entry(world).or_default();
        let mut state = simulated::recall(&query, BankState::default(), known);
        if *self.mood.borrow() == Mood::Declines {
            state.profile.script = Some("05".to_owned());
        }
        if *self.mood.borrow() == Mood::Closes {
            state.profile.script = Some("41".to_owned());
        }
        if scripted.is_some() {
            state.profile.script = scripted;
        }
        let mut entropy = Entropy { key: [7; 32], random: [0; 40], order: 1 };
        self.around.fill(&mut entropy.random);
        let now = WorldTime(self.around.wall());
        let bank_card = BankCard::new(card.pan, card.par);
        let (reply, changes) = simulated::answer(question, &bank_card, &state, now, &entropy);
        known.extend(changes);
        reply
    }

    /// An attempt's answer; told of it twice, the first one.
    fn authorization(
        &self,
        reference: Reference,
        message: &Authorization,
        card: Secrets<'_>,
    ) -> AuthorizationReply {
        if let Some(known) = self.memory().answered.get(&reference.attempt) {
            return known.clone();
        }
        let before = self.memory().changes.get(&reference.world).map_or(0, Vec::len);
        let question = Question::Authorize(message.clone());
        let reply = match self.decide(reference.world, &question, card) {
            Reply::Authorization(reply) => reply,
            Reply::Authentication(_) | Reply::Silence | Reply::NotSent => {
                panic!("a bank answers what it is asked")
            }
        };
        let mut memory = self.memory();
        memory.authorized += 1;
        memory.answered.insert(reference.attempt, reply.clone());
        let undo = memory.changes[&reference.world][before..].iter().filter_map(|change| {
            let BankChange::Spend { par, amount, .. } = change else { return None };
            Some(BankChange::Spend { par: par.clone(), amount: -amount, most: None })
        });
        let undo = undo.collect();
        memory.holds.insert(reference.attempt, undo);
        reply
    }

    /// Hears something that it can't refuse.
    async fn hear(&self) {
        let is_mute = {
            let mut memory = self.memory();
            memory.advised += 1;
            memory.mute
        };
        if is_mute {
            std::future::pending::<()>().await;
        }
    }

    async fn carry<T>(&self, reply: impl FnOnce() -> T) -> Sending<T> {
        let mood = *self.mood.borrow();
        let is_scripted = self.memory().declines_next.is_some();
        match mood {
            _ if is_scripted => Sending::Answered(reply()),
            Mood::Answers | Mood::Declines | Mood::Closes | Mood::Passes | Mood::Drops => {
                Sending::Answered(reply())
            }
            Mood::Unreachable => Sending::NotSent,
            Mood::Silent => {
                reply();
                std::future::pending().await
            }
            Mood::Slow => {
                let reply = reply();
                let mut mood = self.mood.subscribe();
                let is_over =
                    |mood: &Mood| !matches!(mood, Mood::Slow | Mood::Closes | Mood::Passes);
                let _held = Held::new(&self.memory);
                match mood.wait_for(is_over).await.map(|mood| *mood) {
                    Ok(Mood::Drops) => Sending::Unknown,
                    Ok(_) | Err(_) => Sending::Answered(reply),
                }
            }
        }
    }
}

/// An authorization that is held on the wire, counted.
struct Held(Arc<Mutex<Memory>>);

impl Held {
    fn new(memory: &Arc<Mutex<Memory>>) -> Held {
        memory.lock().expect("nobody panics with it").holding += 1;
        Held(Arc::clone(memory))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.lock().expect("nobody panics with it").holding -= 1;
    }
}

impl Acquirer for Bank {
    fn authenticate<'a>(
        &'a self,
        reference: Reference,
        request: &'a AuthenticationRequest,
        card: Secrets<'a>,
    ) -> Pending<'a, Sending<AuthenticationReply>> {
        Box::pin(async move {
            let question = Question::Authenticate(request.clone());
            authentication(self.decide(reference.world, &question, card))
        })
    }

    fn end_challenge<'a>(
        &'a self,
        reference: Reference,
        challenge: &'a ChallengeRequest,
        card: Secrets<'a>,
    ) -> Pending<'a, Sending<AuthenticationReply>> {
        Box::pin(async move {
            let question = Question::Challenge(challenge.clone());
            authentication(self.decide(reference.world, &question, card))
        })
    }

    fn authorize<'a>(
        &'a self,
        reference: Reference,
        message: &'a Authorization,
        card: Secrets<'a>,
    ) -> Pending<'a, Sending<AuthorizationReply>> {
        Box::pin(self.carry(move || self.authorization(reference, message, card)))
    }

    fn reverse<'a>(&'a self, advice: Advice<'a>, card: Secrets<'a>) -> Pending<'a, Telling> {
        Box::pin(async move {
            self.hear().await;
            let mut memory = self.memory();
            memory.reversals += 1;
            if memory.deaf {
                return Telling::Unacknowledged;
            }
            if !memory.told.insert(advice.reference) {
                return Telling::Acknowledged;
            }
            memory.look_up(advice);
            let undo = match advice.of {
                HoldOf::Approved(approved) => {
                    let (charge, method) = (approved.charge, nobodys());
                    let Advice { amount, total, .. } = advice;
                    let told = Followup::Reverse { charge, method, amount, total };
                    simulated::followup(&told, card.par)
                }
                HoldOf::Unanswered(attempt) => memory.holds.remove(&attempt).unwrap_or_default(),
            };
            memory.changes.entry(advice.world).or_default().extend(undo);
            Telling::Acknowledged
        })
    }

    fn refund<'a>(&'a self, advice: Advice<'a>, card: Secrets<'a>) -> Pending<'a, Telling> {
        Box::pin(async move {
            self.hear().await;
            let mut memory = self.memory();
            memory.credits += 1;
            if memory.deaf {
                return Telling::Unacknowledged;
            }
            if memory.told.insert(advice.reference) {
                memory.look_up(advice);
                let HoldOf::Approved(approved) = advice.of else {
                    panic!("what nobody answered is not given back")
                };
                let (charge, method, amount) = (approved.charge, nobodys(), advice.amount);
                let told = Followup::Refund { charge, method, amount };
                let back = simulated::followup(&told, card.par);
                memory.changes.entry(advice.world).or_default().extend(back);
            }
            Telling::Acknowledged
        })
    }

    fn capture<'a>(&'a self, advice: Advice<'a>, card: Secrets<'a>) -> Pending<'a, Telling> {
        Box::pin(async move {
            self.hear().await;
            let mut memory = self.memory();
            if memory.deaf {
                return Telling::Unacknowledged;
            }
            let HoldOf::Approved(approved) = advice.of else {
                panic!("what nobody answered is not captured")
            };
            if memory.told.insert(advice.reference) {
                memory.look_up(advice);
                let currency = advice.amount.currency.code().to_owned();
                *memory.captured.entry(currency).or_default() += advice.amount.minor();
                let (charge, method) = (approved.charge, nobodys());
                let Advice { amount, total, .. } = advice;
                let told = Followup::Capture { charge, method, amount, total };
                let takes = simulated::followup(&told, card.par);
                memory.changes.entry(advice.world).or_default().extend(takes);
            }
            Telling::Acknowledged
        })
    }
}

impl Memory {
    /// Whether an advice names an authorization as it was answered.
    fn look_up(&mut self, advice: Advice<'_>) {
        let HoldOf::Approved(approved) = advice.of else { return };
        let known = self.answered.get(&approved.attempt).is_some_and(|reply| {
            let nti = reply.nti.as_ref().map(|nti| nti.value.as_str());
            reply.is_approved()
                && nti == approved.network_transaction_id
                && reply.approval_code.as_deref() == approved.approval_code
        });
        if !known {
            self.complaints.push(format!("{advice:?}"));
        }
    }
}

/// A bank knows cards, not methods.
fn nobodys() -> PaymentMethodId {
    PaymentMethodId::new(0, [b'0'; 16])
}

fn authentication(reply: Reply) -> Sending<AuthenticationReply> {
    match reply {
        Reply::Authentication(reply) => Sending::Answered(reply),
        Reply::Authorization(_) | Reply::Silence | Reply::NotSent => {
            panic!("a directory answers what it is asked")
        }
    }
}

#[cfg(test)]
mod conformance {
    use onfile_domain::id::ChargeId;
    use onfile_domain::money::{Currency, Money};
    use onfile_domain::pan::Pan;
    use onfile_network::acquirer::Approved;

    use super::*;

    /// What the trait promises of an advice: told again under its reference, it is acknowledged
    /// and done once; under another, it is another.
    #[test]
    fn what_is_told_twice_is_done_once() {
        let bank = Bank::new(Around::new(3));
        let pan = Pan::parse("4242424242424242").expect("a card number");
        let card = Secrets { pan: &pan, par: "par" };
        let attempt = AttemptId::new(1, [b'a'; 16]);
        let approved = HoldOf::Approved(Approved {
            attempt,
            charge: ChargeId::new(2, [b'c'; 16]),
            network_transaction_id: None,
            approval_code: None,
        });
        let advice = |number, of| Advice {
            world: 1,
            reference: AdviceReference::Followup(number),
            of,
            amount: Money::new(100, Currency::EUR),
            total: Money::new(100, Currency::EUR),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("it starts");
        let tell = |pending| assert_eq!(runtime.block_on(pending), Telling::Acknowledged);
        for (number, captured) in [(1, 100), (1, 100), (2, 200), (1, 200)] {
            tell(bank.capture(advice(number, approved), card));
            assert_eq!(bank.captured()["eur"], captured);
        }
        for (number, spent) in [(3, -100), (3, -100), (4, -200)] {
            tell(bank.reverse(advice(number, approved), card));
            assert_eq!(bank.spent(), spent);
        }
        let unanswered = Advice {
            reference: AdviceReference::Reversal(attempt),
            ..advice(0, HoldOf::Unanswered(attempt))
        };
        for _ in 0..2 {
            tell(bank.reverse(unanswered, card));
            assert_eq!(bank.spent(), -200);
        }
        for (number, spent) in [(5, -300), (5, -300), (6, -400)] {
            tell(bank.refund(advice(number, approved), card));
            assert_eq!(bank.spent(), spent);
        }
        assert!(!bank.complaints().is_empty(), "nobody authorized any of it");
    }
}
