"""Which events each flow leaves, in Stripe's order."""

import time

import pytest
import stripe

import challenge
import shop


def since(before):
    """The types of the events that came after those counted before."""
    return shop.events()[before:]


def leaves(call, expected):
    """`call` leaves these events, in this order, and no other."""
    before = len(shop.events())
    try:
        result = call()
    except stripe.CardError as error:
        result = error
    assert since(before) == expected
    return result


CREATED = "payment_intent.created"
PAID = ["charge.succeeded", "payment_intent.succeeded"]
MANUAL = {"capture_method": "manual"}


def test_customers():
    made = leaves(lambda: stripe.Customer.create(name="Jenny"), ["customer.created"])
    leaves(lambda: stripe.Customer.modify(made.id, name="Jane"), ["customer.updated"])
    leaves(lambda: stripe.Customer.delete(made.id), ["customer.deleted"])
    created, updated, deleted = stripe.Event.list().data[::-1]
    assert updated.data.previous_attributes.to_dict() == {"name": "Jenny"}
    assert updated.data.object.name == "Jane"
    assert "previous_attributes" not in created.data
    assert deleted.data.object.name == "Jane"
    assert "deleted" not in deleted.data.object
    assert deleted.request.idempotency_key is None
    assert created.request.id.startswith("req_")
    assert created.request.idempotency_key is not None
    assert created.api_version == "2026-08-26.dahlia"
    assert created.pending_webhooks == 0


def test_payment_methods():
    customer = shop.customer()
    method = leaves(lambda: shop.card("4242424242424242"), [])
    leaves(
        lambda: stripe.PaymentMethod.attach(method, customer=customer),
        ["payment_method.attached"],
    )
    leaves(lambda: stripe.PaymentMethod.attach(method, customer=customer), [])
    leaves(
        lambda: stripe.PaymentMethod.modify(method, metadata={"a": "b"}),
        ["payment_method.updated"],
    )
    leaves(lambda: stripe.PaymentMethod.detach(method), ["payment_method.detached"])
    assert stripe.Event.list(limit=1).data[0].data.previous_attributes.to_dict() == {
        "customer": customer
    }
    assert stripe.Event.list(type="payment_method.created").data == []


def test_a_payment_in_two_steps():
    intent = leaves(
        lambda: stripe.PaymentIntent.create(amount=2000, currency="usd", capture_method="automatic"),
        [CREATED],
    )
    leaves(lambda: stripe.PaymentIntent.modify(intent.id, amount=2100), [])
    leaves(
        lambda: stripe.PaymentIntent.confirm(intent.id, payment_method="pm_card_visa"), PAID
    )


def test_a_payment_that_saves():
    customer = shop.customer()
    leaves(
        lambda: shop.pay(
            "pm_card_visa",
            customer=customer,
            setup_future_usage="off_session",
            capture_method="automatic",
        ),
        [CREATED, "charge.succeeded", "payment_method.attached", "payment_intent.succeeded"],
    )
    method = stripe.Customer.list_payment_methods(customer).data[0].id
    leaves(
        lambda: shop.pay(
            method,
            customer=customer,
            setup_future_usage="off_session",
            capture_method="automatic",
        ),
        [CREATED, *PAID],
    )


def test_a_hold():
    held = leaves(
        lambda: shop.pay("pm_card_visa", **MANUAL),
        [CREATED, "charge.succeeded", "payment_intent.amount_capturable_updated"],
    )
    leaves(
        lambda: stripe.PaymentIntent.capture(held.id),
        ["charge.captured", "payment_intent.succeeded"],
    )
    held = shop.pay("pm_card_visa", **MANUAL)
    leaves(lambda: stripe.PaymentIntent.cancel(held.id), ["payment_intent.canceled"])


def test_declines():
    leaves(
        lambda: shop.pay("pm_card_chargeDeclined"),
        [CREATED, "charge.failed", "payment_intent.payment_failed"],
    )
    customer = shop.customer()
    method = shop.attached("4000002500003155", customer)
    leaves(
        lambda: shop.charge_later(customer, method),
        [CREATED, "charge.failed", "payment_intent.payment_failed"],
    )
    method = shop.attached("pm_card_threeDSecure2Required", customer)
    leaves(
        lambda: shop.charge_later(customer, method),
        [CREATED, "payment_intent.payment_failed"],
    )


@pytest.mark.parametrize(
    "press, expected",
    [
        (challenge.complete,
         ["charge.succeeded", "payment_method.attached", "payment_intent.succeeded"]),
        (challenge.fail, ["payment_intent.payment_failed"]),
    ],
)  # fmt: skip
def test_a_challenge(press, expected):
    intent = leaves(
        lambda: shop.pay(
            "pm_card_authenticationRequired",
            customer=shop.customer(),
            setup_future_usage="off_session",
            capture_method="automatic",
        ),
        ["customer.created", CREATED, "payment_intent.requires_action"],
    )
    leaves(lambda: press(intent), expected)


