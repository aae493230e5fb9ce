"""Answers that are right, as the reference sheet records them: what mutations.py spoils."""

PI_ID = "pi_3U09J1KuuB1fWySn0hVphuhX"
PM_ID = "pm_1U09J1KuuB1fWySn0hVphuhX"
SI_ID = "seti_1U09J1KuuB1fWySn0hVphuhX"
CH_ID = "ch_3U09J1KuuB1fWySn0hVphuhX"
CUS_ID = "cus_U09J1KuuB1fWyS"
CREATED = 1785715226

CHECKS = dict(address_line1_check=None, address_postal_code_check=None, cvc_check="pass")
BILLING = dict(
    address=dict(city=None, country=None, line1=None, line2=None, postal_code=None, state=None),
    email=None,
    name="Jenny Rosen",
    phone=None,
    tax_id=None,
)


def in_order(value):
    """`value` with the keys of each of its objects where they belong."""
    if isinstance(value, list):
        return [in_order(item) for item in value]
    if not isinstance(value, dict):
        return value
    first = [key for key in ("id", "object") if key in value]
    rest = sorted(key for key in value if key not in first)
    return {key: in_order(value[key]) for key in first + rest}


def nulls(names):
    """Each of `names` with nothing to say."""
    return dict.fromkeys(names.split())


def payment_method():
    card = dict(
        brand="visa", checks=CHECKS, country="US", display_brand="visa", exp_month=11,
        exp_year=2027, fingerprint="Xt5EWLLDS7FJjR1c", funding="credit", generated_from=None,
        last4="4242", networks=dict(available=["visa"], preferred=None),
        regulated_status="unregulated", three_d_secure_usage=dict(supported=True), wallet=None,
    )
    return dict(
        id=PM_ID, object="payment_method", allow_redisplay="unspecified", billing_details=BILLING,
        card=card, created=CREATED, customer=None, customer_account=None, livemode=False,
        metadata={}, shared_payment_granted_token=None, type="card",
    )


def decline():
    """As an intent keeps it."""
    return dict(
        advice_code="try_again_later", charge=CH_ID, code="card_declined",
        decline_code="generic_decline",
        doc_url="https://stripe.com/docs/error-codes/card-declined",
        message="Your card was declined.", network_decline_code="01",
        payment_method=payment_method(), payment_method_type="card", type="card_error",
    )


def payment_intent(**other):
    card = dict(
        installments=None, mandate_options=None, network=None, request_three_d_secure="automatic"
    )
    made = dict(
        nulls(
            """allowed_payment_method_types application application_fee_amount canceled_at
            cancellation_reason customer_account description excluded_payment_method_types
            last_payment_error latest_charge next_action on_behalf_of payment_method payment_record
            processing receipt_email review setup_future_usage shared_payment_granted_token shipping
            source statement_descriptor statement_descriptor_suffix transfer_data transfer_group"""
        ),
        id=PI_ID, object="payment_intent", amount=1099, amount_capturable=0, amount_received=0,
        amount_details=dict(tip={}), automatic_payment_methods=dict(
            allow_redirects="always", enabled=True
        ),
        capture_method="automatic_async", confirmation_method="automatic",
        client_secret=PI_ID + "_secret_" + "a1B2c" * 5, created=CREATED, currency="usd",
        customer=CUS_ID, livemode=False, managed_payments=dict(enabled=False),
        metadata=dict(order="6735", and_more="x"),
        payment_method_configuration_details=dict(id="pmc_x", parent=None),
        payment_method_options=dict(card=card), payment_method_types=["card"],
        status="requires_payment_method",
    )
    return {**made, **other}


def setup_intent():
    card = dict(mandate_options=None, network=None, request_three_d_secure="automatic")
    return dict(
        nulls(
            """allowed_payment_method_types application automatic_payment_methods
            cancellation_reason customer_account description excluded_payment_method_types
            flow_directions last_setup_error mandate next_action on_behalf_of
            payment_method_configuration_details single_use_mandate"""
        ),
        id=SI_ID, object="setup_intent", client_secret=SI_ID + "_secret_" + "a" * 31,
        created=CREATED, customer=CUS_ID, latest_attempt="setatt_1U09J1KuuB1fWySn0hVphuhX",
        livemode=False, managed_payments=dict(enabled=False), metadata={}, payment_method=PM_ID,
        payment_method_options=dict(card=card), payment_method_types=["card"],
        status="succeeded", usage="off_session",
    )


