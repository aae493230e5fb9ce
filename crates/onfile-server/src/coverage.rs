//! The coverage page, from the very table that requests are led by.

use onfile_wire::coverage::{Row, page};
use onfile_wire::params::{Param, account, balance, delivery, event};

use crate::routes::{Does, ROUTES, Route, Verb};

/// The text of `docs/coverage.md`.
pub fn coverage_page() -> String {
    let rows: Vec<Row> = ROUTES.iter().filter_map(row).collect();
    page(&rows)
}

/// A call that is built.
fn row(route: &'static Route) -> Option<Row> {
    let params: &'static [Param] = match route.does {
        Does::Perform(operation) => operation.params,
        Does::Control(control) => control.params,
        Does::List(listing) => listing.params,
        Does::Retrieve(retrieval) => retrieval.params,
        Does::Account => account::RETRIEVE,
        Does::Balance => balance::RETRIEVE,
        Does::ListEvents => event::LIST,
        Does::RetrieveEvent => event::RETRIEVE,
        Does::ListDeliveries => delivery::LIST,
        Does::RetrieveDelivery => delivery::RETRIEVE,
        Does::Unbuilt => return None,
    };
    let method = route.verb.as_str();
    Some(Row { method, path: route.template, title: title(route), params })
}

/// What a call does: its collection, and the last word of its path where that is one of its own.
fn title(route: &'static Route) -> String {
    let words: Vec<&str> = route.template.split('/').skip(2).collect();
    let named =
        |word: &&&str| !word.starts_with('{') && !matches!(**word, "v1" | "test" | "test_helpers");
    let (last, things): (&str, Vec<&str>) =
        (words.last().copied().unwrap_or_default(), words.iter().filter(named).copied().collect());
    let is_one = last.starts_with('{');
    let (verb, things) = match (route.verb, is_one, things.as_slice()) {
        (Verb::Delete, ..) => ("delete", things.as_slice()),
        (Verb::Get, true, _) => ("retrieve", things.as_slice()),
        (Verb::Post, true, _) => ("update", things.as_slice()),
        (Verb::Get, false, _) => match route.does {
            Does::List(_) | Does::ListEvents | Does::ListDeliveries => ("list", things.as_slice()),
            Does::Perform(_)
            | Does::Control(_)
            | Does::Retrieve(_)
            | Does::Account
            | Does::Balance
            | Does::RetrieveEvent
            | Does::RetrieveDelivery
            | Does::Unbuilt => ("retrieve", things.as_slice()),
        },
        (Verb::Post, false, ["account"]) => ("update", things.as_slice()),
        // A collection in a thing is no word of its own: `charges/{id}/refunds`.
        (Verb::Post, false, [thing @ .., word]) if !thing.is_empty() && !word.ends_with('s') => {
            (*word, thing)
        }
        (Verb::Post, false, _) => ("create", things.as_slice()),
    };
    let (verb, things) = match route.does {
        Does::Control(control) => (control.verb, things.get(..1).unwrap_or_default()),
        Does::Perform(_)
        | Does::List(_)
        | Does::Retrieve(_)
        | Does::Account
        | Does::Balance
        | Does::ListEvents
        | Does::RetrieveEvent
        | Does::ListDeliveries
        | Does::RetrieveDelivery
        | Does::Unbuilt => (verb, things),
    };
    let of = if words.contains(&"test") { "test " } else { "" };
    let things = format!("{of}{}", things.join(", ").replace('_', " "));
    let mut letters = things.chars();
    let first: String = letters.next().iter().flat_map(|first| first.to_uppercase()).collect();
    format!("{first}{}: {verb}", letters.as_str())
}
