//! The open vault.

use std::fmt;

use aws_lc_rs::hmac;
use onfile_domain::pan::Pan;
use zeroize::Zeroizing;

use crate::fault::VaultFault;
use crate::keys::{Key, Purpose, WrappedKeys};
use crate::master::MasterKey;
use crate::sealing::SealingKey;

/// Seals and opens card numbers, and keys every hash that must not be guessed. Cheap to use from
/// many threads at once; made once, when the server starts.
///
/// A sealed number is `format (1) · data key id (4) · nonce (12) · digits · tag (16)`. Nonces
/// are random: a data key must be followed by another before it sealed 2³² numbers.
pub struct Vault {
    /// The newest seals, any opens.
    data: Vec<(u32, SealingKey)>,
    fingerprint: hmac::Key,
    par: hmac::Key,
    mac: hmac::Key,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(redacted)")
    }
}

/// The format of sealed numbers.
const FORMAT: u8 = 1;
const HEAD_LEN: usize = 1 + 4 + 12;
const TAG_LEN: usize = 16;

/// Digits and letters; a byte modulo their number favours a few by less than anyone could use.
const ALPHANUMERIC: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

impl Vault {
    /// A new vault with new keys; the caller keeps the wrapped ones before it seals anything.
    ///
    /// # Errors
    /// When the system's generator fails.
    pub fn create(master: &MasterKey) -> Result<(Vault, WrappedKeys), VaultFault> {
        let keys = [Key::generate(1, Purpose::Data)?, Key::generate(1, Purpose::Hash)?];
        let wrapped = WrappedKeys::wrap(&keys, master)?;
        Ok((Vault::with(&keys)?, wrapped))
    }

    /// Opens the vault that these keys belong to.
    ///
    /// # Errors
    /// When the master key is another one, or the keys are not whole.
    pub fn open(master: &MasterKey, wrapped: &WrappedKeys) -> Result<Vault, VaultFault> {
        Vault::with(&wrapped.unwrap(master)?)
    }

