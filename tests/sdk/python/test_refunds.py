"""Money given back, and what the account has."""

import pytest
import stripe

import shop


def paid(card="pm_card_visa", **more):
    return shop.pay(card, capture_method="automatic", **more)


def later(seconds):
    """Moves the world's clock; what falls due is done when this returns."""
    client = stripe.StripeClient(stripe.api_key, base_addresses={"api": stripe.api_base})
    assert client.raw_request("post", "/onfile/v1/test/clock", advance=seconds).code == 200


def balance():
    """Available and pending, in cents."""
    now = stripe.Balance.retrieve()
    return now.available[0].amount, now.pending[0].amount


def since(before):
    return shop.events()[before:]


# 20.00 less 2.9 % and 30 cents.
NET = 1912


def test_all_of_a_payment():
    intent = paid(description="a bicycle")
    before = len(shop.events())
    made = stripe.Refund.create(
        payment_intent=intent.id,
        reason="requested_by_customer",
        metadata={"order": "6735"},
        expand=["charge", "balance_transaction"],
    )
    assert (made.status, made.amount, made.reason) == ("succeeded", 2000, "requested_by_customer")
    assert made.metadata.to_dict() == {"order": "6735"}
    assert made.payment_intent == intent.id
    assert (made.charge.refunded, made.charge.amount_refunded) == (True, 2000)
    moved = made.balance_transaction
    assert (moved.type, moved.reporting_category, moved.amount) == ("refund", "refund", -2000)
    assert (moved.fee, moved.net, moved.fee_details) == (0, -2000, [])
    assert moved.description == "REFUND FOR CHARGE (a bicycle)"
    assert (moved.source, moved.status) == (made.id, "pending")
    assert since(before) == ["refund.created", "charge.refunded"]
    told = stripe.Event.list(type="charge.refunded").data[0].data
    assert told.previous_attributes.to_dict() == {"amount_refunded": 0, "refunded": False}
    assert stripe.PaymentIntent.retrieve(intent.id).amount_received == 2000
    error = shop.refused(lambda: stripe.Refund.create(payment_intent=intent.id))
    assert error["code"] == "charge_already_refunded"
    assert error["message"] == f"Charge {made.charge.id} has already been refunded."
    assert "param" not in error


def test_the_number_at_the_acquirer_comes_later():
    made = stripe.Refund.create(charge=paid().latest_charge)
    card = made.destination_details.card
    assert (card.reference_status, card.type) == ("pending", "refund")
    assert "reference" not in card
    before = len(shop.events())
    later(2)
    card = stripe.Refund.retrieve(made.id).destination_details.card
    assert (card.reference_status, len(card.reference)) == ("available", 16)
    assert since(before) == ["refund.updated", "charge.refund.updated"]
    told = stripe.Event.list(type="refund.updated").data[0]
    assert told.request.id is None
    before = told.data.previous_attributes.to_dict()
    assert before == {
        "destination_details": {"card": {"reference": None, "reference_status": "pending"}}
    }


def test_a_part_and_what_is_left():
    intent = paid()
    first = stripe.Refund.create(charge=intent.latest_charge, amount=500)
    error = shop.refused(lambda: stripe.Refund.create(charge=intent.latest_charge, amount=1600))
    assert error["message"] == (
        "Refund amount ($16.00) is greater than unrefunded amount on charge ($15.00)"
    )
    assert (error["param"], "code" in error) == ("amount", False)
    charge = stripe.Charge.retrieve(intent.latest_charge, expand=["refunds"])
    assert (charge.amount_refunded, charge.refunded) == (500, False)
    assert [it.id for it in charge.refunds.data] == [first.id]
    assert charge.refunds.total_count == 1
    assert balance() == (0, NET - 500)
    rest = stripe.Refund.create(charge=intent.latest_charge)
    assert rest.amount == 1500
    listed = stripe.Refund.list(payment_intent=intent.id)
    assert [it.id for it in listed.data] == [rest.id, first.id]
    paged = stripe.Refund.list(charge=intent.latest_charge, limit=1).auto_paging_iter()
    assert [it.id for it in paged] == [rest.id, first.id]


