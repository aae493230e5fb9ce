//! Adjustments as they are shown: each with its whole order, read from one snapshot.

use onfile_domain::adjustment::Adjustment;
use onfile_domain::adjustment::report::{Report, report};
use onfile_domain::case::{Case, Dossier, Halt, Mint};
use onfile_domain::object::Object;
use onfile_store::WorldId;
use onfile_wire::json::Json;
use onfile_wire::view::{Show, ViewCx};

use crate::app::App;
use crate::render::Scene;
use crate::stop::Stop;

/// An object with all that its view must know.
pub(crate) enum Dressed {
    /// It knows enough by itself.
    Plain(Object),
    /// An adjustment with its order.
    Adjustment(Box<Report>),
}

impl Show for Dressed {
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
        match self {
            Dressed::Plain(object) => object.show(w, cx),
            Dressed::Adjustment(report) => report.show(w, cx),
        }
    }
}

/// Loads what the view of an object must know.
///
/// # Errors
/// See [`Stop`].
pub(crate) async fn dress(app: &App, scene: Scene<'_>, object: Object) -> Result<Dressed, Stop> {
    match (object, scene.world) {
        (Object::Adjustment(adjustment), Some(world)) => {
            let report = reported(app, scene, world, &adjustment).await?;
            Ok(Dressed::Adjustment(Box::new(report)))
        }
        (object, Some(_) | None) => Ok(Dressed::Plain(object)),
    }
}

/// Asks for one row after the other, and then for all of them at once, so that they agree.
async fn reported(
    app: &App,
    scene: Scene<'_>,
    world: WorldId,
    adjustment: &Adjustment,
) -> Result<Report, Stop> {
    let fresh = || Dossier::new(scene.now, scene.account.clone());
    let (mut needs, mut dossier) = (Vec::new(), fresh());
    let mut agree = false;
    loop {
        match look(&dossier, adjustment) {
            Ok(report) if agree => return Ok(report),
            Ok(_) => {
                dossier = fresh();
                app.store.load(world, &needs, &mut dossier).await?;
                agree = true;
            }
            Err(Halt::Need(need)) if !dossier.knows(&need) => {
                app.store.load(world, &[need], &mut dossier).await?;
                needs.push(need);
                agree = false;
            }
            Err(Halt::Need(_) | Halt::Ask(_) | Halt::Refused(_)) => {
                return Err(Stop::Broken("a report asks for what it was given"));
            }
        }
    }
}

fn look(dossier: &Dossier, adjustment: &Adjustment) -> Result<Report, Halt> {
    report(&Case::new(dossier, Mint::new(0, 0, Vec::new())), adjustment.clone())
}
