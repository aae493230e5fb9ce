"""Stripe's CLI, unmodified, against the server; nothing else on the network."""

import http.server
import json
import os
import queue
import signal
import subprocess
import threading
import time
import uuid

import pytest
import stripe

BASE = os.environ["ONFILE_BASE_URL"]
PROGRAM = os.environ["ONFILE_STRIPE_CLI"]

# Where nothing listens: what the CLI would tell others (updates, telemetry) goes there.
NOWHERE = "http://127.0.0.1:9"


# How long something that must come may take, in seconds.
PATIENCE = 60


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

    def start(self, *arguments):
        """A process that runs on."""
        return Running([PROGRAM, *arguments, "--api-base", BASE, "--color", "off"], self.environment)

    def json(self, *arguments):
        """What a command that succeeds prints."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr + done.stdout
        return json.loads(done.stdout)

    def events(self):
        """The types of all events so far, the oldest first."""
        return [event["type"] for event in self.json("get", "/v1/events")["data"]][::-1]


class Running:
    """A process, and every line that it prints, wherever it does."""

    def __init__(self, command, environment):
        self.process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # The program is a script that starts the real one: both are to end.
            start_new_session=True,
        )
        self.lines = queue.Queue()
        self.said = []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line)

    def until(self, text):
        """The next line with this text."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                line = self.lines.get(timeout=max(0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {text!r} in {self.said}") from None
            self.said.append(line)
            if text in line:
                return line

    def end(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=PATIENCE)
        self.reader.join(timeout=PATIENCE)
        self.process.stdout.close()


class Sink(http.server.ThreadingHTTPServer):
    """Where events are forwarded to: keeps what comes, and answers with `status`."""

    def __init__(self):
        self.status = 200
        self.came = queue.Queue()
        super().__init__(("127.0.0.1", 0), Taker)
        self.url = f"http://127.0.0.1:{self.server_port}/hook"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def next(self):
        """The next delivery: its headers and its body."""
        return self.came.get(timeout=PATIENCE)

    def events(self, count, secret):
        """The next events by their types; each is verified as an application would."""
        events = {}
        for _ in range(count):
            headers, body = self.next()
            event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], secret)
            events[event.type] = event
        return events


class Taker(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.put((self.headers, body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def cli(tmp_path):
    return Cli(tmp_path)


@pytest.fixture
def sink():
    with Sink() as sink:
        yield sink
        sink.shutdown()


@pytest.fixture
def start(cli):
    """Starts commands that run on, and ends them with the test."""
    running = []

    def start(*arguments):
        running.append(cli.start(*arguments))
        return running[-1]

    yield start
    for process in running:
        process.end()
