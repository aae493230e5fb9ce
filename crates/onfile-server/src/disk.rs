//! How much the disk has left.

use std::io;
use std::path::PathBuf;

/// Measures the disk under the data folder.
pub trait FreeSpace: Send + Sync + 'static {
    /// Bytes that may still be written; `None` where nothing is kept on a disk.
    ///
    /// # Errors
    /// When the disk can't be asked.
    fn bytes(&self) -> io::Result<Option<u64>>;
}

/// The disk that holds a folder.
#[derive(Debug, Clone)]
pub struct DiskOf(pub PathBuf);

impl FreeSpace for DiskOf {
    fn bytes(&self) -> io::Result<Option<u64>> {
        let stat = rustix::fs::statvfs(&self.0)?;
        Ok(Some(stat.f_bavail.saturating_mul(stat.f_frsize)))
    }
}

/// Nothing is kept, so nothing is measured.
#[derive(Debug, Clone, Copy)]
pub struct Unmeasured;

impl FreeSpace for Unmeasured {
    fn bytes(&self) -> io::Result<Option<u64>> {
        Ok(None)
    }
}
