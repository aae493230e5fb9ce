//! What a call wants to pay with: an id, an alias, card data, or a token (`stripe-api.md` 5.1).

use onfile_domain::command::{MethodChoice, NewMethod, Patch, Ref};
use onfile_domain::payment_method::AllowRedisplay;

use super::check::join;
use super::{
    Args, Kind, METADATA, Param, ParamError, ParseCx, UnknownName, card, contact, joined, open,
    types,
};
use crate::error::{Place, Thing, WireError};

/// Where a saved method may be offered again.
pub(super) const REDISPLAY: &[&str] = &["always", "limited", "unspecified"];

/// What all kinds of methods have.
const ALL_KINDS: &[Param] = &open([
    Param::new("type", Kind::Text(super::TEXT_CHARS)).required(),
    Param::hash("card", card::CARD),
    Param::new("allow_redisplay", Kind::Word(REDISPLAY)),
    Param::hash("billing_details", contact::BILLING_DETAILS),
    METADATA,
    Param::refused("radar_options", &[]),
]);

/// `payment_method_data`.
pub(super) const DATA: &[Param] = joined!(ALL_KINDS, types::OTHER_DATA);

/// An id or an alias.
pub(super) const METHOD: Param = Param::new("payment_method", Kind::Id).publishable();
/// Card data.
pub(super) const METHOD_DATA: Param = Param::hash("payment_method_data", DATA).publishable();
/// The older name, which takes tokens too.
pub(super) const SOURCE: Param = Param::new("source", Kind::Id);

/// Reads [`METHOD`], [`METHOD_DATA`] and [`SOURCE`], of which only one may be there.
pub(super) fn choice(args: &Args, cx: &mut ParseCx<'_>) -> Result<Patch<MethodChoice>, WireError> {
    let names = ["payment_method", "payment_method_data", "source"];
    let given: Vec<&'static str> = names.into_iter().filter(|name| args.has(name)).collect();
    match given[..] {
        [] => Ok(Patch::Absent),
        ["payment_method"] => match args.patch_text("payment_method") {
            Patch::Absent => Ok(Patch::Absent),
            Patch::Unset => Ok(Patch::Unset),
            Patch::Set(id) => Ok(Patch::Set(by_id(id, "payment_method", cx)?)),
        },
        ["payment_method_data"] => match args.hash("payment_method_data") {
            None => Ok(Patch::Absent),
            Some(method) => {
                let new = new_method(method, "payment_method_data", cx)?;
                Ok(Patch::Set(MethodChoice::New(Box::new(new))))
            }
        },
        ["source"] => match args.text("source") {
            None => Ok(Patch::Absent),
            Some(source) => by_source(source, cx).map(Patch::Set),
        },
        _ => Err(ParamError::Exclusive(given).into()),
    }
}

/// The method of an id, or a new one of an alias. An alias that nobody knows leads nowhere, like
/// any id, and the rule says so in its place.
pub(super) fn by_id(
    id: &str,
    param: &str,
    cx: &mut ParseCx<'_>,
) -> Result<MethodChoice, WireError> {
    if !id.starts_with("pm_card_") {
        return Ok(MethodChoice::Known(Ref::new(id)));
    }
    match card::named(id, cx) {
        Ok(new) => Ok(MethodChoice::New(Box::new(new))),
        Err(UnknownName::Unknown) => Ok(MethodChoice::Known(Ref::new(id))),
        Err(UnknownName::NotServed) => Err(card::not_served(id, param).into()),
    }
}

fn by_source(source: &str, cx: &mut ParseCx<'_>) -> Result<MethodChoice, WireError> {
    if !source.starts_with("tok_") {
        return by_id(source, "source", cx);
    }
    match card::named(source, cx) {
        Ok(new) => Ok(MethodChoice::New(Box::new(new))),
        Err(UnknownName::Unknown) => {
            Err(WireError::no_such(Thing::Token, source, Place::Param("source")))
        }
        Err(UnknownName::NotServed) => Err(card::not_served(source, "source").into()),
    }
}

/// Reads what describes a new method: [`DATA`], which stands at `path`, empty for a call of its
/// own.
pub(super) fn new_method(
    args: &Args,
    path: &str,
    cx: &mut ParseCx<'_>,
) -> Result<NewMethod, WireError> {
    match args.text("type") {
        Some(kind) => types::only_card(kind, &join(path, "type"))?,
        None => return Err(ParamError::Missing(join(path, "type")).into()),
    }
    let at = join(path, "card");
    let Some(card) = args.hash("card") else {
        return Err(ParamError::Missing(at).into());
    };
    let new = card::parse(card, &at, cx)?;
    Ok(NewMethod {
        billing_details: args
            .hash("billing_details")
            .map(contact::billing_details)
            .unwrap_or_default(),
        allow_redisplay: args.word("allow_redisplay").unwrap_or(AllowRedisplay::Unspecified),
        metadata: contact::metadata(args),
        ..new
    })
}
