//! API keys as callers send them (`stripe-api.md` 1.2).

use std::fmt;

/// What a key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// `sk_`: everything.
    Secret,
    /// `rk_`: what its permissions say.
    Restricted,
    /// `pk_`: what a browser may do.
    Publishable,
    /// `ek_`: one customer's things, for a while.
    Ephemeral,
}

/// The mode that a key fixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyMode {
    /// A simulated network.
    Test,
    /// Real money.
    Live,
}

/// The text is not built as a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an API key")]
pub struct NotAKey;

/// A key as it was sent. It is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    text: String,
    /// What it may be used for.
    pub family: Family,
    /// Its mode.
    pub mode: KeyMode,
}

impl ApiKey {
    /// Reads a key: `sk_test_…` and its relatives, with a name of letters, digits and `_`.
    ///
    /// # Errors
    /// [`NotAKey`] for everything else, organisations' and the CLI's keys among them.
    pub fn parse(text: &str) -> Result<ApiKey, NotAKey> {
        let mut parts = text.splitn(3, '_');
        let family = match parts.next() {
            Some("sk") => Family::Secret,
            Some("rk") => Family::Restricted,
            Some("pk") => Family::Publishable,
            Some("ek") => Family::Ephemeral,
            Some(_) | None => return Err(NotAKey),
        };
        let mode = match parts.next() {
            Some("test") => KeyMode::Test,
            Some("live") => KeyMode::Live,
            Some(_) | None => return Err(NotAKey),
        };
        let name = parts.next().unwrap_or_default();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if name.is_empty() || name.len() > 255 || !name.bytes().all(plain) {
            return Err(NotAKey);
        }
        Ok(ApiKey { text: text.to_owned(), family, mode })
    }

    /// The whole key, for hashing it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What follows the prefix: the name of the world on open test servers.
    pub fn name(&self) -> &str {
        self.text.splitn(3, '_').nth(2).unwrap_or_default()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?} key", self.mode, self.family)
    }
}

/// A key as an error may show it: its prefix, stars, and the last four characters. What is too
/// short to hide anything that way shows only stars.
pub fn mask(key: &str) -> String {
    let chars: Vec<char> = key.chars().take(300).collect();
    let mut underscores = chars.iter().enumerate().filter(|(_, c)| **c == '_').map(|(at, _)| at);
    let prefix = match (underscores.next(), underscores.next()) {
        (Some(_), Some(second)) if second < 12 => second + 1,
        (Some(_) | None, _) => 0,
    };
    let shown_from = if chars.len() >= prefix + 8 { chars.len() - 4 } else { chars.len() };
    let head = chars[..prefix].iter();
    let stars = std::iter::repeat_n(&'*', shown_from - prefix);
    head.chain(stars).chain(&chars[shown_from..]).collect()
}

/// The key inside an `Authorization` header: `Bearer <key>`, or `Basic` with the key as the
/// user's name. `None` where there is none.
pub fn credential(authorization: &str) -> Option<String> {
    let (scheme, rest) = authorization.trim().split_once(' ')?;
    let rest = rest.trim();
    let key = if scheme.eq_ignore_ascii_case("bearer") {
        rest.to_owned()
    } else if scheme.eq_ignore_ascii_case("basic") {
        let pair = String::from_utf8(base64(rest)?).ok()?;
        pair.split_once(':').map_or(pair.as_str(), |(user, _)| user).to_owned()
    } else {
        return None;
    };
    Some(key).filter(|key| !key.is_empty())
}

/// Decodes base 64, with or without its padding; `None` where it is none.
fn base64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=').as_bytes();
    let mut out = Vec::with_capacity(digits.len() * 3 / 4);
    let mut bits: u32 = 0;
    let mut held = 0;
    for digit in digits {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xfff;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    (digits.len() % 4 != 1).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn kinds_of_keys() {
        for (text, family, mode, name) in [
            ("sk_test_123", Family::Secret, KeyMode::Test, "123"),
            ("sk_test_my_shop-2", Family::Secret, KeyMode::Test, "my_shop-2"),
            ("rk_test_123", Family::Restricted, KeyMode::Test, "123"),
            ("pk_test_123", Family::Publishable, KeyMode::Test, "123"),
            ("sk_live_123", Family::Secret, KeyMode::Live, "123"),
            ("ek_live_123", Family::Ephemeral, KeyMode::Live, "123"),
        ] {
            let key = ApiKey::parse(text).unwrap();
            assert_eq!((key.family, key.mode, key.name()), (family, mode, name), "{text}");
            assert!(!format!("{key:?}").contains(name));
        }
        for text in [
            "",
            "sk",
            "sk_test",
            "sk_test_",
            "sk_org_1",
            "rkcs_1",
            "xx_test_1",
            "sk_test_ü",
            "sk_test_a b",
        ] {
            assert!(ApiKey::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn keys_in_errors() {
        for (key, shown) in [
            ("sk_test_4eC39HqLyjWDarjtT1zdp7dc", "sk_test_********************p7dc"),
            ("sk_test_invalid1", "sk_test_****lid1"),
            ("sk_test_123", "sk_test_***"),
            ("nonsense", "****ense"),
            ("short", "*****"),
            ("", ""),
        ] {
            assert_eq!(mask(key), shown, "{key}");
        }
    }

    #[test]
    fn keys_in_headers() {
        for (header, key) in [
            ("Bearer sk_test_123", Some("sk_test_123")),
            ("bearer  sk_test_123 ", Some("sk_test_123")),
            ("Basic c2tfdGVzdF8xMjM6", Some("sk_test_123")),
            ("Basic c2tfdGVzdF8xMjM6cGFzcw==", Some("sk_test_123")),
            ("Basic c2tfdGVzdF8xMjM", Some("sk_test_123")),
            ("Basic !", None),
            ("Basic", None),
            ("Bearer ", None),
            ("Digest x", None),
            ("", None),
        ] {
            assert_eq!(credential(header).as_deref(), key, "{header}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>()) {
            credential(&text);
            credential(&format!("Basic {text}"));
            let shown = mask(&text);
            let (given, masked) = (text.chars().count(), shown.chars().count());
            prop_assert!(given > 300 || masked == given);
            let _ = ApiKey::parse(&text);
        }
    }
}
