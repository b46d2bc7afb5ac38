"""Somebody elsewhere watches the log with the client's own verifier: no account, only a policy."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from dataclasses import replace

import httpx
import pytest

from tests.headless import PROGRAM
from tests.servers.casehub_server import CaseHub

SECONDS = 60
HOLDS, WRONG, UNDECIDED = 0, 1, 2


class Watcher:
    """Runs the watcher on one memory; keeps what it said and with what code it ended."""

    def __init__(self, folder, policy):
        self.memory = folder / "memory"
        self.policy = folder / "policy"
        self.policy.write_text(policy)

    def look(self, url):
        command = ["node", PROGRAM, "--policy", self.policy, "--memory", self.memory, "--url", url]
        run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        self.said = [json.loads(line) for line in run.stdout.splitlines()]
        return run.returncode

    def sizes(self):
        return {one["log"]: one.get("size") for one in self.said}


@pytest.fixture
def own(configuration):
    """A place whose server each test starts by itself."""
    return configuration.fresh()


@pytest.fixture
def watcher(own, tmp_path):
    return Watcher(tmp_path, own.manage("audit", "keys"))


def act(casehub):
    """Leave one event more: a sign-in that is refused."""
    with httpx.Client(base_url=casehub.url, headers={"Origin": casehub.url}) as client:
        client.get("/")
        answer = client.post(
            "/api/sign-in/password",
            json={"account": "sv.enlace1", "password": "not this one"},
            headers={"X-CSRFToken": client.cookies["csrftoken"], "Referer": f"{casehub.url}/"},
        )
    assert answer.status_code in {400, 401, 403}, answer.text


def signed(watcher, casehub, *, more_than=0):
    """Look until the log of acts is signed beyond a size; return it."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        code = watcher.look(casehub.url)
        sizes = [size for log, size in watcher.sizes().items() if log.startswith("audit.") and size]
        if code == HOLDS and sizes and sizes[0] > more_than:
            return sizes[0]
        time.sleep(0.2)
    pytest.fail(f"not signed: {watcher.said}")


def decided(watcher, casehub):
    """Look until there is a checkpoint to judge; return the code."""
    deadline = time.monotonic() + SECONDS
    while (code := watcher.look(casehub.url)) == UNDECIDED and time.monotonic() < deadline:
        time.sleep(0.2)
    return code


@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestWatcher:
    def test_follows_both_logs_from_one_look_to_the_next(self, own, watcher):
        with CaseHub(own) as casehub:
            first = signed(watcher, casehub)
            assert {one["holds"] for one in watcher.said} == {True}
            assert len(watcher.said) == 2
            # An act: somebody tries a wrong password.
            act(casehub)
            assert signed(watcher, casehub, more_than=first) > first

    def test_notices_a_log_that_lost_its_end_and_keeps_the_evidence(self, own, watcher):
        before = replace(own, data=own.data.with_name(f"{own.data.name}-before"))
        shutil.copytree(own.data, before.data)
        with CaseHub(own) as casehub:
            size = signed(watcher, casehub)
            act(casehub)
            size = signed(watcher, casehub, more_than=size)
        # The whole installation as it was before, anchor included: only others can tell.
        with CaseHub(before) as casehub:
            assert decided(watcher, casehub) == WRONG
        acts = next(one for one in watcher.said if one["log"].startswith("audit."))
        assert acts["holds"] is False
        (evidence,) = watcher.memory.glob("audit*.evidence")
        assert f"\n{size}\n" in evidence.read_text()

    def test_goes_on_over_a_change_of_keys_that_a_running_server_makes(self, own, watcher):
        with CaseHub(own) as casehub:
            size = signed(watcher, casehub)
            for which in ("acts", "dir"):
                own.manage("audit", "rotate-key", which, "--by", "operator")
            act(casehub)
            assert signed(watcher, casehub, more_than=size + 2) > size
        assert (watcher.memory / "rotations").read_text().count("#casehub-log-rotation/1 ") == 2
        told = own.manage("audit", "keys")
        assert told.count(", entered\n") == 2
        assert own.manage("audit", "verify").endswith("The log is whole.\n")

    def test_goes_on_with_the_log_that_takes_over_once_it_has_its_key(self, own, watcher):
        with CaseHub(own) as casehub:
            signed(watcher, casehub)
            own.manage("audit", "compromised", "acts", "--by", "operator")
            watcher.policy.write_text(own.manage("audit", "keys"))
            act(casehub)
            deadline = time.monotonic() + SECONDS
            while not any(log.endswith("-2") and size for log, size in watcher.sizes().items()):
                assert time.monotonic() < deadline, watcher.said
                watcher.look(casehub.url)
            assert {one["holds"] for one in watcher.said} == {True}
        assert own.manage("audit", "verify").endswith("The log is whole.\n")

    def test_believes_nobody_who_is_not_in_the_policy(self, own, watcher):
        other = own.manage("audit", "keys", "--make", CASEHUB_SIGNING=str(own.data / "others"))
        watcher.policy.write_text(other)
        with CaseHub(own) as casehub:
            assert decided(watcher, casehub) == WRONG

    def test_says_that_it_cannot_tell_when_nobody_answers(self, watcher):
        assert watcher.look("http://127.0.0.1:9") == UNDECIDED
