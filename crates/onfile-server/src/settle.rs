//! Decides and commits: the one road of everything that is written.
//!
//! A rule is run over what is loaded; where it needs a row, it is loaded, where it asks the
//! network, the network is asked ([`crate::road`]), and the rule is run again. What it decided is
//! committed at once. Someone else wrote first: it is decided anew.

use onfile_domain::attempt::{Attempt, AttemptState, lost};
use onfile_domain::bank::BankChange;
use onfile_domain::case::{Case, Decision, Dossier, Halt, Mint, Write};
use onfile_domain::id::Tail;
use onfile_domain::network::Question;
use onfile_domain::object::Entity;
use onfile_domain::refusal::{Refusal, Why};
use onfile_store::{AccountChange, Claim, ClaimState, Committed, KeptAnswer, WriteSet};

use crate::app::{App, Executor};
use crate::call::Call;
use crate::delivery::{Aftermath, pardoned};
use crate::limits;
use crate::render::{self, Known, Scene};
use crate::road::remote::Sent;
use crate::road::{local, remote};
use crate::stop::Stop;
use crate::work::{Key, Outcome, Settled, Shown, Size, Work, Written};
use crate::worlds::World;

/// One piece of work under way.
pub(crate) struct Run<'a> {
    pub(crate) app: &'a App,
    pub(crate) world: &'a World,
    pub(crate) work: Work<'a>,
    pub(crate) mint: Mint,
    pub(crate) dossier: Dossier,
    /// What the simulated banks will remember of it.
    pub(crate) bank: Vec<BankChange>,
    /// What is on a wire, where there is one.
    pub(crate) sent: Option<Sent>,
    is_booked: bool,
}

/// What was sent and not booked, because the store broke or a rule panicked, is finished by the
/// worker that finishes what a stop cut off.
impl Drop for Run<'_> {
    fn drop(&mut self) {
        if let Some(sent) = self.sent.as_ref().filter(|_| !self.is_booked) {
            self.app.abandon(self.world.id, sent.attempt.seq);
        }
    }
}

/// What a rule came to.
type Verdict = Result<Outcome, Box<Refusal>>;

/// Does a piece of work.
///
/// # Errors
/// See [`Stop`]; nothing was decided then, or others decide it.
pub(crate) async fn settle(app: &App, world: &World, work: Work<'_>) -> Result<Settled, Stop> {
    let seqs = match work.size {
        Size::Usual => limits::SEQS_A_CALL,
        Size::Large => limits::SEQS_A_LARGE_CALL,
    };
    let first = world.reserve(seqs);
    let fixed = work.hand.fixed.clone();
    let mut run = Run {
        app,
        world,
        work,
        mint: Mint::new(first, seqs, random(app).to_vec()).with_fixed(fixed),
        dossier: Dossier::new(world.now(app.surroundings.wall()), world.account()),
        bank: Vec::new(),
        sent: None,
        is_booked: false,
    };
    let mut tries = 0;
    loop {
        let (verdict, decision) = run.decide().await?;
        if let Some(settled) = run.book(verdict, decision).await? {
            return Ok(settled);
        }
        tries += 1;
        let most = if run.sent.is_some() { limits::BOOK_AGAIN } else { limits::DECIDE_AGAIN };
        if tries >= most {
            return Err(Stop::Locked);
        }
        run.start_again().await?;
    }
}

fn random(app: &App) -> [u8; limits::RANDOM_AT_ONCE] {
    let mut random = [0; limits::RANDOM_AT_ONCE];
    app.surroundings.fill(&mut random);
    random
}

/// Keeps an answer under its key that no rule had to decide; `None` holds the key for a call that
/// begins.
///
/// # Errors
/// See [`Stop`].
pub(crate) async fn keep(
    app: &App,
    world: &World,
    key: &Key,
    call: &Call,
    written: Option<&Written>,
) -> Result<(), Stop> {
    let answer = |written: &Written| KeptAnswer {
        status: written.status,
        version: call.version.as_str().to_owned(),
        body: written.body.clone(),
    };
    let running = ClaimState::Running(None);
    let at = world.now(app.surroundings.wall());
    let claim = key.claim(at, written.map(answer).map_or(running, ClaimState::Answered));
    let set =
        WriteSet { idempotency: Some(claim), ..WriteSet::of(world.id, at, Decision::default()) };
    match app.store.commit(set).await? {
        Committed::Done(_) => Ok(()),
        Committed::Moved => Err(Stop::Locked),
        Committed::Taken(first) => Err(Stop::Taken(first)),
    }
}

