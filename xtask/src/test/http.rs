//! As much of HTTP/1.1 as a recording proxy needs: heads, and bodies of the three kinds.

use std::io::{self, BufRead};

/// The start line and the fields of a message, with the bytes they came as.
pub(super) struct Head {
    /// As read, with the empty line that ends it.
    pub(super) raw: Vec<u8>,
    /// `POST /v1/customers HTTP/1.1` or `HTTP/1.1 200 OK`.
    pub(super) start: String,
    fields: Vec<(String, String)>,
}

/// A message's body, with the bytes it came as.
#[derive(Default)]
pub(super) struct Body {
    /// As read, chunk sizes and all.
    pub(super) raw: Vec<u8>,
    /// Its content alone.
    pub(super) content: Vec<u8>,
}

impl Head {
    /// The next head of a connection; `None` when it was closed before one began.
    ///
    /// # Errors
    /// When the connection breaks, or ends inside a head.
    pub(super) fn read(from: &mut impl BufRead) -> io::Result<Option<Head>> {
        let mut raw = Vec::new();
        let mut lines: Vec<String> = Vec::new();
        loop {
            let begun = raw.len();
            if from.read_until(b'\n', &mut raw)? == 0 {
                return match raw.is_empty() {
                    true => Ok(None),
                    false => Err(io::ErrorKind::UnexpectedEof.into()),
                };
            }
            let line = String::from_utf8_lossy(&raw[begun..]).trim_end().to_owned();
            match (line.is_empty(), lines.is_empty()) {
                (true, true) => raw.clear(),
                (true, false) => break,
                (false, _) => lines.push(line),
            }
        }
        let start = lines.remove(0);
        let field = |line: String| {
            let (name, value) = line.split_once(':')?;
            Some((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        };
        Ok(Some(Head { raw, start, fields: lines.into_iter().filter_map(field).collect() }))
    }

    /// The first field of that name, which is given in lower case.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The word of the start line at `place`: a request has its method and target first, an answer
    /// its protocol and status.
    pub(super) fn word(&self, place: usize) -> &str {
        self.start.split(' ').nth(place).unwrap_or_default()
    }

    /// Whether the connection ends after this message.
    pub(super) fn closes(&self) -> bool {
        self.start.contains("HTTP/1.0")
            || self.field("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }

    /// The body of a request: none, unless its head announces one.
    pub(super) fn request_body(&self, from: &mut impl BufRead) -> io::Result<Body> {
        if self.is_chunked() {
            return chunked(from);
        }
        match self.length() {
            Some(length) => exactly(from, length),
            None => Ok(Body::default()),
        }
    }

    /// The body of an answer to `method`: to the end of the connection, if its head says nothing.
    pub(super) fn answer_body(&self, method: &str, from: &mut impl BufRead) -> io::Result<Body> {
        if method == "HEAD" || matches!(self.word(1), "101" | "204" | "304") {
            return Ok(Body::default());
        }
        if self.is_chunked() {
            return chunked(from);
        }
        if let Some(length) = self.length() {
            return exactly(from, length);
        }
        let mut raw = Vec::new();
        from.read_to_end(&mut raw)?;
        Ok(Body { content: raw.clone(), raw })
    }

    fn is_chunked(&self) -> bool {
        self.field("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"))
    }

    fn length(&self) -> Option<usize> {
        self.field("content-length").and_then(|value| value.parse().ok())
    }
}

fn exactly(from: &mut impl BufRead, length: usize) -> io::Result<Body> {
    let mut raw = vec![0; length];
    from.read_exact(&mut raw)?;
    Ok(Body { content: raw.clone(), raw })
}

fn chunked(from: &mut impl BufRead) -> io::Result<Body> {
    let mut body = Body::default();
    loop {
        let begun = body.raw.len();
        if from.read_until(b'\n', &mut body.raw)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = String::from_utf8_lossy(&body.raw[begun..]).trim().to_owned();
        let size = line.split(';').next().unwrap_or_default();
        let size = usize::from_str_radix(size, 16).map_err(io::Error::other)?;
        if size == 0 {
            break;
        }
        let begun = body.raw.len();
        body.raw.resize(begun + size + 2, 0);
        from.read_exact(&mut body.raw[begun..])?;
        body.content.extend_from_slice(&body.raw[begun..begun + size]);
    }
    // Trailers, up to the empty line.
    loop {
        let begun = body.raw.len();
        from.read_until(b'\n', &mut body.raw)?;
        if body.raw[begun..].trim_ascii().is_empty() {
            return Ok(body);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_with_a_length() {
        let text = b"POST /v1/x?a=b HTTP/1.1\r\nContent-Length: 3\r\nX: y\r\n\r\nabcGET";
        let mut from = &text[..];
        let head = Head::read(&mut from).unwrap().unwrap();
        assert_eq!((head.word(0), head.word(1)), ("POST", "/v1/x?a=b"));
        assert_eq!(head.field("x"), Some("y"));
        assert!(!head.closes());
        assert_eq!(head.request_body(&mut from).unwrap().content, b"abc");
        assert_eq!(from, b"GET");
    }

    #[test]
    fn an_answer_in_chunks() {
        let text =
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n";
        let mut from = &text[..];
        let head = Head::read(&mut from).unwrap().unwrap();
        let body = head.answer_body("GET", &mut from).unwrap();
        assert_eq!(body.content, b"abc");
        assert_eq!(body.raw, &text[text.len() - body.raw.len()..]);
        assert!(Head::read(&mut from).unwrap().is_none());
    }

    #[test]
    fn a_broken_head_is_an_error() {
        assert!(Head::read(&mut &b"GET / HTTP/1.1\r\nHo"[..]).is_err());
    }
}
