//! The requests that are measured.

use anyhow::{Context, Result};

use super::http::request;
use super::process::{KEY, Process};

/// A customer with a card that was saved for later.
#[derive(Debug, Clone)]
pub(super) struct Shopper {
    customer: String,
    method: String,
}

/// Makes `count` customers whose cards were saved while they paid.
pub(super) fn shoppers(server: &Process, count: usize) -> Result<Vec<Shopper>> {
    (0..count).map(|_| shopper(server)).collect()
}

fn shopper(server: &Process) -> Result<Shopper> {
    let id = |json: &serde_json::Value, name: &str| {
        json[name].as_str().map(str::to_owned).with_context(|| format!("no {name} in {json}"))
    };
    let customer = id(&server.ask("POST", "/v1/customers", "email=jenny%40example.com")?, "id")?;
    let form = format!(
        "amount=1099&currency=usd&customer={customer}&payment_method=pm_card_visa&confirm=true\
         &setup_future_usage=off_session&payment_method_types[]=card"
    );
    let intent = server.ask("POST", "/v1/payment_intents", &form)?;
    let method = id(&intent, "payment_method")?;
    Ok(Shopper { customer, method })
}

impl Shopper {
    /// A charge with nobody present; each has its own idempotency key, as SDKs send them.
    pub(super) fn charge(&self, name: &str) -> Vec<u8> {
        let form = format!(
            "amount=1099&currency=usd&customer={}&payment_method={}&off_session=true&confirm=true",
            self.customer, self.method
        );
        request("POST", "/v1/payment_intents", KEY, name, &form)
    }

    /// The saved card.
    pub(super) fn read(&self) -> Vec<u8> {
        request("GET", &format!("/v1/payment_methods/{}", self.method), KEY, "", "")
    }

    /// The first page of the customer's cards.
    pub(super) fn list(&self) -> Vec<u8> {
        let path = format!("/v1/customers/{}/payment_methods", self.customer);
        request("GET", &path, KEY, "", "")
    }
}
