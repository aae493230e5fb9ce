//! What must hold of everything that is kept, whatever keeps it. A store shows its rows to a
//! [`Checker`], and the checker says which laws are broken.

use std::collections::BTreeMap;

use onfile_domain::agreement::{AgreementKind, AgreementState};
use onfile_domain::balance::Settling;
use onfile_domain::balance_transaction::BalanceTransaction;
use onfile_domain::card::TestEffect;
use onfile_domain::charge::{Charge, ChargeResult};
use onfile_domain::gateway::regions::euro_cents;
use onfile_domain::money::Money;
use onfile_domain::object::Object;
use onfile_domain::pan::passes_luhn;
use onfile_domain::payment_intent::{PaymentIntent, State};
use onfile_domain::refund::{Refund, RefundState};

use crate::contract::{EPOCH, WorldId};

mod money;

/// Something that must hold and doesn't.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which law.
    pub law: Law,
    /// Where, and what is there.
    pub what: String,
}

/// The laws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// Every row can be read.
    RowsDecode,
    /// What a row is looked up by says what its body says.
    ColumnsAgree,
    /// The lines of a movement sum to nothing.
    LedgerBalances,
    /// What a charge took moved, in one movement for each capture, and the amounts agree.
    CapturesMove,
    /// A charge counts as given back what its refunds say, no more than was taken; a refund that
    /// counts has its movement, one that failed two, and the amounts agree.
    RefundsAgree,
    /// What an account has is the sum of what its movements owe to it.
    BalancesAgree,
    /// Money that has not come to be available yet has the timer that tells of it.
    BalancesAreTold,
    /// A succeeded intent has a captured charge; one that can be captured, a hold of what was and
    /// can be taken; and no hold is left without its intent.
    IntentsHaveCharges,
    /// At most one agreement is active for a method and kind.
    OneAgreement,
    /// Events are numbered without a gap inside an epoch, from the first that wasn't forgotten on.
    EventsWithoutGaps,
    /// What a bank holds and settled is what our charges hold and took.
    BanksAgree,
    /// A delivery has its event, and one that waits has the timer that wakes it.
    DeliveriesGoOn,
    /// No card number stands anywhere outside the vault.
    NoCardNumbers,
}

/// Gathers what is needed of each row, and judges in the end.
#[derive(Default)]
pub(crate) struct Checker {
    violations: Vec<Violation>,
    charges: BTreeMap<(WorldId, u64), Charge>,
    intents: BTreeMap<(WorldId, u64), PaymentIntent>,
    movements: BTreeMap<(WorldId, u64), BalanceTransaction>,
    refunds: BTreeMap<(WorldId, u64), Refund>,
    balances: Vec<(WorldId, Settling)>,
    active: BTreeMap<(WorldId, u64, AgreementKind), u64>,
    pars: BTreeMap<(WorldId, u64), String>,
    spent: BTreeMap<(WorldId, String), i64>,
    /// Worlds where the network has something to hear yet, so that sums may differ.
    unsettled: Vec<WorldId>,
}

impl Checker {
    /// A law is broken.
    pub(crate) fn broken(&mut self, law: Law, what: String) {
        self.violations.push(Violation { law, what });
    }

    /// Takes note of a row.
    pub(crate) fn see(&mut self, world: WorldId, object: Object) {
        let key = (world, object.seq());
        match object {
            Object::Charge(it) => {
                self.charges.insert(key, *it);
            }
            Object::PaymentIntent(it) => {
                if it.inflight.is_some() {
                    self.unsettled.push(world);
                }
                self.intents.insert(key, *it);
            }
            Object::BalanceTransaction(it) => {
                self.movements.insert(key, *it);
            }
            Object::Refund(it) => {
                self.refunds.insert(key, *it);
            }
            Object::Agreement(it) => {
                if it.state == AgreementState::Active {
                    *self.active.entry((world, it.payment_method.seq, it.kind)).or_default() += 1;
                }
            }
            Object::PaymentMethod(it) => {
                self.pars.insert(key, it.card.par);
            }
            Object::Customer(_)
            | Object::SetupIntent(_)
            | Object::SetupAttempt(_)
            | Object::AgreementUse(_)
            | Object::Attempt(_)
            | Object::Authentication(_)
            | Object::PastDecline(_)
            | Object::Statement(_)
            | Object::TestClock(_)
            | Object::Adjustment(_)
            | Object::WebhookEndpoint(_) => {}
        }
    }

