"""What the rules refuse on intents, in Stripe's words."""

import pytest
import stripe

import challenge
import shop


def at(status):
    """A PaymentIntent in that state."""
    customer = shop.customer()
    if status == "requires_payment_method":
        return stripe.PaymentIntent.create(amount=2000, currency="usd")
    if status == "requires_confirmation":
        return stripe.PaymentIntent.create(
            amount=2000, currency="usd", payment_method="pm_card_visa"
        )
    if status == "requires_action":
        return shop.pay("pm_card_authenticationRequired", customer=customer)
    if status == "requires_capture":
        return shop.pay("pm_card_visa", capture_method="manual")
    if status == "canceled":
        return stripe.PaymentIntent.cancel(at("requires_confirmation").id)
    assert status == "succeeded"
    return shop.pay("pm_card_visa")


ALL = [
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
    "requires_capture",
    "canceled",
    "succeeded",
]

CONFIRMED = "You cannot confirm this PaymentIntent because it has"
CANCELABLE = (
    "Only a PaymentIntent with one of the following statuses may be canceled: "
    "requires_payment_method, requires_capture, requires_reauthorization, requires_confirmation, "
    "requires_action, expired, processing."
)


def is_state_refusal(error, intent, message):
    assert error["code"] == "payment_intent_unexpected_state"
    assert error["message"] == message
    assert error["payment_intent"]["id"] == intent.id
    assert error["payment_intent"]["status"] == intent.status


@pytest.mark.parametrize("status", ALL)
def test_states(status):
    assert at(status).status == status


@pytest.mark.parametrize("status", [state for state in ALL if state != "requires_capture"])
def test_capture_of_what_is_not_held(status):
    intent = at(status)
    error = shop.refused(lambda: stripe.PaymentIntent.capture(intent.id))
    if status == "succeeded":
        text = (
            "The remaining amount on this PaymentIntent could not be captured because the "
            "remainder of the authorized amount has been released."
        )
    else:
        text = (
            f"This PaymentIntent could not be captured because it has a status of {status}. Only "
            "a PaymentIntent with one of the following statuses may be captured: requires_capture."
        )
    is_state_refusal(error, intent, text)


@pytest.mark.parametrize(
    "amount, code, param, message",
    [
        (2001, "amount_too_large", None,
         "The payment could not be captured because the requested capture amount is greater than "
         "the amount you can capture for this charge. Contact us via "
         "https://support.stripe.com/contact/ for help."),
        (0, "parameter_invalid_integer", "amount",
         "This value must be greater than or equal to 1."),
        (-1, None, "amount_to_capture", "Invalid non-negative integer"),
    ],
)  # fmt: skip
def test_capture_of_a_wrong_amount(amount, code, param, message):
    held = at("requires_capture")
    error = shop.refused(
        lambda: stripe.PaymentIntent.capture(held.id, amount_to_capture=amount)
    )
    assert (error.get("code"), error["message"]) == (code, message)
    if param:
        assert error["param"] == param
    assert error["payment_intent"]["status"] == "requires_capture"
    assert stripe.PaymentIntent.capture(held.id).amount_received == 2000


@pytest.mark.parametrize("status", ["succeeded", "canceled"])
def test_cancel_at_the_end(status):
    intent = at(status)
    error = shop.refused(lambda: stripe.PaymentIntent.cancel(intent.id))
    is_state_refusal(
        error,
        intent,
        f"You cannot cancel this PaymentIntent because it has a status of {status}. {CANCELABLE}",
    )


@pytest.mark.parametrize("status", [state for state in ALL if state not in ALL[4:]])
def test_cancel_before_the_end(status):
    intent = at(status)
    gone = stripe.PaymentIntent.cancel(intent.id, cancellation_reason="abandoned")
    assert gone.status == "canceled"
    assert gone.cancellation_reason == "abandoned"
    assert gone.canceled_at >= gone.created
    assert gone.next_action is None
    assert gone.amount_capturable == 0
    assert gone.payment_method == intent.payment_method
    if status == "requires_capture":
        charge = stripe.Charge.retrieve(gone.latest_charge)
        assert (charge.status, charge.captured, charge.refunded) == ("succeeded", False, False)


