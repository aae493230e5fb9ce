//! The clock, the generator and the disk that a test hands to the server.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use onfile_server::disk::FreeSpace;
use onfile_server::surroundings::Surroundings;

/// Where every test begins: 2026-03-01.
const BEGINNING: i64 = 1_772_323_200;

/// Stands still until a test moves it; its bytes follow from a seed.
#[derive(Clone)]
pub struct Around {
    wall: Arc<AtomicI64>,
    seed: Arc<Mutex<u64>>,
}

impl Around {
    pub fn new(seed: u64) -> Around {
        Around { wall: Arc::new(AtomicI64::new(BEGINNING)), seed: Arc::new(Mutex::new(seed)) }
    }

    pub fn advance(&self, seconds: i64) {
        self.wall.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Surroundings for Around {
    fn wall(&self) -> i64 {
        self.wall.load(Ordering::SeqCst)
    }

    fn fill(&self, bytes: &mut [u8]) {
        let mut seed = self.seed.lock().expect("nobody panics with it");
        for chunk in bytes.chunks_mut(8) {
            // SplitMix64.
            *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = *seed;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

/// A disk with as much left as a test says.
#[derive(Clone)]
pub struct Disk(pub Arc<AtomicU64>);

impl Disk {
    /// As much as a disk has left that can't be asked.
    pub const SILENT: u64 = u64::MAX - 1;
}

impl FreeSpace for Disk {
    fn bytes(&self) -> std::io::Result<Option<u64>> {
        match self.0.load(Ordering::SeqCst) {
            Disk::SILENT => Err(std::io::Error::other("the disk is gone")),
            free => Ok(Some(free)),
        }
    }
}
