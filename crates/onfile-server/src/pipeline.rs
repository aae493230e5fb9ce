//! The road that every POST and DELETE takes: there is no other to forget idempotency on.

use onfile_domain::object::Kind;
use onfile_domain::refusal::Why;
use onfile_wire::answer;
use onfile_wire::error::WireError;
use onfile_wire::expand::{self, NONE, Resource};
use onfile_wire::form::Value;
use onfile_wire::params::{Args, Param, ParseCx};
use onfile_wire::view::Audience;

use onfile_store::Cause;

use crate::app::App;
use crate::call::{Call, place};
use crate::hand::Hand;
use crate::idempotency;
use crate::render;
use crate::reply::Reply;
use crate::retrieve::{self, is_secret};
use crate::settle::settle;
use crate::stop::Stop;
use crate::work::{Key, Rule, Settled, Size, Work};

/// One POST or DELETE: its form, and the rule that it becomes.
pub struct Operation {
    /// Drives parsing, refusals and the coverage page.
    pub params: &'static [Param],
    /// What the answer is, as far as `expand` is concerned.
    pub answer: expand::Answer,
    /// Reads the form into a command, and the command into its rule.
    pub(crate) parse: fn(&Args, &mut ParseCx<'_>) -> Result<Rule, WireError>,
    /// How much it may make.
    pub(crate) size: Size,
}

/// Checks, parses, decides, commits and answers.
///
/// # Errors
/// See [`Stop`].
pub(crate) async fn perform(
    app: &App,
    mut call: Call,
    operation: &Operation,
) -> Result<Reply, Stop> {
    let args = match call.args(operation.params) {
        Ok(args) => args,
        Err(error) => return Err(carrying(app, &call, operation, error).await?.into()),
    };
    let expand = call.expand(&args, operation.answer)?;
    let key = idempotency::key(app, &call);
    if let Some(key) = &key
        && let Some(reply) = idempotency::replay(app, &call, key).await?
    {
        return Ok(reply);
    }
    app.check_free_space()?;
    let world = app.world_to_write(call.key).await?;
    app.check_rows(&world)?;
    (call.world, call.account, call.now) = place(app, &call.key);

    let mut hand = Hand::new(&app.vault, world.id.0, &call.account, call.now);
    hand.fixed.clone_from(&call.fixed);
    let rule = match parse(app, &call, operation, (&args, &mut hand)) {
        Ok(rule) => rule,
        Err(error) => {
            let error = carrying(app, &call, operation, error).await?;
            return refuse(app, &call, key, error).await;
        }
    };
    let work = Work {
        rule: &rule,
        hand,
        cause: Cause {
            request: Some(call.request.clone()),
            idempotency_key: call.idempotency.clone(),
        },
        settles: None,
        shown: Some(call.shown(&expand)),
        key: key.clone(),
        size: operation.size,
    };
    let settled = settle(app, &world, work).await;
    // What locks the object may be this very call, begun since its key was looked for.
    if is_locked(&settled)
        && let Some(key) = &key
        && let Some(reply) = idempotency::replay(app, &call, key).await?
    {
        return Ok(reply);
    }
    match settled {
        Ok(Settled { written: Some(written), .. }) => Ok(Reply::written(written, call.version)),
        Ok(Settled { written: None, .. }) => Err(Stop::Broken("an answer was not written")),
        Err(Stop::Taken(first)) => match &key {
            Some(key) => Ok(idempotency::answer(&first, key)?),
            None => Err(Stop::Broken("a key is taken that was not sent")),
        },
        Err(stop) => Err(stop),
    }
}

fn is_locked(settled: &Result<Settled, Stop>) -> bool {
    match settled {
        Ok(Settled { outcome: Err(refusal), .. }) => matches!(refusal.why, Why::Locked),
        Ok(Settled { outcome: Ok(_), .. }) => false,
        Err(stop) => matches!(stop, Stop::Locked),
    }
}

fn parse(
    app: &App,
    call: &Call,
    operation: &Operation,
    (args, hand): (&Args, &mut Hand<'_>),
) -> Result<Rule, WireError> {
    let mut cx = ParseCx {
        version: call.version,
        caller: call.caller(),
        id: call.id(),
        now: call.now,
        account: &call.account,
        reach: &app.settings.reach,
        desk: hand,
    };
    (operation.parse)(args, &mut cx)
}

/// The error with the intent that the path names, as it stands: Stripe shows it on every error of
/// an operation on one, also where the call is written wrong (`stripe-api.md` 1.6). A browser sees
/// it only with its secret.
async fn carrying(
    app: &App,
    call: &Call,
    operation: &Operation,
    error: WireError,
) -> Result<WireError, Stop> {
    let kind = match operation.answer {
        expand::Answer::Object(Resource::PaymentIntent) => Kind::PaymentIntent,
        expand::Answer::Object(Resource::SetupIntent) => Kind::SetupIntent,
        expand::Answer::Object(_) | expand::Answer::List(_) | expand::Answer::Search(_) => {
            return Ok(error);
        }
    };
    let Some(intent) = retrieve::find(app, call, kind, call.id()).await? else { return Ok(error) };
    let given = call.form.get("client_secret");
    let may_see = match (call.audience, given) {
        (Audience::Secret, _) => true,
        (Audience::Publishable, Some(Value::Text(given))) => is_secret(&intent, given),
        (Audience::Publishable, Some(Value::List(_) | Value::Hash(_)) | None) => false,
    };
    if !may_see {
        return Ok(error);
    }
    Ok(answer::carrying(error, Some(&intent), call.scene().frame(call.shown(&NONE))))
}

/// An error of the parser: kept under the call's key where it is an answer.
async fn refuse(app: &App, call: &Call, key: Option<Key>, error: WireError) -> Result<Reply, Stop> {
    let (Some(world), Some(key), true) = (&call.world, key, idempotency::is_kept(&error)) else {
        return Err(error.into());
    };
    let written = render::refused(&error, &call.base);
    crate::settle::keep(app, world, &key, call, Some(&written)).await?;
    Ok(Reply::written(written, call.version))
}
