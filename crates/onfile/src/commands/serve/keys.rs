//! The master key, and the vault behind it.

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use onfile_store::Store;
use onfile_vault::{MasterKey, MasterKeyFault, Vault, WrappedKeys};

/// A key for a server that keeps nothing.
///
/// # Errors
/// When the system gives no random bytes.
pub(super) fn forgotten() -> Result<MasterKey> {
    MasterKey::ephemeral().context("making a master key")
}

/// The key in its file, made where nothing was ever sealed: a lost key is never replaced, or the
/// saved cards would seem to be there and not open.
///
/// # Errors
/// When it is missing, open to others, or lies beside what it seals.
pub(super) async fn master(store: &Store, path: &Path, data: &Path) -> Result<MasterKey> {
    MasterKey::check_outside(path, data).map_err(hinting)?;
    let is_new = store.wrapped_keys().await?.is_none();
    match MasterKey::read(path) {
        Ok(key) => Ok(key),
        Err(MasterKeyFault::Missing(_)) if is_new => {
            let key = MasterKey::create(path).map_err(hinting)?;
            tracing::info!(path = %path.display(), "made a master key: keep it apart from the data");
            Ok(key)
        }
        Err(fault) => Err(hinting(fault)),
    }
}

/// The vault as it is kept; a new one where there is none.
///
/// # Errors
/// When the master key is another one than it was made with.
pub(super) async fn vault(store: &Store, master: &MasterKey) -> Result<Vault> {
    match store.wrapped_keys().await? {
        Some(bytes) => {
            let wrapped = WrappedKeys::from_bytes(&bytes).context("reading the vault's keys")?;
            Vault::open(master, &wrapped).context(
                "opening the vault\nhint: is ONFILE_MASTER_KEY_FILE the key of this data folder?",
            )
        }
        None => {
            let (vault, wrapped) = Vault::create(master).context("making the vault's keys")?;
            store.put_wrapped_keys(wrapped.as_bytes().to_vec()).await?;
            Ok(vault)
        }
    }
}

fn hinting(fault: MasterKeyFault) -> anyhow::Error {
    let hint = fault.hint();
    anyhow!("{:#}\nhint: {hint}", anyhow::Error::from(fault))
}
