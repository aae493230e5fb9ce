"""What a browser may do: its key, the intent's secret, and no more."""

import pytest
import requests
import stripe

import challenge
import shop

INTENT = set(
    """id object amount automatic_payment_methods canceled_at cancellation_reason capture_method
    client_secret confirmation_method created currency description last_payment_error livemode
    next_action payment_method payment_method_types processing receipt_email setup_future_usage
    shipping status""".split()
)
SETUP = set(
    """id object automatic_payment_methods cancellation_reason client_secret created description
    last_setup_error livemode next_action payment_method payment_method_types status usage""".split()
)


@pytest.fixture
def browser(world, base):
    """Calls with the publishable twin of the world's key, as Stripe.js makes them."""

    class Browser:
        key = world.replace("sk_test_", "pk_test_")

        def call(self, method, path, **fields):
            fields["key"] = self.key
            where = {"params": fields} if method == "GET" else {"data": fields}
            return requests.request(
                method,
                base + path,
                headers={"Origin": "https://shop.example"},
                timeout=10,
                **where,
            )

    return Browser()


def test_retrieve(browser):
    intent = stripe.PaymentIntent.create(amount=1099, currency="usd", metadata={"secret": "x"})
    path = f"/v1/payment_intents/{intent.id}"
    answer = browser.call("GET", path, client_secret=intent.client_secret)
    assert answer.status_code == 200
    assert set(answer.json()) == INTENT
    assert answer.headers["access-control-allow-origin"] == "*"
    wrong = browser.call("GET", path, client_secret=intent.client_secret[:-1] + "!")
    assert wrong.status_code in (400, 404)
    assert wrong.json()["error"]["message"] == (
        "The client_secret provided does not match any associated PaymentIntent on this account. "
        "Ensure the publishable key used belongs to the same account that created the "
        "PaymentIntent."
    )
    assert browser.call("GET", path).status_code >= 400


def test_pay_and_save(browser):
    customer = shop.customer()
    intent = stripe.PaymentIntent.create(
        amount=1099, currency="usd", customer=customer, setup_future_usage="off_session"
    )
    answer = browser.call(
        "POST",
        f"/v1/payment_intents/{intent.id}/confirm",
        **{
            "client_secret": intent.client_secret,
            "payment_method_data[type]": "card",
            "payment_method_data[card][number]": "4000002500003155",
            "payment_method_data[card][exp_month]": "11",
            "payment_method_data[card][exp_year]": "34",
            "payment_method_data[card][cvc]": "314",
            "payment_method_data[guid]": "NA",
            "payment_user_agent": "stripe.js/x",
            "expected_payment_method_type": "card",
            "use_stripe_sdk": "true",
            "return_url": "https://shop.example/done",
        },
    )
    assert answer.status_code == 200, answer.text
    asked = answer.json()
    assert set(asked) == INTENT
    assert asked["status"] == "requires_action"
    assert asked["next_action"]["type"] == "use_stripe_sdk"
    challenge.complete(asked)
    paid = stripe.PaymentIntent.retrieve(intent.id)
    assert paid.status == "succeeded"
    assert stripe.PaymentMethod.retrieve(paid.payment_method).customer == customer


def test_set_up(browser):
    setup = stripe.SetupIntent.create(customer=shop.customer())
    made = browser.call(
        "POST",
        "/v1/payment_methods",
        **{
            "type": "card",
            "card[number]": "4242424242424242",
            "card[exp_month]": "11",
            "card[exp_year]": "34",
            "card[cvc]": "314",
            "billing_details[name]": "Jenny Rosen",
            "pasted_fields": "number",
        },
    )
    assert made.status_code == 200, made.text
    path = f"/v1/setup_intents/{setup.id}"
    answer = browser.call(
        "POST",
        path + "/confirm",
        client_secret=setup.client_secret,
        payment_method=made.json()["id"],
    )
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == SETUP
    assert answer.json()["status"] == "succeeded"
    seen = browser.call("GET", path, client_secret=setup.client_secret)
    assert set(seen.json()) == SETUP


def test_a_decline_shows_no_more(browser):
    intent = stripe.PaymentIntent.create(
        amount=1099, currency="usd", customer=shop.customer(), metadata={"secret": "x"}
    )
    answer = browser.call(
        "POST",
        f"/v1/payment_intents/{intent.id}/confirm",
        client_secret=intent.client_secret,
        payment_method="pm_card_chargeDeclined",
    )
    assert answer.status_code == 402
    assert set(answer.json()["error"]["payment_intent"]) == INTENT


@pytest.mark.parametrize(
    "method, path",
    [
        ("POST", "/v1/payment_intents"),
        ("GET", "/v1/payment_intents"),
        ("POST", "/v1/customers"),
        ("GET", "/v1/charges"),
        ("GET", "/v1/account"),
        ("GET", "/v1/events"),
    ],
)
def test_the_rest_needs_the_secret_key(browser, method, path):
    answer = browser.call(method, path, amount="1099", currency="usd")
    assert answer.status_code == 401
    error = answer.json()["error"]
    assert error["code"] == "secret_key_required"
    assert error["message"] == (
        "This API call cannot be made with a publishable API key. Please use a secret API key. "
        "You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys."
    )


def test_a_browser_may_only_raise_the_usage(browser):
    intent = stripe.PaymentIntent.create(
        amount=1099, currency="usd", customer=shop.customer(), setup_future_usage="off_session"
    )
    answer = browser.call(
        "POST",
        f"/v1/payment_intents/{intent.id}/confirm",
        client_secret=intent.client_secret,
        payment_method="pm_card_visa",
        setup_future_usage="on_session",
    )
    assert answer.status_code == 400
    assert stripe.PaymentIntent.retrieve(intent.id).status == "requires_payment_method"


def test_a_secret_key_does_not_work_in_a_browser(world, base):
    answer = requests.get(
        base + "/v1/customers",
        headers={"Authorization": f"Bearer {world}", "Origin": "https://shop.example"},
        timeout=10,
    )
    assert answer.status_code == 403
    error = answer.json()["error"]
    assert error["type"] == "invalid_request_error"
    assert "code" not in error
    answer = requests.post(base + "/v1/customers", data={"key": world}, timeout=10)
    assert answer.status_code in (401, 403)
