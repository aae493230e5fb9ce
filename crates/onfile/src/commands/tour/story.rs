//! The flows, in the order that they build on one another.

use anyhow::{Context, Result};
use serde_json::Value;

use super::client::Client;
use super::narrator::{COMPLETE, Narrator};

/// A German bank's card, and one whose bank asks for the customer until it was set up.
const GERMAN_CARD: &str = "pm_card_de";
const CAUTIOUS_CARD: &str = "pm_card_authenticationRequiredOnSetup";

/// Plays everything.
///
/// # Errors
/// When the server answers otherwise than the story goes.
pub(super) fn play(n: &mut Narrator<'_>, american: &Client, german: &Client) -> Result<()> {
    n.opening()?;
    save_while_paying(n, american)?;
    save_without_paying(n, american)?;
    be_refused_well(n, american)?;
    change_the_order(n, american)?;
    across_the_sea(n, german)?;
    no_money(n, american)?;
    n.say("That is what there is. docs/coverage.md lists every call and parameter.")
}

fn id(json: &Value) -> Result<String> {
    json["id"].as_str().map(str::to_owned).with_context(|| format!("no id in {json}"))
}

fn text(json: &Value, name: &str) -> Result<String> {
    json[name].as_str().map(str::to_owned).with_context(|| format!("no {name} in {json}"))
}

/// A payment with the customer there, who leaves the card.
fn first_payment(customer: &str) -> [(&str, &str); 6] {
    [
        ("amount", "1099"),
        ("currency", "usd"),
        ("customer", customer),
        ("payment_method", "pm_card_visa"),
        ("setup_future_usage", "off_session"),
        ("confirm", "true"),
    ]
}

/// Flows 1 and 3.
fn save_while_paying(n: &mut Narrator<'_>, client: &Client) -> Result<()> {
    n.chapter(
        "Save a card while paying, charge it later",
        "The customer pays once and leaves the card; later nobody needs to be there.",
    )?;
    let customer =
        id(&n.call(client, "/v1/customers", &[("email", "jenny@example.com")], "customer")?)?;
    let form = first_payment(&customer);
    let paid = n.call(client, "/v1/payment_intents", &form, "succeeded")?;
    let card = text(&paid, "payment_method")?;
    n.say("The card is attached to the customer now, and not before. The next day:")?;
    let saved = OnFile { customer: &customer, card: &card };
    charge(n, client, saved, ("450", "usd"), "succeeded")?;
    Ok(())
}

/// Flow 2.
fn save_without_paying(n: &mut Narrator<'_>, client: &Client) -> Result<()> {
    n.chapter(
        "Save a card without paying",
        "A setup intent: the same rules, for an amount of nothing. This bank asks for the customer.",
    )?;
    let customer = id(&n.call(client, "/v1/customers", &[("name", "Ada")], "customer")?)?;
    let form = [
        ("customer", customer.as_str()),
        ("payment_method", CAUTIOUS_CARD),
        ("confirm", "true"),
        ("return_url", "https://shop.example/done"),
    ];
    let intent = n.call(client, "/v1/setup_intents", &form, "requires_action")?;
    n.customer(client, &intent, COMPLETE)?;
    let card = text(&intent, "payment_method")?;
    n.say("The agreement stands on a challenge (L4), so its bank lets later charges pass:")?;
    let saved = OnFile { customer: &customer, card: &card };
    charge(n, client, saved, ("2000", "usd"), "succeeded")?;
    Ok(())
}

/// Flow 4.
fn be_refused_well(n: &mut Narrator<'_>, client: &Client) -> Result<()> {
    n.chapter(
        "Be refused well",
        "The same card, only attached: nobody proved to be there, so its bank refuses off-session.",
    )?;
    let form = [("payment_method", CAUTIOUS_CARD)];
    let customer = id(&n.call(client, "/v1/customers", &form, "customer")?)?;
    let path = format!("/v1/customers/{customer}/payment_methods");
    let (_, cards) = client.call("GET", &path, &[])?;
    let card = id(&cards["data"][0])?;
    let saved = OnFile { customer: &customer, card: &card };
    let refused = charge(n, client, saved, ("2000", "usd"), "authentication_required")?;
    n.say("The intent stays usable. The customer comes back and confirms it on session:")?;
    let intent = id(&refused["error"]["payment_intent"])?;
    recover(n, client, &intent, &card)?;
    n.say("That raised the agreement. The next charge with nobody present:")?;
    charge(n, client, saved, ("2000", "usd"), "succeeded")?;
    Ok(())
}

