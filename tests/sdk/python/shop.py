"""What a shop does all day: the steps that many tests share."""

import pytest
import stripe

import challenge


def customer(**more):
    return stripe.Customer.create(email="jenny@example.com", **more).id


def card(number, **more):
    """A PaymentMethod made from a test number, attached to nobody."""
    data = {"number": number, "exp_month": 11, "exp_year": 2034, "cvc": "314", **more}
    return stripe.PaymentMethod.create(type="card", card=data).id


def attached(alias_or_number, to):
    """A card that a customer has, and that was not set up for anything."""
    method = card(alias_or_number) if alias_or_number.isdigit() else alias_or_number
    return stripe.PaymentMethod.attach(method, customer=to).id


def settled(intent):
    """The intent after the customer has completed what the bank asks, if it asks."""
    if intent.status != "requires_action":
        return intent
    challenge.complete(intent)
    return type(intent).retrieve(intent.id)


def saved(alias_or_number, to, usage="off_session", **more):
    """A card that was set up by a SetupIntent, with the customer there."""
    method = card(alias_or_number) if alias_or_number.isdigit() else alias_or_number
    intent = stripe.SetupIntent.create(
        customer=to, payment_method=method, usage=usage, confirm=True, **more
    )
    intent = settled(intent)
    assert intent.status == "succeeded"
    return intent.payment_method


def charge_later(customer_id, method, amount=2000, currency="usd", **more):
    """A charge with nobody there."""
    return stripe.PaymentIntent.create(
        amount=amount,
        currency=currency,
        customer=customer_id,
        payment_method=method,
        off_session=True,
        confirm=True,
        **more,
    )


def pay(method, amount=2000, currency="usd", **more):
    """A payment with the customer there."""
    return stripe.PaymentIntent.create(
        amount=amount, currency=currency, payment_method=method, confirm=True, **more
    )


def declined(call):
    """The error object of a call that the bank refuses."""
    with pytest.raises(stripe.CardError) as caught:
        call()
    assert caught.value.http_status == 402
    return caught.value.json_body["error"]


def refused(call, status=400, kind=stripe.InvalidRequestError):
    """The error object of a call that the rules refuse."""
    with pytest.raises(kind) as caught:
        call()
    assert caught.value.http_status == status
    return caught.value.json_body["error"]


def account(country, **more):
    """Moves the world's account to another country, for what follows."""
    client = stripe.StripeClient(stripe.api_key, base_addresses={"api": stripe.api_base})
    answer = client.raw_request("post", "/onfile/v1/test/account", country=country, **more)
    assert answer.code == 200
    return answer.data


def events():
    """The types of all events so far, the oldest first."""
    return [event.type for event in stripe.Event.list(limit=100).data][::-1]
