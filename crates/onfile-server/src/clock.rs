//! Moves a world's clock, and does what falls due on the way (`design.md` 5).
//!
//! The clock is not simply set: it goes from one instant at which something is due to the next and
//! stands there until that is done, so that what follows from it (another timer, the next try)
//! falls due in its turn, and everything is told with the time at which it was due. Retries of
//! deliveries, whose instants are chance, are done a run at a time
//! (`onfile-domain/src/delivery/wave.rs`).
//!
//! In the store the clock is set to its goal at once, and the key of the call that moves it says
//! so. A server that is killed on the way finds all of these timers due, and no event lies in its
//! future; it answers the call under its key when they are done (`workers/moves.rs`). While the
//! clock is on the move the timers' worker leaves the world alone.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use onfile_domain::case::TimerKind;
use onfile_domain::delivery::Wave;
use onfile_domain::time::WorldTime;
use onfile_store::{Claim, ClaimState, ClockMove, DueTimer, Mover};
use onfile_wire::params::control::Move;
use tokio::sync::MutexGuard;

use crate::app::App;
use crate::call::Call;
use crate::limits;
use crate::stop::Stop;
use crate::workers::timers;
use crate::worlds::World;

/// Moves the clock, and answers when all that fell due is done: with the instant it was moved to.
/// `call` is whose key is held meanwhile.
///
/// # Errors
/// Backwards; or something that is due can't be done, because someone holds it for long: then the
/// clock stays where that is due.
pub(crate) async fn advance(
    app: &App,
    world: &World,
    by: Move,
    call: Option<&Call>,
) -> Result<WorldTime, Stop> {
    let _turn = world.clock.lock().await;
    let now = world.now(app.surroundings.wall());
    let goal = by.from(now)?;
    go(app, world, (now, goal), call.and_then(|call| mover(call, goal))).await
}

/// Goes on with a move that was cut off: what is due by then or by now is done when it answers, and
/// nobody else moves the clock, or empties its world, until the answer is dropped. `None` where the
/// call that asked for it is no more there: the world was emptied or brought back.
///
/// # Errors
/// As [`advance`].
pub(crate) async fn go_on<'a>(
    app: &App,
    world: &'a World,
    cut_off: &Claim,
) -> Result<Option<(WorldTime, MutexGuard<'a, ()>)>, Stop> {
    let turn = world.clock.lock().await;
    let standing = app.store.idempotency(world.id, &cut_off.key).await?;
    let Some(Claim { state: ClaimState::Moving(ClockMove { to, .. }), request, .. }) = standing
    else {
        return Ok(None);
    };
    if request != cut_off.request {
        return Ok(None);
    }
    let now = world.now(app.surroundings.wall());
    let reached = go(app, world, (now, to.max(now)), None).await?;
    Ok(Some((reached, turn)))
}

/// What is kept of a call with a key while it takes the clock somewhere.
fn mover(call: &Call, to: WorldTime) -> Option<Mover> {
    let version = call.version.as_str().to_owned();
    Some(Mover {
        key: call.idempotency.clone()?,
        request: call.request.clone(),
        takes: ClockMove { to, version },
    })
}

async fn go(
    app: &App,
    world: &World,
    (now, goal): (WorldTime, WorldTime),
    mover: Option<Mover>,
) -> Result<WorldTime, Stop> {
    let moving = Moving::start(app, world, now);
    set(app, world, goal, mover.as_ref()).await?;
    let drained = drain(app, world, goal).await;
    // The wall's clock went on meanwhile, and this one stood.
    let reached = world.now(app.surroundings.wall());
    set(app, world, reached, None).await?;
    drop(moving);
    drained.map(|()| reached)
}

/// A clock on the move. Dropped, also by a panic, it runs again, from what the store has.
struct Moving<'a> {
    app: &'a App,
    world: &'a World,
}

impl Moving<'_> {
    fn start<'a>(app: &'a App, world: &'a World, now: WorldTime) -> Moving<'a> {
        app.worlds.start_moving(world.id);
        world.stand(now);
        Moving { app, world }
    }
}

