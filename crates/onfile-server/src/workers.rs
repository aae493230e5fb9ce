//! What happens by itself. A worker takes no input: it reads what is due, does it, and may be run
//! twice; a nudge only makes it sooner.

mod moves;
mod owed;
mod patience;
mod purge;
mod resolve;
pub(crate) mod timers;

use std::sync::Arc;

use onfile_domain::case::TimerKind;
use onfile_store::{Cause, WorldId};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::{App, Executor};
use crate::delivery::lane;
use crate::hand::Hand;
use crate::listening;
use crate::settle::settle;
use crate::stop::{Concern, Stop, chain};
use crate::work::{Rule, Settled, Size, Work};
use crate::worlds::World;

pub use resolve::finish_what_was_cut_off;

/// Starts them; they end when `stopping` says so.
pub(crate) fn start(app: &Arc<App>, stopping: &watch::Receiver<bool>) -> Vec<JoinHandle<()>> {
    let mut started = vec![
        tokio::spawn(timers::run(Arc::clone(app), stopping.clone())),
        tokio::spawn(purge::run(Arc::clone(app), stopping.clone())),
        tokio::spawn(lane::run(Arc::clone(app), stopping.clone())),
        tokio::spawn(moves::run(Arc::clone(app), stopping.clone())),
        tokio::spawn(listening::run(Arc::clone(app), stopping.clone())),
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
    let work = Work {
        rule,
        hand,
        cause: Cause::default(),
        settles,
        shown: None,
        key: None,
        size: Size::Usual,
    };
    settle(app, world, work).await
}

/// What a worker was at, as far as it knows: the fields of its log lines. Rows are numbers, for a
/// worker may not have got as far as the id.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct At {
    /// In which world.
    pub(crate) world: Option<WorldId>,
    /// The timer: its kind and the row that it is about.
    pub(crate) timer: Option<(TimerKind, u64)>,
    /// The attempt.
    pub(crate) attempt: Option<u64>,
    /// The followup.
    pub(crate) followup: Option<i64>,
    /// The webhook endpoint.
    pub(crate) endpoint: Option<u64>,
}

impl At {
    /// Somewhere in a world.
    pub(crate) fn world(world: WorldId) -> At {
        At { world: Some(world), ..At::default() }
    }
}

/// One line for what a worker could not do; it comes again.
pub(crate) fn failed(what: &'static str, at: At, stop: &Stop) {
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                work = what,
                world.id = at.world.map(|world| world.0),
                timer.kind = at.timer.map(|(kind, _)| kind.as_str()),
                timer.row = at.timer.map(|(_, row)| row),
                attempt.row = at.attempt,
                followup.number = at.followup,
                webhook_endpoint.row = at.endpoint,
                "a worker failed: {}",
                chain(stop)
            )
        };
    }
    match stop.concern() {
        Concern::Nobody => line!(debug),
        Concern::Operator => line!(warn),
        Concern::Us => line!(error),
    }
}
