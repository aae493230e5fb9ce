"""`stripe get`, `post`, `delete`, the commands of resources, and fixtures."""

import json


def test_a_customers_life(cli):
    made = cli.json("post", "/v1/customers", "-d", "name=Jenny Rosen", "-d", "metadata[size]=9")
    assert made["name"] == "Jenny Rosen"
    assert cli.json("get", made["id"])["metadata"] == {"size": "9"}
    changed = cli.json("post", made["id"], "-d", "name=Jane")
    assert changed["name"] == "Jane"
    assert [it["id"] for it in cli.json("get", "/v1/customers", "--limit", "3")["data"]] == [
        made["id"]
    ]
    gone = cli.json("delete", made["id"], "--confirm")
    assert gone == {"id": made["id"], "object": "customer", "deleted": True}


def test_save_and_charge_later(cli):
    customer = cli.json("post", "/v1/customers")["id"]
    order = ["-d", "amount=1099", "-d", "currency=usd", "-d", f"customer={customer}"]
    paid = cli.json(
        "post", "/v1/payment_intents", *order, "-d", "payment_method=pm_card_visa",
        "-d", "setup_future_usage=off_session", "-d", "confirm=true",
    )  # fmt: skip
    assert paid["status"] == "succeeded"
    later = cli.json(
        "post", "/v1/payment_intents", *order, "-d", f"payment_method={paid['payment_method']}",
        "-d", "off_session=true", "-d", "confirm=true", "--expand", "latest_charge",
    )  # fmt: skip
    assert later["latest_charge"]["paid"] is True
    assert cli.json("get", later["latest_charge"]["id"])["payment_intent"] == later["id"]


def test_a_resource_command(cli):
    intent = cli.json("payment_intents", "create", "--amount", "2000", "--currency", "usd")
    assert intent["status"] == "requires_payment_method"
    gone = cli.json("payment_intents", "cancel", intent["id"])
    assert gone["status"] == "canceled"


def test_an_idempotency_key(cli):
    order = ["/v1/payment_intents", "-d", "amount=2000", "-d", "currency=usd", "-i", "order-1"]
    assert cli.json("post", *order)["id"] == cli.json("post", *order)["id"]


def test_a_version(cli):
    order = ["/v1/payment_intents", "-d", "amount=2000", "-d", "currency=usd"]
    assert cli.json("post", *order)["capture_method"] == "automatic_async"
    older = cli.json("post", *order, "--stripe-version", "2023-10-16")
    assert older["capture_method"] == "automatic"


def test_a_refusal_is_shown(cli):
    done = cli.run("get", "cus_none")
    assert "No such customer: 'cus_none'" in done.stdout + done.stderr
    cli.environment["STRIPE_API_KEY"] = "sk_test_invalid0000000000000000"
    done = cli.run("get", "/v1/customers")
    assert done.returncode != 0
    assert "Invalid API Key provided" in done.stdout + done.stderr


def test_fixtures(cli, tmp_path):
    file = tmp_path / "fixtures.json"
    steps = [
        {"name": "customer", "path": "/v1/customers", "method": "post", "params": {"name": "J"}},
        {
            "name": "setup",
            "path": "/v1/setup_intents",
            "method": "post",
            "params": {
                "customer": "${customer:id}",
                "payment_method": "pm_card_visa",
                "payment_method_types": ["card"],
                "confirm": True,
            },
        },
        {
            "name": "payment",
            "path": "/v1/payment_intents",
            "method": "post",
            "params": {
                "amount": 2000,
                "currency": "usd",
                "customer": "${customer:id}",
                "payment_method": "${setup:payment_method}",
                "off_session": True,
                "confirm": True,
            },
        },
    ]
    file.write_text(json.dumps({"_meta": {"template_version": 0}, "fixtures": steps}))
    done = cli.run("fixtures", str(file))
    assert done.returncode == 0, done.stdout + done.stderr
    intent = cli.json("get", "/v1/payment_intents")["data"][0]
    assert intent["status"] == "succeeded"


def test_an_event_is_sent_again(cli):
    # Nobody listens there: each try fails, and what fails can be asked for again.
    hook = ["-d", "url=http://127.0.0.1:9/hook", "-d", "enabled_events[]=customer.created"]
    endpoint = cli.json("post", "/v1/webhook_endpoints", *hook)
    assert endpoint["secret"].startswith("whsec_")
    cli.json("post", "/v1/customers")
    [event] = cli.json("get", "/v1/events")["data"]
    assert event["pending_webhooks"] == 1
    done = cli.run("events", "resend", event["id"], "--webhook-endpoint", endpoint["id"])
    assert done.returncode == 0, done.stderr + done.stdout
    again = json.loads(done.stdout)
    assert (again["id"], again["object"]) == (event["id"], "event")
    gone = cli.json("delete", endpoint["id"], "--confirm")
    assert gone == {"id": endpoint["id"], "object": "webhook_endpoint", "deleted": True}
