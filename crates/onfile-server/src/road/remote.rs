//! The road over a wire: the attempt is written down, then sent, then booked
//! (`docs/decisions/0002-the-road-over-a-wire.md`).

use std::time::Duration;

use onfile_domain::attempt::{Attempt, AttemptState, Subject};
use onfile_domain::case::{Decision, Dossier, Loaded, Need, Write};
use onfile_domain::id::AttemptId;
use onfile_domain::network::{Question, Reply};
use onfile_domain::object::{Kind, Object};
use onfile_network::acquirer::{Acquirer, Pending, Reference, Secrets, Sending};
use onfile_store::Committed;

use crate::road::{method_of, number, par};
use crate::settle::Run;
use crate::stop::Stop;

/// What stands in the store while a message is on the wire.
#[derive(Debug)]
pub(crate) struct Sent {
    /// What is sent.
    pub(crate) attempt: AttemptId,
    /// The intent that is marked with it.
    marked: Option<(Kind, u64)>,
    /// The rows of the first commit.
    rows: Vec<Need>,
    /// How much of the decision the first commit holds.
    told: Told,
}

/// How many of each the first commit holds: the second run of the rule says them again.
#[derive(Debug, Clone, Copy, Default)]
struct Told {
    events: usize,
    timers: usize,
    claims: usize,
    releases: usize,
    seals: usize,
    followups: usize,
}

/// Asks over the wire, and writes the answer into the dossier. An authorization is written down
/// before.
pub(crate) async fn ask(
    run: &mut Run<'_>,
    acquirer: &dyn Acquirer,
    question: Question,
    draft: Option<Attempt>,
    so_far: Decision,
) -> Result<(), Stop> {
    let method = method_of(&question);
    let par = par(run, method, &so_far).await?;
    // The end of a challenge belongs to no attempt; the directory's id names it.
    let attempt = draft.as_ref().map_or(AttemptId::new(0, [b'0'; 16]), |draft| draft.id);
    let number = number(run, method, &so_far).await?;
    let reference = Reference { world: run.world.id.0, attempt };
    let wire = run.app.settings.wire;
    let reply = match &question {
        Question::Authenticate(request) => {
            let card = Secrets { pan: number.pan(), par: &par };
            let asked = acquirer.authenticate(reference, request, card);
            in_time(wire, asked, Reply::Authentication).await
        }
        Question::Challenge(challenge) => {
            let card = Secrets { pan: number.pan(), par: &par };
            let asked = acquirer.end_challenge(reference, challenge, card);
            in_time(wire, asked, Reply::Authentication).await
        }
        Question::Authorize(message) => {
            let draft = draft.ok_or(Stop::Broken("an authorization belongs to no attempt"))?;
            let number = match number {
                crate::road::Number::Opened(pan) => Some(pan),
                crate::road::Number::Typed(_) => None,
            };
            let typed = so_far.seals.iter().find(|(sealed, _)| *sealed == method).copied();
            if run.sent.as_ref().is_none_or(|sent| sent.attempt != draft.id) {
                write_down(run, draft, so_far).await?;
            }
            let typed = typed.and_then(|(_, index)| run.work.hand.card(index));
            let pan = number.as_ref().or(typed);
            let pan = pan.ok_or(Stop::Broken("a method has no number"))?;
            let asked = acquirer.authorize(reference, message, Secrets { pan, par: &par });
            in_time(wire, asked, Reply::Authorization).await
        }
    };
    run.dossier.add_reply(question, reply);
    Ok(())
}

/// What was answered in time, or that nobody knows, or that nothing was sent.
async fn in_time<T>(
    wire: Duration,
    asked: Pending<'_, Sending<T>>,
    reply: fn(T) -> Reply,
) -> Reply {
    match tokio::time::timeout(wire, asked).await {
        Ok(Sending::Answered(answer)) => reply(answer),
        Ok(Sending::NotSent) => Reply::NotSent,
        Ok(Sending::Unknown) | Err(_) => Reply::Silence,
    }
}

/// Commit one: the attempt, what was decided so far, the intent marked with the attempt, and the
/// running key.
async fn write_down(run: &mut Run<'_>, draft: Attempt, mut so_far: Decision) -> Result<(), Stop> {
    let marked = match draft.subject {
        Subject::Payment(id) => Some((Kind::PaymentIntent, id.seq)),
        Subject::Setup(id) => Some((Kind::SetupIntent, id.seq)),
        Subject::Method(_) => None,
    };
    if let Some(intent) = marked {
        mark(run, &mut so_far, intent, draft.id)?;
    }
    let attempt = Attempt { state: AttemptState::Sent, ..draft };
    let id = attempt.id;
    so_far.writes.push(Write::Insert(attempt.into()));
    let all = told(&so_far);
    let before = run.sent.as_ref().map(|sent| sent.told).unwrap_or_default();
    drop_told(&mut so_far, before);
    let rows = so_far.writes.iter().map(|write| {
        let (Write::Insert(object) | Write::Update { object, .. }) = write;
        Need::Row(object.kind(), object.seq())
    });
    let rows = rows.collect();
    let claim = run.claim(None);
    let set = run.write_set(so_far, None, claim).await?;
    match run.commit(set).await? {
        Committed::Done(_) => {}
        // Nothing was sent yet. The caller is told to come again.
        Committed::Moved => return Err(Stop::Locked),
        Committed::Taken(first) => return Err(Stop::Taken(first)),
    }
    run.sent = Some(Sent { attempt: id, marked, rows, told: all });
    reload(run).await
}

