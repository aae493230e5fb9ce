//! What a rule is given and what it leaves behind.
//!
//! A rule runs straight through over a [`Case`]. Where it needs a row that isn't loaded, or an
//! answer of the network that isn't there, it stops with a [`Halt`]; the shell gets what was
//! asked for and runs the rule again from the start. Everything a rule sees is an argument, so
//! the second run says what the first one said, and one step more.

use std::collections::{BTreeMap, HashMap};

use crate::account::Account;
use crate::attempt::Attempt;
use crate::balance::Settling;
use crate::delivery::{Post, Posted};
use crate::event::{EventType, NewEvent};
use crate::id::{EventId, PaymentMethodId};
use crate::network::{Followup, Question, Reply};
use crate::object::{Entity, Kind, Object};
use crate::refusal::{Refusal, Why};
use crate::time::WorldTime;

mod balance;
mod deliveries;
mod mint;
mod timer;

pub use mint::Mint;
pub use timer::{Timer, TimerKind};

/// Why a rule stopped before its end.
#[derive(Debug)]
pub enum Halt {
    /// A row or a list must be loaded first.
    Need(Need),
    /// The network must be asked first.
    Ask(Box<Question>),
    /// The rules say no.
    Refused(Box<Refusal>),
}

impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Halt {
        Halt::Refused(Box::new(refusal))
    }
}

impl From<Why> for Halt {
    fn from(why: Why) -> Halt {
        Refusal::from(why).into()
    }
}

/// What a dossier lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Need {
    /// One row.
    Row(Kind, u64),
    /// Every row of a kind below a parent, oldest first.
    Children(Kind, u64),
    /// Every row of a kind that belongs to a customer, oldest first.
    OfCustomer(Kind, u64),
    /// Which event has this number.
    Event(u64),
    /// Every delivery of the event with this number.
    Deliveries(u64),
    /// Everything that the account has.
    Balance,
}

/// A row as it was read.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Counts the row's writes; a later write expects it.
    pub version: i64,
    /// What the row holds.
    pub object: Object,
}

/// What is known of the world, read from one snapshot.
#[derive(Debug)]
pub struct Dossier {
    /// The world's clock at the snapshot.
    pub now: WorldTime,
    /// Whose world it is.
    pub account: Account,
    rows: HashMap<(Kind, u64), Option<Loaded>>,
    lists: HashMap<Need, Vec<u64>>,
    events: HashMap<u64, Option<(EventId, WorldTime)>>,
    deliveries: HashMap<u64, Vec<Posted>>,
    balance: Option<Vec<Settling>>,
    transcript: Vec<(Question, Reply)>,
}

impl Dossier {
    /// A dossier that knows nothing yet.
    pub fn new(now: WorldTime, account: Account) -> Dossier {
        Dossier {
            now,
            account,
            rows: HashMap::new(),
            lists: HashMap::new(),
            events: HashMap::new(),
            deliveries: HashMap::new(),
            balance: None,
            transcript: Vec::new(),
        }
    }

    /// Puts in what was asked for: the row, or that there is none.
    pub fn add_row(&mut self, kind: Kind, seq: u64, row: Option<Loaded>) {
        self.rows.insert((kind, seq), row);
    }

    /// Puts in a list that was asked for, with its rows.
    pub fn add_list(&mut self, need: Need, rows: Vec<Loaded>) {
        let seqs = rows.iter().map(|row| row.object.seq()).collect();
        for row in rows {
            self.rows.insert((row.object.kind(), row.object.seq()), Some(row));
        }
        self.lists.insert(need, seqs);
    }

    /// Writes down what the network answered.
    pub fn add_reply(&mut self, question: Question, reply: Reply) {
        self.transcript.push((question, reply));
    }

    /// Whether the row or list is there.
    pub fn knows(&self, need: &Need) -> bool {
        match need {
            Need::Row(kind, seq) => self.rows.contains_key(&(*kind, *seq)),
            Need::Children(..) | Need::OfCustomer(..) => self.lists.contains_key(need),
            Need::Event(number) => self.events.contains_key(number),
            Need::Deliveries(event) => self.deliveries.contains_key(event),
            Need::Balance => self.balance.is_some(),
        }
    }

    /// A row that is there.
    pub fn row(&self, kind: Kind, seq: u64) -> Option<&Loaded> {
        self.rows.get(&(kind, seq)).and_then(Option::as_ref)
    }