def test_cancel_for_an_unknown_reason():
    intent = at("requires_confirmation")
    error = shop.refused(
        lambda: stripe.PaymentIntent.cancel(intent.id, cancellation_reason="bored")
    )
    assert error["message"] == (
        "Invalid cancellation_reason: must be one of abandoned, duplicate, fraudulent, or "
        "requested_by_customer"
    )
    assert error["param"] == "cancellation_reason"


def test_confirm_without_a_method():
    intent = at("requires_payment_method")
    error = shop.refused(lambda: stripe.PaymentIntent.confirm(intent.id))
    is_state_refusal(
        error,
        intent,
        "You cannot confirm this PaymentIntent because it's missing a payment method. You can "
        "either update the PaymentIntent with a payment method and then confirm it again, or "
        "confirm it again directly with a payment method or ConfirmationToken.",
    )
    customer = shop.customer()
    intent = stripe.PaymentIntent.create(amount=2000, currency="usd", customer=customer)
    error = shop.refused(lambda: stripe.PaymentIntent.confirm(intent.id))
    is_state_refusal(
        error,
        intent,
        "You cannot confirm this PaymentIntent because it's missing a payment method. To confirm "
        f"the PaymentIntent with {customer}, specify a payment method attached to this customer "
        "along with the customer ID.",
    )


def test_confirm_at_the_end():
    paid = at("succeeded")
    error = shop.refused(lambda: stripe.PaymentIntent.confirm(paid.id))
    is_state_refusal(
        error,
        paid,
        f"{CONFIRMED} already succeeded after being previously confirmed.",
    )
    gone = at("canceled")
    error = shop.refused(
        lambda: stripe.PaymentIntent.confirm(gone.id, payment_method="pm_card_visa")
    )
    is_state_refusal(
        error,
        gone,
        "This PaymentIntent's payment_method could not be updated because it has a status of "
        "canceled. You may only update the payment_method of a PaymentIntent with one of the "
        "following statuses: requires_payment_method, requires_confirmation, requires_action.",
    )
    error = shop.refused(lambda: stripe.PaymentIntent.confirm(gone.id))
    is_state_refusal(
        error,
        gone,
        f"{CONFIRMED} a status of canceled. Only a PaymentIntent with one of the following "
        "statuses may be confirmed: requires_confirmation, requires_action.",
    )


def test_off_session_and_setup_exclude_each_other():
    customer = shop.customer()
    method = shop.saved("pm_card_visa", customer)
    text = (
        "You cannot confirm with the `off_session` parameter when `setup_future_usage` is also "
        "set on the PaymentIntent because you cannot set up future usages when processing "
        "payments off-session."
    )
    error = shop.refused(
        lambda: shop.charge_later(customer, method, setup_future_usage="off_session")
    )
    assert error["message"] == text


@pytest.mark.parametrize("name, value", [("off_session", True), ("return_url", "https://a.test")])
def test_only_with_confirm(name, value):
    error = shop.refused(
        lambda: stripe.PaymentIntent.create(amount=2000, currency="usd", **{name: value})
    )
    assert error["message"] == (
        f"The parameter `{name}` cannot be passed when creating a PaymentIntent unless `confirm` "
        "is set to true."
    )
    assert stripe.PaymentIntent.list().data == []


@pytest.mark.parametrize("status", ["requires_capture", "succeeded", "canceled"])
def test_update_of_the_amount_too_late(status):
    intent = at(status)
    error = shop.refused(lambda: stripe.PaymentIntent.modify(intent.id, amount=3000))
    is_state_refusal(
        error,
        intent,
        f"This PaymentIntent's amount could not be updated because it has a status of {status}. "
        "You may only update the amount of a PaymentIntent with one of the following statuses: "
        "requires_payment_method, requires_confirmation, requires_action.",
    )
    assert error["param"] == "amount"


def test_updates():
    intent = at("requires_confirmation")
    changed = stripe.PaymentIntent.modify(
        intent.id, amount=2500, description="Order 6735", setup_future_usage="on_session"
    )
    assert (changed.amount, changed.description) == (2500, "Order 6735")
    assert changed.setup_future_usage == "on_session"
    assert stripe.PaymentIntent.modify(intent.id, setup_future_usage="").setup_future_usage is None
    paid = stripe.PaymentIntent.confirm(intent.id)
    assert paid.amount_received == 2500
    later = stripe.PaymentIntent.modify(paid.id, metadata={"note": "x"}, description="y")
    assert (later.status, later.description) == ("succeeded", "y")


