"""`stripe trigger` for each event of payments and saved cards that the server knows."""

import time

import pytest

CREATED = "payment_intent.created"
PAID = ["charge.succeeded", "payment_intent.succeeded"]

# What is triggered, and the events that it leaves, but for the late `charge.updated`.
TRIGGERS = [
    ("payment_intent.created", [CREATED]),
    ("payment_intent.succeeded", [CREATED, *PAID]),
    ("charge.succeeded", [CREATED, *PAID]),
    ("payment_intent.payment_failed",
     [CREATED, "charge.failed", "payment_intent.payment_failed"]),
    ("charge.failed", [CREATED, "charge.failed", "payment_intent.payment_failed"]),
    ("payment_intent.requires_action", [CREATED, "payment_intent.requires_action"]),
    ("payment_intent.amount_capturable_updated",
     [CREATED, "charge.succeeded", "payment_intent.amount_capturable_updated"]),
    ("charge.captured",
     [CREATED, "charge.succeeded", "payment_intent.amount_capturable_updated", "charge.captured",
      "payment_intent.succeeded"]),
    ("charge.refunded", [CREATED, *PAID, "refund.created", "charge.refunded"]),
    ("charge.refund.updated",
     [CREATED, *PAID, "refund.created", "charge.refunded", "charge.refund.updated",
      "refund.updated"]),
    ("payment_intent.canceled", [CREATED, "payment_intent.canceled"]),
    ("setup_intent.created", ["setup_intent.created"]),
    ("setup_intent.canceled", ["setup_intent.created", "setup_intent.canceled"]),
    ("setup_intent.succeeded", ["setup_intent.created", "setup_intent.succeeded"]),
    ("setup_intent.requires_action", ["setup_intent.created", "setup_intent.requires_action"]),
    ("setup_intent.setup_failed", ["setup_intent.created", "setup_intent.setup_failed"]),
    ("payment_method.attached", ["customer.created", "payment_method.attached"]),
    ("payment_method.detached",
     ["customer.created", "payment_method.attached", "payment_method.detached"]),
    ("payment_method.updated",
     ["customer.created", "setup_intent.created", "payment_method.attached",
      "setup_intent.succeeded", "payment_method.updated"]),
    ("customer.created", ["customer.created"]),
    ("customer.updated", ["customer.created", "customer.updated"]),
    ("customer.deleted", ["customer.created", "customer.deleted"]),
]  # fmt: skip


@pytest.mark.parametrize("event, expected", TRIGGERS, ids=[row[0] for row in TRIGGERS])
def test_a_trigger(cli, event, expected):
    done = cli.run("trigger", event)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Trigger succeeded!" in done.stdout
    assert [it for it in cli.events() if it != "charge.updated"] == expected


def test_money_that_can_be_paid_out_at_once(cli):
    done = cli.run("trigger", "balance.available")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Trigger succeeded!" in done.stdout
    late = ["charge.updated"]
    ends = time.monotonic() + 10
    while "balance.available" not in cli.events() and time.monotonic() < ends:
        time.sleep(0.05)
    told = [it for it in cli.events() if it not in late]
    assert told == [CREATED, *PAID, "balance.available"]


def test_a_trigger_with_other_values(cli):
    done = cli.run(
        "trigger", "payment_intent.succeeded", "--override", "payment_intent:amount=4200"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert cli.json("get", "/v1/payment_intents")["data"][0]["amount"] == 4200
