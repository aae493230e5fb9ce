//! Metadata: what callers hang on objects, and how it is changed (`stripe-api.md` 1.10).

use onfile_domain::command::{METADATA_KEYS, MetadataPatch, Patch};

use crate::form::Value;
use crate::params::ParamError;

/// How many characters a key may have.
pub const KEY_CHARS: usize = 40;
/// How many characters a value may have.
pub const VALUE_CHARS: usize = 500;

/// Reads the parameter called `name`; an empty value removes its key.
///
/// # Errors
/// Too many keys, or one that is too long or has a value that is, or nested values.
pub fn parse(name: &str, value: &Value) -> Result<MetadataPatch, ParamError> {
    let hash = match value {
        Value::Text(text) if text.is_empty() => return Ok(MetadataPatch(Patch::Unset)),
        Value::Text(_) | Value::List(_) => return Err(ParamError::hash(name)),
        Value::Hash(hash) => hash,
    };
    let pairs = hash.iter().map(|(key, value)| pair(name, key, value));
    let pairs = pairs.collect::<Result<Vec<_>, ParamError>>()?;
    let keys = pairs.iter().filter(|(_, value)| !value.is_empty()).count();
    if keys > METADATA_KEYS {
        let param = name.to_owned();
        return Err(ParamError::MetadataKeys { param, keys });
    }
    Ok(MetadataPatch(Patch::Set(pairs)))
}

fn pair(name: &str, key: &str, value: &Value) -> Result<(String, String), ParamError> {
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
        return Err(ParamError::MetadataValue { param, value, chars });
    }
    Ok((key.to_owned(), text.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form;

    fn read(text: &str) -> Result<MetadataPatch, String> {
        let form = form::parse(text.as_bytes()).unwrap();
        let value = form.get("metadata").unwrap();
        parse("metadata", value).map_err(|error| error.message())
    }

    fn merged(old: &str, change: &str) -> String {
        let pairs = old.split_whitespace().filter_map(|pair| pair.split_once('='));
        let mut all = pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        read(change).unwrap().apply(&mut all).unwrap();
        let all: Vec<String> = all.iter().map(|(key, value)| format!("{key}={value}")).collect();
        all.join(" ")
    }

    #[test]
    fn updates_merge_per_key() {
        assert_eq!(merged("", "metadata[b]=1&metadata[a]=2"), "a=2 b=1");
        assert_eq!(merged("a=1 b=2", "metadata[b]=3&metadata[c]=4"), "a=1 b=3 c=4");
        assert_eq!(merged("a=1 b=2", "metadata[a]="), "b=2");
        assert_eq!(merged("a=1 b=2", "metadata[x]="), "a=1 b=2");
        assert_eq!(merged("a=1 b=2", "metadata="), "");
        assert_eq!(merged("a=1", "metadata[0]=x"), "0=x a=1");
    }

    #[test]
    fn limits() {
        let key = "k".repeat(41);
        assert_eq!(
            read(&format!("metadata[{key}]=1")),
            Err(format!(
                "Metadata keys can have up to 40 characters, but you passed in a key that is 41 \
                 characters. Invalid key: {key}"
            ))
        );
        let value = "é".repeat(501);
        assert_eq!(
            read(&format!("metadata[k]={value}")),
            Err(format!(
                "Metadata values can have up to 500 characters, but you passed in a value that \
                 is 501 characters. Invalid value: {value}"
            ))
        );
        assert!(read(&format!("metadata[k]={}", "é".repeat(500))).is_ok());
        let many: Vec<String> = (0..51).map(|at| format!("metadata[k{at}]=v")).collect();
        assert_eq!(
            read(&many.join("&")),
            Err("Metadata can have up to 50 keys, but you've set 51.".to_owned())
        );
        assert!(read(&many[..50].join("&")).is_ok());
        assert_eq!(read("metadata=x"), Err("Invalid object".to_owned()));
        assert_eq!(read("metadata[]=x"), Err("Invalid object".to_owned()));
        assert_eq!(read("metadata[a][b]=x"), Err("Invalid string".to_owned()));
    }
}
