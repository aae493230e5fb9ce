"""European cards at European and American accounts: the rules of a region, never a list."""

import pytest
import stripe

import shop

GERMAN, FRENCH, AMERICAN = "4000002760000016", "4000002500000003", "4242424242424242"


def test_the_account_moves():
    moved = shop.account("DE")
    assert (moved["country"], moved["default_currency"]) == ("DE", "eur")
    moved = shop.account("GB", default_currency="eur")
    assert (moved["country"], moved["default_currency"]) == ("GB", "eur")
    own = stripe.Account.retrieve()
    assert (own.country, own.default_currency) == ("GB", "eur")


def saved_while_paying(usage, amount=8000):
    customer = shop.customer()
    method = shop.card(GERMAN)
    intent = shop.pay(
        method, amount=amount, currency="eur", customer=customer, setup_future_usage=usage
    )
    assert shop.settled(intent).status == "succeeded"
    return customer, method


def test_v2_saved_on_session_is_soft_declined_in_europe():
    shop.account("DE")
    customer, method = saved_while_paying("on_session")
    error = shop.declined(lambda: shop.charge_later(customer, method, currency="eur"))
    assert error["code"] == "authentication_required"
    assert error["charge"].startswith("ch_")
    failed = stripe.Charge.retrieve(error["charge"])
    assert failed.failure_code == "authentication_required"
    assert failed.outcome.network_status == "declined_by_network"


def test_saved_off_session_passes_in_europe():
    shop.account("DE")
    customer, method = saved_while_paying("off_session")
    assert shop.charge_later(customer, method, currency="eur").status == "succeeded"
    customer = shop.customer()
    method = shop.saved(GERMAN, customer)
    assert shop.charge_later(customer, method, currency="eur").status == "succeeded"


@pytest.mark.parametrize("upgrade", [True, False])
def test_v4_the_same_intent_on_session(upgrade):
    shop.account("DE")
    customer, method = saved_while_paying("on_session")
    error = shop.declined(lambda: shop.charge_later(customer, method, currency="eur"))
    more = {"setup_future_usage": "off_session"} if upgrade else {}
    again = stripe.PaymentIntent.confirm(
        error["payment_intent"]["id"], payment_method=method, **more
    )
    assert again.status == "requires_action"
    assert shop.settled(again).status == "succeeded"
    if upgrade:
        assert shop.charge_later(customer, method, currency="eur").status == "succeeded"
    else:
        error = shop.declined(lambda: shop.charge_later(customer, method, currency="eur"))
        assert error["code"] == "authentication_required"


def test_v13_american_card_at_an_american_account():
    customer = shop.customer()
    method = shop.card(AMERICAN)
    paid = shop.pay(method, customer=customer, setup_future_usage="off_session")
    assert paid.status == "succeeded"
    assert shop.charge_later(customer, method, amount=2000).status == "succeeded"


def test_v35_an_american_account_sees_it_only_above_50_eur():
    customer = shop.customer()
    method = shop.attached(FRENCH, customer)
    assert shop.charge_later(customer, method, amount=5500).status == "succeeded"
    error = shop.declined(lambda: shop.charge_later(customer, method, amount=5501))
    assert error["code"] == "authentication_required"


def test_v38_an_order_by_telephone_leaves_an_agreement():
    shop.account("DE")
    customer = shop.customer()
    method = shop.card(GERMAN)
    paid = shop.pay(
        method,
        currency="eur",
        customer=customer,
        setup_future_usage="off_session",
        payment_method_options={"card": {"moto": True}},
    )
    assert paid.status == "succeeded"
    assert shop.charge_later(customer, method, 50_000, "eur").status == "succeeded"


def test_british_rules_are_like_the_european_ones():
    shop.account("GB")
    customer = shop.customer()
    method = shop.card("4000008260000000")
    intent = shop.pay(
        method, 8000, "gbp", customer=customer, setup_future_usage="on_session"
    )
    assert shop.settled(intent).status == "succeeded"
    error = shop.declined(lambda: shop.charge_later(customer, method, currency="gbp"))
    assert error["code"] == "authentication_required"
    method = shop.saved("4000008260000000", customer)
    assert shop.charge_later(customer, method, currency="gbp").status == "succeeded"


def test_an_american_card_is_not_asked_in_europe():
    shop.account("DE")
    customer = shop.customer()
    method = shop.attached(AMERICAN, customer)
    assert shop.charge_later(customer, method, 20_000, "eur").status == "succeeded"
