"""The cards that pay: what each shows, by its number, its alias and its token."""

import pytest
import stripe

import shop

# number, alias, brand, funding, country (None: not said)
CARDS = [
    ("4242424242424242", "pm_card_visa", "visa", "credit", "US"),
    ("4000056655665556", "pm_card_visa_debit", "visa", "debit", "US"),
    ("5555555555554444", "pm_card_mastercard", "mastercard", "credit", "US"),
    ("2223003122003222", None, "mastercard", None, None),
    ("5200828282828210", "pm_card_mastercard_debit", "mastercard", "debit", None),
    ("5105105105105100", "pm_card_mastercard_prepaid", "mastercard", "prepaid", None),
    ("378282246310005", "pm_card_amex", "amex", None, None),
    ("371449635398431", None, "amex", None, None),
    ("6011111111111117", "pm_card_discover", "discover", None, None),
    ("6011000990139424", None, "discover", None, None),
    ("6011981111111113", None, "discover", "debit", None),
    ("3056930009020004", "pm_card_diners", "diners", None, None),
    ("36227206271667", None, "diners", None, None),
    ("6555900000604105", None, "discover", None, None),
    ("3566002020360505", "pm_card_jcb", "jcb", None, None),
    ("6200000000000005", "pm_card_unionpay", "unionpay", None, None),
    ("6200000000000047", None, "unionpay", "debit", None),
    ("6205500000000000004", None, "unionpay", None, None),
    ("4000051230000072", "pm_card_debit_visaFsaProductCode", "visa", None, None),
    ("4000051230000072", "pm_card_debit_visaHsaProductCode", "visa", None, None),
    ("5200828282828897", "pm_card_mastercard_debit_mastercardFsaProductCode", "mastercard", None,
     None),
]  # fmt: skip

# Two networks on one card: the brand that is shown first is not recorded for all of them.
CO_BRANDED = [
    ("4000002500001001", "pm_card_visa_cartesBancaires", {"visa", "cartes_bancaires"}, "FR"),
    ("5555552500001001", "pm_card_mastercard_cartesBancaires",
     {"mastercard", "cartes_bancaires"}, "FR"),
    ("4000050360000001", "pm_card_visa_debit_eftposAuCoBranded", {"visa", "eftpos_au"}, "AU"),
    ("5555050360000080", "pm_card_mastercard_debit_eftposAuCoBranded",
     {"mastercard", "eftpos_au"}, "AU"),
]  # fmt: skip

COUNTRIES = """
AR 4000000320000021 BR 4000000760000002 CA 4000001240000000 CL 4000001520000001 CO 4000001700000003
CR 4000001880000005 EC 4000002180000000 MX 4000004840008001 PA 4000005910000000 PY 4000006000000066
PE 4000006040000068 UY 4000008580000003 AE 4000007840000001 AT 4000000400000008 BE 4000000560000004
BG 4000001000000000 BY 4000001120000005 HR 4000001910000009 CY 4000001960000008 CZ 4000002030000002
DK 4000002080000001 EE 4000002330000009 FI 4000002460000001 FR 4000002500000003 DE 4000002760000016
GI 4000002920000005 GR 4000003000000030 HU 4000003480000005 IE 4000003720000005 IT 4000003800000008
LV 4000004280000005 LI 4000004380000004 LT 4000004400000000 LU 4000004420000006 MT 4000004700000007
NL 4000005280000002 NO 4000005780000007 PL 4000006160000005 PT 4000006200000007 RO 4000006420000001
SA 4000006820000007 SI 4000007050000006 SK 4000007030000001 ES 4000007240000007 SE 4000007520000008
CH 4000007560000009 GB 4000008260000000 AU 4000000360000006 CN 4000001560000002 HK 4000003440000004
IN 4000003560000008 JP 4000003920000003 MY 4000004580000002 NZ 4000005540000008 SG 4000007020000003
TW 4000001580000008
""".split()


def cvc(number):
    return "3141" if number.startswith(("34", "37")) else "314"