impl Drop for Moving<'_> {
    fn drop(&mut self) {
        self.world.run_on();
        self.app.worlds.end_moving(self.world.id);
        self.app.clock_was_set();
    }
}

/// Sets the clock of a world in which nothing is, to whatever instant.
///
/// # Errors
/// When the store can't.
pub(crate) async fn set_empty(app: &App, world: &World, at: WorldTime) -> Result<(), Stop> {
    let _turn = world.clock.lock().await;
    set(app, world, at, None).await
}

/// Sets the clock to an instant, for when it runs again.
async fn set(app: &App, world: &World, at: WorldTime, mover: Option<&Mover>) -> Result<(), Stop> {
    let offset = at.0.saturating_sub(app.surroundings.wall());
    if mover.is_none() && offset == world.clock_offset() {
        // Moving it moves every timer of the world.
        return Ok(());
    }
    app.store.set_clock_offset(world.id, offset, mover).await?;
    world.set_clock_offset(offset);
    Ok(())
}

/// Goes from one due instant to the next, until none is left before the goal.
async fn drain(app: &App, world: &World, goal: WorldTime) -> Result<(), Stop> {
    let mut tries = 0;
    loop {
        // What is to be sent at this instant is sent; where that fails, it may be due once more
        // before the goal.
        app.quiet(world.id).await?;
        let due = app.store.due_in(world.id, goal, limits::TIMERS_AT_ONCE).await?;
        let Some(at) = next_instant(app, world, &due).await? else { break };
        world.stand(at);
        let due: Vec<DueTimer> = due.into_iter().filter(|timer| timer.due_at <= at).collect();
        if settle_all(app, due).await? {
            tries = 0;
            continue;
        }
        tries += 1;
        if tries >= limits::MOVE_AGAIN {
            return Err(Stop::Locked);
        }
        tokio::time::sleep(limits::MOVE_PAUSE).await;
    }
    world.stand(goal);
    Ok(())
}

/// Where the clock stands next: the first instant at which something is due, or the last of a run
/// of retries that begins there.
async fn next_instant(
    app: &App,
    world: &World,
    due: &[DueTimer],
) -> Result<Option<WorldTime>, Stop> {
    // What came too late, or was set for a moment that is past, is due now.
    let now = world.now(app.surroundings.wall());
    let is_retry = |timer: &&DueTimer| timer.kind == TimerKind::RetryDelivery;
    let (mode, mut wave) = (world.account().mode, Wave::default());
    for retry in due.iter().take_while(is_retry) {
        let of_event = app.store.deliveries_of(world.id, retry.subject).await?;
        if !wave.takes(retry.due_at.max(now), &of_event, mode) {
            break;
        }
    }
    Ok(wave.instant().or_else(|| Some(due.first()?.due_at.max(now))))
}

/// Settles what is due at one instant; `false` where some of it is held by someone else.
///
/// All of it is under way at once, so that it shares commits, and each is begun behind the one
/// before, so that the same timers always tell their events in the same order.
async fn settle_all(app: &App, due: Vec<DueTimer>) -> Result<bool, Stop> {
    let mut running: Vec<Option<Pin<Box<_>>>> =
        due.into_iter().map(|timer| Some(Box::pin(timers::settle_one(app, timer)))).collect();
    let mut ended = Ok(true);
    poll_fn(|cx| {
        let mut is_over = true;
        for slot in &mut running {
            let Some(one) = slot else { continue };
            match one.as_mut().poll(cx) {
                Poll::Pending => is_over = false,
                Poll::Ready(done) => {
                    *slot = None;
                    ended = match (std::mem::replace(&mut ended, Ok(true)), done) {
                        (Err(stop), _) | (Ok(_), Err(stop)) => Err(stop),
                        (Ok(all), Ok(settled)) => Ok(all && settled),
                    };
                }
            }
        }
        if is_over { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    ended
}
