"""What the commands say of a backup that is made, tried or restored, and to whom that is told."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError
from django.core.management.base import OutputWrapper

from audit.queries import verifying
from casehub.backups import manifest, restoring, standing
from casehub.backups.errors import Stopped
from casehub.backups.management import asking
from casehub.backups.management.commands import restore
from casehub.backups.unpacking import EVENTS, SECRET, Proof
from tests.repo.conftest import ROOT


@pytest.fixture
def outcome():
    made = manifest.Manifest("x", "NOW", "sqlite", [], [], "", "")
    elsewhere = standing.Elsewhere(asked=["SV"])
    contents = manifest.Tally().contents()
    return restoring.Outcome(made, contents, verifying.Report(), elsewhere, [], {})


def told(outcome, *, tried=True, **proof):
    out = io.StringIO()
    restore.Command(stdout=out)._tell(outcome, Proof(**proof), tried=tried)
    return out.getvalue().splitlines()


class TestATry:
    @pytest.mark.parametrize(
        ("codes", "said"),
        [
            ([], "of NOW can be restored."),
            (
                ["server-runs", "witnesses-ahead"],
                "of NOW is whole, but `restore` would refuse it now: server-runs, witnesses-ahead.",
            ),
        ],
    )
    def test_ends_with_whether_it_would_be_restored(self, outcome, codes, said):
        outcome.refused = [Stopped(code, "x") for code in codes]
        assert told(outcome)[-1] == f"The backup {said}"

    @pytest.mark.parametrize(
        ("proof", "said"),
        [
            ({}, "; made by the region of this secret-key and this events-key; its"),
            ({"lost": frozenset({SECRET})}, "; made by the region of this events-key; its"),
            (
                {"lost": frozenset({SECRET, EVENTS}), "sha256": "00"},
                "these keys; the file of this SHA-256; its",
            ),
        ],
    )
    def test_says_by_what_it_is_known_as_the_region_s(self, outcome, proof, said):
        (verified,) = [line for line in told(outcome, **proof) if line.startswith("Verified: ")]
        assert said in verified
        assert "into a file of SQLite's" in verified

    def test_says_what_it_cannot_see(self, outcome):
        outcome.pending = ["audit.9999_x"]
        (not_,) = [line for line in told(outcome) if line.startswith("Not verified: ")]
        assert "signing keys" in not_
        assert "after 1 migrations" in not_
        assert "what events said" not in not_
        outcome.report.findings.append("closed")
        assert any("what events said, whose key is not here" in line for line in told(outcome))

    def test_alone_says_so(self, outcome):
        said = "\n".join(told(outcome, tried=False))
        assert "erified" not in said
        assert "The backup of NOW is restored; the log is whole." in said


class Gone(io.StringIO):
    """Somebody's end of a pipe, or a file on a disk, that takes no more."""

    def __init__(self, number):
        super().__init__()
        self.number = number

    def write(self, _):
        raise OSError(self.number, os.strerror(self.number))  # EPIPE makes a BrokenPipeError


class TestWhoeverReads:
    def test_and_has_gone_is_written_to_no_more_and_never_in_the_way(self):
        """As `backup … | head -1`: also what Python has left to write as it ends goes nowhere."""
        command = (
            "import sys\n"
            "from django.core.management.base import OutputWrapper\n"
            "from casehub.backups.management import asking\n"
            "telling, out = asking.Telling(), OutputWrapper(sys.stdout)\n"
            "for _ in range(2):\n"
            "    with telling.to(out):\n"
            "        out.write('more')\n"
            "sys.stderr.write(telling.unheard)"
        )
        ours, its = os.pipe()
        os.close(ours)
        with os.fdopen(its, "wb") as out:
            bare = {**os.environ, "PYTHONPATH": str(ROOT)}
            ended = subprocess.run(
                [sys.executable, "-c", command],
                stdout=out, stderr=subprocess.PIPE, env=bare, text=True, check=False,
            )  # fmt: skip
        assert (ended.returncode, ended.stderr) == (0, "whoever read this has gone")

    @pytest.mark.parametrize(
        ("number", "why"),
        [(errno.EPIPE, "whoever read this has gone"), (errno.ENOSPC, "it goes nowhere: ")],
    )
    def test_is_told_apart_from_a_disk_that_is_full(self, number, why):
        telling, out = asking.Telling(), OutputWrapper(Gone(number))
        with telling.to(out):
            out.write("more")
        assert telling.unheard.startswith(why)

    def test_a_restore_that_is_done_is_not_said_to_be_undone(self, outcome, monkeypatch, capsys):
        with pytest.raises(CommandError, match="It is done") as ended:
            self.handled(outcome, monkeypatch, Gone(errno.EPIPE))
        assert ended.value.returncode == 3
        assert "has gone: The backup of NOW is restored" in capsys.readouterr().err

    def handled(self, outcome, monkeypatch, out):
        monkeypatch.setattr(restore.Command, "_do", lambda *_: outcome)
        options = dict.fromkeys(("policy", "end_logs", "sha256"))
        restore.Command(stdout=out).handle(verify=False, witness_checkpoints=[], lost=[], **options)

    @pytest.mark.parametrize("out", [io.StringIO, lambda: Gone(errno.EPIPE)], ids=["here", "gone"])
    def test_a_restore_of_which_something_stays_is_told_whole_and_then_what(
        self, outcome, monkeypatch, out
    ):
        heard = out()
        outcome.stays = Stopped("mark-stays", "anchor/restoring")
        with pytest.raises(CommandError, match=r"^mark-stays: .*anchor/restoring") as ended:
            self.handled(outcome, monkeypatch, heard)
        assert ended.value.returncode == 3
        assert isinstance(heard, Gone) or "The backup of NOW is restored" in heard.getvalue()
