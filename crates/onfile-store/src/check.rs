//! What must hold of everything that is kept, whatever keeps it. A store shows its rows to a
//! [`Checker`], and the checker says which laws are broken.

use std::collections::BTreeMap;

use onfile_domain::agreement::{AgreementKind, AgreementState};
use onfile_domain::balance_transaction::BalanceTransaction;
use onfile_domain::charge::{Charge, ChargeResult};
use onfile_domain::gateway::regions::euro_cents;
use onfile_domain::money::Money;
use onfile_domain::object::Object;
use onfile_domain::pan::passes_luhn;
use onfile_domain::payment_intent::{PaymentIntent, State};

use crate::contract::{EPOCH, WorldId};

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
    /// A captured charge has its movement, and the amounts agree.
    CapturesMove,
    /// A succeeded intent has a captured charge; one that can be captured, a hold; and no hold
    /// is left without its intent.
    IntentsHaveCharges,
    /// At most one agreement is active for a method and kind.
    OneAgreement,
    /// Events are numbered without a gap inside an epoch.
    EventsWithoutGaps,
    /// What a bank holds and settled is what our charges hold and took.
    BanksAgree,
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
            | Object::TestClock(_)
            | Object::Adjustment(_) => {}
        }
    }

    /// Takes note of what a bank account holds and settled.
    pub(crate) fn see_spent(&mut self, world: WorldId, par: String, spent: i64) {
        self.spent.insert((world, par), spent);
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
        self.judge_intents();
        let several: Vec<_> = self.active.iter().filter(|(_, count)| **count > 1).collect();
        for ((world, method, kind), count) in several {
            let what = format!("world {}, method {method}, {}: {count}", world.0, kind.as_str());
            self.violations.push(Violation { law: Law::OneAgreement, what });
        }
        self.judge_banks();
        self.violations
    }

    fn judge_movements(&mut self) {
        let Checker { violations, charges, movements, .. } = self;
        for ((world, _), movement) in movements {
            let at = format!("world {}, {}", world.0, movement.id);
            let sum: i64 = movement.lines.iter().map(|line| line.amount).sum();
            if sum != 0 || movement.lines.is_empty() {
                let what = format!("{at}: the lines sum to {sum}");
                violations.push(Violation { law: Law::LedgerBalances, what });
            }
            let moved_by = charges.get(&(*world, movement.source.seq)).and_then(movement_of);
            if moved_by != Some(movement.id.seq) {
                let what = format!("{at}: {} was not captured by it", movement.source);
                violations.push(Violation { law: Law::CapturesMove, what });
            }
        }
    }

    fn judge_charges(&mut self) {
        let Checker { violations, charges, intents, movements, .. } = self;
        for ((world, seq), charge) in charges {
            let at = format!("world {}, {}", world.0, charge.id);
            match &charge.result {
                ChargeResult::Captured { amount, refunded, balance_transaction, .. } => {
                    let movement = movements.get(&(*world, balance_transaction.seq));
                    let agrees = movement.is_some_and(|movement| {
                        movement.id == *balance_transaction
                            && movement.source == charge.id
                            && (movement.exchange_rate_e6.is_some()
                                || movement.amount == Money::new(*amount, charge.amount.currency))
                    });
                    if !agrees || refunded > amount || *amount > charge.amount.minor {
                        let what = format!("{at}: {amount} against {movement:?}");
                        violations.push(Violation { law: Law::CapturesMove, what });
                    }
                }
                ChargeResult::Held { .. } => {
                    let intent = intents.get(&(*world, charge.payment_intent.seq));
                    if intent.and_then(held_by) != Some(*seq) {
                        let what = format!("{at}: a hold that its intent doesn't know");
                        violations.push(Violation { law: Law::IntentsHaveCharges, what });
                    }
                }
                ChargeResult::Released { .. } | ChargeResult::Failed { .. } => {}
            }
        }
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
                        | ChargeResult::Released { .. }
                        | ChargeResult::Failed { .. } => false,
                    })
                }
                State::RequiresCapture { charge, .. } => charge_of(charge.seq)
                    .is_some_and(|charge| matches!(charge.result, ChargeResult::Held { .. })),
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

    /// Sums in hundredths of a euro. Each charge may be off by one, for a hold and the part of it
    /// that was let go are rounded apart; what has no rate can't be told.
    fn judge_banks(&mut self) {
        let Checker { violations, charges, pars, spent, unsettled, .. } = self;
        let mut ours: BTreeMap<(WorldId, String), Option<(i64, i64)>> = BTreeMap::new();
        for ((world, _), charge) in charges {
            let taken = match charge.result {
                ChargeResult::Held { .. } => charge.amount.minor,
                ChargeResult::Captured { amount, refunded, .. } => amount - refunded,
                ChargeResult::Released { .. } | ChargeResult::Failed { .. } => 0,
            };
            let Some(par) = pars.get(&(*world, charge.payment_method.seq)) else { continue };
            let cents = euro_cents(Money::new(taken, charge.amount.currency));
            let sum = ours.entry((*world, par.clone())).or_insert(Some((0, 0)));
            *sum = match (*sum, cents) {
                (Some((sum, count)), Some(cents)) => Some((sum + cents, count + 1)),
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

fn movement_of(charge: &Charge) -> Option<u64> {
    match &charge.result {
        ChargeResult::Captured { balance_transaction, .. } => Some(balance_transaction.seq),
        ChargeResult::Held { .. } | ChargeResult::Released { .. } | ChargeResult::Failed { .. } => {
            None
        }
    }
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

/// The last four digits of a card number that stands in a text.
fn card_number(text: &[u8]) -> Option<String> {
    text.split(|byte| !byte.is_ascii_digit())
        .filter(|run| {
            let heads = HEADS.iter().find(|(len, _)| *len == run.len());
            heads.is_some_and(|(_, heads)| heads.iter().any(|it| run.starts_with(it.as_bytes())))
        })
        .find(|run| passes_luhn(run))
        .map(|run| String::from_utf8_lossy(&run[run.len() - 4..]).into_owned())
}

#[cfg(test)]
mod tests {
    use onfile_domain::agreement::Agreement;
    use onfile_domain::balance_transaction::{LedgerAccount, LedgerLine};
    use onfile_domain::id::PaymentMethodId;
    use onfile_domain::money::Currency;
    use onfile_domain::payment_method::PaymentMethod;
    use onfile_domain::time::WorldTime;

    use super::*;
    use crate::body::tests::{Dice, Made};

    const HERE: WorldId = WorldId(1);

    /// A payment of 1.00 USD, captured, with all that belongs to it.
    struct Paid {
        method: PaymentMethod,
        intent: PaymentIntent,
        charge: Charge,
        movement: BalanceTransaction,
        agreements: Vec<Agreement>,
        spent: i64,
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
        charge.payment_intent = intent.id;
        charge.payment_method = method.id;
        charge.result = ChargeResult::Captured {
            amount: 100,
            refunded: 0,
            balance_transaction: movement.id,
            shown_at: WorldTime(0),
            capture_before: None,
        };
        movement.source = charge.id;
        movement.amount = amount;
        movement.exchange_rate_e6 = None;
        movement.lines = [(LedgerAccount::Acquirer, 100), (LedgerAccount::MerchantPending, -100)]
            .map(|(account, amount)| LedgerLine { account, amount })
            .to_vec();
        agreement.payment_method = method.id;
        agreement.state = AgreementState::Active;
        // 100 cents at 1.10 are 91 cents of a euro.
        Paid { method, intent, charge, movement, agreements: vec![agreement], spent: 91 }
    }

    fn judged(paid: Paid) -> Vec<Law> {
        let mut checker = Checker::default();
        checker.see_spent(HERE, paid.method.card.par.clone(), paid.spent);
        checker.see(HERE, paid.method.into());
        checker.see(HERE, paid.intent.into());
        checker.see(HERE, paid.charge.into());
        checker.see(HERE, paid.movement.into());
        for agreement in paid.agreements {
            checker.see(HERE, agreement.into());
        }
        let mut laws: Vec<Law> = checker.finish().into_iter().map(|it| it.law).collect();
        laws.dedup();
        laws
    }

    #[test]
    fn each_law_of_payments_can_be_broken() {
        assert_eq!(judged(paid()), []);
        let hold = ChargeResult::Held { capture_before: WorldTime(9) };
        type Case<'a> = (&'a str, &'a [Law], &'a dyn Fn(&mut Paid));
        let cases: [Case<'_>; 8] = [
            ("a line too much", &[Law::LedgerBalances], &|it| {
                it.movement.lines.push(LedgerLine { account: LedgerAccount::Fees, amount: 1 });
            }),
            ("another amount moved", &[Law::CapturesMove], &|it| it.movement.amount.minor = 99),
            ("more taken than asked", &[Law::CapturesMove], &|it| it.charge.amount.minor = 99),
            ("received more", &[Law::IntentsHaveCharges], &|it| {
                let (method, charge) = (it.method.id, it.charge.id);
                let received = Money::new(101, Currency::USD);
                it.intent.state = State::Succeeded { method, charge, received };
            }),
            ("a hold that moved", &[Law::CapturesMove, Law::IntentsHaveCharges], &|it| {
                it.charge.result = hold.clone();
            }),
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
        ] {
            assert_eq!(card_number(text.as_bytes()).as_deref(), tail, "{text}");
        }
    }
}
