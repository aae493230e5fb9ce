"""Holds a value against a schema, strictly, and says everything that is wrong with it."""

import re

from document import day

# Shapes of ids (1.11), by the `object` that has them.
IDS = {
    "payment_intent": r"pi_[A-Za-z0-9]{24}",
    "setup_intent": r"seti_[A-Za-z0-9]{24}",
    "setup_attempt": r"setatt_[A-Za-z0-9]{24}",
    "charge": r"ch_[A-Za-z0-9]{24}",
    "refund": r"re_[A-Za-z0-9]{24}",
    "balance_transaction": r"txn_[A-Za-z0-9]{24}",
    "payment_method": r"pm_[A-Za-z0-9]{24}",
    "customer": r"cus_[A-Za-z0-9]{14}",
    "event": r"evt_[A-Za-z0-9]{24}",
    "account": r"acct_[A-Za-z0-9]{16}",
    "mandate": r"mandate_[A-Za-z0-9]{24}",
    "test_helpers.test_clock": r"clock_[A-Za-z0-9]{24}",
    "webhook_endpoint": r"we_[A-Za-z0-9]{24}",
}
# What events tell of and no id names.
WITHOUT_ID = {"balance"}
SECRETS = {
    "payment_intent": r"pi_[A-Za-z0-9]{24}_secret_[A-Za-z0-9]{25}",
    "setup_intent": r"seti_[A-Za-z0-9]{24}_secret_[A-Za-z0-9]{31}",
}

# What a publishable key sees (1.2): these keys, and no other.
PUBLISHABLE = {
    "payment_intent": set(
        """id object amount automatic_payment_methods canceled_at cancellation_reason capture_method
        client_secret confirmation_method created currency description last_payment_error livemode
        next_action payment_method payment_method_types processing receipt_email setup_future_usage
        shipping status""".split()
    ),
    "setup_intent": set(
        """id object automatic_payment_methods cancellation_reason client_secret created description
        last_setup_error livemode next_action payment_method payment_method_types status
        usage""".split()
    ),
}

ERROR_KEYS = set(
    """advice_code charge code decline_code doc_url message network_advice_code network_decline_code
    param payment_intent payment_method payment_method_type setup_intent source type""".split()
)

# Codes that are ours, with documentation of our own.
OUR_CODES = {"parameter_unsupported"}

CODES_WITHOUT_PAGE = {"property_expansion_max_depth"}

TYPES = {
    "string": str,
    "boolean": bool,
    "array": list,
    "object": dict,
}


