//! Why a card could not be charged or saved: the error itself, and how intents remember it
//! (`stripe-api.md` 1.6, 2.5, 4.3).

use onfile_domain::decline::Decline;
use onfile_domain::failure::{Cause, Failure};
use onfile_domain::payment_method::PaymentMethod;

use crate::codes;
use crate::error::{ErrorType, WireError};
use crate::expand;
use crate::json::{Layout, Object};
use crate::version::{Change, Version};
use crate::view::{Frame, Nothing, Show, ViewCx, render};

/// The words of a failed authentication, payment or set-up.
const NOT_AUTHENTICATED: &str = "We are unable to authenticate your payment method. Please \
                                 choose a different payment method and try again.";

/// `last_payment_error` or `last_setup_error`, `null` where nothing failed.
pub(super) fn last_error(
    name: &'static str,
    failure: Option<&Failure>,
    o: &mut Object<'_>,
    cx: &ViewCx<'_>,
) {
    let Some(failure) = failure else {
        return o.null(name);
    };
    let mut wire = error(failure, cx.frame.version);
    wire.carried.payment_method = Some(method(&failure.payment_method, cx.frame));
    if name == "last_payment_error" && wire.kind == ErrorType::Card {
        wire.carried.payment_method_type = Some("card");
    }
    wire.write(o.field(name), cx.frame.base);
}

/// The error without the objects that it carries.
pub(crate) fn error(failure: &Failure, version: Version) -> WireError {
    let mut wire = match &failure.cause {
        Cause::Declined(decline) => declined(decline, version),
        Cause::PaymentAuthenticationFailed => {
            not_authenticated("payment_intent_authentication_failure")
        }
        Cause::SetupAuthenticationFailed => {
            not_authenticated("setup_intent_authentication_failure")
        }
    };
    wire.carried.charge = failure.charge.map(|id| id.to_string());
    wire
}

fn declined(decline: &Decline, version: Version) -> WireError {
    let row = codes::find(&decline.code);
    debug_assert!(row.is_some(), "{} is not in the table of codes", decline.code);
    let code = row.map_or("card_declined", |row| row.code);
    let mut wire = WireError::card(code, decline.message.clone());
    wire.carried.decline_code = decline.decline_code.clone().map(Into::into);
    wire.param = decline.param.clone().map(Into::into);
    if version.has(Change::AdviceCode) {
        wire.carried.advice_code = decline.advice_code.clone().map(Into::into);
    }
    if version.has(Change::NetworkCodes) {
        wire.carried.network_advice_code = decline.network_advice_code.clone().map(Into::into);
        wire.carried.network_decline_code = decline.network_decline_code.clone().map(Into::into);
    }
    wire
}

fn not_authenticated(code: &'static str) -> WireError {
    WireError { status: 402, ..WireError::invalid(NOT_AUTHENTICATED).code(code) }
}

/// A method inside an error, as JSON.
pub(crate) fn method(method: &PaymentMethod, frame: Frame<'_>) -> Vec<u8> {
    render(Layout::Compact, frame, &expand::NONE, &Nothing, |w, cx| method.show(w, cx)).0
}
