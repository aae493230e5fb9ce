"""Webhook endpoints, and events that Stripe's SDK verifies by itself."""

import json
import time

import pytest
import stripe

import shop
import sink as sinks


@pytest.fixture
def sink():
    made = sinks.Sink()
    yield made
    made.close()


def endpoint(sink, *events, **more):
    return stripe.WebhookEndpoint.create(url=sink.url, enabled_events=list(events), **more)


def call(method, path, /, **params):
    """A call of the server's own, by the SDK's raw requests."""
    answer = stripe.StripeClient(
        stripe.api_key, base_addresses={"api": stripe.api_base}
    ).raw_request(method, path, **params)
    return json.loads(answer.data) if isinstance(answer.data, str) else answer.data


def test_an_endpoint_by_the_sdk(sink):
    made = endpoint(sink, "charge.succeeded", metadata={"a": "b"}, description="mine")
    assert made.secret.startswith("whsec_")
    assert made.status == "enabled"
    assert made.livemode is False
    found = stripe.WebhookEndpoint.retrieve(made.id)
    assert "secret" not in found
    assert found.enabled_events == ["charge.succeeded"]
    changed = stripe.WebhookEndpoint.modify(made.id, disabled=True, enabled_events=["*"])
    assert (changed.status, changed.enabled_events) == ("disabled", ["*"])
    assert [it.id for it in stripe.WebhookEndpoint.list().auto_paging_iter()] == [made.id]
    gone = stripe.WebhookEndpoint.delete(made.id)
    assert gone.deleted is True
    with pytest.raises(stripe.InvalidRequestError) as caught:
        stripe.WebhookEndpoint.retrieve(made.id)
    assert caught.value.http_status == 404
    assert str(caught.value.user_message) == f"No such webhook endpoint: '{made.id}'"


@pytest.mark.parametrize("url", ["nope", "ftp://127.0.0.1/", "http://u:p@127.0.0.1/"])
def test_what_is_no_address(url):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        stripe.WebhookEndpoint.create(url=url, enabled_events=["*"])
    assert (caught.value.code, caught.value.param) == ("url_invalid", "url")
    assert caught.value.user_message == "Not a valid URL"


def test_the_sdk_verifies_what_arrives(sink):
    secret = endpoint(sink, "*").secret
    customer = shop.customer()
    shop.charge_later(customer, shop.saved("pm_card_visa", customer))
    heard = sink.wait(8)
    types = [json.loads(body)["type"] for _, body in heard]
    assert types == [
        "customer.created",
        "setup_intent.created",
        "payment_method.attached",
        "setup_intent.succeeded",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "charge.updated",
    ]
    for headers, body in heard:
        event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], secret)
        assert event.object == "event"
        assert event.id == json.loads(body)["id"]
        read = stripe.Event.retrieve(event.id)
        assert read.data.object.to_dict() == event.data.object.to_dict()
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(body + b" ", headers["Stripe-Signature"], secret)
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(body, headers["Stripe-Signature"], "whsec_other")


def test_a_rolled_secret_signs_beside_the_former(sink):
    made = endpoint(sink, "customer.created")
    rolled = call(
        "post", f"/onfile/v1/webhook_endpoints/{made.id}/roll_secret", expires_in=3_600
    )
    assert rolled["secret"] != made.secret
    shop.customer()
    [(headers, body)] = sink.wait(1)
    for secret in (made.secret, rolled["secret"]):
        stripe.Webhook.construct_event(body, headers["Stripe-Signature"], secret)
    call("post", "/onfile/v1/test/clock", advance=3_600)
    shop.customer()
    headers, body = sink.wait(2)[1]
    stripe.Webhook.construct_event(body, headers["Stripe-Signature"], rolled["secret"])
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, headers["Stripe-Signature"], made.secret)


def test_the_clock_brings_what_failed_and_the_log_shows_every_try(sink):
    made = endpoint(sink, "customer.created", api_version="2023-10-16")
    sink.status = 500
    shop.customer()
    sink.wait(1)
    # Past the first wait and before the second: one more try, and no sleep.
    call("post", "/onfile/v1/test/clock", advance=600)
    assert len(sink.heard) == 2
    assert sink.heard[0][1] == sink.heard[1][1]
    sink.status = 204
    call("post", "/onfile/v1/test/clock", advance=3_600)
    [delivery] = call("get", f"/onfile/v1/deliveries?webhook_endpoint={made.id}")["data"]
    assert delivery["status"] == "delivered"
    assert [it["http_status"] for it in delivery["tries"]] == [500, 500, 204]
    # Signed anew each time, by the wall's clock: the SDK's tolerance holds.
    for headers, body in sink.heard:
        event = stripe.Webhook.construct_event(
            body, headers["Stripe-Signature"], made.secret, tolerance=300
        )
        assert event.api_version == "2023-10-16"
        stamp = int(headers["Stripe-Signature"].split(",")[0].removeprefix("t="))
        assert abs(stamp - time.time()) < 60
    call("post", f"/onfile/v1/deliveries/{delivery['id']}/resend")
    sink.wait(4)


def fault(kind, **more):
    call("post", "/onfile/v1/test/faults", kind=kind, **more)


def arrived(count, event_type="customer.created"):
    """The first events of a type, once every endpoint has taken them."""
    path = f"/onfile/v1/test/events/wait?after=&delivered=true&type={event_type}&count={count}"
    came = call("get", path)
    assert came["complete"] is True
    return came["data"]


def test_an_app_that_remembers_ids_is_not_fooled_by_what_comes_twice(sink):
    secret = endpoint(sink, "customer.created").secret
    fault("twice")
    shop.customer()
    [event] = arrived(1)
    assert len(sink.heard) == 2
    seen = set()
    for headers, body in sink.heard:
        seen.add(stripe.Webhook.construct_event(body, headers["Stripe-Signature"], secret).id)
    assert seen == {event["id"]}
    [delivery] = call("get", "/onfile/v1/deliveries")["data"]
    assert (delivery["status"], delivery["faults"]) == ("delivered", ["twice"])
    assert [it["fault"] for it in delivery["tries"]] == [None, "twice"]


def test_deliveries_fail_late_and_out_of_order_without_a_sleep(sink):
    endpoint(sink, "customer.created")
    ids = []

    def customers(count):
        ids.extend(shop.customer() for _ in range(count))

    def heard():
        return [json.loads(body)["data"]["object"]["id"] for _, body in sink.heard]

    fault("out_of_order", path="/hook")
    customers(2)
    arrived(2)
    assert heard() == [ids[1], ids[0]]

    fault("late", seconds=3_600, type="customer.*")
    customers(2)
    waiting = call(
        "get", "/onfile/v1/test/events/wait?after=&type=customer.created&count=4"
        "&delivered=true&timeout=0"
    )
    assert (waiting["complete"], waiting["data"][2]["pending_webhooks"]) == (False, 1)
    call("post", "/onfile/v1/test/clock", advance=3_600)
    arrived(4)
    assert heard()[2:] == [ids[3], ids[2]]

    fault("fail", status=503, count=2)
    customers(1)
    call("post", "/onfile/v1/test/clock", advance=3_600)
    arrived(5)
    assert heard()[4:] == ids[4:]
    [delivery, *_] = call("get", "/onfile/v1/deliveries")["data"]
    assert [(it["http_status"], it["fault"]) for it in delivery["tries"]] == [
        (503, "fail"),
        (503, "fail"),
        (200, None),
    ]
