//! The vault's own keys, and how they are kept: wrapped by the master key.
//!
//! Wrapped, each key is a record `id (4) · purpose (1) · nonce (12) · sealed key (48)` behind one
//! byte of format. Id and purpose are authenticated, so that no key can pass for another.

use zeroize::Zeroizing;

use crate::fault::VaultFault;
use crate::master::MasterKey;
use crate::sealing::{SealingKey, random};

/// The length of every key.
pub(crate) const KEY_LEN: usize = 32;

/// The format of [`WrappedKeys`].
const FORMAT: u8 = 1;

const NONCE_LEN: usize = 12;
const SEALED_LEN: usize = KEY_LEN + 16;
const RECORD_LEN: usize = 4 + 1 + NONCE_LEN + SEALED_LEN;

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Seals card numbers; may be followed by another.
    Data,
    /// Keys every hash; stays, or every fingerprint would change.
    Hash,
}

impl Purpose {
    fn byte(self) -> u8 {
        match self {
            Purpose::Data => 1,
            Purpose::Hash => 2,
        }
    }

    fn of(byte: u8) -> Option<Purpose> {
        [Purpose::Data, Purpose::Hash].into_iter().find(|purpose| purpose.byte() == byte)
    }
}

/// A key in the open.
pub(crate) struct Key {
    pub(crate) id: u32,
    pub(crate) purpose: Purpose,
    pub(crate) bytes: Zeroizing<[u8; KEY_LEN]>,
}

impl Key {
    /// A new one, by the system's generator.
    pub(crate) fn generate(id: u32, purpose: Purpose) -> Result<Key, VaultFault> {
        let mut bytes = Zeroizing::new([0; KEY_LEN]);
        random(bytes.as_mut_slice())?;
        Ok(Key { id, purpose, bytes })
    }
}

/// The vault's keys as the store keeps them: worth nothing without the master key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKeys(Vec<u8>);

impl WrappedKeys {
    /// Reads what [`WrappedKeys::as_bytes`] gave.
    ///
    /// # Errors
    /// When the bytes have another shape, such as a later release's.
    pub fn from_bytes(bytes: &[u8]) -> Result<WrappedKeys, VaultFault> {
        match bytes.split_first() {
            Some((&FORMAT, records)) if records.len() % RECORD_LEN == 0 && !records.is_empty() => {
                Ok(WrappedKeys(bytes.to_vec()))
            }
            Some(_) | None => Err(VaultFault::NotWrappedKeys),
        }
    }

    /// The bytes to keep.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn wrap(keys: &[Key], master: &MasterKey) -> Result<WrappedKeys, VaultFault> {
        let wrapping = wrapping_key(master)?;
        let mut out = Vec::with_capacity(1 + keys.len() * RECORD_LEN);
        out.push(FORMAT);
        for key in keys {
            let mut sealed = key.bytes.to_vec();
            sealed.reserve_exact(SEALED_LEN - KEY_LEN);
            let mut sealed = Zeroizing::new(sealed);
            let nonce = wrapping.seal(&aad(key.id, key.purpose), &mut sealed)?;
            out.extend_from_slice(&key.id.to_be_bytes());
            out.push(key.purpose.byte());
            out.extend_from_slice(&nonce);
            out.extend_from_slice(&sealed);
        }
        Ok(WrappedKeys(out))
    }

    pub(crate) fn unwrap(&self, master: &MasterKey) -> Result<Vec<Key>, VaultFault> {
        let wrapping = wrapping_key(master)?;
        self.0[1..].chunks_exact(RECORD_LEN).map(|record| unwrap_one(&wrapping, record)).collect()
    }
}

fn wrapping_key(master: &MasterKey) -> Result<SealingKey, VaultFault> {
    SealingKey::new(master.bytes()).map_err(|_| VaultFault::WrongMasterKey)
}

fn unwrap_one(wrapping: &SealingKey, record: &[u8]) -> Result<Key, VaultFault> {
    let (id, rest) = record.split_first_chunk::<4>().ok_or(VaultFault::NotWrappedKeys)?;
    let (purpose, rest) = rest.split_first().ok_or(VaultFault::NotWrappedKeys)?;
    let (nonce, sealed) =
        rest.split_first_chunk::<NONCE_LEN>().ok_or(VaultFault::NotWrappedKeys)?;
    let id = u32::from_be_bytes(*id);
    let purpose = Purpose::of(*purpose).ok_or(VaultFault::NotWrappedKeys)?;
    let mut sealed = Zeroizing::new(sealed.to_vec());
    let open = wrapping
        .open(*nonce, &aad(id, purpose), &mut sealed)
        .map_err(|_| VaultFault::WrongMasterKey)?;
    let mut bytes = Zeroizing::new([0; KEY_LEN]);
    if open.len() != KEY_LEN {
        return Err(VaultFault::NotWrappedKeys);
    }
    bytes.copy_from_slice(open);
    Ok(Key { id, purpose, bytes })
}

/// What is authenticated beside a wrapped key.
fn aad(id: u32, purpose: Purpose) -> [u8; 17] {
    let mut aad = *b"onfile key\0\0\0\0\0\0\0";
    aad[11..15].copy_from_slice(&id.to_be_bytes());
    aad[15] = purpose.byte();
    aad[16] = FORMAT;
    aad
}
