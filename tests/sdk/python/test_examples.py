"""What the examples' runs leave out, because a server is there already: starting one."""

import importlib.util
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[3]
SOURCE = ROOT / "examples/pytest/onfile.py"
PROGRAM = os.path.join(os.environ["ONFILE_TARGET_DIR"], "debug/onfile")

STARTS = f"""
import sys
sys.path.insert(0, {str(SOURCE.parent)!r})
import onfile
with onfile.server({PROGRAM!r}) as url:
    customer = onfile.World(url).stripe.v1.customers.create()
    print(customer.object, flush=True)
    sys.stdin.read()
"""


def test_a_server_is_quiet_and_goes_with_whoever_started_it():
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout.readline() == "customer\n"
    starter.kill()
    # The server has this pipe too: it ends when both are gone.
    assert starter.communicate(timeout=30)[1] == ""


def test_where_there_is_no_program_one_sentence_says_what_to_do():
    spec = importlib.util.spec_from_file_location("example", SOURCE)
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    with pytest.raises(example.NoServer, match="`nonesuch` is not on the PATH: install it"):
        with example.server("nonesuch"):
            pass
