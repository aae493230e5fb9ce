//! Where things lie by default, as the XDG base directories have it.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

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
