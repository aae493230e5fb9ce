use onfile_domain::id::{ChargeId, PaymentIntentId};
use onfile_domain::money::{Currency, Money};
use onfile_domain::payment_intent::Status;
use onfile_domain::refusal::{
    HoldRefused, MethodRefused, Noun, PaymentRefused, Place as Asked, RefundRefused, SetupRefused,
};
use onfile_domain::setup_intent::SetupState;
use serde_json::{Value, json};

use super::*;
use crate::error::Retry;
use crate::views::samples::{customer, frame as of, fresh, method, setup};

mod declines;

const DAHLIA: &str = "2026-08-26.dahlia";

fn body(error: &WireError) -> Value {
    let mut body: Value = serde_json::from_slice(&error.to_json("http://127.0.0.1:12111")).unwrap();
    body["error"].take()
}

/// Status, code and parameter of a refusal, and how its message begins.
#[track_caller]
fn check(why: Why, status: u16, code: Option<&str>, param: Option<&str>, message: &str) {
    let error = refusal(&why.into(), of(DAHLIA));
    assert_eq!(error.status, status);
    assert_eq!(error.code, code);
    assert_eq!(error.param.as_deref(), param);
    assert!(error.message.starts_with(message), "{}", error.message);
    assert_eq!(error.kind, ErrorType::InvalidRequest);
}

#[test]
fn refusals_of_payments() {
    let unexpected = Some("payment_intent_unexpected_state");
    let usd = |minor| Money::new(minor, Currency::USD);
    let cus = customer().id;
    for (why, message) in [
        (
            Why::Payment(PaymentRefused::MethodMissing { customer: None }),
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can \
             either update the PaymentIntent with a payment method and then confirm it again, or \
             confirm it again directly with a payment method or ConfirmationToken."
                .to_owned(),
        ),
        (
            Why::Payment(PaymentRefused::MethodMissing { customer: Some(cus) }),
            format!(
                "You cannot confirm this PaymentIntent because it's missing a payment method. To \
                 confirm the PaymentIntent with {cus}, specify a payment method attached to this \
                 customer along with the customer ID."
            ),
        ),
        (
            Why::Payment(PaymentRefused::ConfirmSucceeded),
            "You cannot confirm this PaymentIntent because it has already succeeded after being \
             previously confirmed."
                .to_owned(),
        ),
        (
            Why::Hold(HoldRefused::CaptureStatus(Status::Canceled)),
            "This PaymentIntent could not be captured because it has a status of canceled. Only a \
             PaymentIntent with one of the following statuses may be captured: requires_capture."
                .to_owned(),
        ),
        (
            Why::Payment(PaymentRefused::CancelStatus(Status::Succeeded)),
            "You cannot cancel this PaymentIntent because it has a status of succeeded. Only a \
             PaymentIntent with one of the following statuses may be canceled: \
             requires_payment_method, requires_capture, requires_reauthorization, \
             requires_confirmation, requires_action, expired, processing."
                .to_owned(),
        ),
        (
            Why::Payment(PaymentRefused::ConfirmMethodStatus(Status::Canceled)),
            "This PaymentIntent's payment_method could not be updated because it has a status of \
             canceled. You may only update the payment_method of a PaymentIntent with one of the \
             following statuses: requires_payment_method, requires_confirmation, requires_action."
                .to_owned(),
        ),
        (
            Why::Hold(HoldRefused::CancelPartlyCaptured),
            "You cannot cancel this PaymentIntent because part".to_owned(),
        ),
        (
            Why::Hold(HoldRefused::TooManyCaptures),
            "This PaymentIntent could not be captured because it".to_owned(),
        ),
        (
            Why::Hold(HoldRefused::IncrementStatus(Status::Succeeded)),
            "This PaymentIntent's authorization could not be incremented because it has a status \
             of succeeded."
                .to_owned(),
        ),
        (
            Why::Hold(HoldRefused::IncrementUnavailable),
            "This PaymentIntent's authorization could not be incremented because incremental"
                .to_owned(),
        ),
        (
            Why::Hold(HoldRefused::IncrementExpired),
            "This PaymentIntent's authorization could not be incremented because it has expired."
                .to_owned(),
        ),
        (
            Why::Hold(HoldRefused::IncrementCaptured),
            "This PaymentIntent's authorization could not be incremented because part".to_owned(),
        ),
        (
            Why::Hold(HoldRefused::TooManyIncrements),
            "This PaymentIntent's authorization could not be incremented because that was tried \
             10 times"
                .to_owned(),
        ),
    ] {
        check(why, 400, unexpected, None, &message);
    }
    let misfit = Some("payment_intent_invalid_parameter");
    let message = "`final_capture` can only be `false` where multicapture";
    check(
        Why::Hold(HoldRefused::MulticaptureUnavailable),
        400,
        misfit,
        Some("final_capture"),
        message,
    );
    let why = Why::Hold(HoldRefused::IncrementNotHigher { authorized: usd(1_000) });
    let message = "The new amount must be greater than the amount that is authorized, $10.00 usd.";
    check(why, 400, misfit, Some("amount"), message);
    let why = Why::Hold(HoldRefused::IncrementTooLarge { limit: usd(5_000) });
    let message = "The authorization can be incremented up to $50.00 usd.";
    check(why, 400, Some("amount_too_large"), Some("amount"), message);
    let why =
        Why::Payment(PaymentRefused::UpdateStatus { field: "amount", status: Status::Succeeded });
    check(why, 400, unexpected, Some("amount"), "This PaymentIntent's amount could not");
    let least = Why::Payment(PaymentRefused::AmountTooSmall { least: usd(50) });
    let message = "Amount must be at least $0.50 usd";
    check(least, 400, Some("amount_too_small"), Some("amount"), message);
    let most = Why::Payment(PaymentRefused::AmountTooLarge { most: usd(99_999_999) });
    let message = "Amount must be no more than $999,999.99";
    check(most, 400, Some("amount_too_large"), Some("amount"), message);
    amounts_of_other_currencies();
    let integer = Some("parameter_invalid_integer");
    check(
        Why::Hold(HoldRefused::CaptureTooSmall { asked: 0 }),
        400,
        integer,
        Some("amount"),
        "This value must be",
    );
    let expired = Some("charge_expired_for_capture");
    check(
        Why::Hold(HoldRefused::CaptureExpired),
        400,
        expired,
        None,
        "The charge cannot be captured as the",
    );
    check(
        Why::Hold(HoldRefused::CaptureTooSmall { asked: -1 }),
        400,
        None,
        Some("amount_to_capture"),
        "Invalid non-",
    );
    check(
        Why::Hold(HoldRefused::CaptureTooLarge),
        400,
        Some("amount_too_large"),
        None,
        "The payment could not",
    );
    check(
        Why::Payment(PaymentRefused::OffSessionWithSetup),
        400,
        None,
        None,
        "You cannot confirm with the `off_session`",
    );
    let intent = PaymentIntentId::new(3, *b"abcdefghijklmnop");
    let message = format!("This Charge was created by a PaymentIntent ({intent}). You must");
    check(Why::Payment(PaymentRefused::TransferGroupOfIntent(intent)), 400, None, None, &message);
}

