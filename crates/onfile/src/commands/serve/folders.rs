//! Where things lie by default, as the XDG base directories have it.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use onfile_store::{Options, Store, StoreError};

/// The data folder.
///
/// # Errors
/// When nothing says where it would be.
pub(super) fn data(named: Option<&Path>) -> Result<PathBuf> {
    match (named, below("XDG_DATA_HOME", ".local/share")) {
        (Some(named), _) => Ok(named.to_owned()),
        (None, Some(folder)) => Ok(folder.join("onfile")),
        (None, None) => no_home(),
    }
}

/// The file of the master key.
///
/// # Errors
/// When nothing says where it would be.
pub(super) fn master_key(named: Option<&Path>) -> Result<PathBuf> {
    match (named, below("XDG_CONFIG_HOME", ".config")) {
        (Some(named), _) => Ok(named.to_owned()),
        (None, Some(folder)) => Ok(folder.join("onfile/master.key")),
        (None, None) => no_home(),
    }
}

/// Opens what is kept there.
///
/// # Errors
/// When another server has it, or it can't be made, read or written.
pub(super) fn open(data: &Path) -> Result<Store> {
    Store::open(data, Options::default()).map_err(|error| {
        let hint = match &error {
            StoreError::Held { .. } => {
                "\nhint: use the server that runs, or start another beside it: \
                 --data-dir DIR --port 0, or --ephemeral --port 0"
            }
            StoreError::Unavailable(_) | StoreError::Failed(_) => {
                "\nhint: name a folder that this user may write to: --data-dir DIR; or keep \
                 nothing: --ephemeral"
            }
            StoreError::TooNew { .. } | StoreError::Corrupt { .. } => "",
        };
        let error = anyhow::Error::from(error);
        anyhow!("opening {}: {error:#}{hint}", data.display())
    })
}

fn no_home<T>() -> Result<T> {
    bail!(
        "there is no home folder to keep things in\n\
         hint: name both: --data-dir DIR --master-key-file FILE, or use --ephemeral"
    )
}

/// The folder that a variable names, else one in the home folder. The variable counts only where
/// it is absolute, as the XDG rules say.
fn below(variable: &str, in_home: &str) -> Option<PathBuf> {
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|it| it.is_absolute());
    absolute(variable).or_else(|| absolute("HOME").map(|home| home.join(in_home)))
}
