"""Who signs the log: the server itself when embedded, a process of its own otherwise."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time

import pytest

from audit.tlog.checkpoint import Checkpoint
from audit.tlog.note import Note
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
        env=place.environment(),
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
            own.manage("sequence_audit")


@pytest.mark.parametrize("configuration", ["full"], indirect=True)
class TestFull:
    def test_has_one_sequencer_which_ends_when_asked_to(self, own):
        one = sequencer(own)
        try:
            until("a signed checkpoint", lambda: anchored(own) > 400)
            with pytest.raises(RuntimeError, match="another process signs"):
                own.manage("sequence_audit")
            with pytest.raises(RuntimeError, match="another sequencer works"):
                own.manage("sequence_audit", CASEHUB_ANCHOR=str(own.data / "elsewhere"))
        finally:
            one.send_signal(signal.SIGTERM)
            output, errors = one.communicate(timeout=30)
        assert (one.returncode, output, errors) == (0, "The log is being signed\n", "")

    def test_has_none_that_signs_without_the_right_anchor(self, own):
        one = sequencer(own)
        until("a signed checkpoint", lambda: anchored(own) > 400)
        one.kill()
        one.communicate()
        shutil.rmtree(own.data / "anchor")
        with pytest.raises(RuntimeError, match="older than what was let out"):
            own.manage("sequence_audit")