class Strict:
    """One answer's look: its version, and whether it went to a publishable key."""

    def __init__(self, document, version, publishable=False, expands=True):
        self.document = document
        self.version = day(version)
        self.publishable = publishable
        # Whether a reference may be the whole object: nobody asked for that otherwise.
        self.expands = expands
        self.wrong = []

    def say(self, where, what):
        self.wrong.append(f"{where}: {what}")

    def value(self, value, schema, where, owner=None, key=None):
        """`value` is what `schema` says; `owner` and `key` tell where the schema stands."""
        if value is None:
            if not schema.get("nullable"):
                self.say(where, "null is not allowed")
            return
        if (owner, key) in self.document.null:
            self.say(where, "must be null")
        if "anyOf" in schema:
            self.any_of(value, schema, where)
        elif "$ref" in schema:
            self.named(value, schema["$ref"].rsplit("/", 1)[1], where)
        else:
            self.plain(value, schema, where)

    def any_of(self, value, schema, where):
        options = schema["anyOf"]
        expandable = "x-expansionResources" in schema
        if isinstance(value, dict) and expandable and not self.expands:
            self.say(where, "an object where nobody asked to expand")
        best = None
        for option in options:
            look = Strict(self.document, self.version, self.publishable, self.expands)
            look.value(value, option, where)
            if best is None or len(look.wrong) < len(best):
                best = look.wrong
            if not best:
                break
        self.wrong.extend(best)

    def plain(self, value, schema, where):
        kind = schema.get("type")
        if kind == "integer":
            if not isinstance(value, int) or isinstance(value, bool):
                return self.say(where, f"{value!r} is no integer")
            if schema.get("format") == "unix-time" and not 10**9 < value < 10**10:
                return self.say(where, f"{value} is no Unix time")
        elif kind == "number":
            if not isinstance(value, (int, float)) or isinstance(value, bool):
                return self.say(where, f"{value!r} is no number")
        elif kind in TYPES and not isinstance(value, TYPES[kind]):
            return self.say(where, f"{value!r} is no {kind}")
        if "enum" in schema and value not in schema["enum"]:
            self.say(where, f"{value!r} is none of {schema['enum']}")
        if schema.get("format") == "currency" and not re.fullmatch("[a-z]{3}", value):
            self.say(where, f"{value!r} is no currency")
        if kind == "array":
            for place, item in enumerate(value):
                self.value(item, schema.get("items", {}), f"{where}[{place}]")
        if kind == "object":
            self.unnamed(value, schema, where)

    def unnamed(self, value, schema, where):
        """An object without a schema of its own: a free map, or a list inside an object."""
        if "properties" in schema:
            self.keys(value, schema["properties"], set(schema.get("required", ())), where)
            self.ordered(value, where)
        else:
            more = schema.get("additionalProperties")
            for key, item in value.items():
                if isinstance(more, dict):
                    self.value(item, more, f"{where}.{key}")

    def named(self, value, name, where):
        """An object of one of the document's schemas."""
        if not isinstance(value, dict):
            schema = self.document.schemas[name]
            if schema.get("type") == "object" or "properties" in schema:
                return self.say(where, f"{value!r} is no object")
            return self.value(value, schema, where)
        if name == "api_errors":
            return self.stored_error(value, where)
        must = self.document.must_have(name, self.version)
        may = self.document.may_have(name, self.version)
        if self.publishable and name in PUBLISHABLE:
            must = PUBLISHABLE[name]
            may = {key: schema for key, schema in may.items() if key in must}
        self.keys(value, may, must, where, name)
        self.ordered(value, where)
        if isinstance(value.get("id"), str) and name in IDS:
            self.matches(value["id"], IDS[name], f"{where}.id")
        if isinstance(value.get("client_secret"), str) and name in SECRETS:
            self.matches(value["client_secret"], SECRETS[name], f"{where}.client_secret")
        if name == "event":
            self.event(value, where)

    def keys(self, value, may, must, where, name=None):
        for key in sorted(must - value.keys()):
            self.say(where, f"{key} is missing")
        for key, item in value.items():
            if key not in may or (name, key) in self.document.absent:
                self.say(where, f"{key} should not be there")
            else:
                self.value(item, may[key], f"{where}.{key}", name, key)

    def ordered(self, value, where):
        """`id`, `object`, then the alphabet."""
        keys = list(value)
        first = [key for key in ("id", "object") if key in value]
        expected = first + sorted(key for key in keys if key not in first)
        for is_there, should_be in zip(keys, expected):
            if is_there != should_be:
                return self.say(where, f"{is_there} stands where {should_be} should")

    def matches(self, text, pattern, where):
        if not re.fullmatch(pattern, text):
            self.say(where, f"{text!r} is not of the form {pattern}")

    def event(self, value, where):
        """Its subject whole and unexpanded, as the account's version shows it to a secret key."""
        data = value.get("data")
        subject = data.get("object") if isinstance(data, dict) else None
        name = subject.get("object") if isinstance(subject, dict) else None
        if not isinstance(name, str) or name not in IDS.keys() | WITHOUT_ID:
            return self.say(f"{where}.data.object", f"{name!r} has no schema here")
        version = str(value.get("api_version") or "9999")
        look = Strict(self.document, version, expands=False)
        look.named(subject, name, f"{where}.data.object")
        previous = data.get("previous_attributes", {})
        if isinstance(previous, dict):
            may = self.document.may_have(name, self.version)
            for key in previous:
                if key not in may:
                    look.say(f"{where}.data.previous_attributes", f"{key} should not be there")
            look.ordered(previous, f"{where}.data.previous_attributes")
        self.wrong.extend(look.wrong)

    def error(self, value, where, status):
        """What an answer of `status` says went wrong (1.6)."""
        self.error_keys(value, where)
        kind = value.get("type")
        if status in (401, 403, 404, 405, 413) and kind != "invalid_request_error":
            self.say(where, f"type {kind} with status {status}")
        if (status == 402) != (kind == "card_error"):
            self.say(where, f"type {kind} with status {status}")
        if status == 400 and kind not in ("invalid_request_error", "idempotency_error"):
            self.say(where, f"type {kind} with status 400")
        if "payment_method_type" in value:
            self.say(where, "payment_method_type stands inside last_payment_error only")

    def stored_error(self, value, where):
        """What an intent remembers of its last failure: no intent inside."""
        self.error_keys(value, where)
        for key in ("payment_intent", "setup_intent"):
            if key in value:
                self.say(where, f"{key} should not be there")
        remembers = ".last_payment_error" in where and value.get("type") == "card_error"
        if remembers != ("payment_method_type" in value):
            self.say(where, "payment_method_type goes with a card error of a payment, and only so")

    def error_keys(self, value, where):
        self.ordered(value, where)
        types = self.document.schemas["api_errors"]["properties"]
        for key, item in value.items():
            if key not in ERROR_KEYS:
                self.say(where, f"{key} should not be there")
            elif item is None:
                self.say(where, f"{key} is null: left out when it has no value")
            else:
                self.value(item, types[key], f"{where}.{key}", "api_errors", key)
        for key in ("message", "type"):
            if not value.get(key):
                self.say(where, f"{key} is missing")
        if "decline_code" in value and value.get("type") != "card_error":
            self.say(where, "decline_code without a card error")
        for key in ("network_advice_code", "network_decline_code"):
            if isinstance(value.get(key), str) and len(value[key]) != 2:
                self.say(where, f"{key} is not of two characters")
        code = value.get("code")
        if code is None or isinstance(code, str):
            self.page(code, value.get("doc_url"), where)

    def page(self, code, page, where):
        """`doc_url` goes with a code: Stripe's for Stripe's, ours for ours."""
        if code is None or code in CODES_WITHOUT_PAGE:
            expected = page is None
        elif code in OUR_CODES:
            expected = page is not None and "stripe.com" not in page
        else:
            address = "https://stripe.com/docs/error-codes/" + code.replace("_", "-")
            expected = page == address
        if not expected:
            self.say(where, f"doc_url {page!r} with code {code!r}")
