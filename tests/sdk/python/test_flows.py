"""Saving a card and charging it later, as the README promises it."""

import stripe

import challenge
import shop


def test_the_literal_call():
    intent = stripe.PaymentIntent.create(
        amount=1099, currency="usd", setup_future_usage="off_session"
    )
    assert intent.id.startswith("pi_")
    assert intent.status == "requires_payment_method"
    assert intent.setup_future_usage == "off_session"
    assert intent.amount == 1099
    assert intent.livemode is False
    assert intent.client_secret.startswith(intent.id + "_secret_")


def test_save_while_paying():
    customer = shop.customer()
    intent = stripe.PaymentIntent.create(
        amount=1099, currency="usd", customer=customer, setup_future_usage="off_session"
    )
    method = shop.card("4242424242424242")
    paid = stripe.PaymentIntent.confirm(intent.id, payment_method=method)
    assert paid.status == "succeeded"
    assert paid.amount_received == 1099
    assert stripe.PaymentMethod.retrieve(method).customer == customer

    later = shop.charge_later(customer, method)
    assert later.status == "succeeded"
    assert later.setup_future_usage is None


def test_attached_only_after_the_customer_has_authenticated():
    customer = shop.customer()
    method = shop.card("4000002500003155")
    intent = shop.pay(method, customer=customer, setup_future_usage="off_session")
    assert intent.status == "requires_action"
    assert intent.latest_charge is None
    assert stripe.PaymentMethod.retrieve(method).customer is None

    challenge.complete(intent)
    paid = stripe.PaymentIntent.retrieve(intent.id, expand=["latest_charge"])
    assert paid.status == "succeeded"
    secure = paid.latest_charge.payment_method_details.card.three_d_secure
    assert secure.result == "authenticated"
    assert secure.authentication_flow == "challenge"
    assert stripe.PaymentMethod.retrieve(method).customer == customer
    assert shop.charge_later(customer, method).status == "succeeded"


def test_save_without_a_customer_and_attach_afterwards():
    method = shop.card("4242424242424242")
    paid = shop.pay(method, setup_future_usage="off_session")
    assert paid.status == "succeeded"
    assert stripe.PaymentMethod.retrieve(method).customer is None

    customer = shop.customer()
    assert stripe.PaymentMethod.attach(method, customer=customer).customer == customer
    assert shop.charge_later(customer, method).status == "succeeded"


def test_an_agreement_made_without_a_customer_wakes_when_attached():
    method = shop.card("4000002500003155")
    paid = shop.settled(shop.pay(method, setup_future_usage="off_session"))
    assert paid.status == "succeeded"
    customer = shop.customer()
    stripe.PaymentMethod.attach(method, customer=customer)
    assert shop.charge_later(customer, method).status == "succeeded"


def test_save_without_paying():
    customer = shop.customer()
    setup = stripe.SetupIntent.create(customer=customer)
    assert setup.status == "requires_payment_method"
    assert setup.usage == "off_session"
    done = stripe.SetupIntent.confirm(setup.id, payment_method="pm_card_visa")
    assert done.status == "succeeded"
    assert done.mandate is None

    method = stripe.PaymentMethod.retrieve(done.payment_method)
    assert method.customer == customer
    assert method.card.checks.cvc_check == "pass"
    for hint in (True, "one_off", "recurring"):
        paid = stripe.PaymentIntent.create(
            amount=500,
            currency="usd",
            customer=customer,
            payment_method=method.id,
            off_session=hint,
            confirm=True,
        )
        assert paid.status == "succeeded"


def test_set_up_with_a_challenge():
    customer = shop.customer()
    setup = stripe.SetupIntent.create(
        customer=customer, payment_method="pm_card_authenticationRequiredOnSetup", confirm=True
    )
    assert setup.status == "requires_action"
    assert setup.latest_attempt.startswith("setatt_")
    challenge.complete(setup)
    done = stripe.SetupIntent.retrieve(setup.id)
    assert done.status == "succeeded"
    attempts = stripe.SetupAttempt.list(setup_intent=setup.id).data
    assert [attempt.status for attempt in attempts] == ["succeeded"]
    assert attempts[0].payment_method_details.card.three_d_secure.result == "authenticated"
    assert shop.charge_later(customer, done.payment_method).status == "succeeded"


def test_be_refused_well():
    """Refused off session, brought back, and upgraded for the time after."""
    customer = shop.customer()
    method = shop.attached("4000002500003155", customer)
    error = shop.declined(lambda: shop.charge_later(customer, method))
    assert error["code"] == "authentication_required"
    assert error["decline_code"] == "authentication_required"
    assert error["message"] == "Your card was declined. This transaction requires authentication."
    assert error["payment_method"]["id"] == method
    assert error["charge"].startswith("ch_")
    intent = error["payment_intent"]
    assert intent["status"] == "requires_payment_method"
    assert intent["payment_method"] is None
    assert intent["last_payment_error"]["code"] == "authentication_required"
    assert intent["latest_charge"] == error["charge"]
    assert stripe.PaymentMethod.retrieve(method).customer == customer

    again = stripe.PaymentIntent.confirm(
        intent["id"], payment_method=method, setup_future_usage="off_session"
    )
    assert again.status == "requires_action"
    assert again.last_payment_error is None
    challenge.complete(again)
    assert stripe.PaymentIntent.retrieve(intent["id"]).status == "succeeded"
    assert shop.charge_later(customer, method).status == "succeeded"


