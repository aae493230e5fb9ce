//! How one value is written into a body and read back.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::reader::Reader;

/// What is wrong with a body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Wrong(pub(crate) String);

impl Wrong {
    /// A name that nothing here has.
    pub(crate) fn unknown(name: &str) -> Wrong {
        Wrong(format!("{name:?} is not known here"))
    }
}

/// A value inside a body.
pub(crate) trait Part: Sized {
    /// Writes it at the end of `out`.
    fn write(&self, out: &mut String);

    /// Reads it.
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong>;

    /// What a member that isn't there stands for; `None` where it must be there.
    fn absent() -> Option<Self> {
        None
    }

    /// Whether it is left out of the object that it is a member of.
    fn is_absent(&self) -> bool {
        false
    }
}

impl Part for String {
    fn write(&self, out: &mut String) {
        write_text(out, self);
    }

    fn read(from: &mut Reader<'_>) -> Result<String, Wrong> {
        Ok(from.text()?.into_owned())
    }
}

/// Writes a JSON string.
pub(crate) fn write_text(out: &mut String, text: &str) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[plain..at]);
        plain = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            control => {
                write!(out, "\\u{control:04x}").expect("a String takes every write");
            }
        }
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

impl Part for i64 {
    fn write(&self, out: &mut String) {
        write!(out, "{self}").expect("a String takes every write");
    }

    fn read(from: &mut Reader<'_>) -> Result<i64, Wrong> {
        from.integer()
    }
}

impl Part for u8 {
    fn write(&self, out: &mut String) {
        i64::from(*self).write(out);
    }

    fn read(from: &mut Reader<'_>) -> Result<u8, Wrong> {
        let number = from.integer()?;
        u8::try_from(number).map_err(|_| Wrong(format!("{number} is out of range")))
    }
}

impl Part for u16 {
    fn write(&self, out: &mut String) {
        i64::from(*self).write(out);
    }

    fn read(from: &mut Reader<'_>) -> Result<u16, Wrong> {
        let number = from.integer()?;
        u16::try_from(number).map_err(|_| Wrong(format!("{number} is out of range")))
    }
}

impl Part for bool {
    fn write(&self, out: &mut String) {
        out.push_str(if *self { "true" } else { "false" });
    }

    fn read(from: &mut Reader<'_>) -> Result<bool, Wrong> {
        from.boolean()
    }

    fn absent() -> Option<bool> {
        Some(false)
    }

    fn is_absent(&self) -> bool {
        !self
    }
}

impl<T: Part> Part for Option<T> {
    fn write(&self, out: &mut String) {
        // A `None` is never written: it is absent wherever it may stand.
        if let Some(it) = self {
            it.write(out);
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Option<T>, Wrong> {
        Ok(Some(T::read(from)?))
    }

    fn absent() -> Option<Option<T>> {
        Some(None)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Part> Part for Box<T> {
    fn write(&self, out: &mut String) {
        T::write(self, out);
    }

    fn read(from: &mut Reader<'_>) -> Result<Box<T>, Wrong> {
        Ok(Box::new(T::read(from)?))
    }
}

impl<T: Part> Part for Vec<T> {
    fn write(&self, out: &mut String) {
        out.push('[');
        for (at, it) in self.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            it.write(out);
        }
        out.push(']');
    }

    fn read(from: &mut Reader<'_>) -> Result<Vec<T>, Wrong> {
        let mut items = Vec::new();
        from.array(|from| {
            items.push(T::read(from)?);
            Ok(())
        })?;
        Ok(items)
    }

    fn absent() -> Option<Vec<T>> {
        Some(Vec::new())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl Part for BTreeMap<String, String> {
    fn write(&self, out: &mut String) {
        out.push('{');
        for (at, (name, value)) in self.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            write_text(out, name);
            out.push(':');
            write_text(out, value);
        }
        out.push('}');
    }

    fn read(from: &mut Reader<'_>) -> Result<BTreeMap<String, String>, Wrong> {
        let mut map = BTreeMap::new();
        from.object(|name, from| {
            map.insert(name.to_owned(), String::read(from)?);
            Ok(())
        })?;
        Ok(map)
    }

    fn absent() -> Option<BTreeMap<String, String>> {
        Some(BTreeMap::new())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}
