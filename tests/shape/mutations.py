"""Spoils right answers in every way there is, and tells which of that the check does not see."""

import copy
import json

import samples
from answers import DEFAULT_VERSION, Answer

# Left out without harm: what an object has only now and then, and what merely says more.
MAY_GO = {
    "advice_code", "charge", "decline_code", "network_decline_code", "payment_intent",
    "payment_method", "previous_attributes", "reference", "risk_score", "source_types",
}

# Values that may be null, though the samples have something to say.
MAY_BE_NULL = {"amount_authorized", "delinquent"}

# Objects whose keys are the caller's own: any key, in any order.
FREE = {"metadata"}


def run(document):
    """How many spoilt answers there were, and a description of each that passed."""
    tried, unnoticed = 0, []
    for method, path, key, status, body in samples.all_of_them():
        honest = look(document, method, path, key, status, body)
        if honest:
            unnoticed.append(f"{method} {path} ({key}) is right and was refused: {honest[0]}")
        for what, spoilt in spoils(body):
            tried += 1
            if not look(document, method, path, key, status, spoilt):
                unnoticed.append(f"{method} {path} ({key}): {what}")
    for what, line in odd_ones():
        tried += 1
        if not Answer(line).look(document):
            unnoticed.append(what)
    return tried, unnoticed


def look(document, method, path, key, status, body):
    return Answer(line(method, path, key, status, json.dumps(body, indent=2))).look(document)


def line(method, path, key, status, text, kind="application/json"):
    return {
        "method": method, "path": path, "key": key, "status": status, "type": kind,
        "version": DEFAULT_VERSION, "body": text,
    }


def spoils(body):
    """Each object of `body` with a key less, a key more, two keys swapped, a value of no sense."""
    for place in objects(body):
        names = [name for name in place if isinstance(name, str)]
        if names and names[-1] in FREE:
            continue
        there = at(body, place)
        where = ".".join(map(str, place)) or "(top)"
        yield f"{where} with a key more", changed(body, place, lambda it: it.update(zebra=1))
        keys = list(there)
        for key in keys:
            if key not in MAY_GO and "previous_attributes" not in place:
                less = changed(body, place, lambda it, key=key: it.pop(key))
                yield f"{where} without {key}", less
            if "previous_attributes" in place:
                continue
            for value in nonsense(there[key]):
                if value is None and key in MAY_BE_NULL:
                    continue
                other = changed(body, place, lambda it, k=key, v=value: it.update({k: v}))
                yield f"{where}.{key} = {value!r}", other
        if len(keys) > 1:
            yield f"{where} in the wrong order", changed(body, place, reverse)


def nonsense(value):
    """Values of other types. A text or a number in place of null may well be right."""
    if value is None:
        return [3.5]
    if isinstance(value, bool):
        return ["true", 1, None]
    if isinstance(value, int):
        return [str(value), 1.5, None]
    if isinstance(value, str):
        return [7, {}]
    return [7, "x"]


def reverse(there):
    items = list(there.items())
    there.clear()
    there.update(reversed(items))


def objects(value, place=()):
    """The places of every object that has keys."""
    if isinstance(value, dict):
        if value:
            yield place
        for key, item in value.items():
            yield from objects(item, place + (key,))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from objects(item, place + (number,))


def at(value, place):
    for step in place:
        value = value[step]
    return value


def changed(body, place, change):
    spoilt = copy.deepcopy(body)
    change(at(spoilt, place))
    return spoilt


def odd_ones():
    """What no change of one key brings about."""
    customer = json.dumps(samples.in_order(samples.customer()), indent=2)
    path = "/v1/customers"
    refusal = {
        "error": {"message": "No such customer: 'cus_X'", "type": "invalid_request_error"}
    }

    def refused(status, **more):
        body = {"error": samples.in_order({**refusal["error"], **more})}
        return line("POST", path, "secret", status, json.dumps(body, indent=2))

    yield "a created thing with 201", line("POST", path, "secret", 201, customer)
    yield "a page for JSON", line("POST", path, "secret", 200, customer, "text/html")
    yield "no blanks", line("POST", path, "secret", 200, customer.replace("\n", ""))
    yield "no JSON", line("POST", path, "secret", 200, "{")
    yield "a key twice", line(
        "POST", path, "secret", 200, customer.replace("{\n", '{\n  "id": "cus_1",\n', 1)
    )
    yield "a plain text for 405", line("PUT", path, "secret", 405, "no", "text/plain")
    yield "a decline with 400", refused(400, type="card_error")
    yield "a code without its page", refused(400, code="resource_missing")
    yield "a page without a code", refused(400, doc_url="https://stripe.com/docs/error-codes/x")
    yield "an address on another's host", refused(400, request_log_url="https://dashboard")
    yield "an error that is a string", line("POST", path, "secret", 400, '{\n  "error": "no"\n}')
    yield "a customer where an intent should be", line(
        "POST", "/v1/payment_intents", "secret", 200, customer
    )
    yield "a whole intent for a publishable key", line(
        "POST", "/v1/payment_intents/pi_1/confirm", "publishable", 200,
        json.dumps(samples.in_order(samples.payment_intent()), indent=2),
    )
    yield "an expanded customer that nobody asked for", line(
        "GET", "/v1/payment_intents/pi_1", "secret", 200,
        json.dumps(
            samples.in_order(samples.payment_intent(customer=samples.customer())), indent=2
        ),
    )
    yield "a list with another's url", line(
        "GET", "/v1/customers", "secret", 200,
        json.dumps(samples.page(samples.customer(), "/v1/charges"), indent=2),
    )
