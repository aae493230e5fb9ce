"""The wire itself: error classes, versions, headers, parameters."""

import pytest
import requests
import stripe

import shop


def get(base, path, key=None, **headers):
    if key:
        headers["Authorization"] = f"Bearer {key}"
    return requests.get(base + path, headers=headers, timeout=10)


def post(base, path, key, data, **headers):
    headers["Authorization"] = f"Bearer {key}"
    headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    return requests.post(base + path, data=data, headers=headers, timeout=10)


# ---- Keys


def test_no_key(base):
    answer = get(base, "/v1/customers")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Basic realm="Stripe"'
    assert answer.json()["error"] == {
        "message": "You did not provide an API key. You need to provide your API key in the "
        "Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). "
        "See https://stripe.com/docs/api#authentication for details, or we can help at "
        "https://support.stripe.com/.",
        "type": "invalid_request_error",
    }


def test_a_bad_key():
    with pytest.raises(stripe.AuthenticationError) as caught:
        stripe.Customer.list(api_key="sk_test_invalid0000000000000000abcd")
    error = caught.value.json_body["error"]
    assert error == {
        "message": "Invalid API Key provided: sk_test_" + "*" * 23 + "abcd",
        "type": "invalid_request_error",
    }


@pytest.mark.parametrize("key", ["sk_live_4eC39HqLyjWDarjtT1zdp7dc", "rk_test_4eC39HqLyjWDarjt"])
def test_keys_that_do_not_exist_yet(key):
    with pytest.raises(stripe.AuthenticationError):
        stripe.Customer.list(api_key=key)


def test_basic_authentication(base, world):
    answer = requests.get(base + "/v1/customers", auth=(world, ""), timeout=10)
    assert answer.status_code == 200


def test_a_foreign_account():
    with pytest.raises(stripe.PermissionError) as caught:
        stripe.Customer.list(stripe_account="acct_1032D82eZvKYlo2C")
    assert caught.value.error.code == "account_invalid"


def test_a_foreign_host(base, world):
    answer = get(base, "/v1/customers", world, Host="evil.example")
    assert answer.status_code == 403
    assert answer.json()["error"]["type"] == "invalid_request_error"


# ---- Versions


def test_the_version_of_an_answer(base, world):
    assert get(base, "/v1/customers", world).headers["stripe-version"] == "2026-08-26.dahlia"
    page = stripe.Customer.list()
    assert page.last_response.headers["Stripe-Version"] == "2026-10-28.endive"
    old = get(base, "/v1/customers", world, **{"Stripe-Version": "2024-06-20"})
    assert old.headers["stripe-version"] == "2024-06-20"


def test_an_unknown_version(base, world):
    answer = get(base, "/v1/customers", world, **{"Stripe-Version": "not-a-real-version"})
    assert answer.status_code == 400
    assert answer.json() == {
        "error": {
            "message": "Invalid Stripe API version: not-a-real-version",
            "type": "invalid_request_error",
        }
    }


def test_payment_method_types_by_version():
    order = {"amount": 2000, "currency": "usd", "payment_method_types": ["card"]}
    error = shop.refused(lambda: stripe.PaymentIntent.create(**order))
    assert error["code"] == "payment_method_types_no_longer_supported"
    assert stripe.PaymentIntent.list().data == []
    old = stripe.PaymentIntent.create(**order, stripe_version="2026-08-26.dahlia")
    assert old.payment_method_types == ["card"]
    assert old.automatic_payment_methods is None
    new = stripe.PaymentIntent.create(amount=2000, currency="usd")
    assert new.payment_method_types == ["card"]
    assert new.automatic_payment_methods.enabled is True
    older = stripe.PaymentIntent.create(
        amount=2000, currency="usd", stripe_version="2023-10-16"
    )
    assert older.capture_method == "automatic"


def test_credential_usage_is_new_in_endive():
    options = {"card": {"setup_credential_usage": "recurring"}}
    order = {"customer": shop.customer(), "payment_method_options": options}
    error = shop.refused(
        lambda: stripe.SetupIntent.create(**order, stripe_version="2026-08-26.dahlia")
    )
    assert error["code"] == "parameter_unknown"
    setup = stripe.SetupIntent.create(**order)
    assert setup.payment_method_options.card.setup_credential_usage == "recurring"


