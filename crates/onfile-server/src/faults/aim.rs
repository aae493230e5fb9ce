//! Whether a fault can strike at all. One that never could is a typing error, and refused: it would
//! lie there without a hit, and a test that counts on it would pass for no reason.

use onfile_domain::id::WebhookEndpointId;
use onfile_wire::error::{Place, Thing, WireError};
use onfile_wire::params::control::{NewFault, Strikes};
use onfile_wire::params::event_type;

use super::{fits, path_of};
use crate::limits;
use crate::routes::ROUTES;
use crate::worlds::World;

/// Sees to it that there is something that it can strike.
///
/// # Errors
/// 400 where no call or delivery, no endpoint or no type of event is meant.
pub(super) fn check(world: &World, of: &NewFault) -> Result<(), WireError> {
    few_stars("path", &of.path)?;
    match &of.strikes {
        Strikes::Answers { fault: _, method } => calls(&of.path, method.as_deref()),
        Strikes::Deliveries { fault: _, event_type, endpoint } => {
            few_stars("type", event_type)?;
            event_type::check("type", event_type, |name| fits(event_type, name))?;
            if let Some(endpoint) = endpoint {
                named(world, endpoint)?;
            }
            paths(world, &of.path)
        }
    }
}

fn few_stars(param: &'static str, pattern: &str) -> Result<(), WireError> {
    if pattern.matches('*').count() <= limits::FAULT_STARS {
        return Ok(());
    }
    let message = format!("A {param} may have {} stars.", limits::FAULT_STARS);
    Err(WireError::invalid(message).param(param))
}

fn named(world: &World, endpoint: &str) -> Result<(), WireError> {
    let place = Place::Param("webhook_endpoint");
    let missing = || WireError::no_such(Thing::WebhookEndpoint, endpoint, place);
    let id: WebhookEndpointId = endpoint.parse().map_err(|_| missing())?;
    let known = world.endpoint(id.seq).filter(|it| it.id == id && !it.deleted);
    known.map(drop).ok_or_else(missing)
}

/// Calls are those of the table, but for the test controls.
fn calls(path: &str, method: Option<&str>) -> Result<(), WireError> {
    let is_meant = ROUTES.iter().any(|route| {
        !route.template.starts_with(limits::UNTOUCHED)
            && method.is_none_or(|method| method == route.verb.as_str())
            && takes(route.template, path)
    });
    if is_meant {
        return Ok(());
    }
    let call = method.unwrap_or("call");
    Err(wrong(&format!(
        "it means no {call} that a fault can strike. docs/coverage.md lists every call; those \
         below {} are never struck",
        limits::UNTOUCHED
    )))
}

/// Whatever an endpoint is registered for may be struck before it is there; a path is somebody's.
fn paths(world: &World, path: &str) -> Result<(), WireError> {
    let is_any = path.bytes().all(|byte| byte == b'*');
    if is_any || world.has_endpoint(|endpoint| fits(path, &path_of(endpoint))) {
        return Ok(());
    }
    Err(wrong("no webhook endpoint of this world has such a path: register it first"))
}

fn wrong(what: &str) -> WireError {
    WireError::invalid(format!("Invalid path: {what}.")).param("path")
}

/// A piece of a route's template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// This letter.
    Letter(char),
    /// Any letter of an id.
    One,
    /// Any more of them, none too.
    More,
}

/// Whether there is a path that is both of this template and meant by this pattern, in which `*`
/// stands for any letters.
fn takes(template: &str, pattern: &str) -> bool {
    let pieces = pieces(template);
    // At which pieces the template can stand, when as much of the pattern is read.
    let mut at = vec![false; pieces.len() + 1];
    at[0] = true;
    for letter in pattern.chars() {
        skip(&pieces, &mut at);
        at = match letter {
            '*' => {
                let first = at.iter().position(|it| *it).unwrap_or(at.len());
                (0..at.len()).map(|place| place >= first).collect()
            }
            letter => step(&pieces, &at, letter),
        };
    }
    skip(&pieces, &mut at);
    at[pieces.len()]
}

fn pieces(template: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for segment in template.split('/').skip(1) {
        pieces.push(Piece::Letter('/'));
        match segment.starts_with('{') {
            true => pieces.extend([Piece::One, Piece::More]),
            false => pieces.extend(segment.chars().map(Piece::Letter)),
        }
    }
    pieces
}

/// What may be left out is.
fn skip(pieces: &[Piece], at: &mut [bool]) {
    for (place, piece) in pieces.iter().enumerate() {
        if at[place] && *piece == Piece::More {
            at[place + 1] = true;
        }
    }
}

fn step(pieces: &[Piece], at: &[bool], letter: char) -> Vec<bool> {
    let mut next = vec![false; at.len()];
    for (place, piece) in pieces.iter().enumerate().filter(|(place, _)| at[*place]) {
        match piece {
            Piece::Letter(wanted) if *wanted == letter => next[place + 1] = true,
            Piece::One if letter != '/' => next[place + 1] = true,
            Piece::More if letter != '/' => next[place] = true,
            Piece::Letter(_) | Piece::One | Piece::More => {}
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_templates() {
        for (template, pattern, expected) in [
            ("/v1/customers", "/v1/customers", true),
            ("/v1/customers", "/v1/customer", false),
            ("/v1/customers", "/v1/customers/", false),
            ("/v1/customers", "*", true),
            ("/v1/customers", "*/customers", true),
            ("/v1/customers", "*/customer", false),
            ("/v1/customers/{id}", "/v1/customers/cus_1", true),
            ("/v1/customers/{id}", "/v1/customers/", false),
            ("/v1/customers/{id}", "/v1/customers/a/b", false),
            ("/v1/customers/{id}", "/v1/cust*_1", true),
            ("/v1/payment_intents/{id}/confirm", "/v1/payment_intents/*/confirm", true),
            ("/v1/payment_intents/{id}/confirm", "/v1/payment_intents/pi_1/confirm", true),
            ("/v1/payment_intents/{id}/confirm", "/v1/payment_intents/pi_1/confrim", false),
            ("/v1/payment_intents/{id}/confirm", "/v1/*pi_*firm", true),
            ("/v1/charges/{id}/refunds/{other}", "/v1/charges/*/re_1", true),
            ("/v1/charges/{id}/refunds/{other}", "/v1/charges/*/refund/*", false),
            ("/v1/customers", "", false),
        ] {
            assert_eq!(takes(template, pattern), expected, "{template} {pattern}");
        }
    }
}
