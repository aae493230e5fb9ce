//! A card as a call brings it: typed, or behind a test token (`stripe-api.md` 5.1, 5.3, 7.2).
//!
//! The number goes to the shell's desk at once, and the digits of the security code end here.

use onfile_domain::card::{Brand, Expiry};
use onfile_domain::command::NewMethod;
use onfile_domain::contact::{BillingDetails, Metadata};
use onfile_domain::pan::{Pan, PanError};
use onfile_domain::payment_method::AllowRedisplay;
use onfile_domain::time::WorldTime;

use super::check::join;
use super::{
    Args, Kind, Param, ParamError, ParseCx, TEXT_CHARS, TakenCard, UnknownCard, UnknownName, echo,
    open,
};
use crate::error::WireError;

/// Years beyond this many from now are a typing error (`card-network.md` 10.1).
const YEARS_AHEAD: i64 = 20;

/// The brands that a customer may choose on a co-branded card.
const PREFERRED: &[&str] = &["cartes_bancaires", "eftpos_au", "mastercard", "visa"];

/// `card[networks]`.
pub(super) const NETWORKS: &[Param] =
    &open([Param::new("preferred", Kind::Word(PREFERRED)).unsettable()]);

/// `card`.
pub(super) const CARD: &[Param] = &open([
    Param::text("number", TEXT_CHARS),
    Param::new("exp_month", Kind::Integer { least: None }),
    Param::new("exp_year", Kind::Integer { least: None }),
    Param::text("cvc", TEXT_CHARS),
    Param::new("token", Kind::Id),
    Param::hash("networks", NETWORKS),
]);

/// Reads [`CARD`], which stands at `path`.
pub(super) fn parse(args: &Args, path: &str, cx: &mut ParseCx<'_>) -> Result<NewMethod, WireError> {
    let new = match (args.text("token"), args.text("number")) {
        (Some(token), None) => named(token, cx).map_err(|unknown| match unknown {
            UnknownName::NotServed => not_served(token, &join(path, "token")).into(),
            UnknownName::Unknown => {
                let message = format!("Invalid token id: {}", echo(&clipped(token)));
                WireError::invalid(message).param("token")
            }
        })?,
        (None, Some(number)) => typed(args, number, path, cx)?,
        (Some(_), Some(_)) => return Err(both(path).into()),
        (None, None) => return Err(ParamError::Missing(join(path, "number")).into()),
    };
    let preferred = args.hash("networks").and_then(|networks| networks.string("preferred"));
    Ok(NewMethod { preferred_network: on_card(preferred, &new, path)?, ..new })
}

/// The card behind a test token or alias.
pub(super) fn named(name: &str, cx: &mut ParseCx<'_>) -> Result<NewMethod, UnknownName> {
    let taken = cx.desk.take_named(name)?;
    let expiry = taken.expiry;
    Ok(plain(taken, expiry, true))
}

/// The refusal of a test card of a later issue.
pub(super) fn not_served(name: &str, param: &str) -> ParamError {
    ParamError::unserved(param, &format!("The test card `{}`", echo(&clipped(name))))
}

fn typed(
    args: &Args,
    number: &str,
    path: &str,
    cx: &mut ParseCx<'_>,
) -> Result<NewMethod, WireError> {
    let (Some(month), Some(year)) = (args.int("exp_month"), args.int("exp_year")) else {
        let name = if args.has("exp_month") { "exp_year" } else { "exp_month" };
        return Err(ParamError::Missing(join(path, name)).into());
    };
    let pan = Pan::parse(number).map_err(|error| match error {
        PanError::NotANumber => card_error(
            "invalid_number",
            "number",
            "The card number is not a valid credit card number.",
        ),
        PanError::WrongCheckDigit => {
            card_error("incorrect_number", "number", "Your card number is incorrect.")
        }
    })?;
    let last4 = pan.last4().to_owned();
    let expiry = expiry(month, year, cx.now)?;
    let taken = cx.desk.take(pan).map_err(|unknown| match unknown {
        UnknownCard::NotATestCard => not_a_test_card(),
        UnknownCard::NotServed => {
            let what = format!("The test card ending in {last4}");
            ParamError::unserved(&join(path, "number"), &what).into()
        }
    })?;
    let cvc = args.text("cvc");
    if let Some(cvc) = cvc {
        check_cvc(cvc, taken.facts.brand)?;
    }
    Ok(plain(taken, expiry, cvc.is_some()))
}

fn plain(taken: TakenCard, expiry: Expiry, cvc_given: bool) -> NewMethod {
    NewMethod {
        hand: taken.hand,
        facts: taken.facts,
        expiry,
        fingerprint: taken.fingerprint,
        par: taken.par,
        cvc_given,
        preferred_network: None,
        billing_details: BillingDetails::default(),
        allow_redisplay: AllowRedisplay::Unspecified,
        metadata: Metadata::new(),
    }
}

/// Reads the month that a card is valid through; years may have two digits.
pub(super) fn expiry(month: i64, year: i64, now: WorldTime) -> Result<Expiry, WireError> {
    let wrong_month = || {
        let message = "Your card's expiration month is invalid.";
        card_error("invalid_expiry_month", "exp_month", message)
    };
    let wrong_year = || {
        let message = "Your card's expiration year is invalid.";
        card_error("invalid_expiry_year", "exp_year", message)
    };
    let month = match u8::try_from(month) {
        Ok(month @ 1..=12) => month,
        Ok(_) | Err(_) => return Err(wrong_month()),
    };
    let year = if (0..100).contains(&year) { year + 2_000 } else { year };
    let (this_year, _) = now.year_month();
    if !(1_970..=this_year + YEARS_AHEAD).contains(&year) {
        return Err(wrong_year());
    }
    let expiry = Expiry { year, month };
    match expiry.is_past(now) {
        false => Ok(expiry),
        true if year < this_year => Err(wrong_year()),
        true => Err(wrong_month()),
    }
}

/// Three digits, on American Express four.
fn check_cvc(cvc: &str, brand: Brand) -> Result<(), WireError> {
    let digits = if brand == Brand::Amex { 4 } else { 3 };
    if cvc.len() == digits && cvc.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(card_error("invalid_cvc", "cvc", "Your card's security code is invalid."))
}

/// A preferred network must be one of the card's.
fn on_card(
    preferred: Option<String>,
    new: &NewMethod,
    path: &str,
) -> Result<Option<String>, ParamError> {
    let known = |word: &str| new.facts.networks.iter().any(|brand| brand.as_str() == word);
    match preferred {
        Some(word) if !known(&word) => {
            let param = join(&join(path, "networks"), "preferred");
            Err(ParamError::rule(&param, format!("This card can't be used on `{word}`.")))
        }
        preferred => Ok(preferred),
    }
}

fn both(path: &str) -> ParamError {
    let (number, token) = (join(path, "number"), join(path, "token"));
    ParamError::Rule {
        message: format!("You may only specify one of these parameters: {number}, {token}."),
        code: Some("parameters_exclusive"),
        param: Some(number),
    }
}

fn not_a_test_card() -> WireError {
    let message = "Your card was declined. Your request was in test mode, but used a non test \
                   (live) card. For a list of valid test cards, visit: \
                   https://stripe.com/docs/testing.";
    WireError::card("card_declined", message).decline_code("test_mode_live_card")
}

fn card_error(code: &'static str, param: &'static str, message: &'static str) -> WireError {
    WireError::card(code, message).param(param)
}

fn clipped(text: &str) -> String {
    text.chars().take(255).collect()
}