fn amounts_of_other_currencies() {
    let money = |minor, code: &str| Money::new(minor, code.parse().unwrap());
    let usd = |minor| money(minor, "usd");
    for (least, asked, settled, message) in [
        (
            usd(50),
            money(5, "jpy"),
            usd(3),
            "Amount must convert to at least 50 cents. ¥5 converts to approximately $0.03.",
        ),
        (
            money(30, "gbp"),
            usd(10),
            money(8, "gbp"),
            "Amount must convert to at least 30 pence. $0.10 converts to approximately £0.08.",
        ),
        (
            money(300, "sek"),
            usd(10),
            money(105, "sek"),
            "Amount must convert to at least 3.00 sek. $0.10 converts to approximately 1.05 sek.",
        ),
    ] {
        let why =
            Why::Payment(PaymentRefused::AmountConvertsTooSmall { least, amount: asked, settled });
        check(why, 400, Some("amount_too_small"), Some("amount"), message);
    }
    let isk = Why::Payment(PaymentRefused::AmountNotDivisible {
        currency: "isk".parse().unwrap(),
        by: 100,
        param: "amount",
    });
    let code = Some("invalid_charge_amount_no_decimal_compatible");
    let message = "Invalid amount. Currency ISK has become effectively zero-decimal and charged";
    check(isk, 400, code, Some("amount"), message);
    let kwd = Why::Payment(PaymentRefused::AmountNotDivisible {
        currency: "kwd".parse().unwrap(),
        by: 10,
        param: "amount_to_capture",
    });
    let message = "Invalid amount. Amounts in KWD must be evenly divisible by 10";
    check(kwd, 400, Some("invalid_charge_amount"), Some("amount_to_capture"), message);
}

