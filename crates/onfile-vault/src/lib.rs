//! Seals, opens and fingerprints card numbers (`design.md` 6, `card-network.md` 10.2).
//!
//! A card number is kept only as what [`Vault::seal`] makes of it: AES-256-GCM under a data key,
//! which itself is kept only wrapped by a [`MasterKey`] that lives outside the data folder. The
//! row that a sealed number belongs to is authenticated with it, so that one row's bytes open in
//! no other. What must be the same for the same number (fingerprint, payment account reference)
//! is a keyed hash under a key that does not rotate.

#![deny(unreachable_pub)]

mod fault;
mod keys;
mod master;
mod sealing;
mod vault;

pub use fault::{MasterKeyFault, VaultFault};
pub use keys::WrappedKeys;
pub use master::MasterKey;
pub use vault::Vault;
