//! From texts to typed values, one parameter at a time.

use onfile_domain::command::{MetadataPatch, Patch};

use super::args::Arg;
use super::check::{items, values};
use super::{Floor, Kind, Param, ParamError, Scope, TEXT_CHARS};
use crate::form::Value;
use crate::metadata;
use crate::page::Range;

/// The longest email address, in characters (`stripe-api.md` 7.1).
const EMAIL_CHARS: usize = 512;
/// How many fields one call may expand.
const EXPANDED: usize = 100;

pub(super) fn convert(
    value: &Value,
    param: &Param,
    scope: Scope,
    path: &str,
) -> Result<Arg, ParamError> {
    if let Value::Text(text) = value
        && text.is_empty()
    {
        return match param.kind {
            Kind::Metadata => Ok(Arg::Metadata(MetadataPatch(Patch::Unset))),
            // An empty list of fields to expand expands none.
            Kind::Expand => Ok(Arg::List(Vec::new())),
            _ if param.unsettable => Ok(Arg::Unset),
            _ => Err(ParamError::Empty(path.to_owned())),
        };
    }
    one(value, &param.kind, scope, path)
}

fn one(value: &Value, kind: &Kind, scope: Scope, path: &str) -> Result<Arg, ParamError> {
    match kind {
        Kind::Hash(table) => match value {
            Value::Hash(hash) => Ok(Arg::Hash(values(hash, table, scope, path)?)),
            Value::Text(_) | Value::List(_) => Err(ParamError::NotHash(path.to_owned())),
        },
        Kind::List { of, most } => list(value, of, *most, scope, path),
        Kind::Expand => list(value, &Kind::Text(TEXT_CHARS), EXPANDED, scope, path),
        Kind::Metadata => Ok(Arg::Metadata(metadata::parse(path, value)?)),
        Kind::Range => Ok(Arg::Range(Range::parse(path, value)?)),
        Kind::Any => Ok(Arg::Kept(value.clone())),
        Kind::Integer { .. }
        | Kind::Amount(_)
        | Kind::Boolean
        | Kind::BooleanOr(_)
        | Kind::Word(_)
        | Kind::Text(_)
        | Kind::Id
        | Kind::Currency
        | Kind::Email
        | Kind::Url
        | Kind::Timestamp => match value {
            Value::Text(text) => scalar(text, kind, path),
            Value::List(_) | Value::Hash(_) => Err(ParamError::NotText(path.to_owned())),
        },
    }
}

fn list(
    value: &Value,
    of: &Kind,
    most: usize,
    scope: Scope,
    path: &str,
) -> Result<Arg, ParamError> {
    let items = items(value).ok_or_else(|| ParamError::NotList(path.to_owned()))?;
    if items.len() > most {
        return Err(ParamError::TooMany { param: path.to_owned(), most });
    }
    let items = items.into_iter().map(|(at, item)| {
        let path = format!("{path}[{at}]");
        match item {
            Value::Text(text) if text.is_empty() => Err(ParamError::Empty(path)),
            item => one(item, of, scope, &path),
        }
    });
    Ok(Arg::List(items.collect::<Result<_, _>>()?))
}

fn scalar(text: &str, kind: &Kind, path: &str) -> Result<Arg, ParamError> {
    let param = || path.to_owned();
    match kind {
        Kind::Integer { least } => {
            let number = integer(text, path)?;
            match least {
                Some(least) if number < *least => {
                    Err(ParamError::Least { param: param(), least: *least })
                }
                Some(_) | None => Ok(Arg::Int(number)),
            }
        }
        Kind::Amount(floor) => amount(integer(text, path)?, *floor, path),
        Kind::Timestamp => Ok(Arg::Int(integer(text, path)?)),
        Kind::Boolean => boolean(text, path).map(Arg::Flag),
        Kind::BooleanOr(words) if words.contains(&text) => Ok(Arg::Text(text.to_owned())),
        Kind::BooleanOr(_) => boolean(text, path).map(Arg::Flag),
        Kind::Word(words) if words.contains(&text) => Ok(Arg::Text(text.to_owned())),
        Kind::Word(words) if words.contains(&"*") && text.ends_with(".*") => {
            Err(ParamError::Family { param: param(), text: text.to_owned(), words })
        }
        Kind::Word(words) => Err(ParamError::Word { param: param(), words }),
        Kind::Text(most) => limited(text, *most, path),
        Kind::Id => limited(text, TEXT_CHARS, path),
        Kind::Currency => match text.parse() {
            Ok(currency) => Ok(Arg::Currency(currency)),
            Err(_) => Err(ParamError::Currency { param: param(), text: text.to_owned() }),
        },
        Kind::Email if is_email(text) => limited(text, EMAIL_CHARS, path),
        Kind::Email => Err(ParamError::Email { param: param(), text: text.to_owned() }),
        Kind::Url if is_url(text) => limited(text, TEXT_CHARS, path),
        Kind::Url => Err(ParamError::Url(param())),
        Kind::Range
        | Kind::Hash(_)
        | Kind::List { .. }
        | Kind::Metadata
        | Kind::Expand
        | Kind::Any => unreachable!("`one` reads what is more than a text"),
    }
}

