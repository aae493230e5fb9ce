use super::*;
use proptest::prelude::*;

/// `open 9`, `held 9`, `held 9<20` (may be raised to 20), `held 5+4` (4 were taken before),
/// `taken 9`, `taken 9-3` (3 were given back), `disputed 9`, `gone`.
fn stand(text: &str) -> Stand {
    let (word, money) = text.split_once(' ').unwrap_or((text, ""));
    let number = |text: &str| text.parse::<i64>().expect("the tables hold numbers");
    let taken = |text: &str, disputed| {
        let (captured, refunded) = text.split_once('-').unwrap_or((text, "0"));
        Taken { captured: number(captured), refunded: number(refunded), disputed }
    };
    match word {
        "open" => Stand::Open { amount: number(money) },
        "held" => {
            let (held, most) = money.split_once('<').unwrap_or((money, ""));
            let (held, before) = held.split_once('+').unwrap_or((held, "0"));
            let most = (!most.is_empty()).then(|| number(most));
            Stand::Held { capturable: number(held), taken: taken(before, false), most }
        }
        "taken" => Stand::Captured(taken(money, false)),
        "disputed" => Stand::Captured(taken(money, true)),
        "gone" => Stand::Canceled,
        other => panic!("{other} is no way to stand"),
    }
}

fn funds(text: &str, currency: Currency) -> Funds {
    let mut members = text.split(',').enumerate().map(|(at, text)| Member {
        intent: PaymentIntentId::new(at as u64, [b'a'; 16]),
        stand: stand(text.trim()),
    });
    let original = members.next().expect("an order has a payment");
    Funds { currency, settles_in: currency, original, others: members.collect() }
}

/// `lower 1 by 5`: the payment after the first.
fn told(plan: Result<Plan, Why>) -> String {
    let plan = match plan {
        Ok(plan) => plan,
        Err(Why::Adjustment(AdjustmentRefused::Status(status))) => {
            return format!("refused: {}", status.as_str());
        }
        Err(Why::Payment(PaymentRefused::AmountTooLarge { .. })) => {
            return "refused: too large".to_owned();
        }
        Err(Why::Payment(PaymentRefused::AmountTooSmall { .. })) => {
            return "refused: too small".to_owned();
        }
        Err(Why::Adjustment(AdjustmentRefused::DifferenceTooSmall { difference, .. })) => {
            return format!("refused: difference {} too small", difference.minor());
        }
        Err(Why::Payment(PaymentRefused::AmountNotDivisible { .. })) => {
            return "refused: steps".to_owned();
        }
        Err(Why::Adjustment(AdjustmentRefused::Disputed(intent))) => {
            return format!("refused: {} disputed", intent.seq);
        }
        Err(why) => panic!("{why:?}"),
    };
    let mut words = vec![format!("{} from {}", plan.road.as_str(), plan.previous)];
    words.extend(plan.moves.iter().map(|it| match it {
        Move::Update { intent, to } => format!("update {} to {to}", intent.seq),
        Move::Lower { intent, by } => format!("lower {} by {by}", intent.seq),
        Move::Release { intent, held } => format!("release {held} of {}", intent.seq),
        Move::Increment { intent, by } => format!("raise {} by {by}", intent.seq),
        Move::Authorize { amount } => format!("authorize {amount}"),
        Move::Charge { amount } => format!("charge {amount}"),
        Move::Refund { intent, amount } => format!("refund {amount} of {}", intent.seq),
    }));
    words.extend(plan.superseded.iter().map(|intent| format!("give up {}", intent.seq)));
    words.join("; ")
}

#[track_caller]
fn check(money: &str, total: i64, expected: &str) {
    assert_eq!(told(plan(&funds(money, Currency::USD), total)), expected, "{money}, then {total}");
}

