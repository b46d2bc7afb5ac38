"""
Which tests are repeated on the second database: enough that it is asked all that the first one was.

`--statements-to FILE` writes down which statements each test sends; `--repeating FILE` leaves of a
run what has to be tried again elsewhere, which is

- whatever commits, for there a database's locks and threads decide,
- what asks which database it is (its file speaks of `.vendor`): the other answer is tested nowhere,
- whatever the first run did not do (skipped there, or failed at any point),
- of each file one test, and of each statement two that send it, where so many do. A statement that
  a database refused counts as another one than the same accepted, or refused for another reason.

The choice follows from what was sent alone, not from how long it took: the same tests, however busy
a machine is.

A plugin (`-p tests.repeating`), so that whoever runs tests by hand runs all.
"""

from __future__ import annotations

import heapq
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest

TWICE = 2  # one test may send a statement and look at nothing of what it answers
# What differs between two calls of the same line: how many things were asked for, a savepoint's
# name, a limit.
_MANY = re.compile(r"%s(?:, ?%s)*")
_ROWS = re.compile(r"\(…\)(?:, ?\(…\))+")
_NUMBERS = re.compile(r"\b\d+\b|(?<=SAVEPOINT )\S+")
# What a refusal names of one row: which one it was is no other reason.
_VALUES = re.compile(r"'[^']*'|\b[0-9a-f-]{32,}\b|\d+")


@dataclass(frozen=True)
class Done:
    """How many statements one test sent, each time counted, and the numbers of those it sent."""

    cost: int
    statements: frozenset[int]


@dataclass(eq=False)  # a plugin is known by itself
class Recorder:
    """Hears every statement of every connection, and whose it was."""

    file: Path
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    sent: Counter[int] = field(default_factory=Counter)
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
            ended = f"{type(error).__name__}: {_VALUES.sub('…', str(error))}"
            raise
        finally:
            key = (shape(sql), ended)
            self.sent[self.numbers.setdefault(key, len(self.numbers))] += 1

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Give to a test what is sent while it is set up, runs and is taken down."""
        self.sent = Counter()
        yield
        if self.passed.pop(item.nodeid, False):
            done = Done(self.sent.total(), frozenset(self.sent))
            self.tests[item.nodeid] = done

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count as done what passed from its setting up to its taking down, and was not skipped."""
        good = report.passed and not hasattr(report, "wasxfail")
        self.passed[report.nodeid] = self.passed.get(report.nodeid, True) and good

    def pytest_sessionfinish(self) -> None:
        """Write it all down."""
        told = {name: [done.cost, sorted(done.statements)] for name, done in self.tests.items()}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(told))


@lru_cache(20_000)  # of savepoints each has another name
def shape(sql: str) -> str:
    """Return a statement without what differs between two calls of the same line."""
    return _NUMBERS.sub("N", _ROWS.sub("(…)", _MANY.sub("…", sql)))


def read(file: Path) -> dict[str, Done]:
    """Return what a run wrote down, by the tests' names."""
    told = json.loads(file.read_text())
    return {name: Done(cost, frozenset(sent)) for name, (cost, sent) in told.items()}


def chosen(done: Mapping[str, Done], always: Collection[str]) -> set[str]:
    """
    Return the tests to repeat, of those that are `done`; `always` are among them.

    Greedy: again and again the one that brings most for what it sends. One record, one choice.
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
            _take(min(names, key=lambda name: (done[name].cost, name)), here, done, wanted)
    # What one brings only becomes less: who is still first after another look is first of all.
    heap = [(-_worth(done[name], wanted), name) for name in sorted(done.keys() - here)]
    heapq.heapify(heap)
    while heap:
        _, name = heapq.heappop(heap)
        worth = _worth(done[name], wanted)
        if heap and (-worth, name) > heap[0]:
            heapq.heappush(heap, (-worth, name))
        elif worth > 0:
            _take(name, here, done, wanted)
    return here


def _take(name: str, here: set[str], done: Mapping[str, Done], wanted: Counter[int]) -> None:
    here.add(name)
    wanted.subtract(done[name].statements)


def _worth(done: Done, wanted: Counter[int]) -> float:
    # no test is free: each has a transaction to open and to undo
    return sum(wanted[number] > 0 for number in done.statements) / (done.cost + 5)


def _file(name: str) -> str:
    return name.split("::", 1)[0]


def _commits(item: pytest.Item) -> bool:
    """Whether a test commits what it does, for others to see."""
    marker = item.get_closest_marker("django_db")
    asked = marker is not None and marker.kwargs.get("transaction", False)
    return bool(asked) or "transactional_db" in getattr(item, "fixturenames", ())


@cache
def _asks_which(file: Path) -> bool:
    """Whether a test's file does one thing on one database and another on the other."""
    return ".vendor" in file.read_text(encoding="utf-8")


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
        always = {
            one.nodeid
            for one in items
            if one.nodeid not in done or _commits(one) or _asks_which(one.path)
        }
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
