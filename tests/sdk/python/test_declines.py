"""Every decline of the test cards: at attach, at a payment, at a set-up."""

import pytest
import stripe

import shop

DECLINED = "Your card was declined."
FUNDS = "Your card has insufficient funds."
EXPIRED = "Your card has expired."
CVC = "Your card's security code is incorrect."
BROKEN = "An error occurred while processing your card. Try again in a little bit."
OFTEN = (
    "Your card was declined for making repeated attempts too frequently or exceeding its amount "
    "limit."
)
LATER, NEVER, CHECK = "try_again_later", "do_not_try_again", "confirm_card_data"

# number, alias, code, decline code, message, param, advice code, network's advice and decline code
CARDS = [
    ("4000000000000002", "pm_card_visa_chargeDeclined",
     "card_declined", "generic_decline", DECLINED, None, LATER, None, "01"),
    ("4000000000000002", "pm_card_chargeDeclined",
     "card_declined", "generic_decline", DECLINED, None, LATER, None, "01"),
    ("4000000000009995", "pm_card_visa_chargeDeclinedInsufficientFunds",
     "card_declined", "insufficient_funds", FUNDS, None, LATER, "02", "51"),
    ("4000000000009987", "pm_card_visa_chargeDeclinedLostCard",
     "card_declined", "lost_card", DECLINED, None, NEVER, "01", "41"),
    ("4000000000009979", "pm_card_visa_chargeDeclinedStolenCard",
     "card_declined", "stolen_card", DECLINED, None, NEVER, "01", "43"),
    ("4000000000000069", "pm_card_chargeDeclinedExpiredCard",
     "expired_card", "expired_card", EXPIRED, "exp_month", CHECK, "03", "54"),
    ("4000000000000127", "pm_card_chargeDeclinedIncorrectCvc",
     "incorrect_cvc", "incorrect_cvc", CVC, "cvc", CHECK, "03", "N7"),
    ("4000000000000119", "pm_card_chargeDeclinedProcessingError",
     "processing_error", "processing_error", BROKEN, None, LATER, None, "06"),
    ("4000000000006975", "pm_card_visa_chargeDeclinedVelocityLimitExceeded",
     "card_declined", "card_velocity_exceeded", OFTEN, None, LATER, "02", "61"),
]  # fmt: skip


def agrees(error, card):
    """The error names everything that the table does."""
    _, _, code, decline_code, message, _, advice, network_advice, network_decline = card
    assert error["type"] == "card_error"
    assert (error["code"], error["decline_code"]) == (code, decline_code)
    assert error["message"] == message
    assert error["doc_url"] == "https://stripe.com/docs/error-codes/" + code.replace("_", "-")
    assert error.get("advice_code") == advice
    assert error.get("network_advice_code") == network_advice
    assert error.get("network_decline_code") == network_decline


def names(card):
    return card[1]


@pytest.mark.parametrize("card", CARDS, ids=names)
def test_a_payment(card):
    number, alias, code, decline_code, message, param = card[:6]
    for method in (alias, shop.card(number)):
        with pytest.raises(stripe.CardError) as caught:
            shop.pay(method)
        error = caught.value.json_body["error"]
        agrees(error, card)
        assert error.get("param") == param
        assert caught.value.code == code
        assert caught.value.error.decline_code == decline_code
        intent = stripe.PaymentIntent.retrieve(caught.value.error.payment_intent.id)
        assert intent.status == "requires_payment_method"
        assert intent.payment_method is None
        assert intent.latest_charge == error["charge"]
        agrees(intent.last_payment_error.to_dict(), card)
        assert intent.last_payment_error.payment_method_type == "card"
        assert intent.last_payment_error.payment_method.card.checks.cvc_check is not None
        charge = stripe.Charge.retrieve(error["charge"])
        assert (charge.status, charge.paid, charge.captured) == ("failed", False, False)
        assert (charge.failure_code, charge.failure_message) == (code, message)
        assert charge.outcome.network_status == "declined_by_network"
        assert charge.outcome.type == "issuer_declined"
        assert charge.outcome.reason == decline_code
        assert charge.balance_transaction is None


