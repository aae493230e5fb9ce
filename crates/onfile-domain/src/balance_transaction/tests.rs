use proptest::prelude::*;

use super::*;

const AT: WorldTime = WorldTime(1_795_737_600 + 3_600);

fn charged(taken: Money, settles_in: Currency, effect: Option<TestEffect>) -> BalanceTransaction {
    CapturedCharge {
        id: BalanceTransactionId::new(1, [b'b'; 16]),
        at: AT,
        charge: ChargeId::new(2, [b'c'; 16]),
        taken,
        before: taken.with_minor(0),
        description: None,
        account_country: Country::US,
        card_country: Country::US,
        effect,
        settles_in,
    }
    .movement()
}

fn given_back(charged: &BalanceTransaction, amount: Money, before: Money) -> BalanceTransaction {
    GivenBack {
        id: BalanceTransactionId::new(3, [b'b'; 16]),
        at: AT,
        refund: RefundId::new(4, [b'r'; 16]),
        amount,
        before,
        charged,
        description: Some("a bicycle"),
        account_country: Country::US,
    }
    .movement()
}

fn sum(movement: &BalanceTransaction) -> i64 {
    movement.lines.iter().map(|line| line.amount).sum()
}

/// What a movement owes to the account.
fn owed(movement: &BalanceTransaction) -> i64 {
    let of_merchant = |line: &&LedgerLine| match line.account {
        LedgerAccount::MerchantPending | LedgerAccount::MerchantAvailable => true,
        LedgerAccount::Acquirer | LedgerAccount::Fees => false,
    };
    -movement.lines.iter().filter(of_merchant).map(|line| line.amount).sum::<i64>()
}

#[test]
fn money_may_be_there_at_once() {
    let usd = Money::new(2_000, Currency::USD);
    let later = charged(usd, Currency::USD, None);
    assert_eq!(later.settling().available_on, later.available_on);
    let now = charged(usd, Currency::USD, Some(TestEffect::BypassPending));
    assert_eq!((now.available_on, now.settling().available_on), (AT, Settling::AT_ONCE));
    assert_eq!((now.settling().amount, owed(&now)), (1_912, 1_912));
    assert_eq!(now.lines[1].account, LedgerAccount::MerchantAvailable);
}

#[test]
fn what_refunds_say() {
    let usd = |minor| Money::new(minor, Currency::USD);
    let charge = charged(usd(2_000), Currency::USD, None);
    let refund = given_back(&charge, usd(500), usd(0));
    assert_eq!((refund.amount.minor(), refund.fee, refund.net()), (-500, 0, -500));
    assert_eq!(refund.description.as_deref(), Some("REFUND FOR CHARGE (a bicycle)"));
    let failure = refund.of_failure(BalanceTransactionId::new(5, [b'b'; 16]), AT, Country::US);
    assert_eq!((failure.amount.minor(), failure.kind), (500, MovementKind::RefundFailure));
    assert_eq!(failure.description.as_deref(), Some("REFUND FAILURE FOR CHARGE (a bicycle)"));
    assert_eq!(failure.source, refund.source);
}

#[test]
fn sources_survive_the_wire() {
    let charge = MovementSource::Charge(ChargeId::new(2, [b'c'; 16]));
    let refund = MovementSource::Refund(RefundId::new(4, [b'r'; 16]));
    for source in [charge, refund] {
        assert_eq!(source.to_string().parse(), Ok(source));
    }
    assert_eq!("po_1".parse::<MovementSource>(), Err(NotAnId));
}

proptest! {
    /// Money is neither made nor lost: each entry sums to nothing, the account is owed the net,
    /// and refunds of all that was taken give back, in whatever parts, what was booked.
    #[test]
    fn parts_give_back_the_whole(
        parts in prop::collection::vec(1i64..5_000_000, 1..8),
        from in prop::sample::select(vec!["usd", "eur", "jpy", "bhd"]),
        into in prop::sample::select(vec!["usd", "eur", "jpy", "cad"]),
    ) {
        let (from, into): (Currency, Currency) = (from.parse().unwrap(), into.parse().unwrap());
        let whole = Money::new(parts.iter().sum(), from);
        let charge = charged(whole, into, None);
        let (mut before, mut back) = (0, 0);
        for part in parts {
            let refund = given_back(&charge, Money::new(part, from), Money::new(before, from));
            prop_assert_eq!((sum(&refund), owed(&refund)), (0, refund.net()));
            let failure = refund.of_failure(refund.id, AT, Country::US);
            prop_assert_eq!((sum(&failure), owed(&failure)), (0, -refund.net()));
            before += part;
            back += refund.amount.minor();
        }
        prop_assert_eq!((sum(&charge), owed(&charge)), (0, charge.net()));
        prop_assert_eq!(back, -charge.amount.minor());
    }
}
