//! Authentication values (CAVV, AAV) as the simulated banks make them (`card-network.md` 6.8).

use aws_lc_rs::hmac;
use onfile_domain::bank::{IssuedValue, Strength};

use crate::simulated::Entropy;
use crate::simulated::acs::Asked;
use crate::simulated::base64;

const VERSION: u8 = 1;

/// How the proof came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// Without a challenge.
    Frictionless,
    /// By a challenge.
    Challenge,
    /// The bank or the card took no part.
    Attempt,
}

impl Proof {
    fn byte(self) -> u8 {
        match self {
            Proof::Frictionless => 1,
            Proof::Challenge => 2,
            Proof::Attempt => 3,
        }
    }

    fn strength(self) -> Strength {
        match self {
            Proof::Frictionless => Strength::Frictionless,
            Proof::Challenge => Strength::Challenge,
            Proof::Attempt => Strength::None,
        }
    }
}

/// A new value for what was asked: version (1) · strength (1) · hash (8) · random (10).
pub(super) fn issue(asked: &Asked<'_>, proof: Proof) -> IssuedValue {
    let Asked { request, card, ds_trans_id, now, entropy } = asked;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &entropy.key);
    let mut context = hmac::Context::with_key(&key);
    for field in [ds_trans_id.as_str(), card.pan.expose(), request.amount.currency.code()] {
        context.update(field.as_bytes());
        context.update(&[0]);
    }
    context.update(&request.amount.minor().to_be_bytes());
    context.update(request.merchant.as_bytes());
    let mut bytes = [0; 20];
    bytes[0] = VERSION;
    bytes[1] = proof.byte();
    bytes[2..10].copy_from_slice(&context.sign().as_ref()[..8]);
    bytes[10..].copy_from_slice(&entropy.random[16..26]);
    IssuedValue {
        value: base64::padded(&bytes),
        par: card.par.to_owned(),
        merchant: request.merchant.clone(),
        amount: request.amount,
        ds_trans_id: ds_trans_id.clone(),
        strength: proof.strength(),
        issued_at: *now,
        used: false,
    }
}

/// A directory's transaction id: a random UUID.
pub(super) fn ds_trans_id(entropy: &Entropy) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&entropy.random[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = format!("{:032x}", u128::from_be_bytes(bytes));
    let [a, b, c, d, e] = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
    format!("{a}-{b}-{c}-{d}-{e}")
}