    /// The rows of a list that is there, oldest first; none where it isn't.
    pub fn listed(&self, need: &Need) -> impl Iterator<Item = &Loaded> {
        let seqs = self.lists.get(need).map(Vec::as_slice).unwrap_or_default();
        let kind = need.kind();
        seqs.iter().filter_map(move |seq| self.row(kind?, *seq))
    }

    /// What the network was asked and answered, in order.
    pub fn transcript(&self) -> &[(Question, Reply)] {
        &self.transcript
    }
}

/// How a row is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// A new row.
    Insert(Object),
    /// A row that must still have the version it was read with.
    Update {
        /// What it holds from here on.
        object: Object,
        /// The version that was read.
        expected: i64,
    },
}

/// What a rule decided; committed at once or not at all.
#[derive(Debug, Default)]
pub struct Decision {
    /// Rows, in the order they were first written.
    pub writes: Vec<Write>,
    /// Rows that the decision relied on and does not change: kind, row, version.
    pub relied_on: Vec<(Kind, u64, i64)>,
    /// What can be paid out by its moment, where it tells of that: it must still be so.
    pub available: Option<Vec<Settling>>,
    /// What happened, in order.
    pub events: Vec<NewEvent>,
    /// Deliveries that were tried, or are due again.
    pub posts: Vec<Post>,
    /// Events that those who listen are told again.
    pub told_again: Vec<EventId>,
    /// What must happen later.
    pub timers: Vec<Timer>,
    /// Names that only one row may hold.
    pub claims: Vec<String>,
    /// Names given back.
    pub releases: Vec<String>,
    /// New methods, with which of the call's cards each of them seals.
    pub seals: Vec<(PaymentMethodId, usize)>,
    /// What the network is told afterwards: saved with the state, sent until acknowledged.
    pub followups: Vec<Followup>,
    /// How many of the network's replies it rests on: the first so many of the transcript.
    pub heard: usize,
}

/// A rule's view of the world, and what it has decided so far.
pub struct Case<'a> {
    dossier: &'a Dossier,
    /// Ids and secrets for what the rule makes.
    pub mint: Mint,
    written: BTreeMap<(Kind, u64), usize>,
    decision: Decision,
    draft: Option<Attempt>,
}

impl<'a> Case<'a> {
    /// A fresh run of a rule.
    pub fn new(dossier: &'a Dossier, mint: Mint) -> Case<'a> {
        Case { dossier, mint, written: BTreeMap::new(), decision: Decision::default(), draft: None }
    }

    /// The same question to the same dossier, with nothing decided: to see what would come of it.
    pub fn rehearsal(&self) -> Case<'a> {
        Case::new(self.dossier, self.mint.clone())
    }

    /// What was decided. It is a fault of the shell's to ask where the mint ran dry.
    pub fn finish(self) -> Decision {
        assert!(!self.mint.is_dry(), "ids that anybody could guess were made");
        self.decision
    }

    /// The world's clock.
    pub fn now(&self) -> WorldTime {
        self.dossier.now
    }

