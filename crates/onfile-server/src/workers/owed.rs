//! Tells the network what it must be told, until it acknowledges: captures, what is let go of or
//! given back, and reversals of attempts that nobody answered (`card-network.md` T1, T5, T7, T8).
//!
//! What one charge owes is told in the order in which it was decided, the next only when the one
//! before is acknowledged. Charges don't wait for each other: what fails is logged, left where it
//! is, and tried again later than the time before.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use onfile_domain::attempt::{Attempt, AttemptState};
use onfile_domain::network::Followup;
use onfile_network::acquirer::{
    Acquirer, Advice, AdviceReference, Approved, HoldOf, Secrets, Telling,
};
use onfile_store::{OpenAttempt, OwedFollowup, WorldId};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::app::{App, Executor};
use crate::limits;
use crate::serve::stop_of;
use crate::stop::Stop;
use crate::work::{Outcome, Rule};
use crate::workers::patience::Patience;
use crate::workers::{At, decide, failed, resolve};
use crate::worlds::World;

mod known;

/// Tells what is owed until it is told to stop. Stopped in the middle, it leaves things owed,
/// which are told again under the same references.
pub(super) async fn run(app: Arc<App>, mut stopping: watch::Receiver<bool>) {
    let Executor::Remote(acquirer) = &app.executor else { return };
    let mut round = Round {
        app: Arc::clone(&app),
        acquirer: Arc::clone(acquirer),
        patience: Patience::new(app.settings.tell_again),
        tasks: JoinSet::new(),
    };
    loop {
        let pause = tokio::select! {
            () = stop_of(&mut stopping) => return,
            pause = round.tell() => pause,
        };
        tokio::select! {
            () = stop_of(&mut stopping) => return,
            () = tokio::time::sleep(pause) => {}
            () = app.owed.notified() => {}
        }
    }
}

/// Something that the network is owed. It is told again later each time (`card-network.md` T5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Owed {
    /// A followup by its number.
    Followup(i64),
    /// The reversal of an attempt: its world and row.
    Attempt(WorldId, u64),
}

/// What one thing that is owed came to.
struct Told {
    /// What was acknowledged, oldest first.
    done: Vec<Owed>,
    /// What was not: it is tried again later.
    undone: Option<Owed>,
}

/// Goes through everything that is owed, again and again.
struct Round {
    app: Arc<App>,
    acquirer: Arc<dyn Acquirer>,
    patience: Patience<Owed>,
    tasks: JoinSet<Told>,
}

impl Round {
    /// One time through; how long nothing needs to be told afterwards.
    async fn tell(&mut self) -> Duration {
        // Of a round that was left in the middle.
        self.tasks.shutdown().await;
        let finished = finish_abandoned(&self.app).await;
        for went in [self.tell_attempts().await, self.tell_followups().await] {
            if let Err(stop) = went {
                failed("telling the network what it is owed", At::default(), &stop);
                return limits::WORKER_PAUSE;
            }
        }
        let pause = if finished { limits::TIMERS_SLEEP } else { limits::WORKER_PAUSE };
        self.patience.next(Instant::now()).map_or(pause, |next| next.min(pause))
    }

    /// Attempts that nobody answered.
    async fn tell_attempts(&mut self) -> Result<(), Stop> {
        for open in self.app.store.open_attempts().await? {
            match open.attempt.state {
                AttemptState::Reversing => {}
                // On the wire, or with those that were abandoned.
                AttemptState::Sent | AttemptState::Done | AttemptState::Reversed => continue,
            }
            let owed = Owed::Attempt(open.world, open.attempt.id.seq);
            if self.patience.is_due(owed, Instant::now()) {
                self.make_room().await?;
                let (app, acquirer) = (Arc::clone(&self.app), Arc::clone(&self.acquirer));
                self.tasks.spawn(async move {
                    match reverse(&app, acquirer.as_ref(), &open).await {
                        Ok(true) => Told { done: vec![owed], undone: None },
                        Ok(false) => Told { done: Vec::new(), undone: Some(owed) },
                        Err(stop) => {
                            let at =
                                At { attempt: Some(open.attempt.id.seq), ..At::world(open.world) };
                            failed("reversing an attempt", at, &stop);
                            Told { done: Vec::new(), undone: Some(owed) }
                        }
                    }
                });
            }
        }
        self.hear_all().await
    }

