//! A world in memory for the tests of rules: it loads what a rule asks for, answers for the
//! network, and keeps what was decided.

use std::collections::BTreeMap;

use crate::account::{Account, Mode};
use crate::balance::Settling;
use crate::balance_transaction::BalanceTransaction;
use crate::card::{Brand, CardFacts, Expiry, Funding, Risk, ThreeDs};
use crate::case::{Case, Dossier, Halt, Loaded, Mint, Need, Timer, Write};
use crate::command::{Answer, NewMethod};
use crate::contact::{BillingDetails, Metadata};
use crate::country::Country;
use crate::customer::{self, Customer};
use crate::delivery::{Delivery, DeliveryId, Posted};
use crate::event::NewEvent;
use crate::id::{CustomerId, EventId, WebhookEndpointId};
use crate::money::{Currency, Money};
use crate::network::{AuthorizationReply, Followup, Nti, NtiKind, Question, Reply};
use crate::object::{Entity, Kind, Object};
use crate::payment_intent::{self, CaptureMethod, CardOptions, ConfirmationMethod, MethodTypes};
use crate::payment_method::{AllowRedisplay, Check, PaymentMethod, create};
use crate::refusal::Refusal;
use crate::time::WorldTime;
use crate::webhook_endpoint::{Create, Notes};

/// How the network answers.
pub(crate) type Network = fn(&Question) -> Reply;

/// A world in memory.
pub(crate) struct World {
    pub(crate) account: Account,
    pub(crate) now: WorldTime,
    /// What the network answers, and what it was asked.
    pub(crate) network: Network,
    pub(crate) asked: Vec<Question>,
    pub(crate) events: Vec<NewEvent>,
    pub(crate) timers: Vec<Timer>,
    /// What the network was told.
    pub(crate) followups: Vec<Followup>,
    rows: BTreeMap<(Kind, u64), Loaded>,
    deliveries: BTreeMap<DeliveryId, Posted>,
    happened: BTreeMap<u64, (EventId, WorldTime)>,
    next: u64,
}

impl World {
    /// An American account whose cards are all good.
    pub(crate) fn new() -> World {
        World {
            account: Account {
                id: "acct_1234567890abcdef".to_owned(),
                created: WorldTime::month_start(2026, 11),
                country: Country::US,
                default_currency: Currency::USD,
                mode: Mode::Test,
            },
            now: WorldTime::month_start(2026, 11),
            network: |_| approved(),
            asked: Vec::new(),
            events: Vec::new(),
            timers: Vec::new(),
            followups: Vec::new(),
            rows: BTreeMap::new(),
            deliveries: BTreeMap::new(),
            happened: BTreeMap::new(),
            next: 1,
        }
    }

