"""`make check` and `make test`: every check runs, also after a failure; the last line counts."""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from tools import apt, setup
from tools.region import edge
from tools.steps import (
    LOGS,
    ROOT,
    TAIL,
    Stages,
    contents,
    execute,
    must,
    one_by_one,
    say,
    step,
    together,
)

BIN = setup.VENV / "bin"
# Tests over real servers of both configurations, which they start themselves.
SERVED = {
    "browser-pages": "Browser tests, pages without a server",
    "browser-embedded": "Browser tests, one process",
    "browser-full": "Browser tests, two processes",
    "hostile": "Tests against a hostile host",
    "faults": "Fault tests",
    "integration-served": "Integration tests, servers of their own",
}
# Those of tests/browser that look at pages alone, and all that build the gallery: one stage, so
# that nobody empties its folder while another one reads there.
PAGES = [
    f"tests/browser/test_{name}.py"
    for name in (
        "bundle",
        "dialogs",
        "document_files",
        "dossier_pages",
        "gallery",
        "long_thread",
        "viewer",
        "writing",
    )
]
# What the first database was asked, by test: the second one is asked as much, by fewer tests. With
# EVERY_CONFIGURATION=1 all tests run on both.
STATEMENTS = LOGS / "statements.json"
REPEATING = ["-p", "tests.repeating"]
# Tests in tests/integration that start their own servers, touch no database of ours, or ask one
# file many things: tried once, by themselves, and never again with PostgreSQL's.
ALONE = [f"tests/integration/{name}" for name in ("backups/test_restoring.py", "edge", "interop")]
# Computes throughout, waits for nobody: gives way to tests that wait for each other by the second.
PATIENT = ["nice", "-n", "5"]
# What pytest prints of a test that failed, as soon as it has; time limits end runs half-way.
_FAILED = re.compile(r"^(tests/\S.*?) (?:FAILED|ERROR)\b")
# Of what a test says when it fails: where in our tests, and what was expected there.
_WHY = re.compile(r"^(?:tests/\S+:\d+: in |E  |\S*Error: | ❯ )|^Call log:|^Actual value")
REASONS = 14  # lines of each
ENOUGH = 25  # failures after which a stage ends: the rest would say the same, slowly
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Tally:
    """What passed, what failed, and the end of what the failures said."""

    passed: int = 0
    failed: int = 0
    reports: list[str] = field(default_factory=list)
    wrongs: list[tuple[str, str]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(
        self,
        title: str,
        command: Sequence[str | Path],
        *,
        cwd: Path = ROOT,
        env: Mapping[str, str] | None = None,
        junit: Path | None = None,
    ) -> None:
        """Run one check; with a JUnit file its tests count one by one, else it counts once."""
        name = title.lower().replace(" ", "-").replace(",", "")
        start = time.monotonic()
        say(f"  ..  {title}")
        if junit is not None:
            junit.parent.mkdir(parents=True, exist_ok=True)
            junit.unlink(missing_ok=True)
        code, output = execute(name, command, cwd=cwd, env=env, heard=_tell)
        tests, wrongs = counted(junit) if junit is not None else (1, [("", "")] * int(code != 0))
        good = code == 0 and tests > 0  # a run without any test proves nothing
        wrongs = wrongs if good else wrongs or [("", "")]
        wrong = len(wrongs)
        right = max(tests - wrong, 0)
        with self._lock:  # two lanes count at once
            self.passed += right
            self.failed += wrong
            self.wrongs += [(f"{title}: {one}" if one else title, why) for one, why in wrongs]
            if not good:
                tail = "\n".join(f"      {line}" for line in output.splitlines()[-3 * TAIL :])
                self.reports.append(f"{title} failed (var/log/{name}.log):\n{tail}")
        took = f"{time.monotonic() - start:.1f} s"
        count = f"{right} of {tests}, " if junit is not None else ""
        say(f"  {'ok' if good else '!!'}  {title}  {count}{took}")
        for line in figures(junit) if junit is not None else ():
            say(f"      {line}")

    def finish(self) -> int:
        """Print the failures and the count; return the exit code."""
        for report in self.reports:
            say("\n" + report)
        # Last and short: where only the end of a long output is kept, it still says what failed.
        for name, why in self.wrongs:
            say("\n".join([f"failed: {name}", *(f"        {line}" for line in why.splitlines())]))
        say(f"\n{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0


def _tell(line: str) -> None:
    if found := _FAILED.match(line):
        say(f"      failed: {found[1]}")


def counted(junit: Path) -> tuple[int, list[tuple[str, str]]]:
    """Return how many tests ran, and those that failed with why, by a JUnit file of our own."""
    if not junit.exists():
        return 0, []
    cases = list(ET.parse(junit).getroot().iter("testcase"))  # noqa: S314 - our own file
    ran = [case for case in cases if case.find("skipped") is None]
    wrongs = []
    for case in ran:
        told = [one for kind in ("failure", "error") if (one := case.find(kind)) is not None]
        if told:
            name = f"{case.get('classname', '')} {case.get('name', '')}"
            wrongs.append((name, _why("\n".join(one.text or "" for one in told))))
    return len(ran), wrongs


def figures(junit: Path) -> list[str]:
    """Return what tests recorded of themselves: each figure's sum, and these tests' seconds."""
    if not junit.exists():
        return []
    sums: dict[str, tuple[int, float]] = {}
    for case in ET.parse(junit).getroot().iter("testcase"):  # noqa: S314 - our own file
        for one in case.iter("property"):
            if not (value := one.get("value", "")).isdecimal():
                continue  # what others record of their tests is no figure
            number, seconds = sums.get(one.get("name", ""), (0, 0.0))
            number += int(value)
            sums[one.get("name", "")] = (number, seconds + float(case.get("time", "0")))
    return [f"{number:,} {name}: {seconds:.0f} s" for name, (number, seconds) in sums.items()]


def _why(text: str) -> str:
    """Return the lines of a failure that say where and what, without what surrounds them."""
    return "\n".join([line.rstrip() for line in text.splitlines() if _WHY.match(line)][:REASONS])


def _pytest(name: str, *arguments: str) -> tuple[list[str | Path], Path]:
    junit = LOGS / f"{name}.xml"
    told = ["-v", "--tb=short", f"--maxfail={ENOUGH}", "--durations=30", f"--junitxml={junit}"]
    return [BIN / "python", "-m", "pytest", *told, *arguments], junit


def _python_checks(tally: Tally, *, drafts: str) -> None:
    """Check the server; of the drafts made at random, `drafts` ("all", "some") are screened."""
    tally.check("Python style", [BIN / "ruff", "check", "."])
    tally.check("Python format", [BIN / "ruff", "format", "--check", "."])
    tally.check("Python types", [BIN / "mypy"])
    tally.check("Module borders", [BIN / "lint-imports"])
    tally.check("Rulebook", [BIN / "python", "-m", "requests_mla.rulebook.build", "--check"])
    command, junit = _pytest("unit-tests", "tests/unit", "tests/rules", "tests/repo")
    tally.check("Unit tests", command, env={"RULES_DRAFTS": drafts}, junit=junit)


def _node_checks(tally: Tally, *, schedules: int) -> None:
    """Check the front end; `schedules` random MLS histories of 25 steps are played."""
    frontend = setup.FRONTEND
    tally.check("TypeScript style", ["npm", "run", "lint"], cwd=frontend)
    tally.check("TypeScript types", ["npm", "run", "types"], cwd=frontend)
    junit = LOGS / "front-end-tests.xml"
    vitest = ["npx", "--no-install", "vitest", "run", "--reporter=default", "--reporter=junit"]
    tally.check(
        "Front-end tests",
        [*vitest, f"--outputFile.junit={junit}"],
        cwd=frontend,
        env={"MLS_SCHEDULES": str(schedules)},
        junit=junit,
    )


def chromium() -> str:
    """Return the path of a browser for the tests, or nothing."""
    chosen = os.environ.get("CHROMIUM", "")
    return chosen or next((path for name in BROWSERS if (path := shutil.which(name))), "")


def _install_chromium() -> None:
    said = "The browser tests need Chromium: install it, or name it in CHROMIUM."
    apt.install(["chromium"], otherwise=said)


def check() -> int:
    """Style, types, module borders, unit tests; nothing that is there is changed."""
    setup.packages("test")
    if not all(file.exists() for file in setup.COMPILED):
        setup.rulebook()
    tally = Tally()
    together(lambda: _python_checks(tally, drafts="some"), lambda: _node_checks(tally, schedules=4))
    return tally.finish()


def test() -> int:
    """Everything, on both configurations and in a real browser."""
    setup.packages("test")
    setup.rulebook()
    setup.front_end_for_tests()
    if not chromium():
        step("Chromium", _install_chromium)
    if not edge.find():
        step("nginx", edge.install)
    browser = {"CHROMIUM": chromium()}
    every = os.environ.get("EVERY_CONFIGURATION")
    tally = Tally()
    elsewhere = [f"--ignore={name}" for name in ALONE]

    def served(name: str, *only: str) -> None:
        command, junit = _pytest(name, *only, *([] if every else ["-m", "not further"]))
        tally.check(SERVED[name], command, env=browser, junit=junit)

    def embedded() -> None:
        STATEMENTS.unlink(missing_ok=True)  # of another state of the project
        told = [*REPEATING, f"--statements-to={STATEMENTS}"]
        command, junit = _pytest("integration-embedded", "tests/integration", *told, *elsewhere)
        tally.check("Integration tests, SQLite", [*PATIENT, *command], junit=junit)

    def full() -> None:
        some = [] if every else [*REPEATING, f"--repeating={STATEMENTS}"]
        only = ["-m", "not once", *elsewhere, *some]
        command, junit = _pytest("integration-full", "tests/integration", *only)
        servers = [*PATIENT, BIN / "python", "-m", "tests.servers.full", "--", *command]
        tally.check("Integration tests, PostgreSQL and Redis", servers, junit=junit)

    # Three lanes. One computes throughout: what says soonest that something is wrong, then the
    # databases' tests one after the other, which take what is left of the cores. In the two others
    # one waits most of the time, for a page or for a message: a lane of them has 0.7 of a core. The
    # front end's scenarios wait for each other by the second: until they are over, none of SERVED
    # begins. The databases' tests may run beside them, with their servers, and give way (PATIENT).
    pages = [f"--ignore={file}" for file in PAGES]
    waiting: Stages = deque(
        (
            lambda: served("browser-embedded", "tests/browser", "-k", "not full", *pages),
            lambda: served("browser-full", "tests/browser", "-k", "full"),
            lambda: served("faults", "tests/faults"),
            lambda: served("integration-served", *ALONE),
            lambda: served("browser-pages", *PAGES, "-k", "not full"),
            lambda: served("hostile", "tests/hostile"),
        )
    )
    front_end_over = threading.Event()

    def front_end() -> None:
        try:
            _node_checks(tally, schedules=40 if every else 12)
        finally:
            front_end_over.set()
        one_by_one(waiting)

    def those_that_wait() -> None:
        front_end_over.wait()
        one_by_one(waiting)

    def computing() -> None:
        _python_checks(tally, drafts="all" if every else "some")
        embedded()
        full()
        those_that_wait()

    together(computing, front_end, those_that_wait)
    return tally.finish()


def fix() -> int:
    """Put right what a machine can, and say which files that changed."""
    setup.packages("test")
    before = contents()
    must("rulebook", [BIN / "python", "-m", "requests_mla.rulebook.build"])
    must("fix-lint", [BIN / "ruff", "check", "--fix", "--exit-zero", "."])
    must("fix-format", [BIN / "ruff", "format", "."])
    must("fix-frontend", ["npm", "run", "fix"], cwd=setup.FRONTEND)
    must("fix-reference", [BIN / "python", "manage.py", "reference"], env=setup.demo_environment())
    must("fix-api-types", ["npm", "run", "api"], cwd=setup.FRONTEND)
    after = contents()
    changed = sorted(
        path for path in before.keys() | after.keys() if before.get(path) != after.get(path)
    )
    for path in changed:
        say(f"  changed  {path}")
    say(f"{len(changed) or 'No'} files changed. What needs a person: make check")
    return 0
