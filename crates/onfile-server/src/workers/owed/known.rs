//! What is known of something that the network is owed: the authorization and the card.

use onfile_domain::attempt::{Attempt, Subject};
use onfile_domain::case::{Case, Dossier, Halt, Mint, Need};
use onfile_domain::charge::Charge;
use onfile_domain::id::{AttemptId, ChargeId, PaymentMethodId};
use onfile_domain::object::Kind;
use onfile_domain::pan::Pan;
use onfile_domain::payment_method::PaymentMethod;

use crate::app::App;
use crate::stop::Stop;
use crate::worlds::World;

/// A charge, and the attempt that was approved for it.
pub(super) async fn approved(
    app: &App,
    world: &World,
    charge: ChargeId,
) -> Result<(Charge, AttemptId), Stop> {
    let found = look(app, world, |case| {
        let Some(charge) = case.find::<Charge>(charge)? else { return Ok(None) };
        let intent = charge.payment_intent;
        let attempts: Vec<Attempt> = case.all(Need::Children(Kind::Attempt, intent.seq))?;
        let made = |attempt: &&Attempt| {
            attempt.charge == Some(charge.id) && attempt.subject == Subject::Payment(intent)
        };
        let attempt = attempts.iter().find(made).map(|attempt| attempt.id);
        Ok(attempt.map(|attempt| (charge, attempt)))
    });
    found.await?.ok_or(Stop::Broken("what the network is owed is about no attempt"))
}

/// A method's number and its payment account reference.
pub(super) async fn card(
    app: &App,
    world: &World,
    method: PaymentMethodId,
) -> Result<(Pan, String), Stop> {
    let found = look(app, world, |case| case.find::<PaymentMethod>(method)).await?;
    let found = found.ok_or(Stop::Broken("what the network is owed is about no method"))?;
    let sealed = app.store.sealed(world.id, method.seq).await?;
    let sealed = sealed.ok_or(Stop::Broken("a method has no sealed number"))?;
    Ok((app.vault.open_pan(world.id.0, &method.to_string(), &sealed)?, found.card.par))
}

/// Looks something up, loading what is missing.
async fn look<T>(
    app: &App,
    world: &World,
    look: impl Fn(&Case<'_>) -> Result<T, Halt>,
) -> Result<T, Stop> {
    let mut dossier = Dossier::new(world.now(app.surroundings.wall()), world.account());
    loop {
        let found = look(&Case::new(&dossier, Mint::new(0, 0, Vec::new())));
        match found {
            Ok(found) => return Ok(found),
            Err(Halt::Need(need)) if !dossier.knows(&need) => {
                app.store.load(world.id, &[need], &mut dossier).await?;
            }
            Err(Halt::Need(_) | Halt::Ask(_) | Halt::Refused(_)) => {
                return Err(Stop::Broken("a look-up asks for what it was given"));
            }
        }
    }
}
