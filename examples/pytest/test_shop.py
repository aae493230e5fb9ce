"""How an app's tests look with onfile: nothing sleeps, and nothing is shared by accident."""

import pytest
import stripe

JENNY = "cus_000001jennyros"
HER_CARD = "pm_10000004jennyscard000001"
ADAS_HOLD = "pi_3000000Dadashold00000001"


def charge_monthly(world, **options):
    """The app's own code, in a few lines."""
    params = {
        "amount": 1900,
        "currency": "usd",
        "customer": JENNY,
        "payment_method": HER_CARD,
        "off_session": True,
        "confirm": True,
    }
    return world.stripe.v1.payment_intents.create(params, options)


def test_a_saved_card_is_charged_again(shop):
    after = shop.last_event()
    assert charge_monthly(shop).status == "succeeded"
    (event,) = shop.wait_for("payment_intent.succeeded", after=after)
    assert event["data"]["object"]["customer"] == JENNY


def test_each_test_begins_with_the_same_world(shop):
    # The charge of the test before is not there.
    assert len(shop.stripe.v1.charges.list({"customer": JENNY}).data) == 3


def test_a_hold_ends_after_a_week(shop):
    after = shop.last_event()
    shop.advance(days=7)
    shop.wait_for("charge.expired", "payment_intent.canceled", after=after, count=2)
    assert shop.stripe.v1.payment_intents.retrieve(ADAS_HOLD).status == "canceled"


def test_a_card_expires(shop):
    shop.advance(days=3 * 366)
    with pytest.raises(stripe.CardError) as caught:
        charge_monthly(shop)
    assert caught.value.code == "expired_card"


def test_what_a_charge_changes(shop):
    before = shop.snapshot()
    charge_monthly(shop)
    changes = shop.changes(before)
    made = {it["object"] for it in changes["created"]}
    assert {"payment_intent", "charge", "balance_transaction"} <= made
    assert changes["deleted"] == []


def test_a_lost_answer_charges_once(shop):
    shop.fail("lost", path="/v1/payment_intents", count=1)
    options = {"idempotency_key": "march", "max_network_retries": 2}
    assert charge_monthly(shop, **options).status == "succeeded"
    assert len(shop.stripe.v1.charges.list({"customer": JENNY}).data) == 4


def test_the_app_hears_of_a_charge(shop, app):
    after = shop.last_event()
    charge_monthly(shop)
    shop.wait_for("charge.succeeded", after=after, delivered=True)
    assert app.paid == {JENNY: 1900}


def test_the_app_counts_once_what_comes_twice(shop, app):
    shop.fail("twice", type="charge.succeeded")
    after = shop.last_event()
    charge_monthly(shop)
    shop.wait_for("charge.succeeded", after=after, delivered=True)
    assert app.heard.count("charge.succeeded") == 2
    assert app.paid == {JENNY: 1900}


def test_the_app_takes_events_in_any_order(shop, app):
    shop.fail("out_of_order", type="charge.succeeded")
    after = shop.last_event()
    charge_monthly(shop)
    types = ["charge.succeeded", "payment_intent.succeeded"]
    shop.wait_for(*types, after=after, count=2, delivered=True)
    assert app.heard == types[::-1]
    assert app.paid == {JENNY: 1900}


def test_the_app_is_told_again_of_what_it_missed(shop, app):
    shop.fail("fail", path="/webhook", status=503, type="charge.succeeded")
    after = shop.last_event()
    charge_monthly(shop)
    (event,) = shop.wait_for("charge.succeeded", after=after)
    shop.advance(minutes=10)
    (delivery,) = shop.deliveries(event["id"])
    assert [it["http_status"] for it in delivery["tries"]] == [503, 204]
    assert app.paid == {JENNY: 1900}


def test_a_world_of_its_own(world):
    customer = world.stripe.v1.customers.create({"email": "new@example.com"})
    assert [it.id for it in world.stripe.v1.customers.list().data] == [customer.id]
    world.reset()
    assert world.stripe.v1.customers.list().data == []
