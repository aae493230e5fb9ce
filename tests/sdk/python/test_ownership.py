"""Whose a payment method is, and how often it may be used: the exact refusals."""

import stripe

import shop

USED = (
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer "
    "attachment, shared with a connected account without Customer attachment, or was detached from "
    "a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach "
    "it to a Customer first."
)
GONE = (
    "This PaymentMethod was previously used without being attached to a Customer or was detached "
    "from a Customer, and may not be used again."
)


def is_refusal(error, message, code=None, param=None, carries=None):
    """The error says this and names nothing else."""
    assert error["type"] == "invalid_request_error"
    assert error["message"] == message
    assert error.get("code") == code
    assert error.get("param") == param
    for intent in ("payment_intent", "setup_intent"):
        assert (intent in error) == (intent == carries)


def two_customers():
    one, other = shop.customer(), shop.customer()
    return one, other, shop.attached("pm_card_visa", other)


def test_a_payment_for_another_customer():
    one, _, method = two_customers()
    text = (
        f"The PaymentMethod {method} does not belong to the Customer you supplied {one}. Please "
        "use this PaymentMethod with the Customer that it belongs to instead."
    )
    error = shop.refused(lambda: shop.pay(method, customer=one))
    is_refusal(error, text, param="payment_method")
    intent = stripe.PaymentIntent.create(amount=2000, currency="usd", customer=one)
    error = shop.refused(lambda: stripe.PaymentIntent.confirm(intent.id, payment_method=method))
    is_refusal(error, text, param="payment_method", carries="payment_intent")
    assert stripe.PaymentIntent.retrieve(intent.id).payment_method is None


def test_a_payment_without_the_customer():
    _, other, method = two_customers()
    text = (
        f"The `payment_method` parameter supplied {method} belongs to the Customer {other}. Please "
        "include the Customer in the `customer` parameter on the PaymentIntent."
    )
    intent = stripe.PaymentIntent.create(amount=2000, currency="usd")
    error = shop.refused(lambda: stripe.PaymentIntent.confirm(intent.id, payment_method=method))
    is_refusal(error, text, "parameter_missing", "source", carries="payment_intent")


def test_a_setup_for_another_customer():
    one, other, method = two_customers()
    wrong = (
        f"The PaymentMethod {method} does not belong to the Customer you supplied {one}. Please "
        "use this PaymentMethod with the Customer that it belongs to instead."
    )
    error = shop.refused(
        lambda: stripe.SetupIntent.create(customer=one, payment_method=method, confirm=True)
    )
    is_refusal(error, wrong, param="payment_method")
    setup = stripe.SetupIntent.create(customer=one)
    error = shop.refused(lambda: stripe.SetupIntent.confirm(setup.id, payment_method=method))
    is_refusal(error, wrong, param="payment_method", carries="setup_intent")

    absent = (
        f"The payment method supplied ({method}) belongs to the Customer {other}. Please include "
        "the Customer in the `customer` parameter on the SetupIntent."
    )
    setup = stripe.SetupIntent.create()
    error = shop.refused(lambda: stripe.SetupIntent.confirm(setup.id, payment_method=method))
    is_refusal(error, absent, param="payment_method", carries="setup_intent")


def test_an_unattached_method_is_used_once():
    method = shop.card("4242424242424242")
    assert shop.pay(method).status == "succeeded"
    is_refusal(
        shop.refused(lambda: shop.pay(method)),
        USED,
    )
    customer = shop.customer()
    error = shop.refused(lambda: stripe.PaymentMethod.attach(method, customer=customer))
    is_refusal(error, GONE)


def test_a_customer_alone_does_not_save_the_card():
    customer = shop.customer()
    method = shop.card("4242424242424242")
    assert shop.pay(method, customer=customer).status == "succeeded"
    assert stripe.PaymentMethod.retrieve(method).customer is None
    error = shop.refused(lambda: shop.pay(method, customer=customer))
    assert error["message"] == USED


def test_set_up_without_a_customer_waits_for_one():
    method = shop.card("4242424242424242")
    setup = stripe.SetupIntent.create(payment_method=method, confirm=True)
    assert setup.status == "succeeded"
    assert shop.refused(lambda: shop.pay(method))["message"] == USED
    customer = shop.customer()
    stripe.PaymentMethod.attach(method, customer=customer)
    assert shop.charge_later(customer, method).status == "succeeded"


def test_attached_to_one_customer_only():
    one, other, method = two_customers()
    error = shop.refused(lambda: stripe.PaymentMethod.attach(method, customer=one))
    is_refusal(error, "The payment method you provided has already been attached to a customer.")
    assert stripe.PaymentMethod.attach(method, customer=other).customer == other


def test_detached_for_good():
    customer = shop.customer()
    method = shop.saved("pm_card_visa", customer)
    assert stripe.PaymentMethod.detach(method).customer is None
    error = shop.refused(lambda: stripe.PaymentMethod.detach(method))
    is_refusal(
        error,
        "The payment method you provided is not attached to a customer so detachment is "
        "impossible.",
    )
    error = shop.refused(lambda: stripe.PaymentMethod.attach(method, customer=customer))
    is_refusal(error, GONE)
    assert shop.refused(lambda: shop.pay(method))["message"] == USED
    assert stripe.Customer.list_payment_methods(customer).data == []


def test_a_deleted_customer_comes_first():
    customer = shop.customer()
    method = shop.attached("pm_card_visa", customer)
    stripe.PaymentMethod.detach(method)
    stripe.Customer.delete(customer)
    error = shop.refused(lambda: stripe.PaymentMethod.attach(method, customer=customer))
    is_refusal(error, f"No such customer: '{customer}'", "resource_missing", "customer")


def test_the_default_must_be_the_customers_own():
    one, _, method = two_customers()
    error = shop.refused(
        lambda: stripe.Customer.modify(
            one, invoice_settings={"default_payment_method": method}
        )
    )
    is_refusal(
        error,
        f"The customer does not have a payment method with the ID {method}. The payment method "
        "must be attached to the customer.",
        "resource_missing",
        "invoice_settings[default_payment_method]",
    )


def test_an_unattached_method_cannot_be_updated():
    method = shop.card("4242424242424242")
    error = shop.refused(lambda: stripe.PaymentMethod.modify(method, metadata={"a": "b"}))
    is_refusal(
        error, "You must save this PaymentMethod to a customer before you can update it."
    )


def test_a_method_is_not_attached_while_it_is_made():
    customer = shop.customer()
    error = shop.refused(
        lambda: stripe.PaymentMethod.create(
            type="card", card={"token": "tok_visa"}, customer=customer
        )
    )
    is_refusal(
        error,
        "You cannot attach a PaymentMethod to a Customer during PaymentMethod creation. Please "
        "instead create the PaymentMethod and then attach it using the attachment method of the "
        "PaymentMethods API.",
    )


def test_another_worlds_objects_are_not_there(world):
    customer = shop.customer()
    elsewhere = world + "2"
    error = shop.refused(
        lambda: stripe.Customer.retrieve(customer, api_key=elsewhere), status=404
    )
    is_refusal(error, f"No such customer: '{customer}'", "resource_missing", "id")


def test_aliases_are_new_cards_each_time():
    one, other = stripe.PaymentMethod.retrieve("pm_card_visa"), shop.card("4242424242424242")
    assert one.id.startswith("pm_") and one.id != "pm_card_visa"
    other = stripe.PaymentMethod.retrieve(other)
    assert one.id != other.id
    assert one.card.fingerprint == other.card.fingerprint
    assert one.card.last4 == "4242"