def test_another_method_during_a_challenge():
    intent = at("requires_action")
    changed = stripe.PaymentIntent.modify(intent.id, payment_method="pm_card_visa")
    assert changed.status == "requires_confirmation"
    assert changed.next_action is None
    assert stripe.PaymentIntent.confirm(intent.id).status == "succeeded"


def test_a_challenge_of_yesterday_changes_nothing():
    intent = at("requires_action")
    url = challenge.address(intent)
    stripe.PaymentIntent.cancel(intent.id)
    try:
        challenge.press(url, challenge.COMPLETE)
    except (AssertionError, KeyError):
        pass  # The page may say that there is nothing to answer.
    assert stripe.PaymentIntent.retrieve(intent.id).status == "canceled"


def test_confirmed_by_the_server():
    intent = shop.pay(
        "pm_card_authenticationRequired", customer=shop.customer(), confirmation_method="manual"
    )
    assert intent.status == "requires_action"
    challenge.complete(intent)
    waiting = stripe.PaymentIntent.retrieve(intent.id)
    assert waiting.status == "requires_confirmation"
    assert waiting.latest_charge is None
    assert stripe.PaymentIntent.confirm(intent.id).status == "succeeded"


# ---- SetupIntents


def test_setup_confirm_without_a_method():
    text = (
        "You cannot confirm this SetupIntent because it's missing a payment method. You can "
        "either update the SetupIntent with a payment method and then confirm it again, or "
        "confirm it again directly with a payment method or ConfirmationToken."
    )
    setup = stripe.SetupIntent.create()
    gone = stripe.SetupIntent.cancel(stripe.SetupIntent.create().id)
    for intent in (setup, gone):
        error = shop.refused(lambda: stripe.SetupIntent.confirm(intent.id))
        assert (error["code"], error["message"]) == ("setup_intent_unexpected_state", text)
        assert error["setup_intent"]["id"] == intent.id


def setup_at(status):
    made = stripe.SetupIntent.create(payment_method="pm_card_visa")
    if status == "succeeded":
        return stripe.SetupIntent.confirm(made.id)
    return stripe.SetupIntent.cancel(made.id)


@pytest.mark.parametrize(
    "verb, status, message",
    [
        ("confirm", "succeeded",
         "You cannot confirm this SetupIntent because it has already succeeded."),
        ("confirm", "canceled",
         "You cannot confirm this SetupIntent because it has been canceled."),
        ("cancel", "succeeded",
         "You cannot cancel this SetupIntent because it has a status of succeeded. Only a "
         "SetupIntent with one of the following statuses may be canceled: "
         "`requires_payment_method`, `requires_confirmation`, or `requires_action`."),
        ("cancel", "canceled",
         "You cannot cancel this SetupIntent because it is already canceled."),
    ],
)  # fmt: skip
def test_setups_at_the_end(verb, status, message):
    setup = setup_at(status)
    error = shop.refused(lambda: getattr(stripe.SetupIntent, verb)(setup.id))
    assert (error["code"], error["message"]) == ("setup_intent_unexpected_state", message)
    assert error["setup_intent"]["status"] == status


def test_update_of_a_finished_setup():
    setup = setup_at("succeeded")
    error = shop.refused(
        lambda: stripe.SetupIntent.modify(setup.id, payment_method="pm_card_visa")
    )
    assert error["message"] == (
        "You cannot update this SetupIntent because it has already succeeded."
    )
    changed = stripe.SetupIntent.modify(setup.id, metadata={"a": "b"}, description="kept")
    assert (changed.metadata.a, changed.description) == ("b", "kept")


def test_a_new_attempt_abandons_the_old_one():
    setup = stripe.SetupIntent.create(
        customer=shop.customer(), payment_method="pm_card_authenticationRequired", confirm=True
    )
    assert setup.status == "requires_action"
    stripe.SetupIntent.confirm(setup.id, payment_method="pm_card_visa")
    attempts = stripe.SetupAttempt.list(setup_intent=setup.id).data
    assert [attempt.status for attempt in attempts] == ["succeeded", "abandoned"]