/// What a halted rule wants.
enum Next {
    More,
    Load(onfile_domain::case::Need),
    End(Verdict, Decision),
    Ask(Box<Question>, Option<Attempt>, Decision),
}

impl Run<'_> {
    /// Runs the rule to its end.
    async fn decide(&mut self) -> Result<(Verdict, Decision), Stop> {
        loop {
            let next = {
                let mut case = Case::new(&self.dossier, self.mint.clone());
                match self.rule(&mut case) {
                    _ if case.mint.is_dry() => Next::More,
                    Ok(outcome) => Next::End(Ok(outcome), case.finish()),
                    Err(Halt::Refused(refusal)) => Next::End(Err(refusal), Decision::default()),
                    Err(Halt::Need(need)) => Next::Load(need),
                    Err(Halt::Ask(question)) => {
                        let draft = case.draft().cloned();
                        Next::Ask(question, draft, case.finish())
                    }
                }
            };
            match next {
                Next::More => self.mint = self.mint.clone().with_more(&random(self.app)),
                Next::Load(need) => {
                    if self.dossier.knows(&need) {
                        return Err(Stop::Broken("a rule asks for what it was given"));
                    }
                    self.app.store.load(self.world.id, &[need], &mut self.dossier).await?;
                    self.hide_inflight();
                }
                Next::End(verdict, decision) => {
                    if !remote::leaves_the_road(self, &verdict, &decision) {
                        return Ok((verdict, decision));
                    }
                    remote::lose(self).await?;
                }
                Next::Ask(_, _, so_far) if so_far.heard < self.dossier.transcript().len() => {
                    if self.sent.is_none() {
                        return Err(Stop::Broken("a rule asks something else than before"));
                    }
                    remote::lose(self).await?;
                }
                Next::Ask(question, draft, so_far) => match &self.app.executor {
                    Executor::Local => local::ask(self, *question, so_far).await?,
                    Executor::Remote(acquirer) => {
                        remote::ask(self, acquirer.as_ref(), *question, draft, so_far).await?;
                    }
                },
            }
        }
    }

    /// The rule, or the end of what was sent and can't be booked.
    fn rule(&self, case: &mut Case<'_>) -> Result<Outcome, Halt> {
        match self.sent.as_ref().filter(|sent| sent.is_lost) {
            Some(sent) => {
                let answer = lost::finish(case, sent.attempt.seq)?;
                Ok(answer.map_or(Outcome::Silent, Outcome::from))
            }
            None => (self.work.rule)(case),
        }
    }

    /// Commits what was decided; `None` where it must be decided anew.
    async fn book(
        &mut self,
        verdict: Verdict,
        mut decision: Decision,
    ) -> Result<Option<Settled>, Stop> {
        if verdict.is_err() && self.work.settles.is_some() {
            // A timer that is refused (a lock) stays, and comes again.
            return Ok(Some(Settled { outcome: verdict, written: None }));
        }
        remote::finish(self, &mut decision)?;
        let written = self.write(&verdict, &decision).await?;
        let claim = match (&written, self.work.shown) {
            (Some(written), Some(shown)) if written.kept || self.sent.is_some() => {
                self.claim(ClaimState::Answered(kept(written, shown)))
            }
            (Some(_) | None, Some(_) | None) => None,
        };
        let account = match &verdict {
            Ok(Outcome::Account(to)) => {
                let (from, to) = (self.dossier.account.clone(), to.as_ref().clone());
                Some(AccountChange { from, to })
            }
            Ok(Outcome::Answer(_) | Outcome::Silent) | Err(_) => None,
        };
        // Until it is known here too, so that it is known in the order in which it was kept.
        let _alone = match &account {
            Some(_) => Some(self.world.changing_account.lock().await),
            None => None,
        };
        let nothing = is_empty(&decision) && account.is_none() && self.bank.is_empty();
        if nothing && claim.is_none() && self.work.settles.is_none() {
            return Ok(Some(Settled { outcome: verdict, written }));
        }
        let set = self.write_set(decision, account.clone(), claim).await?;
        match self.commit(set).await? {
            Committed::Done(_) => self.is_booked = true,
            Committed::Moved => return Ok(None),
            Committed::Taken(first) => return Err(Stop::Taken(first)),
        }
        if let Some(change) = account {
            self.world.set_account(change.to);
        }
        Ok(Some(Settled { outcome: verdict, written }))
    }

    /// Writes the answer, where somebody waits for one.
    async fn write(&self, verdict: &Verdict, decision: &Decision) -> Result<Option<Written>, Stop> {
        let Some(shown) = self.work.shown else { return Ok(None) };
        let scene = Scene {
            world: Some(self.world.id),
            account: &self.dossier.account,
            now: self.dossier.now,
        };
        let written = match verdict {
            Ok(outcome) => {
                let known = Known::of(decision);
                render::outcome(self.app, scene, shown, known, outcome).await?
            }
            Err(refusal) => {
                let mut written = render::refusal(refusal, scene, shown);
                written.kept &= !matches!(refusal.why, Why::Locked);
                written
            }
        };
        Ok(Some(written))
    }

    /// The caller's key with what it stands for; `None` where there is no key.
    pub(crate) fn claim(&self, state: ClaimState) -> Option<Claim> {
        self.work.key.as_ref().map(|key| key.claim(self.dossier.now, state))
    }

    /// Everything that one commit changes.
    pub(crate) async fn write_set(
        &mut self,
        mut decision: Decision,
        account: Option<AccountChange>,
        idempotency: Option<Claim>,
    ) -> Result<WriteSet, Stop> {
        let mut sealed = Vec::with_capacity(decision.seals.len());
        for (method, index) in decision.seals.drain(..) {
            let pan = self.work.hand.card(index);
            let pan = pan.ok_or(Stop::Broken("a rule seals a card that the call did not bring"))?;
            sealed.push((method, self.app.vault.seal(self.world.id.0, &method.to_string(), pan)?));
        }
        match &self.app.executor {
            Executor::Local => local::tell(self, &mut decision).await?,
            Executor::Remote(_) => {}
        }
        let event_tails = decision.events.iter().map(|_| self.tail()).collect();
        let told = self.world.told(&decision.events);
        let failing = pardoned(&decision, &self.dossier);
        Ok(WriteSet {
            world: self.world.id,
            at: self.dossier.now,
            decision,
            sealed,
            bank: self.bank.clone(),
            account,
            cause: self.work.cause.clone(),
            event_tails,
            idempotency,
            told,
            failing,
            settles: self.work.settles,
        })
    }

    /// Commits, and nudges whoever has something to do from now on.
    pub(crate) async fn commit(&self, set: WriteSet) -> Result<Committed, Stop> {
        let timers = !set.decision.timers.is_empty();
        let owed =
            !set.decision.followups.is_empty() || set.decision.writes.iter().any(is_being_reversed);
        let tells = !set.decision.events.is_empty();
        let inserts = |write: &&Write| matches!(write, Write::Insert(_));
        let rows = set.decision.writes.iter().filter(inserts).count();
        let aftermath = Aftermath::of(self.world.id, &set);
        let committed = self.app.store.commit(set).await?;
        if let Committed::Done(_) = committed {
            self.world.count_rows(rows as u64);
            if tells {
                self.world.news.notify_waiters();
            }
            aftermath.come(self.app, self.world);
            if timers {
                self.app.timers.notify_one();
            }
            if owed {
                self.app.owed.notify_one();
            }
        }
        Ok(committed)
    }

    /// Forgets what was loaded, and what the banks would have said.
    async fn start_again(&mut self) -> Result<(), Stop> {
        if self.sent.is_some() {
            return remote::reload(self).await;
        }
        let now = self.world.now(self.app.surroundings.wall());
        self.dossier = Dossier::new(now, self.world.account());
        self.bank.clear();
        Ok(())
    }

    fn tail(&self) -> Tail {
        let mut tail = Tail::default();
        let text = self.app.letters(tail.len());
        tail.copy_from_slice(text.as_bytes());
        tail
    }
}

fn is_being_reversed(write: &Write) -> bool {
    let (Write::Insert(object) | Write::Update { object, .. }) = write;
    Attempt::of(object).is_some_and(|attempt| attempt.state == AttemptState::Reversing)
}

/// The bytes that a key stands for.
fn kept(written: &Written, shown: Shown<'_>) -> KeptAnswer {
    KeptAnswer {
        status: written.status,
        version: shown.version.as_str().to_owned(),
        body: written.body.clone(),
    }
}

fn is_empty(decision: &Decision) -> bool {
    decision.writes.is_empty()
        && decision.events.is_empty()
        && decision.posts.is_empty()
        && decision.told_again.is_empty()
        && decision.timers.is_empty()
        && decision.claims.is_empty()
        && decision.releases.is_empty()
        && decision.followups.is_empty()
}