    /// Followups, page by page: what can't be told now is passed over.
    async fn tell_followups(&mut self) -> Result<(), Stop> {
        let mut after = 0;
        let mut passed_over: HashSet<(WorldId, u64)> = HashSet::new();
        loop {
            let page = self.app.store.owed_followups(after, limits::OWED_PAGE).await?;
            let Some(last) = page.last() else { return self.hear_all().await };
            after = last.number;
            let is_all = page.len() < limits::OWED_PAGE;
            for ((world, _), owed) in self.by_charge(page, &mut passed_over) {
                self.make_room().await?;
                let (app, acquirer) = (Arc::clone(&self.app), Arc::clone(&self.acquirer));
                self.tasks
                    .spawn(async move { in_order(&app, acquirer.as_ref(), world, owed).await });
            }
            // What follows of a charge must find its earlier ones acknowledged.
            self.hear_all().await?;
            if is_all {
                return Ok(());
            }
        }
    }

    /// What a page owes for each charge, oldest first; not what must wait, nor what comes after it.
    fn by_charge(
        &mut self,
        page: Vec<OwedFollowup>,
        passed_over: &mut HashSet<(WorldId, u64)>,
    ) -> BTreeMap<(WorldId, u64), Vec<(i64, Followup)>> {
        let now = Instant::now();
        let mut groups: BTreeMap<(WorldId, u64), Vec<(i64, Followup)>> = BTreeMap::new();
        for OwedFollowup { number, world, followup } in page {
            let owed = Owed::Followup(number);
            let is_due = self.patience.is_due(owed, now);
            let followup = match followup {
                Ok(followup) => followup,
                Err(wrong) => {
                    if is_due {
                        tracing::error!(
                            world.id = world.0,
                            followup.number = number,
                            "a followup can't be read: {wrong}"
                        );
                        self.patience.try_later(owed, now);
                    }
                    continue;
                }
            };
            let charge = (world, followup.charge().seq);
            if !is_due {
                passed_over.insert(charge);
            }
            if !passed_over.contains(&charge) {
                groups.entry(charge).or_default().push((number, followup));
            }
        }
        groups
    }

    /// Waits until one more may be told.
    async fn make_room(&mut self) -> Result<(), Stop> {
        if self.tasks.len() >= limits::TOLD_AT_ONCE {
            self.hear().await?;
        }
        Ok(())
    }

    async fn hear_all(&mut self) -> Result<(), Stop> {
        while self.hear().await? {}
        Ok(())
    }

    /// Takes in what one task came to; `false` where there is none.
    async fn hear(&mut self) -> Result<bool, Stop> {
        let told = match self.tasks.join_next().await {
            None => return Ok(false),
            Some(Ok(told)) => told,
            Some(Err(error)) => {
                let stop = Stop::panicked("a telling")(error);
                failed("telling the network what it is owed", At::default(), &stop);
                return Ok(true);
            }
        };
        let mut numbers = Vec::with_capacity(told.done.len());
        for owed in told.done {
            self.patience.forget(owed);
            match owed {
                Owed::Followup(number) => numbers.push(number),
                Owed::Attempt(..) => {}
            }
        }
        if let Some(owed) = told.undone {
            self.patience.try_later(owed, Instant::now());
        }
        if !numbers.is_empty() {
            self.app.store.acknowledge(&numbers).await?;
        }
        Ok(true)
    }
}

