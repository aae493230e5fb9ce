//! How much the disk has left.

use std::path::PathBuf;

/// Measures the disk under the data folder.
pub trait FreeSpace: Send + Sync + 'static {
    /// Bytes that may still be written; `None` where nobody can say.
    fn bytes(&self) -> Option<u64>;
}

/// The disk that holds a folder.
#[derive(Debug, Clone)]
pub struct DiskOf(pub PathBuf);

impl FreeSpace for DiskOf {
    fn bytes(&self) -> Option<u64> {
        let stat = rustix::fs::statvfs(&self.0).ok()?;
        Some(stat.f_bavail.saturating_mul(stat.f_frsize))
    }
}

/// Nothing is kept, so nothing is measured.
#[derive(Debug, Clone, Copy)]
pub struct Unmeasured;

impl FreeSpace for Unmeasured {
    fn bytes(&self) -> Option<u64> {
        None
    }
}
