//! `expand`: ids that become the objects they name (`stripe-api.md` 1.8).
//!
//! Paths are held against [`EXPANDABLE`] before the operation runs, so that a bad one writes
//! nothing. A path is followed as long as its segments name objects of a known kind; what lies
//! behind a field that is always null here is not looked at.

mod table;

pub use table::{EXPANDABLE, Field, Resource, Target};

use crate::version::{Change, Version};
use crate::view::Audience;

/// How many segments a path may have; `data.` of a list counts.
pub const DEPTH: usize = 4;

/// Why a path is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpandError {
    /// It names no field that can be expanded.
    #[error("This property cannot be expanded ({0}).")]
    Unknown(String),
    /// It names something that may not be included (in this version).
    #[error("This property cannot be included ({0})")]
    NotIncluded(String),
    /// It is longer than [`DEPTH`].
    #[error("You cannot expand more than {DEPTH} levels of a property. Property: {0}")]
    TooDeep(String),
}

impl ExpandError {
    /// The code for programs.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            ExpandError::Unknown(_) | ExpandError::NotIncluded(_) => None,
            ExpandError::TooDeep(_) => Some("property_expansion_max_depth"),
        }
    }
}

/// What an answer is, as far as paths are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// One object.
    Object(Resource),
    /// A page of them: paths begin with `data.`.
    List(Resource),
    /// What a search found: as a list, and `total_count` can be included in any version.
    Search(Resource),
}

/// The fields to expand, as a tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expand {
    under: Vec<(String, Expand)>,
}

/// Nothing is expanded.
pub static NONE: Expand = Expand { under: Vec::new() };

impl Expand {
    /// Reads and checks the paths of one call.
    ///
    /// # Errors
    /// See [`ExpandError`].
    pub fn parse(
        paths: &[&str],
        answer: Answer,
        version: Version,
        audience: Audience,
    ) -> Result<Expand, ExpandError> {
        let mut tree = Expand::default();
        for path in paths {
            let segments: Vec<&str> = path.split('.').collect();
            if segments.len() > DEPTH {
                return Err(ExpandError::TooDeep(shown(path)));
            }
            check(path, &segments, answer, version)?;
            if audience == Audience::Publishable && segments != ["payment_method"] {
                return Err(ExpandError::Unknown(shown(path)));
            }
            tree.add(&segments);
        }
        Ok(tree)
    }

    /// What to expand inside a field; `None` where the field itself stays an id.
    pub fn wants(&self, field: &str) -> Option<&Expand> {
        self.under.iter().find(|(name, _)| name == field).map(|(_, inside)| inside)
    }

    /// What to expand inside a hash that is always there (`invoice_settings`), or in the data of
    /// a list.
    pub fn inside(&self, field: &str) -> &Expand {
        self.wants(field).unwrap_or(&NONE)
    }

    /// Whether nothing is expanded.
    pub fn is_empty(&self) -> bool {
        self.under.is_empty()
    }

    fn add(&mut self, segments: &[&str]) {
        let Some((first, rest)) = segments.split_first() else {
            return;
        };
        let known = self.under.iter().position(|(name, _)| name == first);
        let at = known.unwrap_or_else(|| {
            self.under.push(((*first).to_owned(), Expand::default()));
            self.under.len() - 1
        });
        self.under[at].1.add(rest);
    }
}

fn check(
    path: &str,
    segments: &[&str],
    answer: Answer,
    version: Version,
) -> Result<(), ExpandError> {
    let (resource, any_version) = match answer {
        Answer::Object(resource) => return follow(path, segments, resource, version),
        Answer::List(resource) => (resource, false),
        Answer::Search(resource) => (resource, true),
    };
    match segments {
        ["total_count"] if any_version || !version.has(Change::NoTotalCount) => Ok(()),
        ["total_count"] => Err(ExpandError::NotIncluded(shown(path))),
        ["data", rest @ ..] if !rest.is_empty() => follow(path, rest, resource, version),
        [..] => Err(ExpandError::Unknown(shown(path))),
    }
}

/// Follows segments from a resource, as long as they name objects.
fn follow(
    path: &str,
    segments: &[&str],
    from: Resource,
    version: Version,
) -> Result<(), ExpandError> {
    if segments.is_empty() {
        return Ok(());
    }
    let found = EXPANDABLE.iter().filter(|field| field.of == from && field.exists(version));
    let mut found = found.filter_map(|field| Some((field, rest_after(segments, field.path)?)));
    match found.next() {
        None => Err(ExpandError::Unknown(shown(path))),
        Some((field, rest)) => match (field.to, rest) {
            (Target::One(resource), rest) => follow(path, rest, resource, version),
            (Target::List(_), []) => Ok(()),
            (Target::List(resource), ["data", rest @ ..]) => follow(path, rest, resource, version),
            (Target::List(_), [..]) => Err(ExpandError::Unknown(shown(path))),
            (Target::Unchecked, _) => Ok(()),
        },
    }
}

