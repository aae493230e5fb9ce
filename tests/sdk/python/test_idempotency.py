"""A request that is sent twice is done once."""

import threading

import pytest
import stripe

import shop

ORDER = {"amount": 2000, "currency": "usd"}


def create(key, **more):
    return stripe.PaymentIntent.create(**{**ORDER, **more}, idempotency_key=key)


def test_the_same_answer_again():
    first, again = create("order-1"), create("order-1")
    assert first.id == again.id
    assert first.last_response.body == again.last_response.body
    head, more = first.last_response.headers, again.last_response.headers
    assert head["Idempotency-Key"] == more["Idempotency-Key"] == "order-1"
    assert head["Original-Request"] == head["Request-Id"]
    assert more["Original-Request"] == head["Request-Id"]
    assert more["Request-Id"] != head["Request-Id"]
    assert more["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in head
    assert head["Stripe-Should-Retry"] == "false"
    assert len(stripe.PaymentIntent.list().data) == 1


def test_other_parameters():
    create("order-1")
    error = shop.refused(
        lambda: create("order-1", amount=2001), kind=stripe.IdempotencyError
    )
    assert error == {
        "message": "Keys for idempotent requests can only be used with the same parameters they "
        "were first used with. Try using a key other than 'order-1' if you meant to execute a "
        "different request.",
        "type": "idempotency_error",
    }


def test_another_call():
    create("order-1")
    error = shop.refused(
        lambda: stripe.Customer.create(idempotency_key="order-1"), kind=stripe.IdempotencyError
    )
    # Which of the two comes first is not recorded.
    message = error["message"].replace(
        "('/v1/payment_intents' vs '/v1/customers')", "('/v1/customers' vs '/v1/payment_intents')"
    )
    assert message == (
        "Keys for idempotent requests can only be used for the same endpoint they were first used "
        "for ('/v1/customers' vs '/v1/payment_intents'). Try using a key other than 'order-1' if "
        "you meant to execute a different request."
    )


def test_a_decline_is_kept_too():
    bodies = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as caught:
            create("order-2", payment_method="pm_card_visa_chargeDeclined", confirm=True)
        bodies.append(caught.value.http_body)
    assert bodies[0] == bodies[1]
    assert len(stripe.Charge.list().data) == 1


def test_a_decline_is_kept_although_the_intent_went_on():
    with pytest.raises(stripe.CardError) as caught:
        create("order-3", payment_method="pm_card_visa_chargeDeclined", confirm=True)
    intent = caught.value.error.payment_intent.id
    stripe.PaymentIntent.confirm(intent, payment_method="pm_card_visa")
    with pytest.raises(stripe.CardError) as again:
        create("order-3", payment_method="pm_card_visa_chargeDeclined", confirm=True)
    assert again.value.http_body == caught.value.http_body
    assert stripe.PaymentIntent.retrieve(intent).status == "succeeded"


def test_a_parameter_error_is_not_kept():
    shop.refused(lambda: create("order-4", amount="many"))
    assert create("order-4").amount == 2000


def test_what_is_missing_is_kept():
    def take():
        return stripe.PaymentIntent.capture("pi_none", idempotency_key="order-5")

    shop.refused(take, status=404)
    with pytest.raises(stripe.InvalidRequestError) as again:
        take()
    assert again.value.headers["Idempotent-Replayed"] == "true"


def test_keys_are_of_one_world(world):
    first = create("order-6")
    other = stripe.PaymentIntent.create(**ORDER, idempotency_key="order-6", api_key=world + "2")
    assert first.id != other.id


def test_many_at_once_are_one_charge():
    """Eight times the same request together: one charge, one answer."""
    customer = shop.customer()
    method = shop.saved("pm_card_visa", customer)
    key, world = "order-7", stripe.api_key
    answers, problems = [], []

    def send():
        client = stripe.StripeClient(
            world, base_addresses={"api": stripe.api_base}, max_network_retries=4
        )
        try:
            intent = client.v1.payment_intents.create(
                {
                    **ORDER,
                    "customer": customer,
                    "payment_method": method,
                    "off_session": True,
                    "confirm": True,
                },
                {"idempotency_key": key},
            )
            answers.append(intent.last_response.body)
        except stripe.StripeError as error:
            problems.append(error)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(answers) == 8 and len(set(answers)) == 1
    assert len(stripe.Charge.list().data) == 1


def test_many_confirms_are_one_charge():
    """Eight confirms of one intent together, each with a key of its own: one of them charges."""
    intent = stripe.PaymentIntent.create(**ORDER, payment_method="pm_card_visa")
    world = stripe.api_key
    statuses, codes = [], []

    def send():
        client = stripe.StripeClient(
            world, base_addresses={"api": stripe.api_base}, max_network_retries=0
        )
        try:
            statuses.append(client.v1.payment_intents.confirm(intent.id).status)
        except (stripe.InvalidRequestError, stripe.RateLimitError) as error:
            codes.append(error.code)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == ["succeeded"]
    assert len(codes) == 7
    assert set(codes) <= {"payment_intent_unexpected_state", "lock_timeout"}
    assert len(stripe.Charge.list(payment_intent=intent.id).data) == 1
