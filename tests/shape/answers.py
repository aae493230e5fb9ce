"""One recorded answer: what kind of thing it should be, and what is wrong with it."""

import json
import re
import urllib.parse

from strict import Strict

DEFAULT_VERSION = "2026-08-26.dahlia"

# What a call answers with when it succeeds: a schema, or `list of` one. The first row that fits.
ROUTES = [
    ("GET /v1/account", "account"),
    ("GET /v1/accounts/{id}", "account"),
    ("GET /v1/payment_intents", "list of payment_intent"),
    ("POST /v1/payment_intents", "payment_intent"),
    ("* /v1/payment_intents/{id}", "payment_intent"),
    ("POST /v1/payment_intents/{id}/{verb}", "payment_intent"),
    ("GET /v1/setup_intents", "list of setup_intent"),
    ("POST /v1/setup_intents", "setup_intent"),
    ("* /v1/setup_intents/{id}", "setup_intent"),
    ("POST /v1/setup_intents/{id}/{verb}", "setup_intent"),
    ("GET /v1/setup_attempts", "list of setup_attempt"),
    ("GET /v1/charges", "list of charge"),
    ("* /v1/charges/{id}", "charge"),
    ("POST /v1/charges/{id}/refund", "charge"),
    ("GET /v1/charges/{id}/refunds", "list of refund"),
    ("POST /v1/charges/{id}/refunds", "refund"),
    ("GET /v1/charges/{id}/refunds/{id}", "refund"),
    ("GET /v1/refunds", "list of refund"),
    ("POST /v1/refunds", "refund"),
    ("* /v1/refunds/{id}", "refund"),
    ("GET /v1/balance", "balance"),
    ("GET /v1/balance_transactions", "list of balance_transaction"),
    ("GET /v1/balance_transactions/{id}", "balance_transaction"),
    ("GET /v1/customers", "list of customer"),
    ("POST /v1/customers", "customer"),
    ("DELETE /v1/customers/{id}", "deleted_customer"),
    ("* /v1/customers/{id}", "customer"),
    ("GET /v1/customers/{id}/payment_methods", "list of payment_method"),
    ("GET /v1/customers/{id}/payment_methods/{id}", "payment_method"),
    ("GET /v1/payment_methods", "list of payment_method"),
    ("POST /v1/payment_methods", "payment_method"),
    ("* /v1/payment_methods/{id}", "payment_method"),
    ("POST /v1/payment_methods/{id}/{verb}", "payment_method"),
    ("GET /v1/mandates/{id}", "mandate"),
    ("GET /v1/test_helpers/test_clocks", "list of test_helpers.test_clock"),
    ("POST /v1/test_helpers/test_clocks", "test_helpers.test_clock"),
    ("DELETE /v1/test_helpers/test_clocks/{id}", "deleted_test_helpers.test_clock"),
    ("* /v1/test_helpers/test_clocks/{id}", "test_helpers.test_clock"),
    ("POST /v1/test_helpers/test_clocks/{id}/{verb}", "test_helpers.test_clock"),
    ("GET /v1/events", "list of event"),
    ("GET /v1/events/{id}", "event"),
    ("POST /v1/events/{id}/retry", "event"),
    ("GET /v1/webhook_endpoints", "list of webhook_endpoint"),
    ("POST /v1/webhook_endpoints", "webhook_endpoint"),
    ("DELETE /v1/webhook_endpoints/{id}", "deleted_webhook_endpoint"),
    ("* /v1/webhook_endpoints/{id}", "webhook_endpoint"),
]

# Places that Stripe does not have, or that only its command line calls, which no document has.
OURS = ("/v1/stripecli/", "/onfile/", "/healthz", "/readyz", "/metrics", "/healthcheck")

# Lists that say how many items they show, between `object` and `data` (1.9).
COUNTED = ("/v1/refunds",)

PAGE_TYPES = ("text/html", "text/css", "text/markdown", "image/")


