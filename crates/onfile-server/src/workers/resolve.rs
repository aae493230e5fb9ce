//! Finishes what a stop cut off: attempts whose answer never came end as silence does, and the
//! calls that waited for them get that answer (`card-network.md` 1.4, T1).

use std::collections::BTreeMap;

use onfile_domain::adjustment::report;
use onfile_domain::attempt::{AttemptState, lost};
use onfile_store::{Cause, Claim, ClaimState, OnWire, WorldId};
use onfile_wire::expand;
use onfile_wire::version::Version;
use onfile_wire::view::Audience;

use crate::app::App;
use crate::hand::Hand;
use crate::settle::settle;
use crate::stop::Stop;
use crate::work::{Key, Outcome, Rule, Shown, Size, Work};
use crate::workers::decide;

/// Where orders are adjusted.
const ADJUSTMENTS: &str = "/onfile/v1/adjustments";

/// Finishes everything that the last stop cut off. Call it before anything is served.
///
/// # Errors
/// Nothing may be served then.
pub async fn finish_what_was_cut_off(app: &App) -> Result<(), Stop> {
    let mut claims = BTreeMap::new();
    for (world, claim) in app.store.running_claims().await? {
        match &claim.state {
            ClaimState::Running(Some(on_wire)) => {
                drop(claims.insert((world, on_wire.attempt), claim));
            }
            // What is due on the way may want to be sent, so that it waits for the workers.
            ClaimState::Moving(_) => app.leave_move(world, claim),
            // It changed nothing: whoever sends it again begins anew.
            ClaimState::Running(None) | ClaimState::Answered(_) => {
                app.store.release(world, &claim.key, &claim.request).await?;
            }
        }
    }
    for open in app.store.open_attempts().await? {
        match open.attempt.state {
            AttemptState::Sent => {
                let attempt = open.attempt.id.seq;
                let claim = claims.remove(&(open.world, attempt));
                finish_for(app, open.world, attempt, claim).await?;
            }
            AttemptState::Reversing | AttemptState::Done | AttemptState::Reversed => {}
        }
    }
    for (world, attempt) in claims.keys() {
        // Whoever freed it might charge twice: it stays in use until somebody has looked.
        tracing::error!(
            world.id = world.0,
            attempt.row = attempt,
            "an idempotency key waits for an attempt that is over"
        );
    }
    Ok(())
}

fn on_wire(claim: &Claim) -> Option<u64> {
    match &claim.state {
        ClaimState::Running(on_wire) => on_wire.as_ref().map(|it| it.attempt),
        ClaimState::Moving(_) | ClaimState::Answered(_) => None,
    }
}

/// Finishes an attempt that was sent while the server runs, and could not be booked; the call's
/// key stands for the answer that nobody was there to hear.
pub(super) async fn finish_one(app: &App, world: WorldId, attempt: u64) -> Result<(), Stop> {
    let is_its = |(of, claim): &(WorldId, Claim)| *of == world && on_wire(claim) == Some(attempt);
    let claim = app.store.running_claims().await?.into_iter().find(is_its);
    finish_for(app, world, attempt, claim.map(|(_, claim)| claim)).await
}

async fn finish_for(
    app: &App,
    world: WorldId,
    attempt: u64,
    claim: Option<Claim>,
) -> Result<(), Stop> {
    let world = app.worlds.of_id(world).ok_or(Stop::Broken("an attempt belongs to no world"))?;
    // A call that adjusts an order is told of the adjustment, not of the payment that it made.
    let adjusts = claim.as_ref().is_some_and(|claim| claim.endpoint == ADJUSTMENTS);
    let rule: Rule = Box::new(move |case| {
        let Some(answer) = lost::finish(case, attempt)? else { return Ok(Outcome::Silent) };
        let told = if adjusts { report::of_payment(case, &answer)? } else { None };
        Ok(told.unwrap_or(answer).into())
    });
    let Some((claim, on_wire)) = claim.and_then(with_wire) else {
        return decide(app, &world, &rule, None).await.map(drop);
    };
    let now = world.now(app.surroundings.wall());
    let work = Work {
        rule: &rule,
        hand: Hand::new(&app.vault, world.id.0, &world.account(), now),
        cause: Cause {
            request: Some(claim.request.clone()),
            idempotency_key: Some(claim.key.clone()),
        },
        settles: None,
        shown: Some(Shown {
            version: on_wire.version.parse().unwrap_or(Version::DEFAULT),
            audience: audience(&on_wire.audience),
            base: &on_wire.base,
            expand: &expand::NONE,
        }),
        key: Some(Key {
            text: claim.key,
            endpoint: claim.endpoint,
            params: claim.params,
            request: claim.request,
        }),
        size: Size::Usual,
    };
    settle(app, &world, work).await.map(drop)
}

fn with_wire(claim: Claim) -> Option<(Claim, OnWire)> {
    let on_wire = match &claim.state {
        ClaimState::Running(on_wire) => on_wire.clone()?,
        ClaimState::Moving(_) | ClaimState::Answered(_) => return None,
    };
    Some((claim, on_wire))
}

/// Whoever may see less, where a later release wrote a word that isn't known here.
fn audience(word: &str) -> Audience {
    match word {
        "secret" => Audience::Secret,
        _ => Audience::Publishable,
    }
}
