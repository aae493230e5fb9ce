//! Metadata: what callers hang on objects, and how it is changed (`stripe-api.md` 1.10).

use crate::form::Value;
use crate::params::ParamError;

/// How many keys there may be.
pub const KEYS: usize = 50;
/// How many characters a key may have.
pub const KEY_CHARS: usize = 40;
/// How many characters a value may have.
pub const VALUE_CHARS: usize = 500;

/// What a call does to an object's metadata.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum MetadataPatch {
    /// Nothing was said.
    #[default]
    Absent,
    /// `metadata=` removes every key.
    Clear,
    /// Keys to set, and to remove where there is no value; the others stay.
    Merge(Vec<(String, Option<String>)>),
}

impl MetadataPatch {
    /// Reads the parameter called `name`.
    ///
    /// # Errors
    /// Too many keys, or one that is too long or has a value that is, or nested values.
    pub fn parse(name: &str, value: &Value) -> Result<MetadataPatch, ParamError> {
        let hash = match value {
            Value::Text(text) if text.is_empty() => return Ok(MetadataPatch::Clear),
            Value::Text(_) | Value::List(_) => return Err(ParamError::hash(name)),
            Value::Hash(hash) => hash,
        };
        let entries = hash.iter().map(|(key, value)| entry(name, key, value));
        let entries = entries.collect::<Result<Vec<_>, ParamError>>()?;
        let set = entries.iter().filter(|(_, value)| value.is_some()).count();
        if set > KEYS {
            return Err(ParamError::MetadataKeys {
                param: name.to_owned(),
                keys: set,
            });
        }
        Ok(MetadataPatch::Merge(entries))
    }

    /// What the object holds afterwards: keys keep their place, new ones follow. The caller
    /// refuses more than [`KEYS`].
    pub fn apply(&self, old: &[(String, String)]) -> Vec<(String, String)> {
        let entries = match self {
            MetadataPatch::Absent => return old.to_vec(),
            MetadataPatch::Clear => return Vec::new(),
            MetadataPatch::Merge(entries) => entries,
        };
        let mut all = old.to_vec();
        for (key, value) in entries {
            let at = all.iter().position(|(known, _)| known == key);
            match (at, value) {
                (Some(at), Some(value)) => all[at].1.clone_from(value),
                (None, Some(value)) => all.push((key.clone(), value.clone())),
                (Some(at), None) => {
                    all.remove(at);
                }
                (None, None) => {}
            }
        }
        all
    }
}

fn entry(name: &str, key: &str, value: &Value) -> Result<(String, Option<String>), ParamError> {
    let Value::Text(text) = value else {
        return Err(ParamError::text(&format!("{name}[{key}]")));
    };
    let chars = key.chars().count();
    if chars > KEY_CHARS {
        let (param, key) = (name.to_owned(), key.to_owned());
        return Err(ParamError::MetadataKey { param, key, chars });
    }
    let chars = text.chars().count();
    if chars > VALUE_CHARS {
        let (param, value) = (name.to_owned(), text.clone());
        return Err(ParamError::MetadataValue {
            param,
            value,
            chars,
        });
    }
    Ok((
        key.to_owned(),
        Some(text.clone()).filter(|text| !text.is_empty()),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form;

    fn parse(text: &str) -> Result<MetadataPatch, String> {
        let form = form::parse(text.as_bytes()).unwrap();
        let value = form.get("metadata").unwrap();
        MetadataPatch::parse("metadata", value).map_err(|error| error.message())
    }

    fn merged(old: &str, change: &str) -> String {
        let old: Vec<_> = old
            .split_whitespace()
            .map(|pair| pair.split_once('=').unwrap())
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        let all = parse(change).unwrap().apply(&old);
        all.iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn updates_merge_per_key() {
        assert_eq!(merged("", "metadata[b]=1&metadata[a]=2"), "b=1 a=2");
        assert_eq!(
            merged("a=1 b=2", "metadata[b]=3&metadata[c]=4"),
            "a=1 b=3 c=4"
        );
        assert_eq!(merged("a=1 b=2", "metadata[a]="), "b=2");
        assert_eq!(merged("a=1 b=2", "metadata[x]="), "a=1 b=2");
        assert_eq!(merged("a=1 b=2", "metadata="), "");
        assert_eq!(merged("a=1", "metadata[0]=x"), "a=1 0=x");
        assert_eq!(MetadataPatch::Absent.apply(&[]), []);
    }

    #[test]
    fn limits() {
        let key = "k".repeat(41);
        assert_eq!(
            parse(&format!("metadata[{key}]=1")),
            Err(format!(
                "Metadata keys can have up to 40 characters, but you passed in a key that is 41 \
                 characters. Invalid key: {key}"
            ))
        );
        let value = "é".repeat(501);
        assert_eq!(
            parse(&format!("metadata[k]={value}")),
            Err(format!(
                "Metadata values can have up to 500 characters, but you passed in a value that \
                 is 501 characters. Invalid value: {value}"
            ))
        );
        assert!(parse(&format!("metadata[k]={}", "é".repeat(500))).is_ok());
        let many: Vec<String> = (0..51).map(|at| format!("metadata[k{at}]=v")).collect();
        assert_eq!(
            parse(&many.join("&")),
            Err("Metadata can have up to 50 keys, but you've set 51.".to_owned())
        );
        assert!(parse(&many[..50].join("&")).is_ok());
        assert_eq!(parse("metadata=x"), Err("Invalid object".to_owned()));
        assert_eq!(parse("metadata[]=x"), Err("Invalid object".to_owned()));
        assert_eq!(parse("metadata[a][b]=x"), Err("Invalid string".to_owned()));
    }
}
