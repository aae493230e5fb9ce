"""Pages, expansion, metadata."""

import pytest
import stripe

import shop


def customers(number):
    return [stripe.Customer.create(name=f"number {n}").id for n in range(number)]


def test_auto_pagination_both_ways():
    made = customers(7)
    newest_first = made[::-1]
    forward = [it.id for it in stripe.Customer.list(limit=2).auto_paging_iter()]
    assert forward == newest_first
    back = stripe.Customer.list(limit=2, ending_before=made[0]).auto_paging_iter()
    assert [it.id for it in back] == made[1:]


def test_a_page():
    made = customers(12)
    page = stripe.Customer.list()
    assert [it.id for it in page.data] == made[::-1][:10]
    assert page.has_more is True
    assert page.url == "/v1/customers"
    rest = page.next_page()
    assert [it.id for it in rest.data] == made[:2][::-1]
    assert rest.has_more is False
    before = stripe.Customer.list(ending_before=made[5], limit=3)
    assert [it.id for it in before.data] == made[6:9][::-1]
    assert before.has_more is True


@pytest.mark.parametrize("limit, length", [(0, 1), (-1, 1), (3, 3), (1000, 5)])
def test_limits_are_clamped(limit, length):
    customers(5)
    assert len(stripe.Customer.list(limit=limit).data) == length


def test_what_lists_refuse():
    made = customers(2)
    error = shop.refused(lambda: stripe.Customer.list(limit="many"))
    assert (error["code"], error["param"]) == ("parameter_invalid_integer", "limit")
    error = shop.refused(lambda: stripe.Customer.list(starting_after="cus_none"))
    assert (error["code"], error["param"]) == ("resource_missing", "starting_after")
    error = shop.refused(
        lambda: stripe.Customer.list(starting_after=made[0], ending_before=made[1])
    )
    assert error["message"] == (
        "Received both starting_after and ending_before parameters. Please pass in only one."
    )


def test_filters():
    one = stripe.Customer.create(email="one@example.com").id
    other = stripe.Customer.create(email="Two@example.com").id
    assert [it.id for it in stripe.Customer.list(email="Two@example.com").data] == [other]
    assert stripe.Customer.list(email="two@example.com").data == []
    for customer in (one, other):
        shop.pay("pm_card_visa", customer=customer)
    assert len(stripe.PaymentIntent.list(customer=one).data) == 1
    intent = stripe.PaymentIntent.list(customer=one).data[0]
    assert [it.id for it in stripe.Charge.list(payment_intent=intent.id).data] == [
        intent.latest_charge
    ]
    assert stripe.Charge.list(customer=other).data[0].customer == other
    assert len(stripe.PaymentIntent.list(created={"gte": intent.created}).data) == 2
    assert stripe.PaymentIntent.list(created={"lt": intent.created - 5}).data == []


def test_payment_methods_of_a_customer():
    customer = shop.customer()
    first = shop.saved("pm_card_visa", customer)
    second = shop.saved("pm_card_mastercard", customer)
    page = stripe.Customer.list_payment_methods(customer)
    assert page.url == f"/v1/customers/{customer}/payment_methods"
    assert [it.id for it in page.data] == [second, first]
    assert [it.id for it in stripe.PaymentMethod.list(customer=customer, type="card").data] == [
        second,
        first,
    ]
    assert stripe.PaymentMethod.list().data == []
    assert stripe.Customer.retrieve_payment_method(customer, first).id == first
    error = shop.refused(lambda: stripe.PaymentMethod.list(customer="cus_none"))
    assert (error["code"], error["param"]) == ("resource_missing", "customer")
    error = shop.refused(
        lambda: stripe.Customer.retrieve_payment_method(shop.customer(), first), status=404
    )
    assert (error["message"], error["param"]) == ("Invalid request", "customer")
    walked = stripe.Customer.list_payment_methods(customer, limit=1).auto_paging_iter()
    assert [it.id for it in walked] == [second, first]


