"""Time that moves: the world's clock, and Stripe's test clocks."""

import stripe

import shop
from shop import refused

WEEK = 7 * 86_400


def client():
    return stripe.StripeClient(stripe.api_key, base_addresses={"api": stripe.api_base})


def now():
    return client().raw_request("get", "/onfile/v1/test/clock").data["now"]


def advance(seconds):
    answer = client().raw_request("post", "/onfile/v1/test/clock", advance=seconds)
    assert answer.data["object"] == "clock"
    return answer.data["now"]


def test_a_hold_ends_when_the_clock_says_so():
    hold = shop.pay("pm_card_visa", capture_method="manual", payment_method_types=["card"],
                    stripe_version="2026-08-26.dahlia")
    began = now()
    assert advance(WEEK) >= began + WEEK
    ended = stripe.PaymentIntent.retrieve(hold.id)
    assert (ended.status, ended.cancellation_reason) == ("canceled", "expired")
    assert shop.events()[-2:] == ["charge.expired", "payment_intent.canceled"]


def test_a_saved_card_expires():
    customer = shop.customer()
    card = shop.saved("pm_card_visa", customer)
    assert shop.charge_later(customer, card).status == "succeeded"
    advance(3 * 366 * 86_400)
    error = shop.declined(lambda: shop.charge_later(customer, card))
    assert error["code"] == "expired_card"


def test_the_clock_does_not_go_back():
    error = refused(lambda: client().raw_request("post", "/onfile/v1/test/clock", to=1))
    assert error["param"] == "to"


def test_a_test_clock_and_its_customers():
    began = now()
    clock = stripe.test_helpers.TestClock.create(frozen_time=began, name="renewals")
    assert (clock.status, clock.name, clock.frozen_time) == ("ready", "renewals", began)
    customer = stripe.Customer.create(test_clock=clock.id)
    assert customer.test_clock == clock.id
    hold = stripe.PaymentIntent.create(
        amount=1099,
        currency="usd",
        customer=customer.id,
        payment_method="pm_card_visa",
        capture_method="manual",
        confirm=True,
        automatic_payment_methods={"enabled": True, "allow_redirects": "never"},
    )
    clock = clock.advance(frozen_time=began + WEEK)
    assert clock.status == "advancing"
    # What falls due is done by the time that the world's clock has moved on by nothing.
    advance(0)
    clock = stripe.test_helpers.TestClock.retrieve(clock.id)
    assert (clock.status, clock.frozen_time) == ("ready", began + WEEK)
    assert stripe.PaymentIntent.retrieve(hold.id).status == "canceled"
    assert [it.id for it in stripe.test_helpers.TestClock.list().data] == [clock.id]
    assert clock.delete().deleted
    assert stripe.Customer.retrieve(customer.id).deleted
    error = refused(lambda: stripe.test_helpers.TestClock.retrieve(clock.id), status=404)
    assert error["code"] == "resource_missing"


def test_a_lost_answer_is_made_good_by_the_sdk():
    client().raw_request("post", "/onfile/v1/test/faults", kind="lost", path="/v1/customers")
    stripe.max_network_retries, before = 2, stripe.max_network_retries
    try:
        made = stripe.Customer.create(email="once@example.com")
    finally:
        stripe.max_network_retries = before
    assert [it.id for it in stripe.Customer.list().data] == [made.id]


def test_a_world_from_a_file_is_kept_and_brought_back():
    made = client().raw_request("post", "/onfile/v1/test/fixture", name="shop").data
    assert made["object"] == "world"
    snapshot = client().raw_request("post", "/onfile/v1/test/snapshots").data["id"]
    stripe.Customer.delete("cus_000001jennyros")
    changes = client().raw_request("get", "/onfile/v1/test/changes", since=snapshot).data
    assert [it["id"] for it in changes["deleted"]] == ["cus_000001jennyros"]
    client().raw_request("post", f"/onfile/v1/test/snapshots/{snapshot}/restore")
    assert stripe.Customer.retrieve("cus_000001jennyros").name == "Jenny Rosen"
