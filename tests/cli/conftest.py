"""Stripe's CLI, unmodified, against the server; nothing else on the network."""

import json
import os
import subprocess
import uuid

import pytest

BASE = os.environ["ONFILE_BASE_URL"]
PROGRAM = os.environ["ONFILE_STRIPE_CLI"]

# Where nothing listens: what the CLI would tell others (updates, telemetry) goes there.
NOWHERE = "http://127.0.0.1:9"


class Cli:
    """One world, and a home folder of its own."""

    def __init__(self, home):
        self.key = "sk_test_" + uuid.uuid4().hex
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "STRIPE_API_KEY": self.key,
            "STRIPE_CLI_TELEMETRY_OPTOUT": "1",
            "HTTPS_PROXY": NOWHERE,
            "HTTP_PROXY": NOWHERE,
            "NO_PROXY": "127.0.0.1",
        }

    def run(self, *arguments):
        """The finished process."""
        return subprocess.run(
            [PROGRAM, *arguments, "--api-base", BASE, "--color", "off"],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )

    def json(self, *arguments):
        """What a command that succeeds prints."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr + done.stdout
        return json.loads(done.stdout)

    def events(self):
        """The types of all events so far, the oldest first."""
        return [event["type"] for event in self.json("get", "/v1/events")["data"]][::-1]


@pytest.fixture
def cli(tmp_path):
    return Cli(tmp_path)
