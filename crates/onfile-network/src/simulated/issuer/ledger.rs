//! What an issuer remembers of a message: the hold, the credential ledger, and how often its
//! customer passed without a challenge (S23).

use onfile_domain::bank::{BankChange, Credential, Strength};
use onfile_domain::network::{CofMarker, Nti};

use crate::simulated::issuer::message::{Class, Message, Response, Value};

/// What an amount without a rate adds to the sum since the last challenge, in hundredths of a
/// euro: as much as ends what may pass without one (100 EUR, S18).
const COUNTED_WITHOUT_RATE: i64 = 10_000;

/// The changes that an answer brings about.
pub(super) fn changes(message: Message<'_>, response: &Response, nti: &Nti) -> Vec<BankChange> {
    let mut changes = Vec::new();
    let par = || message.card.par.to_owned();
    if response.is_approval() {
        if let Some(amount) = message.euros.filter(|amount| *amount > 0) {
            changes.push(BankChange::Spend { par: par(), amount, most: message.balance() });
        }
        if let Some((strength, marker)) = entry(&message) {
            changes.push(BankChange::Remember(Credential {
                nti: nti.ledger_key().to_owned(),
                kind: nti.kind,
                network: nti.network,
                par: par(),
                merchant: message.wire.merchant.clone(),
                strength,
                marker,
            }));
        }
        if message.class == Class::Customer && message.wire.amount.minor() > 0 {
            changes.push(match message.strength() {
                Strength::Challenge => BankChange::ResetCounters { par: par() },
                Strength::None | Strength::Frictionless | Strength::Moto => BankChange::Count {
                    par: par(),
                    amount: message.euros.unwrap_or(COUNTED_WITHOUT_RATE),
                },
            });
        }
    }
    // Used up whatever the answer.
    if let Value::Good { use_up, .. } = message.value {
        changes.push(use_up);
    }
    changes
}

/// Strength and marker of the ledger's new entry. A merchant's joins its original's; one that
/// rests on nothing leaves nothing.
fn entry(message: &Message<'_>) -> Option<(Strength, Option<CofMarker>)> {
    match message.class {
        Class::Customer => Some((message.strength(), message.wire.cof)),
        Class::Moto => Some((Strength::Moto, message.wire.cof)),
        Class::Merchant => message.original(),
        Class::Reclassified => None,
    }
}