def test_a_pending_refund():
    intent = paid("pm_card_pendingRefund")
    made = stripe.Refund.create(payment_intent=intent.id)
    assert (made.status, made.pending_reason) == ("pending", "processing")
    assert made.balance_transaction is None
    assert stripe.Charge.retrieve(intent.latest_charge).amount_refunded == 0
    assert balance() == (0, NET)
    before = len(shop.events())
    later(2)
    arrived = stripe.Refund.retrieve(made.id)
    assert (arrived.status, "pending_reason" in arrived) == ("succeeded", False)
    assert stripe.Charge.retrieve(intent.latest_charge).refunded is True
    assert balance() == (0, NET - 2000)
    assert since(before) == ["refund.updated", "charge.refund.updated", "charge.refunded"]


def test_a_refund_that_fails():
    intent = paid("pm_card_refundFail")
    made = stripe.Refund.create(payment_intent=intent.id)
    assert made.status == "succeeded"
    before = len(shop.events())
    later(2)
    failed = stripe.Refund.retrieve(made.id, expand=["failure_balance_transaction"])
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    back = failed.failure_balance_transaction
    assert (back.type, back.amount, back.source) == ("refund_failure", 2000, made.id)
    charge = stripe.Charge.retrieve(intent.latest_charge)
    assert (charge.amount_refunded, charge.refunded) == (0, False)
    assert balance() == (0, NET)
    assert since(before) == ["refund.failed", "refund.updated", "charge.refund.updated"]


def test_notes_change_and_nothing_else():
    made = stripe.Refund.create(charge=paid().latest_charge, metadata={"a": "1"})
    before = len(shop.events())
    changed = stripe.Refund.modify(made.id, metadata={"a": "", "b": "2"})
    assert changed.metadata.to_dict() == {"b": "2"}
    assert since(before) == ["charge.refund.updated", "refund.updated"]
    error = shop.refused(lambda: stripe.Refund.cancel(made.id))
    assert error["message"] == "Canceling this refund is unsupported."
    assert "code" not in error and "param" not in error
    error = shop.refused(lambda: stripe.Refund.retrieve("re_nope"), status=404)
    assert (error["message"], error["param"]) == ("No such refund: 're_nope'", "refund")


def test_what_was_not_captured():
    held = shop.pay("pm_card_visa", capture_method="manual")
    text = (
        f"This uncaptured Charge was created by a PaymentIntent ({held.id}). You must cancel the "
        "PaymentIntent to reverse the authorization instead of refunding the Charge directly. For "
        "more information, see "
        "https://stripe.com/docs/payments/place-a-hold-on-a-payment-method"
    )
    error = shop.refused(lambda: stripe.Refund.create(charge=held.latest_charge))
    assert error["message"] == text
    assert "code" not in error and "param" not in error
    stripe.PaymentIntent.cancel(held.id)
    nothing = f"This PaymentIntent ({held.id}) does not have a successful charge to refund."
    for of in ({"charge": held.latest_charge}, {"payment_intent": held.id}):
        error = shop.refused(lambda: stripe.Refund.create(**of))
        assert error["message"] == nothing


def test_what_was_captured_in_part():
    held = shop.pay("pm_card_visa", capture_method="manual")
    stripe.PaymentIntent.capture(held.id, amount_to_capture=700)
    charge = stripe.Charge.retrieve(held.latest_charge)
    assert (charge.amount_refunded, charge.refunded) == (0, False)
    assert stripe.Refund.create(charge=charge.id).amount == 700
    charge = stripe.Charge.retrieve(held.latest_charge)
    assert (charge.amount, charge.amount_refunded, charge.refunded) == (2000, 700, True)


