//! Row keys: `world << 43 | kind << 38 | seq`. A million worlds, 32 kinds, 270 billion rows each.

use onfile_domain::object::Kind;

use crate::contract::WorldId;

const WORLD_SHIFT: u32 = 43;
const KIND_SHIFT: u32 = 38;
/// Worlds have 20 bits: the key is a positive `i64`.
pub(super) const LAST_WORLD: i64 = (1 << 20) - 1;
const LAST_SEQ: u64 = (1 << KIND_SHIFT) - 1;

/// A kind's number in keys: never given to another.
pub(super) fn number(kind: Kind) -> i64 {
    match kind {
        Kind::Customer => 1,
        Kind::PaymentMethod => 2,
        Kind::PaymentIntent => 3,
        Kind::SetupIntent => 4,
        Kind::SetupAttempt => 5,
        Kind::Charge => 6,
        Kind::BalanceTransaction => 7,
        Kind::Agreement => 8,
        Kind::AgreementUse => 9,
        Kind::Attempt => 10,
        Kind::Authentication => 11,
        Kind::PastDecline => 12,
        Kind::Refund => 13,
        Kind::TestClock => 20,
        Kind::Adjustment => 14,
        Kind::WebhookEndpoint => 21,
        Kind::Statement => 15,
    }
}

/// The kind of a number.
pub(super) fn kind(number: i64) -> Option<Kind> {
    ALL.iter().copied().find(|kind| self::number(*kind) == number)
}

/// Every kind.
pub(super) const ALL: [Kind; 17] = [
    Kind::Customer,
    Kind::PaymentMethod,
    Kind::PaymentIntent,
    Kind::SetupIntent,
    Kind::SetupAttempt,
    Kind::Charge,
    Kind::BalanceTransaction,
    Kind::Agreement,
    Kind::AgreementUse,
    Kind::Attempt,
    Kind::Authentication,
    Kind::PastDecline,
    Kind::Refund,
    Kind::TestClock,
    Kind::Adjustment,
    Kind::WebhookEndpoint,
    Kind::Statement,
];

/// World and kind: what the indexes begin with.
pub(super) fn place(world: WorldId, kind: Kind) -> i64 {
    i64::from(world.0) << (WORLD_SHIFT - KIND_SHIFT) | number(kind)
}

/// A row's key; `None` for a number that no row can have.
pub(super) fn row(world: WorldId, kind: Kind, seq: u64) -> Option<i64> {
    let seq = i64::try_from(seq).ok().filter(|_| seq <= LAST_SEQ)?;
    Some(place(world, kind) << KIND_SHIFT | seq)
}

/// The first and last key of a kind in a world.
pub(super) fn span(world: WorldId, kind: Kind) -> (i64, i64) {
    let first = place(world, kind) << KIND_SHIFT;
    (first, first | LAST_SEQ as i64)
}

/// World, kind's number and seq of a key.
pub(super) fn parts(key: i64) -> (WorldId, i64, u64) {
    (world_of(key), key >> KIND_SHIFT & 31, key as u64 & LAST_SEQ)
}

/// A key's world.
pub(super) fn world_of(key: i64) -> WorldId {
    WorldId((key >> WORLD_SHIFT) as u32)
}

/// The key of what a world numbers without kinds: events, sealed numbers.
pub(super) fn plain(world: WorldId, number: u64) -> Option<i64> {
    let number = i64::try_from(number).ok().filter(|number| *number < 1 << WORLD_SHIFT)?;
    Some(i64::from(world.0) << WORLD_SHIFT | number)
}

/// The first and last of those keys.
pub(super) fn plain_span(world: WorldId) -> (i64, i64) {
    let first = i64::from(world.0) << WORLD_SHIFT;
    (first, first | ((1 << WORLD_SHIFT) - 1))
}

/// The number in such a key.
pub(super) fn plain_number(key: i64) -> u64 {
    (key & ((1 << WORLD_SHIFT) - 1)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_apart_as_they_were_put_together() {
        for world in [1, 77, LAST_WORLD as u32] {
            for kind in ALL {
                for seq in [0, 1, LAST_SEQ] {
                    let key = row(WorldId(world), kind, seq).unwrap();
                    assert!(key > 0);
                    assert_eq!(parts(key), (WorldId(world), number(kind), seq));
                    assert_eq!(self::kind(number(kind)), Some(kind));
                }
            }
        }
        assert_eq!(row(WorldId(1), Kind::Charge, LAST_SEQ + 1), None);
        assert_eq!(row(WorldId(1), Kind::Charge, u64::MAX), None);
    }
}
