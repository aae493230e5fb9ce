//! A world in maps: runs the rules as the server does, with the simulated banks in place of a
//! network.

use std::collections::{BTreeMap, HashMap};

use onfile_domain::account::{Account, Mode, currency_of};
use onfile_domain::attempt::Attempt;
use onfile_domain::bank::{
    BankChange, BankQuery, BankState, Credential, IssuedValue, ProfileOverride,
};
use onfile_domain::card::{CardFacts, Expiry};
use onfile_domain::case::{Case, Decision, Dossier, Halt, Loaded, Mint, Need, Write};
use onfile_domain::command::{Answer, NewMethod};
use onfile_domain::contact::BillingDetails;
use onfile_domain::id::PaymentMethodId;
use onfile_domain::network::{Authorization, AuthorizationReply, Question, Reply};
use onfile_domain::object::{Entity, Kind, Object};
use onfile_domain::pan::Pan;
use onfile_domain::payment_method::AllowRedisplay;
use onfile_domain::refusal::Refusal;
use onfile_domain::time::WorldTime;
use onfile_network::simulated::profile::Profile;
use onfile_network::simulated::{self, BankCard, Entropy, cards};

/// 1 June 2026.
const START: WorldTime = WorldTime(1_780_272_000);

/// A card in somebody's hand.
#[derive(Clone)]
pub struct Plastic {
    number: &'static str,
    pub facts: CardFacts,
    pub profile: Profile,
}

impl Plastic {
    /// The test card with this number.
    pub fn test(number: &'static str) -> Plastic {
        let pan = Pan::parse(number).expect("a card number");
        let facts = cards::facts(&pan).expect("a test card");
        Plastic { number, facts, profile: cards::profile(&pan).expect("a test card") }
    }

    fn par(&self) -> String {
        format!("PAR0000000000{}", self.number)
    }

    /// What a call that brings the card hands to the rules.
    pub fn typed(&self) -> NewMethod {
        NewMethod {
            hand: 0,
            facts: self.facts.clone(),
            expiry: Expiry { year: 2030, month: 12 },
            fingerprint: "fingerprint00000".to_owned(),
            par: self.par(),
            cvc_given: true,
            preferred_network: None,
            billing_details: BillingDetails::default(),
            allow_redisplay: AllowRedisplay::Unspecified,
            metadata: BTreeMap::new(),
        }
    }
}

/// What the banks remember.
#[derive(Default)]
struct Memory {
    spent: HashMap<String, i64>,
    since_sca: HashMap<String, (i64, i64)>,
    credentials: HashMap<String, Credential>,
    values: HashMap<String, IssuedValue>,
}

/// A world.
pub struct World {
    pub now: WorldTime,
    account: Account,
    card: Plastic,
    rows: BTreeMap<(Kind, u64), Loaded>,
    sealed: HashMap<PaymentMethodId, Plastic>,
    /// What a test set on every account.
    pub bank: ProfileOverride,
    memory: Memory,
    next: u64,
    asked: u64,
    /// Everything that was put to the network, oldest first.
    pub wire: Vec<(Question, Reply)>,
}

impl World {
    /// A world of an account in this country; the calls bring this card.
    pub fn new(country: &str, card: Plastic) -> World {
        let country = country.parse().expect("a country");
        let account = Account {
            id: "acct_1".to_owned(),
            created: START,
            country,
            default_currency: currency_of(country),
            mode: Mode::Test,
        };
        World {
            now: START,
            account,
            card,
            rows: BTreeMap::new(),
            sealed: HashMap::new(),
            bank: ProfileOverride::default(),
            memory: Memory::default(),
            next: 1,
            asked: 0,
            wire: Vec::new(),
        }
    }

