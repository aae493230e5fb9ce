"""Holds: taken in parts, beyond their amount, raised, kept for longer."""

import pytest
import stripe

import shop

WEEK = 7 * 86_400
KINDS = ["extended_authorization", "incremental_authorization", "multicapture", "overcapture"]


def held(card="pm_card_visa", *kinds, **more):
    """A hold of 20.00 that asks for these kinds of more."""
    wish = {f"request_{kind}": "if_available" for kind in kinds or KINDS}
    options = {"card": wish}
    return shop.pay(card, capture_method="manual", payment_method_options=options, **more)


def later(seconds):
    """Moves the world's clock; what falls due is done when this returns."""
    client = stripe.StripeClient(stripe.api_key, base_addresses={"api": stripe.api_base})
    assert client.raw_request("post", "/onfile/v1/test/clock", advance=seconds).code == 200


def card_of(intent):
    charge = stripe.Charge.retrieve(intent.latest_charge)
    return charge.payment_method_details.card


def sums(intent):
    return intent.status, intent.amount, intent.amount_capturable, intent.amount_received


def raised(intent, amount, **more):
    return stripe.PaymentIntent.increment_authorization(intent.id, amount=amount, **more)


@pytest.mark.parametrize(
    "card, extended, incremental, parts",
    [
        ("pm_card_visa", "enabled", "available", "available"),
        ("pm_card_mastercard", "enabled", "available", "available"),
        ("pm_card_unionpay", "disabled", "available", "unavailable"),
        ("pm_card_jcb", "disabled", "unavailable", "unavailable"),
    ],
)
def test_what_a_network_can_do(card, extended, incremental, parts):
    shown = card_of(held(card))
    assert shown.extended_authorization.status == extended
    assert shown.incremental_authorization.status == incremental
    assert shown.multicapture.status == parts
    assert shown.overcapture.status == parts
    most = 2300 if parts == "available" else 2000
    assert shown.overcapture.maximum_amount_capturable == most


def test_captured_in_parts():
    intent = held()
    before = len(shop.events())
    part = intent.capture(amount_to_capture=500, final_capture=False)
    assert sums(part) == ("requires_capture", 2000, 1500, 500)
    assert shop.events()[before:] == ["charge.updated", "payment_intent.amount_capturable_updated"]
    told = stripe.Event.list(type="payment_intent.amount_capturable_updated").data[0].data
    assert told.previous_attributes.to_dict() == {"amount_capturable": 2000, "amount_received": 0}
    charge = stripe.Charge.retrieve(intent.latest_charge)
    assert (charge.captured, charge.amount_captured) == (False, 500)
    error = shop.refused(lambda: intent.cancel())
    assert error["code"] == "payment_intent_unexpected_state"
    error = shop.refused(lambda: raised(intent, 3000))
    assert error["code"] == "payment_intent_unexpected_state"

    before = len(shop.events())
    last = intent.capture(amount_to_capture=700)
    assert sums(last) == ("succeeded", 2000, 0, 1200)
    assert shop.events()[before:] == ["charge.captured", "payment_intent.succeeded"]
    charge = stripe.Charge.retrieve(intent.latest_charge)
    assert (charge.captured, charge.amount_captured, charge.amount_refunded) == (True, 1200, 0)
    movements = stripe.BalanceTransaction.list(source=charge.id).data
    assert [it.amount for it in movements] == [700, 500]
    assert charge.balance_transaction == movements[0].id
    assert stripe.Refund.create(payment_intent=intent.id).amount == 1200


def test_the_rest_is_let_go_by_capturing_nothing():
    intent = held()
    error = shop.refused(lambda: intent.capture(amount_to_capture=0))
    assert (error["code"], error["param"]) == ("parameter_invalid_integer", "amount")
    intent.capture(amount_to_capture=500, final_capture=False)
    closed = intent.capture(amount_to_capture=0, final_capture=True)
    assert sums(closed) == ("succeeded", 2000, 0, 500)


def test_a_part_is_all_when_the_hold_ends():
    intent = held("pm_card_visa", "multicapture")
    intent.capture(amount_to_capture=500, final_capture=False)
    later(WEEK)
    ended = stripe.PaymentIntent.retrieve(intent.id)
    assert sums(ended) == ("succeeded", 2000, 0, 500)


