//! Every control, by name: its table of parameters and what it does.

use onfile_wire::params::control as params;
use onfile_wire::views::control as views;

use crate::clock;
use crate::control::{Control, Needs};
use crate::stop::Stop;

/// What time it is.
pub static SHOW_CLOCK: Control = Control {
    verb: "retrieve",
    params: params::NOTHING,
    needs: Needs::Nothing,
    run: |_, call, _| Box::pin(async { Ok(views::clock(call.now)) }),
};

/// Moves the clock, and does what falls due on the way.
pub static MOVE_CLOCK: Control = Control {
    verb: "move",
    params: params::CLOCK,
    needs: Needs::World,
    run: |app, call, args| {
        Box::pin(async move {
            let by = params::Move::parse(args)?;
            let world = call.world.as_ref().ok_or(NO_WORLD)?;
            Ok(views::clock(clock::advance(app, world, by).await?))
        })
    },
};

/// A control that needs a world is given one.
const NO_WORLD: Stop = Stop::Broken("a control that needs a world was given none");
