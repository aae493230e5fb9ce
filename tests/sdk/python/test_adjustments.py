"""Orders whose total changes, by the SDK's raw requests: each road, its declines, its preview."""

import stripe

import challenge
import shop

PATH = "/onfile/v1/adjustments"


def client():
    return stripe.StripeClient(stripe.api_key, base_addresses={"api": stripe.api_base})


def adjust(intent, amount, **more):
    """The order's new total."""
    asked = dict(payment_intent=intent, amount=amount, **more)
    return client().raw_request("post", PATH, **asked).data


def adjustment(id):
    return client().raw_request("get", f"{PATH}/{id}").data


def totals(it):
    names = ["amount_authorized", "amount_captured", "amount_refunded", "amount_owed"]
    return [it[name] for name in names]


def went(it):
    return f"{it['status']} {it['road']}"


def order(amount=1099, number="4242424242424242", **more):
    """An order that was paid, or held, with a card that may be charged later."""
    customer = shop.customer()
    paid = shop.pay(
        shop.card(number),
        amount=amount,
        customer=customer,
        setup_future_usage="off_session",
        **more,
    )
    return shop.settled(paid)


def taken(*intents):
    """What the payments took, less what was given back."""
    charges = [
        stripe.PaymentIntent.retrieve(intent, expand=["latest_charge"]).latest_charge
        for intent in intents
    ]
    return sum(charge.amount_captured - charge.amount_refunded for charge in charges)


def test_update_before_it_is_paid():
    intent = stripe.PaymentIntent.create(amount=1099, currency="usd")
    it = adjust(intent.id, 1549)
    assert went(it) == "succeeded update"
    assert it["previous_amount"] == 1099
    assert stripe.PaymentIntent.retrieve(intent.id).amount == 1549
    paid = stripe.PaymentIntent.confirm(intent.id, payment_method="pm_card_visa")
    assert paid.amount_received == 1549


def test_charge_the_difference():
    intent = order()
    it = adjust(intent.id, 1549, reason="Express shipping", metadata={"agent": "7"})
    assert went(it) == "succeeded charge"
    assert totals(it) == [0, 1549, 0, 0]
    [made] = it["payment_intents"]
    difference = stripe.PaymentIntent.retrieve(made)
    assert (difference.amount, difference.status) == (450, "succeeded")
    assert difference.customer == intent.customer
    assert it["chain"]["payment_intents"] == [intent.id, made]
    assert taken(intent.id, made) == 1549
    # The order may be named by any of its payments, and read again.
    assert adjustment(it["id"]) == it
    listed = client().raw_request("get", PATH, payment_intent=made).data
    assert [one["id"] for one in listed["data"]] == [it["id"]]


def test_refund_what_is_too_much():
    intent = order()
    [made] = adjust(intent.id, 1549)["payment_intents"]
    it = adjust(intent.id, 900)
    assert went(it) == "succeeded refund"
    assert totals(it) == [0, 1549, 649, 0]
    assert len(it["refunds"]) == 2
    refunded = {one: stripe.Refund.retrieve(one) for one in it["refunds"]}
    assert sorted(refund.amount for refund in refunded.values()) == [199, 450]
    assert taken(intent.id, made) == 900


def test_nothing_owed():
    intent = order()
    where = {"name": "Jenny", "address": {"line1": "Elm Street 5"}}
    it = adjust(intent.id, 1099, shipping=where)
    assert went(it) == "succeeded none"
    assert stripe.PaymentIntent.retrieve(intent.id).shipping.name == "Jenny"


def test_lower_a_hold():
    intent = order(capture_method="manual")
    it = adjust(intent.id, 700)
    assert went(it) == "succeeded reverse"
    held = stripe.PaymentIntent.retrieve(intent.id)
    assert (held.amount, held.amount_capturable) == (1099, 700)
    assert stripe.PaymentIntent.capture(intent.id).amount_received == 700
    assert taken(intent.id) == 700


def test_let_a_hold_go():
    intent = order(capture_method="manual")
    it = adjust(intent.id, 0)
    assert went(it) == "succeeded reverse"
    assert stripe.PaymentIntent.retrieve(intent.id).status == "canceled"


def test_raise_a_hold():
    options = {"card": {"request_incremental_authorization": "if_available"}}
    intent = order(capture_method="manual", payment_method_options=options)
    it = adjust(intent.id, 1110)
    assert went(it) == "succeeded increment"
    assert it["payment_intents"] == []
    held = stripe.PaymentIntent.retrieve(intent.id)
    assert (held.amount, held.amount_capturable) == (1110, 1110)


def test_hold_the_difference_a_second_time():
    intent = order(capture_method="manual")
    it = adjust(intent.id, 1600)
    assert went(it) == "succeeded authorize"
    [second] = it["payment_intents"]
    assert totals(it) == [1600, 0, 0, 0]
    # Each is captured by a call of its own.
    for held in (intent.id, second):
        assert stripe.PaymentIntent.capture(held).status == "succeeded"
    assert totals(adjustment(it["id"])) == [0, 1600, 0, 0]


def test_a_total_that_is_a_sum():
    intent = order()
    it = client().raw_request(
        "post",
        PATH,
        payment_intent=intent.id,
        line_items=[{"quantity": 3, "unit_amount": 450}, {"unit_amount": 99}],
        shipping_cost=200,
        tax=101,
    ).data
    assert went(it) == "succeeded charge"
    assert it["amount"] == 3 * 450 + 99 + 200 + 101


def test_look_before():
    intent = order()
    seen = client().raw_request(
        "post", f"{PATH}/preview", payment_intent=intent.id, amount=1549
    ).data
    assert (seen["object"], seen["road"]) == ("adjustment_preview", "charge")
    assert seen["difference"] == 450
    assert [one["code"] for one in seen["could_refuse"]] == [
        "authentication_required",
        "card_declined",
    ]
    assert stripe.Charge.list(customer=intent.customer).data[0].amount == 1099


def test_the_customer_completes_what_the_bank_wants_them_for():
    # This bank wants the customer each time, however the card was saved.
    intent = order(number="4000002760003184")
    assert intent.status == "succeeded"
    it = adjust(intent.id, 1549)
    assert went(it) == "requires_customer charge"
    assert it["last_payment_error"]["code"] == "authentication_required"
    assert totals(it) == [0, 1099, 0, 450]
    [made] = it["payment_intents"]
    asked = stripe.PaymentIntent.confirm(made, payment_method=intent.payment_method)
    challenge.complete(asked)
    after = adjustment(it["id"])
    assert went(after) == "succeeded charge"
    assert totals(after) == [0, 1549, 0, 0]


def test_refusals_are_the_sdks_own_errors():
    intent = order()
    error = shop.refused(lambda: adjust(intent.id, 1120))
    assert (error["code"], error["param"]) == ("amount_too_small", "amount")
    both = dict(line_items=[{"unit_amount": 1099}])
    error = shop.refused(lambda: adjust(intent.id, 1099, **both))
    assert error["code"] == "parameters_exclusive"
    error = shop.refused(lambda: adjust(intent.id, 1549, currency="eur"))
    assert error["param"] == "currency"
    stripe.PaymentIntent.cancel(held := order(capture_method="manual").id)
    error = shop.refused(lambda: adjust(held, 700))
    assert error["code"] == "payment_intent_unexpected_state"


def test_the_same_again_is_one_charge():
    intent = order()
    key = f"order {intent.id}, shipped by air"
    first, again = (adjust(intent.id, 1549, idempotency_key=key) for _ in range(2))
    assert first == again
    assert taken(intent.id, *first["payment_intents"]) == 1549
