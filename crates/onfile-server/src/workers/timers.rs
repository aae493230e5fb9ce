//! What the worlds' clocks bring: balance transactions that come to light, money that can be paid
//! out, challenges that nobody answered, holds that end, refunds that the network is done with,
//! deliveries that are tried again.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use onfile_domain::attempt::challenge;
use onfile_domain::balance::become_available;
use onfile_domain::case::TimerKind;
use onfile_domain::delivery;
use onfile_domain::payment_intent::expire;
use onfile_domain::refund::settle;
use onfile_domain::test_clock::{advance, delete};
use onfile_domain::time::WorldTime;
use onfile_store::{DueTimer, WorldId};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::app::App;
use crate::limits;
use crate::serve::stop_of;
use crate::stop::Stop;
use crate::work::{Outcome, Rule};
use crate::workers::patience::Patience;
use crate::workers::{At, decide, failed};

/// Works off what is due until it is told to stop.
pub(super) async fn run(app: Arc<App>, mut stopping: watch::Receiver<bool>) {
    let mut patience = Patience::new(limits::TIMER_AGAIN);
    loop {
        let pause = match work_off(&app, &mut patience).await {
            Ok(pause) => pause,
            Err(stop) => {
                failed("finding timers that are due", At::default(), &stop);
                limits::WORKER_PAUSE
            }
        };
        tokio::select! {
            () = stop_of(&mut stopping) => return,
            () = tokio::time::sleep(pause) => {}
            () = app.timers.notified() => {}
        }
    }
}

/// Does what is due, and says how long nothing will be. A timer that could not be settled is tried
/// again later each time, and is in no other's way meanwhile.
async fn work_off(app: &Arc<App>, patience: &mut Patience<Due>) -> Result<Duration, Stop> {
    loop {
        // A clock that is on the move drains its own timers: see `clock.rs`.
        let moving = app.worlds.moving();
        let most = limits::TIMERS_AT_ONCE + patience.len();
        let wall = app.surroundings.wall();
        let mut due = app.store.due(wall, &moving, most).await?;
        if due.len() < most {
            patience.keep(&due.iter().map(of).collect());
        }
        let now = Instant::now();
        due.retain(|timer| patience.is_due(of(timer), now));
        if due.is_empty() {
            return sleep(app, wall, patience).await;
        }
        // Side by side, so that they share commits.
        let (mut tasks, mut timers) = (JoinSet::new(), HashMap::new());
        for timer in due {
            let app = Arc::clone(app);
            let task = tasks.spawn(async move { settle_one(&app, timer).await });
            timers.insert(task.id(), timer);
        }
        while let Some(ended) = tasks.join_next_with_id().await {
            let (id, settled) = match ended {
                Ok(ended) => ended,
                Err(panic) => (panic.id(), Err(Stop::panicked("a timer")(panic))),
            };
            let Some(timer) = timers.remove(&id) else { continue };
            if is_settled(&timer, settled) {
                patience.forget(of(&timer));
            } else {
                patience.try_later(of(&timer), Instant::now());
            }
        }
    }
}

fn is_settled(timer: &DueTimer, settled: Result<bool, Stop>) -> bool {
    settled.unwrap_or_else(|stop| {
        let about = Some((timer.kind, timer.subject));
        failed("settling a timer", At { timer: about, ..At::world(timer.world) }, &stop);
        false
    })
}

/// A timer by what it is about, and when it is due: some kinds have no subject.
type Due = (WorldId, TimerKind, u64, WorldTime);

fn of(timer: &DueTimer) -> Due {
    (timer.world, timer.kind, timer.subject, timer.due_at)
}

/// How long until the next one, where all that was due at `wall` is done or waits.
async fn sleep(app: &App, wall: i64, patience: &Patience<Due>) -> Result<Duration, Stop> {
    let again = patience.next(Instant::now()).unwrap_or(limits::TIMERS_SLEEP);
    let next = app.store.next_due(wall).await?.unwrap_or(i64::MAX);
    let seconds = next.saturating_sub(app.surroundings.wall()).max(0);
    // Clocks count whole seconds: what is due in one may be due in a moment.
    let until = Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
    Ok(until.min(again).clamp(Duration::from_millis(50), limits::TIMERS_SLEEP))
}

/// Whether the timer is settled; a lock is waited for.
pub(crate) async fn settle_one(app: &App, timer: DueTimer) -> Result<bool, Stop> {
    let Some(world) = app.worlds.of_id(timer.world) else {
        return Err(Stop::Broken("a timer belongs to no world"));
    };
    match decide(app, &world, &rule(timer), Some(timer)).await {
        Ok(settled) => Ok(settled.outcome.is_ok()),
        // Settled meanwhile by someone else, or locked: what is left comes again.
        Err(Stop::Locked) => Ok(false),
        Err(stop) => Err(stop),
    }
}

fn rule(timer: DueTimer) -> Rule {
    let subject = timer.subject;
    match timer.kind {
        TimerKind::ShowBalanceTransaction => Box::new(move |case| {
            expire::show_balance_transaction(case, subject).map(|()| Outcome::Silent)
        }),
        TimerKind::BalanceAvailable => Box::new(move |case| {
            become_available(case, timer.due_at, subject).map(|()| Outcome::Silent)
        }),
        TimerKind::ExpireChallenge => {
            Box::new(move |case| challenge::expire(case, subject).map(|()| Outcome::Silent))
        }
        TimerKind::SettleRefund => {
            Box::new(move |case| settle::settle(case, subject).map(|()| Outcome::Silent))
        }
        TimerKind::ExpireHold => {
            Box::new(move |case| expire::expire_hold(case, subject).map(|()| Outcome::Silent))
        }
        TimerKind::AdvanceTestClock => {
            Box::new(move |case| advance::go_on(case, subject).map(|()| Outcome::Silent))
        }
        TimerKind::DeleteTestClock => {
            Box::new(move |case| delete::at_its_end(case, subject).map(|()| Outcome::Silent))
        }
        TimerKind::RetryDelivery => {
            Box::new(move |case| delivery::fall_due(case, subject).map(|()| Outcome::Silent))
        }
    }
}