    /// Takes note of what a bank account holds and settled.
    pub(crate) fn see_spent(&mut self, world: WorldId, par: String, spent: i64) {
        self.spent.insert((world, par), spent);
    }

    /// Takes note of what an account has, as it was added up.
    pub(crate) fn see_balance(&mut self, world: WorldId, settling: Settling) {
        self.balances.push((world, settling));
    }

    /// Takes note of a world where the network has something to hear yet.
    pub(crate) fn see_unsettled(&mut self, world: WorldId) {
        self.unsettled.push(world);
    }

    /// Looks for card numbers in what is kept outside the vault.
    pub(crate) fn see_text(&mut self, text: &[u8], place: impl FnOnce() -> String) {
        if let Some(tail) = card_number(text) {
            self.broken(Law::NoCardNumbers, format!("{}: a number that ends in {tail}", place()));
        }
    }

    /// Takes note of events that are missing: an event comes behind this one and isn't the next.
    pub(crate) fn see_gap(&mut self, world: WorldId, before: u64, number: u64) {
        let what = format!("world {}: event {number} comes behind {before}", world.0);
        self.broken(Law::EventsWithoutGaps, what);
    }

    /// Takes note of the number of a world's last event, and of the one that the next one gets.
    pub(crate) fn see_events(&mut self, world: WorldId, last: u64, next: u64) {
        let begins_an_epoch = next > last && next.is_multiple_of(EPOCH);
        if next != last + 1 && !begins_an_epoch {
            self.see_gap(world, last, next);
        }
    }

    /// Judges.
    pub(crate) fn finish(mut self) -> Vec<Violation> {
        self.judge_movements();
        self.judge_charges();
        self.judge_refunds();
        self.judge_balances();
        self.judge_intents();
        let several: Vec<_> = self.active.iter().filter(|(_, count)| **count > 1).collect();
        for ((world, method, kind), count) in several {
            let what = format!("world {}, method {method}, {}: {count}", world.0, kind.as_str());
            self.violations.push(Violation { law: Law::OneAgreement, what });
        }
        self.judge_banks();
        self.violations
    }

    fn judge_charges(&mut self) {
        let moved = self.captured();
        let Checker { violations, charges, intents, .. } = self;
        for ((world, seq), charge) in charges {
            let at = format!("world {}, {}", world.0, charge.id);
            if charge.movement().is_some() {
                let taken = charge.captured();
                let moved = moved.get(&(*world, *seq));
                let agrees = moved.is_some_and(|moved| {
                    let counted = charge.movements().count() == moved.count;
                    counted && (moved.is_converted || moved.amount == taken)
                });
                if !agrees || !charge.amount.covers(taken) {
                    let what = format!("{at}: {taken:?} against {moved:?}");
                    violations.push(Violation { law: Law::CapturesMove, what });
                }
            }
            if charge.is_held() {
                let intent = intents.get(&(*world, charge.payment_intent.seq));
                if intent.and_then(held_by) != Some(*seq) {
                    let what = format!("{at}: a hold that its intent doesn't know");
                    violations.push(Violation { law: Law::IntentsHaveCharges, what });
                }
            }
        }
    }

    /// What the banks have of each charge's refunds.
    fn credits(&self) -> BTreeMap<(WorldId, u64), Credits> {
        let mut all: BTreeMap<(WorldId, u64), Credits> = BTreeMap::new();
        for ((world, _), refund) in &self.refunds {
            let key = (*world, refund.charge.seq);
            let effect = self.charges.get(&key).and_then(|charge| charge.card.facts.effect);
            let credits = all.entry(key).or_default();
            credits.refunds += 1;
            match (&refund.state, effect) {
                (RefundState::Succeeded { .. }, Some(TestEffect::RefundFails)) => {
                    credits.not_taken += refund.amount.minor();
                }
                (
                    RefundState::Succeeded { .. }
                    | RefundState::Pending { .. }
                    | RefundState::Failed { .. },
                    _,
                ) => {}
            }
        }
        all
    }

