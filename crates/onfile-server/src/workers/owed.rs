//! Tells the network what it must be told, until it acknowledges: captures, what is let go of,
//! and reversals of attempts that nobody answered (`card-network.md` T1).

use std::sync::Arc;
use std::time::Duration;

use onfile_domain::attempt::{Attempt, AttemptState};
use onfile_domain::case::{Case, Dossier, Halt, Mint, Need};
use onfile_domain::id::PaymentMethodId;
use onfile_domain::network::Followup;
use onfile_domain::object::Kind;
use onfile_domain::payment_method::PaymentMethod;
use onfile_network::acquirer::{Acquirer, Hold, HoldOf, Secrets, Telling};
use onfile_store::OpenAttempt;
use tokio::sync::watch;

use crate::app::{App, Executor};
use crate::limits;
use crate::serve::stop_of;
use crate::stop::Stop;
use crate::work::{Outcome, Rule};
use crate::workers::{decide, failed, resolve};
use crate::worlds::World;

/// How many are told in one go.
const BATCH: usize = 100;

/// Tells what is owed until it is told to stop.
pub(super) async fn run(app: Arc<App>, mut stopping: watch::Receiver<bool>) {
    let Executor::Remote(acquirer) = &app.executor else { return };
    loop {
        let pause = match tell(&app, acquirer.as_ref()).await {
            Ok(true) => limits::TIMERS_SLEEP,
            Ok(false) => limits::WORKER_PAUSE,
            Err(stop) => {
                failed("what the network is owed", &stop);
                limits::WORKER_PAUSE
            }
        };
        tokio::select! {
            () = stop_of(&mut stopping) => return,
            () = tokio::time::sleep(pause) => {}
            () = app.owed.notified() => {}
        }
    }
}

/// Whether nothing is owed any more.
async fn tell(app: &App, acquirer: &dyn Acquirer) -> Result<bool, Stop> {
    let mut is_all = true;
    for (world, attempt) in app.take_abandoned() {
        if let Err(stop) = resolve::finish_one(app, world, attempt).await {
            failed("an attempt that was cut off", &stop);
            app.abandon(world, attempt);
            tokio::time::sleep(Duration::from_millis(200)).await;
            is_all = false;
        }
    }
    for open in app.store.open_attempts().await? {
        match open.attempt.state {
            AttemptState::Reversing => is_all &= reverse(app, acquirer, &open).await?,
            // On the wire, or with those that were abandoned.
            AttemptState::Sent | AttemptState::Done | AttemptState::Reversed => {}
        }
    }
    loop {
        let owed = app.store.owed_followups(BATCH).await?;
        let mut acknowledged = Vec::with_capacity(owed.len());
        for one in &owed {
            let (Followup::Capture { charge, method, amount }
            | Followup::Reverse { charge, method, amount }) = one.followup;
            let Some(world) = app.worlds.of_id(one.world) else { continue };
            let hold = Hold { world: one.world.0, of: HoldOf::Charge(charge), amount };
            let (pan, par) = card(app, &world, method).await?;
            let card = Secrets { pan: &pan, par: &par };
            let told = match one.followup {
                Followup::Capture { .. } => acquirer.capture(hold, card),
                Followup::Reverse { .. } => acquirer.reverse(hold, card),
            };
            match tokio::time::timeout(app.settings.wire, told).await {
                Ok(Telling::Acknowledged) => acknowledged.push(*one),
                Ok(Telling::Unacknowledged) | Err(_) => is_all = false,
            }
        }
        app.store.acknowledge(&acknowledged).await?;
        if owed.len() < BATCH || acknowledged.is_empty() {
            return Ok(is_all);
        }
    }
}

/// Reverses an attempt that nobody answered; whether that was acknowledged.
async fn reverse(app: &App, acquirer: &dyn Acquirer, open: &OpenAttempt) -> Result<bool, Stop> {
    let Some(world) = app.worlds.of_id(open.world) else { return Ok(true) };
    if let Some(amount) = open.attempt.amount {
        let of = HoldOf::Attempt(open.attempt.id);
        let hold = Hold { world: open.world.0, of, amount };
        let (pan, par) = card(app, &world, open.attempt.payment_method).await?;
        let told = acquirer.reverse(hold, Secrets { pan: &pan, par: &par });
        match tokio::time::timeout(app.settings.wire, told).await {
            Ok(Telling::Acknowledged) => {}
            Ok(Telling::Unacknowledged) | Err(_) => return Ok(false),
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

/// A method's number and its payment account reference.
async fn card(
    app: &App,
    world: &World,
    method: PaymentMethodId,
) -> Result<(onfile_domain::pan::Pan, String), Stop> {
    let mut dossier = Dossier::new(world.now(app.surroundings.wall()), world.account());
    let need = Need::Row(Kind::PaymentMethod, method.seq);
    app.store.load(world.id, &[need], &mut dossier).await?;
    let case = Case::new(&dossier, Mint::new(0, 0, Vec::new()));
    let found: Result<Option<PaymentMethod>, Halt> = case.find(method);
    let missing = Stop::Broken("what the network is owed is about no method");
    let Ok(Some(found)) = found else { return Err(missing) };
    let par = found.card.par;
    let sealed = app.store.sealed(world.id, method.seq).await?;
    let sealed = sealed.ok_or(Stop::Broken("a method has no sealed number"))?;
    Ok((app.vault.open_pan(world.id.0, &method.to_string(), &sealed)?, par))
}
