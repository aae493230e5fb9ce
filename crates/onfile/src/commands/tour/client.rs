//! Asks a running server, as an SDK would, and reads the page where a customer proves to be there.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// An answer: its status and its body.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

/// One world of one server.
pub(super) struct Client {
    /// `127.0.0.1:12111`.
    host: String,
    key: String,
}

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

impl Client {
    /// # Errors
    /// When the address is no `http://` one.
    pub(super) fn new(base_url: &str, key: String) -> Result<Client> {
        let host = base_url.trim_end_matches('/').strip_prefix("http://");
        let host = host.with_context(|| format!("{base_url} is no http:// address"))?;
        Ok(Client { host: host.to_owned(), key })
    }

    /// A call of the API, and the object that it answers; an error is an answer too.
    pub(super) fn call(
        &self,
        method: &str,
        path: &str,
        form: &[(&str, &str)],
    ) -> Result<(u16, Value)> {
        let answer = self.send(method, path, &encode(form), true)?;
        let json = serde_json::from_str(&answer.body)
            .with_context(|| format!("{method} {path} answered no JSON: {}", answer.body))?;
        Ok((answer.status, json))
    }

    /// The customer opens the page of a challenge and presses a button.
    pub(super) fn answer_challenge(&self, url: &str, button: &str) -> Result<()> {
        let path = url
            .split_once("://")
            .and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()))
            .with_context(|| format!("{url} has no path"))?;
        let page = self.send("GET", &path, "", false)?;
        let form = form_of(&page.body, button).with_context(|| format!("no button {button}"))?;
        let target = if form.action.is_empty() { path } else { form.action };
        let fields: Vec<(&str, &str)> =
            form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let done = self.send("POST", &target, &encode(&fields), false)?;
        if done.status >= 400 {
            bail!("the challenge page answered {}", done.status);
        }
        Ok(())
    }

    fn send(&self, method: &str, path: &str, form: &str, with_key: bool) -> Result<Answer> {
        let mut stream = TcpStream::connect(&self.host)
            .with_context(|| format!("no server answers on {}", self.host))?;
        stream.set_read_timeout(Some(PATIENCE)).context("setting a time limit")?;
        let key = match with_key {
            true => format!("Authorization: Bearer {}\r\n", self.key),
            false => String::new(),
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\n{key}Connection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.host,
            form.len()
        );
        stream.write_all(request.as_bytes()).context("sending a request")?;
        let mut text = String::new();
        stream.read_to_string(&mut text).context("reading an answer")?;
        let (head, body) = text.split_once("\r\n\r\n").context("an answer without a body")?;
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
        Ok(Answer { status: status.context("an answer without a status")?, body: body.to_owned() })
    }
}

fn encode(form: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        form.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    pairs.join("&")
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'[' | b']' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

/// What a button of a page sends, and where.
struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

/// Reads our own page: its form's hidden fields, and the named button's own field.
fn form_of(page: &str, button: &str) -> Option<Form> {
    let action = attribute(tag(page, "<form", "")?, "action").unwrap_or_default();
    let mut fields = Vec::new();
    for input in page.match_indices("<input").map(|(at, _)| &page[at..]) {
        let input = &input[..input.find('>')?];
        if attribute(input, "type").as_deref() == Some("hidden") {
            fields.push((attribute(input, "name")?, attribute(input, "value").unwrap_or_default()));
        }
    }
    let pressed = tag(page, "<button", &format!("id=\"{button}\""))?;
    if let Some(name) = attribute(pressed, "name") {
        fields.push((name, attribute(pressed, "value").unwrap_or_default()));
    }
    Some(Form { action, fields })
}

/// The first tag that begins with `head` and holds `with`.
fn tag<'a>(page: &'a str, head: &str, with: &str) -> Option<&'a str> {
    page.match_indices(head)
        .map(|(at, _)| &page[at..])
        .filter_map(|rest| rest.find('>').map(|end| &rest[..end]))
        .find(|tag| tag.contains(with))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(value.replace("&amp;", "&").replace("&quot;", "\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read() {
        let page = r#"<form method="post" action="/x?a=1&amp;b=2"><input type="hidden" name="s" value="1"><button id="yes" name="answer" value="completed">Yes</button>
            <button id="no" name="answer" value="failed">No</button></form>"#;
        let form = form_of(page, "no").unwrap();
        assert_eq!(form.action, "/x?a=1&b=2");
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(form.fields, [pair("s", "1"), pair("answer", "failed")]);
        assert!(form_of(page, "maybe").is_none());
    }

    #[test]
    fn forms_are_written() {
        assert_eq!(encode(&[("a[b]", "x y&z"), ("c", "ü")]), "a[b]=x%20y%26z&c=%C3%BC");
    }
}
