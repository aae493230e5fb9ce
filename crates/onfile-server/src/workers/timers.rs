//! What the worlds' clocks bring: balance transactions that come to light, challenges that nobody
//! answered, holds that end, refunds that the network is done with, deliveries that are tried
//! again.

use std::sync::Arc;
use std::time::Duration;

use onfile_domain::attempt::challenge;
use onfile_domain::case::TimerKind;
use onfile_domain::delivery;
use onfile_domain::payment_intent::expire;
use onfile_domain::refund::settle;
use onfile_domain::test_clock::{advance, delete};
use onfile_store::DueTimer;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::App;
use crate::limits;
use crate::serve::stop_of;
use crate::stop::Stop;
use crate::work::{Outcome, Rule};
use crate::workers::{decide, failed};

/// Works off what is due until it is told to stop.
pub(super) async fn run(app: Arc<App>, mut stopping: watch::Receiver<bool>) {
    loop {
        let pause = match work_off(&app).await {
            Ok(pause) => pause,
            Err(stop) => {
                failed("timers", &stop);
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

/// Does what is due, and says how long nothing will be.
async fn work_off(app: &Arc<App>) -> Result<Duration, Stop> {
    loop {
        // A clock that is on the move drains its own timers: see `clock.rs`.
        let moving = app.worlds.moving();
        let due = app.store.due(app.surroundings.wall(), &moving, limits::TIMERS_AT_ONCE).await?;
        if due.is_empty() {
            return sleep(app).await;
        }
        // Side by side, so that they share commits.
        let mut tasks = JoinSet::new();
        for timer in due {
            let app = Arc::clone(app);
            tasks.spawn(async move { settle_one(&app, timer).await });
        }
        let mut all_done = true;
        while let Some(done) = tasks.join_next().await {
            match done {
                Ok(Ok(is_settled)) => all_done &= is_settled,
                Ok(Err(stop)) => {
                    failed("a timer", &stop);
                    all_done = false;
                }
                Err(_) => {
                    tracing::error!("a timer ended in a panic");
                    all_done = false;
                }
            }
        }
        if !all_done {
            return Ok(limits::WORKER_PAUSE);
        }
    }
}

/// How long until the next one.
async fn sleep(app: &App) -> Result<Duration, Stop> {
    let Some(next) = app.store.next_due().await? else { return Ok(limits::TIMERS_SLEEP) };
    let seconds = next.saturating_sub(app.surroundings.wall()).max(0);
    // Clocks count whole seconds: what is due in one may be due in a moment.
    let until = Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
    Ok(until.clamp(Duration::from_millis(50), limits::TIMERS_SLEEP))
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
