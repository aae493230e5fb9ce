//! The network transaction ids that the simulated networks give (`card-network.md` 1.6).
//!
//! In test mode Visa's are the same for every charge of a number (`stripe-api.md` 6.3), so the
//! value alone can't tell an issuer which agreement a later charge rests on: a weak transaction
//! would stand under the same key as the challenged one before it. Each therefore carries a link
//! of its own, and ledgers go by that ([`Nti::ledger_key`]); nothing written under one is ever
//! lost to another. A link begins with the transaction's place in the world's order, so that a
//! ledger sorted by it is written at its end, and not all over.

use aws_lc_rs::digest;
use onfile_domain::card::Brand;
use onfile_domain::network::{Nti, NtiKind};
use onfile_domain::pan::Pan;
use onfile_domain::time::WorldTime;

use crate::simulated::base64;

/// Values that were seen at Stripe, by number.
const RECORDED: &[(&str, &str)] = &[
    ("4242424242424242", "791057772779751"),
    ("4000000000000002", "120115108121878"),
    ("4000000000000259", "121117651145410"),
];

/// The id of a new transaction over this network; `order` is its place among the world's
/// transactions, roughly.
pub fn mint(network: Brand, pan: &Pan, now: WorldTime, order: u64, random: &[u8; 32]) -> Nti {
    let value = &random[..16];
    let mut link: [u8; 16] = std::array::from_fn(|at| random[16 + at]);
    link[..6].copy_from_slice(&order.to_be_bytes()[2..]);
    let (kind, value) = match network {
        Brand::Visa => (NtiKind::Tid, visa(pan)),
        Brand::Amex => (NtiKind::Tid, digits(value)),
        Brand::Mastercard => (NtiKind::Trace, trace(now, value)),
        Brand::Discover | Brand::Diners => (NtiKind::Nrid, digits(value)),
        Brand::CartesBancaires
        | Brand::EftposAu
        | Brand::Jcb
        | Brand::Unionpay
        | Brand::Unknown => (NtiKind::Opaque, digits(value)),
    };
    Nti { network, kind, value, link: Some(base64::url(&link)) }
}

/// Fifteen digits that go by the number alone; the recorded ones where they are known.
fn visa(pan: &Pan) -> String {
    let recorded = RECORDED.iter().find(|(number, _)| *number == pan.expose());
    if let Some((_, value)) = recorded {
        return (*value).to_owned();
    }
    digits(digest::digest(&digest::SHA256, pan.expose().as_bytes()).as_ref())
}

/// Fifteen digits, the first of them 1 or 2: never taken for a card number, which begins with
/// 34 or 37 in this length.
fn digits(bytes: &[u8]) -> String {
    let head = bytes.first_chunk::<8>().expect("every source has sixteen bytes or more");
    let value = u64::from_be_bytes(*head) % 200_000_000_000_000 + 100_000_000_000_000;
    value.to_string()
}

/// Mastercard's trace id: network code, Banknet reference, settlement date. On a wire it is
/// padded with two spaces.
fn trace(now: WorldTime, bytes: &[u8]) -> String {
    const LETTERS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let reference: String =
        bytes[..6].iter().map(|byte| char::from(LETTERS[usize::from(byte % 36)])).collect();
    let (year, month) = now.year_month();
    let day = now.since(WorldTime::month_start(year, month)) / 86_400 + 1;
    format!("MCC{reference}{month:02}{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nti(network: Brand, number: &str, seed: u8) -> Nti {
        // 3 August 2026.
        let now = WorldTime::month_start(2026, 8).plus(2 * 86_400 + 5);
        mint(network, &Pan::parse(number).unwrap(), now, 7, &[seed; 32])
    }

    #[test]
    fn visa_test_ids_go_by_the_number() {
        for (number, value) in RECORDED {
            assert_eq!(nti(Brand::Visa, number, 1).value, *value);
        }
        let (one, two) =
            (nti(Brand::Visa, "4000002500003155", 1), nti(Brand::Visa, "4000002500003155", 2));
        assert_eq!(one.value, two.value);
        assert_ne!(one.ledger_key(), two.ledger_key());
        assert_ne!(one.value, nti(Brand::Visa, "4000002760003184", 1).value);
    }

    #[test]
    fn links_of_one_moment_stand_side_by_side() {
        let pan = Pan::parse("4242424242424242").unwrap();
        let link =
            |order, seed| mint(Brand::Visa, &pan, WorldTime(0), order, &[seed; 32]).link.unwrap();
        assert_eq!(link(4_000, 1)[..6], link(4_095, 2)[..6]);
        assert_ne!(link(4_000, 1)[..8], link(4_095, 1)[..8]);
        assert_ne!(link(4_000, 1), link(4_000, 2), "two of one place are told apart");
    }

    #[test]
    fn shapes_by_network() {
        for (network, kind, len) in [
            (Brand::Visa, NtiKind::Tid, 15),
            (Brand::Amex, NtiKind::Tid, 15),
            (Brand::Mastercard, NtiKind::Trace, 13),
            (Brand::Discover, NtiKind::Nrid, 15),
            (Brand::Diners, NtiKind::Nrid, 15),
            (Brand::Jcb, NtiKind::Opaque, 15),
            (Brand::Unionpay, NtiKind::Opaque, 15),
        ] {
            let nti = nti(network, "4000002500003155", 200);
            assert_eq!((nti.network, nti.kind, nti.value.len()), (network, kind, len));
        }
        let trace = nti(Brand::Mastercard, "5555555555554444", 35).value;
        assert_eq!(trace, "MCCZZZZZZ0803");
    }
}