@pytest.mark.parametrize(
    "params, status, code, param, message",
    [
        ({}, 400, None, None,
         "One of the following params should be provided for this request: payment_intent or "
         "charge."),
        ({"charge": "ch_nope"}, 404, "resource_missing", "id", "No such charge: 'ch_nope'"),
        ({"payment_intent": "pi_nope"}, 400, "resource_missing", "payment_intent",
         "No such payment_intent: 'pi_nope'"),
        ({"charge": "ch_nope", "amount": 0}, 400, "parameter_invalid_integer", "amount",
         "This value must be greater than or equal to 1."),
        ({"charge": "ch_nope", "reason": "x"}, 400, None, "reason",
         "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer"),
    ],
)  # fmt: skip
def test_a_refusal(params, status, code, param, message):
    error = shop.refused(lambda: stripe.Refund.create(**params), status=status)
    assert error["message"] == message
    assert (error.get("code"), error.get("param")) == (code, param)


def test_the_older_calls():
    charge = paid().latest_charge
    client = stripe.StripeClient(stripe.api_key, base_addresses={"api": stripe.api_base})
    answer = client.raw_request("post", f"/v1/charges/{charge}/refund", amount=100).data
    assert (answer["object"], answer["amount_refunded"]) == ("charge", 100)
    answer = client.raw_request("post", f"/v1/charges/{charge}/refunds", amount=100).data
    assert (answer["object"], answer["amount"]) == ("refund", 100)
    assert stripe.Charge.retrieve_refund(charge, answer["id"]).id == answer["id"]
    listed = stripe.Charge.list_refunds(charge)
    assert [it.amount for it in listed.data] == [100, 100]
    assert "count" not in listed
    other = stripe.Refund.create(charge=paid().latest_charge)
    error = shop.refused(lambda: stripe.Charge.retrieve_refund(charge, other.id), status=404)
    assert error["message"] == f"No such refund: '{other.id}'"


def test_balance_and_movements():
    assert balance() == (0, 0)
    first = paid()
    shop.pay("pm_card_bypassPending", capture_method="automatic")
    shop.pay("pm_card_bypassPendingInternational", capture_method="automatic")
    assert balance() == (2 * NET, NET)
    back = stripe.Refund.create(payment_intent=first.id, amount=100)
    moved = stripe.BalanceTransaction.list(limit=100).data
    assert [it.type for it in moved] == ["refund", "charge", "charge", "charge"]
    assert [it.status for it in moved] == ["pending", "available", "available", "pending"]
    assert sum(it.net for it in moved) == sum(balance())
    by_type = stripe.BalanceTransaction.list(type="refund").data
    assert [it.source for it in by_type] == [back.id]
    by_source = stripe.BalanceTransaction.list(source=first.latest_charge).data
    assert [it.id for it in by_source] == [moved[-1].id]
    assert by_source[0].fee_details[0].to_dict() == {
        "amount": 88, "application": None, "currency": "usd",
        "description": "Stripe processing fees", "type": "stripe_fee",
    }  # fmt: skip
    assert stripe.BalanceTransaction.list(currency="eur").data == []
    assert stripe.BalanceTransaction.list(type="bogus").data == []
    error = shop.refused(lambda: stripe.BalanceTransaction.list(payout="po_nope"))
    assert (error["code"], error["param"]) == ("resource_missing", "payout")
    later(7 * 86400)
    assert balance() == (3 * NET - 100, 0)


def test_a_canadian_account():
    shop.account("CA")
    intent = paid("pm_card_visa", amount=4400, currency="cad", expand=["latest_charge"])
    moved = stripe.BalanceTransaction.retrieve(intent.latest_charge.balance_transaction)
    assert (moved.fee, moved.net, moved.currency) == (193, 4207, "cad")
    assert moved.available_on == (moved.created // 86400 + 7) * 86400
    now = stripe.Balance.retrieve()
    assert [it.currency for it in now.pending] == ["cad"]


def test_another_currency_is_given_back_as_it_was_booked():
    intent = paid("pm_card_visa", amount=1001, currency="eur", expand=["latest_charge"])
    charge = intent.latest_charge.id
    for amount in (333, 333, 335):
        stripe.Refund.create(charge=charge, amount=amount)
    moved = stripe.BalanceTransaction.list(limit=10).data
    assert {it.currency for it in moved} == {"usd"}
    assert all(it.exchange_rate for it in moved)
    assert sum(it.amount for it in moved) == 0