#[test]
fn not_paid_yet() {
    check("open 1000", 1500, "update from 1000; update 0 to 1500");
    check("open 1000", 500, "update from 1000; update 0 to 500");
    check("open 1000", 1000, "none from 1000");
    check("open 1000", 49, "refused: too small");
    check("open 1000", 0, "refused: too small");
    check("open 1000", 100_000_000, "refused: too large");
}

#[test]
fn held() {
    check("held 1000", 1000, "none from 1000");
    check("held 1000", 700, "reverse from 1000; lower 0 by 300");
    check("held 1000", 1, "reverse from 1000; lower 0 by 999");
    check("held 1000", 0, "reverse from 1000; release 1000 of 0");
    check("held 1000", 1500, "authorize from 1000; authorize 500");
    check("held 1000", 1049, "refused: difference 49 too small");
    check("held 1000", 1050, "authorize from 1000; authorize 50");
    // A raised hold is one hold: its difference may be of any size.
    check("held 1000<5000", 1001, "increment from 1000; raise 0 by 1");
    check("held 1000<5000", 5000, "increment from 1000; raise 0 by 4000");
    check("held 1000<5000", 5001, "authorize from 1000; authorize 4001");
    check("held 1000<5000", 900, "reverse from 1000; lower 0 by 100");
}

#[test]
fn held_twice() {
    check("held 1000, held 500", 1700, "authorize from 1500; authorize 200");
    check("held 1000, held 500<900", 1700, "increment from 1500; raise 1 by 200");
    check("held 1000, held 500", 1200, "reverse from 1500; lower 1 by 300");
    check("held 1000, held 500", 1000, "reverse from 1500; release 500 of 1");
    check("held 1000, held 500", 800, "reverse from 1500; release 500 of 1; lower 0 by 200");
    check("held 1000, held 500", 0, "reverse from 1500; release 500 of 1; release 1000 of 0");
    check("held 1000, gone", 1000, "none from 1000");
    check("held 1000, gone, held 100", 1050, "reverse from 1100; lower 2 by 50");
}

#[test]
fn held_and_taken() {
    // Holds go first, but not the last of the first payment while there is an order.
    check("held 1000, taken 500", 1200, "reverse from 1500; lower 0 by 300");
    check("held 1000, taken 500", 300, "refund from 1500; lower 0 by 700; refund 500 of 1");
    check("held 100, taken 500", 300, "refund from 600; refund 300 of 1");
    check("held 100, taken 500", 0, "refund from 600; release 100 of 0; refund 500 of 1");
    check("taken 1000, held 500", 1200, "reverse from 1500; lower 1 by 300");
    check("taken 1000, held 500", 900, "refund from 1500; release 500 of 1; refund 100 of 0");
    check("taken 1000, held 500<5000", 1600, "charge from 1500; charge 100");
    check("held 400+600", 900, "reverse from 1000; lower 0 by 100");
    check("held 400+600", 500, "refund from 1000; release 400 of 0; refund 100 of 0");
    check(
        "held 400+600, taken 200",
        500,
        "refund from 1200; release 400 of 0; refund 200 of 1; refund 100 of 0",
    );
    check("held 400+600", 0, "refund from 1000; release 400 of 0; refund 600 of 0");
}

#[test]
fn taken() {
    check("taken 1000", 1000, "none from 1000");
    check("taken 1000", 1450, "charge from 1000; charge 450");
    check("taken 1000", 1049, "refused: difference 49 too small");
    check("taken 1000", 999, "refund from 1000; refund 1 of 0");
    check("taken 1000", 0, "refund from 1000; refund 1000 of 0");
    check("taken 1000-300", 700, "none from 700");
    check("taken 1000-300", 1000, "charge from 700; charge 300");
    check("taken 1000-300", 600, "refund from 700; refund 100 of 0");
    check("taken 1000, taken 450", 1200, "refund from 1450; refund 250 of 1");
    check("taken 1000, taken 450", 900, "refund from 1450; refund 450 of 1; refund 100 of 0");
    check("taken 1000, taken 450-450, taken 200", 1100, "refund from 1200; refund 100 of 2");
    check("taken 90000000", 99_999_999, "charge from 90000000; charge 9999999");
    check("taken 90000000", 100_000_000, "refused: too large");
}

