//! The one road for writes: a thread that takes whatever waits, commits it at once, and answers
//! all of it. No timer: while one batch syncs, the next gathers.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::batch::{rolled_back, run_batch};
use super::checkpoint::Pace;
use crate::contract::{Committed, StoreError, WriteSet};
use crate::oneshot::{Receiver, Sender, oneshot};

/// Batches are cut here, so that one doesn't grow while it is applied.
const BATCH: usize = 256;

/// A small write of its own, in its own transaction.
type Errand = Box<dyn FnOnce(&mut Connection) + Send>;

enum Job {
    Commit(Box<WriteSet>, Sender<Result<Committed, StoreError>>),
    Errand(Errand),
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    closed: bool,
}

struct Shared {
    queue: Mutex<Queue>,
    filled: Condvar,
    /// Held while a batch is written; the checkpointer takes it between two.
    gate: Mutex<()>,
}

/// The lane, with its thread.
pub(super) struct Lane {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// Locks what a panic can't leave half-changed.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lane {
    /// Starts the thread.
    pub(super) fn start(connection: Connection, pace: Arc<Pace>) -> Result<Lane, StoreError> {
        let shared = Arc::new(Shared {
            queue: Mutex::new(Queue::default()),
            filled: Condvar::new(),
            gate: Mutex::new(()),
        });
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("onfile-lane".to_owned())
            .spawn(move || run(&theirs, connection, &pace))
            .map_err(|error| StoreError::Failed(Box::new(error)))?;
        Ok(Lane { shared, thread: Some(thread) })
    }

    /// Runs something between two batches.
    pub(super) fn between_batches(&self) -> impl Fn(&mut dyn FnMut()) + Send + use<> {
        let shared = Arc::clone(&self.shared);
        move |work| {
            let _held = lock(&shared.gate);
            work();
        }
    }

    /// Queues a write set.
    pub(super) fn commit(&self, set: WriteSet) -> Receiver<Result<Committed, StoreError>> {
        let (sender, receiver) = oneshot();
        self.queue(Job::Commit(Box::new(set), sender));
        receiver
    }

    /// Queues a small write.
    pub(super) fn errand<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Receiver<Result<T, StoreError>> {
        let (sender, receiver) = oneshot();
        self.queue(Job::Errand(Box::new(move |connection| sender.send(work(connection)))));
        receiver
    }

    fn queue(&self, job: Job) {
        lock(&self.shared.queue).jobs.push_back(job);
        self.shared.filled.notify_one();
    }
}

impl Drop for Lane {
    /// What was queued is still written.
    fn drop(&mut self) {
        lock(&self.shared.queue).closed = true;
        self.shared.filled.notify_one();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the store's lane ended in a panic");
        }
    }
}

fn run(shared: &Shared, mut connection: Connection, pace: &Pace) {
    while let Some(jobs) = next(shared) {
        let mut batch = Vec::new();
        let mut answers = Vec::new();
        let _held = lock(&shared.gate);
        for job in jobs {
            match job {
                Job::Commit(set, sender) => {
                    batch.push(*set);
                    answers.push(sender);
                }
                Job::Errand(work) => {
                    // In the order that they came in.
                    commit(&mut connection, &mut batch, &mut answers);
                    guarded(&mut connection, work);
                }
            }
        }
        commit(&mut connection, &mut batch, &mut answers);
        pace.wrote();
    }
}

fn commit(
    connection: &mut Connection,
    batch: &mut Vec<WriteSet>,
    answers: &mut Vec<Sender<Result<Committed, StoreError>>>,
) {
    if batch.is_empty() {
        return;
    }
    let batch = std::mem::take(batch);
    let done = guarded(connection, |connection| run_batch(connection, batch));
    for (sender, answer) in answers.drain(..).zip(done.into_iter().flatten()) {
        sender.send(answer);
    }
}

/// A panic is the end of its batch, not of the lane: nothing of it is kept, and whoever waits
/// for it is told that it failed.
fn guarded<T>(connection: &mut Connection, work: impl FnOnce(&mut Connection) -> T) -> Option<T> {
    let done = catch_unwind(AssertUnwindSafe(|| work(connection)));
    if done.is_err() {
        tracing::error!("a write panicked");
        rolled_back(connection);
    }
    done.ok()
}

/// Waits for work; `None` when the lane is closed and empty.
fn next(shared: &Shared) -> Option<Vec<Job>> {
    let mut queue = lock(&shared.queue);
    while queue.jobs.is_empty() {
        if queue.closed {
            return None;
        }
        queue = shared.filled.wait(queue).unwrap_or_else(PoisonError::into_inner);
    }
    let most = queue.jobs.len().min(BATCH);
    Some(queue.jobs.drain(..most).collect())
}