def test_captured_once_where_nobody_asked():
    intent = shop.pay("pm_card_visa", capture_method="manual")
    error = shop.refused(lambda: intent.capture(amount_to_capture=500, final_capture=False))
    assert (error["code"], error["param"]) == (
        "payment_intent_invalid_parameter",
        "final_capture",
    )
    error = shop.refused(lambda: intent.capture(amount_to_capture=2001))
    assert error["code"] == "amount_too_large"
    assert error["payment_intent"]["status"] == "requires_capture"
    error = shop.refused(lambda: raised(intent, 3000))
    assert error["code"] == "payment_intent_unexpected_state"
    assert sums(intent.capture(amount_to_capture=500)) == ("succeeded", 2000, 0, 500)


def test_captured_beyond_the_hold():
    intent = held()
    error = shop.refused(lambda: intent.capture(amount_to_capture=2301))
    assert error["code"] == "amount_too_large"
    taken = intent.capture(amount_to_capture=2300)
    assert sums(taken) == ("succeeded", 2300, 0, 2300)
    charge = stripe.Charge.retrieve(intent.latest_charge)
    assert (charge.amount, charge.amount_captured) == (2300, 2300)
    assert charge.payment_method_details.card.amount_authorized == 2000


def test_raised():
    intent = held()
    before = len(shop.events())
    higher = raised(intent, 3000, description="with a hat", metadata={"hats": "1"})
    assert sums(higher) == ("requires_capture", 3000, 3000, 0)
    assert (higher.description, higher.metadata["hats"]) == ("with a hat", "1")
    assert shop.events()[before:] == ["payment_intent.amount_capturable_updated", "charge.updated"]
    assert card_of(intent).amount_authorized == 3000
    for amount, code in [
        (3000, "payment_intent_invalid_parameter"),
        (10_001, "amount_too_large"),
        (0, "parameter_invalid_integer"),
    ]:
        error = shop.refused(lambda: raised(intent, amount))
        assert (error["code"], error["param"]) == (code, "amount")
    assert sums(intent.capture()) == ("succeeded", 3000, 0, 3000)
    error = shop.refused(lambda: raised(intent, 4000))
    assert error["code"] == "payment_intent_unexpected_state"


def test_ten_times_at_most():
    intent = held()
    for more in range(1, 11):
        raised(intent, 2000 + more)
    error = shop.refused(lambda: raised(intent, 3000))
    assert error["code"] == "payment_intent_unexpected_state"
    assert "10 times" in error["message"]


def test_a_no_leaves_the_hold():
    # Its bank asks for the customer each time, and nobody is there for an increment.
    intent = shop.settled(held("pm_card_authenticationRequired"))
    assert intent.status == "requires_capture"
    before = len(shop.events())
    error = shop.declined(lambda: raised(intent, 3000, description="with a hat"))
    assert (error["type"], error["code"]) == ("card_error", "authentication_required")
    assert "charge" not in error
    same = stripe.PaymentIntent.retrieve(intent.id)
    assert (same.description, same.last_payment_error) == (None, None)
    assert sums(same) == ("requires_capture", 2000, 2000, 0)
    assert shop.events()[before:] == []
    assert sums(same.capture()) == ("succeeded", 2000, 0, 2000)


def test_raised_with_nobody_there():
    customer = shop.customer()
    card = shop.saved("4000002500003155", customer)
    wish = {"card": {"request_incremental_authorization": "if_available"}}
    intent = shop.charge_later(
        customer, card, capture_method="manual", payment_method_options=wish
    )
    assert sums(raised(intent, 9000)) == ("requires_capture", 9000, 9000, 0)


def test_kept_for_longer():
    intent = held("pm_card_visa", "extended_authorization")
    charge = stripe.Charge.retrieve(intent.latest_charge)
    ends = charge.payment_method_details.card.capture_before - charge.created
    assert ends == 29 * 86_400 + 18 * 3600
    later(4 * WEEK)
    assert sums(intent.capture()) == ("succeeded", 2000, 0, 2000)