    /// Runs a rule to its end and keeps what it decided; a refusal keeps nothing.
    pub(crate) fn run(
        &mut self,
        rule: impl Fn(&mut Case<'_>) -> Result<Answer, Halt>,
    ) -> Result<Answer, Box<Refusal>> {
        let random = (0..4_096u32).map(|at| (at * 37 + 11) as u8).collect::<Vec<u8>>();
        let mint = Mint::new(self.next, 1_024, random);
        self.next += 1_024;
        let mut dossier = Dossier::new(self.now, self.account.clone());
        loop {
            let mut case = Case::new(&dossier, mint.clone());
            let halt = match rule(&mut case) {
                Ok(answer) => {
                    let decision = case.finish();
                    self.keep(decision.writes);
                    self.events.extend(decision.events);
                    self.timers.extend(decision.timers);
                    self.followups.extend(decision.followups);
                    decision.posts.into_iter().for_each(|post| self.posted(post.delivery));
                    return Ok(answer);
                }
                Err(halt) => halt,
            };
            match halt {
                Halt::Refused(refusal) => return Err(refusal),
                Halt::Need(need) => self.load(&mut dossier, need),
                Halt::Ask(question) => {
                    only_made_things(case, &question);
                    let reply = (self.network)(&question);
                    self.asked.push((*question).clone());
                    dossier.add_reply(*question, reply);
                }
            }
        }
    }

    /// Runs a rule that must pass.
    pub(crate) fn pass(&mut self, rule: impl Fn(&mut Case<'_>) -> Result<Answer, Halt>) -> Answer {
        self.run(rule).unwrap_or_else(|refusal| panic!("refused: {:?}", refusal.why))
    }

    /// A thing as it stands.
    pub(crate) fn get<E: Entity>(&self, id: E::Id) -> E {
        let row = self.rows.get(&(E::KIND, E::seq(id))).expect("the test wrote it");
        E::of(&row.object).expect("rows are of their kind").clone()
    }

    /// Every thing of a kind, oldest first.
    pub(crate) fn all<E: Entity>(&self) -> Vec<E> {
        let of_kind = self.rows.iter().filter(|((kind, _), _)| *kind == E::KIND);
        of_kind.filter_map(|(_, row)| E::of(&row.object)).cloned().collect()
    }

    /// Writes a thing as it is, without a rule.
    pub(crate) fn set<E: Entity>(&mut self, entity: E) {
        self.next = self.next.max(E::seq(entity.id()) + 1);
        self.keep(vec![Write::Insert(entity.into())]);
    }

    /// The events so far in their wire's words, which are then forgotten.
    pub(crate) fn told(&mut self) -> Vec<&'static str> {
        self.events.drain(..).map(|event| event.event_type.as_str()).collect()
    }

    /// A new customer.
    pub(crate) fn customer(&mut self) -> CustomerId {
        let create = customer::create::Create::default();
        let customer = self.pass(|case| create.clone().decide(case));
        self.events.clear();
        shown::<Customer>(&customer).id
    }

    /// A new method, unattached.
    pub(crate) fn method(&mut self) -> PaymentMethod {
        let create = create::Create { new: card() };
        let method = self.pass(|case| create.clone().decide(case));
        shown(&method)
    }

    /// A new endpoint that hears of one kind of event, or of all.
    pub(crate) fn endpoint(&mut self, hears: &str) -> WebhookEndpointId {
        let create = Create {
            url: "https://example.com/hook".parse().expect("an address"),
            enabled_events: vec![hears.to_owned()],
            api_version: None,
            notes: Notes::default(),
        };
        match self.pass(|case| create.clone().decide(case)) {
            Answer::Revealed(endpoint) => endpoint.id,
            answer => panic!("not shown: {answer:?}"),
        }
    }

    /// Something that happened at this moment.
    pub(crate) fn happen(&mut self, event: EventId) {
        self.happened.insert(event.seq, (event, self.now));
    }

    /// Writes a delivery as it is, without a rule.
    pub(crate) fn posted(&mut self, delivery: Delivery) {
        let version = self.deliveries.get(&delivery.id).map_or(0, |it| it.version) + 1;
        self.deliveries.insert(delivery.id, Posted { version, delivery });
    }

    /// A delivery as it stands.
    pub(crate) fn delivery(&self, id: DeliveryId) -> Delivery {
        self.deliveries.get(&id).expect("the test wrote it").delivery.clone()
    }

    fn keep(&mut self, writes: Vec<Write>) {
        for write in writes {
            let (object, expected) = match write {
                Write::Insert(object) => (object, 0),
                Write::Update { object, expected } => (object, expected),
            };
            let loaded = Loaded { version: expected + 1, object };
            self.rows.insert((loaded.object.kind(), loaded.object.seq()), loaded);
        }
    }

    fn load(&self, dossier: &mut Dossier, need: Need) {
        let listed = |kind: Kind, belongs: &dyn Fn(&Object) -> bool| {
            let of_kind = self.rows.iter().filter(|((it, _), _)| *it == kind);
            of_kind.map(|(_, row)| row.clone()).filter(|row| belongs(&row.object)).collect()
        };
        match need {
            Need::Row(kind, seq) => {
                dossier.add_row(kind, seq, self.rows.get(&(kind, seq)).cloned());
            }
            Need::Children(kind, parent) => {
                dossier.add_list(need, listed(kind, &|object| object.parent() == Some(parent)));
            }
            Need::OfCustomer(kind, customer) => {
                let belongs =
                    |object: &Object| object.customer().is_some_and(|it| it.seq == customer);
                dossier.add_list(need, listed(kind, &belongs));
            }
            Need::Event(number) => {
                dossier.add_event(number, self.happened.get(&number).copied());
            }
            Need::Deliveries(event) => {
                let of_event = self.deliveries.values().filter(|it| it.delivery.id.event == event);
                dossier.add_deliveries(event, of_event.cloned().collect());
            }
            Need::Balance => {
                let mut sums: Vec<Settling> = Vec::new();
                for it in self.all::<BalanceTransaction>().iter().map(|it| it.settling()) {
                    let place = (it.currency, it.available_on);
                    match sums.iter_mut().find(|sum| (sum.currency, sum.available_on) == place) {
                        Some(sum) => sum.amount += it.amount,
                        None => sums.push(it),
                    }
                }
                dossier.add_balance(sums);
            }
        }
    }
}

/// Where the issuer is a wire away, what stands in a halted case is committed before the question
/// is sent: so it may only be what the call makes, and the attempt must have a name.
fn only_made_things(case: Case<'_>, question: &Question) {
    if let Question::Authorize(_) = question {
        assert!(case.draft().is_some(), "an authorization belongs to an attempt");
    }
    let decision = case.finish();
    assert!(decision.timers.is_empty() && decision.followups.is_empty());
    // An adjustment is kept with its plan, and with the payments that it changes: its second run
    // finds it, and says the same again.
    let adjusts = decision.writes.iter().any(|write| match write {
        Write::Insert(object) | Write::Update { object, .. } => object.kind() == Kind::Adjustment,
    });
    for write in decision.writes {
        let (is_new, object) = match write {
            Write::Insert(object) => (true, object),
            Write::Update { object, .. } => (false, object),
        };
        let made = [Kind::Customer, Kind::PaymentMethod, Kind::PaymentIntent, Kind::SetupIntent];
        let adjusted = [Kind::Adjustment, Kind::PaymentIntent, Kind::Authentication];
        let may = (is_new && made.contains(&object.kind()))
            || (adjusts && adjusted.contains(&object.kind()));
        assert!(may, "written before the answer: {object:?}");
    }
}

/// The object of an answer.
pub(crate) fn shown<E: Entity>(answer: &Answer) -> E {
    match answer {
        Answer::Shown(object) => E::of(object).expect("the answer is of this kind").clone(),
        Answer::Deleted(_)
        | Answer::Adjusted(_)
        | Answer::Previewed(_)
        | Answer::Revealed(_)
        | Answer::Delivery(_)
        | Answer::Event(_)
        | Answer::Failed { .. } => panic!("not shown: {answer:?}"),
    }
}

/// A good American Visa card, typed with its security code.
pub(crate) fn card() -> NewMethod {
    NewMethod {
        hand: 0,
        facts: CardFacts {
            brand: Brand::Visa,
            networks: vec![Brand::Visa],
            funding: Funding::Credit,
            country: Country::US,
            last4: "4242".to_owned(),
            three_ds: ThreeDs::NotEnrolled,
            named: false,
            risk: Risk::Normal,
            risk_score: 32,
            radar_block: false,
            effect: None,
        },
        expiry: Expiry { year: 2027, month: 11 },
        fingerprint: "fingerprint00001".to_owned(),
        par: "PAR00000000000000000000000001".to_owned(),
        cvc_given: true,
        preferred_network: None,
        billing_details: BillingDetails::default(),
        allow_redisplay: AllowRedisplay::Unspecified,
        metadata: Metadata::new(),
    }
}

/// A payment that says nothing but its amount.
pub(crate) fn payment(minor: i64) -> payment_intent::create::Create {
    payment_intent::create::Create {
        amount: Money::new(minor, Currency::USD),
        customer: None,
        method: None,
        capture_method: CaptureMethod::AutomaticAsync,
        confirmation_method: ConfirmationMethod::Automatic,
        setup_future_usage: None,
        methods: MethodTypes::Listed,
        card_options: CardOptions::default(),
        description: None,
        metadata: Metadata::new(),
        receipt_email: None,
        shipping: None,
        statement_descriptor_suffix: None,
        transfer_group: None,
        confirm: None,
    }
}

/// A yes, with what was typed found right.
pub(crate) fn approved() -> Reply {
    answered("00", Check::Pass)
}

/// A no with this DE39.
pub(crate) fn declined(code: &str) -> Reply {
    answered(code, Check::Fail)
}

fn answered(code: &str, cvc: Check) -> Reply {
    Reply::Authorization(AuthorizationReply {
        code: code.to_owned(),
        approval_code: Some("123456".to_owned()),
        nti: Some(Nti {
            network: Brand::Visa,
            kind: NtiKind::Tid,
            value: "791057772779751".to_owned(),
            link: Some("link".to_owned()),
        }),
        advice: None,
        cvc: Some(cvc),
        line1: None,
        postal_code: None,
        rules: vec!["S23".to_owned()],
    })
}