    fn with(keys: &[Key]) -> Result<Vault, VaultFault> {
        let mut data = Vec::new();
        let mut root = None;
        for key in keys {
            match key.purpose {
                Purpose::Data => {
                    let sealing = SealingKey::new(key.bytes.as_slice())
                        .map_err(|_| VaultFault::NotWrappedKeys)?;
                    data.push((key.id, sealing));
                }
                Purpose::Hash => {
                    root = Some(hmac::Key::new(hmac::HMAC_SHA256, key.bytes.as_slice()));
                }
            }
        }
        data.sort_by_key(|(id, _)| *id);
        let root = root.ok_or(VaultFault::NotWrappedKeys)?;
        if data.is_empty() {
            return Err(VaultFault::NotWrappedKeys);
        }
        let derive =
            |purpose: &[u8]| hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&root, purpose).as_ref());
        let (fingerprint, par) = (derive(b"fingerprint"), derive(b"par"));
        Ok(Vault { data, fingerprint, par, mac: derive(b"mac") })
    }

    /// Seals a card number for one row: a world and the id of its payment method.
    ///
    /// # Errors
    /// When the system's generator fails.
    pub fn seal(&self, world: u32, method: &str, pan: &Pan) -> Result<Vec<u8>, VaultFault> {
        let (id, key) = self.data.last().expect("a vault is made with a data key");
        let digits = pan.expose().as_bytes();
        // Room for all of it: growing would leave digits behind in freed memory.
        let mut sealed = Zeroizing::new(Vec::with_capacity(digits.len() + TAG_LEN));
        sealed.extend_from_slice(digits);
        let nonce = key.seal(&row(world, method), &mut sealed)?;
        let mut out = Vec::with_capacity(HEAD_LEN + sealed.len());
        out.push(FORMAT);
        out.extend_from_slice(&id.to_be_bytes());
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// Opens what was sealed for this row.
    ///
    /// # Errors
    /// When it was sealed for another row, was changed, or its data key isn't here.
    pub fn open_pan(&self, world: u32, method: &str, sealed: &[u8]) -> Result<Pan, VaultFault> {
        let (format, rest) = sealed.split_first().ok_or(VaultFault::NotSealed)?;
        if *format != FORMAT {
            return Err(VaultFault::NotSealed);
        }
        let (id, rest) = rest.split_first_chunk::<4>().ok_or(VaultFault::NotSealed)?;
        let (nonce, digits) = rest.split_first_chunk::<12>().ok_or(VaultFault::NotSealed)?;
        let id = u32::from_be_bytes(*id);
        let found = self.data.iter().find(|(known, _)| *known == id);
        let (_, key) = found.ok_or(VaultFault::UnknownDataKey(id))?;
        let mut digits = Zeroizing::new(digits.to_vec());
        let open =
            key.open(*nonce, &row(world, method), &mut digits).map_err(|_| VaultFault::WrongRow)?;
        let text = std::str::from_utf8(open).map_err(|_| VaultFault::NotSealed)?;
        Pan::parse(text).map_err(|_| VaultFault::NotSealed)
    }

    /// The same for the same number inside one scope (an account's id), whatever the expiry or
    /// the name: 16 letters and digits.
    pub fn fingerprint(&self, scope: &[u8], pan: &Pan) -> String {
        let tag = hash(&self.fingerprint, scope, pan.expose().as_bytes());
        tag.as_ref()[..16].iter().map(|byte| alphanumeric(*byte, 62)).collect()
    }

    /// The payment account reference of a number in a world: 29 digits and capital letters.
    pub fn par(&self, world: u32, pan: &Pan) -> String {
        let tag = hash(&self.par, &world.to_be_bytes(), pan.expose().as_bytes());
        tag.as_ref()[..29].iter().map(|byte| alphanumeric(*byte, 36)).collect()
    }

    /// A keyed hash for other uses, such as of API keys and of parameters; the purpose keeps
    /// them apart.
    pub fn mac(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        let tag = hash(&self.mac, purpose.as_bytes(), bytes);
        tag.as_ref().try_into().expect("HMAC-SHA-256 gives 32 bytes")
    }
}

/// Hashes a scope and a value so that the border between them counts.
fn hash(key: &hmac::Key, scope: &[u8], value: &[u8]) -> hmac::Tag {
    let mut context = hmac::Context::with_key(key);
    context.update(&(scope.len() as u64).to_be_bytes());
    context.update(scope);
    context.update(value);
    context.sign()
}

fn alphanumeric(byte: u8, letters: u8) -> char {
    char::from(ALPHANUMERIC[usize::from(byte % letters)])
}

