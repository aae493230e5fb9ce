"""`stripe listen` and `stripe logs tail`: events and requests as they happen."""

import json

PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "charge.updated"]


def secret_of(listen):
    return listen.until("Ready!").partition("signing secret is ")[2].split(" ")[0]


def test_events_are_forwarded_and_signed(cli, start, sink):
    listen = start("listen", "--all-snapshot", "--skip-update", "--forward-to", sink.url)
    secret = secret_of(listen)
    assert secret.startswith("whsec_")
    cli.run("trigger", "payment_intent.succeeded")
    events = sink.events(4, secret)
    assert sorted(events) == sorted(PAID)
    intent = events["payment_intent.succeeded"].data.object
    assert (intent.status, events["payment_intent.succeeded"].api_version) == (
        "succeeded", "2026-08-26.dahlia",
    )  # fmt: skip
    kept = cli.json("get", events["charge.succeeded"].id)
    assert kept["data"] == events["charge.succeeded"].to_dict()["data"]
    answered = "".join(listen.until("[200] POST") for _ in events)
    for event in events.values():
        assert f"[200] POST {sink.url} [{event.id}]" in answered
    # A secret that can be written into a configuration: the same each time.
    assert cli.run("listen", "--print-secret").stdout.strip() == secret
    resent = events["charge.succeeded"]
    assert cli.json("events", "resend", resent.id)["id"] == resent.id
    assert sink.events(1, secret)["charge.succeeded"].id == resent.id
    sink.status = 500
    cli.run("post", "/v1/customers")
    assert list(sink.events(1, secret)) == ["customer.created"]
    listen.until("[500] POST")


def test_all_events_with_nothing_chosen(cli, start):
    """It asks for thin events too, and is told that there are none."""
    listen = start("listen", "--skip-update")
    assert secret_of(listen).startswith("whsec_")
    cli.run("post", "/v1/customers")
    made = cli.json("get", "/v1/events")["data"][0]
    assert made["type"] == "customer.created"
    assert made["id"] in listen.until("customer.created")


def test_what_is_forwarded_is_chosen(cli, start, sink):
    """The command insists on that itself, and forwards no thin events beside others."""
    done = cli.run("listen", "--skip-update", "--forward-to", sink.url)
    assert done.returncode != 0
    assert "--all-snapshot" in done.stdout + done.stderr
    events = "customer.created,v1.billing.meter.no_meter_found"
    listen = start("listen", "--events", events, "--skip-update")
    secret_of(listen)
    cli.run("post", "/v1/customers")
    listen.until("customer.created")


def test_the_latest_version(cli, start):
    listen = start("listen", "--latest", "--skip-update", "--format", "json")
    assert "2026-10-28.endive" in listen.until("Ready!")
    cli.run("post", "/v1/customers")
    event = json.loads(listen.until("customer.created"))
    assert event["api_version"] == "2026-10-28.endive"


def test_some_events(cli, start, sink):
    listen = start(
        "listen", "--events", "customer.deleted,customer.created", "--skip-update",
        "--forward-to", sink.url,
    )  # fmt: skip
    secret = secret_of(listen)
    cli.run("trigger", "payment_intent.created")
    cli.run("trigger", "customer.deleted")
    assert sorted(sink.events(2, secret)) == ["customer.created", "customer.deleted"]
    assert sink.came.empty()


def test_thin_events_are_refused(cli):
    done = cli.run("listen", "--all-thin", "--skip-update", "--forward-to", "http://127.0.0.1:9")
    assert done.returncode != 0
    assert "parameter_unsupported" in done.stdout + done.stderr
    assert "Use `stripe listen --all-snapshot`" in done.stdout + done.stderr


def test_requests_are_tailed(cli, start):
    tail = start("logs", "tail")
    failed = start("logs", "tail", "--filter-status-code-type", "4XX", "--format", "json")
    for process in (tail, failed):
        process.until("Ready!")
    cli.run("post", "/v1/customers")
    cli.run("trigger", "payment_intent.payment_failed")
    assert "[200] POST /v1/customers [req_" in tail.until("/v1/customers")
    assert "[402] POST /v1/payment_intents [req_" in tail.until("/v1/payment_intents")
    assert "generic_decline" in tail.until("DeclineCode")
    log = json.loads(failed.until("{"))
    assert (log["status"], log["error"]["code"]) == (402, "card_declined")
