//! How the vault fails. No text holds a digit of a card or a bit of a key.

use std::io;
use std::path::PathBuf;

/// Why a master key could not be had; [`MasterKeyFault::hint`] says what to do.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyFault {
    /// There is no such file.
    #[error("there is no master key at {}", .0.display())]
    Missing(PathBuf),
    /// A key may not be written over: what it sealed would be lost.
    #[error("there is a file at {} already", .0.display())]
    Exists(PathBuf),
    /// Others than the owner may read or write it.
    #[error("the master key {} has mode {mode:04o}: others may reach it", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It lies where backups of the data would take it along.
    #[error("the master key {} lies inside the data folder {}", path.display(), data.display())]
    BesideData {
        /// The file.
        path: PathBuf,
        /// The data folder.
        data: PathBuf,
    },
    /// It holds something else than 32 bytes in hex or base64.
    #[error("{} holds no master key", .0.display())]
    NotAKey(PathBuf),
    /// The file system failed.
    #[error("the master key {} can't be reached", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
}

impl MasterKeyFault {
    /// What the one who runs the server can do about it.
    pub fn hint(&self) -> String {
        match self {
            MasterKeyFault::Missing(_) => {
                "name the key of this data folder with ONFILE_MASTER_KEY_FILE; without it the \
                 saved cards can't be opened"
                    .to_owned()
            }
            MasterKeyFault::Exists(_) => {
                "use that key, or name another file with ONFILE_MASTER_KEY_FILE".to_owned()
            }
            MasterKeyFault::Open { path, .. } => format!("chmod 600 {}", path.display()),
            MasterKeyFault::BesideData { .. } => {
                "move the key elsewhere and name it with ONFILE_MASTER_KEY_FILE".to_owned()
            }
            MasterKeyFault::NotAKey(_) => {
                "it must hold 32 bytes as 64 hex digits or as base64, such as \
                 `openssl rand -hex 32` writes"
                    .to_owned()
            }
            MasterKeyFault::Io { path, .. } => {
                format!("look at the folder of {} and who may use it", path.display())
            }
        }
    }
}

/// Why the vault could not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultFault {
    /// The wrapped keys open under another master key, or were changed.
    #[error("the master key does not open this vault's keys")]
    WrongMasterKey,
    /// The wrapped keys are no wrapped keys, or of a later release.
    #[error("the vault's keys are not readable")]
    NotWrappedKeys,
    /// The sealed bytes are no sealed number, or of a later release.
    #[error("the sealed card number is not readable")]
    NotSealed,
    /// The number was sealed under a data key that this vault doesn't hold.
    #[error("the card number is sealed under data key {0}, which this vault does not hold")]
    UnknownDataKey(u32),
    /// The bytes belong to another row, or were changed.
    #[error("the sealed card number does not belong to this row, or was changed")]
    WrongRow,
    /// The system's generator failed.
    #[error("the system's random generator failed")]
    NoRandomness,
}
