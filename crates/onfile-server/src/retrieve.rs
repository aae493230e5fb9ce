//! One object, by the id in the path.

use onfile_domain::case::{Dossier, Need};
use onfile_domain::object::{Intent, Kind, Object};
use onfile_domain::refusal::{MethodRefused, Noun, Place as Asked, Refusal, SecretOf, Why};
use onfile_wire::answer;
use onfile_wire::error::{Place, Thing, WireError};
use onfile_wire::expand::{Answer, NONE, Resource};
use onfile_wire::params::{
    Param, adjustment, balance_transaction, charge, customer, mandate, payment_intent,
    payment_method, refund, setup_intent, test_clock, webhook_endpoint,
};
use onfile_wire::view::Audience;

use crate::adjustments::dress;
use crate::app::App;
use crate::call::Call;
use crate::operations::METHOD_OF_ALIAS;
use crate::pipeline::perform;
use crate::render::{self, Known, row_of};
use crate::reply::Reply;
use crate::stop::Stop;

/// What is retrieved.
pub struct Retrieval {
    /// Its parameters.
    pub params: &'static [Param],
    /// What is shown.
    pub resource: Resource,
    /// How it is called where it is missing.
    thing: Thing,
    /// The kind of row; `None` where no such thing exists here.
    kind: Option<Kind>,
    /// Whose it must be, or which secret it asks for.
    guard: Guard,
}

/// What beside the id must be right.
enum Guard {
    /// Nothing.
    None,
    /// A browser's client secret.
    Secret,
    /// It belongs to the customer in the path.
    Owner,
    /// It was not deleted: what is left of it is for cursors only.
    Kept,
    /// It belongs to the charge in the path.
    Charge,
    /// An alias of a test card makes a method.
    Alias,
}

macro_rules! retrievals {
    ($($name:ident = $params:path, $resource:ident, $kind:expr, $guard:ident;)*) => {$(
        #[doc = concat!("One ", stringify!($resource), ".")]
        pub(crate) static $name: Retrieval = Retrieval {
            params: $params,
            resource: Resource::$resource,
            thing: Thing::$resource,
            kind: $kind,
            guard: Guard::$guard,
        };
    )*};
}

retrievals! {
    CUSTOMER = customer::RETRIEVE, Customer, Some(Kind::Customer), None;
    METHOD = payment_method::RETRIEVE, PaymentMethod, Some(Kind::PaymentMethod), Alias;
    METHOD_OF_CUSTOMER = payment_method::RETRIEVE, PaymentMethod, Some(Kind::PaymentMethod), Owner;
    PAYMENT = payment_intent::RETRIEVE, PaymentIntent, Some(Kind::PaymentIntent), Secret;
    SETUP = setup_intent::RETRIEVE, SetupIntent, Some(Kind::SetupIntent), Secret;
    MANDATE = mandate::RETRIEVE, Mandate, None, None;
    CHARGE = charge::RETRIEVE, Charge, Some(Kind::Charge), None;
    TEST_CLOCK = test_clock::RETRIEVE, TestClock, Some(Kind::TestClock), Kept;
    ADJUSTMENT = adjustment::RETRIEVE, Adjustment, Some(Kind::Adjustment), None;
    BALANCE_TRANSACTION = balance_transaction::RETRIEVE, BalanceTransaction,
        Some(Kind::BalanceTransaction), None;
    REFUND = refund::RETRIEVE, Refund, Some(Kind::Refund), None;
    REFUND_OF_CHARGE = refund::RETRIEVE, Refund, Some(Kind::Refund), Charge;
    ENDPOINT = webhook_endpoint::RETRIEVE, WebhookEndpoint, Some(Kind::WebhookEndpoint), Kept;
}

