//! Payment intents.

use onfile_domain::payment_intent::{CardOptions, MethodTypes, NextAction, PaymentIntent, State};

use super::macros::{choice, record};

record!(PaymentIntent v 1 {
    id, secret, created, amount, state, inflight, customer, capture_method, confirmation_method,
    setup_future_usage, methods, card_options, latest_charge, last_payment_error, soft,
    description, metadata, receipt_email, shipping, statement_descriptor_suffix, transfer_group,
    original,
});
choice!(State {
    RequiresPaymentMethod = "requires_payment_method",
    RequiresConfirmation = "requires_confirmation" { method, authenticated },
    RequiresAction = "requires_action" { method, action },
    RequiresCapture = "requires_capture" { method, charge, expires_at, capturable, received },
    Succeeded = "succeeded" { method, charge, received },
    Canceled = "canceled" { at, reason, method },
});
record!(NextAction { authentication, secret, return_url });
choice!(MethodTypes {
    Automatic = "automatic" { allow_redirects },
    Listed = "listed",
    Allowed = "allowed" (types),
});
record!(CardOptions or default {
    capture_method, setup_future_usage, request_three_d_secure, network, moto, mandate_options,
    request_extended_authorization, request_incremental_authorization, request_multicapture,
    request_overcapture, require_cvc_recollection, setup_credential_usage,
    stored_credential_usage, three_d_secure,
});