def test_setups():
    customer = shop.customer()
    setup = leaves(lambda: stripe.SetupIntent.create(customer=customer), ["setup_intent.created"])
    leaves(
        lambda: stripe.SetupIntent.confirm(setup.id, payment_method="pm_card_visa"),
        ["payment_method.attached", "setup_intent.succeeded"],
    )
    leaves(
        lambda: stripe.SetupIntent.create(
            customer=customer, payment_method="pm_card_chargeDeclined", confirm=True
        ),
        ["setup_intent.created", "setup_intent.setup_failed"],
    )
    asked = leaves(
        lambda: stripe.SetupIntent.create(
            customer=customer, payment_method="pm_card_authenticationRequired", confirm=True
        ),
        ["setup_intent.created", "setup_intent.requires_action"],
    )
    leaves(
        lambda: challenge.complete(asked), ["payment_method.attached", "setup_intent.succeeded"]
    )
    gone = stripe.SetupIntent.create(customer=customer)
    leaves(lambda: stripe.SetupIntent.cancel(gone.id), ["setup_intent.canceled"])


def test_the_balance_transaction_lands_a_moment_later():
    """`automatic_async`: the charge shows it a second later, and an event says so."""
    paid = shop.pay("pm_card_visa", expand=["latest_charge"])
    assert paid.capture_method == "automatic_async"
    assert paid.latest_charge.balance_transaction is None
    ends = time.monotonic() + 10
    while "charge.updated" not in shop.events() and time.monotonic() < ends:
        time.sleep(0.1)
    assert shop.events() == [CREATED, *PAID, "charge.updated"]
    event = stripe.Event.list(type="charge.updated").data[0]
    assert event.data.previous_attributes.to_dict() == {"balance_transaction": None}
    assert event.data.object.balance_transaction.startswith("txn_")
    assert event.request.id is None
    charge = stripe.Charge.retrieve(paid.latest_charge.id, expand=["balance_transaction"])
    assert charge.balance_transaction.id == event.data.object.balance_transaction
    found = stripe.BalanceTransaction.retrieve(charge.balance_transaction.id)
    assert (found.amount, found.fee, found.net) == (2000, 88, 1912)
    assert (found.type, found.status) == ("charge", "pending")


def test_money_comes_to_be_available():
    """At its instant where it was pending, at once where it never is; as a balance of then."""

    def told(count):
        ends = time.monotonic() + 10
        found = []
        while len(found) < count and time.monotonic() < ends:
            found = stripe.Event.list(type="balance.available").data[::-1]
            time.sleep(0.05)
        return found

    waits = shop.pay("pm_card_visa", expand=["latest_charge.balance_transaction"],
                     capture_method="automatic").latest_charge.balance_transaction
    assert waits.status == "pending"
    shop.pay("pm_card_bypassPending")
    (at_once,) = told(1)
    assert isinstance(at_once.data.object, stripe.Balance)
    assert at_once.data.object.available[0].amount == waits.net
    assert at_once.data.object.pending[0].amount == waits.net
    client = stripe.StripeClient(stripe.api_key, base_addresses={"api": stripe.api_base})
    client.raw_request("post", "/onfile/v1/test/clock", to=waits.available_on + 5 * 86_400)
    first, later = told(2)
    assert first.to_dict() == at_once.to_dict()
    assert later.created == waits.available_on
    assert later.data.object.available[0].amount == 2 * waits.net
    assert later.data.object.to_dict() == stripe.Balance.retrieve().to_dict()
    assert later.request.to_dict() == {"id": None, "idempotency_key": None}


def test_a_charge_is_updated():
    paid = shop.pay("pm_card_visa", capture_method="automatic")
    leaves(
        lambda: stripe.Charge.modify(paid.latest_charge, description="Order 6735"),
        ["charge.updated"],
    )


def test_an_event_stays_as_it_was():
    customer = stripe.Customer.create(name="Jenny")
    event = stripe.Event.list().data[0]
    stripe.Customer.modify(customer.id, name="Jane")
    again = stripe.Event.retrieve(event.id)
    assert again.data.object.name == "Jenny"
    assert again.to_dict() == event.to_dict()


def test_filters():
    shop.customer()
    shop.pay("pm_card_visa", capture_method="automatic")
    wild = stripe.Event.list(type="payment_intent.*").data
    assert [event.type for event in wild] == [PAID[1], CREATED]
    some = stripe.Event.list(types=["customer.created", "charge.succeeded"]).data
    assert [event.type for event in some] == ["charge.succeeded", "customer.created"]
    walked = [event.type for event in stripe.Event.list(limit=1).auto_paging_iter()]
    assert walked == [PAID[1], PAID[0], CREATED, "customer.created"]
