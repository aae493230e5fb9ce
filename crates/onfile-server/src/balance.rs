//! What an account has (`stripe-api.md` 11.2).

use onfile_domain::balance::Balance;
use onfile_wire::expand::{Answer, Resource};
use onfile_wire::params::balance;

use crate::app::App;
use crate::call::Call;
use crate::render::{self, Known};
use crate::reply::Reply;
use crate::stop::Stop;

/// Answers with the balance as it is at this moment.
///
/// # Errors
/// Where a parameter is wrong.
pub(crate) async fn retrieve(app: &App, call: Call) -> Result<Reply, Stop> {
    let args = call.args(balance::RETRIEVE)?;
    let expand = call.expand(&args, Answer::Object(Resource::Balance))?;
    let money = match &call.world {
        Some(world) => app.store.balance(world.id).await?,
        None => Vec::new(),
    };
    let balance = Balance::at(call.now, call.account.default_currency, &money);
    let (scene, shown) = (call.scene(), call.shown(&expand));
    let body = render::object(app, scene, shown, Known::default(), &balance).await?;
    Ok(Reply::json(body).version(call.version.as_str()))
}
