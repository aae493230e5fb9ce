"""The test cards that ask for authentication, in each phase of a card's life."""

import pytest
import stripe

import challenge
import shop

# What a phase comes to. `A then x`: the customer completes the challenge, and x is the end of it.
S = "succeeds"
A_S = "asks, then succeeds"
A_F = "asks, then insufficient_funds"
A_D = "asks, then card_declined"
D = "card_declined"
F = "insufficient_funds"
AR = "authentication_required, with a failed charge"
AR_0 = "authentication_required, without a charge"
NO = None

# number, alias | attach, set-up, payment, off session after attach, off session after set-up
CARDS = [
    ("4000002500003155", "pm_card_authenticationRequiredOnSetup", S, A_S, A_S, AR, S),
    ("4000002760003184", "pm_card_authenticationRequired", S, A_S, A_S, AR, AR),
    ("4000003800000446", "pm_card_authenticationRequiredSetupForOffSession", S, A_S, A_S, S, S),
    ("4000008260003178", "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
     S, A_S, A_F, AR, F),
    ("4000000000003220", "pm_card_threeDSecure2Required", S, A_S, A_S, AR_0, S),
    ("4000000000003063", "pm_card_threeDSecureRequired", S, A_S, A_S, AR_0, S),
    ("4000008400000027", None, S, A_S, A_S, AR_0, S),
    ("4000008400001629", "pm_card_threeDSecureRequiredChargeDeclined", S, A_S, A_D, AR_0, D),
    ("4000008400001280", "pm_card_threeDSecureRequiredProcessingError", S, D, D, AR_0, NO),
    ("4000000000003055", "pm_card_threeDSecureOptional", S, S, S, S, S),
    ("4000000000003097", "pm_card_threeDSecureOptionalProcessingError", S, S, S, S, S),
    ("4242424242424242", "pm_card_visa", S, S, S, S, S),
    ("378282246310005", "pm_card_amex_threeDSecureNotSupported", S, S, S, S, S),
    ("4000000032200000", None, S, S, S, AR_0, AR_0),
    ("4000582600000094", None, S, A_S, A_S, AR_0, S),
    ("4000582600000045", None, S, A_S, A_S, AR_0, S),
    ("4000582600000102", None, S, A_S, A_S, AR_0, S),
    ("4000582600000110", None, S, A_S, A_S, AR_0, S),
]  # fmt: skip


def came_to(call):
    """One of the words above, for what a confirmation came to in the end."""
    try:
        intent = call()
    except stripe.CardError as error:
        return of_error(error.json_body["error"])
    if intent.status == "succeeded":
        return S
    assert intent.status == "requires_action", intent.status
    assert intent.object == "setup_intent" or intent.latest_charge is None
    challenge.complete(intent)
    intent = type(intent).retrieve(intent.id)
    if intent.status == "succeeded":
        return A_S
    assert intent.status == "requires_payment_method"
    reason = intent.last_payment_error.decline_code
    return {"insufficient_funds": A_F, "generic_decline": A_D}[reason]


def of_error(error):
    if error["code"] == "authentication_required":
        return AR if "charge" in error else AR_0
    assert error["code"] == "card_declined"
    return F if error["decline_code"] == "insufficient_funds" else D


def cvc(number):
    return "3141" if number.startswith("37") else "314"


@pytest.mark.parametrize(
    "number, alias, attach, setup, payment, unprepared, prepared", CARDS, ids=lambda it: str(it)
)
def test_phases(number, alias, attach, setup, payment, unprepared, prepared):
    methods = [alias] if alias else []
    methods.append(shop.card(number, cvc=cvc(number)))
    assert attach == S
    for method in methods:
        customer = shop.customer()
        attached = stripe.PaymentMethod.attach(method, customer=customer).id
        assert came_to(lambda: shop.charge_later(customer, attached)) == unprepared

    method = alias or shop.card(number, cvc=cvc(number))
    assert came_to(lambda: shop.pay(method)) == payment

    customer = shop.customer()
    method = shop.card(number, cvc=cvc(number))
    made = stripe.SetupIntent.create(customer=customer, payment_method=method)
    assert came_to(lambda: stripe.SetupIntent.confirm(made.id)) == setup
    if prepared is not NO:
        assert stripe.PaymentMethod.retrieve(method).customer == customer
        assert came_to(lambda: shop.charge_later(customer, method)) == prepared


@pytest.mark.parametrize(
    "number, later",
    [
        ("4242424242424242", S),
        ("4000002500003155", AR),
        ("4000002760003184", AR),
        ("4000003800000446", S),
        ("4000008260003178", AR),
        ("4000000000003220", AR_0),
    ],
)
def test_set_up_on_session_only(number, later):
    customer = shop.customer()
    method = shop.saved(number, customer, usage="on_session")
    assert came_to(lambda: shop.charge_later(customer, method)) == later


@pytest.mark.parametrize("number", ["4000002500003155", "4000003800000446"])
def test_paid_with_setup_then_charged_later(number):
    customer = shop.customer()
    method = shop.card(number)
    intent = shop.pay(method, customer=customer, setup_future_usage="off_session")
    assert shop.settled(intent).status == "succeeded"
    assert came_to(lambda: shop.charge_later(customer, method)) == S


MOTO = {"card": {"moto": True}}


@pytest.mark.parametrize(
    "number, outcome",
    [("4000002500003155", S), ("4000003800000446", S), ("4000002760003184", AR)],
)
def test_by_mail_or_telephone(number, outcome):
    method = shop.card(number)
    assert came_to(lambda: shop.pay(method, payment_method_options=MOTO)) == outcome


@pytest.mark.parametrize("wish", ["any", "challenge"])
def test_three_d_secure_on_request(wish):
    options = {"card": {"request_three_d_secure": wish}}
    method = "pm_card_threeDSecureOptional"
    assert came_to(lambda: shop.pay(method, payment_method_options=options)) == A_S
    paid = shop.pay("pm_card_visa", payment_method_options=options, expand=["latest_charge"])
    secure = paid.latest_charge.payment_method_details.card.three_d_secure
    assert secure.result == "attempt_acknowledged"
    paid = shop.pay(
        "pm_card_amex_threeDSecureNotSupported",
        payment_method_options=options,
        expand=["latest_charge"],
    )
    secure = paid.latest_charge.payment_method_details.card.three_d_secure
    assert secure.result == "not_supported"


def test_error_on_requires_action():
    error = shop.declined(
        lambda: stripe.PaymentIntent.create(
            amount=2000,
            currency="usd",
            payment_method="pm_card_authenticationRequiredOnSetup",
            allowed_payment_method_types=["card"],
            error_on_requires_action=True,
            confirm=True,
        )
    )
    assert error["code"] == "authentication_required"
    assert error["decline_code"] == "authentication_not_handled"
    assert error["payment_intent"]["status"] == "requires_payment_method"
    assert "charge" not in error
