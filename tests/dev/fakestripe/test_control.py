"""The verbs over HTTP, and the fake as a process."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dev import ROOT
from dev.fakestripe import API_KEY, FakeStripe
from dev.fakestripe.verbs import VERBS, Verbs
from tests.dev.fakestripe.shop import Raw, opened


def tell(fake: FakeStripe, verb: str, **arguments: Any) -> Raw:
    return Raw(fake, "POST", f"/_fake/{verb}", json.dumps(arguments))


def test_every_method_is_a_verb():
    assert sorted(VERBS) == sorted(name for name in vars(Verbs) if not name.startswith("_"))


def test_a_verb_is_called(fake: FakeStripe):
    session = opened(fake).id
    assert tell(fake, "pay", session=session, card="4000000000000002").json["status"] == "requires_payment_method"
    assert tell(fake, "pay", session=session).json["status"] == "requires_capture"


def test_the_state_is_read(fake: FakeStripe):
    fake.pay(opened(fake, 2000).id)
    state = Raw(fake, "GET", "/_fake/state").json
    assert state["payment_intents"][0]["amount_capturable"] == 2000
    assert state["balances"]["platform"]["net"] == 0


def test_time_is_advanced(fake: FakeStripe):
    opened(fake)
    assert tell(fake, "advance", seconds=24 * 3600).json is None
    assert fake.state()["sessions"][0]["status"] == "expired"


@pytest.mark.parametrize(
    ("verb", "arguments", "status"),
    [
        ("explode", {}, 404),
        ("control", {}, 404),
        ("pay", {}, 400),
        ("pay", {"session": "cs_test_0"}, 404),
        ("advance", {"years": 1}, 400),
        ("fault", {"kind": "flood"}, 400),
        ("fault", {"kind": "error", "colour": "red"}, 400),
        ("dispute", {"charge": "ch_0"}, 404),
    ],
)
def test_a_verb_is_refused(fake: FakeStripe, verb: str, arguments: dict[str, object], status: int):
    assert tell(fake, verb, **arguments).status == status


def test_only_a_captured_charge_is_disputed(fake: FakeStripe):
    fake.pay(opened(fake).id)
    assert tell(fake, "dispute", charge=fake.state()["charges"][0]["id"]).status == 400


def test_it_runs_as_a_process(tmp_path: Path):
    command = [sys.executable, "-m", "dev.fakestripe", "--port", "0", "--state", str(tmp_path / "stripe")]
    command += ["--webhook", "http://127.0.0.1:9/", "--secret", "whsec_test"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    assert line.startswith("fakestripe: http://127.0.0.1:")
    assert API_KEY in line
    assert (tmp_path / "stripe").is_dir()
