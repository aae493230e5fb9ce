//! Reads the JSON that bodies are written in: objects, arrays, texts, whole numbers, booleans.
//! It borrows what it can, so that a point read costs no tree.

use std::borrow::Cow;

use super::part::Wrong;

/// A place in a body.
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// At the beginning of a body.
    pub(crate) fn new(text: &'a str) -> Reader<'a> {
        Reader { text, at: 0 }
    }

    /// Nothing may follow.
    pub(crate) fn end(&mut self) -> Result<(), Wrong> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.wrong("the end")),
        }
    }

    fn wrong(&self, wanted: &str) -> Wrong {
        Wrong(format!("{wanted} is missing at byte {}", self.at))
    }

    /// The next byte that isn't space.
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(self.at) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Result<(), Wrong> {
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.wrong(&format!("{:?}", char::from(byte))))
        }
    }

    /// Whether the byte stood there; it is taken.
    fn took(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    /// An object: `member` reads the value of each name.
    pub(crate) fn object(
        &mut self,
        mut member: impl FnMut(&str, &mut Reader<'a>) -> Result<(), Wrong>,
    ) -> Result<(), Wrong> {
        self.take(b'{')?;
        if self.took(b'}') {
            return Ok(());
        }
        loop {
            let name = self.text()?;
            self.take(b':')?;
            member(&name, self).map_err(|wrong| Wrong(format!("{name}: {}", wrong.0)))?;
            if !self.took(b',') {
                return self.take(b'}');
            }
        }
    }

    /// An object with one member, whose name says how its value is read.
    pub(crate) fn choice<T>(
        &mut self,
        read: impl FnOnce(&str, &mut Reader<'a>) -> Result<T, Wrong>,
    ) -> Result<T, Wrong> {
        self.take(b'{')?;
        let word = self.text()?;
        self.take(b':')?;
        let it = read(&word, self)?;
        self.take(b'}')?;
        Ok(it)
    }

    /// An array: `item` reads each of its values.
    pub(crate) fn array(
        &mut self,
        mut item: impl FnMut(&mut Reader<'a>) -> Result<(), Wrong>,
    ) -> Result<(), Wrong> {
        self.take(b'[')?;
        if self.took(b']') {
            return Ok(());
        }
        loop {
            item(self)?;
            if !self.took(b',') {
                return self.take(b']');
            }
        }
    }

    /// A pair, as an array of two.
    pub(crate) fn pair<A, B>(
        &mut self,
        first: impl FnOnce(&mut Reader<'a>) -> Result<A, Wrong>,
        second: impl FnOnce(&mut Reader<'a>) -> Result<B, Wrong>,
    ) -> Result<(A, B), Wrong> {
        self.take(b'[')?;
        let first = first(self)?;
        self.take(b',')?;
        let second = second(self)?;
        self.take(b']')?;
        Ok((first, second))
    }

    /// A text.
    pub(crate) fn text(&mut self) -> Result<Cow<'a, str>, Wrong> {
        self.take(b'"')?;
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        let stop = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'));
        let stop = start + stop.ok_or_else(|| self.wrong("a text's end"))?;
        self.at = stop;
        if self.text.as_bytes()[stop] == b'"' {
            self.at += 1;
            return Ok(Cow::Borrowed(&self.text[start..stop]));
        }
        let mut text = self.text[start..stop].to_owned();
        loop {
            let c = self.char()?;
            match c {
                '"' => return Ok(Cow::Owned(text)),
                '\\' => text.push(self.escape()?),
                plain => text.push(plain),
            }
        }
    }

    fn char(&mut self) -> Result<char, Wrong> {
        let c = self.text[self.at..].chars().next().ok_or_else(|| self.wrong("a text's end"))?;
        self.at += c.len_utf8();
        Ok(c)
    }

    /// What follows a backslash: as much of JSON as bodies are written in.
    fn escape(&mut self) -> Result<char, Wrong> {
        Ok(match self.char()? {
            c @ ('"' | '\\' | '/') => c,
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let mut code = 0;
                for _ in 0..4 {
                    let digit = self.char()?.to_digit(16).ok_or_else(|| self.wrong("a digit"))?;
                    code = code * 16 + digit;
                }
                char::from_u32(code).ok_or_else(|| self.wrong("a character"))?
            }
            _ => return Err(self.wrong("an escape")),
        })
    }

    /// A whole number.
    pub(crate) fn integer(&mut self) -> Result<i64, Wrong> {
        self.peek();
        let rest = &self.text[self.at..];
        let len = rest.bytes().take_while(|b| b.is_ascii_digit() || *b == b'-').count();
        let number = rest[..len].parse().map_err(|_| self.wrong("a whole number"))?;
        self.at += len;
        Ok(number)
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&mut self) -> Result<bool, Wrong> {
        self.peek();
        for (word, value) in [("true", true), ("false", false)] {
            if self.text[self.at..].starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.wrong("true or false"))
    }
}
