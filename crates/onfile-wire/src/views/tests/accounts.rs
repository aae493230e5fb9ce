//! An account and its balance.

use onfile_domain::account::{Account, Mode};
use onfile_domain::balance::{Balance, Settling};
use onfile_domain::country::Country;
use onfile_domain::money::Currency;
use onfile_domain::time::WorldTime;

use super::*;

#[test]
fn accounts() {
    let account = Account {
        id: "acct_1234567890abcdef".to_owned(),
        created: NOW,
        country: Country::US,
        default_currency: Currency::USD,
        mode: Mode::Test,
    };
    let account = shown(&account, DAHLIA);
    assert_eq!(account["object"], "account");
    assert_eq!(account["country"], "US");
    assert_eq!(account["capabilities"]["card_payments"], "active");
}

#[test]
fn balances() {
    let money = |available_on: i64, amount| Settling {
        currency: Currency::USD,
        available_on: WorldTime(available_on),
        amount,
    };
    let balance = Balance::at(NOW, Currency::USD, &[money(0, 5), money(NOW.0 + 1, 1_912)]);
    let sum = |amount: i64| json!([{"amount": amount, "currency": "usd", "source_types": {"card": amount}}]);
    let nothing = json!([{"amount": 0, "currency": "usd"}]);
    let expected = json!({"object": "balance", "available": sum(5), "livemode": false,
        "pending": sum(1_912),
        "refund_and_dispute_prefunding": {"available": nothing, "pending": nothing}});
    assert_eq!(shown(&balance, DAHLIA), expected);
}