# ---- Headers


def test_headers(base, world):
    answer = get(base, "/v1/customers", world)
    assert answer.headers["request-id"].startswith("req_")
    assert len(answer.headers["request-id"]) == 18
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["cache-control"] == "no-cache, no-store"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-max-age"] == "300"
    made = post(base, "/v1/customers", world, "", **{"Idempotency-Key": "k1"})
    assert made.headers["idempotency-key"] == "k1"
    assert made.headers["original-request"] == made.headers["request-id"]
    assert made.headers["stripe-should-retry"] == "false"
    assert answer.text.startswith('{\n  "object": "list",\n  "data": []')


def test_an_empty_idempotency_key(base, world):
    answer = post(base, "/v1/customers", world, "", **{"Idempotency-Key": ""})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "Idempotency Key must be a non-empty string."


def test_preflight(base):
    answer = requests.options(
        base + "/v1/payment_intents/pi_1/confirm",
        headers={"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"},
        timeout=10,
    )
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"


# ---- Places


def test_an_unknown_place():
    client = stripe.StripeClient(stripe.api_key, base_addresses={"api": stripe.api_base})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.raw_request("get", "/v1/foo")
    assert caught.value.http_status == 404
    assert caught.value.json_body["error"]["message"] == (
        "Unrecognized request URL (GET: /v1/foo). If you are trying to list objects, remove the "
        "trailing slash. If you are trying to retrieve an object, make sure you passed a valid "
        "(non-empty) identifier in your code. What this server serves is listed at "
        f"{stripe.api_base}/docs/coverage.md."
    )


@pytest.mark.parametrize(
    "path", ["/v1/disputes", "/v1/checkout/sessions", "/v1/payment_intents/search?query=x"]
)
def test_what_is_not_built_says_so(base, world, path):
    answer = get(base, path, world)
    assert answer.status_code == 404
    assert "coverage" in answer.json()["error"]["message"]


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_method_that_is_not_used(base, world, method):
    answer = requests.request(
        method, base + "/v1/customers", headers={"Authorization": f"Bearer {world}"}, timeout=10
    )
    assert answer.status_code in (404, 405)
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_a_body_that_is_too_large(base, world):
    answer = post(base, "/v1/customers", world, "description=" + "x" * 300_000)
    assert answer.status_code == 413
    assert answer.json()["error"]["type"] == "invalid_request_error"


# ---- Parameters


MINIMUM = (
    "The amount must be greater than or equal to the minimum charge amount allowed for your account "
    "and the currency set (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  "
    "If you want to save a Payment Method for future use without an immediate payment, use a Setup "
    "Intent instead: https://docs.stripe.com/payments/setup-intents"
)

INTENT = {"amount": "2000", "currency": "usd"}

# what is sent, in place of a right PaymentIntent: code, param, message
PARAMETERS = [
    ({"amount": None}, "parameter_missing", "amount", "Missing required param: amount."),
    ({"currency": None}, "parameter_missing", "currency", "Missing required param: currency."),
    ({"amount": "abc"}, "parameter_invalid_integer", "amount", "Invalid integer: abc"),
    ({"amount": "0"}, "parameter_invalid_integer", "amount", MINIMUM),
    ({"amount": "-5"}, "parameter_invalid_integer", "amount", MINIMUM),
    ({"amount": "49"}, "amount_too_small", "amount", "Amount must be at least $0.50 usd"),
    ({"amount": "100000000"}, "amount_too_large", "amount",
     "Amount must be no more than $999,999.99"),
    ({"foo": "1"}, "parameter_unknown", "foo", "Received unknown parameter: foo"),
    ({"foo": "1", "bar": "2"}, "parameter_unknown", "foo",
     "Received unknown parameters: foo, bar"),
    ({"shipping[nope]": "1"}, "parameter_unknown", "shipping[nope]",
     "Received unknown parameter: shipping[nope]"),
    ({"confirm": "x"}, None, "confirm", "Invalid boolean: x"),
    ({"setup_future_usage": "x"}, None, "setup_future_usage",
     "Invalid setup_future_usage: must be one of off_session or on_session"),
    ({"capture_method": "x"}, None, "capture_method",
     "Invalid capture_method: must be one of automatic, automatic_async, or manual"),
    ({"customer": "cus_none"}, "resource_missing", "customer", "No such customer: 'cus_none'"),
    ({"shipping": "x"}, None, "shipping", "Invalid object"),
    ({"expand": "x"}, None, "expand", "Invalid array"),
]  # fmt: skip


