//! Refusals of payments: statuses, amounts and what goes with `off_session`
//! (`stripe-api.md` 1.7, 2.5, 2.6, 3.2, 6.4).

use onfile_domain::id::{CustomerId, PaymentIntentId};
use onfile_domain::money::{Currency, Money};
use onfile_domain::object::Object;
use onfile_domain::payment_intent::Status;
use onfile_domain::refusal::PaymentRefused;

use super::money::amount;
use crate::error::{Text, WireError};

/// What a refused payment is told.
pub(super) fn reason(why: &PaymentRefused, about: Option<&Object>) -> WireError {
    match why {
        PaymentRefused::MethodMissing { customer } => method_missing(*customer),
        PaymentRefused::ConfirmSucceeded => state(CONFIRM_SUCCEEDED),
        PaymentRefused::ConfirmStatus(status) => confirm_status(*status),
        PaymentRefused::ConfirmMethodStatus(status) => update_status("payment_method", *status),
        PaymentRefused::ConfirmNeedsSecretKey => WireError::invalid(CONFIRM_NEEDS_SECRET_KEY),
        PaymentRefused::OffSessionWithSetup => WireError::invalid(OFF_SESSION_WITH_SETUP),
        PaymentRefused::StoredUsageWithoutOffSession => stored_usage(),
        PaymentRefused::SetupUsageWithoutSetup => setup_usage(),
        PaymentRefused::MandateInvalid => mandate_invalid(),
        PaymentRefused::CurrencyUnsupported => currency_unsupported(about),
        PaymentRefused::UpdateStatus { field, status } => {
            update_status(field, *status).param(*field)
        }
        PaymentRefused::AmountTooSmall { least } => amount_too_small(*least),
        PaymentRefused::AmountConvertsTooSmall { least, amount, settled } => {
            amount_converts_too_small(*least, *amount, *settled)
        }
        PaymentRefused::AmountNotDivisible { currency, by, param } => {
            amount_not_divisible(*currency, *by, param)
        }
        PaymentRefused::AmountTooLarge { most } => amount_too_large(*most),
        PaymentRefused::UsageOnlyRaised => usage_only_raised(),
        PaymentRefused::CancelStatus(status) => cancel_status(*status),
        PaymentRefused::TransferGroupOfIntent(intent) => transfer_group(*intent),
        PaymentRefused::ChargeHasCustomer => charge_has_customer(),
    }
}

const CONFIRM_SUCCEEDED: &str = "You cannot confirm this PaymentIntent because it has \
    already succeeded after being previously confirmed.";

/// Ours: Stripe's own words are not known.
const CONFIRM_NEEDS_SECRET_KEY: &str = "This PaymentIntent's confirmation_method is \
    manual, so it can only be confirmed with a secret key, on your server.";

const OFF_SESSION_WITH_SETUP: &str = "You cannot confirm with the `off_session` \
    parameter when `setup_future_usage` is also set on the PaymentIntent because you cannot set \
    up future usages when processing payments off-session.";

/// A call that comes at the wrong time.
pub(super) fn state(message: impl Into<Text>) -> WireError {
    WireError::invalid(message).code("payment_intent_unexpected_state")
}

fn method_missing(customer: Option<CustomerId>) -> WireError {
    const WHAT: &str =
        "You cannot confirm this PaymentIntent because it's missing a payment method.";
    state(match customer {
        None => format!(
            "{WHAT} You can either update the PaymentIntent with a payment method and then \
             confirm it again, or confirm it again directly with a payment method or \
             ConfirmationToken."
        ),
        Some(customer) => format!(
            "{WHAT} To confirm the PaymentIntent with {customer}, specify a payment method \
             attached to this customer along with the customer ID."
        ),
    })
}

fn confirm_status(status: Status) -> WireError {
    state(format!(
        "You cannot confirm this PaymentIntent because it has a status of {}. Only a \
         PaymentIntent with one of the following statuses may be confirmed: \
         requires_confirmation, requires_action.",
        status.as_str()
    ))
}

fn update_status(field: &str, status: Status) -> WireError {
    state(format!(
        "This PaymentIntent's {field} could not be updated because it has a status of {}. You \
         may only update the {field} of a PaymentIntent with one of the following statuses: \
         requires_payment_method, requires_confirmation, requires_action.",
        status.as_str()
    ))
}