#[test]
fn everything_was_given_back() {
    check("taken 1000-1000", 0, "none from 0");
    check("taken 1000-1000", 800, "charge from 0; charge 800");
    check("taken 1000-1000", 30, "refused: difference 30 too small");
}

#[test]
fn given_up() {
    check("gone", 500, "refused: canceled");
    check("gone", 0, "refused: canceled");
    check("gone, held 500", 400, "refused: canceled");
}

#[test]
fn what_nobody_completed_is_given_up() {
    check("taken 1000, open 500", 1500, "charge from 1000; charge 500; give up 1");
    check("taken 1000, open 500", 1000, "none from 1000; give up 1");
    check("taken 1000, open 500", 800, "refund from 1000; refund 200 of 0; give up 1");
    check("held 1000, open 500", 1200, "authorize from 1000; authorize 200; give up 1");
    // A refusal gives nothing up.
    check("taken 1000, open 500", 1020, "refused: difference 20 too small");
}

#[test]
fn an_order_has_only_so_many_payments() {
    let many = format!("taken 1000{}", ", taken 10".repeat(PAYMENTS));
    let plan = plan(&funds(&many, Currency::USD), 5_000);
    assert_eq!(plan, Err(Why::Adjustment(AdjustmentRefused::TooManyPayments { most: PAYMENTS })));
    let back = super::plan(&funds(&many, Currency::USD), 0).expect("all can be given back");
    assert_eq!(back.moves.len(), PAYMENTS + 1);
}

#[test]
fn disputed() {
    check("disputed 1000", 900, "refused: 0 disputed");
    check("disputed 1000", 1100, "charge from 1000; charge 100");
    check("disputed 1000, taken 200", 900, "refused: 0 disputed");
    check("taken 1000, disputed 200", 900, "refund from 1200; refund 300 of 0");
}

#[test]
fn other_currencies_have_other_limits() {
    let check = |currency: &str, money, total, expected| {
        let currency = currency.parse().expect("a currency");
        assert_eq!(told(plan(&funds(money, currency), total)), expected, "{currency}");
    };
    check("jpy", "taken 1000", 1049, "refused: difference 49 too small");
    check("gbp", "taken 1000", 1030, "charge from 1000; charge 30");
    check("huf", "taken 20000", 30_000, "refused: difference 10000 too small");
    check("kes", "taken 1000", 1001, "charge from 1000; charge 1");
    check("kwd", "taken 1000", 1005, "refused: steps");
    check("kwd", "taken 1000", 900, "refund from 1000; refund 100 of 0");
    check("isk", "held 1000", 950, "refused: steps");
    check("idr", "taken 1000", 999_999_999_999, "charge from 1000; charge 999999998999");
}

/// What the moves make of the money, where everything passes.
fn done(mut funds: Funds, plan: &Plan) -> Funds {
    for it in &plan.moves {
        let mut made = |stand| {
            let intent = PaymentIntentId::new(funds.others.len() as u64 + 1, [b'a'; 16]);
            funds.others.push(Member { intent, stand });
        };
        match *it {
            Move::Authorize { amount } => {
                made(Stand::Held { capturable: amount, taken: Taken::default(), most: None });
            }
            Move::Charge { amount } => {
                made(Stand::Captured(Taken { captured: amount, refunded: 0, disputed: false }));
            }
            Move::Update { intent, .. }
            | Move::Lower { intent, .. }
            | Move::Release { intent, .. }
            | Move::Increment { intent, .. }
            | Move::Refund { intent, .. } => {
                let others = funds.others.iter_mut();
                let mut members = std::iter::once(&mut funds.original).chain(others);
                let member = members.find(|member| member.intent == intent).expect("it is there");
                moved(&mut member.stand, it);
            }
        }
    }
    for member in &mut funds.others {
        if plan.superseded.contains(&member.intent) {
            assert!(member.stand.is_open());
            member.stand = Stand::Canceled;
        }
    }
    funds
}