/// Flow 5.
fn change_the_order(n: &mut Narrator<'_>, client: &Client) -> Result<()> {
    n.chapter(
        "Change the order",
        "The total changes after the payment: one call takes the best road to the new one.",
    )?;
    let customer = id(&n.call(client, "/v1/customers", &[("name", "Grace")], "customer")?)?;
    let form = first_payment(&customer);
    let order = id(&n.call(client, "/v1/payment_intents", &form, "succeeded")?)?;
    n.say("One more pair of socks: 15.49 in all. The difference is charged with nobody there.")?;
    adjust(n, client, &order, "1549", "succeeded by charge")?;
    n.say("They are out of stock, and so is something else: 9.00.")?;
    let it = adjust(n, client, &order, "900", "succeeded by refund")?;
    let money = |name: &str| it[name].as_i64().unwrap_or_default();
    n.say(&format!(
        "The order has taken {} and given back {}: the newest charge first.",
        money("amount_captured"),
        money("amount_refunded")
    ))?;
    let held = [&form[..], &[("capture_method", "manual")]].concat();
    let order = id(&n.call(client, "/v1/payment_intents", &held, "requires_capture")?)?;
    n.say("Before it is captured, a hold is simply lowered:")?;
    adjust(n, client, &order, "700", "succeeded by reverse")?;
    Ok(())
}

/// The order's new total.
fn adjust(
    n: &mut Narrator<'_>,
    client: &Client,
    order: &str,
    amount: &str,
    expected: &str,
) -> Result<Value> {
    let form = [("payment_intent", order), ("amount", amount)];
    n.call(client, "/onfile/v1/adjustments", &form, expected)
}

/// Europe's rules.
fn across_the_sea(n: &mut Narrator<'_>, client: &Client) -> Result<()> {
    n.chapter(
        "A European account",
        "Between a German account and a German card the law wants strong authentication.",
    )?;
    n.call(client, "/onfile/v1/test/account", &[("country", "DE")], "account")?;
    let customer = id(&n.call(client, "/v1/customers", &[("name", "Karl")], "customer")?)?;
    let form = [
        ("amount", "8000"),
        ("currency", "eur"),
        ("customer", customer.as_str()),
        ("payment_method", GERMAN_CARD),
        ("setup_future_usage", "on_session"),
        ("confirm", "true"),
        ("return_url", "https://shop.example/done"),
    ];
    let intent = n.call(client, "/v1/payment_intents", &form, "requires_action")?;
    n.customer(client, &intent, COMPLETE)?;
    let card = text(&intent, "payment_method")?;
    n.say("Saved on_session, it gave no leave to charge without the customer:")?;
    let saved = OnFile { customer: &customer, card: &card };
    let refused = charge(n, client, saved, ("2000", "eur"), "authentication_required")?;
    let intent = id(&refused["error"]["payment_intent"])?;
    recover(n, client, &intent, &card)?;
    n.say("Now it did:")?;
    charge(n, client, saved, ("2000", "eur"), "succeeded")?;
    Ok(())
}

fn no_money(n: &mut Narrator<'_>, client: &Client) -> Result<()> {
    n.chapter(
        "A bank that says no",
        "A decline is an answer: its reason, and whether to try again.",
    )?;
    let form = [
        ("amount", "1099"),
        ("currency", "usd"),
        ("payment_method", "pm_card_visa_chargeDeclinedInsufficientFunds"),
        ("confirm", "true"),
    ];
    let declined = "card_declined / insufficient_funds";
    let answer = n.call(client, "/v1/payment_intents", &form, declined)?;
    let advice = text(&answer["error"], "advice_code")?;
    n.say(&format!("Its advice: {advice}."))
}

/// The same intent, confirmed with the customer there, saving the card off_session.
fn recover(n: &mut Narrator<'_>, client: &Client, intent: &str, card: &str) -> Result<()> {
    let form = [
        ("payment_method", card),
        ("setup_future_usage", "off_session"),
        ("return_url", "https://shop.example/done"),
    ];
    let path = format!("/v1/payment_intents/{intent}/confirm");
    let asked = n.call(client, &path, &form, "requires_action")?;
    n.customer(client, &asked, COMPLETE)
}

/// A saved card and whose it is.
#[derive(Clone, Copy)]
struct OnFile<'a> {
    customer: &'a str,
    card: &'a str,
}

/// A charge with nobody present.
fn charge(
    n: &mut Narrator<'_>,
    client: &Client,
    saved: OnFile<'_>,
    (amount, currency): (&str, &str),
    expected: &str,
) -> Result<Value> {
    let form = [
        ("amount", amount),
        ("currency", currency),
        ("customer", saved.customer),
        ("payment_method", saved.card),
        ("off_session", "true"),
        ("confirm", "true"),
    ];
    n.call(client, "/v1/payment_intents", &form, expected)
}
