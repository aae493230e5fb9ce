//! Brings the log back into the database file without making writers wait: often and passively;
//! when the log grew all the same, between two batches, so that it starts anew.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use super::fault::end_if_sync_failed;
use super::lane::lock;
use crate::contract::StoreError;

/// A page that is written again and again goes back once a round, so rounds are not too near.
const EVERY: Duration = Duration::from_millis(60);
/// Pages of 4 KiB: 16 MB of log.
const LOG_LIMIT: i64 = 4_096;
/// So few pages are left that writers hardly feel the rest.
const LITTLE: i64 = 512;
/// Rounds one after the other while the log is too long: each takes as long as what it brings back,
/// and leaves less to the next.
const ROUNDS: usize = 4;

/// Tells the checkpointer that there is work, and when to end.
#[derive(Default)]
pub(super) struct Pace {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    written: bool,
    closed: bool,
}

impl Pace {
    /// Something was written.
    pub(super) fn wrote(&self) {
        let mut state = lock(&self.state);
        if !state.written {
            state.written = true;
            self.changed.notify_one();
        }
    }

    /// Waits for a write and then a moment; `false` when it is time to end.
    fn wait(&self) -> bool {
        let mut state = lock(&self.state);
        while !state.written && !state.closed {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if !state.closed {
            let waited = self.changed.wait_timeout_while(state, EVERY, |state| !state.closed);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        state.written = false;
        !state.closed
    }
}

/// The thread.
pub(super) struct Checkpointer {
    pace: Arc<Pace>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Starts it. `between_batches` keeps the writer out while it runs what it is given.
    pub(super) fn start(
        connection: Connection,
        pace: Arc<Pace>,
        between_batches: impl Fn(&mut dyn FnMut()) + Send + 'static,
    ) -> Result<Checkpointer, StoreError> {
        let theirs = Arc::clone(&pace);
        let thread = std::thread::Builder::new()
            .name("onfile-checkpoint".to_owned())
            .spawn(move || {
                while theirs.wait() {
                    for _ in 0..ROUNDS {
                        let (log, left) = checkpoint(&connection, "PRAGMA wal_checkpoint(PASSIVE)");
                        if log <= LOG_LIMIT {
                            break;
                        }
                        if left <= LITTLE {
                            between_batches(&mut || {
                                checkpoint(&connection, "PRAGMA wal_checkpoint(RESTART)");
                            });
                            break;
                        }
                    }
                }
            })
            .map_err(|error| StoreError::Failed(Box::new(error)))?;
        Ok(Checkpointer { pace, thread: Some(thread) })
    }
}

/// Pages in the log, and how many of them are not in the database yet.
fn checkpoint(connection: &Connection, how: &str) -> (i64, i64) {
    let pages: rusqlite::Result<(i64, i64)> =
        connection.query_row(how, [], |row| Ok((row.get(1)?, row.get(2)?)));
    match pages {
        Ok((log, done)) => (log, i64::max(0, log - done)),
        Err(error) => {
            end_if_sync_failed(&error);
            // A full disk: the log keeps everything meanwhile, and writers say so themselves.
            tracing::warn!(store.error = %error, "a checkpoint failed");
            (0, 0)
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        lock(&self.pace.state).closed = true;
        self.pace.changed.notify_one();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the store's checkpointer ended in a panic");
        }
    }
}
