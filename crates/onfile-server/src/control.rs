//! The road of what steers a test (`/onfile/v1/test`): calls that no rule decides, because they
//! are about the world and not about anything in it. Test mode only.
//!
//! It is the pipeline's road as far as there is one: the same tables of parameters, the same keys.
//! A control takes its time, so its idempotency key is held while it runs, and answered when it is
//! done.

use std::pin::Pin;
use std::sync::Arc;

use onfile_wire::error::{ErrorType, WireError};
use onfile_wire::expand::{Answer, Resource};
use onfile_wire::params::{Args, Param};

use crate::app::App;
use crate::call::{Call, place};
use crate::idempotency;
use crate::render;
use crate::reply::Reply;
use crate::settle::keep;
use crate::stop::Stop;
use crate::work::{Key, Written};
use crate::worlds::World;

/// One control.
pub struct Control {
    /// What it does, in the coverage page's one word.
    pub verb: &'static str,
    /// Drives parsing, refusals and the coverage page.
    pub params: &'static [Param],
    /// Whether it needs a world that is made.
    pub(crate) needs: Needs,
    /// Does it, and writes the answer.
    pub(crate) run: Run,
}

/// What a control needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// It looks, and a world that nobody has written to is empty.
    Nothing,
    /// A world of its own, made where it is missing.
    World,
}

/// What a control does.
pub(crate) type Run = for<'a> fn(&'a Arc<App>, &'a Call, &'a Args) -> Running<'a>;

/// A control at work; it ends with the answer's body.
pub(crate) type Running<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, Stop>> + Send + 'a>>;

/// Checks, does, and answers.
///
/// # Errors
/// See [`Stop`].
pub(crate) async fn steer(
    app: &Arc<App>,
    mut call: Call,
    control: &Control,
) -> Result<Reply, Stop> {
    if call.account.is_live() {
        return Err(live().into());
    }
    let args = call.args(control.params)?;
    call.expand(&args, Answer::Object(Resource::Control))?;
    if control.needs == Needs::Nothing {
        let body = (control.run)(app, &call, &args).await?;
        return Ok(Reply::json(body).version(call.version.as_str()));
    }
    let key = idempotency::key(app, &call);
    if let Some(key) = &key
        && let Some(reply) = idempotency::replay(app, &call, key).await?
    {
        return Ok(reply);
    }
    app.check_free_space()?;
    let world = app.world_to_write(call.key).await?;
    (call.world, call.account, call.now) = place(app, &call.key);
    let Some(key) = key else {
        let written = done((control.run)(app, &call, &args).await, &call.base)?;
        return Ok(Reply::written(written, call.version));
    };
    match keep(app, &world, &key, &call, None).await {
        Ok(()) => {}
        Err(Stop::Taken(first)) => return Ok(idempotency::answer(&first, &key)?),
        Err(stop) => return Err(stop),
    }
    let run = done((control.run)(app, &call, &args).await, &call.base);
    finish(app, &world, &key, &call, run).await
}

/// What is said under a key from here on; nothing, where the control came to nothing.
async fn finish(
    app: &App,
    world: &World,
    key: &Key,
    call: &Call,
    run: Result<Written, Stop>,
) -> Result<Reply, Stop> {
    match run {
        Ok(written) => {
            keep(app, world, key, call, Some(&written)).await?;
            Ok(Reply::written(written, call.version))
        }
        Err(stop) => {
            app.store.release(world.id, &key.text, &key.request).await?;
            Err(stop)
        }
    }
}

/// What a control came to; some of its errors are answers, and kept like one.
fn done(run: Result<Vec<u8>, Stop>, base: &str) -> Result<Written, Stop> {
    match run {
        Ok(body) => Ok(render::fine(body)),
        Err(Stop::Wire(error)) if idempotency::is_kept(&error) => Ok(render::refused(&error, base)),
        Err(stop) => Err(stop),
    }
}

/// A key of the other mode.
fn live() -> WireError {
    let message = "This call steers a test: it exists in test mode only. Use a test key \
                   (sk_test_…).";
    WireError::new(403, ErrorType::InvalidRequest, message)
}