def charge():
    card = dict(
        nulls("installments mandate three_d_secure transaction_link_id wallet"),
        amount_authorized=1099, authorization_code="281162", brand="visa", checks=CHECKS,
        country="US", electronic_commerce_indicator="07", exp_month=11, exp_year=2027,
        extended_authorization=dict(status="disabled"), fingerprint="Xt5EWLLDS7FJjR1c",
        funding="credit", incremental_authorization=dict(status="unavailable"), last4="4242",
        multicapture=dict(status="unavailable"), network="visa", network_token=dict(used=False),
        network_transaction_id="791057772779751", regulated_status="unregulated",
        overcapture=dict(maximum_amount_capturable=1099, status="unavailable"),
    )
    outcome = dict(
        nulls("advice_code network_advice_code network_decline_code reason"),
        network_status="approved_by_network", risk_level="normal", risk_score=12,
        seller_message="Payment complete.", type="authorized",
    )
    return dict(
        nulls(
            """application application_fee application_fee_amount balance_transaction description
            destination dispute failure_balance_transaction failure_code failure_message
            on_behalf_of order receipt_email receipt_number receipt_url review shipping source
            source_transfer statement_descriptor statement_descriptor_suffix transfer_data
            transfer_group"""
        ),
        id=CH_ID, object="charge", amount=1099, amount_captured=1099, amount_refunded=0,
        billing_details=BILLING, calculated_statement_descriptor="Stripe", captured=True,
        created=CREATED, currency="usd", customer=CUS_ID, disputed=False, fraud_details={},
        livemode=False, metadata={}, outcome=outcome, paid=True, payment_intent=PI_ID,
        payment_method=PM_ID, payment_method_details=dict(card=card, type="card"),
        radar_options={}, refunded=False, status="succeeded",
    )


def refund():
    card = dict(
        reference="7123456789012345", reference_status="available",
        reference_type="acquirer_reference_number", type="refund",
    )
    return dict(
        nulls("customer_account reason receipt_number source_transfer_reversal transfer_reversal"),
        id="re_3U09J1KuuB1fWySn0hVphuhX", object="refund", amount=1099,
        balance_transaction="txn_3U09J1KuuB1fWySn0hVphuhX", charge=CH_ID, created=CREATED,
        currency="usd", customer=CUS_ID, destination_details=dict(card=card, type="card"),
        metadata={}, payment_intent=PI_ID, payment_method=PM_ID, status="succeeded",
    )


def balance():
    def sums(amount):
        return [dict(amount=amount, currency="usd", source_types=dict(card=amount))]

    nothing = [dict(amount=0, currency="usd")]
    return dict(
        object="balance", available=sums(-5), livemode=False, pending=sums(1912),
        refund_and_dispute_prefunding=dict(available=nothing, pending=nothing),
    )


def customer():
    return dict(
        nulls(
            """address currency customer_account default_source description discount email name
            phone shipping test_clock"""
        ),
        id=CUS_ID, object="customer", balance=0, created=CREATED, delinquent=False,
        invoice_prefix="A6EZPRP2", invoice_settings=nulls(
            "custom_fields default_payment_method footer rendering_options"
        ),
        livemode=False, metadata={}, next_invoice_sequence=1, preferred_locales=[],
        tax_exempt="none",
    )


def event():
    return dict(
        id="evt_3U09J1KuuB1fWySn0hVphuhX", object="event", api_version="2026-08-26.dahlia",
        created=CREATED, data=dict(object=charge(), previous_attributes=dict(captured=False)),
        livemode=False, pending_webhooks=0, type="charge.updated",
        request=dict(id="req_a1B2c3D4e5F6g7", idempotency_key=None),
    )


def event_of_balance():
    return event() | dict(
        data=dict(object=in_order(balance())), type="balance.available",
        request=dict(id=None, idempotency_key=None),
    )


def refused():
    error = decline()
    del error["payment_method_type"]
    error["payment_intent"] = payment_intent(last_payment_error=decline(), latest_charge=CH_ID)
    return dict(error=error)


def page(item, url):
    return {"object": "list", "data": [in_order(item)], "has_more": False, "url": url}


def for_publishable():
    kept = """id object amount automatic_payment_methods canceled_at cancellation_reason
        capture_method client_secret confirmation_method created currency description
        last_payment_error livemode next_action payment_method payment_method_types processing
        receipt_email setup_future_usage shipping status""".split()
    return {key: value for key, value in payment_intent().items() if key in kept}


def all_of_them():
    """Method, path, kind of key, status, and the body."""
    secret, publishable = "secret", "publishable"
    return [
        ("POST", "/v1/payment_intents", secret, 200, in_order(payment_intent())),
        ("POST", "/v1/payment_intents", secret, 402, in_order(refused())),
        ("GET", f"/v1/payment_intents/{PI_ID}", publishable, 200, in_order(for_publishable())),
        ("GET", f"/v1/setup_intents/{SI_ID}", secret, 200, in_order(setup_intent())),
        ("GET", "/v1/charges", secret, 200, page(charge(), "/v1/charges")),
        ("POST", "/v1/refunds", secret, 200, in_order(refund())),
        ("GET", "/v1/balance", secret, 200, in_order(balance())),
        ("POST", "/v1/customers", secret, 200, in_order(customer())),
        ("POST", "/v1/payment_methods", secret, 200, in_order(payment_method())),
        ("GET", "/v1/events/evt_1", secret, 200, in_order(event())),
        ("GET", "/v1/events/evt_2", secret, 200, in_order(event_of_balance())),
    ]
