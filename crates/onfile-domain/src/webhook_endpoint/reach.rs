//! Which addresses events may be sent to. An endpoint's address is chosen by whoever holds a key,
//! and asked for by this server: without a guard it would open what stands behind the server's
//! own wall (server-side request forgery).
//!
//! The guard is asked twice: about what is written, when an endpoint is made, and about what a
//! name leads to, at each connection ([`Reach::allows`]); the connection is then made to the very
//! address that was asked about.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::account::Mode;
use crate::webhook_endpoint::{Host, WebhookUrl};

/// Where an address lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressKind {
    /// On the internet.
    Public,
    /// On this machine or in its neighbourhood: loopback, private and link-local addresses.
    Near,
    /// Nowhere that a server is: unspecified, multicast, reserved and documentation addresses,
    /// and those that hide another address (tunnels, translators).
    Nowhere,
}

/// Where an address lies (the registries of special addresses, RFC 6890).
pub fn kind_of(address: IpAddr) -> AddressKind {
    match address {
        IpAddr::V4(address) => kind_of_v4(address),
        IpAddr::V6(address) => kind_of_v6(address),
    }
}

fn kind_of_v4(address: Ipv4Addr) -> AddressKind {
    match address.octets() {
        // Loopback, private (RFC 1918), shared by carriers (RFC 6598), link-local.
        [127 | 10, ..] | [192, 168, ..] | [169, 254, ..] => AddressKind::Near,
        [172, second, ..] if second & 0xf0 == 16 => AddressKind::Near,
        [100, second, ..] if second & 0xc0 == 64 => AddressKind::Near,
        // This network, protocol assignments, documentation, relays, benchmarks.
        [0, ..] | [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] => {
            AddressKind::Nowhere
        }
        [198, 51, 100, _] | [203, 0, 113, _] => AddressKind::Nowhere,
        // Multicast, reserved, broadcast.
        [224..=255, ..] => AddressKind::Nowhere,
        _ => AddressKind::Public,
    }
}

fn kind_of_v6(address: Ipv6Addr) -> AddressKind {
    if let Some(inside) = address.to_ipv4_mapped() {
        return kind_of_v4(inside);
    }
    if address.is_loopback() {
        return AddressKind::Near;
    }
    let inside = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        // What a translator makes of a public address is public; of any other, nobody's.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => match kind_of_v4(inside(high, low)) {
            AddressKind::Public => AddressKind::Public,
            AddressKind::Near | AddressKind::Nowhere => AddressKind::Nowhere,
        },
        [first, ..] if first & 0xfe00 == 0xfc00 => AddressKind::Near,
        [first, ..] if first & 0xffc0 == 0xfe80 => AddressKind::Near,
        // Protocol assignments (Teredo among them), documentation, 6to4.
        [0x2001, second, ..] if second < 0x200 => AddressKind::Nowhere,
        [0x2001, 0xdb8, ..] | [0x2002, ..] => AddressKind::Nowhere,
        [0x3fff, second, ..] if second < 0x1000 => AddressKind::Nowhere,
        [first, ..] if first & 0xe000 == 0x2000 => AddressKind::Public,
        _ => AddressKind::Nowhere,
    }
}

/// A part of the net: `10.1.0.0/16`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// The text is neither an address nor a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither an address nor a network such as 10.1.0.0/16")]
pub struct NotANetwork;

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Network, NotANetwork> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(prefix) => prefix.parse().ok().filter(|it| *it <= bits).ok_or(NotANetwork)?,
            None => bits,
        };
        Ok(Network { address, prefix })
    }
}

impl Network {
    /// Whether an address lies in it.
    pub fn holds(&self, address: IpAddr) -> bool {
        let same = |one: u128, other: u128, bits: u32| {
            let rest = bits - u32::from(self.prefix).min(bits);
            rest == u128::BITS || (one ^ other) >> rest == 0
        };
        match (self.address, address) {
            (IpAddr::V4(ours), IpAddr::V4(other)) => {
                same(u32::from(ours).into(), u32::from(other).into(), 32)
            }
            (IpAddr::V6(ours), IpAddr::V6(other)) => same(ours.into(), other.into(), 128),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

/// How far this server's events may go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Whether events of test mode may go to addresses nearby: they may while the server itself
    /// can be reached from this machine only.
    pub near: bool,
    /// Networks that are allowed whatever they are, in live mode too.
    pub allowed: Vec<Network>,
}

impl Reach {
    /// Whether a connection may be made to this address.
    pub fn allows(&self, mode: Mode, address: IpAddr) -> bool {
        // `::ffff:10.0.0.1` goes where `10.0.0.1` goes.
        let address = address.to_canonical();
        if self.allowed.iter().any(|network| network.holds(address)) {
            return true;
        }
        match (kind_of(address), mode) {
            (AddressKind::Public, Mode::Test | Mode::Live) => true,
            (AddressKind::Near, Mode::Test) => self.near,
            (AddressKind::Near, Mode::Live) => false,
            (AddressKind::Nowhere, Mode::Test | Mode::Live) => false,
        }
    }

    /// Whether an endpoint may be made there, as far as its writing tells: a name may lead
    /// anywhere, save those that mean this machine.
    pub fn allows_endpoint(&self, mode: Mode, url: &WebhookUrl) -> bool {
        match url.host() {
            Host::Address(address) => self.allows(mode, address),
            Host::Name(name) if is_this_machine(name) => {
                self.allows(mode, IpAddr::V4(Ipv4Addr::LOCALHOST))
                    || self.allows(mode, IpAddr::V6(Ipv6Addr::LOCALHOST))
            }
            Host::Name(_) => true,
        }
    }
}

/// `localhost` and what stands below it (RFC 6761).
fn is_this_machine(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    last.eq_ignore_ascii_case("localhost")
}