#[test]
fn refusals_of_refunds() {
    let intent = PaymentIntentId::new(3, *b"abcdefghijklmnop");
    let charge = ChargeId::new(4, *b"abcdefghijklmnop");
    let usd = |minor| Money::new(minor, Currency::USD);
    let refunded = format!("Charge {charge} has already been refunded.");
    check(
        Why::Refund(RefundRefused::ChargeRefunded(charge)),
        400,
        Some("charge_already_refunded"),
        None,
        &refunded,
    );
    for (left, again, message) in [
        (1_000, false, "Refund amount ($11.00) is greater than charge amount ($10.00)"),
        (500, true, "Refund amount ($11.00) is greater than unrefunded amount on charge ($5.00)"),
    ] {
        let why =
            Why::Refund(RefundRefused::TooLarge { asked: usd(1_100), left: usd(left), again });
        check(why, 400, None, Some("amount"), message);
    }
    let uncaptured = format!(
        "This uncaptured Charge was created by a PaymentIntent ({intent}). You must cancel the \
         PaymentIntent to reverse the authorization instead of refunding the Charge directly. For \
         more information, see https://stripe.com/docs/payments/place-a-hold-on-a-payment-method"
    );
    check(Why::Refund(RefundRefused::Uncaptured(intent)), 400, None, None, &uncaptured);
    let nothing =
        format!("This PaymentIntent ({intent}) does not have a successful charge to refund.");
    check(Why::Refund(RefundRefused::NothingToRefund(intent)), 400, None, None, &nothing);
    let foreign = format!("Charge {charge} does not belong to PaymentIntent {intent}.");
    check(
        Why::Refund(RefundRefused::ChargeOfOtherIntent { charge, intent }),
        400,
        None,
        Some("charge"),
        &foreign,
    );
    check(
        Why::Refund(RefundRefused::Cancel),
        400,
        None,
        None,
        "Canceling this refund is unsupported.",
    );
    let (noun, id) = (Noun::Refund, "re_x".to_owned());
    let why = Why::Missing { noun, id, place: Asked::Path };
    check(why, 404, Some("resource_missing"), Some("refund"), "No such refund: 're_x'");
}

#[test]
fn refusals_around_methods() {
    let (pm, cus) = (method().id, customer().id);
    check(
        Why::Method(MethodRefused::OfOtherCustomer { method: pm, customer: cus }),
        400,
        None,
        Some("payment_method"),
        &format!(
            "The PaymentMethod {pm} does not belong to the Customer you supplied {cus}. Please use \
             this PaymentMethod with the Customer that it belongs to instead."
        ),
    );
    check(
        Why::Method(MethodRefused::PaymentNeedsCustomer { method: pm, customer: cus }),
        400,
        Some("parameter_missing"),
        Some("source"),
        &format!("The `payment_method` parameter supplied {pm} belongs to the Customer {cus}."),
    );
    check(
        Why::Method(MethodRefused::SetupNeedsCustomer { method: pm, customer: cus }),
        400,
        None,
        Some("payment_method"),
        &format!("The payment method supplied ({pm}) belongs to the Customer {cus}."),
    );
    let consumed = "The provided PaymentMethod was previously used with a PaymentIntent without";
    check(Why::Method(MethodRefused::Consumed), 400, None, None, consumed);
    check(Why::Method(MethodRefused::OfNobodyHere), 404, None, Some("customer"), "Invalid request");
    let param = "invoice_settings[default_payment_method]";
    check(
        Why::Method(MethodRefused::DefaultNotAttached { method: "pm_x".to_owned(), param }),
        400,
        Some("resource_missing"),
        Some(param),
        "The customer does not have a payment method with the ID pm_x.",
    );
    let missing = |place| Why::Missing { noun: Noun::Customer, id: "cus_x".to_owned(), place };
    let resource_missing = Some("resource_missing");
    check(missing(Asked::Path), 404, resource_missing, Some("id"), "No such customer: 'cus_x'");
    let place = Asked::Param("customer");
    check(missing(place), 400, resource_missing, Some("customer"), "No such customer: 'cus_x'");
    check(
        Why::Setup(SetupRefused::CancelSucceeded),
        400,
        Some("setup_intent_unexpected_state"),
        None,
        "You cannot cancel this SetupIntent because it has a status of succeeded. Only a \
         SetupIntent with one of the following statuses may be canceled: \
         `requires_payment_method`, `requires_confirmation`, or `requires_action`.",
    );
    check(
        Why::TooMuchMetadata { keys: 51 },
        400,
        None,
        Some("metadata"),
        "Metadata can have up to 50 keys, but you've set 51.",
    );
    let locked = refusal(&Why::Locked.into(), of(DAHLIA));
    assert_eq!((locked.status, locked.retry), (429, Retry::Helps));
}

#[test]
fn what_an_error_carries() {
    let refused =
        refusal(&Why::Payment(PaymentRefused::ConfirmSucceeded).about(fresh()), of(DAHLIA));
    assert_eq!(body(&refused)["payment_intent"]["id"], fresh().id.to_string());
    let intent = setup(SetupState::RequiresPaymentMethod);
    let refused =
        refusal(&Why::Setup(SetupRefused::ConfirmCanceled).about(intent.clone()), of(DAHLIA));
    assert_eq!(body(&refused)["setup_intent"]["id"], intent.id.to_string());
    let refused =
        refusal(&Why::Method(MethodRefused::DetachUnattached).about(method()), of(DAHLIA));
    assert_eq!(
        body(&refused),
        json!({"message": "The payment method you provided is not attached to a customer so \
            detachment is impossible.", "type": "invalid_request_error"})
    );
}
