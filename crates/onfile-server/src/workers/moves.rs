//! Finishes moves of clocks that a stop cut off. Where one was going was kept with its call's key,
//! so that whoever asks again under that key hears of this move, and doesn't make it twice.

use std::collections::VecDeque;
use std::sync::Arc;

use onfile_domain::case::Decision;
use onfile_store::{Claim, ClaimState, ClockMove, KeptAnswer, WorldId, WriteSet};
use onfile_wire::views::control as views;
use tokio::sync::watch;

use crate::app::App;
use crate::clock;
use crate::limits;
use crate::serve::stop_of;
use crate::stop::Stop;
use crate::workers::{At, failed};

/// Finishes one after the other; until then their keys are in use. One that fails is tried again
/// when the others had their turn.
pub(super) async fn run(app: Arc<App>, mut stopping: watch::Receiver<bool>) {
    let all = async {
        let mut left = VecDeque::from(app.take_cut_off_moves());
        while let Some((world, claim)) = left.pop_front() {
            if let Err(stop) = finish(&app, world, &claim).await {
                failed("finishing a move of a clock", At::world(world), &stop);
                left.push_back((world, claim));
                tokio::time::sleep(limits::WORKER_PAUSE).await;
            }
        }
    };
    tokio::select! {
        () = stop_of(&mut stopping) => {}
        () = all => {}
    }
}

/// Does what is due on the way, and answers the call that nobody waits for any more.
async fn finish(app: &App, world: WorldId, claim: &Claim) -> Result<(), Stop> {
    let ClaimState::Moving(ClockMove { version, .. }) = &claim.state else { return Ok(()) };
    let world = app.worlds.of_id(world).ok_or(Stop::Broken("a clock belongs to no world"))?;
    let Some((reached, _turn)) = clock::go_on(app, &world, claim).await? else { return Ok(()) };
    let kept = KeptAnswer { status: 200, version: version.clone(), body: views::clock(reached) };
    let claim = Claim { at: reached, state: ClaimState::Answered(kept), ..claim.clone() };
    let set = WriteSet {
        idempotency: Some(claim),
        ..WriteSet::of(world.id, reached, Decision::default())
    };
    // Whatever stands there by now is the answer.
    app.store.commit(set).await?;
    Ok(())
}
