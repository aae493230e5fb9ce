//! One request, read: who calls, what, and in which version.

use hyper::HeaderMap;
use onfile_domain::account::Account;
use onfile_domain::command::Caller;
use onfile_domain::time::WorldTime;
use onfile_store::KeyHash;
use onfile_wire::error::WireError;
use onfile_wire::expand::{self, Expand};
use onfile_wire::form::{Hash, Value};
use onfile_wire::header;
use onfile_wire::params::{self, Args, Param, Scope};
use onfile_wire::version::Version;
use onfile_wire::view::Audience;
use std::sync::Arc;

use crate::app::App;
use crate::render::Scene;
use crate::work::Shown;
use crate::worlds::World;

/// A request of the API, with a key that was let in.
pub(crate) struct Call {
    /// `req_…`.
    pub(crate) request: String,
    /// The path as it was asked for.
    pub(crate) path: String,
    /// The ids in it.
    pub(crate) ids: Vec<String>,
    /// Query and body.
    pub(crate) form: Hash,
    /// Which version the answer has.
    pub(crate) version: Version,
    /// What the key may see.
    pub(crate) audience: Audience,
    /// The world's key.
    pub(crate) key: KeyHash,
    /// The key as an error may show it.
    pub(crate) masked_key: String,
    /// The caller's name for a POST.
    pub(crate) idempotency: Option<String>,
    /// Ids that a fixture chose for what the call makes.
    pub(crate) fixed: Vec<String>,
    /// This server, as the request reached it.
    pub(crate) base: String,
    /// Whose world it is, made or not.
    pub(crate) account: Account,
    /// The world, where it is made.
    pub(crate) world: Option<Arc<World>>,
    /// The world's clock.
    pub(crate) now: WorldTime,
}

impl Call {
    /// The id in the path; empty where it has none.
    pub(crate) fn id(&self) -> &str {
        self.ids.first().map_or("", String::as_str)
    }

    /// Who calls, as the rules know it.
    pub(crate) fn caller(&self) -> Caller {
        match self.audience {
            Audience::Secret => Caller::Secret,
            Audience::Publishable => Caller::Publishable,
        }
    }

    /// Holds the form against a table.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub(crate) fn args(&self, table: &'static [Param]) -> Result<Args, WireError> {
        let scope = Scope { version: self.version, audience: self.audience };
        params::check(&self.form, table, scope).map_err(WireError::from)
    }

    /// What is to be shown in full.
    ///
    /// # Errors
    /// What can't be.
    pub(crate) fn expand(&self, args: &Args, answer: expand::Answer) -> Result<Expand, WireError> {
        let paths = args.texts("expand");
        Expand::parse(&paths, answer, self.version, self.audience).map_err(|error| {
            let wire = WireError::invalid(error.to_string());
            match error.code() {
                Some(code) => wire.code(code),
                None => wire,
            }
        })
    }

    /// How the answer is written.
    pub(crate) fn shown<'a>(&'a self, expand: &'a Expand) -> Shown<'a> {
        Shown { version: self.version, audience: self.audience, base: &self.base, expand }
    }

    /// In which world, and when.
    pub(crate) fn scene(&self) -> Scene<'_> {
        let world = self.world.as_ref().map(|world| world.id);
        Scene { world, account: &self.account, now: self.now }
    }
}

/// The world behind a key as it stands: one that nobody has written to has an account and is
/// empty.
pub(crate) fn place(app: &App, key: &KeyHash) -> (Option<Arc<World>>, Account, WorldTime) {
    let wall = app.surroundings.wall();
    match app.worlds.of_key(key) {
        Some(world) => {
            let (account, now) = (world.account(), world.now(wall));
            (Some(world), account, now)
        }
        None => (None, app.new_account(key), WorldTime(wall)),
    }
}

/// The version of a call: the header's, a browser's parameter, or the default.
///
/// # Errors
/// One that there isn't.
pub(crate) fn version(headers: &HeaderMap, form: Option<&Hash>) -> Result<Version, WireError> {
    let written = match headers.get(header::STRIPE_VERSION) {
        Some(value) => Some(String::from_utf8_lossy(value.as_bytes()).into_owned()),
        None => form.and_then(|form| match form.get("_stripe_version") {
            Some(Value::Text(text)) => Some(text.clone()),
            Some(Value::List(_) | Value::Hash(_)) | None => None,
        }),
    };
    match written {
        None => Ok(Version::DEFAULT),
        // Browsers append betas: `2026-09-30.endive; link_beta=v1`.
        Some(text) => match text.split(';').next().unwrap_or_default().trim().parse() {
            Ok(version) => Ok(version),
            Err(_) => Err(WireError::version_unknown(&text)),
        },
    }
}

/// The account that the call is for, where it names one: in its header, or as a parameter of a
/// browser.
pub(crate) fn connected_account(
    headers: &HeaderMap,
    form: Option<&Hash>,
    audience: Audience,
) -> Option<String> {
    if let Some(value) = headers.get(header::STRIPE_ACCOUNT) {
        return Some(String::from_utf8_lossy(value.as_bytes()).into_owned());
    }
    match (audience, form?.get("_stripe_account")?) {
        (Audience::Publishable, Value::Text(text)) if !text.is_empty() => Some(text.clone()),
        (Audience::Publishable | Audience::Secret, _) => None,
    }
}

/// The account at the end of a `Stripe-Context`: organisations write the way to it before it.
pub(crate) fn context(headers: &HeaderMap) -> Option<String> {
    let text = String::from_utf8_lossy(headers.get(header::STRIPE_CONTEXT)?.as_bytes());
    let account = text.rsplit('/').next().unwrap_or_default().trim();
    (!account.is_empty()).then(|| account.to_owned())
}

/// The caller's name for a POST.
///
/// # Errors
/// Where it is empty or too long.
pub(crate) fn idempotency(headers: &HeaderMap) -> Result<Option<String>, WireError> {
    let Some(value) = headers.get(header::IDEMPOTENCY_KEY) else { return Ok(None) };
    let text = value.to_str().map_err(|_| WireError::key_malformed())?;
    if header::is_idempotency_key(text) {
        Ok(Some(text.to_owned()))
    } else {
        Err(WireError::key_malformed())
    }
}
