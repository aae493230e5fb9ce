//! The other end of the wire: the simulated banks over a memory of their own, which can be told
//! to decline, to be slow, to lose their answers and to hear nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use onfile_domain::bank::{BankChange, BankState};
use onfile_domain::id::AttemptId;
use onfile_domain::network::{
    AuthenticationReply, AuthenticationRequest, Authorization, AuthorizationReply,
    ChallengeRequest, Followup, Question, Reply,
};
use onfile_domain::time::WorldTime;
use onfile_network::acquirer::{
    Acquirer, Hold, HoldOf, Pending, Reference, Secrets, Sending, Telling,
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
    deaf: bool,
    reversals: u64,
    let_go: Vec<HoldOf>,
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

    /// Whether reversals and captures are left without an acknowledgement.
    pub fn be_deaf(&self, deaf: bool) {
        self.memory().deaf = deaf;
    }

    /// How many authorizations arrived.
    pub fn authorized(&self) -> u64 {
        self.memory().authorized
    }

    /// How many reversals were told, acknowledged or not.
    pub fn reversals(&self) -> u64 {
        self.memory().reversals
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
        let known = memory.changes.entry(world).or_default();
        let mut state = simulated::recall(&query, BankState::default(), known);
        if *self.mood.borrow() == Mood::Declines {
            state.profile.script = Some("05".to_owned());
        }
        let mut entropy = Entropy { key: [7; 32], random: [0; 40] };
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

    async fn carry<T>(&self, reply: impl FnOnce() -> T) -> Sending<T> {
        let mood = *self.mood.borrow();
        match mood {
            Mood::Answers | Mood::Declines => Sending::Answered(reply()),
            Mood::Unreachable => Sending::NotSent,
            Mood::Silent => {
                reply();
                std::future::pending().await
            }
            Mood::Slow => {
                let reply = reply();
                let mut mood = self.mood.subscribe();
                drop(mood.wait_for(|mood| *mood != Mood::Slow).await);
                Sending::Answered(reply)
            }
        }
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

    fn reverse<'a>(&'a self, hold: Hold, card: Secrets<'a>) -> Pending<'a, Telling> {
        Box::pin(async move {
            let mut memory = self.memory();
            memory.reversals += 1;
            if memory.deaf {
                return Telling::Unacknowledged;
            }
            // A capture of a part lets go of the rest of the same hold: only attempts, which are
            // let go of whole, are told apart here.
            let undo = match hold.of {
                HoldOf::Charge(charge) => {
                    let method = onfile_domain::id::PaymentMethodId::new(0, [b'0'; 16]);
                    let told = Followup::Reverse { charge, method, amount: hold.amount };
                    simulated::followup(&told, card.par)
                }
                HoldOf::Attempt(_) if memory.let_go.contains(&hold.of) => Vec::new(),
                HoldOf::Attempt(attempt) => memory.holds.remove(&attempt).unwrap_or_default(),
            };
            memory.let_go.push(hold.of);
            memory.changes.entry(hold.world).or_default().extend(undo);
            Telling::Acknowledged
        })
    }

    fn capture<'a>(&'a self, _: Hold, _: Secrets<'a>) -> Pending<'a, Telling> {
        Box::pin(async move {
            match self.memory().deaf {
                true => Telling::Unacknowledged,
                false => Telling::Acknowledged,
            }
        })
    }
}

fn authentication(reply: Reply) -> Sending<AuthenticationReply> {
    match reply {
        Reply::Authentication(reply) => Sending::Answered(reply),
        Reply::Authorization(_) | Reply::Silence | Reply::NotSent => {
            panic!("a directory answers what it is asked")
        }
    }
}
