//! JSON written straight into bytes, as Stripe prints it: two blanks a level, `"key": value`.
//!
//! A place for a value is a [`Json`]; the closures of [`Json::object`] and [`Json::list`] get
//! the inside of one. What is written is always well-formed as long as each place gets exactly
//! one value, which debug builds check, as they check that keys stand in Stripe's order:
//! `id` and `object` first, then the alphabet.

use std::fmt::{self, Display, Write};

mod diff;
mod raw;

pub use diff::write_previous;

/// A place for one value, and the bytes behind it.
pub struct Json {
    out: Vec<u8>,
    layout: Layout,
    depth: usize,
    /// Whether the place was filled, for debug builds.
    filled: bool,
}

/// How the text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// As Stripe prints an answer.
    Pretty,
    /// Without blanks, for what is kept.
    Compact,
}

impl Json {
    /// An empty text.
    pub fn new(layout: Layout) -> Json {
        Json { out: Vec::with_capacity(4_096), layout, depth: 0, filled: false }
    }

    /// The bytes of the value.
    pub fn into_bytes(self) -> Vec<u8> {
        debug_assert!(self.filled, "a place without a value");
        self.out
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.fill();
        write_text(&mut self.out, text);
    }

    /// A text that is written as it is shown: an id.
    pub fn id(&mut self, id: impl Display) {
        self.fill();
        self.out.push(b'"');
        write!(Escaped(&mut self.out), "{id}").expect("writing to memory does not fail");
        self.out.push(b'"');
    }

    /// A number with up to six decimal digits, given in millionths.
    pub fn millionths(&mut self, number: i64) {
        self.fill();
        let (whole, rest) = (number / 1_000_000, number.unsigned_abs() % 1_000_000);
        write_int(&mut self.out, whole);
        let digits = format!("{rest:06}");
        let digits = digits.trim_end_matches('0');
        if !digits.is_empty() {
            self.out.push(b'.');
            self.out.extend_from_slice(digits.as_bytes());
        }
    }

    /// An integer.
    pub fn int(&mut self, number: i64) {
        self.fill();
        write_int(&mut self.out, number);
    }

    /// `true` or `false`.
    pub fn flag(&mut self, flag: bool) {
        self.fill();
        self.out.extend_from_slice(if flag { b"true" } else { b"false" });
    }

    /// `null`.
    pub fn null(&mut self) {
        self.fill();
        self.out.extend_from_slice(b"null");
    }

    /// A value that is JSON already, laid out anew for its place here.
    pub fn raw(&mut self, json: &[u8]) {
        self.fill();
        raw::copy(json, self.layout, self.depth, &mut self.out);
    }