    /// Runs a rule to its end and commits what it decided.
    pub fn run(
        &mut self,
        rule: impl Fn(&mut Case<'_>) -> Result<Answer, Halt>,
    ) -> Result<Answer, Refusal> {
        let mut dossier = Dossier::new(self.now, self.account.clone());
        let random: Vec<u8> = (0..4_096u64).map(|at| (at * 7 + self.next) as u8).collect();
        loop {
            let mut case = Case::new(&dossier, Mint::new(self.next, 64, random.clone()));
            match rule(&mut case) {
                Ok(answer) => {
                    let decision = case.finish();
                    self.next += 64;
                    self.commit(decision);
                    return Ok(answer);
                }
                Err(Halt::Refused(refusal)) => return Err(*refusal),
                Err(Halt::Need(need)) => self.load(&mut dossier, need),
                Err(Halt::Ask(question)) => {
                    let hands = case.finish().seals;
                    let new = hands.iter().any(|(method, _)| *method == method_of(&question));
                    let reply = self.ask(&question, new);
                    dossier.add_reply(*question, reply);
                }
            }
        }
    }

    /// The rows of a kind.
    pub fn all<E: Entity>(&self) -> Vec<E> {
        self.rows.values().filter_map(|row| E::of(&row.object)).cloned().collect()
    }

    /// The only row of a kind.
    #[track_caller]
    pub fn only<E: Entity>(&self) -> E {
        let mut all = self.all::<E>();
        assert_eq!(all.len(), 1, "{:?}", E::KIND);
        all.remove(0)
    }

    /// Writes a row past the rules.
    pub fn put<E: Entity>(&mut self, entity: E) {
        let key = (E::KIND, E::seq(entity.id()));
        let version = self.rows.get(&key).map_or(0, |row| row.version + 1);
        self.rows.insert(key, Loaded { version, object: entity.into() });
    }

    /// Takes a row away past the rules.
    pub fn remove<E: Entity>(&mut self, entity: E) {
        self.rows.remove(&(E::KIND, E::seq(entity.id())));
    }

    /// The newest attempt.
    #[track_caller]
    pub fn attempt(&self) -> Attempt {
        self.all::<Attempt>().pop().expect("something was tried")
    }

    /// The newest authorization.
    #[track_caller]
    pub fn sent(&self) -> (Authorization, AuthorizationReply) {
        let found = self.wire.iter().rev().find_map(|exchange| match exchange {
            (Question::Authorize(message), Reply::Authorization(reply)) => {
                Some((message.clone(), reply.clone()))
            }
            _ => None,
        });
        found.expect("the issuer was asked")
    }

    fn load(&self, dossier: &mut Dossier, need: Need) {
        let listed = |keep: &dyn Fn(&Object) -> bool, kind: Kind| {
            let of_kind = self.rows.values().filter(move |row| row.object.kind() == kind);
            of_kind.filter(|row| keep(&row.object)).cloned().collect()
        };
        match need {
            Need::Row(kind, seq) => {
                dossier.add_row(kind, seq, self.rows.get(&(kind, seq)).cloned());
            }
            Need::Children(kind, parent) => {
                dossier.add_list(need, listed(&|it| it.parent() == Some(parent), kind));
            }
            Need::OfCustomer(kind, customer) => {
                let keep = |it: &Object| it.customer().is_some_and(|it| it.seq == customer);
                dossier.add_list(need, listed(&keep, kind));
            }
            Need::Event(_) | Need::Deliveries(_) | Need::Balance => {
                unreachable!("nothing is sent here")
            }
        }
    }

    fn commit(&mut self, decision: Decision) {
        for write in decision.writes {
            let (object, version) = match write {
                Write::Insert(object) => (object, 0),
                Write::Update { object, expected } => (object, expected + 1),
            };
            self.rows.insert((object.kind(), object.seq()), Loaded { version, object });
        }
        for (method, _) in decision.seals {
            self.sealed.insert(method, self.card.clone());
        }
    }

    fn ask(&mut self, question: &Question, new: bool) -> Reply {
        let plastic =
            if new { self.card.clone() } else { self.sealed[&method_of(question)].clone() };
        let pan = Pan::parse(plastic.number).expect("a card number");
        let par = plastic.par();
        let card = BankCard { pan: &pan, par: &par, profile: Some(plastic.profile) };
        let mut state = self.memory.recall(&simulated::query(question, &par));
        state.profile = self.bank.clone();
        self.asked += 1;
        let random = std::array::from_fn(|at| (at as u64 * 5 + self.asked * 41) as u8);
        let entropy = Entropy { key: [7; 32], random, order: self.asked };
        let (reply, changes) = simulated::answer(question, &card, &state, self.now, &entropy);
        for change in changes {
            self.memory.apply(change);
        }
        self.wire.push((question.clone(), reply.clone()));
        reply
    }
}

impl Memory {
    fn recall(&self, query: &BankQuery) -> BankState {
        let (count, sum) = self.since_sca.get(&query.par).copied().unwrap_or_default();
        let by_value = query.authentication_value.as_ref();
        let by_transaction = query.ds_trans_id.as_ref();
        BankState {
            spent: self.spent.get(&query.par).copied().unwrap_or_default(),
            count_since_sca: count,
            sum_since_sca: sum,
            credential: query.original.as_ref().and_then(|key| self.credentials.get(key).cloned()),
            value: by_value.and_then(|value| self.values.get(value)).cloned().or_else(|| {
                let known = |known: &&IssuedValue| Some(&known.ds_trans_id) == by_transaction;
                self.values.values().find(known).cloned()
            }),
            ..BankState::default()
        }
    }

    fn apply(&mut self, change: BankChange) {
        match change {
            BankChange::Spend { par, amount, most: _ } => {
                *self.spent.entry(par).or_default() += amount
            }
            BankChange::Count { par, amount } => {
                let (count, sum) = self.since_sca.entry(par).or_default();
                *count += 1;
                *sum += amount;
            }
            BankChange::ResetCounters { par } => _ = self.since_sca.remove(&par),
            BankChange::Remember(entry) => {
                let before = self.credentials.insert(entry.nti.clone(), entry);
                assert_eq!(before, None, "an entry was written over");
            }
            BankChange::Issue(value) => _ = self.values.insert(value.value.clone(), value),
            BankChange::Use { value } => {
                self.values.get_mut(&value).expect("a value is issued before it is used").used =
                    true;
            }
            BankChange::SetProfile { .. } => unreachable!("no test sets a profile here"),
        }
    }
}

fn method_of(question: &Question) -> PaymentMethodId {
    match question {
        Question::Authenticate(request) => request.method,
        Question::Challenge(challenge) => challenge.request.method,
        Question::Authorize(message) => message.method,
    }
}
