//! Payment methods.

use onfile_domain::payment_method::{Card, Checks, PaymentMethod, Standing};

use super::macros::{choice, record};

record!(PaymentMethod v 1 {
    id, created, standing, allow_redisplay, billing_details, card, metadata,
});
choice!(Standing {
    Fresh = "fresh",
    Attached = "attached" (customer),
    SetUp = "set_up",
    Consumed = "consumed",
    Detached = "detached",
});
record!(Card { facts, expiry, fingerprint, par, checks, preferred_network });
record!(Checks or default { address_line1, address_postal_code, cvc });
