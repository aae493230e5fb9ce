//! Holds a form against its table.

use super::convert::convert;
use super::{Args, Class, Gate, Kind, Param, ParamError};
use crate::form::{Hash, Value};
use crate::version::Version;
use crate::view::Audience;

/// What browsers send beside a call's own parameters, at any depth: with a publishable key it is
/// taken and means nothing (`stripe-api.md` 10.2).
pub const TELEMETRY: &[&str] = &[
    "_stripe_account",
    "_stripe_version",
    "client_attribution_metadata",
    "expected_payment_method_type",
    "guid",
    "hcaptcha_token",
    "key",
    "muid",
    "pasted_fields",
    "payment_user_agent",
    "radar_options",
    "referrer",
    "sid",
    "time_on_page",
];

/// Who asks, and by which version: it decides which parameters there are.
#[derive(Debug, Clone, Copy)]
pub struct Scope {
    /// The version of the call.
    pub version: Version,
    /// The kind of key.
    pub audience: Audience,
}

impl Scope {
    fn knows(self, param: &Param) -> bool {
        let gate = match param.gate {
            Gate::Always | Gate::Until(_) => true,
            Gate::Since(change) => self.version.has(change),
        };
        let audience = match self.audience {
            Audience::Secret => true,
            Audience::Publishable => param.publishable,
        };
        gate && audience && !self.ignores(param.name)
    }

    /// Whether a name is what a browser sends along.
    fn ignores(self, name: &str) -> bool {
        match self.audience {
            Audience::Secret => false,
            Audience::Publishable => TELEMETRY.contains(&name),
        }
    }
}

/// Checks a form and converts its values.
///
/// # Errors
/// The first thing that is wrong, in the order that the module says.
pub fn check(form: &Hash, table: &'static [Param], scope: Scope) -> Result<Args, ParamError> {
    let mut strangers = Vec::new();
    unknown(form, table, scope, "", &mut strangers);
    if !strangers.is_empty() {
        return Err(ParamError::Unknown(strangers));
    }
    missing(form, table, scope, "")?;
    values(form, table, scope, "")
}

/// A name in bracket form: `card[number]`.
pub(super) fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}[{name}]") }
}

fn find(table: &'static [Param], scope: Scope, name: &str) -> Option<&'static Param> {
    table.iter().find(|param| param.name == name && scope.knows(param))
}

fn unknown(
    form: &Hash,
    table: &'static [Param],
    scope: Scope,
    prefix: &str,
    strangers: &mut Vec<String>,
) {
    for (name, value) in form.iter() {
        match find(table, scope, name) {
            None if scope.ignores(name) => {}
            None => strangers.push(join(prefix, name)),
            Some(param) => unknown_in(value, &param.kind, scope, &join(prefix, name), strangers),
        }
    }
}

fn unknown_in(value: &Value, kind: &Kind, scope: Scope, path: &str, strangers: &mut Vec<String>) {
    match (kind, value) {
        (Kind::Hash(table), Value::Hash(hash)) => unknown(hash, table, scope, path, strangers),
        (Kind::List { of, .. }, value) => {
            for (at, item) in items(value).unwrap_or_default() {
                unknown_in(item, of, scope, &format!("{path}[{at}]"), strangers);
            }
        }
        (_, _) => {}
    }
}

/// The elements of a list in either of its spellings, with the index to call each by; `None`
/// where the value is no list.
pub(super) fn items(value: &Value) -> Option<Vec<(usize, &Value)>> {
    match value {
        Value::Text(_) => None,
        Value::List(items) => Some(items.iter().enumerate().collect()),
        Value::Hash(hash) => hash.indexed(),
    }
}

fn missing(
    form: &Hash,
    table: &'static [Param],
    scope: Scope,
    prefix: &str,
) -> Result<(), ParamError> {
    let known = || table.iter().filter(|param| scope.knows(param));
    if let Some(param) = known().find(|param| param.required && form.get(param.name).is_none()) {
        return Err(ParamError::Missing(join(prefix, param.name)));
    }
    for param in known() {
        if let Some(value) = form.get(param.name) {
            missing_in(value, &param.kind, scope, &join(prefix, param.name))?;
        }
    }
    Ok(())
}

fn missing_in(value: &Value, kind: &Kind, scope: Scope, path: &str) -> Result<(), ParamError> {
    match (kind, value) {
        (Kind::Hash(table), Value::Hash(hash)) => missing(hash, table, scope, path),
        (Kind::List { of, .. }, value) => {
            for (at, item) in items(value).unwrap_or_default() {
                missing_in(item, of, scope, &format!("{path}[{at}]"))?;
            }
            Ok(())
        }
        (_, _) => Ok(()),
    }
}

/// Converts what is there, in the table's order.
pub(super) fn values(
    form: &Hash,
    table: &'static [Param],
    scope: Scope,
    prefix: &str,
) -> Result<Args, ParamError> {
    let mut args = Args::new(table);
    for param in table.iter().filter(|param| scope.knows(param)) {
        let Some(value) = form.get(param.name) else {
            continue;
        };
        let path = join(prefix, param.name);
        match param.class {
            Class::Refused(inert) if is_inert(value, inert) => continue,
            Class::Refused(_) => return Err(ParamError::Unsupported(path)),
            Class::Honoured | Class::Kept => {}
        }
        match param.gate {
            Gate::Until(change) if scope.version.has(change) => {
                return Err(ParamError::Retired(path));
            }
            Gate::Always | Gate::Since(_) | Gate::Until(_) => {}
        }
        args.put(param.name, convert(value, param, scope, &path)?);
    }
    Ok(args)
}

/// Whether a refused parameter asks for nothing.
fn is_inert(value: &Value, inert: &[&str]) -> bool {
    match value {
        Value::Text(text) => text.is_empty() || inert.contains(&text.as_str()),
        Value::List(items) => items.iter().all(|item| is_inert(item, inert)),
        Value::Hash(hash) => hash.iter().all(|(_, value)| is_inert(value, inert)),
    }
}
