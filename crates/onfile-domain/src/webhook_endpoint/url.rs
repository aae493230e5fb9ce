//! Addresses of endpoints. Read strictly: whoever reads an address another way than we do is who
//! an attacker writes for, so that what has two readings is no address here.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::str::FromStr;

/// The longest address, in bytes: what HTTP servers take without being told.
const BYTES: usize = 2_048;
/// The longest name, and the longest part of one (RFC 1035).
const NAME_BYTES: usize = 253;
const LABEL_BYTES: usize = 63;

/// The text is no address that events can be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address that events can be sent to")]
pub struct NotAUrl;

/// Who is asked at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host<'a> {
    /// A name, to be resolved.
    Name(&'a str),
    /// A number, as it is.
    Address(IpAddr),
}

/// `http://` or `https://`, a host, perhaps a port, a path and a query. No user, no letters
/// beyond ASCII (`xn--…` for those), no number in any spelling but its own.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookUrl {
    text: String,
    is_https: bool,
    /// The host, without the brackets of a number of version 6.
    host: Range<usize>,
    address: Option<IpAddr>,
    port: u16,
    /// Path and query: what is asked for.
    target: Range<usize>,
}

impl fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for WebhookUrl {
    type Err = NotAUrl;

    fn from_str(text: &str) -> Result<WebhookUrl, NotAUrl> {
        if text.len() > BYTES || !text.bytes().all(is_plain) {
            return Err(NotAUrl);
        }
        let (scheme, rest) = text.split_once("://").ok_or(NotAUrl)?;
        let is_https = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(NotAUrl),
        };
        let from = text.len() - rest.len();
        let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
        let to = from + authority.len();
        let (host, port) = split_port(authority)?;
        let port = match port {
            Some(port) => number_of(port)?,
            None if is_https => 443,
            None => 80,
        };
        let (skip, address) = match host.strip_prefix('[') {
            Some(inside) => {
                let inside = inside.strip_suffix(']').ok_or(NotAUrl)?;
                (1, Some(IpAddr::V6(Ipv6Addr::from_str(inside).map_err(|_| NotAUrl)?)))
            }
            None if ends_in_a_number(host) => {
                (0, Some(IpAddr::V4(Ipv4Addr::from_str(host).map_err(|_| NotAUrl)?)))
            }
            None if is_name(host) => (0, None),
            None => return Err(NotAUrl),
        };
        let host = from + skip..from + host.len() - skip;
        let end = text.find('#').unwrap_or(text.len());
        Ok(WebhookUrl { text: text.to_owned(), is_https, host, address, port, target: to..end })
    }
}

impl WebhookUrl {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it asks for TLS.
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// Whom to ask.
    pub fn host(&self) -> Host<'_> {
        match self.address {
            Some(address) => Host::Address(address),
            None => Host::Name(&self.text[self.host.clone()]),
        }
    }

    /// The port, written or the scheme's own.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What a `Host` header says: without the scheme's own port.
    pub fn authority(&self) -> String {
        let host = match self.host() {
            Host::Name(name) => name.to_owned(),
            Host::Address(IpAddr::V4(address)) => address.to_string(),
            Host::Address(IpAddr::V6(address)) => format!("[{address}]"),
        };
        match (self.is_https, self.port) {
            (true, 443) | (false, 80) => host,
            (_, port) => format!("{host}:{port}"),
        }
    }

    /// Path and query, as a request asks for them.
    pub fn target(&self) -> String {
        let target = &self.text[self.target.clone()];
        if target.starts_with('/') { target.to_owned() } else { format!("/{target}") }
    }
}

/// What may stand in an address at all.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic()
        && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
}

/// Splits a port off. A user (`name@host`) is refused: it would be shown in every list.
fn split_port(authority: &str) -> Result<(&str, Option<&str>), NotAUrl> {
    if authority.is_empty() || authority.contains(['@', '%']) {
        return Err(NotAUrl);
    }
    let behind = authority.rfind(']').map_or(0, |at| at + 1);
    match authority[behind..].find(':') {
        None => Ok((authority, None)),
        Some(at) => Ok((&authority[..behind + at], Some(&authority[behind + at + 1..]))),
    }
}

fn number_of(port: &str) -> Result<u16, NotAUrl> {
    let plain = !port.starts_with('0') && port.bytes().all(|byte| byte.is_ascii_digit());
    port.parse().ok().filter(|_| plain).ok_or(NotAUrl)
}

/// Names whose last part could be a number are read as one by the system's resolver
/// (`0x7f000001`, `127.1`, `2130706433`): only a number in its usual spelling may look so.
fn ends_in_a_number(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_hex = last.len() > 1 && last.as_bytes()[..2].eq_ignore_ascii_case(b"0x");
    is_hex || (!last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_name(host: &str) -> bool {
    let is_label = |label: &str| {
        let inside = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let edges = |byte: Option<&u8>| byte.is_some_and(|byte| *byte != b'-');
        let bytes = label.as_bytes();
        label.len() <= LABEL_BYTES
            && bytes.iter().copied().all(inside)
            && edges(bytes.first())
            && edges(bytes.last())
    };
    host.len() <= NAME_BYTES && host.split('.').all(is_label)
}
