//! A customer at the page: what is shown, and what becomes of the answer.

use std::sync::Arc;

use onfile_domain::attempt::{Authentication, AuthenticationState, Subject, challenge};
use onfile_domain::card::Brand;
use onfile_domain::case::{Case, Dossier, Halt, Mint};
use onfile_domain::command::{Answer, Ref};
use onfile_domain::id::AuthenticationId;
use onfile_domain::money::Money;
use onfile_domain::object::Intent;
use onfile_domain::payment_intent::{PaymentIntent, Status};
use onfile_domain::payment_method::PaymentMethod;
use onfile_domain::refusal::Why;
use onfile_domain::setup_intent::SetupState;
use onfile_store::Cause;
use onfile_wire::form::{Hash, Value};

use crate::app::App;
use crate::hand::Hand;
use crate::page::{Challenge, html};
use crate::reply::Reply;
use crate::settle::settle;
use crate::stop::Stop;
use crate::work::{Outcome, Size, Work, rule};
use crate::worlds::World;

/// A challenge as it stands.
struct Visit {
    authentication: Authentication,
    method: PaymentMethod,
    /// `None` for a set-up.
    amount: Option<Money>,
}

/// The looks of the pages.
pub(crate) fn style() -> Reply {
    let own = vec![
        ("content-type", "text/css; charset=utf-8".to_owned()),
        ("cache-control", "public, max-age=3600".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
    ];
    Reply { own, ..Reply::json(html::STYLE.as_bytes().to_vec()) }
}

/// Shows the page.
///
/// # Errors
/// When the store fails.
pub(crate) async fn show(app: &App, id: &str, query: &Hash) -> Result<Reply, Stop> {
    let Some(world) = world(app, query) else { return Ok(nothing()) };
    let Some(visit) = find(app, &world, id, text(query, "secret")).await? else {
        return Ok(nothing());
    };
    match visit.authentication.state {
        AuthenticationState::Open => {}
        AuthenticationState::Passed | AuthenticationState::Closed => return Ok(over()),
    }
    let account = world.account();
    let secret = &visit.authentication.secret;
    Ok(page(
        200,
        app.authenticator.page(&Challenge {
            action: format!("/onfile/3ds/{id}?merchant={}&secret={secret}", account.id),
            merchant: account.id.clone(),
            amount: visit.amount.map(written),
            brand: brand(visit.method.card.facts.brand).to_owned(),
            last4: visit.method.card.facts.last4.clone(),
        }),
    ))
}

/// Takes the customer's answer. Sent twice, or too late, it changes nothing: the customer is sent
/// on with how the intent stands.
///
/// # Errors
/// When it can't be decided now.
pub(crate) async fn answer(app: &App, id: &str, query: &Hash, form: &Hash) -> Result<Reply, Stop> {
    let Some(world) = world(app, query) else { return Ok(nothing()) };
    let secret = text(query, "secret").to_owned();
    let Some(visit) = find(app, &world, id, &secret).await? else { return Ok(nothing()) };
    let Some(said) = app.authenticator.answer(form) else {
        return Ok(page(400, html::notice("That was no answer", "Go back and press a button.")));
    };
    let id: Ref<AuthenticationId> = Ref::new(id);
    let rule = rule(move |case| challenge::answer(case, &id, &secret, said));
    let now = world.now(app.surroundings.wall());
    let work = Work {
        rule: &rule,
        hand: Hand::new(&app.vault, world.id.0, &world.account(), now),
        cause: Cause::default(),
        settles: None,
        shown: None,
        key: None,
        size: Size::Usual,
    };
    let settled = settle(app, &world, work).await?;
    let answer = match settled.outcome {
        Ok(Outcome::Answer(answer)) => answer,
        Ok(Outcome::Account(_) | Outcome::Silent) => return Ok(over()),
        Err(refusal) if refusal.why == Why::Locked => return Err(Stop::Locked),
        Err(refusal) if refusal.why == Why::ChallengeMissing => return Ok(nothing()),
        Err(_) => return Err(Stop::Broken("an answer to a challenge is refused as a call is")),
    };
    let object = match *answer {
        Answer::Shown(object) | Answer::Failed { about: Some(object), .. } => object,
        Answer::Deleted(_)
        | Answer::Adjusted(_)
        | Answer::Previewed(_)
        | Answer::Revealed(_)
        | Answer::Delivery(_)
        | Answer::Event(_)
        | Answer::Failed { about: None, .. } => return Ok(over()),
    };
    let Some(intent) = object.intent() else { return Ok(over()) };
    Ok(match &visit.authentication.return_url {
        Some(return_url) => onward(return_url, intent),
        None => done(outcome(intent)),
    })
}

/// The world of the account in the page's address.
fn world(app: &App, query: &Hash) -> Option<Arc<World>> {
    app.worlds.of_account(text(query, "merchant"))
}

fn text<'a>(form: &'a Hash, name: &str) -> &'a str {
    match form.get(name) {
        Some(Value::Text(text)) => text,
        Some(Value::List(_) | Value::Hash(_)) | None => "",
    }
}

/// The challenge with this id and secret; `None` where there is none.
async fn find(app: &App, world: &World, id: &str, secret: &str) -> Result<Option<Visit>, Stop> {
    let Ok(id) = id.parse::<AuthenticationId>() else { return Ok(None) };
    let mut dossier = Dossier::new(world.now(app.surroundings.wall()), world.account());
    loop {
        let look = look(&Case::new(&dossier, Mint::new(0, 0, Vec::new())), id, secret);
        match look {
            Ok(visit) => return Ok(visit),
            Err(Halt::Need(need)) => app.store.load(world.id, &[need], &mut dossier).await?,
            Err(Halt::Ask(_) | Halt::Refused(_)) => return Ok(None),
        }
    }
}

