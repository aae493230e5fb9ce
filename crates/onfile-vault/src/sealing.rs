//! A key that seals: AES-256-GCM, with nonces of the system's generator.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::error::Unspecified;
use zeroize::Zeroizing;

use crate::fault::VaultFault;

/// Fills with bytes of the system's generator. The library's own takes tens of milliseconds to be
/// seeded, in each process anew, and adds nothing that these don't have.
pub(crate) fn random(bytes: &mut [u8]) -> Result<(), VaultFault> {
    getrandom::fill(bytes).map_err(|_| VaultFault::NoRandomness)
}

/// Seals under a new nonce each time: no other way to name one.
pub(crate) struct SealingKey(LessSafeKey);

impl SealingKey {
    /// # Errors
    /// When it has another length than 32 bytes.
    pub(crate) fn new(bytes: &[u8]) -> Result<SealingKey, Unspecified> {
        Ok(SealingKey(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes)?)))
    }

    /// Seals in place, with the tag behind; the nonce that opens it.
    pub(crate) fn seal(
        &self,
        aad: &[u8],
        bytes: &mut Zeroizing<Vec<u8>>,
    ) -> Result<[u8; NONCE_LEN], VaultFault> {
        let mut nonce = [0; NONCE_LEN];
        random(&mut nonce)?;
        self.0
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(aad),
                &mut **bytes,
            )
            .map_err(|_| VaultFault::NoRandomness)?;
        Ok(nonce)
    }

    /// Opens in place.
    pub(crate) fn open<'b>(
        &self,
        nonce: [u8; NONCE_LEN],
        aad: &[u8],
        bytes: &'b mut [u8],
    ) -> Result<&'b mut [u8], Unspecified> {
        self.0.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(aad), bytes)
    }
}
