//! The road over a wire: the attempt is written down, then sent, then booked
//! (`docs/decisions/0002-the-road-over-a-wire.md`).

use std::time::Duration;

use onfile_domain::attempt::{Attempt, AttemptState, Subject};
use onfile_domain::case::{Decision, Dossier, Loaded, Need, Write};
use onfile_domain::id::AttemptId;
use onfile_domain::network::{Question, Reply};
use onfile_domain::object::{Kind, Object};
use onfile_network::acquirer::{Acquirer, Pending, Reference, Secrets, Sending};
use onfile_store::{ClaimState, Committed, OnWire};
use onfile_wire::view::Audience;

use crate::road::{method_of, number, par};
use crate::settle::Run;
use crate::stop::Stop;

/// What stands in the store while a message is on the wire.
#[derive(Debug)]
pub(crate) struct Sent {
    /// What is sent.
    pub(crate) attempt: AttemptId,
    /// The answer can't be booked: the attempt ends as if there had been none.
    pub(crate) is_lost: bool,
    /// The intent that is marked with it.
    marked: Option<(Kind, u64)>,
    /// The rows of the first commit, and of those that followed with a second message.
    rows: Vec<Need>,
    /// How much of the decision those commits hold.
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
/// running key. A second message of the same call is a new attempt, with a commit of its own; the
/// one before it was answered.
async fn write_down(run: &mut Run<'_>, draft: Attempt, mut so_far: Decision) -> Result<(), Stop> {
    let marked = match draft.subject {
        Subject::Payment(id) | Subject::Increment(id) => Some((Kind::PaymentIntent, id.seq)),
        Subject::Setup(id) => Some((Kind::SetupIntent, id.seq)),
        Subject::Method(_) => None,
    };
    if let Some(intent) = marked {
        mark(run, &mut so_far, intent, draft.id)?;
    }
    if let Some(before) = &run.sent {
        if before.marked != marked {
            return Err(Stop::Broken("a call has two payments on the wire"));
        }
        so_far.writes.push(answered(run, before.attempt)?);
    }
    let attempt = Attempt { state: AttemptState::Sent, ..draft };
    let id = attempt.id;
    so_far.writes.push(Write::Insert(attempt.into()));
    let all = told(&so_far);
    let (before, mut rows) = match &run.sent {
        Some(sent) => (sent.told, sent.rows.clone()),
        None => (Told::default(), Vec::new()),
    };
    drop_told(&mut so_far, before);
    for write in &so_far.writes {
        let (Write::Insert(object) | Write::Update { object, .. }) = write;
        let need = Need::Row(object.kind(), object.seq());
        if !rows.contains(&need) {
            rows.push(need);
        }
    }
    let claim = run.claim(ClaimState::Running(run.work.shown.map(|shown| OnWire {
        attempt: id.seq,
        version: shown.version.as_str().to_owned(),
        audience: word(shown.audience).to_owned(),
        base: shown.base.to_owned(),
    })));
    let set = run.write_set(so_far, None, claim).await?;
    match run.commit(set).await? {
        Committed::Done(_) => {}
        // Nothing of it was sent. The caller is told to come again.
        Committed::Moved => return Err(Stop::Locked),
        Committed::Taken(first) => return Err(Stop::Taken(first)),
    }
    run.sent = Some(Sent { attempt: id, is_lost: false, marked, rows, told: all });
    see_written(run).await
}

/// What is kept of who may see an answer.
pub(crate) fn word(audience: Audience) -> &'static str {
    match audience {
        Audience::Secret => "secret",
        Audience::Publishable => "publishable",
    }
}

/// The attempt of an earlier message of the call, as answered.
fn answered(run: &Run<'_>, id: AttemptId) -> Result<Write, Stop> {
    let row = run.dossier.row(Kind::Attempt, id.seq);
    let row = row.ok_or(Stop::Broken("an attempt was sent and is not known"))?;
    let mut object = row.object.clone();
    if let Object::Attempt(attempt) = &mut object {
        attempt.state = AttemptState::Done;
    }
    Ok(Write::Update { object, expected: row.version })
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

/// Looks at what a commit before the wire wrote. All else stays as it was when the message was
/// decided: the answer is one to that question, and it is booked by the same light, unless a row
/// that the booking relies on has moved.
async fn see_written(run: &mut Run<'_>) -> Result<(), Stop> {
    let Some(sent) = &run.sent else { return Ok(()) };
    run.app.store.load(run.world.id, &sent.rows, &mut run.dossier).await?;
    run.hide_inflight();
    Ok(())
}

/// Loads everything anew, with what the network said: someone else wrote first.
pub(crate) async fn reload(run: &mut Run<'_>) -> Result<(), Stop> {
    let Some(sent) = &run.sent else { return Ok(()) };
    let mut fresh = Dossier::new(run.dossier.now, run.dossier.account.clone());
    if !sent.is_lost {
        for (question, reply) in run.dossier.transcript() {
            fresh.add_reply(question.clone(), reply.clone());
        }
    }
    run.dossier = fresh;
    see_written(run).await
}

/// Whether a run can't book what was sent: it refuses by what others wrote meanwhile, or comes to
/// its end without every answer.
pub(crate) fn leaves_the_road<T, E>(
    run: &Run<'_>,
    verdict: &Result<T, E>,
    decision: &Decision,
) -> bool {
    let is_on_wire = run.sent.as_ref().is_some_and(|sent| !sent.is_lost);
    is_on_wire && (verdict.is_err() || decision.heard < run.dossier.transcript().len())
}

/// Gives the answer up: what was sent ends as what nobody answered, and is reversed
/// (`card-network.md` T1). Money that the bank may hold is never left behind.
pub(crate) async fn lose(run: &mut Run<'_>) -> Result<(), Stop> {
    if let Some(sent) = &mut run.sent {
        sent.is_lost = true;
    }
    reload(run).await
}

/// Commit two holds what commit one does not, and takes the mark away.
///
/// # Errors
/// [`Stop::Broken`] where the decision leaves the attempt on the wire.
pub(crate) fn finish(run: &Run<'_>, decision: &mut Decision) -> Result<(), Stop> {
    let Some(sent) = run.sent.as_ref().filter(|sent| !sent.is_lost) else { return Ok(()) };
    drop_told(decision, sent.told);
    let written = |kind, seq| {
        decision.writes.iter().any(|write| {
            let (Write::Insert(object) | Write::Update { object, .. }) = write;
            (object.kind(), object.seq()) == (kind, seq)
        })
    };
    if !written(Kind::Attempt, sent.attempt.seq) {
        return Err(Stop::Broken("what was sent is not booked"));
    }
    let Some((kind, seq)) = sent.marked.filter(|(kind, seq)| !written(*kind, *seq)) else {
        return Ok(());
    };
    if let Some(row) = run.dossier.row(kind, seq) {
        let object = row.object.clone();
        decision.writes.push(Write::Update { object, expected: row.version });
    }
    Ok(())
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
        let Some(sent) = self.sent.as_ref().filter(|sent| !sent.is_lost) else { return };
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
        | Object::PastDecline(_)
        | Object::Statement(_)
        | Object::TestClock(_)
        | Object::Adjustment(_)
        | Object::Refund(_)
        | Object::WebhookEndpoint(_) => None,
    }
}