@pytest.mark.parametrize("card", CARDS, ids=names)
def test_an_attachment(card):
    customer = shop.customer()
    method = shop.card(card[0])
    error = shop.declined(lambda: stripe.PaymentMethod.attach(method, customer=customer))
    agrees(error, card)
    assert error["param"] == (card[5] or "")
    assert "payment_method" not in error
    assert "charge" not in error
    assert stripe.PaymentMethod.retrieve(method).customer is None


@pytest.mark.parametrize("card", CARDS, ids=names)
def test_a_setup(card):
    customer = shop.customer()
    error = shop.declined(
        lambda: stripe.SetupIntent.create(customer=customer, payment_method=card[1], confirm=True)
    )
    agrees(error, card)
    assert "charge" not in error
    setup = error["setup_intent"]
    assert setup["status"] == "requires_payment_method"
    assert setup["payment_method"] is None
    assert setup["latest_attempt"].startswith("setatt_")
    agrees(setup["last_setup_error"], card)
    assert "payment_method_type" not in setup["last_setup_error"]
    assert stripe.Customer.list_payment_methods(customer).data == []


def test_a_customer_with_a_declining_card_is_not_made():
    shop.declined(lambda: stripe.Customer.create(payment_method="pm_card_chargeDeclined"))
    assert stripe.Customer.list().data == []


def test_attaches_and_is_declined_later():
    customer = shop.customer()
    method = shop.attached("pm_card_chargeCustomerFail", customer)
    error = shop.declined(lambda: shop.charge_later(customer, method))
    assert (error["code"], error["decline_code"]) == ("card_declined", "generic_decline")
    assert stripe.PaymentMethod.retrieve(method).customer == customer


def test_blocked_as_too_risky():
    error = shop.declined(lambda: shop.pay("pm_card_radarBlock"))
    assert (error["code"], error["decline_code"]) == ("card_declined", "fraudulent")
    outcome = stripe.Charge.retrieve(error["charge"]).outcome
    assert outcome.type == "blocked"
    assert outcome.network_status == "not_sent_to_network"
    assert outcome.reason == "highest_risk_level"
    assert outcome.risk_level == "highest"
    assert outcome.seller_message == "Stripe blocked this payment as too risky."


def test_elevated_risk_is_paid():
    paid = shop.pay("pm_card_riskLevelElevated", expand=["latest_charge"])
    assert paid.status == "succeeded"
    assert paid.latest_charge.outcome.risk_level == "elevated"


# What is wrong with the data of a card, and what Stripe says of it (all 402).
BAD_DATA = [
    ({"number": "4242424242424241"}, "incorrect_number", "number",
     "Your card number is incorrect."),
    ({"number": "424242424242424x"}, "invalid_number", "number",
     "The card number is not a valid credit card number."),
    ({"exp_month": 13}, "invalid_expiry_month", "exp_month",
     "Your card's expiration month is invalid."),
    ({"exp_year": 1995}, "invalid_expiry_year", "exp_year",
     "Your card's expiration year is invalid."),
    ({"cvc": "99"}, "invalid_cvc", "cvc", "Your card's security code is invalid."),
]  # fmt: skip


@pytest.mark.parametrize("data, code, param, message", BAD_DATA, ids=[row[1] for row in BAD_DATA])
def test_bad_card_data(data, code, param, message):
    good = {"number": "4242424242424242"}
    error = shop.declined(lambda: shop.card(**{**good, **data}))
    assert (error["code"], error["param"], error["message"]) == (code, param, message)


def test_a_number_that_is_no_test_card():
    error = shop.declined(lambda: shop.card("4929420573595709"))
    assert error["code"] == "card_declined"
    assert error["message"].startswith(
        "Your card was declined. Your request was in test mode, but used a non test (live) card."
    )


CHECKS = [
    ("4000000000000101", "cvc_check"),
    ("4000000000000036", "address_postal_code_check"),
    ("4000000000000028", "address_line1_check"),
]


@pytest.mark.parametrize("number, check", CHECKS)
def test_a_check_fails_and_the_payment_passes(number, check):
    method = stripe.PaymentMethod.create(
        type="card",
        card={"number": number, "exp_month": 11, "exp_year": 2034, "cvc": "314"},
        billing_details={"address": {"line1": "510 Townsend St", "postal_code": "94103"}},
    )
    paid = shop.pay(method.id, expand=["latest_charge"])
    assert paid.status == "succeeded"
    assert paid.latest_charge.payment_method_details.card.checks[check] == "fail"
