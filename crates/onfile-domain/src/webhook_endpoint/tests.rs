use std::net::IpAddr;

use super::*;
use crate::account::Mode;
use crate::command::{Answer, Gone, Ref};
use crate::event::EventType;
use crate::refusal::Why;
use crate::rehearsal::World;

/// A line of the corpus as it was meant.
fn decoded(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('\\') {
            out.push('\\');
            rest = after;
        } else {
            let (code, after) = rest[2..].split_once('}').expect("an escape ends");
            let code = u32::from_str_radix(code, 16).expect("an escape is a number");
            out.push(char::from_u32(code).expect("an escape is a character"));
            rest = after;
        }
    }
    out + rest
}

fn verdict(text: &str) -> &'static str {
    let Ok(url) = text.parse::<WebhookUrl>() else { return "refused" };
    assert_eq!(url.as_str(), text);
    assert!(url.target().starts_with('/') && !url.target().contains('#'), "{text}");
    let (far, near) = (Reach::default(), Reach { near: true, allowed: Vec::new() });
    match url.host() {
        Host::Name(_) if !far.allows_endpoint(Mode::Test, &url) => "machine",
        Host::Name(_) => "name",
        Host::Address(address) => {
            let kind = kind_of(address);
            let (public, around) = (kind == AddressKind::Public, kind != AddressKind::Nowhere);
            for mode in [Mode::Test, Mode::Live] {
                assert_eq!(far.allows_endpoint(mode, &url), public, "{text}");
            }
            assert_eq!(near.allows_endpoint(Mode::Test, &url), around, "{text}");
            assert_eq!(near.allows_endpoint(Mode::Live, &url), public, "{text}");
            match kind {
                AddressKind::Public => "public",
                AddressKind::Near => "near",
                AddressKind::Nowhere => "nowhere",
            }
        }
    }
}

#[test]
fn several_hundred_tricks() {
    let mut count = 0;
    for line in include_str!("tricks.txt").lines().filter(|line| !line.starts_with('#')) {
        let (expected, url) = line.split_once('\t').expect("a verdict and an address");
        assert_eq!(verdict(&decoded(url)), expected, "{line}");
        count += 1;
    }
    assert!(count > 500, "{count}");
}

#[test]
fn an_address_comes_apart() {
    for (text, host, port, authority, target) in [
        ("http://example.com", "example.com", 80, "example.com", "/"),
        ("https://example.com:443/a?b=c#d", "example.com", 443, "example.com", "/a?b=c"),
        ("https://example.com:80?x", "example.com", 80, "example.com:80", "/?x"),
        ("http://127.0.0.1:3000/hook", "127.0.0.1", 3000, "127.0.0.1:3000", "/hook"),
        ("http://[::1]:3000/", "::1", 3000, "[::1]:3000", "/"),
        ("HTTPS://[0:0::1]", "::1", 443, "[::1]", "/"),
    ] {
        let url: WebhookUrl = text.parse().expect(text);
        let found = match url.host() {
            Host::Name(name) => name.to_owned(),
            Host::Address(address) => address.to_string(),
        };
        assert_eq!((found.as_str(), url.port()), (host, port), "{text}");
        assert_eq!((url.authority().as_str(), url.target().as_str()), (authority, target));
        assert_eq!(url.is_https(), text.to_lowercase().starts_with("https"));
    }
}

#[test]
fn networks_that_are_allowed() {
    for text in ["", "10.0.0.0/33", "10.0.0/8", "::/129", "a", "10.0.0.0/", "10.0.0.0/-1"] {
        assert_eq!(text.parse::<Network>(), Err(NotANetwork), "{text}");
    }
    let allowed = ["10.1.0.0/16", "192.168.1.7", "fd00::/8"].map(|it| it.parse().expect(it));
    let reach = Reach { near: false, allowed: allowed.to_vec() };
    for (address, open) in [
        ("10.1.2.3", true),
        ("10.2.0.1", false),
        ("192.168.1.7", true),
        ("192.168.1.8", false),
        ("::ffff:10.1.2.3", true),
        ("fd12::1", true),
        ("fe80::1", false),
        ("8.8.8.8", true),
    ] {
        let parsed: IpAddr = address.parse().expect(address);
        for mode in [Mode::Test, Mode::Live] {
            assert_eq!(reach.allows(mode, parsed), open, "{address}");
        }
    }
    let all = Reach { near: false, allowed: vec!["0.0.0.0/0".parse().expect("a network")] };
    assert!(all.allows(Mode::Live, "127.0.0.1".parse().expect("an address")));
}

