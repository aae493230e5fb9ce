//! Every control, by name: its table of parameters and what it does.

use onfile_wire::params::control as params;
use onfile_wire::params::listener;
use onfile_wire::views::control as views;

use crate::call::Call;
use crate::clock;
use crate::control::{Control, Needs};
use crate::stop::Stop;
use crate::worlds::World;
use crate::{faults, fixture, listening, snapshots, waiting};

/// What time it is.
pub(crate) static SHOW_CLOCK: Control = Control {
    verb: "retrieve",
    params: params::NOTHING,
    needs: Needs::Nothing,
    run: |_, call, _| Box::pin(async { Ok(views::clock(call.now)) }),
};

/// Moves the clock, and does what falls due on the way.
pub(crate) static MOVE_CLOCK: Control = Control {
    verb: "move",
    params: params::CLOCK,
    needs: Needs::World,
    run: |app, call, args| {
        Box::pin(async move {
            let by = params::Move::parse(args)?;
            Ok(views::clock(clock::advance(app, world(call)?, by, Some(call)).await?))
        })
    },
};

/// Makes the world from a file.
pub(crate) static MAKE_FROM_FILE: Control = Control {
    verb: "create",
    params: params::FIXTURE,
    needs: Needs::World,
    run: |app, call, args| Box::pin(async move { fixture::play(app, call, args).await }),
};

/// Takes everything out of the world.
pub(crate) static RESET: Control = Control {
    verb: "reset",
    params: params::NOTHING,
    needs: Needs::World,
    run: |app, call, _| Box::pin(async { snapshots::reset(app, call, world(call)?).await }),
};

/// Keeps the world as it stands.
pub(crate) static TAKE_SNAPSHOT: Control = Control {
    verb: "create",
    params: params::NOTHING,
    needs: Needs::World,
    run: |app, call, _| Box::pin(async { snapshots::take(app, call, world(call)?).await }),
};

/// Every snapshot.
pub(crate) static LIST_SNAPSHOTS: Control = Control {
    verb: "list",
    params: params::NOTHING,
    needs: Needs::Nothing,
    run: |app, call, _| Box::pin(async { snapshots::list(app, call).await }),
};

/// Forgets a snapshot.
pub(crate) static FORGET_SNAPSHOT: Control = Control {
    verb: "delete",
    params: params::NOTHING,
    needs: Needs::World,
    run: |app, call, _| Box::pin(async { snapshots::forget(app, call, world(call)?).await }),
};

/// Brings the world back to a snapshot.
pub(crate) static RESTORE_SNAPSHOT: Control = Control {
    verb: "restore",
    params: params::NOTHING,
    needs: Needs::World,
    run: |app, call, _| Box::pin(async { snapshots::restore(app, call, world(call)?).await }),
};

/// What is different from a snapshot.
pub(crate) static LIST_CHANGES: Control = Control {
    verb: "list",
    params: params::CHANGES,
    needs: Needs::Nothing,
    run: |app, call, args| Box::pin(async { snapshots::changes(app, call, args).await }),
};

/// Waits for events.
pub(crate) static WAIT_FOR_EVENTS: Control = Control {
    verb: "wait",
    params: params::WAIT,
    needs: Needs::Nothing,
    run: |app, call, args| Box::pin(async { waiting::wait(app, call, args).await }),
};

/// Has answers or deliveries go wrong.
pub(crate) static ADD_FAULT: Control = Control {
    verb: "create",
    params: params::FAULT,
    needs: Needs::World,
    run: |app, call, args| {
        Box::pin(async { faults::add(app, world(call)?, params::NewFault::parse(args)?) })
    },
};

/// Every fault.
pub(crate) static LIST_FAULTS: Control = Control {
    verb: "list",
    params: params::NOTHING,
    needs: Needs::Nothing,
    run: |_, call, _| Box::pin(async { Ok(faults::list(call)) }),
};

/// Takes a fault away.
pub(crate) static REMOVE_FAULT: Control = Control {
    verb: "delete",
    params: params::NOTHING,
    needs: Needs::World,
    run: |_, call, _| Box::pin(async { faults::remove(call, world(call)?) }),
};

/// Begins to listen. Stripe's own path, for its command line; there is no listening in live mode.
pub(crate) static OPEN_SESSION: Control = Control {
    verb: "create",
    params: listener::SESSION,
    needs: Needs::World,
    run: |app, call, args| Box::pin(async { listening::open(app, call, args).await }),
};

fn world(call: &Call) -> Result<&World, Stop> {
    call.world.as_deref().ok_or(NO_WORLD)
}

/// A control that needs a world is given one.
const NO_WORLD: Stop = Stop::Broken("a control that needs a world was given none");