fn look(case: &Case<'_>, id: AuthenticationId, secret: &str) -> Result<Option<Visit>, Halt> {
    let Some(authentication) = case.find::<Authentication>(id)? else { return Ok(None) };
    if authentication.secret != secret {
        return Ok(None);
    }
    let amount = match authentication.subject {
        Subject::Payment(intent) => Some(case.get::<PaymentIntent>(intent)?.amount),
        Subject::Increment(_) | Subject::Setup(_) | Subject::Method(_) => None,
    };
    let method = case.get::<PaymentMethod>(authentication.payment_method)?;
    Ok(Some(Visit { authentication, method, amount }))
}

/// What came of a challenge, as `redirect_status` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Redirect {
    Succeeded,
    Failed,
}

impl Redirect {
    fn as_str(self) -> &'static str {
        match self {
            Redirect::Succeeded => "succeeded",
            Redirect::Failed => "failed",
        }
    }
}

fn outcome(intent: Intent<'_>) -> Redirect {
    let is_done = match intent {
        Intent::Payment(it) => match it.status() {
            Status::Succeeded | Status::RequiresCapture | Status::RequiresConfirmation => true,
            Status::RequiresPaymentMethod | Status::RequiresAction | Status::Canceled => false,
        },
        Intent::Setup(it) => match it.state {
            SetupState::Succeeded { .. } | SetupState::RequiresConfirmation { .. } => true,
            SetupState::RequiresPaymentMethod
            | SetupState::RequiresAction { .. }
            | SetupState::Canceled { .. } => false,
        },
    };
    if is_done { Redirect::Succeeded } else { Redirect::Failed }
}

/// Sends the customer back to the merchant (`stripe-api.md` 2.7).
fn onward(return_url: &str, intent: Intent<'_>) -> Reply {
    let (name, id, secret) = match intent {
        Intent::Payment(it) => ("payment_intent", it.id.to_string(), it.client_secret()),
        Intent::Setup(it) => ("setup_intent", it.id.to_string(), it.client_secret()),
    };
    let status = outcome(intent).as_str();
    let query = format!("{name}={id}&{name}_client_secret={secret}&redirect_status={status}");
    let (address, fragment) = match return_url.split_once('#') {
        Some((address, fragment)) => (address, format!("#{fragment}")),
        None => (return_url, String::new()),
    };
    let join = if address.contains('?') { '&' } else { '?' };
    let location = plain(&format!("{address}{join}{query}{fragment}"));
    let mut reply = page(303, html::notice("Done", "You are being sent back to the merchant."));
    reply.own.push(("location", location));
    reply
}

/// An address as a header can hold it.
fn plain(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for byte in address.bytes() {
        match byte {
            0x21..=0x7e => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn done(outcome: Redirect) -> Reply {
    let text = match outcome {
        Redirect::Succeeded => "Authentication complete. You can close this page.",
        Redirect::Failed => "Authentication failed. You can close this page.",
    };
    page(200, html::notice("Done", text))
}

fn over() -> Reply {
    let text = "This authentication was answered, replaced, or has expired. You can close this \
                page.";
    page(200, html::notice("Nothing left to do", text))
}

fn nothing() -> Reply {
    let text = "There is no authentication at this address. Check that it is complete.";
    page(404, html::notice("Not found", text))
}

/// A page with its policy. `form-action` is left to the browser: it would hold up the way back to
/// the merchant too.
fn page(status: u16, html: String) -> Reply {
    let policy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    let own = vec![
        ("content-type", "text/html; charset=utf-8".to_owned()),
        ("content-security-policy", policy.to_owned()),
        ("referrer-policy", "no-referrer".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
        ("x-frame-options", "DENY".to_owned()),
    ];
    Reply { status, body: html.into_bytes(), own, ..Reply::default() }
}

/// `$10.99 USD`.
fn written(amount: Money) -> String {
    let exponent = amount.currency.exponent();
    let unit = 10i64.pow(exponent);
    let code = amount.currency.code().to_ascii_uppercase();
    let symbol = amount.currency.symbol();
    let whole = amount.minor() / unit;
    match exponent {
        0 => format!("{symbol}{whole} {code}"),
        _ => {
            let rest = amount.minor() % unit;
            let width = exponent as usize;
            format!("{symbol}{whole}.{rest:0width$} {code}")
        }
    }
}

/// A brand as people write it.
fn brand(brand: Brand) -> &'static str {
    match brand {
        Brand::Amex => "American Express",
        Brand::CartesBancaires => "Cartes Bancaires",
        Brand::Diners => "Diners Club",
        Brand::Discover => "Discover",
        Brand::EftposAu => "eftpos",
        Brand::Jcb => "JCB",
        Brand::Mastercard => "Mastercard",
        Brand::Unionpay => "UnionPay",
        Brand::Visa => "Visa",
        Brand::Unknown => "Card",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use onfile_domain::money::Currency;

    #[test]
    fn amounts() {
        assert_eq!(written(Money::new(1_099, Currency::USD)), "$10.99 USD");
        assert_eq!(written(Money::new(5, Currency::USD)), "$0.05 USD");
    }

    #[test]
    fn addresses() {
        assert_eq!(plain("https://a.example/ü x\r\n"), "https://a.example/%C3%BC%20x%0D%0A");
    }
}
