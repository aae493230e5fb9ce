//! Why a card could not be charged.

use onfile_domain::decline::Decline;
use onfile_domain::failure::{Cause, Failure};

use super::macros::{choice, record};

record!(Failure { cause, charge, payment_method });
choice!(Cause {
    Declined = "declined" (decline),
    PaymentAuthenticationFailed = "payment_authentication_failed",
    SetupAuthenticationFailed = "setup_authentication_failed",
});
record!(Decline {
    code,
    decline_code,
    message,
    param,
    advice_code,
    network_advice_code,
    network_decline_code,
    reason,
    seller_message,
});