class Answer:
    """A line of a recording."""

    def __init__(self, line):
        self.method = line["method"]
        self.path, _, self.query = line["path"].partition("?")
        self.version = line["version"]
        self.key = line["key"]
        self.status = line["status"]
        self.type = line["type"] or ""
        self.text = line["body"]

    def route(self):
        """The call without its ids."""
        path = re.sub(r"/(?!v1\b)[^/]*\d[^/]*", "/{id}", self.path)
        return f"{self.method} {path}"

    def is_exempt(self):
        if self.path.startswith(OURS) or self.method in ("OPTIONS", "HEAD"):
            return True
        outside = not self.path.startswith("/v1/") and self.path != "/v1"
        page = self.type.startswith(PAGE_TYPES) or self.status in (302, 303)
        return outside and page

    def expected(self):
        """The schema of a success; `None` where no row fits."""
        for row, schema in ROUTES:
            method, path = row.split(" ")
            pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
            if method in ("*", self.method) and re.fullmatch(pattern, self.path):
                return schema
        return None

    def look(self, document):
        """Everything that is wrong with it."""
        if self.type.split(";")[0].strip() != "application/json":
            return [f"the type of its body is {self.type!r}"]
        try:
            body = json.loads(self.text, object_pairs_hook=without_doubles)
        except ValueError as error:
            return [f"its body is no JSON: {error}"]
        asked = urllib.parse.parse_qs(self.query)
        expands = self.method == "POST" or any(name.startswith("expand") for name in asked)
        known = self.version if re.match(r"\d{4}-\d\d-\d\d", self.version or "") else None
        strict = Strict(document, known or DEFAULT_VERSION, self.key == "publishable", expands)
        if self.text.rstrip("\n") != json.dumps(body, indent=2, ensure_ascii=False):
            strict.say("body", "is not laid out as Stripe's")
        if self.status >= 400:
            self.refusal(body, strict)
        elif self.status != 200:
            strict.say("status", f"{self.status} is never used")
        else:
            self.success(body, strict, asked)
        return strict.wrong

    def refusal(self, body, strict):
        if not isinstance(body, dict) or list(body) != ["error"]:
            return strict.say("body", "is not {error: …}")
        if not isinstance(body["error"], dict):
            return strict.say("error", "is no object")
        # Nobody expands what stands in an error.
        strict.expands = False
        strict.error(body["error"], "error", self.status)

    def success(self, body, strict, asked):
        schema = self.expected()
        if schema is None:
            return strict.say("route", "succeeds and has no row in answers.py")
        if schema == "customer" and isinstance(body, dict) and "deleted" in body:
            schema = "deleted_customer"
        if schema.startswith("list of "):
            self.page(body, schema.removeprefix("list of "), strict, asked)
        else:
            strict.named(body, schema, schema)

    def page(self, body, item, strict, asked):
        """A list (1.9): four keys, its own path, the newest first, no more than asked for."""
        keys = ["object", "data", "has_more", "url"]
        if self.path in COUNTED:
            keys.insert(1, "count")
        if not isinstance(body, dict) or list(body) != keys:
            return strict.say("list", f"has not the keys {', '.join(keys)}")
        if body["object"] != "list" or not isinstance(body["has_more"], bool):
            strict.say("list", "object is not list, or has_more no boolean")
        if body["url"] != self.path:
            strict.say("list", f"url is {body['url']!r}")
        if not isinstance(body["data"], list):
            return strict.say("list", "data is no array")
        if "count" in body and body["count"] != len(body["data"]):
            strict.say("list", f"count is {body['count']!r} of {len(body['data'])}")
        limit = asked.get("limit", ["10"])[0]
        if limit.lstrip("-").isdigit() and len(body["data"]) > max(1, min(100, int(limit))):
            strict.say("list", f"{len(body['data'])} items where {limit} were asked for")
        for place, thing in enumerate(body["data"]):
            strict.named(thing, item, f"data[{place}]")
        created = [thing.get("created") for thing in body["data"] if isinstance(thing, dict)]
        if all(isinstance(time, int) for time in created) and created != sorted(created)[::-1]:
            strict.say("list", "is not newest first")


def without_doubles(pairs):
    """An object's pairs, no key twice."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError(f"a key stands twice among {[key for key, _ in pairs]}")
    return made