    /// Whose world it is.
    pub fn account(&self) -> &'a Account {
        &self.dossier.account
    }

    /// The thing with this id as it stands in this decision; `None` where there is none.
    ///
    /// # Errors
    /// [`Halt::Need`] while it isn't loaded.
    pub fn find<E: Entity>(&self, id: E::Id) -> Result<Option<E>, Halt> {
        Ok(self.by_seq::<E>(E::seq(id))?.filter(|it| it.id() == id))
    }

    /// The thing in this row.
    ///
    /// # Errors
    /// [`Halt::Need`] while it isn't loaded.
    pub fn by_seq<E: Entity>(&self, seq: u64) -> Result<Option<E>, Halt> {
        if let Some(&at) = self.written.get(&(E::KIND, seq)) {
            let (Write::Insert(object) | Write::Update { object, .. }) = &self.decision.writes[at];
            return Ok(E::of(object).cloned());
        }
        match self.dossier.rows.get(&(E::KIND, seq)) {
            None => Err(Halt::Need(Need::Row(E::KIND, seq))),
            Some(row) => Ok(row.as_ref().and_then(|row| E::of(&row.object)).cloned()),
        }
    }

    /// A thing that another row points to, so that its absence is our fault.
    ///
    /// # Errors
    /// [`Halt::Need`] while it isn't loaded.
    pub fn get<E: Entity>(&self, id: E::Id) -> Result<E, Halt> {
        let found = self.find::<E>(id)?;
        Ok(found
            .unwrap_or_else(|| panic!("{:?} {} is pointed to and missing", E::KIND, E::seq(id))))
    }

    /// Every thing of a list that was asked for, oldest first, as it was loaded.
    ///
    /// # Errors
    /// [`Halt::Need`] while the list isn't loaded.
    pub fn all<E: Entity>(&self, need: Need) -> Result<Vec<E>, Halt> {
        let seqs = self.dossier.lists.get(&need).ok_or(Halt::Need(need))?;
        let mut found = Vec::with_capacity(seqs.len());
        for seq in seqs {
            found.extend(self.by_seq::<E>(*seq)?);
        }
        Ok(found)
    }

    /// Holds the decision to the row as it was read: if someone else writes it first, the rule
    /// is run again.
    pub fn rely_on<E: Entity>(&mut self, id: E::Id) {
        let seq = E::seq(id);
        if let Some(row) = self.dossier.row(E::KIND, seq) {
            let entry = (E::KIND, seq, row.version);
            if !self.decision.relied_on.contains(&entry) {
                self.decision.relied_on.push(entry);
            }
        }
    }

    /// Writes a row: a new one, or the one that was read.
    pub fn put<E: Entity>(&mut self, entity: E) {
        let key = (E::KIND, E::seq(entity.id()));
        let object: Object = entity.into();
        if let Some(&at) = self.written.get(&key) {
            let (Write::Insert(held) | Write::Update { object: held, .. }) =
                &mut self.decision.writes[at];
            *held = object;
            return;
        }
        self.written.insert(key, self.decision.writes.len());
        self.decision.writes.push(match self.dossier.row(key.0, key.1) {
            None => Write::Insert(object),
            Some(row) => Write::Update { object, expected: row.version },
        });
    }

    /// Tells of something that happened.
    pub fn tell(&mut self, event_type: EventType, object: impl Into<Object>) {
        let event = NewEvent { event_type, object: object.into(), previous: None };
        self.decision.events.push(event);
    }

    /// Tells of a change, with how it was before.
    pub fn tell_change<E: Entity>(&mut self, event_type: EventType, before: &E, after: &E) {
        let previous = Some(before.clone().into());
        let event = NewEvent { event_type, object: after.clone().into(), previous };
        self.decision.events.push(event);
    }

    /// Remembers that something is due later.
    pub fn later(&mut self, seconds: i64, kind: TimerKind, subject: u64) {
        let due_at = self.now().plus(seconds);
        self.decision.timers.push(Timer { due_at, kind, subject });
    }

    /// Holds a name that only one row may hold.
    pub fn claim(&mut self, name: String) {
        self.decision.claims.push(name);
    }

    /// Gives a name back.
    pub fn release(&mut self, name: String) {
        self.decision.releases.push(name);
    }

    /// Seals one of the call's cards under a new method's id.
    pub fn seal(&mut self, method: PaymentMethodId, hand: usize) {
        self.decision.seals.push((method, hand));
    }

    /// Tells the network something that it can't refuse, once this is committed.
    pub fn follow_up(&mut self, followup: Followup) {
        self.decision.followups.push(followup);
    }

    /// Names the attempt that the next questions belong to. Where there is a wire between us and
    /// the network, the shell writes it down, beside what is decided so far, before it sends an
    /// authorization; the rule puts the finished attempt itself.
    pub fn attempt(&mut self, draft: Attempt) {
        self.draft = Some(draft);
    }

    /// The attempt that a halted rule was about to make.
    pub fn draft(&self) -> Option<&Attempt> {
        self.draft.as_ref()
    }

    /// Puts a question to the network. A reply is one to the very question that was put: where
    /// the next one of the transcript answers another, this one has no answer, and the shell sees
    /// by [`Decision::heard`] that the run left the road of the first.
    ///
    /// # Errors
    /// [`Halt::Ask`] while the answer isn't there.
    pub fn ask(&mut self, question: Question) -> Result<Reply, Halt> {
        match self.dossier.transcript.get(self.decision.heard) {
            Some((asked, reply)) if *asked == question => {
                self.decision.heard += 1;
                Ok(reply.clone())
            }
            Some(_) | None => Err(Halt::Ask(Box::new(question))),
        }
    }
}

#[cfg(test)]
mod tests;