def made(number, alias):
    """The PaymentMethod of the number, and the alias's, if it has one."""
    methods = [stripe.PaymentMethod.retrieve(shop.card(number, cvc=cvc(number)))]
    if alias:
        methods.append(stripe.PaymentMethod.retrieve(alias))
    return methods


@pytest.mark.parametrize("number, alias, brand, funding, country", CARDS)
def test_a_card(number, alias, brand, funding, country):
    for method in made(number, alias):
        card = method.card
        assert card.brand == brand
        assert card.last4 == number[-4:]
        assert funding in (None, card.funding)
        assert country in (None, card.country)
        assert card.checks.cvc_check == "unchecked"
        paid = shop.pay(method.id, expand=["latest_charge"])
        assert paid.status == "succeeded"
        assert paid.latest_charge.payment_method_details.card.brand == brand
        assert paid.latest_charge.payment_method_details.card.checks.cvc_check == "pass"


@pytest.mark.parametrize("number, alias, networks, country", CO_BRANDED)
def test_a_card_of_two_networks(number, alias, networks, country):
    for method in made(number, alias):
        assert set(method.card.networks.available) == networks
        assert method.card.country == country
        assert shop.pay(method.id).status == "succeeded"


def test_every_country_pays_at_an_american_account():
    for country, number in zip(COUNTRIES[::2], COUNTRIES[1::2]):
        method = stripe.PaymentMethod.retrieve(shop.card(number))
        assert method.card.country == country
        assert shop.pay(method.id).status == "succeeded", country
        alias = stripe.PaymentMethod.retrieve(f"pm_card_{country.lower()}")
        assert (alias.card.country, alias.card.last4) == (country, number[-4:])


def test_an_unlisted_number_of_a_country():
    """Every valid number of the form 400000, a country's number, is that country's card."""
    method = stripe.PaymentMethod.retrieve(shop.card("4000002760000008"))
    assert method.card.country == "DE"


@pytest.mark.parametrize(
    "token, last4",
    [("tok_visa", "4242"), ("tok_mastercard", "4444"), ("tok_de", "0016"),
     ("tok_threeDSecure2Required", "3220")],
)  # fmt: skip
def test_a_token(token, last4):
    method = stripe.PaymentMethod.create(type="card", card={"token": token})
    assert method.card.last4 == last4
    paid = stripe.PaymentIntent.create(
        amount=2000,
        currency="usd",
        payment_method_data={"type": "card", "card": {"token": token}},
        confirm=True,
    )
    assert paid.status in ("succeeded", "requires_action")


@pytest.mark.parametrize(
    "token, attaches, code",
    [
        ("tok_visa_chargeDeclinedFraudulent", False, "fraudulent"),
        ("tok_visa_chargeCustomerFailLostCard", True, "lost_card"),
        ("tok_visa_chargeCustomerFailStolenCard", True, "stolen_card"),
        ("tok_chargeDeclinedExpiredCard", False, "expired_card"),
    ],
)
def test_a_token_of_a_declining_card(token, attaches, code):
    def method():
        return stripe.PaymentMethod.create(type="card", card={"token": token}).id

    error = shop.declined(lambda: shop.pay(method()))
    assert error["decline_code"] == code
    customer = shop.customer()
    if attaches:
        attached = shop.attached(method(), customer)
        error = shop.declined(lambda: shop.charge_later(customer, attached))
    else:
        error = shop.declined(lambda: stripe.PaymentMethod.attach(method(), customer=customer))
    assert error["decline_code"] == code


def test_the_same_number_has_the_same_fingerprint():
    one, other = (stripe.PaymentMethod.retrieve("pm_card_visa") for _ in range(2))
    assert one.id != other.id
    assert one.card.fingerprint == other.card.fingerprint
    assert len(one.card.fingerprint) == 16
    another = stripe.PaymentMethod.retrieve("pm_card_mastercard")
    assert another.card.fingerprint != one.card.fingerprint


def test_two_digits_of_a_year():
    method = stripe.PaymentMethod.create(
        type="card", card={"number": "4242424242424242", "exp_month": 1, "exp_year": 34}
    )
    assert method.card.exp_year == 2034
    assert method.card.checks.cvc_check is None