@pytest.mark.parametrize("change, code, param, message", PARAMETERS, ids=lambda it: str(it)[:40])
def test_parameters(base, world, change, code, param, message):
    fields = {key: value for key, value in {**INTENT, **change}.items() if value is not None}
    answer = post(base, "/v1/payment_intents", world, fields)
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    assert error["type"] == "invalid_request_error"
    assert (error.get("code"), error.get("param"), error["message"]) == (code, param, message)


def test_an_unknown_currency(base, world):
    answer = post(base, "/v1/payment_intents", world, {**INTENT, "currency": "xxx"})
    error = answer.json()["error"]
    assert error["param"] == "currency"
    assert error["message"].startswith(
        "Invalid currency: xxx. Stripe currently supports these currencies: usd, aed, afn,"
    )
    assert error["message"].endswith("ltl, sll, mro")
    big = post(base, "/v1/payment_intents", world, {**INTENT, "currency": "USD"})
    assert big.json()["currency"] == "usd"


def test_both_ways_to_write_a_list(base, world):
    for name in ("expand[]", "expand[0]", "expand%5B%5D"):
        body = f"amount=2000&currency=usd&payment_method=pm_card_visa&{name}=payment_method"
        answer = post(base, "/v1/payment_intents", world, body)
        assert answer.json()["payment_method"]["card"]["brand"] == "visa", answer.text


@pytest.mark.parametrize(
    "body",
    [
        "a" + "[b]" * 50 + "=1",
        "amount=" + "9" * 400 + "&currency=usd",
        "&".join(f"metadata[k{n}]=v" for n in range(2000)),
        "[=1",
        "amount[=1",
        b"amount=2000&currency=usd&description=%ff%fe",
        b"\xff\xfe",
        '{"amount": 2000, "currency": "usd"}',
    ],
    ids=["deep", "huge", "many", "bracket", "half", "utf8", "bytes", "json"],
)
def test_malformed_bodies(base, world, body):
    answer = post(base, "/v1/payment_intents", world, body)
    assert answer.status_code in (400, 413), answer.text
    assert answer.json()["error"]["type"] == "invalid_request_error"


MISSING = [
    ("/v1/customers/cus_X", "id", "No such customer: 'cus_X'"),
    ("/v1/payment_intents/pi_X", "intent", "No such payment_intent: 'pi_X'"),
    ("/v1/setup_intents/seti_X", "intent", "No such setupintent: 'seti_X'"),
    ("/v1/charges/ch_X", "id", "No such charge: 'ch_X'"),
    ("/v1/payment_methods/pm_X", "payment_method",
     "No such PaymentMethod: 'pm_X'; It's possible this PaymentMethod exists on one of your "
     "connected accounts, in which case you should retry this request on that connected account. "
     "Learn more at https://stripe.com/docs/connect/authentication"),
    ("/v1/balance_transactions/txn_X", "id", "No such balance transaction: 'txn_X'"),
    ("/v1/events/evt_X", "id", "No such event: 'evt_X'"),
    ("/v1/mandates/mandate_X", "mandate", "No such mandate: 'mandate_X'"),
]  # fmt: skip


@pytest.mark.parametrize("path, param, message", MISSING, ids=[row[0] for row in MISSING])
def test_missing_objects(base, world, path, param, message):
    answer = get(base, path, world)
    assert answer.status_code == 404
    error = answer.json()["error"]
    assert (error["code"], error["param"], error["message"]) == ("resource_missing", param, message)


def test_an_unknown_token():
    error = shop.refused(
        lambda: stripe.PaymentMethod.create(type="card", card={"token": "tok_none"})
    )
    assert error["param"] in ("token", "card[token]")


@pytest.mark.parametrize("number", ["4000000000000259", "4000003560000123"])
def test_cards_that_come_later_are_refused_by_name(number):
    error = shop.refused(lambda: shop.card(number))
    assert error["code"] == "parameter_unsupported"
    assert "coverage" in error["message"]
    assert "stripe.com" not in error["doc_url"]
