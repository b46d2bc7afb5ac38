"""
Which tests are repeated on the second database: enough that it is asked all that the first one was.

`--statements-to FILE` writes down which statements each test sends; `--repeating FILE` leaves of a
run what has to be tried again elsewhere, which is

- whatever commits, for there a database's locks and threads decide,
- whatever the first run did not do (skipped there, or failed),
- of each file one test, and of each statement two that send it, where so many do. A statement that
  a database refused counts as another one than the same accepted.

A plugin (`-p tests.repeating`), so that whoever runs tests by hand runs all.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

TWICE = 2  # one test may send a statement and look at nothing of what it answers
# What differs between two calls of the same line: how many things were asked for, a savepoint's
# name, a limit.
_MANY = re.compile(r"%s(?:, ?%s)*")
_ROWS = re.compile(r"\(…\)(?:, ?\(…\))+")
_NUMBERS = re.compile(r"\b\d+\b|(?<=SAVEPOINT )\S+")


@dataclass(frozen=True)
class Done:
    """What one test cost, in seconds, and the numbers of the statements that it sent."""

    seconds: float
    statements: frozenset[int]


@dataclass(eq=False)  # a plugin is known by itself
class Recorder:
    """Hears every statement of every connection, and whose it was."""

    file: Path
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    sent: set[int] = field(default_factory=set)
    tests: dict[str, Done] = field(default_factory=dict)
    passed: dict[str, bool] = field(default_factory=dict)

    def listen(self, connection: Any, **_: object) -> None:
        """Stand in the way of what a connection sends."""
        if self.hear not in connection.execute_wrappers:
            connection.execute_wrappers.append(self.hear)

    def hear(
        self,
        execute: Callable[..., object],
        sql: str,
        params: object,
        many: bool,  # noqa: FBT001 - Django's
        context: object,
    ) -> object:
        """Note a statement, and how it ended."""
        ended = ""
        try:
            return execute(sql, params, many, context)
        except Exception as error:
            ended = type(error).__name__
            raise
        finally:
            key = (shape(sql), ended)
            self.sent.add(self.numbers.setdefault(key, len(self.numbers)))

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Give to a test what is sent while it is set up, runs and is taken down."""
        self.sent = set()
        start = time.monotonic()
        yield
        if self.passed.pop(item.nodeid, False):
            done = Done(round(time.monotonic() - start, 3), frozenset(self.sent))
            self.tests[item.nodeid] = done

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count as done what passed and was not skipped."""
        if report.when == "call":
            self.passed[report.nodeid] = report.passed and not hasattr(report, "wasxfail")

    def pytest_sessionfinish(self) -> None:
        """Write it all down."""
        told = {name: [done.seconds, sorted(done.statements)] for name, done in self.tests.items()}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(told))


def shape(sql: str) -> str:
    """Return a statement without what differs between two calls of the same line."""
    return _NUMBERS.sub("N", _ROWS.sub("(…)", _MANY.sub("…", sql)))


def read(file: Path) -> dict[str, Done]:
    """Return what a run wrote down, by the tests' names."""
    told = json.loads(file.read_text())
    return {name: Done(seconds, frozenset(sent)) for name, (seconds, sent) in told.items()}


def chosen(done: Mapping[str, Done], always: Collection[str]) -> set[str]:
    """
    Return the tests to repeat, of those that are `done`; `always` are among them.

    Greedy: again and again the one that brings most for its seconds. The same for the same record.
    """
    senders: dict[int, list[str]] = defaultdict(list)
    files: dict[str, list[str]] = defaultdict(list)
    for name in sorted(done):
        files[_file(name)].append(name)
        for number in done[name].statements:
            senders[number].append(name)
    wanted = Counter({number: min(TWICE, len(names)) for number, names in senders.items()})
    here = set(always)
    for name in here & done.keys():
        wanted.subtract(done[name].statements)
    for names in files.values():
        if here.isdisjoint(names):
            _take(min(names, key=lambda name: (done[name].seconds, name)), here, done, wanted)
    while open_ := {number for number, times in wanted.items() if times > 0}:
        rest = {name for number in open_ for name in senders[number]} - here
        best = max(rest, key=lambda name: (_worth(done[name], open_), name))
        _take(best, here, done, wanted)
    return here


def _take(name: str, here: set[str], done: Mapping[str, Done], wanted: Counter[int]) -> None:
    here.add(name)
    wanted.subtract(done[name].statements)


def _worth(done: Done, open_: set[int]) -> float:
    # no test is free: each has a transaction to open and to undo
    return len(done.statements & open_) / (done.seconds + 0.05)


def _file(name: str) -> str:
    return name.split("::", 1)[0]


def _commits(item: pytest.Item) -> bool:
    """Whether a test commits what it does, for others to see."""
    marker = item.get_closest_marker("django_db")
    asked = marker is not None and marker.kwargs.get("transaction", False)
    return bool(asked) or "transactional_db" in getattr(item, "fixturenames", ())


@dataclass(frozen=True)
class Chooser:
    """Leaves of a run what has to be tried again."""

    file: Path

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Take out what the first run has seen enough of."""
        done = read(self.file) if self.file.exists() else {}
        always = {one.nodeid for one in items if one.nodeid not in done or _commits(one)}
        here = chosen({one.nodeid: done[one.nodeid] for one in items if one.nodeid in done}, always)
        config.hook.pytest_deselected(items=[one for one in items if one.nodeid not in here])
        items[:] = [one for one in items if one.nodeid in here]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say where statements are written down, and where they are read."""
    parser.addoption("--statements-to", type=Path, help="write which statements each test sends")
    parser.addoption("--repeating", type=Path, help="run what such a record says is to be repeated")


def pytest_configure(config: pytest.Config) -> None:
    """Begin to listen, or to choose."""
    if file := config.getoption("--statements-to"):
        from django.db import connections  # noqa: PLC0415 - settings come first
        from django.db.backends.signals import connection_created  # noqa: PLC0415

        recorder = Recorder(file)
        for connection in connections.all():
            recorder.listen(connection)
        connection_created.connect(recorder.listen, weak=False)
        config.pluginmanager.register(recorder, "casehub-recorder")
    if file := config.getoption("--repeating"):
        config.pluginmanager.register(Chooser(file), "casehub-chooser")
