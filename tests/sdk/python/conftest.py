"""Each test has a world of its own: a test key that nobody used before."""

import os
import uuid

import pytest
import stripe

BASE = os.environ["ONFILE_BASE_URL"]


def new_key():
    return "sk_test_" + uuid.uuid4().hex


@pytest.fixture(autouse=True)
def world(monkeypatch):
    """The key of this test's world; Stripe's SDK is set to use it."""
    key = new_key()
    monkeypatch.setattr(stripe, "api_base", BASE)
    monkeypatch.setattr(stripe, "api_key", key)
    return key


@pytest.fixture
def base():
    """Where the server is."""
    return BASE