    fn judge_intents(&mut self) {
        let Checker { violations, charges, intents, .. } = self;
        for ((world, _), intent) in intents {
            let charge_of = |seq| {
                charges.get(&(*world, seq)).filter(|charge| charge.payment_intent == intent.id)
            };
            let holds = match &intent.state {
                State::Succeeded { charge, received, .. } => {
                    charge_of(charge.seq).is_some_and(|charge| match charge.result {
                        ChargeResult::Captured { amount, .. } => {
                            Money::new(amount, charge.amount.currency) == *received
                        }
                        ChargeResult::Held { .. }
                        | ChargeResult::PartlyCaptured { .. }
                        | ChargeResult::Released { .. }
                        | ChargeResult::Failed { .. } => false,
                    })
                }
                State::RequiresCapture { charge, capturable, received, .. } => {
                    charge_of(charge.seq).is_some_and(|charge| {
                        charge.is_held()
                            && charge.captured() == *received
                            && charge.authorized() == received.plus(*capturable)
                    })
                }
                State::RequiresPaymentMethod
                | State::RequiresConfirmation { .. }
                | State::RequiresAction { .. }
                | State::Canceled { .. } => true,
            };
            if !holds {
                let what = format!("world {}, {}: {:?}", world.0, intent.id, intent.state);
                violations.push(Violation { law: Law::IntentsHaveCharges, what });
            }
        }
    }

    /// Sums in hundredths of a euro. Each charge and each refund may be off by one, for a hold and
    /// the parts of it that are let go or given back are rounded apart; what has no rate can't be
    /// told.
    fn judge_banks(&mut self) {
        let rounded = self.credits();
        let Checker { violations, charges, pars, spent, unsettled, .. } = self;
        let mut ours: BTreeMap<(WorldId, String), Option<(i64, i64)>> = BTreeMap::new();
        for ((world, seq), charge) in charges {
            let taken = match charge.result {
                ChargeResult::Held { .. } | ChargeResult::PartlyCaptured { .. } => {
                    charge.authorized().minor()
                }
                ChargeResult::Captured { amount, refunded, .. } => {
                    amount - refunded + rounded.get(&(*world, *seq)).map_or(0, |it| it.not_taken)
                }
                ChargeResult::Released { .. } | ChargeResult::Failed { .. } => 0,
            };
            let Some(par) = pars.get(&(*world, charge.payment_method.seq)) else { continue };
            let cents = euro_cents(Money::new(taken, charge.amount.currency));
            let sum = ours.entry((*world, par.clone())).or_insert(Some((0, 0)));
            *sum = match (*sum, cents) {
                (Some((sum, count)), Some(cents)) => {
                    let refunds = rounded.get(&(*world, *seq)).map_or(0, |it| it.refunds);
                    Some((sum + cents, count + 1 + refunds))
                }
                (Some(_) | None, _) => None,
            };
        }
        for (account, spent) in spent {
            let Some((sum, charges)) = ours.get(account).copied().unwrap_or(Some((0, 0))) else {
                continue;
            };
            if (sum - *spent).abs() > charges && !unsettled.contains(&account.0) {
                let what = format!(
                    "world {}, {}: the bank has {spent}, the charges {sum}",
                    account.0.0, account.1
                );
                violations.push(Violation { law: Law::BanksAgree, what });
            }
        }
    }
}

/// What a charge's bank has of its refunds.
#[derive(Default)]
struct Credits {
    /// How many there are.
    refunds: i64,
    /// Given back here, and not taken by a bank that will send it back.
    not_taken: i64,
}

fn held_by(intent: &PaymentIntent) -> Option<u64> {
    match &intent.state {
        State::RequiresCapture { charge, .. } => Some(charge.seq),
        State::RequiresPaymentMethod
        | State::RequiresConfirmation { .. }
        | State::RequiresAction { .. }
        | State::Succeeded { .. }
        | State::Canceled { .. } => None,
    }
}

/// How card numbers begin, by their length. A network's own ids are runs of digits too.
const HEADS: [(usize, &[&str]); 5] = [
    (13, &["4"]),
    (14, &["30", "36", "38", "39"]),
    (15, &["34", "37"]),
    (16, &["2", "35", "4", "5", "6"]),
    (19, &["4", "62"]),
];