/// Answers with the object.
///
/// # Errors
/// 404 where it isn't there.
pub(crate) async fn retrieve(app: &App, call: Call, retrieval: &Retrieval) -> Result<Reply, Stop> {
    if matches!(retrieval.guard, Guard::Alias) && call.id().starts_with("pm_card_") {
        return perform(app, call, &METHOD_OF_ALIAS).await;
    }
    let args = call.args(retrieval.params)?;
    let expand = call.expand(&args, Answer::Object(retrieval.resource))?;
    let id = call.ids.last().map_or("", String::as_str);
    let missing = || WireError::no_such(retrieval.thing, id, Place::Path);
    if matches!(retrieval.guard, Guard::Owner) {
        owner(app, &call).await?;
    }
    let charge = match retrieval.guard {
        Guard::Charge => Some(charge_in_path(app, &call).await?),
        Guard::None | Guard::Secret | Guard::Owner | Guard::Kept | Guard::Alias => None,
    };
    let object = match retrieval.kind {
        Some(kind) => find(app, &call, kind, id).await?.ok_or_else(missing)?,
        None => return Err(missing().into()),
    };
    match retrieval.guard {
        Guard::None | Guard::Alias => {}
        Guard::Kept if is_deleted(&object) => return Err(missing().into()),
        Guard::Kept => {}
        Guard::Charge if object.parent() == charge => {}
        Guard::Charge => return Err(missing().into()),
        Guard::Secret => check_secret(&object, args.text("client_secret"), &call)?,
        Guard::Owner => {
            let owner = object.customer().map(|customer| customer.to_string());
            if owner.as_deref() != Some(call.id()) {
                return Err(refused(Why::Method(MethodRefused::OfNobodyHere), &call).into());
            }
        }
    }
    let object = dress(app, call.scene(), object).await?;
    let body = render::object(app, call.scene(), call.shown(&expand), Known::default(), &object);
    Ok(Reply::json(body.await?).version(call.version.as_str()))
}

/// The customer in the path.
async fn owner(app: &App, call: &Call) -> Result<(), Stop> {
    let found = find(app, call, Kind::Customer, call.id()).await?;
    match found {
        Some(Object::Customer(customer)) if !customer.deleted => Ok(()),
        Some(_) | None => {
            let (noun, id) = (Noun::Customer, call.id().to_owned());
            Err(refused(Why::Missing { noun, id, place: Asked::Path }, call).into())
        }
    }
}

/// The charge in the path.
pub(crate) async fn charge_in_path(app: &App, call: &Call) -> Result<u64, Stop> {
    let found = find(app, call, Kind::Charge, call.id()).await?;
    let missing = || WireError::no_such(Thing::Charge, call.id(), Place::Path);
    Ok(found.ok_or_else(missing)?.seq())
}

/// The row behind an id of one kind, to the letter.
pub(crate) async fn find(
    app: &App,
    call: &Call,
    kind: Kind,
    id: &str,
) -> Result<Option<Object>, Stop> {
    let Some((_, seq)) = row_of(id).filter(|(known, _)| *known == kind) else { return Ok(None) };
    let Some(world) = &call.world else { return Ok(None) };
    let mut dossier = Dossier::new(call.now, call.account.clone());
    app.store.load(world.id, &[Need::Row(kind, seq)], &mut dossier).await?;
    let object = dossier.row(kind, seq).map(|row| row.object.clone());
    Ok(object.filter(|object| object.id_text() == id))
}

/// A browser proves by the secret that the intent is its own; a server that sends one means it.
fn check_secret(object: &Object, given: Option<&str>, call: &Call) -> Result<(), WireError> {
    let Some((_, of)) = secret(object) else { return Ok(()) };
    let is_right = match given {
        Some(given) => is_secret(object, given),
        None => call.audience == Audience::Secret,
    };
    if is_right { Ok(()) } else { Err(refused(Why::ClientSecretMismatch(of), call)) }
}

/// Whether a text is the client secret of an intent.
pub(crate) fn is_secret(object: &Object, given: &str) -> bool {
    secret(object).is_some_and(|(secret, _)| secret == given)
}

/// The client secret of an intent, and of which kind it is.
fn secret(object: &Object) -> Option<(String, SecretOf)> {
    Some(match object.intent()? {
        Intent::Payment(it) => (it.client_secret(), SecretOf::PaymentIntent),
        Intent::Setup(it) => (it.client_secret(), SecretOf::SetupIntent),
    })
}

/// Whether nothing but cursors may find it.
fn is_deleted(object: &Object) -> bool {
    match object {
        Object::TestClock(clock) => clock.deleted,
        Object::WebhookEndpoint(endpoint) => endpoint.deleted,
        // What is left of a deleted customer is shown.
        Object::Customer(_)
        | Object::PaymentMethod(_)
        | Object::PaymentIntent(_)
        | Object::SetupIntent(_)
        | Object::SetupAttempt(_)
        | Object::Charge(_)
        | Object::BalanceTransaction(_)
        | Object::Agreement(_)
        | Object::AgreementUse(_)
        | Object::Attempt(_)
        | Object::Authentication(_)
        | Object::PastDecline(_)
        | Object::Statement(_)
        | Object::Adjustment(_)
        | Object::Refund(_) => false,
    }
}

/// A refusal of the rules, said on a read.
pub(crate) fn refused(why: Why, call: &Call) -> WireError {
    answer::refusal(&Refusal::from(why), call.scene().frame(call.shown(&NONE)))
}
