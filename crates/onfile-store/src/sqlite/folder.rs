//! The data folder: one process at a time has it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::contract::StoreError;

/// A folder that this process has for itself, until it is dropped.
pub(super) struct Folder {
    path: PathBuf,
    stay: Stay,
    /// Holds the lock.
    _lock: File,
}

/// How long a folder is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stay {
    /// It may have been there before, and stays.
    Kept,
    /// It is made anew, and removed in the end.
    Temporary,
}

impl Folder {
    /// Takes a folder; makes it where it is missing.
    pub(super) fn take(path: &Path) -> Result<Folder, StoreError> {
        make(path, Stay::Kept).map_err(failed)?;
        Folder::lock(path.to_owned(), Stay::Kept)
    }

    /// A new folder among the system's temporary files, removed in the end.
    pub(super) fn temporary() -> Result<Folder, StoreError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let pid = std::process::id();
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("onfile-{pid}-{number}"));
            match make(&path, Stay::Temporary) {
                Ok(()) => return Folder::lock(path, Stay::Temporary),
                // Left by an earlier process with this id.
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(failed(error)),
            }
        }
    }

    fn lock(path: PathBuf, stay: Stay) -> Result<Folder, StoreError> {
        let mut lock = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path.join("lock"))
            .map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                lock.read_to_string(&mut holder).map_err(failed)?;
                let holder = holder.trim().to_owned();
                return Err(StoreError::Held { holder });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        // A full disk must not keep anyone from reading: the name of the holder is a courtesy.
        let written = lock
            .set_len(0)
            .and_then(|()| lock.rewind())
            .and_then(|()| writeln!(lock, "{}", std::process::id()));
        if let Err(error) = written {
            tracing::warn!(store.error = %error, "the lock file can't name this process");
        }
        Ok(Folder { path, stay, _lock: lock })
    }

    /// The database's file.
    pub(super) fn database(&self) -> PathBuf {
        self.path.join("onfile.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.stay == Stay::Temporary
            && let Err(error) = std::fs::remove_dir_all(&self.path)
        {
            tracing::warn!(store.error = %error, "a temporary folder could not be removed");
        }
    }
}

/// Makes a folder for its owner's eyes alone: rows hold names, addresses and sealed card numbers.
/// One that is kept may be there already, and its parents are made too.
fn make(path: &Path, stay: Stay) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(stay == Stay::Kept).create(path)
}

fn failed(error: std::io::Error) -> StoreError {
    StoreError::Failed(Box::new(error))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_new_folder_is_its_owners_alone() {
        let outer = Folder::temporary().unwrap();
        let inner = Folder::take(&outer.path.join("data")).unwrap();
        for folder in [&outer, &inner] {
            let mode = std::fs::metadata(&folder.path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700, "{}", folder.path.display());
        }
    }
}
