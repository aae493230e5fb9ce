//! Setup intents and their confirmations.

use onfile_domain::setup_intent::{SetupAttempt, SetupIntent, SetupState};

use super::macros::{choice, record};

record!(SetupIntent v 1 {
    id, secret, created, state, inflight, customer, usage, methods, card_options,
    mandate_currency, latest_attempt, last_setup_error, soft, attach_to_self, flow_directions,
    description, metadata,
});
choice!(SetupState {
    RequiresPaymentMethod = "requires_payment_method",
    RequiresConfirmation = "requires_confirmation" { method },
    RequiresAction = "requires_action" { method, action },
    Succeeded = "succeeded" { method },
    Canceled = "canceled" { reason, method },
});
record!(SetupAttempt v 1 {
    id, created, setup_intent, customer, payment_method, card, other_network, status, error,
    three_d_secure, moto, usage, attach_to_self, flow_directions,
});