fn reference(id: WebhookEndpointId) -> Ref<WebhookEndpointId> {
    Ref::new(id.to_string())
}

#[test]
fn the_life_of_an_endpoint() {
    let mut world = World::new();
    let id = world.endpoint("*");
    let made: WebhookEndpoint = world.get(id);
    assert!(made.hears(EventType::ChargeSucceeded));
    assert!(!made.hears(EventType::WebhookEndpointDisabled));

    let update = Update {
        status: Some(EndpointStatus::Disabled),
        url: Some("https://example.com/other".parse().expect("an address")),
        ..Update::default()
    };
    world.pass(|case| update.clone().decide(case, &reference(id)));
    let off: WebhookEndpoint = world.get(id);
    assert_eq!(
        (off.status, off.url.as_str()),
        (EndpointStatus::Disabled, "https://example.com/other")
    );
    assert!(!off.hears(EventType::ChargeSucceeded));
    assert_eq!((&off.seed, &off.enabled_events), (&made.seed, &made.enabled_events));

    let on = Update { status: Some(EndpointStatus::Enabled), ..Update::default() };
    world.pass(|case| on.clone().decide(case, &reference(id)));
    world.pass(|case| disable(case, id.seq).map(|_| Answer::Deleted(Gone::WebhookEndpoint(id))));
    world.pass(|case| disable(case, id.seq).map(|_| Answer::Deleted(Gone::WebhookEndpoint(id))));
    assert_eq!(world.told(), ["onfile.webhook_endpoint.disabled"]);

    world.pass(|case| Delete.decide(case, &reference(id)));
    assert!(world.get::<WebhookEndpoint>(id).deleted);
    let again = world.run(|case| Delete.decide(case, &reference(id)));
    assert!(matches!(again.unwrap_err().why, Why::Missing { .. }));
}

#[test]
fn sixteen_endpoints_and_no_more() {
    let mut world = World::new();
    let ids: Vec<_> = (0..MOST).map(|_| world.endpoint("*")).collect();
    let create = || Create {
        url: "https://example.com/".parse().expect("an address"),
        enabled_events: vec![EVERY_EVENT.to_owned()],
        api_version: None,
        notes: Notes::default(),
    };
    let refused = world.run(|case| create().decide(case));
    assert_eq!(refused.unwrap_err().why, Why::TooManyEndpoints { mode: Mode::Test });
    world.pass(|case| Delete.decide(case, &reference(ids[3])));
    world.pass(|case| create().decide(case));
}

#[test]
fn secrets_overlap_for_their_time() {
    let mut world = World::new();
    let id = world.endpoint("*");
    let first = world.get::<WebhookEndpoint>(id).seed;
    let roll = |world: &mut World, expires_in| {
        world.pass(|case| Roll { expires_in }.decide(case, &reference(id)));
        world.get::<WebhookEndpoint>(id).seed
    };
    let signing = |world: &World| -> Vec<SecretSeed> {
        world.get::<WebhookEndpoint>(id).signing(world.now).cloned().collect()
    };
    let second = roll(&mut world, 100);
    assert_ne!(first, second);
    assert_eq!(signing(&world), [second.clone(), first.clone()]);
    world.now = world.now.plus(60);
    let third = roll(&mut world, 100);
    assert_eq!(signing(&world), [third.clone(), second.clone(), first]);
    world.now = world.now.plus(40);
    assert_eq!(signing(&world), [third.clone(), second]);
    // Who ends a secret at once ends the older ones too.
    let fourth = roll(&mut world, 0);
    assert_eq!(signing(&world), [fourth]);
    for _ in 0..2 * SECRETS {
        roll(&mut world, 1_000);
    }
    assert_eq!(signing(&world).len(), SECRETS);
}