/// Ends what was cut off while the server runs; whether there is nothing left of it.
async fn finish_abandoned(app: &App) -> bool {
    let mut is_all = true;
    for (world, attempt) in app.take_abandoned() {
        if let Err(stop) = resolve::finish_one(app, world, attempt).await {
            failed(
                "ending what was cut off",
                At { attempt: Some(attempt), ..At::world(world) },
                &stop,
            );
            app.abandon_again(world, attempt);
            is_all = false;
        }
    }
    is_all
}

/// Tells what one charge owes, until something is not acknowledged.
async fn in_order(
    app: &App,
    acquirer: &dyn Acquirer,
    world: WorldId,
    all: Vec<(i64, Followup)>,
) -> Told {
    let mut done = Vec::with_capacity(all.len());
    for (number, followup) in all {
        let owed = Owed::Followup(number);
        match follow_up(app, acquirer, world, (number, followup)).await {
            Ok(true) => done.push(owed),
            Ok(false) => return Told { done, undone: Some(owed) },
            Err(stop) => {
                failed(
                    "telling a followup",
                    At { followup: Some(number), ..At::world(world) },
                    &stop,
                );
                return Told { done, undone: Some(owed) };
            }
        }
    }
    Told { done, undone: None }
}

/// Whether it is acknowledged.
async fn follow_up(
    app: &App,
    acquirer: &dyn Acquirer,
    id: WorldId,
    (number, followup): (i64, Followup),
) -> Result<bool, Stop> {
    let world = world(app, id)?;
    let (charge, attempt) = known::approved(app, &world, followup.charge()).await?;
    let (pan, par) = known::card(app, &world, followup.method()).await?;
    let card = Secrets { pan: &pan, par: &par };
    let advice = Advice {
        world: id.0,
        reference: AdviceReference::Followup(number),
        of: HoldOf::Approved(Approved {
            attempt,
            charge: charge.id,
            network_transaction_id: charge.card.network_transaction_id.as_deref(),
            approval_code: charge.card.authorization_code.as_deref(),
        }),
        amount: followup.amount(),
        total: followup.total(),
    };
    let told = match followup {
        Followup::Capture { .. } => acquirer.capture(advice, card),
        Followup::Reverse { .. } => acquirer.reverse(advice, card),
        Followup::Refund { .. } => acquirer.refund(advice, card),
    };
    Ok(in_time(app, told).await)
}

/// Reverses an attempt that nobody answered; whether that is acknowledged.
async fn reverse(app: &App, acquirer: &dyn Acquirer, open: &OpenAttempt) -> Result<bool, Stop> {
    let world = world(app, open.world)?;
    if let Some(amount) = open.attempt.amount {
        let advice = Advice {
            world: open.world.0,
            reference: AdviceReference::Reversal(open.attempt.id),
            of: HoldOf::Unanswered(open.attempt.id),
            amount,
            total: amount.with_minor(0),
        };
        let (pan, par) = known::card(app, &world, open.attempt.payment_method).await?;
        let told = acquirer.reverse(advice, Secrets { pan: &pan, par: &par });
        if !in_time(app, told).await {
            return Ok(false);
        }
    }
    let seq = open.attempt.id.seq;
    let rule: Rule = Box::new(move |case| {
        if let Some(attempt) = case.by_seq::<Attempt>(seq)? {
            case.put(Attempt { state: AttemptState::Reversed, ..attempt });
        }
        Ok(Outcome::Silent)
    });
    decide(app, &world, &rule, None).await.map(|_| true)
}

async fn in_time(app: &App, told: impl Future<Output = Telling>) -> bool {
    match tokio::time::timeout(app.settings.wire, told).await {
        Ok(Telling::Acknowledged) => true,
        Ok(Telling::Unacknowledged) | Err(_) => false,
    }
}

fn world(app: &App, id: WorldId) -> Result<Arc<World>, Stop> {
    app.worlds.of_id(id).ok_or(Stop::Broken("what the network is owed belongs to no world"))
}