fn limited(text: &str, most: usize, path: &str) -> Result<Arg, ParamError> {
    // Bytes first: most texts need no counting.
    if text.len() > most && text.chars().count() > most {
        let (param, text) = (path.to_owned(), text.to_owned());
        return Err(ParamError::TooLong { param, text, most });
    }
    Ok(Arg::Text(text.to_owned()))
}

/// A whole number: digits, with a minus before them at most.
pub(crate) fn integer(text: &str, path: &str) -> Result<i64, ParamError> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = if plain { text.parse().ok() } else { None };
    number.ok_or_else(|| ParamError::Integer { param: path.to_owned(), text: text.to_owned() })
}

fn amount(number: i64, floor: Floor, path: &str) -> Result<Arg, ParamError> {
    let param = || path.to_owned();
    match floor {
        Floor::Charge if number < 1 => Err(ParamError::ChargeAmount(param())),
        Floor::One if number < 1 => Err(ParamError::Least { param: param(), least: 1 }),
        Floor::Zero if number < 0 => Err(ParamError::Negative(param())),
        Floor::Charge | Floor::One | Floor::Zero | Floor::Nothing => Ok(Arg::Int(number)),
    }
}

fn boolean(text: &str, path: &str) -> Result<bool, ParamError> {
    match text {
        "true" | "True" => Ok(true),
        "false" | "False" => Ok(false),
        _ => Err(ParamError::Boolean { param: path.to_owned(), text: text.to_owned() }),
    }
}

/// Whether a text is built as an address that mail can be sent to: something, one `@`, a domain
/// with a dot inside it, and no blank.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '@';
    let inner_dot = domain.trim_matches('.').contains('.');
    !local.is_empty()
        && inner_dot
        && !domain.starts_with('.')
        && text.chars().filter(|c| *c == '@').count() == 1
        && local.chars().chain(domain.chars()).all(plain)
}

/// Whether a text is an address that a browser or an app may be sent to. Schemes that run what
/// follows are none.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let mut letters = scheme.chars();
    let scheme_ok = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let runs = ["javascript", "data", "vbscript", "file", "blob"];
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let host_ok = !web || !(rest.is_empty() || rest.starts_with(['/', '?', '#', ':', '@']));
    let plain =
        |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '"' | '<' | '>' | '\\');
    scheme_ok
        && host_ok
        && !runs.iter().any(|runs| scheme.eq_ignore_ascii_case(runs))
        && text.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_mail() {
        for text in ["jenny@example.com", "a+b@x.co", "ü@exämple.de", "a@b.c"] {
            assert!(is_email(text), "{text}");
        }
        for text in
            ["x", "@example.com", "a@", "a@b", "a b@example.com", "a@b@c.de", "a@.de", "a@b."]
        {
            assert!(!is_email(text), "{text}");
        }
    }

    #[test]
    fn addresses_of_pages() {
        for text in
            ["https://example.com", "http://localhost:3000/x?y=z#w", "myapp://done", "a.b-c://x"]
        {
            assert!(is_url(text), "{text}");
        }
        for text in [
            "x",
            "example.com",
            "https://",
            "https:///x",
            "javascript://%0aalert(1)",
            "data:text",
            "https://a b",
            "://x",
            "1a://x",
            "https://x\n",
            "https://x\"y",
            "JavaScript://x",
        ] {
            assert!(!is_url(text), "{text}");
        }
    }

    #[test]
    fn numbers() {
        for (text, number) in [
            ("0", Some(0)),
            ("-5", Some(-5)),
            ("007", Some(7)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("", None),
            ("-", None),
            ("+1", None),
            (" 1", None),
            ("1.0", None),
            ("1e3", None),
            ("abc", None),
        ] {
            assert_eq!(integer(text, "amount").ok(), number, "{text}");
        }
    }
}