def test_recovery_without_setup_leaves_the_agreement_as_it_was():
    customer = shop.customer()
    method = shop.attached("4000002500003155", customer)
    error = shop.declined(lambda: shop.charge_later(customer, method))
    again = stripe.PaymentIntent.confirm(error["payment_intent"]["id"], payment_method=method)
    assert shop.settled(again).status == "succeeded"
    error = shop.declined(lambda: shop.charge_later(customer, method))
    assert error["code"] == "authentication_required"


def test_an_agreement_is_raised_and_never_lowered():
    customer = shop.customer()
    method = shop.saved("4000002500003155", customer)
    lower = shop.settled(shop.pay(method, customer=customer, setup_future_usage="on_session"))
    assert lower.status == "succeeded"
    assert shop.charge_later(customer, method).status == "succeeded"


def test_a_failed_challenge_of_a_payment():
    customer = shop.customer()
    method = shop.card("4000002500003155")
    intent = shop.pay(method, customer=customer, setup_future_usage="off_session")
    challenge.fail(intent)
    failed = stripe.PaymentIntent.retrieve(intent.id)
    assert failed.status == "requires_payment_method"
    assert failed.payment_method is None
    assert failed.latest_charge is None
    problem = failed.last_payment_error
    assert problem.code == "payment_intent_authentication_failure"
    assert problem.type == "invalid_request_error"
    assert problem.message == (
        "We are unable to authenticate your payment method. Please choose a different payment "
        "method and try again."
    )
    assert problem.payment_method.id == method
    assert stripe.PaymentMethod.retrieve(method).customer is None
    assert stripe.PaymentIntent.confirm(
        intent.id, payment_method="pm_card_visa"
    ).status == "succeeded"


def test_a_failed_challenge_of_a_setup():
    setup = stripe.SetupIntent.create(
        customer=shop.customer(), payment_method=shop.card("4000002500003155"), confirm=True
    )
    challenge.fail(setup)
    failed = stripe.SetupIntent.retrieve(setup.id)
    assert failed.status == "requires_payment_method"
    assert failed.last_setup_error.code == "setup_intent_authentication_failure"


def test_the_way_back_to_the_shop():
    intent = shop.pay(
        shop.card("4000002500003155"),
        customer=shop.customer(),
        return_url="https://shop.example/done?order=6735",
    )
    action = intent.next_action
    assert action.type == "redirect_to_url"
    assert action.redirect_to_url.return_url == "https://shop.example/done?order=6735"
    assert action.redirect_to_url.url.startswith(stripe.api_base)
    answer = challenge.complete(intent)
    assert answer.status_code in (302, 303)
    assert answer.headers["location"] == (
        "https://shop.example/done?order=6735"
        f"&payment_intent={intent.id}"
        f"&payment_intent_client_secret={intent.client_secret}"
        "&redirect_status=succeeded"
    )


def test_the_way_back_of_a_failed_setup():
    setup = stripe.SetupIntent.create(
        customer=shop.customer(),
        payment_method=shop.card("4000002500003155"),
        return_url="https://shop.example/done",
        confirm=True,
    )
    answer = challenge.fail(setup)
    assert answer.headers["location"] == (
        "https://shop.example/done"
        f"?setup_intent={setup.id}"
        f"&setup_intent_client_secret={setup.client_secret}"
        "&redirect_status=failed"
    )


def test_a_hold_is_taken_the_next_day():
    customer = shop.customer()
    method = shop.saved("pm_card_visa", customer)
    held = shop.charge_later(customer, method, amount=5000, capture_method="manual")
    assert held.status == "requires_capture"
    assert held.amount_capturable == 5000
    taken = stripe.PaymentIntent.capture(held.id, amount_to_capture=4000)
    assert taken.status == "succeeded"
    assert (taken.amount, taken.amount_received, taken.amount_capturable) == (5000, 4000, 0)
    charge = stripe.Charge.retrieve(taken.latest_charge, expand=["balance_transaction"])
    assert (charge.captured, charge.amount_captured, charge.amount_refunded) == (True, 4000, 0)
    assert charge.balance_transaction.amount == 4000
    assert charge.balance_transaction.fee == 146
    assert charge.balance_transaction.net == 4000 - 146


def test_the_default_payment_method_is_charged():
    customer = shop.customer()
    method = shop.saved("pm_card_visa", customer)
    stripe.Customer.modify(customer, invoice_settings={"default_payment_method": method})
    paid = stripe.PaymentIntent.create(
        amount=700, currency="usd", customer=customer, off_session=True, confirm=True
    )
    assert paid.payment_method == method


def test_by_a_client():
    """The SDK's other style."""
    client = stripe.StripeClient(stripe.api_key, base_addresses={"api": stripe.api_base})
    customer = client.v1.customers.create({"name": "Jenny Rosen"})
    intent = client.v1.payment_intents.create(
        {
            "amount": 1099,
            "currency": "usd",
            "customer": customer.id,
            "setup_future_usage": "off_session",
            "payment_method": "pm_card_mastercard",
            "confirm": True,
        }
    )
    assert intent.status == "succeeded"
    later = client.v1.payment_intents.create(
        {
            "amount": 500,
            "currency": "usd",
            "customer": customer.id,
            "payment_method": intent.payment_method,
            "off_session": True,
            "confirm": True,
        }
    )
    assert later.status == "succeeded"
