//! The coverage page: what this server takes, written from the tables that it parses by.

mod events;

use crate::params::{Class, Floor, Gate, Kind, Param, TELEMETRY};

/// One call, as the server's table of routes has it.
#[derive(Debug, Clone)]
pub struct Row {
    /// `GET`, `POST` or `DELETE`.
    pub method: &'static str,
    /// Its path, with names for what varies: `/v1/customers/{id}`.
    pub path: &'static str,
    /// What it does, in a few words.
    pub title: String,
    /// What it takes.
    pub params: &'static [Param],
}

const HEAD: &str = "\
# Coverage

What this server takes of Stripe's API, call by call. Generated from the tables that requests are \
parsed by; a test keeps it true. Each parameter is one of

- **honoured**: it does what Stripe's documents say;
- **kept**: it is stored or checked, shown where Stripe shows it, and has no other effect here;
- **refused**: the call answers 400 `parameter_unsupported` and names it. Empty values pass, and \
so do the values named in brackets, which ask for nothing.

A name that is not here gets Stripe's own `parameter_unknown`. Every call takes `expand`.

At the end of the page: [which events are told](#events-that-are-told), and what is \
[not built](#not-built).

";

const NOT_BUILT: &str = "
## Not built

- A path that is not listed here answers 404 and names this page. That goes for \
disputes, payouts, tokens and older sources and cards, confirmation \
tokens, ephemeral keys, customer sessions, checkout, invoices, subscriptions, products and prices, \
`/search`, and everything of Connect.
- Payment methods other than cards.
- Test cards for disputes, and the four Indian cards with mandates. They are refused by name.
- India and Japan: their country cards follow the rules of the rest of the world. No Mandate \
object exists, so `GET /v1/mandates/{id}` answers 404 for every id; `mandate_options` of any card \
are kept, and charges are held against them.
- Exemptions from strong customer authentication, the issuer's own mandate ceilings, the card \
account updater, network tokens and stand-in processing.
- Restricted keys (`rk_test_…`) and live mode.
";

/// The text of `docs/coverage.md`, in the order of the rows.
pub fn page(rows: &[Row]) -> String {
    let mut page = HEAD.to_owned();
    let telemetry: Vec<String> = TELEMETRY.iter().map(|name| code(name)).collect();
    page.push_str(&format!(
        "With a publishable key a call takes what is marked *browser*, and passes over what \
         Stripe.js sends along: {}.\n",
        telemetry.join(", ")
    ));
    for row in rows {
        page.push_str(&section(row));
    }
    page.push_str(&events::section());
    page.push_str(NOT_BUILT);
    page
}

fn section(row: &Row) -> String {
    let mut lines = Vec::new();
    let mut refused = Vec::new();
    flatten(row.params, "", &mut lines, &mut refused);
    let mut text = format!("\n## {}\n\n`{} {}`\n", row.title, row.method, row.path);
    if !lines.is_empty() {
        text.push_str("\n| parameter | | takes | |\n|---|---|---|---|\n");
        text.push_str(&lines.concat());
    }
    for (inside, names) in refused {
        let place = if inside.is_empty() { String::new() } else { format!(" in `{inside}`") };
        text.push_str(&format!("\nRefused{place}: {}.\n", names.join(", ")));
    }
    text
}

/// Writes a line for each parameter that is served, and gathers the names of those that aren't
/// by the hash that they stand in.
fn flatten(
    params: &[Param],
    prefix: &str,
    lines: &mut Vec<String>,
    refused: &mut Vec<(String, Vec<String>)>,
) {
    let mut here = Vec::new();
    let mut inner = Vec::new();
    for param in params.iter().filter(|param| !matches!(param.kind, Kind::Expand)) {
        let path = join(prefix, param.name);
        let class = match param.class {
            Class::Honoured => "honoured",
            Class::Kept => "kept",
            Class::Refused(inert) => {
                here.push(refused_name(param, inert));
                continue;
            }
        };
        let (takes, notes) = (takes(&param.kind), notes(param));
        lines.push(format!("| `{path}` | {class} | {takes} | {notes} |\n"));
        if let Kind::Hash(table) | Kind::List { of: &Kind::Hash(table), .. } = param.kind {
            flatten(table, &path, lines, &mut inner);
        }
    }
    if !here.is_empty() {
        refused.push((prefix.to_owned(), here));
    }
    refused.append(&mut inner);
}

fn refused_name(param: &Param, inert: &[&str]) -> String {
    let passing = inert.iter().map(|value| code(value)).collect::<Vec<_>>().join(", ");
    let passing = if passing.is_empty() { passing } else { format!(" ({passing})") };
    let since = gate(param.gate).map(|gate| format!(", {gate}")).unwrap_or_default();
    format!("{}{passing}{since}", code(param.name))
}

fn takes(kind: &Kind) -> String {
    match kind {
        Kind::Integer { least: Some(least) } => format!("integer from {least}"),
        Kind::Integer { least: None } => "integer".to_owned(),
        Kind::Amount(Floor::Charge | Floor::One) => "amount from 1".to_owned(),
        Kind::Amount(Floor::Zero) => "amount from 0".to_owned(),
        Kind::Amount(Floor::Nothing) => "amount".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::BooleanOr(words) => format!("boolean, {}", codes(words)),
        Kind::Word(words) => codes(words),
        Kind::Text(most) => format!("text, {most} characters"),
        Kind::Id => "id".to_owned(),
        Kind::Currency => "currency".to_owned(),
        Kind::Email => "email address".to_owned(),
        Kind::Url => "address".to_owned(),
        Kind::Timestamp => "time".to_owned(),
        Kind::Range => "time, or `gt`, `gte`, `lt`, `lte`".to_owned(),
        Kind::Hash(_) => "hash".to_owned(),
        Kind::List { of, most } => format!("up to {most} of: {}", takes(of)),
        Kind::Metadata => "metadata".to_owned(),
        Kind::Expand => "fields".to_owned(),
        Kind::Any => "anything".to_owned(),
    }
}

fn notes(param: &Param) -> String {
    let mut notes = Vec::new();
    if param.required {
        notes.push("required".to_owned());
    }
    if !param.needed.is_empty() {
        notes.push(param.needed.to_owned());
    }
    if param.unsettable {
        notes.push("empty unsets".to_owned());
    }
    notes.extend(gate(param.gate));
    if param.publishable {
        notes.push("browser".to_owned());
    }
    notes.join(", ")
}

fn gate(gate: Gate) -> Option<String> {
    match gate {
        Gate::Always => None,
        Gate::Since(change) => Some(format!("from {}", change.since())),
        Gate::Until(change) => Some(format!("until {}", change.since())),
    }
}

fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}[{name}]") }
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn codes(words: &[&str]) -> String {
    words.iter().map(|word| code(word)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::{METADATA, payment_intent};
    use crate::version::Change;

    const INNER: &[Param] = &[Param::text("line1", 5).unsettable(), Param::refused("line9", &[])];
    const TABLE: &[Param] = &[
        Param::new("amount", Kind::Amount(Floor::Charge)).required(),
        Param::hash("address", INNER).kept().needed("this or `x` is required"),
        Param::new("usage", Kind::Word(&["a", "b"])).since(Change::CredentialUsage).publishable(),
        Param::refused("transfer_data", &["0"]),
        METADATA,
    ];

    #[test]
    fn a_section() {
        let row =
            Row { method: "POST", path: "/v1/x", title: "Make an x".to_owned(), params: TABLE };
        let expected = "\n## Make an x\n\n`POST /v1/x`\n\n\
            | parameter | | takes | |\n|---|---|---|---|\n\
            | `amount` | honoured | amount from 1 | required |\n\
            | `address` | kept | hash | this or `x` is required |\n\
            | `address[line1]` | honoured | text, 5 characters | empty unsets |\n\
            | `usage` | honoured | `a`, `b` | from 2026-10-28.endive, browser |\n\
            | `metadata` | honoured | metadata | empty unsets |\n\
            \nRefused: `transfer_data` (`0`).\n\
            \nRefused in `address`: `line9`.\n";
        assert_eq!(section(&row), expected);
    }

    #[test]
    fn the_page_has_every_row_and_is_always_the_same() {
        let rows = [
            Row {
                method: "POST",
                path: "/v1/payment_intents",
                title: "Create a PaymentIntent".to_owned(),
                params: payment_intent::CREATE,
            },
            Row { method: "GET", path: "/v1/y", title: "Read a y".to_owned(), params: &[] },
        ];
        let text = page(&rows);
        assert_eq!(text, page(&rows));
        for part in ["`POST /v1/payment_intents`", "`GET /v1/y`", "## Not built", "`guid`"] {
            assert!(text.contains(part), "{part}");
        }
    }
}
