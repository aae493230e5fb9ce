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

/// What a refusal says. Every reason by name, so that a new one stops the build here: a table,
/// and the one function that is longer than a page.
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

        Why::PaymentMethodMissing { customer } => payment::method_missing(*customer),
        Why::ConfirmSucceeded => payment::state(payment::CONFIRM_SUCCEEDED),
        Why::ConfirmStatus(status) => payment::confirm_status(*status),
        Why::ConfirmMethodStatus(status) => payment::update_status("payment_method", *status),
        Why::ConfirmNeedsSecretKey => WireError::invalid(payment::CONFIRM_NEEDS_SECRET_KEY),
        Why::OffSessionWithSetup => WireError::invalid(payment::OFF_SESSION_WITH_SETUP),
        Why::StoredUsageWithoutOffSession => payment::stored_usage(),
        Why::SetupUsageWithoutSetup => payment::setup_usage(),
        Why::MandateInvalid => payment::mandate_invalid(),
        Why::CurrencyUnsupported => payment::currency_unsupported(about),
        Why::UpdateStatus { field, status } => payment::update_status(field, *status).param(*field),
        Why::AmountTooSmall { least } => payment::amount_too_small(*least),
        Why::AmountConvertsTooSmall { least, amount, settled } => {
            payment::amount_converts_too_small(*least, *amount, *settled)
        }
        Why::AmountNotDivisible { currency, by, param } => {
            payment::amount_not_divisible(*currency, *by, param)
        }
        Why::AmountTooLarge { most } => payment::amount_too_large(*most),
        Why::UsageOnlyRaised => payment::usage_only_raised(),
        Why::CaptureSucceeded => payment::state(payment::CAPTURE_SUCCEEDED),
        Why::CaptureStatus(status) => payment::capture_status(*status),
        Why::CaptureExpired => payment::capture_expired(),
        Why::CaptureTooLarge => payment::capture_too_large(),
        Why::CaptureTooSmall { asked } => payment::capture_too_small(*asked),
        Why::MulticaptureUnavailable => hold::multicapture_unavailable(),
        Why::TooManyCaptures => hold::too_many_captures(),
        Why::CancelStatus(status) => payment::cancel_status(*status),
        Why::CancelPartlyCaptured => payment::state(hold::CANCEL_PARTLY_CAPTURED),
        Why::IncrementStatus(status) => hold::increment_status(*status),
        Why::IncrementUnavailable => payment::state(hold::INCREMENT_UNAVAILABLE),
        Why::IncrementExpired => payment::state(hold::INCREMENT_EXPIRED),
        Why::IncrementCaptured => payment::state(hold::INCREMENT_CAPTURED),
        Why::TooManyIncrements => hold::too_many_increments(),
        Why::IncrementNotHigher { authorized } => hold::increment_not_higher(*authorized),
        Why::IncrementTooLarge { limit } => hold::increment_too_large(*limit),
        Why::TransferGroupOfIntent(intent) => payment::transfer_group(*intent),

        Why::AdjustStatus(status) => adjusting::status(*status),
        Why::AdjustCurrency { counts_in } => adjusting::currency(*counts_in),
        Why::DifferenceTooSmall { difference, least } => {
            adjusting::difference_too_small(*difference, *least)
        }
        Why::TooManyPayments { most } => adjusting::too_many(*most),
        Why::AdjustDisputed(intent) => adjusting::disputed(*intent),

        Why::SetupMethodMissing => saving::state(saving::METHOD_MISSING),
        Why::SetupConfirmSucceeded => saving::state(saving::CONFIRM_SUCCEEDED),
        Why::SetupConfirmCanceled => saving::state(saving::CONFIRM_CANCELED),
        Why::SetupCancelSucceeded => saving::state(saving::CANCEL_SUCCEEDED),
        Why::SetupCancelCanceled => saving::state(saving::CANCEL_CANCELED),
        Why::SetupUpdateSucceeded => saving::state(saving::UPDATE_SUCCEEDED),
        Why::SetupUpdateCanceled => saving::state(saving::UPDATE_CANCELED),

        Why::MethodOfOtherCustomer { method, customer } => {
            saving::of_other_customer(*method, *customer)
        }
        Why::PaymentNeedsCustomer { method, customer } => {
            saving::payment_needs_customer(*method, *customer)
        }
        Why::SetupNeedsCustomer { method, customer } => {
            saving::setup_needs_customer(*method, *customer)
        }
        Why::MethodConsumed => WireError::invalid(saving::CONSUMED),
        Why::AttachedElsewhere => WireError::invalid(saving::ATTACHED_ELSEWHERE),
        Why::AttachConsumed => WireError::invalid(saving::ATTACH_CONSUMED),
        Why::DetachUnattached => WireError::invalid(saving::DETACH_UNATTACHED),
        Why::MethodNotSaved => WireError::invalid(saving::NOT_SAVED),
        Why::NetworkNotOnCard { network } => saving::network_not_on_card(network),
        Why::DefaultMethodNotAttached { method, param } => {
            saving::default_not_attached(method, param)
        }
        Why::MethodOfNobodyHere => saving::of_nobody_here(),
        Why::TooManyMethods => saving::too_many(),
        Why::ChargeHasCustomer => saving::charge_has_customer(),

        Why::TestClockAdvancing => test_clock::advancing(),
        Why::TestClockBackwards { stands_at } => test_clock::backwards(*stands_at),
        Why::TestClockTooFar { stands_at } => test_clock::too_far(*stands_at),

        Why::ChargeRefunded(charge) => refund::already(*charge),
        Why::RefundTooLarge { asked, left, again } => refund::too_large(*asked, *left, *again),
        Why::RefundUncaptured(intent) => refund::uncaptured(*intent),
        Why::NothingToRefund(intent) => refund::nothing(*intent),
        Why::ChargeOfOtherIntent { charge, intent } => refund::of_other_intent(*charge, *intent),
        Why::RefundCancel => WireError::invalid(refund::CANCEL),
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
