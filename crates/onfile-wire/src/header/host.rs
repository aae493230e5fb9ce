//! Whose name a request came by: only this machine's own is trusted without being configured,
//! or a page elsewhere could rebind its name to us.

use std::net::{IpAddr, Ipv6Addr};

/// Whether a `Host` header (with or without its port) names this machine's loopback.
pub fn is_loopback_host(host: &str) -> bool {
    let Some(name) = name_of(host) else {
        return false;
    };
    if name.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let lower = name.to_ascii_lowercase();
    // Names under `localhost` are reserved for loopback (RFC 6761).
    if lower.strip_suffix(".localhost").is_some_and(|head| !head.is_empty()) {
        return true;
    }
    match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => inner.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback()),
        None => name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
    }
}

/// The host part of an `Origin` header (`https://shop.example:8443` → `shop.example:8443`);
/// `None` for `null` and what is no origin.
pub fn origin_host(origin: &str) -> Option<&str> {
    let (scheme, host) = origin.split_once("://")?;
    let known = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    (known && !host.is_empty() && !host.contains('/')).then_some(host)
}

/// The host without its port; `None` where it is no host.
fn name_of(host: &str) -> Option<&str> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let close = rest.find(']')? + 2;
            (&host[..close], host[close..].strip_prefix(':'))
        }
        None => match host.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (host, None),
        },
    };
    let rest = host.len() - name.len();
    let port_ok = match port {
        Some(port) => port.parse::<u16>().is_ok(),
        None => rest == 0,
    };
    (port_ok && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_hosts() {
        for host in [
            "localhost",
            "LOCALHOST:12111",
            "127.0.0.1",
            "127.0.0.1:80",
            "127.9.9.9",
            "[::1]",
            "[::1]:12111",
            "api.localhost:1",
        ] {
            assert!(is_loopback_host(host), "{host}");
        }
        for host in [
            "",
            ":80",
            "example.com",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "10.0.0.1",
            "[::2]",
            "[::1",
            "[::1]x",
            "::1",
            "localhost:",
            "localhost:x",
            "0.0.0.0",
            ".localhost",
            "notlocalhost",
            "localhost@evil.example",
        ] {
            assert!(!is_loopback_host(host), "{host}");
        }
    }

    #[test]
    fn origins() {
        assert_eq!(origin_host("https://shop.example:8443"), Some("shop.example:8443"));
        assert_eq!(origin_host("http://localhost"), Some("localhost"));
        for origin in ["null", "", "file://", "https://a/b", "shop.example"] {
            assert_eq!(origin_host(origin), None, "{origin}");
        }
    }
}
