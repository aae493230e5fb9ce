//! Finishes what a stop cut off: attempts whose answer never came end as silence does, and the
//! calls that waited for them get that answer (`card-network.md` 1.4, T1).

use onfile_domain::attempt::{Attempt, AttemptState, Subject, lost};
use onfile_domain::case::{Dossier, Need};
use onfile_domain::object::{Entity, Kind};
use onfile_store::{Cause, Claim, Cursor, EventQuery, OpenAttempt, WorldId};
use onfile_wire::expand;
use onfile_wire::version::Version;
use onfile_wire::view::Audience;

use crate::app::App;
use crate::hand::Hand;
use crate::settle::settle;
use crate::stop::{Stop, chain};
use crate::work::{Key, Outcome, Rule, Shown, Work};
use crate::workers::decide;

/// How far back the event of a call is looked for: it was among the last things written.
const EVENTS: usize = 1_000;

/// Finishes everything that the last stop cut off. Call it before anything is served.
///
/// # Errors
/// A text for people: nothing may be served then.
pub async fn finish_what_was_cut_off(app: &App) -> Result<(), String> {
    finish(app).await.map_err(|stop| match stop {
        Stop::Store(error) => chain(&error),
        Stop::Vault(error) => chain(&error),
        Stop::Wire(error) => error.message.into_owned(),
        Stop::Locked => "others write to the store".to_owned(),
        Stop::Taken(_) => "a key is taken that was not sent".to_owned(),
        Stop::Broken(what) => what.to_owned(),
    })
}

async fn finish(app: &App) -> Result<(), Stop> {
    let sent = |open: &OpenAttempt| open.attempt.state == AttemptState::Sent;
    let mut attempts: Vec<OpenAttempt> =
        app.store.open_attempts().await?.into_iter().filter(sent).collect();
    for (world, claim) in app.store.running_claims().await? {
        let about = subject(app, world, &claim).await?;
        let at = attempts.iter().position(|open| {
            open.world == world && about.as_deref() == Some(&subject_text(open.attempt.subject))
        });
        match at {
            Some(at) => {
                let open = attempts.swap_remove(at);
                finish_for(app, world, open.attempt.id.seq, Some(claim)).await?;
            }
            // It changed nothing: whoever sends it again begins anew.
            None => app.store.release(world, &claim.key, &claim.request).await?,
        }
    }
    for open in attempts {
        finish_for(app, open.world, open.attempt.id.seq, None).await?;
    }
    Ok(())
}

/// Finishes an attempt that was sent while the server runs, and could not be booked; the call's
/// key stands for the answer that nobody was there to hear.
pub(super) async fn finish_one(app: &App, world: WorldId, attempt: u64) -> Result<(), Stop> {
    let Some(known) = app.worlds.of_id(world) else { return Ok(()) };
    let mut dossier = Dossier::new(known.now(app.surroundings.wall()), known.account());
    app.store.load(world, &[Need::Row(Kind::Attempt, attempt)], &mut dossier).await?;
    let row = dossier.row(Kind::Attempt, attempt);
    let Some(found) = row.and_then(|row| Attempt::of(&row.object)) else { return Ok(()) };
    let wanted = subject_text(found.subject);
    for (of, claim) in app.store.running_claims().await? {
        if of == world && subject(app, world, &claim).await?.as_deref() == Some(&wanted) {
            return finish_for(app, world, attempt, Some(claim)).await;
        }
    }
    finish_for(app, world, attempt, None).await
}

async fn finish_for(
    app: &App,
    world: WorldId,
    attempt: u64,
    claim: Option<Claim>,
) -> Result<(), Stop> {
    let world = app.worlds.of_id(world).ok_or(Stop::Broken("an attempt belongs to no world"))?;
    let rule: Rule = Box::new(move |case| {
        Ok(lost::finish(case, attempt)?.map_or(Outcome::Silent, Outcome::from))
    });
    let Some(claim) = claim else {
        return decide(app, &world, &rule, None).await.map(drop);
    };
    let now = world.now(app.surroundings.wall());
    let key = Key {
        text: claim.key.clone(),
        endpoint: claim.endpoint.clone(),
        params: claim.params,
        request: claim.request.clone(),
    };
    let work = Work {
        rule: &rule,
        hand: Hand::new(&app.vault, world.id.0, &world.account(), now),
        cause: Cause { request: Some(claim.request), idempotency_key: Some(claim.key) },
        settles: None,
        shown: Some(Shown {
            version: Version::DEFAULT,
            audience: Audience::Secret,
            base: "",
            expand: &expand::NONE,
        }),
        key: Some(key),
    };
    settle(app, &world, work).await.map(drop)
}

fn subject_text(subject: Subject) -> String {
    match subject {
        Subject::Payment(id) => id.to_string(),
        Subject::Setup(id) => id.to_string(),
        Subject::Method(id) => id.to_string(),
    }
}

/// What a call was about: the id in its path, or what its first event tells of.
async fn subject(app: &App, world: WorldId, claim: &Claim) -> Result<Option<String>, Stop> {
    if let Some(id) = claim.endpoint.split('/').nth(3) {
        return Ok(Some(id.to_owned()));
    }
    let mut query = EventQuery {
        types: vec!["payment_intent.created".to_owned(), "setup_intent.created".to_owned()],
        from: None,
        to: None,
        cursor: Cursor::Newest,
        limit: 100,
    };
    let mut looked_at = 0;
    loop {
        let page = app.store.list_events(world, &query).await?;
        let is_its = |request: &Option<String>| request.as_ref() == Some(&claim.request);
        if let Some(event) = page.items.iter().find(|event| is_its(&event.cause.request)) {
            return Ok(Some(event.object.id_text()));
        }
        looked_at += page.items.len();
        match page.items.last() {
            Some(last) if page.has_more && looked_at < EVENTS => {
                query.cursor = Cursor::After(last.id.seq);
            }
            Some(_) | None => return Ok(None),
        }
    }
}