fn cancel_status(status: Status) -> WireError {
    state(format!(
        "You cannot cancel this PaymentIntent because it has a status of {}. Only a \
         PaymentIntent with one of the following statuses may be canceled: \
         requires_payment_method, requires_capture, requires_reauthorization, \
         requires_confirmation, requires_action, expired, processing.",
        status.as_str()
    ))
}

fn amount_too_small(least: Money) -> WireError {
    let message = format!("Amount must be at least {} {}", amount(least), least.currency.code());
    WireError::invalid(message).code("amount_too_small").param("amount")
}

fn amount_converts_too_small(least: Money, asked: Money, settled: Money) -> WireError {
    let least = match (least.currency.code(), least.minor()) {
        ("usd" | "eur" | "aud" | "cad" | "nzd" | "sgd", minor @ 0..100) => format!("{minor} cents"),
        ("gbp", minor @ 0..100) => format!("{minor} pence"),
        (_, _) => named_amount(least),
    };
    let message = format!(
        "Amount must convert to at least {least}. {} converts to approximately {}.",
        named_amount(asked),
        named_amount(settled)
    );
    WireError::invalid(message).code("amount_too_small").param("amount")
}

/// An amount, with the currency's code where it has no sign.
fn named_amount(money: Money) -> String {
    let currency = money.currency;
    match currency.symbol() {
        "" => format!("{} {}", amount(money), currency.code()),
        _ => amount(money),
    }
}

/// Stripe's words for the two currencies whose decimals went out of use; its words for the last of
/// three decimals are not known.
fn amount_not_divisible(currency: Currency, by: i64, param: &'static str) -> WireError {
    let name = currency.code().to_uppercase();
    let error = if by == 100 {
        WireError::invalid(format!(
            "Invalid amount. Currency {name} has become effectively zero-decimal and charged \
             amounts must be evenly divisible by 100. See \
             https://stripe.com/docs/currencies#special-cases for more information."
        ))
        .code("invalid_charge_amount_no_decimal_compatible")
    } else {
        WireError::invalid(format!(
            "Invalid amount. Amounts in {name} must be evenly divisible by {by}: networks have \
             no third decimal. See https://stripe.com/docs/currencies#three-decimal for more \
             information."
        ))
        .code("invalid_charge_amount")
    };
    error.param(param)
}

fn amount_too_large(most: Money) -> WireError {
    let message = format!("Amount must be no more than {}", amount(most));
    WireError::invalid(message).code("amount_too_large").param("amount")
}

fn stored_usage() -> WireError {
    WireError::invalid(
        "`payment_method_options[card][stored_credential_usage]` can only be used when \
         confirming with `off_session=true`, and not together with `setup_future_usage`.",
    )
    .param("payment_method_options[card][stored_credential_usage]")
}

fn setup_usage() -> WireError {
    WireError::invalid(
        "`payment_method_options[card][setup_credential_usage]` can only be used together with \
         `setup_future_usage`.",
    )
    .param("payment_method_options[card][setup_credential_usage]")
}

fn mandate_invalid() -> WireError {
    WireError::invalid("The mandate of this payment method does not allow this payment.")
        .code("payment_intent_mandate_invalid")
}

fn currency_unsupported(about: Option<&Object>) -> WireError {
    const REST: &str = "is invalid for one or more payment method types on this PaymentIntent.";
    let message = match about {
        Some(Object::PaymentIntent(intent)) => {
            format!("The currency provided ({}) {REST}", intent.amount.currency.code())
        }
        Some(_) | None => format!("The currency provided {REST}"),
    };
    WireError::invalid(message).param("currency")
}

fn usage_only_raised() -> WireError {
    WireError::invalid(
        "With a publishable key, `setup_future_usage` can only be changed from `on_session` to \
         `off_session`.",
    )
    .param("setup_future_usage")
}

fn transfer_group(intent: PaymentIntentId) -> WireError {
    WireError::invalid(format!(
        "This Charge was created by a PaymentIntent ({intent}). You must update the \
         `transfer_group` on the PaymentIntent instead of updating the Charge directly. See \
         https://stripe.com/docs/api#update_payment_intent"
    ))
}

fn charge_has_customer() -> WireError {
    WireError::invalid("This charge already has a customer, which can't be changed.")
        .param("customer")
}
