"""Trials are written down, read again, and told in a table."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import django as package
import pytest

from bench.faults import __main__ as trials
from bench.faults.__main__ import PROJECT, RESULTS
from bench.faults.page import at_most, page
from bench.faults.results import (
    PARTS,
    Line,
    Names,
    added,
    checker,
    dumped,
    enough,
    loaded,
    reached,
    strike,
    without,
)  # fmt: skip
from tests.faults import trial
from tests.faults.fault import Fault
from tests.faults.faults import FAULTS as KNOWN
from tests.faults.faults import LASTING
from tests.faults.ground import Missed
from tests.faults.trial import Trial
from tests.servers.volume import Unavailable

NOW = Names("0123abcdef", {"web-killed": "0a0a0a0a0a", "line-cut": "1b1b1b1b1b"})
UNDER = {
    "checker": NOW.checker,
    "strike": NOW.strikes["web-killed"],
    "commit": "abcdef0123",
    "machine": "two cores",
    "versions": "1.0",
    "disk": "a real one",
}
ONE = Line("web-killed", 7, 2.5, 3.5, 40, 20.0, (), "2026-11-30 16:00", 1.5, UNDER)
FAULTS = {"web-killed": "SIGKILL", "line-cut": "cut"}
FAULT = Fault("web-killed", "SIGKILL", lambda *_: 0.0)


class TestALine:
    def test_is_read_as_it_was_written(self) -> None:
        two = replace(ONE, violations=("I1 here: lost",))
        assert loaded(dumped(ONE) + dumped(two)) == [ONE, two]

    def test_that_was_cut_off_is_left_out(self) -> None:
        assert loaded(dumped(ONE) + dumped(ONE)[:40]) == [ONE]

    def test_that_was_cut_off_gives_way_to_the_next(self, tmp_path: Path) -> None:
        file = tmp_path / "lines"
        for begun in ("", dumped(ONE)[:40]):
            file.write_text(dumped(ONE) + begun, encoding="utf-8")
            added(file, replace(ONE, seed=8))
            assert [one.seed for one in loaded(file.read_text(encoding="utf-8"))] == [7, 8]

    def test_is_the_first_of_its_file(self, tmp_path: Path) -> None:
        added(tmp_path / "lines", ONE)
        assert loaded((tmp_path / "lines").read_text(encoding="utf-8")) == [ONE]

    def test_names_files_as_the_project_does_and_no_folder_of_the_machine(self) -> None:
        packages = "/srv/x/.venv/lib/python3.11/site-packages"
        said = f'File "{packages}/asgiref/sync.py", File "/srv/x/messaging/views.py", /srv/xy'
        bare = 'File "asgiref/sync.py", File "messaging/views.py", /srv/xy'
        assert without((said, "I1 lost"), packages, "/srv/x/.venv", "/srv/x") == (bare, "I1 lost")

    def test_that_was_written_down_names_no_folder_of_a_machine(self) -> None:
        for line in loaded(RESULTS.read_text(encoding="utf-8")):
            assert not re.search(r'File \\*"/(?!usr/)', " ".join(line.violations)), line.seed

    def test_is_written_down_so(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(trials, "RESULTS", tmp_path / "lines")
        django = f'File "{Path(package.__file__).parent}/http.py"'
        bad = replace(ONE, violations=(f'{django}, File "{PROJECT}/audit/log.py"',))
        trials.noted(bad)
        (line,) = loaded((tmp_path / "lines").read_text(encoding="utf-8"))
        assert line.violations == ('File "django/http.py", File "audit/log.py"',)


@dataclass
class Standing:
    """A ground on which nothing runs."""

    counts: list[int]
    usual: list[dict[str, int]] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)

    def counted(self) -> dict[str, int]:
        return {"web files": self.counts.pop(0)}

    def learn(self, *earlier: dict[str, int]) -> None:
        self.usual = [*earlier, self.counted()]

    def keep_logs(self, folder: Path) -> None:
        self.kept.append(folder)


class TestTrialsOfNothing:
    """What is usual is looked at as closely as what comes of a fault."""

    @pytest.fixture
    def tried(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
        monkeypatch.setattr(trials, "RESULTS", tmp_path / "lines")
        monkeypatch.setenv("SEED", "7")

        def usual(ground: Standing, *violations: str) -> tuple[bool, int, list[Line]]:
            done = Trial("nothing", 7, 0.1, 0.2, 9, 1.0, violations)
            monkeypatch.setattr(trial, "tried", lambda *_: done)
            one = trials.Slice(10)
            goes_on = one._usual(ground, UNDER)  # type: ignore[arg-type]
            return goes_on, one.failed, loaded(trials.RESULTS.read_text(encoding="utf-8"))

        return usual

    def test_are_written_down_like_all_others(self, tried: Callable[..., Any]) -> None:
        ground = Standing([40, 41, 41])
        goes_on, failed, lines = tried(ground)
        assert (goes_on, failed, [one.fault for one in lines]) == (True, 0, ["nothing"] * 2)
        assert ground.usual == [{"web files": 40}, {"web files": 41}]

    def test_fail_like_all_others_and_leave_what_was_said(self, tried: Callable[..., Any]) -> None:
        ground = Standing([40, 41])
        goes_on, failed, (line,) = tried(ground, "I1 here: lost")
        assert (goes_on, failed, line.violations) == (False, 1, ("I1 here: lost",))
        assert ground.kept == [trials.LOGS / "nothing-7"]

    def test_that_do_not_come_to_their_end_fail_and_leave_what_was_said(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def missed(*_: object) -> None:
            raise Missed("nobody was there")

        monkeypatch.setattr(trials, "RESULTS", tmp_path / "lines")
        monkeypatch.setattr(trial, "tried", missed)
        ground = Standing([])
        one = trials.Slice(10)
        assert not one._try(ground, FAULT, 7, UNDER)  # type: ignore[arg-type]
        (line,) = loaded(trials.RESULTS.read_text(encoding="utf-8"))
        assert line.violations == ("it did not come to its end: Missed: nobody was there",)
        assert (one.failed, ground.kept) == (1, [trials.LOGS / "web-killed-7"])

    def test_that_this_machine_lacks_something_for_are_left_out_and_no_failures(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def lacking(*_: object) -> None:
            raise Unavailable("no road for packets")

        monkeypatch.setattr(trial, "tried", lacking)
        monkeypatch.setattr(trials, "RESULTS", tmp_path / "lines")
        monkeypatch.setattr(trials, "present", lambda: NOW)
        monkeypatch.setenv("FAULTS", "web-killed")
        one = trials.Slice(10)
        assert one._next().name == "web-killed"
        assert one._try(Standing([]), FAULT, 7, UNDER)  # type: ignore[arg-type]
        assert (one.failed, trials.RESULTS.exists()) == (0, False)
        assert one._next().name == "nothing"


class TestWhoseTurnItIs:
    """The fault that lacks the most of the trials it should have."""

    def test_counts_sixty_trials_as_enough(self) -> None:
        assert enough([]) == enough([replace(ONE, longest=10.0)]) == 60

    def test_counts_five_of_one_that_lasts(self) -> None:
        assert enough([replace(ONE, longest=longest) for longest in (3.0, 10.1, 40.0)]) == 5

    def test_counts_five_of_one_whose_cause_lasts(self) -> None:
        before = [replace(ONE, longest=1.0)]
        assert enough(before, lasting=True) == 5
        assert reached(before, ["web-killed"], NOW, {"web-killed"}) == {"web-killed": 1 / 5}
        assert set(KNOWN) >= LASTING

    def test_counts_trials_by_the_present_checker_alone(self) -> None:
        before = replace(ONE, under={**UNDER, "checker": "fedcba9876"})
        shares = reached([ONE, ONE, before], FAULTS, NOW)
        assert shares == {"web-killed": 2 / 60, "line-cut": 0.0}

    def test_goes_by_what_is_written_down_also_of_slices_before(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(trials, "RESULTS", tmp_path / "lines")
        monkeypatch.setattr(trials, "present", lambda: NOW)
        monkeypatch.setenv("FAULTS", "web-killed,line-cut")
        cut = replace(ONE, fault="line-cut", under={**UNDER, "strike": NOW.strikes["line-cut"]})
        for one in (ONE, cut, ONE):
            added(trials.RESULTS, one)
        assert trials.Slice(10)._next().name == "line-cut"
        for one in (cut, cut):
            added(trials.RESULTS, one)
        assert trials.Slice(10)._next().name == "web-killed"

    def test_is_none_that_would_last_longer_than_the_slice(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(trials, "RESULTS", tmp_path / "lines")
        monkeypatch.setenv("FAULTS", "web-killed,line-cut")
        added(trials.RESULTS, replace(ONE, seconds=590.0))
        added(trials.RESULTS, replace(ONE, fault="line-cut", seconds=610.0))
        assert {trials.Slice(10)._next().name for _ in range(5)} == {"web-killed"}
        added(trials.RESULTS, replace(ONE, seconds=610.0))
        assert trials.Slice(10)._next().name == "nothing"

    def test_is_drawn_by_lot_among_those_that_lack_as_much(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(trials, "RESULTS", tmp_path / "none")
        drawn = set()
        for seed in range(1, 40):
            monkeypatch.setenv("SEED", str(seed))
            drawn.add(trials.Slice(10)._next().name)
        assert len(drawn) > 10


class TestALimit:
    def test_ends_what_takes_longer(self) -> None:
        with pytest.raises(TimeoutError, match="more than 0 s"), trials.within(0.05):
            threading.Event().wait(10)

    def test_leaves_alone_what_does_not(self) -> None:
        with trials.within(0.05):
            pass
        time.sleep(0.1)


class TestTheRate:
    @pytest.mark.parametrize(
        ("failures", "trials", "most"), [(0, 60, 0.0487), (1, 60, 0.0766), (3, 3, 1.0)]
    )
    def test_that_is_excluded_is_the_exact_one(
        self, failures: int, trials: int, most: float
    ) -> None:
        assert at_most(failures, trials) == pytest.approx(most, abs=0.0005)


class TestThePage:
    def test_tells_how_often_and_how_long_of_what_was_tried(self) -> None:
        other = replace(ONE, recovery=4.0, longest=9.0)
        text = page([ONE, other, replace(ONE, recovery=2.6)], FAULTS, NOW)
        told = "| `web-killed`: SIGKILL | 3 | 0 | 3 | 0 | 63.2 % | 2.6 | 4.0 | 3.5 | 9.0 |"
        assert told in text
        assert "## Failures" not in text
        assert "load average as trials ended: 1.5 to 1.5" in text

    def test_tells_of_what_was_never_tried(self) -> None:
        assert "| `line-cut`: cut | 0 | | 0 | | | | | | |\n" in page([ONE], FAULTS, NOW)

    def test_says_that_no_trial_was_judged_by_the_present_checker(self) -> None:
        older = {name: told for name, told in UNDER.items() if name != "checker"}
        text = page([replace(ONE, under=older), replace(ONE, under=older)], FAULTS, NOW)
        said = "**None of the 2 trials below was judged by the checker as it is now**"
        assert said in (flat := text.replace("\n", " "))
        assert "Of the others 2 do not name theirs: those looked at less" in flat
        assert "| `web-killed`: SIGKILL | 2 | 0 | 0 |  |  | 2.5 | 2.5 | 3.5 | 3.5 |" in text
        assert "- checker: not noted (2)\n" in text

    def test_tells_what_the_present_checker_found_beside_what_older_ones_did(self) -> None:
        lost = replace(ONE, violations=("I1 lost",))
        older = replace(ONE, under={**UNDER, "checker": "0000000000"})
        text = page([ONE, older, lost, replace(lost, under=older.under)], FAULTS, NOW)
        said = "**Of the 4 trials below 2 were judged by the checker as it is now**"
        assert said in (flat := text.replace("\n", " "))
        assert "do not name theirs" not in flat
        assert "| `web-killed`: SIGKILL | 4 | 2 | 2 | 1 | 97.5 % |" in text

    def test_says_it_if_all_were(self) -> None:
        text = page([ONE], FAULTS, NOW)
        said = "strikes now, and judged by the checker as it is now (`0123abcdef`)."
        assert said in text.replace("\n", " ")

    def test_counts_only_trials_of_a_fault_that_strikes_as_it_did(self) -> None:
        older = replace(ONE, under={**UNDER, "strike": "0000000000"})
        text = page([ONE, older], FAULTS, NOW)
        assert "**Of the 2 trials below 1 were judged" in text.replace("\n", " ")
        assert "| `web-killed`: SIGKILL | 2 | 0 | 1 | 0 | 95.0 % |" in text

    def test_is_the_one_that_stands_in_the_documents(self) -> None:
        lines = loaded(RESULTS.read_text(encoding="utf-8"))
        told = {name: fault.does for name, fault in KNOWN.items()}
        written = trials.PAGE.read_text(encoding="utf-8")
        assert written == page(lines, told, trials.present()), "REPORT=1 make faults"

    @pytest.mark.parametrize("commit", ["0123456", "0123456789 with this trial"])
    def test_says_of_which_commits_the_name_was_put_in_by_hand(self, commit: str) -> None:
        text = page([ONE, replace(ONE, under={**UNDER, "commit": commit})], FAULTS, NOW)
        assert "put in by hand" in text

    @pytest.mark.parametrize("commit", ["0123456789", "0123456789 with changes"])
    def test_says_it_of_no_other(self, commit: str) -> None:
        text = page([replace(ONE, under={**UNDER, "commit": commit})], FAULTS, NOW)
        assert "put in by hand" not in text

    def test_names_every_failure_with_its_seed_and_keeps_its_first_words(self) -> None:
        bad = replace(ONE, seed=99, violations=("I1 here: lost\nby `one`", "I2 there: a gap"))
        text = page([ONE, bad], FAULTS, NOW)
        assert "| 2 | 1 |" in text
        told = "`web-killed`, seed 99, commit abcdef0123, 2026-11-30 16:00: 2 violations"
        assert f"{told}, the first: I1 here: lost by 'one'\n" in text

    def test_says_that_nothing_was_tried(self) -> None:
        assert "Nothing was tried yet" in page([], FAULTS, NOW)


class TestTheChecker:
    def test_has_another_name_after_any_change_of_what_judges(self, tmp_path: Path) -> None:
        (tmp_path / "world").mkdir()
        names = set()
        for file in ("excuses.py", "world/keeping.py", "excuses.py"):
            with (tmp_path / file).open("a", encoding="utf-8") as out:
                out.write("#\n")
            names.add(checker(tmp_path))
        (tmp_path / "strikes").mkdir()
        for file in ("test_kill.py", "faults.py", "strikes/lines.py"):
            (tmp_path / file).write_text("#\n", encoding="utf-8")
        assert len(names | {checker(tmp_path)}) == 3

    def test_is_found_where_it_is(self) -> None:
        for part in PARTS:
            assert list(trials.CHECKER.glob(part)), part

    def test_is_all_that_a_fault_takes_from_beside_it(self) -> None:
        """Whatever a module of faults imports of tests/faults judges, or is a strike itself."""
        judging = {file for part in PARTS for file in trials.CHECKER.glob(part)}
        for file in (trials.CHECKER / "strikes").glob("*.py"):
            for name in re.findall(
                r"^from (tests\.faults[\w.]*) import", file.read_text("utf-8"), re.MULTILINE
            ):
                found = PROJECT / f"{name.replace('.', '/')}.py"
                assert found in judging or found.parent == file.parent, (file, name)


class TestAStrike:
    FILES = {
        "lines": "from tests.faults.strikes.ending import killed\n",
        "ending": "import time\n",
        "layers": "from tests.faults.fault import Fault\n",
    }

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "strikes").mkdir()
        for name, text in self.FILES.items():
            (tmp_path / "strikes" / f"{name}.py").write_text(text, encoding="utf-8")
        return tmp_path

    @pytest.mark.parametrize(
        ("changed", "other"), [("lines", True), ("ending", True), ("layers", False)]
    )
    def test_has_another_name_after_a_change_of_what_it_reaches_and_of_nothing_else(
        self, folder: Path, changed: str, *, other: bool
    ) -> None:
        before = strike(folder, "tests.faults.strikes.lines")
        with (folder / "strikes" / f"{changed}.py").open("a", encoding="utf-8") as out:
            out.write("#\n")
        assert (strike(folder, "tests.faults.strikes.lines") != before) == other

    def test_is_named_by_each_trial(self) -> None:
        assert trials.present().strikes.keys() == KNOWN.keys()
        assert trials.present().strikes["line-cut"] != trials.present().strikes["web-killed"]
