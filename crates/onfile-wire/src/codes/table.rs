//! The rows, in the alphabet's order.

use super::{Code, Origin};

/// Every code that an error can carry.
pub const CODES: &[Code] = &[
    Code {
        code: "account_invalid",
        origin: Origin::Stripe,
        cause: "The `Stripe-Account` header names an account that the key can't act for.",
        remedy: "Leave the header out, or use a key of that account.",
        example: "Any call with `Stripe-Account: acct_other`.",
    },
    Code {
        code: "amount_too_large",
        origin: Origin::Stripe,
        cause: "The amount is above the most that can be charged, above what can still be \
                 captured, or above what an authorization can be incremented to.",
        remedy: "Charge less, or capture at most `amount_capturable`.",
        example: "`POST /v1/payment_intents` with `amount=100000000`.",
    },
    Code {
        code: "amount_too_small",
        origin: Origin::Stripe,
        cause: "The amount is below the least that can be charged in its currency.",
        remedy: "Charge at least the minimum, or save the card with a SetupIntent.",
        example: "`POST /v1/payment_intents` with `amount=10` and `currency=usd`.",
    },
    Code {
        code: "authentication_required",
        origin: Origin::Stripe,
        cause: "The issuer wants to see the customer, and the payment was made without them or \
                 without being allowed to ask.",
        remedy: "Bring the customer back and confirm the same PaymentIntent on session with \
                 `setup_future_usage=off_session`; the next off-session charge then passes.",
        example: "An off-session charge of a card that was only attached, 4000002760003184.",
    },
    Code {
        code: "card_decline_rate_limit_exceeded",
        origin: Origin::Stripe,
        cause: "This card was declined so often that the networks forbid trying again for now.",
        remedy: "Ask for another card. With this one, wait until the network counts fewer declines: \
                 a Mastercard's of the last 24 hours (8 are let pass) and those of one amount of \
                 the last 30 days (30), any other card's of one amount of the last 30 days (15, \
                 counted apart with and without the customer). The day that the message speaks of \
                 is Stripe's text.",
        example: "More than the allowed number of charges of a declining card.",
    },
    Code {
        code: "card_declined",
        origin: Origin::Stripe,
        cause: "The issuer said no. `decline_code` gives its reason, `advice_code` whether to \
                 try again.",
        remedy: "Act on `decline_code`; ask the customer for another card where it says so.",
        example: "Confirm with `payment_method=pm_card_visa_chargeDeclined`.",
    },
    Code {
        code: "charge_already_refunded",
        origin: Origin::Stripe,
        cause: "Everything that the charge took was given back, or is on its way.",
        remedy: "Nothing is left to do; `amount_refunded` and `refunds` of the charge say what was \
                 given back.",
        example: "`POST /v1/refunds` a second time for the same `charge`.",
    },
    Code {
        code: "charge_disputed",
        origin: Origin::Stripe,
        cause: "The cardholder disputes the charge, so its money can't be given back.",
        remedy: "Answer the dispute; the bank decides whose the money is.",
        example: "An adjustment that would refund a disputed charge.",
    },
    Code {
        code: "charge_expired_for_capture",
        origin: Origin::Stripe,
        cause: "The issuer let go of the hold: it was not captured in time.",
        remedy: "Confirm a new PaymentIntent; capture before its charge's `capture_before`.",
        example: "A capture that comes just when its `capture_before` has passed. A moment \
                  later the intent is canceled, and the answer is \
                  `payment_intent_unexpected_state`: so it is after the world's clock was moved \
                  there.",
    },
    Code {
        code: "customer_max_payment_methods",
        origin: Origin::Stripe,
        cause: "The customer has as many payment methods as there may be.",
        remedy: "Detach those that are no longer used.",
        example: "Attaching one method too many.",
    },
    Code {
        code: "email_invalid",
        origin: Origin::Stripe,
        cause: "The text is not built as an email address.",
        remedy: "Send an address like `jenny@example.com`.",
        example: "`POST /v1/customers` with `email=jenny`.",
    },
    Code {
        code: "expired_card",
        origin: Origin::Stripe,
        cause: "The card's last month has passed, or the issuer says so.",
        remedy: "Ask the customer for the new card, or update its expiry.",
        example: "Confirm with `payment_method=pm_card_chargeDeclinedExpiredCard`.",
    },
    Code {
        code: "idempotency_key_in_use",
        origin: Origin::Stripe,
        cause: "The first request with this idempotency key is still running.",
        remedy: "Wait and send the same again: the answer will be the first one's.",
        example: "Two requests with one key at the same time.",
    },
    Code {
        code: "incorrect_cvc",
        origin: Origin::Stripe,
        cause: "The issuer says that the security code is wrong.",
        remedy: "Ask the customer to type it again.",
        example: "Confirm with `payment_method=pm_card_chargeDeclinedIncorrectCvc`.",
    },
    Code {
        code: "incorrect_number",
        origin: Origin::Stripe,
        cause: "The card number is wrong: its check digit does not fit.",
        remedy: "Ask the customer to type it again.",
        example: "A card with the number 4242424242424241.",
    },
    Code {
        code: "invalid_charge_amount",
        origin: Origin::Stripe,
        cause: "The amount has a third decimal, which no card network takes.",
        remedy: "Round it to a multiple of 10.",
        example: "`POST /v1/payment_intents` with `amount=5124` and `currency=kwd`.",
    },
    Code {
        code: "invalid_charge_amount_no_decimal_compatible",
        origin: Origin::Stripe,
        cause: "The amount has decimals, which went out of use in its currency.",
        remedy: "Round it to a multiple of 100.",
        example: "`POST /v1/payment_intents` with `amount=550` and `currency=isk`.",
    },
    Code {
        code: "invalid_cvc",
        origin: Origin::Stripe,
        cause: "The security code has a length or letters that none has.",
        remedy: "Send three digits, or four for American Express.",
        example: "A card with `cvc=99`.",
    },
    Code {
        code: "invalid_expiry_month",
        origin: Origin::Stripe,
        cause: "The month is not between 1 and 12.",
        remedy: "Send the month as it stands on the card.",
        example: "A card with `exp_month=13`.",
    },
    Code {
        code: "invalid_expiry_year",
        origin: Origin::Stripe,
        cause: "The year has passed or lies too far ahead.",
        remedy: "Send the year as it stands on the card.",
        example: "A card with `exp_year=2001`.",
    },
    Code {
        code: "invalid_number",
        origin: Origin::Stripe,
        cause: "The text is no card number.",
        remedy: "Send only the digits of the card.",
        example: "A card with the number `abc`.",
    },
    Code {
        code: "lock_timeout",
        origin: Origin::Stripe,
        cause: "Another request holds the object, or its attempt is on the wire.",
        remedy: "Send the same again with the same idempotency key; SDKs do so by themselves.",
        example: "Several confirms of one PaymentIntent at the same time.",
    },
    Code {
        code: "parameter_invalid_empty",
        origin: Origin::Stripe,
        cause: "An empty text was sent for a field that can't be unset.",
        remedy: "Leave the parameter out, or send a value.",
        example: "`POST /v1/payment_intents` with `currency=`.",
    },
    Code {
        code: "parameter_invalid_integer",
        origin: Origin::Stripe,
        cause: "The text is no integer, or the number is out of its range.",
        remedy: "Send a whole number in minor units, like `1099`.",
        example: "`POST /v1/payment_intents` with `amount=10.99`.",
    },
    Code {
        code: "parameter_missing",
        origin: Origin::Stripe,
        cause: "A parameter is missing that this call needs.",
        remedy: "Send the parameter that the message names.",
        example: "`POST /v1/payment_intents` without `currency`.",
    },
    Code {
        code: "parameter_unknown",
        origin: Origin::Stripe,
        cause: "This call has no parameter of that name, at least not in this API version.",
        remedy: "Look for a typing error, or ask with a newer version.",
        example: "`POST /v1/customers` with `emial=jenny@example.com`.",
    },
    Code {
        code: "parameter_unsupported",
        origin: Origin::Ours("/docs/coverage.md"),
        cause: "Stripe's API has this parameter or test card, and this server does not serve it.",
        remedy: "Leave it out; the coverage page lists what is served.",
        example: "`POST /v1/payment_intents` with `transfer_data[destination]=acct_1`.",
    },
    Code {
        code: "parameters_exclusive",
        origin: Origin::Stripe,
        cause: "Parameters were sent together of which only one may be.",
        remedy: "Send one of those that the message names.",
        example: "`automatic_payment_methods` together with `confirmation_method`.",
    },
    Code {
        code: "payment_intent_authentication_failure",
        origin: Origin::Stripe,
        cause: "The customer did not authenticate.",
        remedy: "Confirm again with the same card or another one.",
        example: "\"Fail authentication\" on the page of a challenge.",
    },
    Code {
        code: "payment_intent_invalid_parameter",
        origin: Origin::Stripe,
        cause: "The client secret is not this PaymentIntent's, a publishable key came without one, \
                or a parameter does not fit what the intent's card and authorization allow.",
        remedy: "Send the `client_secret` of the intent that the path names, and a publishable key \
                 of the account that made it; where `param` is set, read the message and the \
                 charge's `payment_method_details`.",
        example: "`GET /v1/payment_intents/pi_1` with `pk_test_123` and no `client_secret`; \
                  `final_capture=false` where multicapture was not requested.",
    },
    Code {
        code: "payment_intent_mandate_invalid",
        origin: Origin::Stripe,
        cause: "The mandate given at set-up does not allow this charge.",
        remedy: "Charge within its limits, or have the customer agree to new ones.",
        example: "An amount above a fixed mandate's.",
    },
    Code {
        code: "payment_intent_unexpected_state",
        origin: Origin::Stripe,
        cause: "The PaymentIntent has a status in which this can't be done.",
        remedy: "Read the intent inside the error and do what its status asks for.",
        example: "Confirming a PaymentIntent that has succeeded.",
    },
    Code {
        code: "payment_method_types_no_longer_supported",
        origin: Origin::Stripe,
        cause: "From 2026-09-30.endive on, intents no longer take `payment_method_types`.",
        remedy: "Use `automatic_payment_methods` or `allowed_payment_method_types`, or an earlier \
                 version.",
        example: "`payment_method_types[]=card` with `Stripe-Version: 2026-09-30.endive`.",
    },
    Code {
        code: "processing_error",
        origin: Origin::Stripe,
        cause: "The network gave no answer in time; nothing was charged.",
        remedy: "Confirm again, with the same card or another one.",
        example: "A charge while the issuer can't be reached.",
    },
    Code {
        code: "property_expansion_max_depth",
        origin: Origin::StripeUndocumented,
        cause: "An `expand` path has more than four segments.",
        remedy: "Ask for less at once, or read the inner object by itself.",
        example: "`expand[]=a.b.c.d.e` on any call.",
    },
    Code {
        code: "rate_limit",
        origin: Origin::Stripe,
        cause: "There were more requests than are allowed in a time.",
        remedy: "Send fewer at once.",
        example: "A test world with injected 429s.",
    },
    Code {
        code: "resource_missing",
        origin: Origin::Stripe,
        cause: "There is no such object in this account and mode.",
        remedy: "Check the id, and that the key is of the account and mode that made it.",
        example: "`GET /v1/customers/cus_nope`.",
    },
    Code {
        code: "secret_key_required",
        origin: Origin::Stripe,
        cause: "A publishable key was used for a call that only servers may make.",
        remedy: "Use a secret key, on a server.",
        example: "`GET /v1/customers` with `pk_test_123`.",
    },
    Code {
        code: "setup_intent_authentication_failure",
        origin: Origin::Stripe,
        cause: "The customer did not authenticate.",
        remedy: "Confirm again with the same card or another one.",
        example: "\"Fail authentication\" on the page of a challenge.",
    },
    Code {
        code: "setup_intent_invalid_parameter",
        origin: Origin::Stripe,
        cause: "The client secret is not this SetupIntent's, or a publishable key came without one.",
        remedy: "Send the `client_secret` of the intent that the path names, and a publishable key \
                 of the account that made it.",
        example: "`GET /v1/setup_intents/seti_1` with `pk_test_123` and no `client_secret`.",
    },
    Code {
        code: "setup_intent_unexpected_state",
        origin: Origin::Stripe,
        cause: "The SetupIntent has a status in which this can't be done.",
        remedy: "Read the intent inside the error and do what its status asks for.",
        example: "Confirming a SetupIntent that has succeeded.",
    },
    Code {
        code: "url_invalid",
        origin: Origin::Stripe,
        cause: "The text is no address that a customer can be sent to (`return_url`), or that \
                events can be (`url` of a webhook endpoint).",
        remedy: "Send an address with its scheme, like `https://example.com/done`. A webhook \
                 endpoint's has `http` or `https`, a host, no user and no letters beyond ASCII, \
                 and leads where this server may send to: in test mode your own machine too, as \
                 long as the server listens on loopback; otherwise public addresses and what \
                 `--allow-webhooks-to` names.",
        example: "Confirm with `return_url=example`; make a webhook endpoint with \
                  `url=localhost:3000/hook` in place of `url=http://localhost:3000/hook`.",
    },
];