/// How our ids begin whose digits go on with a counter: one in a million has a tail that makes
/// them a run as long as a card number, and as well formed.
const OURS: [&[u8]; 5] = [b"ch_", b"payatt_", b"pi_", b"re_", b"txn_"];
/// Letters and digits behind those heads.
const ID: usize = 24;

/// The last four digits of a card number that stands in a text.
fn card_number(text: &[u8]) -> Option<String> {
    let mut from = 0;
    for run in text.split(|byte| !byte.is_ascii_digit()) {
        let at = from;
        from += run.len() + 1;
        let heads = HEADS.iter().find(|(len, _)| *len == run.len());
        let begins =
            heads.is_some_and(|(_, heads)| heads.iter().any(|it| run.starts_with(it.as_bytes())));
        if begins && passes_luhn(run) && !is_in_our_id(text, at) {
            return Some(String::from_utf8_lossy(&run[run.len() - 4..]).into_owned());
        }
    }
    None
}

/// Whether one of our ids, whole, begins its digits here.
fn is_in_our_id(text: &[u8], at: usize) -> bool {
    let length = text[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    length == ID && OURS.iter().any(|head| text[..at].ends_with(head))
}

#[cfg(test)]
mod tests {
    use onfile_domain::agreement::Agreement;
    use onfile_domain::balance_transaction::{
        LedgerAccount, LedgerLine, MovementKind, MovementSource,
    };
    use onfile_domain::charge::HoldTerms;
    use onfile_domain::id::{BalanceTransactionId, PaymentMethodId};
    use onfile_domain::money::Currency;
    use onfile_domain::payment_method::PaymentMethod;
    use onfile_domain::refund::{PendingReason, RefundFailure};
    use onfile_domain::time::WorldTime;

    use super::*;
    use crate::body::tests::{Dice, Made};

    const HERE: WorldId = WorldId(1);

    /// A payment of 1.00 USD, captured, of which 0.40 are given back, with all that belongs to it.
    struct Paid {
        method: PaymentMethod,
        intent: PaymentIntent,
        charge: Charge,
        movement: BalanceTransaction,
        /// A second movement.
        again: Option<BalanceTransaction>,
        agreements: Vec<Agreement>,
        refund: Refund,
        given_back: BalanceTransaction,
        balance: i64,
        spent: i64,
    }

    impl Paid {
        /// Half of it is captured; this much is received, and can still be.
        fn hold(&mut self, received: i64, capturable: i64) {
            self.charge.result = ChargeResult::PartlyCaptured {
                amount: 50,
                balance_transaction: self.movement.id,
                capture_before: WorldTime(9),
            };
            self.movement.amount = self.movement.amount.with_minor(50);
            for line in &mut self.movement.lines {
                line.amount /= 2;
            }
            // What was given back is another charge's.
            self.refund.charge.seq += 1;
            (self.balance, self.spent) = (10, 91);
            let [capturable, received] =
                [capturable, received].map(|it| Money::new(it, Currency::USD));
            self.intent.state = State::RequiresCapture {
                method: self.method.id,
                charge: self.charge.id,
                expires_at: WorldTime(9),
                capturable,
                received,
            };
        }
    }

    fn paid() -> Paid {
        let dice = &mut Dice(7);
        let amount = Money::new(100, Currency::USD);
        let mut method = PaymentMethod::made(dice);
        let mut intent = PaymentIntent::made(dice);
        let mut charge = Charge::made(dice);
        let mut movement = BalanceTransaction::made(dice);
        let mut agreement = Agreement::made(dice);
        method.id = PaymentMethodId::new(1, [b'm'; 16]);
        intent.inflight = None;
        intent.state = State::Succeeded { method: method.id, charge: charge.id, received: amount };
        charge.amount = amount;
        charge.terms = HoldTerms::default();
        charge.payment_intent = intent.id;
        charge.payment_method = method.id;
        charge.result = ChargeResult::Captured {
            amount: 100,
            refunded: 40,
            refunding: 0,
            balance_transaction: movement.id,
            shown_at: WorldTime(0),
            capture_before: None,
        };
        charge.card.facts.effect = None;
        movement.source = MovementSource::Charge(charge.id);
        movement.amount = amount;
        movement.exchange_rate_e6 = None;
        movement.fee = 0;
        (movement.created, movement.available_on) = (WorldTime(5), WorldTime(9));
        movement.lines = [(LedgerAccount::Acquirer, 100), (LedgerAccount::MerchantPending, -100)]
            .map(|(account, amount)| LedgerLine { account, amount })
            .to_vec();
        agreement.payment_method = method.id;
        agreement.state = AgreementState::Active;
        let mut refund = Refund::made(dice);
        let mut given_back = movement.clone();
        given_back.id = BalanceTransactionId::new(2, [b'b'; 16]);
        refund.amount = Money::new(40, Currency::USD);
        refund.charge = charge.id;
        let (balance_transaction, reference) = (given_back.id, None);
        refund.state = RefundState::Succeeded { balance_transaction, reference };
        given_back.kind = MovementKind::Refund;
        given_back.source = MovementSource::Refund(refund.id);
        given_back.amount = given_back.amount.with_minor(-40);
        for line in &mut given_back.lines {
            line.amount = -line.amount * 40 / 100;
        }
        // 60 cents at 1.10 are 55 cents of a euro.
        let (agreements, balance, spent) = (vec![agreement], 60, 55);
        Paid {
            method,
            intent,
            charge,
            movement,
            again: None,
            agreements,
            refund,
            given_back,
            balance,
            spent,
        }
    }

    /// The charge with other counts of what was given back, and of what is on its way.
    fn refunded(charge: &Charge, done: i64, on_its_way: i64) -> ChargeResult {
        let mut result = charge.result.clone();
        if let ChargeResult::Captured { refunded, refunding, .. } = &mut result {
            (*refunded, *refunding) = (done, on_its_way);
        }
        result
    }

    fn judged(paid: Paid) -> Vec<Law> {
        let mut checker = Checker::default();
        checker.see_spent(HERE, paid.method.card.par.clone(), paid.spent);
        checker.see(HERE, paid.method.into());
        checker.see(HERE, paid.intent.into());
        checker.see(HERE, paid.charge.into());
        checker.see(HERE, paid.movement.into());
        checker.see(HERE, paid.refund.into());
        checker.see(HERE, paid.given_back.into());
        let (currency, available_on) = (Currency::USD, WorldTime(9));
        checker.see_balance(HERE, Settling { currency, available_on, amount: paid.balance });
        if let Some(mut again) = paid.again {
            again.id.seq += 1;
            checker.see(HERE, again.into());
        }
        for agreement in paid.agreements {
            checker.see(HERE, agreement.into());
        }
        let mut laws: Vec<Law> = checker.finish().into_iter().map(|it| it.law).collect();
        laws.sort_unstable();
        laws.dedup();
        laws
    }

    #[test]
    fn each_law_of_payments_can_be_broken() {
        assert_eq!(judged(paid()), []);
        let mut half = paid();
        half.hold(50, 50);
        assert_eq!(judged(half), []);
        let hold = ChargeResult::Held { capture_before: WorldTime(9) };
        type Case<'a> = (&'a str, &'a [Law], &'a dyn Fn(&mut Paid));
        let cases: [Case<'_>; 20] = [
            ("a line too much", &[Law::LedgerBalances], &|it| {
                it.movement.lines.push(LedgerLine { account: LedgerAccount::Fees, amount: 1 });
            }),
            ("another amount moved", &[Law::LedgerBalances, Law::CapturesMove], &|it| {
                it.movement.amount = it.movement.amount.with_minor(99);
            }),
            ("owed to somebody else", &[Law::LedgerBalances, Law::BalancesAgree], &|it| {
                it.movement.lines[1].account = LedgerAccount::Fees;
            }),
            ("a refund that the charge doesn't count", &[Law::RefundsAgree], &|it| {
                it.charge.result = refunded(&it.charge, 0, 0);
                it.spent = 91;
            }),
            ("a refund that counts twice", &[Law::RefundsAgree], &|it| {
                it.charge.result = refunded(&it.charge, 40, 40);
            }),
            ("a pending refund that moved", &[Law::RefundsAgree], &|it| {
                it.refund.state = RefundState::Pending { why: PendingReason::Processing };
                it.charge.result = refunded(&it.charge, 0, 40);
                it.spent = 91;
            }),
            ("a failed refund that never came back", &[Law::RefundsAgree], &|it| {
                it.refund.state = RefundState::Failed {
                    why: RefundFailure::ExpiredOrCanceledCard,
                    balance_transaction: it.given_back.id,
                    failure_balance_transaction: BalanceTransactionId::new(3, [b'b'; 16]),
                };
                it.charge.result = refunded(&it.charge, 0, 0);
                it.spent = 91;
            }),
            ("more given back than taken", &[Law::RefundsAgree], &|it| {
                it.refund.amount = it.refund.amount.with_minor(101);
                it.charge.result = refunded(&it.charge, 101, 0);
                it.given_back.amount = it.given_back.amount.with_minor(-101);
                it.given_back.lines[0].amount = -101;
                it.given_back.lines[1].amount = 101;
                (it.balance, it.spent) = (-1, -1);
            }),
            ("another amount given back", &[Law::RefundsAgree], &|it| {
                it.refund.amount = it.refund.amount.with_minor(41);
                it.charge.result = refunded(&it.charge, 41, 0);
            }),
            ("money that nobody moved", &[Law::BalancesAgree], &|it| it.balance += 1),
            ("a bank that has what it will send back", &[Law::BanksAgree], &|it| {
                it.charge.card.facts.effect = Some(TestEffect::RefundFails);
            }),
            ("more taken than asked", &[Law::CapturesMove], &|it| {
                it.charge.amount = it.charge.amount.with_minor(99)
            }),
            ("received more", &[Law::IntentsHaveCharges], &|it| {
                let (method, charge) = (it.method.id, it.charge.id);
                let received = Money::new(101, Currency::USD);
                it.intent.state = State::Succeeded { method, charge, received };
            }),
            (
                "a hold that moved",
                &[Law::CapturesMove, Law::RefundsAgree, Law::IntentsHaveCharges, Law::BanksAgree],
                &|it| it.charge.result = hold.clone(),
            ),
            ("a part that moved twice", &[Law::CapturesMove], &|it| {
                it.again = Some(it.movement.clone());
                it.balance += 100;
            }),
            ("more held than can be taken", &[Law::IntentsHaveCharges], &|it| it.hold(50, 49)),
            ("taken and not received", &[Law::IntentsHaveCharges], &|it| it.hold(51, 49)),
            ("two agreements of a kind", &[Law::OneAgreement], &|it| {
                it.agreements.push(it.agreements[0].clone());
            }),
            ("a forgotten hold", &[Law::BanksAgree], &|it| it.spent += 91),
            ("a charge that the bank missed", &[Law::BanksAgree], &|it| it.spent = 0),
        ];
        for (what, laws, break_it) in cases {
            let mut it = paid();
            break_it(&mut it);
            assert_eq!(judged(it), laws, "{what}");
        }
    }

    #[test]
    fn events_are_counted() {
        for (last, next, whole) in [
            (0, 1, true),
            (3, 4, true),
            (3, 5, false),
            (0, 2, false),
            (3, EPOCH, true),
            (0, 7 * EPOCH, true),
            (EPOCH, EPOCH, false),
        ] {
            let mut checker = Checker::default();
            checker.see_events(HERE, last, next);
            assert_eq!(checker.finish().is_empty(), whole, "{last}, {next}");
        }
    }

    #[test]
    fn card_numbers_are_told_from_other_digits() {
        for (text, tail) in [
            ("{\"number\":\"4242424242424242\"}", Some("4242")),
            ("a378282246310005b", Some("0005")),
            ("4242424242424241", None),
            ("14242424242424242", None),
            ("424242424242", None),
            ("1790000000", None),
            ("100000000000009", None),
            // An id of ours, and what only looks like one.
            ("\"pi_30000025123450abcdefghij\"", None),
            ("\"pi_30000025123450abcdefghi\"", Some("3450")),
            ("\"px_30000025123450abcdefghij\"", Some("3450")),
            ("pi_30000025123450 4242424242424242", Some("3450")),
            ("pi_30000025123450abcdefghij 4242424242424242", Some("4242")),
        ] {
            assert_eq!(card_number(text.as_bytes()).as_deref(), tail, "{text}");
        }
    }
}
