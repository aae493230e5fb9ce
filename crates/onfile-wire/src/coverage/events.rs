//! Which events are told, from the very enum that rules tell by, and which are only names.

use std::collections::BTreeSet;

use onfile_domain::event::EventType;

use crate::params::webhook_endpoint::NAMES;

use super::{code, codes};

/// The section of the coverage page.
pub(super) fn section() -> String {
    let told: Vec<&str> = told().collect();
    let never: Vec<String> = never().iter().map(|name| code(name)).collect();
    format!("{TOLD}{}{BY_NAME}{NEVER}{}.\n", codes(&told), never.join(", "))
}

const TOLD: &str = "\n## Events that are told\n\n";
const BY_NAME: &str = ".

`*` stands for all of them but those that begin with `onfile.`, which are ours: they come to \
endpoints that name them.
";
const NEVER: &str = "
## Events that are never told yet

What they tell of is not built, or can't happen here. `enabled_events` takes their names, so that \
an app's list can stay as it is; nothing comes, so wait for none of them. (`invoice.*` stands here \
for every name that begins so; `enabled_events` wants names in full.)

";

fn told() -> impl Iterator<Item = &'static str> {
    EventType::ALL.iter().map(|told| told.as_str())
}

/// Names that nothing here tells by; a family of which nothing is told is one.
fn never() -> BTreeSet<String> {
    let is_told = |name: &str| told().any(|told| told == name);
    let names = NAMES.iter().filter(|name| **name != "*" && !is_told(name));
    names.map(|name| family(name).unwrap_or((*name).to_owned())).collect()
}

/// The largest family of the name of which nothing is told, `invoice.*`; `None` where its closest
/// kin is told of.
fn family(name: &str) -> Option<String> {
    let dots = name.match_indices('.').map(|(at, _)| &name[..=at]);
    let untold = |family: &&str| !told().any(|told| told.starts_with(family));
    dots.into_iter().find(untold).map(|family| format!("{family}*"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every name is on the page once: as what is told, or as what isn't, by itself or by its
    /// family.
    #[test]
    fn every_name_is_told_or_not() {
        let never = never();
        let by = |name: &str| {
            let stands = |it: &&String| match it.strip_suffix('*') {
                Some(family) => name.starts_with(family),
                None => **it == name,
            };
            never.iter().filter(stands).count() + told().filter(|told| *told == name).count()
        };
        for name in NAMES.iter().filter(|name| **name != "*") {
            assert_eq!(by(name), 1, "{name}");
        }
        for name in told() {
            assert_eq!(by(name), 1, "{name}");
            assert!(NAMES.contains(&name), "{name} can't be subscribed to");
        }
        for name in ["charge.dispute.*", "charge.pending", "invoice.*"] {
            assert!(never.contains(name), "{name}");
        }
    }
}