    /// An object; its keys come in Stripe's order.
    pub fn object(&mut self, write: impl FnOnce(&mut Object<'_>)) {
        self.nested(b'{', b'}', |json| {
            let mut object = Object { json, empty: true, ordered: true, last: "" };
            write(&mut object);
            object.empty
        });
    }

    /// An object whose keys are the caller's own, in any order (metadata).
    pub fn map(&mut self, write: impl FnOnce(&mut Object<'_>)) {
        self.nested(b'{', b'}', |json| {
            let mut object = Object { json, empty: true, ordered: false, last: "" };
            write(&mut object);
            object.empty
        });
    }

    /// A list.
    pub fn list(&mut self, write: impl FnOnce(&mut List<'_>)) {
        self.nested(b'[', b']', |json| {
            let mut list = List { json, empty: true };
            write(&mut list);
            list.empty
        });
    }

    fn nested(&mut self, open: u8, close: u8, write: impl FnOnce(&mut Json) -> bool) {
        self.fill();
        self.out.push(open);
        self.depth += 1;
        let empty = write(self);
        debug_assert!(self.filled, "a key without a value");
        self.depth -= 1;
        if !empty {
            self.new_line();
        }
        self.out.push(close);
    }

    fn fill(&mut self) {
        debug_assert!(!self.filled, "two values in one place");
        self.filled = true;
    }

    /// Makes the place for the next member of an object or a list.
    fn member(&mut self, first: bool) {
        debug_assert!(self.filled, "a member without a value");
        if !first {
            self.out.push(b',');
        }
        self.new_line();
    }

    fn new_line(&mut self) {
        new_line(self.layout, self.depth, &mut self.out);
    }
}

fn new_line(layout: Layout, depth: usize, out: &mut Vec<u8>) {
    const BLANKS: &[u8; 32] = b"                                ";
    match layout {
        Layout::Compact => {}
        Layout::Pretty => {
            out.push(b'\n');
            let mut blanks = depth * 2;
            while blanks > 0 {
                let some = blanks.min(BLANKS.len());
                out.extend_from_slice(&BLANKS[..some]);
                blanks -= some;
            }
        }
    }
}

/// The inside of an object.
pub struct Object<'a> {
    json: &'a mut Json,
    empty: bool,
    ordered: bool,
    last: &'static str,
}

impl Object<'_> {
    /// The place of a field's value, which the caller fills.
    pub fn field(&mut self, name: &'static str) -> &mut Json {
        if self.ordered {
            debug_assert!(in_order(self.last, name), "{name} stands after {}", self.last);
            self.last = name;
        }
        self.entry(name)
    }

    /// The place of a value under a key that the caller of the API chose.
    pub fn entry(&mut self, name: &str) -> &mut Json {
        self.named(|out| write_text(out, name))
    }

    /// The same for a key that is JSON already, with its quotes.
    fn entry_written(&mut self, name: &[u8]) -> &mut Json {
        self.named(|out| out.extend_from_slice(name))
    }

    fn named(&mut self, write_name: impl FnOnce(&mut Vec<u8>)) -> &mut Json {
        self.json.member(self.empty);
        self.empty = false;
        write_name(&mut self.json.out);
        let colon: &[u8] = match self.json.layout {
            Layout::Pretty => b": ",
            Layout::Compact => b":",
        };
        self.json.out.extend_from_slice(colon);
        self.json.filled = false;
        self.json
    }

    /// A text.
    pub fn text(&mut self, name: &'static str, text: &str) {
        self.field(name).text(text);
    }

    /// A text or `null`.
    pub fn opt_text(&mut self, name: &'static str, text: Option<&str>) {
        match text {
            Some(text) => self.field(name).text(text),
            None => self.field(name).null(),
        }
    }

    /// An id.
    pub fn id(&mut self, name: &'static str, id: impl Display) {
        self.field(name).id(id);
    }

    /// An integer.
    pub fn int(&mut self, name: &'static str, number: i64) {
        self.field(name).int(number);
    }

    /// An integer or `null`.
    pub fn opt_int(&mut self, name: &'static str, number: Option<i64>) {
        match number {
            Some(number) => self.field(name).int(number),
            None => self.field(name).null(),
        }
    }

    /// `true` or `false`.
    pub fn flag(&mut self, name: &'static str, flag: bool) {
        self.field(name).flag(flag);
    }

    /// `null`.
    pub fn null(&mut self, name: &'static str) {
        self.field(name).null();
    }

    /// An object.
    pub fn object(&mut self, name: &'static str, write: impl FnOnce(&mut Object<'_>)) {
        self.field(name).object(write);
    }

    /// An object whose keys are the caller's own.
    pub fn map(&mut self, name: &'static str, write: impl FnOnce(&mut Object<'_>)) {
        self.field(name).map(write);
    }

    /// A list.
    pub fn list(&mut self, name: &'static str, write: impl FnOnce(&mut List<'_>)) {
        self.field(name).list(write);
    }
}

/// Whether `name` may stand after `last` in an object as Stripe orders them.
fn in_order(last: &str, name: &str) -> bool {
    match (last, name) {
        ("", _) => true,
        ("id", "object") => true,
        ("id" | "object", "id") => false,
        ("id" | "object", _) => true,
        (last, name) => last < name,
    }
}

/// The inside of a list.
pub struct List<'a> {
    json: &'a mut Json,
    empty: bool,
}

impl List<'_> {
    /// The place of the next item, which the caller fills.
    pub fn item(&mut self) -> &mut Json {
        self.json.member(self.empty);
        self.empty = false;
        self.json.filled = false;
        self.json
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.item().text(text);
    }
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    escape(out, text);
    out.push(b'"');
}

/// Writes what is formatted into it as the inside of a JSON text.
struct Escaped<'a>(&'a mut Vec<u8>);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        escape(self.0, text);
        Ok(())
    }
}

fn escape(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let bytes = text.as_bytes();
    let mut plain_from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let short = match byte {
            b'"' => b'"',
            b'\\' => b'\\',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0x08 => b'b',
            0x0c => b'f',
            0x00..=0x1f | 0x7f => b'u',
            _ => continue,
        };
        out.extend_from_slice(&bytes[plain_from..at]);
        plain_from = at + 1;
        out.extend_from_slice(&[b'\\', short]);
        if short == b'u' {
            let (high, low) = (HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]);
            out.extend_from_slice(&[b'0', b'0', high, low]);
        }
    }
    out.extend_from_slice(&bytes[plain_from..]);
}

fn write_int(out: &mut Vec<u8>, number: i64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    let mut rest = number.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests;