fn moved(stand: &mut Stand, by: &Move) {
    match (&mut *stand, by) {
        (Stand::Open { amount }, Move::Update { to, .. }) => *amount = *to,
        (Stand::Held { capturable, .. }, Move::Lower { by, .. }) => {
            *capturable -= by;
            assert!(*capturable > 0 && *by > 0);
        }
        (Stand::Held { capturable, most, .. }, Move::Increment { by, .. }) => {
            *capturable += by;
            assert!(*capturable <= most.expect("it may be raised"));
        }
        (Stand::Held { capturable, taken, .. }, Move::Release { held, .. }) => {
            assert_eq!(capturable, held);
            *stand = if taken.captured > 0 { Stand::Captured(*taken) } else { Stand::Canceled };
        }
        (Stand::Captured(taken) | Stand::Held { taken, .. }, Move::Refund { amount, .. }) => {
            taken.refunded += amount;
            assert!(*amount > 0 && taken.refunded <= taken.captured && !taken.disputed);
        }
        (stand, by) => panic!("{by:?} of {stand:?}"),
    }
}

fn some_taken() -> impl Strategy<Value = Taken> {
    (1..5_000i64, 0..=100i64, prop::bool::weighted(0.05)).prop_map(
        |(captured, percent, disputed)| Taken {
            captured,
            refunded: captured * percent / 100,
            disputed,
        },
    )
}

fn some_stand() -> impl Strategy<Value = Stand> {
    prop_oneof![
        (50..5_000i64).prop_map(|amount| Stand::Open { amount }),
        (1..5_000i64, prop::option::of(0..9_000i64), prop::option::of(some_taken())).prop_map(
            |(capturable, most, taken)| {
                let taken = Taken { disputed: false, ..taken.unwrap_or_default() };
                Stand::Held { capturable, taken, most }
            }
        ),
        some_taken().prop_map(Stand::Captured),
        Just(Stand::Canceled),
    ]
}

fn some_funds() -> impl Strategy<Value = Funds> {
    (some_stand(), prop::collection::vec(some_stand(), 0..5)).prop_map(|(first, others)| {
        let others = if let Stand::Open { .. } = first { Vec::new() } else { others };
        let member = |(at, stand): (usize, Stand)| Member {
            intent: PaymentIntentId::new(at as u64 + 1, [b'a'; 16]),
            stand,
        };
        Funds {
            currency: Currency::USD,
            settles_in: Currency::USD,
            original: Member { intent: PaymentIntentId::new(0, [b'a'; 16]), stand: first },
            others: others.into_iter().enumerate().map(member).collect(),
        }
    })
}

proptest! {
    #[test]
    fn whatever_is_planned_ends_at_the_total(funds in some_funds(), total in 0..9_000i64) {
        if let Ok(plan) = plan(&funds, total) {
            let then = done(funds.clone(), &plan);
            prop_assert_eq!(then.standing(), total);
            prop_assert_eq!(plan.previous, funds.standing());
            // No more is given back than has to be: what is lowered and refunded is the
            // difference, and nothing is charged beside it.
            let (was, is) = (funds.totals(), then.totals());
            prop_assert!(is.captured >= was.captured || total < plan.previous);
            prop_assert!(is.refunded >= was.refunded);
            // The first payment lives as long as the order.
            if total > 0 {
                prop_assert!(!matches!(then.original.stand, Stand::Canceled));
            }
            // Nothing is left to be completed but a first payment.
            prop_assert!(then.others.iter().all(|member| !member.stand.is_open()));
            // The same again is nothing to do.
            let again = super::plan(&then, total);
            if total > 0 || !matches!(then.original.stand, Stand::Canceled) {
                prop_assert_eq!(again.map(|plan| plan.road), Ok(Road::None));
            }
        }
    }
}
