//! One answer from the lane's thread to whoever waits for it, without a runtime.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

enum Slot<T> {
    Waiting(Option<Waker>),
    Answered(T),
    /// The answer was taken, or nobody is left to give one.
    Closed,
}

/// Gives the answer. Dropped without one, it lets the other side know.
pub(crate) struct Sender<T>(Arc<Mutex<Slot<T>>>);

/// Waits for the answer: `None` when none will come.
pub(crate) struct Receiver<T>(Arc<Mutex<Slot<T>>>);

/// The two ends.
pub(crate) fn oneshot<T>() -> (Sender<T>, Receiver<T>) {
    let slot = Arc::new(Mutex::new(Slot::Waiting(None)));
    (Sender(Arc::clone(&slot)), Receiver(slot))
}

fn lock<T>(slot: &Mutex<Slot<T>>) -> MutexGuard<'_, Slot<T>> {
    // Nothing in here can panic half-way through a change.
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Sender<T> {
    /// Answers.
    pub(crate) fn send(self, answer: T) {
        settle(&self.0, Slot::Answered(answer));
    }
}

fn settle<T>(slot: &Mutex<Slot<T>>, with: Slot<T>) {
    let mut held = lock(slot);
    if let Slot::Waiting(waker) = &mut *held {
        let waker = waker.take();
        *held = with;
        drop(held);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        settle(&self.0, Slot::Closed);
    }
}

impl<T> Future for Receiver<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let mut held = lock(&self.0);
        match &mut *held {
            Slot::Waiting(waker) => {
                *waker = Some(cx.waker().clone());
                Poll::Pending
            }
            Slot::Answered(_) | Slot::Closed => match std::mem::replace(&mut *held, Slot::Closed) {
                Slot::Answered(answer) => Poll::Ready(Some(answer)),
                Slot::Waiting(_) | Slot::Closed => Poll::Ready(None),
            },
        }
    }
}
