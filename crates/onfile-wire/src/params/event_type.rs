//! Types of events as people name them: one that there is not is refused where somebody would wait
//! for it in vain, with the nearest that there is.

use onfile_domain::event::EventType;

use super::webhook_endpoint::NAMES;
use super::{ParamError, echo};

/// The longest text that a name is looked for.
const LONGEST: usize = 100;
/// The most characters of a text that are repeated.
const SHOWN: usize = 255;

/// Why a type, or a pattern of types, means nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amiss {
    /// There is none, here or at Stripe; this may have been meant.
    Unknown(Option<String>),
    /// Stripe has it, and this server never sends it.
    NotSent,
}

/// Sees to it that an event can be what was asked for; `means` says whether a type is.
///
/// # Errors
/// See [`Amiss`].
pub fn look(asked: &str, means: impl Fn(&str) -> bool) -> Result<(), Amiss> {
    if EventType::ALL.iter().any(|one| means(one.as_str())) {
        return Ok(());
    }
    match NAMES.iter().any(|name| *name != "*" && means(name)) {
        true => Err(Amiss::NotSent),
        false => Err(Amiss::Unknown(nearest(asked))),
    }
}

/// The same, for a parameter.
///
/// # Errors
/// 400, where no event can be what was asked for.
pub fn check(param: &str, asked: &str, means: impl Fn(&str) -> bool) -> Result<(), ParamError> {
    look(asked, means).map_err(|amiss| {
        ParamError::rule(param, format!("Invalid {param}: {}", amiss.message(asked)))
    })
}

impl Amiss {
    /// The words for people.
    pub fn message(&self, asked: &str) -> String {
        let asked: String = asked.chars().take(SHOWN).collect();
        let asked = echo(&asked);
        match self {
            Amiss::Unknown(None) => format!("'{asked}' is no type of event."),
            Amiss::Unknown(Some(near)) => {
                format!("'{asked}' is no type of event. Did you mean '{near}'?")
            }
            Amiss::NotSent => format!("this server never sends '{asked}'."),
        }
    }
}

/// The name, or the beginning of names with `.*` behind, that differs least from a text; `None`
/// where all differ in more than a third of it.
fn nearest(asked: &str) -> Option<String> {
    if asked.len() > LONGEST {
        return None;
    }
    let own = EventType::ALL.iter().map(|one| one.as_str());
    let names = own.chain(NAMES.iter().copied().filter(|name| *name != "*"));
    let families = NAMES.iter().flat_map(|name| {
        let dots = name.match_indices('.');
        dots.map(|(dot, _)| format!("{}.*", &name[..dot]))
    });
    let far = asked.chars().count() / 3;
    let all = names.map(str::to_owned).chain(families).map(|name| (distance(asked, &name), name));
    let (_, name) = all.filter(|(distance, _)| *distance <= far).min_by_key(|(it, _)| *it)?;
    Some(name)
}

/// In how many letters two texts differ: put in, left out, or another one (Levenshtein's).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut corner = row[0];
        row[0] = at + 1;
        for (to, their) in other.iter().enumerate() {
            let swapped = corner + usize::from(letter != *their);
            corner = row[to + 1];
            row[to + 1] = swapped.min(corner + 1).min(row[to] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use onfile_domain::event::is_meant;

    use super::*;

    #[test]
    fn types_that_there_are_not() {
        for (asked, expected) in [
            ("customer.created", ""),
            ("charge.*", ""),
            ("*", ""),
            ("onfile.*", ""),
            (
                "custmer.created",
                "'custmer.created' is no type of event. Did you mean \
              'customer.created'?",
            ),
            ("chrage.*", "'chrage.*' is no type of event. Did you mean 'charge.*'?"),
            (
                "charge.success",
                "'charge.success' is no type of event. Did you mean \
              'charge.succeeded'?",
            ),
            (
                "payment_intent.suceeded",
                "'payment_intent.suceeded' is no type of event. Did you \
              mean 'payment_intent.succeeded'?",
            ),
            ("", "'' is no type of event."),
            ("foo.bar", "'foo.bar' is no type of event."),
            ("invoice.paid", "this server never sends 'invoice.paid'."),
            ("4242424242424242", "'****************' is no type of event."),
        ] {
            let found = look(asked, |name| is_meant(asked, name)).err();
            let found = found.map(|amiss| amiss.message(asked)).unwrap_or_default();
            assert_eq!(found, expected, "{asked}");
        }
    }

    #[test]
    fn letters_that_differ() {
        for (one, other, expected) in [
            ("", "", 0),
            ("", "ab", 2),
            ("abc", "abc", 0),
            ("abc", "acb", 2),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!((distance(one, other), distance(other, one)), (expected, expected), "{one}");
        }
    }
}