/// Marks the intent: others are refused while it carries the attempt.
fn mark(
    run: &Run<'_>,
    so_far: &mut Decision,
    (kind, seq): (Kind, u64),
    attempt: AttemptId,
) -> Result<(), Stop> {
    for write in &mut so_far.writes {
        let (Write::Insert(object) | Write::Update { object, .. }) = write;
        if (object.kind(), object.seq()) == (kind, seq) {
            set_inflight(object, Some(attempt));
            return Ok(());
        }
    }
    let row = run.dossier.row(kind, seq);
    let row = row.ok_or(Stop::Broken("an attempt belongs to no intent"))?;
    let mut object = row.object.clone();
    set_inflight(&mut object, Some(attempt));
    so_far.writes.push(Write::Update { object, expected: row.version });
    Ok(())
}

/// Loads anew, with what the network said: after commit one, and where someone else wrote first.
pub(crate) async fn reload(run: &mut Run<'_>) -> Result<(), Stop> {
    let Some(sent) = &run.sent else { return Ok(()) };
    let mut fresh = Dossier::new(run.dossier.now, run.dossier.account.clone());
    for (question, reply) in run.dossier.transcript() {
        fresh.add_reply(question.clone(), reply.clone());
    }
    run.app.store.load(run.world.id, &sent.rows, &mut fresh).await?;
    run.dossier = fresh;
    run.hide_inflight();
    Ok(())
}

/// Commit two holds what commit one does not, and takes the mark away.
pub(crate) fn finish(run: &Run<'_>, decision: &mut Decision) {
    let Some(sent) = &run.sent else { return };
    drop_told(decision, sent.told);
    let mut missing: Vec<(Kind, u64)> = sent.marked.into_iter().collect();
    missing.push((Kind::Attempt, sent.attempt.seq));
    for (kind, seq) in missing {
        let is_there = decision.writes.iter().any(|write| {
            let (Write::Insert(object) | Write::Update { object, .. }) = write;
            (object.kind(), object.seq()) == (kind, seq)
        });
        let Some(row) = run.dossier.row(kind, seq).filter(|_| !is_there) else { continue };
        let mut object = row.object.clone();
        if let Object::Attempt(attempt) = &mut object {
            attempt.state = AttemptState::Done;
        }
        decision.writes.push(Write::Update { object, expected: row.version });
    }
}

fn told(decision: &Decision) -> Told {
    Told {
        events: decision.events.len(),
        timers: decision.timers.len(),
        claims: decision.claims.len(),
        releases: decision.releases.len(),
        seals: decision.seals.len(),
        followups: decision.followups.len(),
    }
}

fn drop_told(decision: &mut Decision, told: Told) {
    drop(decision.events.drain(..told.events.min(decision.events.len())));
    drop(decision.timers.drain(..told.timers.min(decision.timers.len())));
    drop(decision.claims.drain(..told.claims.min(decision.claims.len())));
    drop(decision.releases.drain(..told.releases.min(decision.releases.len())));
    drop(decision.seals.drain(..told.seals.min(decision.seals.len())));
    drop(decision.followups.drain(..told.followups.min(decision.followups.len())));
}

impl Run<'_> {
    /// The rule that made the mark sees its intent without it.
    pub(crate) fn hide_inflight(&mut self) {
        let Some(sent) = &self.sent else { return };
        let Some((kind, seq)) = sent.marked else { return };
        let Some(row) = self.dossier.row(kind, seq) else { return };
        let mut object = row.object.clone();
        if set_inflight(&mut object, None) == Some(sent.attempt) {
            let version = row.version;
            self.dossier.add_row(kind, seq, Some(Loaded { version, object }));
        }
    }
}

/// Sets the mark, and says which was there.
fn set_inflight(object: &mut Object, mark: Option<AttemptId>) -> Option<AttemptId> {
    match object {
        Object::PaymentIntent(intent) => std::mem::replace(&mut intent.inflight, mark),
        Object::SetupIntent(intent) => std::mem::replace(&mut intent.inflight, mark),
        Object::Customer(_)
        | Object::PaymentMethod(_)
        | Object::SetupAttempt(_)
        | Object::Charge(_)
        | Object::BalanceTransaction(_)
        | Object::Agreement(_)
        | Object::AgreementUse(_)
        | Object::Attempt(_)
        | Object::Authentication(_)
        | Object::PastDecline(_) => None,
    }
}
