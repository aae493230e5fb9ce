//! The two roads to the issuers. *Local*: the banks' memory is in our store, so a question is
//! answered at once and everything is one commit. *Remote*: what is sent is committed first.

pub(crate) mod local;
pub(crate) mod remote;

use onfile_domain::case::{Decision, Write};
use onfile_domain::id::PaymentMethodId;
use onfile_domain::network::Question;
use onfile_domain::object::{Entity, Kind};
use onfile_domain::pan::Pan;
use onfile_domain::payment_method::PaymentMethod;

use crate::settle::Run;
use crate::stop::Stop;

/// A card number, of the call or out of the vault.
pub(crate) enum Number<'a> {
    /// The call brought it.
    Typed(&'a Pan),
    /// It was sealed.
    Opened(Pan),
}

impl Number<'_> {
    /// The number.
    pub(crate) fn pan(&self) -> &Pan {
        match self {
            Number::Typed(pan) => pan,
            Number::Opened(pan) => pan,
        }
    }
}

/// The method that a question is about.
pub(crate) fn method_of(question: &Question) -> PaymentMethodId {
    match question {
        Question::Authenticate(request) => request.method,
        Question::Challenge(challenge) => challenge.request.method,
        Question::Authorize(message) => message.method,
    }
}

/// The payment account reference of a method.
pub(crate) async fn par(
    run: &mut Run<'_>,
    method: PaymentMethodId,
    so_far: &Decision,
) -> Result<String, Stop> {
    let made = so_far.writes.iter().find_map(|write| {
        let (Write::Insert(object) | Write::Update { object, .. }) = write;
        PaymentMethod::of(object).filter(|it| it.id == method)
    });
    if let Some(made) = made {
        return Ok(made.card.par.clone());
    }
    if run.dossier.row(Kind::PaymentMethod, method.seq).is_none() {
        let need = onfile_domain::case::Need::Row(Kind::PaymentMethod, method.seq);
        run.app.store.load(run.world.id, &[need], &mut run.dossier).await?;
    }
    let row = run.dossier.row(Kind::PaymentMethod, method.seq);
    let found = row.and_then(|row| PaymentMethod::of(&row.object));
    found.map(|it| it.card.par.clone()).ok_or(Stop::Broken("a question is about no method"))
}

/// The number of a method.
pub(crate) async fn number<'r>(
    run: &'r Run<'_>,
    method: PaymentMethodId,
    so_far: &Decision,
) -> Result<Number<'r>, Stop> {
    let typed = so_far.seals.iter().find(|(sealed, _)| *sealed == method);
    if let Some(pan) = typed.and_then(|(_, index)| run.work.hand.card(*index)) {
        return Ok(Number::Typed(pan));
    }
    let sealed = run.app.store.sealed(run.world.id, method.seq).await?;
    let sealed = sealed.ok_or(Stop::Broken("a method has no sealed number"))?;
    let pan = run.app.vault.open_pan(run.world.id.0, &method.to_string(), &sealed)?;
    Ok(Number::Opened(pan))
}
