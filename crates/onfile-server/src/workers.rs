//! What happens by itself. A worker takes no input: it reads what is due, does it, and may be run
//! twice; a nudge only makes it sooner.

mod owed;
mod purge;
mod resolve;
pub(crate) mod timers;

use std::sync::Arc;

use onfile_store::Cause;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::{App, Executor};
use crate::delivery::lane;
use crate::hand::Hand;
use crate::settle::settle;
use crate::stop::{Stop, chain};
use crate::work::{Rule, Settled, Work};
use crate::worlds::World;

pub use resolve::finish_what_was_cut_off;

/// Starts them; they end when `stopping` says so.
pub(crate) fn start(app: &Arc<App>, stopping: &watch::Receiver<bool>) -> Vec<JoinHandle<()>> {
    let mut started = vec![
        tokio::spawn(timers::run(Arc::clone(app), stopping.clone())),
        tokio::spawn(purge::run(Arc::clone(app), stopping.clone())),
        tokio::spawn(lane::run(Arc::clone(app), stopping.clone())),
    ];
    match app.executor {
        // The simulated banks are told in the commit itself.
        Executor::Local => {}
        Executor::Remote(_) => {
            started.push(tokio::spawn(owed::run(Arc::clone(app), stopping.clone())));
        }
    }
    started
}

/// Decides something that nobody asked for.
pub(crate) async fn decide(
    app: &App,
    world: &World,
    rule: &Rule,
    settles: Option<onfile_store::DueTimer>,
) -> Result<Settled, Stop> {
    let now = world.now(app.surroundings.wall());
    let hand = Hand::new(&app.vault, world.id.0, &world.account(), now);
    let work = Work { rule, hand, cause: Cause::default(), settles, shown: None, key: None };
    settle(app, world, work).await
}

/// One line for what a worker could not do; it comes again.
pub(crate) fn failed(what: &'static str, stop: &Stop) {
    match stop {
        Stop::Locked => tracing::debug!("{what}: others wrote first"),
        Stop::Store(onfile_store::StoreError::Unavailable(error)) => {
            tracing::warn!("{what}: the store can't write now: {error}");
        }
        Stop::Store(error) => tracing::error!("{what}: {}", chain(error)),
        Stop::Vault(error) => tracing::error!("{what}: {}", chain(error)),
        Stop::Wire(error) => tracing::warn!("{what}: {}", error.message),
        Stop::Taken(_) => tracing::error!("{what}: a key is taken that was not sent"),
        Stop::Broken(why) => tracing::error!("{what}: {why}"),
    }
}
