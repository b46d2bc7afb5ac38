"""Who signs the log: the server itself when embedded, a process of its own otherwise."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError

import pytest

from audit.tlog.checkpoint import Checkpoint
from audit.tlog.note import Note
from audit.tlog.policy import Policy
from tests.servers.casehub_server import PROJECT, CaseHub

SECONDS = 60


def anchored(place):
    """Return the size of this year's signed log of acts, 0 if there is none yet."""
    files = [file for file in (place.data / "anchor").glob("audit.*") if file.suffix != ".new"]
    return max((Checkpoint.parse(Note.parse(f.read_text()).text).size for f in files), default=0)


def until(what, condition):
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def sequencer(place):
    return subprocess.Popen(
        [sys.executable, PROJECT / "manage.py", "sequence_audit"],
        env=place.environment(**place.sequencer),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def own(configuration):
    """A place whose processes each test starts by itself."""
    return configuration.fresh()


@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestEmbedded:
    def test_signs_what_was_recorded_before_and_while_it_serves(self, own):
        with CaseHub(own) as casehub:
            until("a signed checkpoint", lambda: anchored(own) > 0)
            first = anchored(own)
        assert first > 400  # the demo region
        assert "Traceback" not in casehub.output()

    def test_does_not_start_on_a_database_that_was_restored(self, own):
        with CaseHub(own):
            until("a signed checkpoint", lambda: anchored(own) > 0)
        (own.data / "casehub.sqlite3").unlink()
        own.manage("migrate", "--verbosity", "0")
        with pytest.raises(RuntimeError, match="this database was rolled back"):
            CaseHub(own).__enter__()

    def test_leaves_no_work_for_a_sequencer_of_its_own(self, own):
        with pytest.raises(RuntimeError, match="signs the log itself"):
            own.manage("sequence_audit", **own.sequencer)


def cosigned_by(casehub, at_least=1):
    """Return who stands under this year's published acts, once there are so many."""
    policy = Policy.parse(fetch(casehub.url + "/api/log/policy"))
    logs = json.loads(fetch(casehub.url + "/api/log"))
    acts = next((log for log in logs if "acts" in log["name"]), {"size": 0})
    if acts["size"] < at_least:
        return set()
    note = fetch(f"{casehub.url}/api/log/{acts['name']}/checkpoint")
    return set(policy.open(note).cosigned)


def fetch(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def told(place):
    """Return what the demo's witnesses know of the logs' keys."""
    return (place.data / "witnesses" / "logs").read_text()


def checkpoint(casehub, slug):
    return Note.parse(fetch(f"{casehub.url}/api/log/{slug}/checkpoint"))


def by_all(casehub, slug):
    """Say whether all three have cosigned what is published of a log, to its newest act."""
    policy = Policy.parse(fetch(f"{casehub.url}/api/log/policy"))
    with suppress(HTTPError):
        opened = policy.open(str(checkpoint(casehub, slug)))
        return len(opened.cosigned) == 3 and (slug != "dir" or len(policy.rotations) == 1)
    return False


def witnesses_of(place):
    """Return the ids of the processes that keep their state in this place."""
    wanted = f"witness\0serve\0--key\0{place.data}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            if wanted in (process / "cmdline").read_bytes():
                found.append(process.name)
    return found


@pytest.mark.parametrize("configuration", ["embedded", "full"], indirect=True)
class TestTheDemo:
    def test_runs_three_witnesses_that_end_with_it_and_remember(self, own):
        own = replace(own, settings={**own.settings, "CASEHUB_WITNESSES": ""})
        with self.signing(own), CaseHub(own, signed=False) as casehub:
            until("three cosignatures", lambda: cosigned_by(casehub) == {"CA", "CR", "MX"})
            size = anchored(own)
            until("three witnesses", lambda: len(witnesses_of(own)) == 3)
            for process in casehub.processes:
                process.kill()
        until("the witnesses to end", lambda: witnesses_of(own) == [])
        with self.signing(own), CaseHub(own, signed=False) as casehub:
            until("as many again", lambda: cosigned_by(casehub, size) == {"CA", "CR", "MX"})
            # What they cosigned just before they were killed is no sign that they live again.
            until("three witnesses again", lambda: len(witnesses_of(own)) == 3)
        until("the witnesses to end", lambda: witnesses_of(own) == [])

    def test_tells_them_of_another_key_and_of_a_log_that_takes_over(self, own):
        own = replace(own, settings={**own.settings, "CASEHUB_WITNESSES": ""})
        with self.signing(own), CaseHub(own, signed=False) as casehub:
            until("three cosignatures", lambda: cosigned_by(casehub) == {"CA", "CR", "MX"})
            own.manage("audit", "rotate-key", "dir", "--by", "operator", **own.owner)
            own.manage("audit", "compromised", "acts", "--by", "operator", **own.owner)
            until("the statement", lambda: "#casehub-log-rotation/1 " in told(own))
            until(
                "the other log's key", lambda: re.search(r"^audit\S+-2\+", told(own), re.MULTILINE)
            )
            acts = f"acts-{datetime.now(UTC).year}-2"  # noqa: TID251 - the server lives now
            for slug in ("dir", acts):
                until(f"{slug} cosigned by all", lambda slug=slug: by_all(casehub, slug))
            keys = [
                line for line in checkpoint(casehub, "dir").lines if line.name == "dir.localhost"
            ]
            assert len(keys) == 2

    @staticmethod
    @contextmanager
    def signing(place):
        if place.name == "embedded":
            yield
            return
        one = sequencer(place)
        try:
            yield
        finally:
            one.kill()
            one.communicate()


@pytest.mark.parametrize("configuration", ["full"], indirect=True)
class TestFull:
    def test_has_one_sequencer_which_ends_when_asked_to(self, own):
        one = sequencer(own)
        try:
            until("a signed checkpoint", lambda: anchored(own) > 400)
            with pytest.raises(RuntimeError, match="another process signs"):
                own.manage("sequence_audit", **own.sequencer)
            with pytest.raises(RuntimeError, match="another sequencer works"):
                own.manage(
                    "sequence_audit",
                    **own.sequencer,
                    CASEHUB_ANCHOR=str(own.data / "elsewhere"),
                )
        finally:
            one.send_signal(signal.SIGTERM)
            output, errors = one.communicate(timeout=30)
        assert (one.returncode, output, errors) == (0, "The log is being signed\n", "")

    def test_has_none_that_signs_without_the_right_anchor(self, own):
        one = sequencer(own)
        until("a signed checkpoint", lambda: anchored(own) > 400)
        one.send_signal(signal.SIGTERM)  # not killed: what it has anchored it lets out first
        one.communicate(timeout=30)
        shutil.rmtree(own.data / "anchor")
        with pytest.raises(RuntimeError, match="older than what was let out"):
            own.manage("sequence_audit", **own.sequencer)
