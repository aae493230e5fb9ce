"""The bank's page, as a browser without JavaScript uses it: read the form, press a button."""

import html.parser
import urllib.parse

import requests

COMPLETE = "test-source-authorize-3ds"
FAIL = "test-source-fail-3ds"


class Page(html.parser.HTMLParser):
    """The first form of a page: where it goes, what it carries, and its buttons by their ids."""

    def __init__(self, text):
        super().__init__()
        self.action = None
        self.method = "get"
        self.fields = {}
        self.buttons = {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.action = attrs.get("action", "")
            self.method = attrs.get("method", "get").lower()
        elif tag == "input" and attrs.get("type") == "hidden":
            self.fields[attrs["name"]] = attrs.get("value", "")
        elif tag == "button" or (tag == "input" and attrs.get("type") == "submit"):
            self.buttons[attrs.get("id")] = attrs


def address(intent):
    """Where the customer is sent: the redirect's page, or the one that the SDK would open."""
    action = intent["next_action"]
    if action["type"] == "redirect_to_url":
        return action["redirect_to_url"]["url"]
    assert action["type"] == "use_stripe_sdk"
    assert action["use_stripe_sdk"]["type"] == "three_d_secure_redirect"
    return action["use_stripe_sdk"]["stripe_js"]


def press(url, button):
    """Opens the page, presses the button, and gives the answer, redirects not followed."""
    opened = requests.get(url, timeout=10)
    assert opened.status_code == 200, opened.text
    assert opened.headers["content-type"].startswith("text/html")
    page = Page(opened.text)
    assert page.method == "post"
    pressed = page.buttons[button]
    fields = dict(page.fields)
    if pressed.get("name"):
        fields[pressed["name"]] = pressed.get("value", "")
    target = urllib.parse.urljoin(url, pressed.get("formaction") or page.action)
    return requests.post(target, data=fields, timeout=10, allow_redirects=False)


def complete(intent):
    """The customer authenticates."""
    answer = press(address(intent), COMPLETE)
    assert answer.status_code in (200, 302, 303), answer.text
    return answer


def fail(intent):
    """The customer does not."""
    answer = press(address(intent), FAIL)
    assert answer.status_code in (200, 302, 303), answer.text
    return answer