/// What is authenticated beside a number: the row it belongs to.
fn row(world: u32, method: &str) -> Vec<u8> {
    let mut row = Vec::with_capacity(4 + method.len());
    row.extend_from_slice(&world.to_be_bytes());
    row.extend_from_slice(method.as_bytes());
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: &str = "4242424242424242";

    fn vault() -> (MasterKey, Vault, WrappedKeys) {
        let master = MasterKey::ephemeral().unwrap();
        let (vault, wrapped) = Vault::create(&master).unwrap();
        (master, vault, wrapped)
    }

    fn pan(text: &str) -> Pan {
        Pan::parse(text).unwrap()
    }

    #[test]
    fn a_sealed_number_opens_in_its_row_only() {
        let (_, vault, _) = vault();
        for number in [NUMBER, "378282246310005", "6205500000000000004", "36227206271667"] {
            let sealed = vault.seal(7, "pm_1", &pan(number)).unwrap();
            assert_eq!(vault.open_pan(7, "pm_1", &sealed).unwrap().expose(), number);
            for (world, method) in [(8, "pm_1"), (7, "pm_2"), (7, "pm_11"), (7, "")] {
                let fault = vault.open_pan(world, method, &sealed).unwrap_err();
                assert_eq!(fault, VaultFault::WrongRow, "{world} {method}");
            }
        }
    }

    #[test]
    fn changed_bytes_do_not_open() {
        let (_, vault, _) = vault();
        let sealed = vault.seal(7, "pm_1", &pan(NUMBER)).unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            let fault = vault.open_pan(7, "pm_1", &changed).unwrap_err();
            let told = match at {
                0 => VaultFault::NotSealed,
                1..=4 => VaultFault::UnknownDataKey(1 ^ (1 << (8 * (4 - at)))),
                _ => VaultFault::WrongRow,
            };
            assert_eq!(fault, told, "byte {at}");
        }
        for len in 0..sealed.len() {
            assert!(vault.open_pan(7, "pm_1", &sealed[..len]).is_err(), "{len} bytes");
        }
    }

    #[test]
    fn the_same_number_is_never_sealed_the_same() {
        let (_, vault, _) = vault();
        let seal = || vault.seal(7, "pm_1", &pan(NUMBER)).unwrap();
        assert_ne!(seal(), seal());
    }

    #[test]
    fn a_vault_opens_again_with_its_master_key_only() {
        let (master, vault, wrapped) = vault();
        let wrapped = WrappedKeys::from_bytes(wrapped.as_bytes()).unwrap();
        let again = Vault::open(&master, &wrapped).unwrap();
        let sealed = vault.seal(7, "pm_1", &pan(NUMBER)).unwrap();
        assert_eq!(again.open_pan(7, "pm_1", &sealed).unwrap().expose(), NUMBER);
        assert_eq!(again.fingerprint(b"a", &pan(NUMBER)), vault.fingerprint(b"a", &pan(NUMBER)));
        assert_eq!(again.par(7, &pan(NUMBER)), vault.par(7, &pan(NUMBER)));
        assert_eq!(again.mac("keys", b"a"), vault.mac("keys", b"a"));

        let other = MasterKey::ephemeral().unwrap();
        assert_eq!(Vault::open(&other, &wrapped).unwrap_err(), VaultFault::WrongMasterKey);
    }

    #[test]
    fn changed_keys_do_not_open() {
        let (master, _, wrapped) = vault();
        for at in 0..wrapped.as_bytes().len() {
            let mut changed = wrapped.as_bytes().to_vec();
            changed[at] ^= 1;
            let opened = WrappedKeys::from_bytes(&changed)
                .and_then(|wrapped| Vault::open(&master, &wrapped));
            assert!(opened.is_err(), "byte {at}");
        }
        for bytes in [&[] as &[u8], &[1], &wrapped.as_bytes()[..60], &wrapped.as_bytes()[1..]] {
            assert_eq!(WrappedKeys::from_bytes(bytes), Err(VaultFault::NotWrappedKeys));
        }
    }

    #[test]
    fn hashes_are_kept_apart() {
        let (_, vault, _) = vault();
        let (one, two) = (pan(NUMBER), pan("5555555555554444"));
        let print = vault.fingerprint(b"acct_1", &one);
        assert!(print.len() == 16 && print.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_eq!(print, vault.fingerprint(b"acct_1", &one));
        assert_ne!(print, vault.fingerprint(b"acct_2", &one));
        assert_ne!(print, vault.fingerprint(b"acct_1", &two));

        let par = vault.par(1, &one);
        let capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        assert!(par.len() == 29 && par.bytes().all(capital));
        assert_ne!(par, vault.par(2, &one));

        assert_ne!(vault.mac("keys", b"a"), vault.mac("params", b"a"));
        assert_ne!(vault.mac("ab", b"c"), vault.mac("a", b"bc"));
    }

    #[test]
    fn no_digit_is_printed() {
        let (master, vault, wrapped) = vault();
        let pan = pan("4000002500003155");
        let sealed = vault.seal(7, "pm_1", &pan).unwrap();
        let fault = vault.open_pan(8, "pm_1", &sealed).unwrap_err();
        let shown = format!("{master:?} {vault:?} {pan:?} {fault:?} {fault} {wrapped:?}");
        assert!(!shown.contains("4000002500003155") && !shown.contains("3155"), "{shown}");
        assert!(!sealed.windows(8).any(|window| window == b"40000025"));
    }
}
