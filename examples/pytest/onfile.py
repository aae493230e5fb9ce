"""Drives onfile in tests: a world for each test, time that moves, events that are waited for.

Copy this file into your project. It needs Stripe's SDK and the program `onfile` on the PATH; with
a server that runs already (ONFILE_BASE_URL, see conftest.py) the program isn't needed.
"""

import contextlib
import json
import shutil
import subprocess
import uuid

import stripe


class NoServer(Exception):
    """There is none, and why."""


@contextlib.contextmanager
def server(program="onfile"):
    """Starts a server that forgets, on a free port, and ends it; gives its address.

    It ends with this process, however that ends: its standard input does.
    """
    if not shutil.which(program):
        raise NoServer(
            f"`{program}` is not on the PATH: install it (`cargo install --locked --path "
            "crates/onfile` in onfile's folder), or name a running server in ONFILE_BASE_URL"
        )
    arguments = ["--ephemeral", "--port", "0", "--print-json", "--log", "warn"]
    process = subprocess.Popen(
        [program, *arguments, "--until-stdin-ends"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline()
        if not line:
            raise NoServer(f"`{program}` did not start: it says why above")
        yield json.loads(line)["base_url"].rstrip("/")
    finally:
        process.terminate()
        process.wait()


class World:
    """A test key and everything behind it. Each new key is an empty world of its own."""

    def __init__(self, base_url, key=None):
        self.base_url = base_url
        self.key = key or "sk_test_" + uuid.uuid4().hex
        self.stripe = stripe.StripeClient(self.key, base_addresses={"api": base_url})

    def call(self, method, path, /, **params):
        """Calls a test control."""
        return self.stripe.raw_request(method, "/onfile/v1/test" + path, **params).data

    @property
    def now(self):
        return self.call("get", "/clock")["now"]

    def advance(self, **how_far):
        """Moves the clock: `advance(days=7)`. All that falls due is done when it returns."""
        units = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}
        seconds = sum(units[unit] * number for unit, number in how_far.items())
        return self.call("post", "/clock", advance=seconds)["now"]

    def reset(self):
        """Takes everything out of the world."""
        self.call("post", "/reset")

    def fixture(self, name=None, file=None):
        """Makes this empty world from a file, or from one that comes with the server."""
        if file:
            with open(file, encoding="utf-8") as opened:
                return self.call("post", "/fixture", file=opened.read())
        return self.call("post", "/fixture", name=name)

    def snapshot(self):
        """Keeps the world as it stands; give what it returns to `restore` or `changes`."""
        return self.call("post", "/snapshots")["id"]

    def restore(self, snapshot):
        self.call("post", f"/snapshots/{snapshot}/restore")

    def changes(self, since):
        """What was created, updated and deleted since a snapshot."""
        return self.call("get", "/changes", since=since)

    def last_event(self):
        """Where the next events come behind; "" stands for the beginning."""
        newest = self.stripe.v1.events.list({"limit": 1}).data
        return newest[0].id if newest else ""

    def wait_for(self, *types, after, count=1, delivered=False, timeout=10):
        """The next `count` events of these types behind the event `after`, oldest first.

        With `delivered` it also waits until every webhook endpoint has taken them.
        """
        params = {"types": list(types), "after": after, "count": count, "timeout": timeout}
        if delivered:
            params["delivered"] = "true"
        answer = self.call("get", "/events/wait", **params)
        done = "were delivered" if delivered else "came"
        assert answer["complete"], (
            f"in {timeout} s not all of {count} {done}: {[it['type'] for it in answer['data']]}"
        )
        return answer["data"]

    def deliveries(self, event):
        """Every delivery of an event, each with all its tries."""
        path = f"/onfile/v1/deliveries?event={event}"
        return self.stripe.raw_request("get", path).data["data"]

    def fail(self, kind, path="*", **more):
        """Has something go wrong, once or as `count` and `rate` say.

        Answers: kind `rate_limit`, `slow` (with `delay` in ms) or `lost`. Deliveries to webhook
        endpoints: `fail` (with a `status`), `twice`, `late` (by `seconds`) or `out_of_order`.
        """
        return self.call("post", "/faults", kind=kind, path=path, **more)["id"]
