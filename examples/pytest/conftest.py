"""Fixtures: a server for the whole run, and a world for each test."""

import os

import pytest

import app as apps
import onfile


@pytest.fixture(scope="session")
def onfile_url():
    """The server that ONFILE_BASE_URL names, or one that is started for this run."""
    if running := os.environ.get("ONFILE_BASE_URL"):
        yield running.rstrip("/")
        return
    try:
        with onfile.server() as url:
            yield url
    except onfile.NoServer as none:
        pytest.exit(str(none), returncode=1)


@pytest.fixture
def world(onfile_url):
    """An empty world."""
    return onfile.World(onfile_url)


@pytest.fixture(scope="session")
def prepared(onfile_url):
    """A world from a file, made once, and the snapshot that each test begins with."""
    world = onfile.World(onfile_url)
    world.fixture("shop")
    return world, world.snapshot()


@pytest.fixture
def shop(prepared):
    """The prepared world as it stood, whatever the test before did to it."""
    world, snapshot = prepared
    world.restore(snapshot)
    return world


@pytest.fixture
def app(shop):
    """The app, told by the shop's world of what its customers pay."""
    app = apps.App()
    endpoint = shop.stripe.v1.webhook_endpoints.create(
        {"url": app.url, "enabled_events": ["charge.succeeded", "payment_intent.succeeded"]}
    )
    app.secret = endpoint.secret
    yield app
    app.close()
