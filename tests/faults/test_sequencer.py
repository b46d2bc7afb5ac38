"""The sequencer dies in every step: no event is lost or doubled, no signature is taken back."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.tlog.checkpoint import Checkpoint
from audit.tlog.note import Note
from tests.faults.sequencer import Life, Lives
from tests.servers.casehub_server import Place
from tests.servers.configurations import Configuration, Full
from tests.servers.witness import RealWitness

#  step, and in which passing of it: the log of acts is signed first, then that of the directory
DEATHS = [
    ("integrate", 1),
    ("placed", 1),
    ("integrated", 1),
    ("read again", 1),
    ("read again", 2),
    ("written", 1),
    ("written", 2),
    ("anchored", 1),
    ("anchored", 2),
    ("let out", 1),
    ("let out", 2),
]
# The second strikes while what the first left behind is put right.
TWICE = [
    ("anchored", "let out late"),
    ("written", "written"),
    ("placed", "placed"),
    ("integrated", "read again"),
    ("let out", "integrate"),
]
#  A log of acts, and that of the directory.
WHICH = ["acts", pytest.param("dir", marks=pytest.mark.further)]
TURN = ["close", "closed", "read again", "anchored", "open", "placed"]
# A change of keys, in the transaction that enters it and in the signatures after it.
CHANGE = ["integrate", "placed", "integrated", "read again", "written", "anchored", "let out"]
ASKING = ["submit", "ask", "hear", "publish", "published"]


def notes(place: Place) -> list[Path]:
    """Return the files of the anchor, that of the acts first."""
    return [f for f in sorted((place.data / "anchor").glob("*.*")) if f.suffix != ".new"]


def anchored(place: Place) -> dict[str, int]:
    """Return what the anchor remembers: size by origin."""
    heads = [Checkpoint.parse(Note.parse(file.read_text()).text) for file in notes(place)]
    return {head.origin: head.size for head in heads}


class Auditor:
    """Keeps every checkpoint that was ever let out, and holds the log to all of them."""

    def __init__(self, place: Place, folder: Path) -> None:
        self.place, self.folder = place, folder
        self.kept: list[str] = []
        self.before: dict[str, int] = {}

    def keep(self) -> None:
        """Keep what the anchor remembers now; it never goes back."""
        after = anchored(self.place)
        assert all(after[origin] >= size for origin, size in self.before.items())
        self.before = after
        for file in notes(self.place):
            copy = self.folder / f"{len(self.kept)}-{file.name}"
            copy.write_text(file.read_text())
            self.kept += ["--checkpoint", str(copy)]

    def finds_nothing_wrong(self) -> None:
        """Read everything again while something may still wait."""
        told = self.place.manage("audit", "verify", *self.kept)
        assert told.endswith("The log is whole.\n")

    def finds_it_whole(self) -> str:
        """Read everything again: acts and entries are the same, and extend all that was kept."""
        told = self.place.manage("audit", "verify", *self.kept)
        assert "every event has its entry; 0 wait for it" in told
        assert "every act has its event" in told
        assert told.endswith("The log is whole.\n")
        return told


def signers(place: Place, which: str) -> list[str]:
    """Return the ids of the keys whose signatures the anchor remembers of a log."""
    file = next(f for f in notes(place) if f.name.startswith({"acts": "audit."}.get(which, "dir.")))
    return [line.id.hex() for line in Note.parse(file.read_text()).lines]


@pytest.fixture
def auditor(place: Place, tmp_path: Path) -> Auditor:
    return Auditor(place, tmp_path)


@pytest.fixture
def lives(place: Place) -> Iterator[Lives]:
    with Lives(place) as lives:
        yield lives


@pytest.mark.timeout(600)
@pytest.mark.faults
class TestKillingTheSequencer:
    """SIGKILL in each of its steps, one after the other, on one and the same log."""

    def test_leaves_a_log_that_is_whole_and_goes_on(self, lives: Lives, auditor: Auditor) -> None:
        for step, times in DEATHS:
            assert lives.live(Life(step, times)) == -signal.SIGKILL
            auditor.keep()
        assert lives.live(Life()) == 0
        auditor.finds_it_whole()

    def test_while_it_recovers_leaves_it_whole_too(self, lives: Lives, auditor: Auditor) -> None:
        for first, second in TWICE:
            assert lives.live(Life(first)) == -signal.SIGKILL
            assert lives.live(Life(second)) == -signal.SIGKILL, second
            auditor.keep()
        assert lives.live(Life()) == 0
        auditor.finds_it_whole()

    def test_at_the_turn_of_the_year_leaves_one_log_closed_and_the_next_begun(
        self, lives: Lives, auditor: Auditor
    ) -> None:
        assert lives.live(Life()) == 0
        for step in TURN:
            assert lives.live(Life(step, year=1)) == -signal.SIGKILL, step
            auditor.keep()
        assert lives.live(Life(year=1)) == 0
        told = auditor.finds_it_whole()
        year = datetime.now(UTC).year  # noqa: TID251 - the sequencer's processes live now
        assert re.search(rf"audit\.localhost/{year}: (\d+) entries, \1 of them signed", told)
        assert re.search(rf"audit\.localhost/{year + 1}: (\d+) entries, \1 of them signed", told)

    @pytest.mark.parametrize("which", WHICH)
    def test_in_a_change_of_keys_leaves_one_that_both_have_signed(
        self, lives: Lives, auditor: Auditor, which: str
    ) -> None:
        assert lives.live(Life()) == 0
        before = signers(auditor.place, which)
        assert lives.live(Life(CHANGE[0], keys=f"rotate-key {which}")) == -signal.SIGKILL
        for step in CHANGE[1:]:
            assert lives.live(Life(step)) == -signal.SIGKILL, step
            auditor.keep()
            auditor.finds_nothing_wrong()
        assert lives.live(Life()) == 0
        auditor.finds_it_whole()
        assert signers(auditor.place, which)[:1] == before
        assert len(signers(auditor.place, which)) == 2

    @pytest.mark.parametrize("which", WHICH)
    def test_as_another_log_takes_over_leaves_one_closed_and_the_next_begun(
        self, lives: Lives, auditor: Auditor, which: str
    ) -> None:
        assert lives.live(Life()) == 0
        assert lives.live(Life(TURN[0], keys=f"compromised {which}")) == -signal.SIGKILL
        for step in TURN[1:]:
            assert lives.live(Life(step)) == -signal.SIGKILL, step
            auditor.keep()
        assert lives.live(Life()) == 0
        told = auditor.finds_it_whole()
        year = datetime.now(UTC).year  # noqa: TID251 - the sequencer's processes live now
        name = {"acts": rf"audit\.localhost/{year}-2", "dir": r"dir\.localhost/2"}[which]
        assert re.search(rf"{name}: (\d+) entries, \1 of them signed", told)

    def test_leaves_what_real_witnesses_have_cosigned(self, place: Place, tmp_path: Path) -> None:
        with ExitStack() as stack:
            here = witnessed(place, tmp_path, stack)
            lives, auditor = stack.enter_context(Lives(here)), Auditor(here, tmp_path)
            for step in ASKING:
                assert lives.live(Life(step)) == -signal.SIGKILL, step
                auditor.keep()
            assert lives.live(Life()) == 0, lives.errors()
            auditor.finds_it_whole()
            assert here.manage("audit", "status") == "green\n"


def witnessed(place: Place, folder: Path, stack: ExitStack) -> Place:
    """Return the place under a policy of two witnesses, both of whom have to cosign."""
    policy = folder / "policy"
    printed = place.manage("audit", "keys", "--make").splitlines()
    logs = [line for line in printed if line.startswith("log ") and "/promise" not in line]
    lines = [*logs]
    for name in ("CA", "CR"):
        keys = [line.removeprefix("log ") for line in logs]
        one = RealWitness(name, folder / name, keys).start()
        stack.callback(one.stop)
        lines.append(f"witness {name} {one.key} {one.url}")
    policy.write_text("\n".join([*lines, "group g 2 CA CR", "quorum g", ""]))
    return replace(place, settings={**place.settings, "CASEHUB_WITNESSES": str(policy)})


@pytest.mark.timeout(600)
@pytest.mark.faults
@pytest.mark.parametrize("configuration", ["full"], indirect=True)
class TestKillingTheDatabase:
    """SIGKILL of PostgreSQL and all its processes in each step of the sequencer."""

    def test_leaves_a_log_that_is_whole_and_goes_on(
        self, configuration: Full, lives: Lives, auditor: Auditor
    ) -> None:
        for step, times in DEATHS:
            lives.begin(Life(step, times, waits=True))
            configuration.postgres.kill()
            # What needs the database no more at that point ends as if nothing had been.
            assert lives.end() in {0, 1}
            configuration.postgres.start()
            auditor.keep()
        assert lives.live(Life()) == 0
        auditor.finds_it_whole()


@pytest.mark.timeout(600)
@pytest.mark.faults
class TestADatabaseOfYesterday:
    """Really restored; the witnesses are programs of others, and remember."""

    def test_is_not_signed_with_the_anchor_of_today_nor_with_its_own(
        self, configuration: Configuration, place: Place, tmp_path: Path
    ) -> None:
        with ExitStack() as stack:
            today = witnessed(place, tmp_path, stack)
            with Lives(today) as lives:
                assert lives.live(Life(acts=3)) == 0, lives.errors()
            yesterday = configuration.copy(today)
            with Lives(today) as lives:
                assert lives.live(Life(acts=2)) == 0, lives.errors()
            with Lives(yesterday) as lives:
                assert lives.live(Life()) == 1
                assert re.search(r"rolled back\. C[AR] has cosigned", lives.errors())
            alone = replace(
                yesterday,
                settings={
                    **yesterday.settings,
                    "CASEHUB_WITNESSES": "none",
                    "CASEHUB_ANCHOR": str(today.data / "anchor"),
                },
            )
            with Lives(alone) as lives:
                assert lives.live(Life()) == 1
                assert re.search(r"rolled back\. \d+ entries were signed", lives.errors())