/// What is left of `segments` behind the dotted `head`; `None` where they don't begin with it.
fn rest_after<'a, 'b>(segments: &'a [&'b str], head: &str) -> Option<&'a [&'b str]> {
    let mut rest = segments;
    for name in head.split('.') {
        let (first, behind) = rest.split_first()?;
        if *first != name {
            return None;
        }
        rest = behind;
    }
    Some(rest)
}

/// A path as an error repeats it.
fn shown(path: &str) -> String {
    let short: String = path.chars().take(200).collect();
    crate::params::echo(&short)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(paths: &[&str], answer: Answer, version: &str) -> Result<Expand, String> {
        let version = version.parse().unwrap();
        Expand::parse(paths, answer, version, Audience::Secret).map_err(|error| error.to_string())
    }

    fn check(paths: &[&str], answer: Answer, expected: &str) {
        let message = match parse(paths, answer, "2026-08-26.dahlia") {
            Ok(_) => String::new(),
            Err(message) => message,
        };
        assert_eq!(message, expected, "{paths:?}");
    }

    const INTENT: Answer = Answer::Object(Resource::PaymentIntent);
    const INTENTS: Answer = Answer::List(Resource::PaymentIntent);
    const CHARGE: Answer = Answer::Object(Resource::Charge);

    #[test]
    fn what_can_be_expanded() {
        check(&["customer", "latest_charge.balance_transaction"], INTENT, "");
        check(&["latest_charge.refunds.data.charge"], INTENT, "");
        check(&["latest_charge.refunds"], INTENT, "");
        check(&["application.foo.bar"], INTENT, "");
        check(&["invoice_settings.default_payment_method"], Answer::Object(Resource::Customer), "");
        check(&["latest_charge.balance_transaction.source.customer"], INTENT, "");
        check(&["data.customer", "data.payment_method"], INTENTS, "");
        check(&["foo"], INTENT, "This property cannot be expanded (foo).");
        check(&["amount"], INTENT, "This property cannot be expanded (amount).");
        check(&["customer.foo"], INTENT, "This property cannot be expanded (customer.foo).");
        check(&["data.customer"], INTENT, "This property cannot be expanded (data.customer).");
        check(&["customer"], INTENTS, "This property cannot be expanded (customer).");
        check(&["data"], INTENTS, "This property cannot be expanded (data).");
        check(&[""], INTENT, "This property cannot be expanded ().");
        check(&["customer."], INTENT, "This property cannot be expanded (customer.).");
        check(&["refunds.charge"], CHARGE, "This property cannot be expanded (refunds.charge).");
        check(
            &["a.b.c.d.e"],
            INTENT,
            "You cannot expand more than 4 levels of a property. Property: a.b.c.d.e",
        );
    }

    #[test]
    fn what_depends_on_the_version() {
        let count = "This property cannot be included (total_count)";
        check(&["total_count"], INTENTS, count);
        check(&["total_count"], Answer::Search(Resource::Charge), "");
        assert!(parse(&["total_count"], INTENTS, "2024-06-20").is_ok());
        assert!(parse(&["invoice"], INTENT, "2024-06-20").is_ok());
        assert!(parse(&["invoice"], INTENT, "2025-03-31.basil").is_err());
        assert!(parse(&["charges.data.customer"], INTENT, "2022-08-01").is_ok());
        assert!(parse(&["charges.data.customer"], INTENT, "2022-11-15").is_err());
        let mandate = ["payment_method_details.card.mandate"];
        assert!(parse(&mandate, CHARGE, "2026-08-26.dahlia").is_err());
        assert!(parse(&mandate, CHARGE, "2026-09-30.endive").is_ok());
    }

    #[test]
    fn a_browser_expands_the_method_only() {
        let parse =
            |path| Expand::parse(&[path], INTENT, Version::DEFAULT, Audience::Publishable).is_ok();
        assert!(parse("payment_method"));
        assert!(!parse("customer"));
        assert!(!parse("payment_method.customer"));
    }

    #[test]
    fn the_tree() {
        let paths = ["latest_charge.customer", "latest_charge.balance_transaction", "customer"];
        let tree = parse(&paths, INTENT, "2026-08-26.dahlia").unwrap();
        let charge = tree.wants("latest_charge").unwrap();
        assert!(charge.wants("customer").is_some_and(Expand::is_empty));
        assert!(charge.wants("balance_transaction").is_some());
        assert!(charge.wants("payment_intent").is_none());
        assert!(tree.wants("payment_method").is_none());
        assert!(tree.inside("payment_method").is_empty());
    }
}