def test_expand():
    customer = shop.customer()
    intent = shop.pay(
        "pm_card_visa",
        customer=customer,
        capture_method="automatic",
        expand=["customer", "payment_method", "latest_charge.balance_transaction"],
    )
    assert intent.customer.id == customer
    assert intent.payment_method.card.last4 == "4242"
    transaction = intent.latest_charge.balance_transaction
    assert transaction.amount == 2000
    assert transaction.fee == 88
    assert transaction.net == 1912
    assert transaction.source == intent.latest_charge.id
    plain = stripe.PaymentIntent.retrieve(intent.id)
    assert plain.customer == customer
    page = stripe.PaymentIntent.list(expand=["data.customer"])
    assert page.data[0].customer.id == customer


def test_what_cannot_be_expanded():
    error = shop.refused(
        lambda: stripe.PaymentIntent.create(amount=2000, currency="usd", expand=["foo"])
    )
    assert error["message"] == "This property cannot be expanded (foo)."
    assert stripe.PaymentIntent.list().data == []
    error = shop.refused(
        lambda: stripe.PaymentIntent.list(expand=["data.latest_charge.customer.x.y"])
    )
    assert error["code"] == "property_expansion_max_depth"
    assert "doc_url" not in error


def test_metadata():
    intent = stripe.PaymentIntent.create(
        amount=2000, currency="usd", metadata={"order": "6735", "size": "9"}
    )
    changed = stripe.PaymentIntent.modify(intent.id, metadata={"size": "10", "color": "red"})
    assert changed.metadata.to_dict() == {"order": "6735", "size": "10", "color": "red"}
    less = stripe.PaymentIntent.modify(intent.id, metadata={"order": ""})
    assert less.metadata.to_dict() == {"size": "10", "color": "red"}
    paid = stripe.PaymentIntent.confirm(intent.id, payment_method="pm_card_visa")
    charge = stripe.Charge.retrieve(paid.latest_charge)
    assert charge.metadata.to_dict() == {"size": "10", "color": "red"}
    none = stripe.PaymentIntent.modify(intent.id, metadata="")
    assert none.metadata.to_dict() == {}
    assert stripe.Charge.retrieve(paid.latest_charge).metadata.to_dict() != {}


@pytest.mark.parametrize(
    "metadata, message",
    [
        ({"k" * 41: "v"},
         "Metadata keys can have up to 40 characters, but you passed in a key that is 41 "
         f"characters. Invalid key: {'k' * 41}"),
        ({"k": "v" * 501},
         "Metadata values can have up to 500 characters, but you passed in a value that is 501 "
         f"characters. Invalid value: {'v' * 501}"),
        ({f"k{n}": "v" for n in range(51)},
         "Metadata can have up to 50 keys, but you've set 51."),
    ],
    ids=["key", "value", "count"],
)  # fmt: skip
def test_metadata_limits(metadata, message):
    error = shop.refused(lambda: stripe.Customer.create(metadata=metadata))
    assert (error["message"], error["param"]) == (message, "metadata")


def test_a_customer_from_beginning_to_end():
    made = stripe.Customer.create(
        name="Jenny Rosen",
        email="jenny@example.com",
        address={"line1": "510 Townsend St", "country": "US"},
        shipping={"name": "Jenny Rosen", "address": {"city": "Dublin"}},
        preferred_locales=["de", "en"],
    )
    assert made.address.to_dict() == {
        "city": None,
        "country": "US",
        "line1": "510 Townsend St",
        "line2": None,
        "postal_code": None,
        "state": None,
    }
    changed = stripe.Customer.modify(made.id, name="Jenny", phone="+1555", email="")
    assert (changed.name, changed.phone, changed.email) == ("Jenny", "+1555", None)
    assert stripe.Customer.retrieve(made.id).preferred_locales == ["de", "en"]
    gone = stripe.Customer.delete(made.id)
    assert gone.to_dict() == {"id": made.id, "object": "customer", "deleted": True}
    assert stripe.Customer.retrieve(made.id).deleted is True
    assert stripe.Customer.list().data == []
    error = shop.refused(lambda: stripe.Customer.modify(made.id, name="x"), status=404)
    assert error["message"] == f"No such customer: '{made.id}'"
