//! What the domain says no to, as errors of the wire: the one place that knows which status,
//! type, code and text a refusal or a failure has.

mod adjusting;
mod hold;
mod money;
mod payment;
mod refund;
mod saving;
mod test_clock;

use onfile_domain::account::Mode;
use onfile_domain::failure::Failure;
use onfile_domain::object::{Intent, Object};
use onfile_domain::refusal::{Noun, Place as Asked, Refusal, SecretOf, Why};
use onfile_domain::webhook_endpoint::MOST;

use crate::error::{ErrorType, Place, Thing, WireError};
use crate::expand;
use crate::json::Layout;
use crate::params::ParamError;
use crate::view::{Frame, Nothing, Show, render};
use crate::views::failure as failed;

/// Our rules' no, with the intent that it is about as it stands after it.
pub fn refusal(refusal: &Refusal, frame: Frame<'_>) -> WireError {
    let error = reason(&refusal.why, refusal.about.as_ref());
    carrying(error, refusal.about.as_ref(), frame)
}

/// The 402 of a card that could not be charged or saved. Without an intent it was an attach:
/// then the parameter is empty where the decline names none, and no method is shown
/// (`stripe-api.md` 1.6, 5.3).
pub fn failure(failure: &Failure, about: Option<&Object>, frame: Frame<'_>) -> WireError {
    let mut error = failed::error(failure, frame.version);
    // A failed authentication is remembered as an invalid request, but whoever is told of it at
    // once gets a 402, and SDKs take that for a card error whatever its type says.
    error.kind = ErrorType::Card;
    match about {
        None => error.param = error.param.or(Some("".into())),
        Some(_) => {
            error.carried.payment_method = Some(failed::method(&failure.payment_method, frame))
        }
    }
    carrying(error, about, frame)
}

/// Puts the intent into its error, where it is about one.
pub fn carrying(mut error: WireError, about: Option<&Object>, frame: Frame<'_>) -> WireError {
    let written = |view: &dyn Show| {
        render(Layout::Compact, frame, &expand::NONE, &Nothing, |w, cx| view.show(w, cx)).0
    };
    match about.and_then(Object::intent) {
        Some(Intent::Payment(it)) => error.carried.payment_intent = Some(written(it)),
        Some(Intent::Setup(it)) => error.carried.setup_intent = Some(written(it)),
        None => {}
    }
    error
}

/// What a refusal says.
fn reason(why: &Why, about: Option<&Object>) -> WireError {
    match why {
        Why::Missing { noun, id, place } => WireError::no_such(thing(*noun), id, asked(*place)),
        Why::Locked => WireError::locked(),
        Why::TooMuchMetadata { keys } => too_much_metadata(*keys),
        Why::ParametersExclusive { first, second } => {
            ParamError::Exclusive(vec![first, second]).into()
        }
        Why::TooManyEndpoints { mode } => too_many_endpoints(*mode),
        Why::EndpointClosed => WireError::invalid(ENDPOINT_CLOSED),
        Why::ChallengeMissing => challenge_missing(),
        Why::ClientSecretMismatch(of) => secret_mismatch(*of),
        Why::Payment(why) => payment::reason(why, about),
        Why::Hold(why) => hold::reason(why),
        Why::Adjustment(why) => adjusting::reason(why),
        Why::Setup(why) => saving::of_set_up(why),
        Why::Method(why) => saving::of_method(why),
        Why::TestClock(why) => test_clock::reason(why),
        Why::Refund(why) => refund::reason(why),
    }
}

fn too_much_metadata(keys: usize) -> WireError {
    let param = "metadata".to_owned();
    ParamError::MetadataKeys { param, keys }.into()
}

const ENDPOINT_CLOSED: &str = "Nothing can be sent to this webhook endpoint: it is disabled or \
                               deleted. Enable it first.";

fn too_many_endpoints(mode: Mode) -> WireError {
    let kind = match mode {
        Mode::Test => "test ",
        Mode::Live => "",
    };
    WireError::invalid(format!("You have reached the maximum of {MOST} {kind}webhook endpoints."))
}

fn challenge_missing() -> WireError {
    WireError::new(404, ErrorType::InvalidRequest, "There is no challenge at this address.")
}

fn thing(noun: Noun) -> Thing {
    match noun {
        Noun::Charge => Thing::Charge,
        Noun::Customer => Thing::Customer,
        Noun::PaymentIntent => Thing::PaymentIntent,
        Noun::SetupIntent => Thing::SetupIntent,
        Noun::PaymentMethod => Thing::PaymentMethod,
        Noun::BalanceTransaction => Thing::BalanceTransaction,
        Noun::Event => Thing::Event,
        Noun::Refund => Thing::Refund,
        Noun::Mandate => Thing::Mandate,
        Noun::SetupAttempt => Thing::SetupAttempt,
        Noun::TestClock => Thing::TestClock,
        Noun::WebhookEndpoint => Thing::WebhookEndpoint,
        Noun::Delivery => Thing::Delivery,
    }
}

fn asked(place: Asked) -> Place<'static> {
    match place {
        Asked::Path => Place::Path,
        Asked::Param(param) => Place::Param(param),
    }
}

fn secret_mismatch(of: SecretOf) -> WireError {
    match of {
        SecretOf::PaymentIntent => WireError::client_secret_mismatch("PaymentIntent")
            .code("payment_intent_invalid_parameter"),
        SecretOf::SetupIntent => {
            WireError::client_secret_mismatch("SetupIntent").code("setup_intent_invalid_parameter")
        }
    }
}

#[cfg(test)]
mod tests;
